"""Putting in order, sorting and talking: for every hand, and kept like words."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import NewLearner
from browser.learner import Learner, checkpoint, saved
from browser.places import Site, site_of
from browser.test_pages import violations
from support import TESTS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-words")]

COURSE = TESTS / "cases" / "arrangements" / "course"

_PUT = """([place, value]) => {
  document.querySelector(`${place} [data-arrange]`).arrangement.value = value;
}"""


@pytest.fixture(scope="module")
def arranging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The course with every kind of checkpoint that is not words alone."""
    with site_of(COURSE, tmp_path_factory.mktemp("arranging")) as site:
        yield site


@pytest.fixture
def sorter(new_learner: NewLearner, arranging: Site, place: str) -> Learner:
    return new_learner(arranging.addresses[place])


def order(tab: Page, name: str) -> list[str]:
    found: list[str] = (
        checkpoint(tab, name)
        .locator("[data-item]")
        .evaluate_all("items => items.map((item) => item.dataset.item)")
    )
    return found


def item(tab: Page, name: str, which: str) -> Locator:
    return checkpoint(tab, name).locator(f"[data-item={which}]")


def test_an_order_is_made_by_keyboard_and_kept(sorter: Learner) -> None:
    """Each move is said; the focus stays with the item; a reload shows the order again."""
    tab = sorter.open("index.html")
    up = item(tab, "matters", "coffee").get_by_role("button", name="Move “That there is coffee” up")
    up.focus()
    for place in (3, 2, 1):
        tab.keyboard.press("Enter")
        said = f"“That there is coffee” is now {place} of 4"
        expect(checkpoint(tab, "matters").locator(".arranged")).to_have_text(said)
    expect(up).to_be_disabled()
    expect(item(tab, "matters", "coffee").get_by_role("button").nth(1)).to_be_focused()
    saved(tab, "matters")
    wanted = ["coffee", "time", "decide", "spoken"]
    assert order(tab, "matters") == wanted
    tab.reload()
    sorter.arrive(tab, "index.html")
    assert order(tab, "matters") == wanted
    then = checkpoint(tab, "matters-again").locator(".then")
    expect(then).to_contain_text("1. That there is coffee")
    expect(then).to_contain_text("4. That everybody has spoken")


def test_an_order_that_fits_can_be_kept_as_it_is(sorter: Learner) -> None:
    """Untouched it is no answer; *Keep it in this order* makes it one."""
    tab = sorter.open("index.html")
    expect(checkpoint(tab, "matters").locator("[data-arrange]")).not_to_have_attribute(
        "data-touched", ""
    )
    checkpoint(tab, "matters").get_by_role("button", name="Keep it in this order").click()
    saved(tab, "matters")
    tab.reload()
    sorter.arrive(tab, "index.html")
    expect(checkpoint(tab, "matters").locator("[data-arrange]")).to_have_attribute(
        "data-touched", ""
    )


def test_things_are_sorted_by_list_and_by_mouse(sorter: Learner) -> None:
    """Nothing is placed before the learner does; what comes after waits for that."""
    tab = sorter.open("index.html")
    section = checkpoint(tab, "control")
    expect(section.locator(".pool [data-item]")).to_have_count(5)
    expect(section.locator(".after")).to_be_hidden()
    section.get_by_label("Where does “The weather” belong?").select_option(label="Not for us")
    expect(section.locator("[data-group=not] [data-item=weather]")).to_be_visible()
    expect(section.locator(".arranged")).to_have_text("“The weather” is now under “Not for us”")
    rota, mine = item(tab, "control", "rota"), section.locator("[data-group=mine]")
    rota.scroll_into_view_if_needed()
    rota.hover()
    tab.wait_for_load_state("networkidle")  # A hand needs longer than what comes with a pointer.
    rota.locator(".item-label").drag_to(mine, source_position={"x": 4, "y": 4})
    expect(section.locator("[data-group=mine] [data-item=rota]")).to_be_visible()
    saved(tab, "control")
    expect(section.locator(".after")).to_be_visible()
    tab.reload()
    sorter.arrive(tab, "index.html")
    expect(section.locator("[data-group=mine] [data-item=rota]")).to_be_visible()
    expect(section.locator(".pool [data-item]")).to_have_count(3)
    tab.goto(sorter.base + "journal.html")
    expect(tab.locator(".journal")).to_contain_text("Mine to change: The rota")


def test_what_was_arranged_in_an_earlier_course_still_fits(
    new_learner: NewLearner, arranging: Site
) -> None:
    """Items that are gone are left out, new ones come last; a damaged answer harms nothing."""
    learner = new_learner(arranging.addresses["root"])
    tab = learner.open("index.html")
    for kept, wanted in (
        (["spoken", "gone", "time"], ["spoken", "time", "decide", "coffee"]),
        ({"x": 1}, ["time", "decide", "spoken", "coffee"]),
    ):
        tab.evaluate(_PUT, ["#matters", json.dumps(kept)])
        assert sorted(order(tab, "matters")) == sorted(wanted)
    tab.evaluate(
        "document.querySelector('#control [data-arrange]').arrangement.value = '{nonsense'"
    )
    expect(checkpoint(tab, "control").locator(".pool [data-item]")).to_have_count(5)


def test_a_conversation_has_a_quiet_clock(new_learner: NewLearner, arranging: Site) -> None:
    """It marks the turn whose time it is and says who has it; it can be stopped.

    Its script is loaded when it is first started.
    """
    learner = new_learner(arranging.addresses["root"])
    tab = learner.context.new_page()
    tab.clock.install()
    learner.go(tab, "index.html")
    section = checkpoint(tab, "talk")
    assert tab.locator('script[src*="talk"]').count() == 0
    section.get_by_role("button", name="Start a quiet clock").click()
    expect(section.locator(".talk[data-now]")).to_contain_text("tell it")
    expect(section.locator("[role=status]").first).to_have_text("Minutes 0–3, the first")
    tab.clock.run_for(4 * 60_000)
    expect(section.locator(".talk[data-now]")).to_contain_text("say back")
    tab.clock.run_for(7 * 60_000)
    expect(section.locator(".talk[data-now]")).to_have_count(0)
    expect(section.get_by_role("button", name="Start a quiet clock")).to_be_visible()


def test_axe_finds_nothing_on_them(new_learner: NewLearner, arranging: Site) -> None:
    """With an answer in each, in both colour schemes."""
    learner = new_learner(arranging.addresses["root"])
    tab = learner.open("index.html")
    checkpoint(tab, "matters").get_by_role("button", name="Keep it in this order").click()
    checkpoint(tab, "control").get_by_label("“The weather”").select_option(label="Not for us")
    saved(tab, "control")
    assert violations(tab) == []


def test_without_scripts_all_of_it_is_there(new_learner: NewLearner, arranging: Site) -> None:
    """Items, headings and turns can be read, and numbered or copied on paper."""
    reader = new_learner(arranging.addresses["root"], java_script_enabled=False)
    tab = reader.open("index.html")
    for words in ("That there is coffee", "The price of cotton", "Ours, together", "say back what"):
        expect(tab.get_by_text(words).first).to_be_visible()
    expect(tab.locator("#control select, #matters button")).to_have_count(0)
    expect(tab.locator(".turn-clock button")).to_be_hidden()
    tab.emulate_media(media="print")
    expect(checkpoint(tab, "control").locator("[data-group=mine] .lines")).to_be_visible()
