"""Files and links from elsewhere, by every door: a clear word, nothing changed, nothing run."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Page, expect

from browser.conftest import NewLearner
from browser.learner import TYPED, Learner, box, write
from browser.places import Site, site_of
from browser.test_words import export
from support import write_course

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-words")]

EVIL = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
LONG = "w" * 1_900
AT = "2026-01-02T03:04:05.000Z"
MILLION = 1_000_000


def line(number: int, **fields: object) -> dict[str, object]:
    """A line of a log, an answer unless it says something else."""
    name = f"line-{number}"
    plain = {"v": 1, "id": name, "seq": number + 1, "at": AT, "moment": name, "type": "answer"}
    return {**plain, "key": "first", "value": f"Words {number}.", "prompt": "What?", **fields}


def journal(lines: list[Any], **fields: object) -> str:
    """A journal's file, with the right checksum."""
    text = json.dumps([lines, []], separators=(",", ":"), ensure_ascii=False)
    checksum = hashlib.sha256(text.encode()).hexdigest()
    head = {"format": "learnpath-journal", "version": 1, "course": "small-house"}
    whole = {**head, "log": lines, "drafts": [], "sha256": checksum, **fields}
    return json.dumps(whole, ensure_ascii=False)


def given(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def nested(depth: int) -> str:
    """A good line, in a field of which lies a list in a list in a list."""
    text = journal([line(0)])
    return text.replace('"v": 1,', f'"v": 1, "deep": {"[" * depth}{"]" * depth},', 1)


def many() -> str:
    """A million lines that are as short as can be."""
    lines = ",".join(["{}"] * MILLION)
    return f'{{"format":"learnpath-journal","version":1,"course":"small-house","log":[{lines}]}}'


JOURNALS = {
    "not JSON": ("{", "This is no journal file"),
    "a list": ("[]", "This is no journal file"),
    "null": ("null", "This is no journal file"),
    "another program's": ('{"format": "else"}', "This is no journal file"),
    "a later version": (journal([], version=2), "from a later version"),
    "a version of words": (journal([], version="1"), "from a later version"),
    "later lines": (journal([line(0, v=9)]), "from a later version"),
    "another course": (journal([line(0)], course="other"), "belongs to another course"),
    "a list for a course": (journal([line(0)], course=["small-house"]), "belongs to another"),
    "a broken checksum": (journal([line(0)], sha256="0" * 64), "cut short, or changed by hand"),
    "no checksum": (journal([line(0)], sha256=None), "cut short, or changed by hand"),
    "a log of words": (journal([], log="all"), "This file is damaged"),
    "lines of numbers": (journal([line(0), 7]), "This file is damaged"),
    "a value of lists": (journal([line(0, value=[1])]), "This file is damaged"),
    "a prompt of numbers": (journal([line(0, prompt=7)]), "This file is damaged"),
    "a number past counting": (journal([line(0, seq=2**53 - 1)]), "This file is damaged"),
    "a number below nought": (journal([line(0, seq=-1)]), "This file is damaged"),
    "a page's name without end": (journal([line(0, page="x" * 5_000)]), "This file is damaged"),
    "words without end": (journal([line(0, value="x" * 1_500_000)]), "This file is damaged"),
    "a way to elsewhere": (journal([line(0, url="javascript:alert(1)")]), "This file is damaged"),
    "a way out of the site": (journal([line(0, url="../../x.html")]), "This file is damaged"),
    "effects of any kind": (journal([line(0, effects=[["a", "eval", 1]])]), "file is damaged"),
    "nested without end": (nested(100_000), "Nothing was changed"),
    "a million lines": (many(), "larger than any journal"),
    "too many bytes": (" " * 30_000_001, "larger than any journal"),
}


@pytest.fixture
def at_journal(visitor: Learner) -> Page:
    """The journal of somebody who has written one thing."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    visitor.go(tab, "journal.html")
    return tab


def test_a_journal_that_is_none_is_refused_whole(
    at_journal: Page, visitor: Learner, tmp_path: Path
) -> None:
    """Each with its reason, said where the focus is, and the journal is as it was."""
    tab = at_journal
    before = export(tab, tmp_path)["log"]
    file = tab.locator(".journal-tools input[type=file]")
    status = tab.locator(".journal-status")
    for name, (text, said) in JOURNALS.items():
        status.evaluate("(status) => status.replaceChildren()")
        if len(text) < 40_000_000:
            (tmp_path / "bad.json").write_text(text, "utf-8")
        file.set_input_files(tmp_path / "bad.json")
        expect(status, name).to_contain_text(said, timeout=20_000)
        expect(status, name).to_be_focused()
    assert export(tab, tmp_path)["log"] == before


def hostile_log() -> list[dict[str, object]]:
    """Markup in every text there is, names nobody has, and ways that lead nowhere good."""
    own = {"title": EVIL, "steps": [
        {"page": "index", "title": EVIL, "url": "javascript:document.title='taken'"},
        {"page": "room", "title": EVIL, "url": "room.html"},
        {"page": 7, "title": [], "url": {}},
    ]}  # fmt: skip
    shared = json.dumps([EVIL, "trail.html", ["room", EVIL, "javascript:alert(1)"], [{}, [], 7]])
    step = {"edge": "choice", "block": "door", "option": "wait", "label": EVIL, "effects": [
        ["__proto__", "=", "x"], ["trust", "+", 1e308], ["chair", "=", EVIL],
    ]}  # fmt: skip
    return [
        line(0, type="opened", page="index", pageTitle=EVIL, url="index.html", by=step),
        line(1, type="opened", page="index", pageTitle=LONG, url="index.html", parent="line-2"),
        line(2, type="opened", page="room", pageTitle=EVIL, url="room.html", parent="line-1"),
        line(3, value=EVIL, prompt=EVIL, pageTitle=EVIL, page="index", moment="line-0", label=EVIL),
        line(4, value=LONG, prompt=LONG, pageTitle=LONG, key="gone", page="nowhere", at="never"),
        line(5, key="__proto__", value=EVIL, prompt=EVIL),
        line(6, key="constructor", value=EVIL, prompt=EVIL, of="toString", at="9999999-99"),
        line(7, type="note", key="note", value=EVIL, prompt=EVIL, page="index", url="index.html"),
        line(8, type="bookmark", key="mark", value=EVIL, prompt=EVIL, page="constructor"),
        line(9, type="plan", key="own:x", value=json.dumps(own), label=EVIL, prompt=EVIL),
        line(10, type="plan", key="own:y", value="{", label=EVIL),
        line(11, type="plan", key="own:z", value='{"title": {}, "steps": {}}'),
        line(12, type="named", moment="line-0", name=EVIL),
        line(13, type="named", moment="line-2", name=LONG),
        line(14, type="route", page="index", parent="line-0", route="shared:" + shared),
        line(15, type="route", page="index", parent="line-14", route="shared:{"),
        line(16, type="chose", page="index", parent="line-14", key="door", option=EVIL, label=EVIL),
        line(17, type="back", moment="nowhere"),
        line(18, type="passed", how=EVIL, moment="line-2"),
        line(19, type="run", parent=None, page=""),
        line(20, key="who", value=EVIL),
        line(21, key="how-many", value=1e308),
        line(22, key="sure", value=-7),
        line(23, type="opened", page="index", pageTitle=EVIL, url="index.html", parent="line-14"),
    ]  # fmt: skip


def untouched(learner: Learner, tab: Page, name: str) -> None:
    """Nothing of it was carried out, and it is nowhere but in texts."""
    tab.wait_for_timeout(150)
    assert "taken" not in tab.title(), name
    found = tab.evaluate(
        "document.querySelectorAll('[src=x], [onerror], [href^=javascript]').length"
    )
    assert found == 0, name
    wide = tab.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0, (name, wide)
    assert not learner.troubles, (name, learner.troubles)


def test_what_a_hostile_journal_says_is_text_on_every_page(
    visitor: Learner, small: Site, tmp_path: Path
) -> None:
    """Well formed and full of markup, circles, strange names and dates: taken in, and only read."""
    tab = visitor.open("journal.html")
    tab.set_viewport_size({"width": 380, "height": 800})
    (tmp_path / "evil.json").write_text(journal(hostile_log()), "utf-8")
    tab.locator(".journal-tools input[type=file]").set_input_files(tmp_path / "evil.json")
    untouched(visitor, tab, "preview")
    tab.get_by_role("button", name="Take it in").click()
    expect(tab.locator(".journal-status")).to_contain_text("taken in")
    for order in ("time", "page"):
        tab.locator(f"[data-order={order}]").click()
        untouched(visitor, tab, order)
    for name in small.pages():
        if name == "404.html":
            continue
        visitor.go(tab, name)
        tab.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        untouched(visitor, tab, name)
    visitor.go(tab, "index.html")
    write(tab, "first", "Still mine.")
    visitor.go(tab, "journal.html")
    file = export(tab, tmp_path, "after.json")
    assert file["log"][-1]["value"] == "Still mine."
    assert file["log"][-1]["seq"] < 1_000
    tab.locator(".journal-tools input[type=file]").set_input_files(tmp_path / "after.json")
    expect(tab.locator(".journal-status")).to_contain_text("is here already")


def test_a_hundred_thousand_lines_are_taken_in_and_stay(visitor: Learner, tmp_path: Path) -> None:
    """As many as there may be: they reach the disk, however long that takes."""
    tab = visitor.open("journal.html")
    log = [line(n, key=f"k{n % 50}", value=f"{n}") for n in range(100_000)]
    (tmp_path / "long.json").write_text(journal(log), "utf-8")
    tab.locator(".journal-tools input[type=file]").set_input_files(tmp_path / "long.json")
    tab.get_by_role("button", name="Take it in").click(timeout=60_000)
    expect(tab.locator(".journal-status")).to_contain_text("taken in", timeout=90_000)
    assert tab.evaluate("learnpath.session.store.kind") == "database"
    counted = """() => new Promise((resolve) => {
      const request = indexedDB.open("learnpath:small-house");
      request.onsuccess = () => {
        const all = request.result.transaction("log").objectStore("log").getAll();
        all.onsuccess = () => resolve(all.result.flatMap(({ lines }) => lines ?? [0]).length);
      };
    })"""
    assert tab.evaluate(counted) >= 100_000


def trail(runs: list[Any], course: str = "small-house") -> str:
    """A trail's file."""
    return json.dumps({"format": "learnpath-trail", "version": 1, "course": course, "runs": runs})


NOWHERE = {"name": EVIL, "moments": [{"type": "opened", "page": "__proto__"}]}
TRAILS = {
    "not JSON": "{",
    "another course": trail([], "other"),
    "runs of numbers": trail([7]),
    "no page of ours": trail([NOWHERE]),
    "a million": trail([{"name": "", "moments": []}] * 100_000),
}


@pytest.mark.parametrize("name", TRAILS)
def test_a_trail_that_is_none_is_refused(at_journal: Page, visitor: Learner, name: str) -> None:
    """It is said, and nothing is offered."""
    tab = at_journal
    visitor.go(tab, "trail.html")
    tab.locator("input[type=file]").set_input_files(given("trail.json", TRAILS[name]))
    expect(tab.locator(".trail-status")).to_contain_text("no trail of this course")
    expect(tab.locator(".trail-shared")).to_be_hidden()
    untouched(visitor, tab, name)


def test_what_a_hostile_trail_says_is_text(visitor: Learner) -> None:
    """Its name is read, its places are those of the course or none; as a link and as a file."""
    link = "#trail=" + "~".join(quote(part, safe="") for part in (EVIL, "room", EVIL, "__proto__"))
    for address in (link, "#trail=%", "#trail=" + "~room" * 5_000, f"#trail={LONG}~{LONG}"):
        tab = visitor.open("trail.html" + address)
        untouched(visitor, tab, address[:40])
        tab.close()
    tab = visitor.open("trail.html" + link)
    shared = tab.locator(".trail-shared")
    expect(shared).to_contain_text("<img src=x")
    expect(shared.get_by_role("listitem")).to_have_count(1)
    opened = {"type": "opened", "page": "room"}
    moments = [opened, {**opened, "page": EVIL}, {**opened, "page": ["room"]}, {"page": "room"}]
    text = trail([{"name": EVIL * 20, "moments": moments}])
    tab.locator("input[type=file]").set_input_files(given("trail.json", text))
    expect(shared.get_by_role("listitem")).to_have_count(1)
    untouched(visitor, tab, "file")
    tab.locator(".trail-follow").click()
    visitor.arrive(tab, "room.html")
    expect(tab.locator(".route-title")).to_contain_text("<img src=x")
    untouched(visitor, tab, "followed")


def test_a_name_of_a_run_is_text(visitor: Learner) -> None:
    """Typed into the trail, it is shown there and where a choice tells of runs."""
    tab = visitor.open("index.html")
    visitor.follow(tab, "Go in", "room.html")
    visitor.go(tab, "trail.html")
    tab.get_by_role("button", name="Name this run").first.click()
    tab.locator(".trail-run .trail-naming input").fill(EVIL)
    tab.keyboard.press("Enter")
    expect(tab.locator(".trail-run h2").first).to_contain_text("<img src=x")
    untouched(visitor, tab, "trail")
    visitor.go(tab, "index.html")
    tab.get_by_text("Paths not taken").click()
    expect(tab.locator(".untaken")).to_contain_text("<img src=x")
    untouched(visitor, tab, "index")


PLAYED = ["{", "null\nnull", "[]", "7", '{"__proto__": {"x": 1}}\n{"__proto__": 7}', EVIL]
WIDGETS = """\
---
title: Things to handle
ending: true
---

::: rank {#rank}

What comes first?

- {#sleep} Sleep
- {#work} Work

:::

::: reflect {#words}

What do you see?

:::
"""


@pytest.fixture(scope="module")
def handled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A course whose answers are more than words."""
    folder = tmp_path_factory.mktemp("handled")
    files: dict[str, str | bytes] = {
        "course.yml": "title: Handling\nid: handling\n",
        "index.md": WIDGETS,
    }
    with site_of(write_course(folder / "course", files), folder) as site:
        yield site


def test_arrangements_of_others_are_looked_at_first(
    new_learner: NewLearner, handled: Site, tmp_path: Path
) -> None:
    """What is no order of the course's own items changes nothing on the page."""
    learner = new_learner(handled.addresses["root"])
    tab = learner.open("journal.html")
    for number, value in enumerate([*PLAYED, '["work", "work", "gone", {}, 7]', '{"a": ["work"]}']):
        text = journal([line(number, key="rank", value=value)], course="handling")
        tab.locator(".journal-tools input[type=file]").set_input_files(given("j.json", text))
        tab.get_by_role("button", name="Take it in").click()
        expect(tab.locator(".journal-status")).to_contain_text("taken in")
        learner.go(tab, "index.html")
        expect(tab.locator("[data-item]")).to_have_count(2)
        untouched(learner, tab, value)
        learner.go(tab, "journal.html")


def test_saved_games_of_others_are_looked_at_first(new_learner: NewLearner, sample: Site) -> None:
    """Numbers past all bounds, lists where names should be, games without end: it plays on."""
    learner = new_learner(sample.addresses["root"])
    page = "ideas/beer-game.html"
    tab = learner.open(page)
    key, course, names = tab.evaluate("""() => {
      const board = document.querySelector(".model-board[data-program]");
      const { inputs } = JSON.parse(board.dataset.program);
      const { course } = JSON.parse(document.querySelector("#learnpath-page").textContent);
      const { checkpoint } = board.closest("[data-checkpoint]").dataset;
      return [checkpoint, course, inputs.map(([name]) => name)];
    }""")
    past = [json.dumps(dict.fromkeys(names, number)) for number in (1e308, -1e308, 0.5)]
    traces = [*PLAYED, "\n".join(["{}", *past]), "\n".join(["{}"] * 20_000), "\n".join(past * 99)]
    for number, value in enumerate(traces):
        learner.go(tab, "journal.html")
        text = journal([line(number, key=key, value=value)], course=course)
        tab.locator(".journal-tools input[type=file]").set_input_files(given("j.json", text))
        tab.get_by_role("button", name="Take it in").click()
        expect(tab.locator(".journal-status")).to_contain_text("taken in")
        learner.go(tab, page)
        tab.wait_for_load_state("networkidle")
        drawn = tab.locator(".model").first.evaluate("(model) => model.outerHTML")
        assert not re.search("NaN|Infinity|∞", drawn), value[:80]
        untouched(learner, tab, value[:80])


def test_words_of_a_hostile_journal_do_not_take_over_a_box(visitor: Learner) -> None:
    """What is taken in is a version beside one's own, in the box only where it is the later."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    visitor.go(tab, "journal.html")
    text = journal([line(0, key="first", value=EVIL, seq=1)])
    tab.locator(".journal-tools input[type=file]").set_input_files(given("j.json", text))
    tab.get_by_role("button", name="Take it in").click()
    expect(tab.locator(".journal-status")).to_contain_text("taken in")
    visitor.go(tab, "index.html")
    expect(box(tab, "first")).to_have_value(TYPED)
