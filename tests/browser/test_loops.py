"""A causal-loop diagram that its reader goes on with: by keyboard, kept, taken back; on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NewLearner
from browser.learner import saved
from browser.places import Site
from browser.test_pages import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-pages")]

PAGE = "laundry/follow-a-sheet.html"


def add(tab: Page, origin: str, sign: str, target: str, *, late: bool = False) -> None:
    """Add a link, leaving no key but those of the keyboard."""
    tab.locator("[data-part=from]").focus()
    tab.keyboard.type(origin)
    tab.keyboard.press("Tab")
    tab.keyboard.type(sign)
    tab.keyboard.press("Tab")
    tab.keyboard.type(target)
    if late:
        tab.keyboard.press("Tab")
        tab.keyboard.press("Space")
    tab.get_by_role("button", name="Add it").press("Enter")


@pytest.mark.parametrize("place", ["folder", "disk"])
def test_links_of_one_s_own_are_drawn_told_and_kept(
    new_learner: NewLearner, sample: Site, place: str
) -> None:
    """The author's and the learner's together: drawing, list, circles, and the journal."""
    learner = new_learner(sample.addresses[place])
    tab = learner.open(PAGE)
    circles = tab.locator(".causal-circles > li")
    expect(circles).to_have_count(1)
    tab.get_by_role("button", name="Add a link of your own").press("Enter")
    expect(tab.locator("[data-part=from]")).to_be_focused()
    add(tab, "Orders", "more", "full cupboards")
    expect(tab.locator(".causal-said")).to_have_text("Added.")
    add(tab, "full cupboards", "less", "fear of running out", late=True)
    expect(tab.locator(".causal-said")).to_have_text("Added, and it closes a circle.")
    expect(circles).to_have_count(2)
    expect(tab.locator("svg .causal-link.own")).to_have_count(2)
    expect(tab.locator(".causal-links .own")).to_have_count(2)
    if place != "disk":  # axe asks for the style sheets, which a disk refuses
        assert violations(tab) == []
    tab.locator("body").click(position={"x": 2, "y": 2})
    saved(tab, "shortage")
    tab.reload()
    expect(circles).to_have_count(2)
    tab.get_by_role("button", name="Remove: A rise in orders brings a rise in full").press("Enter")
    expect(circles).to_have_count(1)
    saved(tab, "shortage")
    learner.go(tab, "journal.html")
    entry = tab.locator(".journal-entry")
    words = "A rise in full cupboards brings a fall in fear of running out, after a delay."
    expect(entry.get_by_text(words).first).to_be_visible()
    there = "Beside what was there: A rise in fear of running out brings a rise in orders."
    expect(entry.get_by_text(there).first).to_be_visible()


def test_what_says_nothing_new_is_not_added(new_learner: NewLearner, sample: Site) -> None:
    """Half a link, one that is there, and a thing that acts on itself: each is told."""
    tab = new_learner(sample.addresses["folder"]).open(PAGE)
    tab.get_by_role("button", name="Add a link of your own").click()
    add(tab, "orders", "more", "")
    expect(tab.locator(".causal-said")).to_contain_text("Name both")
    for target in ("", "Fear of running out"):
        tab.locator("[data-part=from]").fill("")
        tab.locator("[data-part=to]").fill("")
        add(tab, "fear of running out", "more", target or "orders")
        expect(tab.locator(".causal-said")).to_contain_text("nothing new")
    expect(tab.locator(".causal-mine > li")).to_have_count(0)


def test_without_scripts_the_drawing_and_the_words_are_there(
    new_learner: NewLearner, sample: Site
) -> None:
    """And on paper there are lines to write one's own links on."""
    tab = new_learner(sample.addresses["folder"], java_script_enabled=False).open(PAGE)
    expect(tab.get_by_role("img", name="How thirty-one sensible wards")).to_be_visible()
    told = tab.get_by_text("A rise in fear of running out brings a rise in orders.")
    expect(told.first).to_be_visible()
    expect(tab.get_by_role("button", name="Add a link of your own")).to_be_hidden()
    tab.emulate_media(media="print")
    expect(tab.locator(".causal-own .lines")).to_be_visible()
