"""What a page loads only when it comes near: little at first, all of it by keyboard, every word on
paper."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from browser.conftest import NewLearner
from browser.learner import TYPED, Learner, box, checkpoint, press_until, saved, write
from browser.places import Site, site_of
from support import write_course

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-blocks")]

MOST = 15 * 1024
"""Packed scripts of any content page, before anything on it is touched."""

_COURSE = """title: All kinds
id: all-kinds
language: en
languages: [fr]
purpose: To be weighed.
commissioned_by: The tests
order: [index, other]
"""

_LONG = "\n\n".join(["Flour, water and salt, and a night's sleep. " * 12] * 30)

_KINDS = """---
requires: visited('other')
because: It begins where the other page ends.
help: full
---
# Everything

::: hint
Begin anywhere.
:::

::: reflect {{#first words="3-40"}}
What do you see?
:::

::: rate {{#sure steps=4 from="no" to="yes"}}
How sure are you?
:::

{long}

::: predict {{#who}}
Who will it be?

- A neighbour {{#neighbour}}
- Nobody {{#nobody}}

::: reveal
Nobody.
:::
:::

::: predict {{#how-many unit="chairs"}}
How many?

::: reveal
Two.
:::
:::

::: rank {{#matters}}
What matters most?

- Bread {{#bread}}
- Water {{#water}}
- Salt {{#salt}}
:::

::: sort {{#control}}
Which can you change?

- Mine {{#mine}}
  - The rota {{#rota}}
- Not mine {{#not-mine}}
  - The weather {{#weather}}
:::

::: goal {{#aim words="10-40"}}
What would you like to be able to do?
:::

::: dialogue {{#talk}}
Talk about a delay.

- Minutes 0-3, the first: tell it.
- Minutes 3-6, the other: say it back.
:::

::: revisit {{#first-again of="first"}}
And now?
:::

```loop How bread runs out {{#shortage}}
hunger -> baking: more
baking -> bread: more, after a delay
bread -> hunger: less

B1: Enough is enough
```

::map

::: choices Where now? {{#now}}
- [On](other.md){{#on}}
- Stay a while {{#stay}}

  You stay.
:::

{long}

::journal
"""


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A page with every kind of question and the learner's words, in two languages."""
    folder = tmp_path_factory.mktemp("kinds")
    page = _KINDS.format(long=_LONG)
    files = {"course.yml": _COURSE, "index.md": page, "index.fr.md": page}
    files |= {"other.md": "# Other\n\n[Back](index.md)\n", "other.fr.md": "# Autre\n"}
    with site_of(write_course(folder / "course", files), folder) as site:
        yield site


@pytest.fixture
def reader(new_learner: NewLearner, kinds: Site) -> Learner:
    return new_learner(kinds.addresses["root"])


def loaded(tab: Page, site: Site) -> dict[str, int]:
    """The scripts that a page has loaded by now, and their packed sizes."""
    tab.wait_for_load_state("networkidle")
    names = tab.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    files = [urlsplit(name).path[1:] for name in names if name.endswith(".js")]
    return {each: len(gzip.compress((site.folder / each).read_bytes(), 9)) for each in files}


@pytest.mark.parametrize("page", ["index.html", "fr/index.html"])
def test_a_page_with_every_kind_of_question_loads_little_at_first(
    reader: Learner, kinds: Site, page: str
) -> None:
    """At most 15 KiB before it is scrolled, with a gate and help too; its journal, its map, its
    choices and what is to be arranged come after."""
    tab = reader.open(page)
    at_first = loaded(tab, kinds)
    assert sum(at_first.values()) <= MOST, at_first
    assert not [name for name in at_first if re.search("/(journal|arrange|map|branch)", name)]
    tab.locator(".gate-anyway").click()
    tab.locator("#matters").scroll_into_view_if_needed()
    expect(checkpoint(tab, "matters").locator("button.move").first).to_be_visible()
    tab.locator(".journal").scroll_into_view_if_needed()
    expect(tab.locator(".journal-entries")).not_to_be_empty()
    assert len(loaded(tab, kinds)) > len(at_first)


def test_a_choice_taken_before_its_script_is_there_is_taken_then(reader: Learner) -> None:
    """The script comes late: the consequence opens when it has, and the choice is made."""
    held: list[Route] = []
    reader.context.route("**/branch.*", lambda route: held.append(route))
    tab = reader.open("index.html")
    tab.locator(".gate-anyway").click()
    with tab.expect_request("**/branch.*"):
        tab.locator("[data-choices]").scroll_into_view_if_needed()
    stay = tab.locator("[data-option=stay]")
    stay.locator("summary").click()
    expect(stay.locator("details")).not_to_have_attribute("open", "")
    held[0].continue_()
    expect(stay).to_have_attribute("data-taken", "")
    expect(stay.get_by_text("You stay.")).to_be_visible()


def test_what_is_to_come_is_there_for_the_keyboard(reader: Learner) -> None:
    """The first key brings it, so that no stop is passed over; what is arranged is kept."""
    tab = reader.open("index.html")
    press_until(tab, "Tab", ".gate-anyway")
    tab.keyboard.press("Enter")
    press_until(tab, "Tab", "#sure input, [data-checkpoint=sure] input")
    press_until(tab, "Tab", "[data-checkpoint=matters] .move:not(:disabled)")
    tab.keyboard.press("Enter")
    saved(tab, "matters")
    tab.reload()
    checkpoint(tab, "matters").scroll_into_view_if_needed()
    items = checkpoint(tab, "matters").locator("li")
    expect(items.first).to_contain_text("Water")


def test_paper_has_every_word_whether_or_not_it_was_loaded(reader: Learner) -> None:
    """Where nothing was scrolled, the words stand there plainly; afterwards they are gone."""
    tab = reader.open("index.html")
    tab.locator(".gate-anyway").click()
    write(tab, "first", TYPED)
    checkpoint(tab, "matters").scroll_into_view_if_needed()
    checkpoint(tab, "matters").locator(".move:not(:disabled)").first.click()
    saved(tab, "matters")
    reader.go(tab, "index.html")
    expect(tab.locator(".journal-entry")).to_have_count(0)
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper = tab.locator(".on-paper")
    expect(paper).to_have_count(2)
    expect(paper.first).to_have_text("1. Water\n2. Bread\n3. Salt", use_inner_text=True)
    expect(paper.last).to_contain_text(TYPED)
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(paper).to_have_count(0)
    tab.keyboard.press("Shift")
    expect(tab.locator(".journal-entry")).to_have_count(2)
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(paper).to_have_count(0)
    assert box(tab, "first").input_value() == TYPED
