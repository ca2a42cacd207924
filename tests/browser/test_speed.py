"""What a page costs a learner: scripts loaded, tasks that hold it up, a journal of years."""

from __future__ import annotations

import gzip
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import NewLearner
from browser.learner import Learner
from browser.places import Site
from browser.test_store import until_joined
from learnpath.lookup.index import value_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-pages")]

KIB = 1024
READING, MOST = 8 * KIB, 15 * KIB
"""Packed scripts of a page to read, and of any that an author wrote."""

# Everything that a new learner's first view fetches, whether the page names it or a script does.
_LOADED = "performance.getEntriesByType('resource').map((each) => each.name)"
_IS_CONTENT = "document.querySelector('article.page') !== null"
_ONLY_READS = """!document.querySelector('.checkpoint, [data-choices], [data-requires],'
  + ' .map-drawing, [data-effects], [data-when], [data-state], [data-help], [data-bundle]')"""

_WATCH = """(() => {
  globalThis.long = [];
  const seen = (list) => long.push(...list.getEntries().map((each) => each.duration));
  new PerformanceObserver(seen).observe({ type: 'longtask', buffered: true });
  addEventListener('DOMContentLoaded', () => {
    const now = () => (globalThis.first ??= performance.now());
    const found = () => document.querySelector('.journal-entry') && now();
    new MutationObserver(found).observe(document.body, { childList: true, subtree: true });
  });
})()"""

# A fixed piece of work: on a quiet machine of today about ten milliseconds.
_UNIT = """() => {
  const begun = performance.now();
  let sum = 0;
  for (let n = 0; n < 1e7; n += 1) sum = (sum + n * 7) % 1000003;
  return performance.now() - begun + sum * 0;
}"""

_FIVE_THOUSAND = """async ([asked, places]) => {
  const { session, stamp } = learnpath;
  const line = (n) => ({ ...stamp({ type: "answer", pageTitle: "A page",
    page: places[n % places.length], key: n % 3 ? asked[n % asked.length] : `gone-${n % 900}`,
    prompt: `Question ${n % 900}`,
    value: `Words number ${n}, and some more of them. `.repeat(1 + (n % 5)) }), seq: n + 10 });
  await session.store.write({ log: Array.from({ length: 5000 }, (_, n) => line(n)) });
}"""


@pytest.fixture
def tab(new_learner: NewLearner, sample: Site) -> tuple[Learner, Page]:
    """A tab of somebody new to the sample course, watched for tasks that hold it up."""
    learner = new_learner(sample.addresses["root"])
    learner.context.add_init_script(_WATCH)
    return learner, learner.context.new_page()


def test_every_page_loads_few_scripts(chromium: Browser, sample: Site) -> None:
    """At most 8 KiB, packed, on a page that is only read, at most 15 on any content page; what is
    fetched without being asked for counts."""
    heavy = []
    for name in sample.pages():
        context = chromium.new_context()
        tab = context.new_page()
        Learner(context, sample.addresses["root"]).go(tab, name)
        tab.wait_for_load_state("networkidle")
        scripts = [urlsplit(url).path[1:] for url in tab.evaluate(_LOADED) if url.endswith(".js")]
        size = sum(len(gzip.compress((sample.folder / each).read_bytes(), 9)) for each in scripts)
        if tab.evaluate(_IS_CONTENT) and size > (READING if tab.evaluate(_ONLY_READS) else MOST):
            heavy.append((name, size, scripts))
        context.close()
    assert not heavy, heavy


def unit(tab: Page) -> float:
    """How long a fixed piece of work takes here and now, in milliseconds; at least ten."""
    return max(10, *(float(tab.evaluate(_UNIT)) for _ in range(3)))


def test_no_task_holds_up_a_page(tab: tuple[Learner, Page], sample: Site) -> None:
    """None of more than 50 ms: on a page that is opened, looked at and scrolled. A machine that is
    busy with something else may be as slow as it is; once in five visits it is not."""
    learner, page = tab
    slow = []
    for name in (*sample.pages(), "search.html?q=delay"):
        if name == "404.html":
            continue
        found: list[float] = []
        while len(found) < 5:
            learner.go(page, name)
            page.mouse.wheel(0, 4000)
            page.wait_for_timeout(200)
            found.append(max([0.0, *page.evaluate("long")]))
            if found[-1] <= 5 * unit(page):  # as fast as the machine is at that moment
                break
        else:
            slow.append((name, found))
    assert not slow, slow


def opened(learner: Learner, page: Page) -> dict[str, Any]:
    """Open the journal; when its first entry stood there, and what held it up."""
    learner.go(page, "journal.html")
    expect(page.locator(".journal-entry").first).to_be_visible()
    found: dict[str, Any] = page.evaluate("({ first, long })")
    return found


def said_of(site: Site) -> list[list[str]]:
    """The ids of its questions, and of its pages, as the build wrote them for scripts."""
    return [
        sorted(
            name
            for file in (site.folder / "assets" / folder).glob("[0-9]*.js")
            for name in value_in(file.read_bytes())
        )
        for folder in ("asked", "ways/en")
    ]


def test_a_journal_of_five_thousand_entries_is_there_at_once(
    tab: tuple[Learner, Page], sample: Site
) -> None:
    """Within five times the fixed work, about 200 ms where that takes 40; the rest follows while
    one reads. What is wanted is 300 ms."""
    learner, page = tab
    learner.go(page, "journal.html")
    page.evaluate(_FIVE_THOUSAND, said_of(sample))
    learner.go(page, "journal.html")
    until_joined(page, 200)
    found = [opened(learner, page) for _ in range(4)]
    assert min(each["first"] for each in found) < 5 * unit(page), found
    page.locator("[data-order=time]").click()
    drawn = page.evaluate("document.querySelectorAll('.journal-entry').length")
    assert drawn > 0
    expect(page.locator(".journal-entry")).to_have_count(5000, timeout=60_000)


def test_a_long_journal_is_drawn_a_little_at_a_time_and_printed_whole(
    tab: tuple[Learner, Page], sample: Site
) -> None:
    """After a turn only some of it is there; on paper all of it."""
    learner, page = tab
    learner.go(page, "journal.html")
    page.evaluate(_FIVE_THOUSAND, said_of(sample))
    learner.go(page, "journal.html")
    expect(page.locator(".journal-entry").first).to_be_visible()
    at_once, printed = page.evaluate("""() => {
      const count = () => document.querySelectorAll(".journal-entry").length;
      document.querySelector("[data-order=time]").click();
      const first = count();
      dispatchEvent(new Event("beforeprint"));
      return [first, count()];
    }""")
    assert 0 < at_once < 5000
    assert printed == 5000
