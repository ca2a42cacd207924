"""The whole of it by keyboard alone. Every stop of the focus on the way must show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.learner import TYPED, Learner, box, checkpoint, option, press_until, saved, stands

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-words")]


def enter(tab: Page, selector: str) -> None:
    """Tab to a link or button, and press Enter."""
    press_until(tab, "Tab", selector)
    tab.keyboard.press("Enter")


def test_the_first_stop_leads_past_the_head_of_the_page(visitor: Learner) -> None:
    """The skip link shows itself when focused, and Enter goes on from the text."""
    tab = visitor.open("index.html")
    tab.keyboard.press("Tab")
    skip = tab.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    tab.keyboard.press("Enter")
    expect(tab.locator("#learnpath-main")).to_be_focused()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('main') !== null")


def test_the_course_is_walked_by_keyboard_alone(visitor: Learner, tmp_path: Path) -> None:
    """Write, open a sample, detour and return, choose, answer, look back, export, erase."""
    tab = visitor.open("index.html")
    press_until(tab, "Tab", "[data-checkpoint=first] textarea")
    tab.keyboard.type(TYPED)
    tab.keyboard.press("Tab")
    saved(tab, "first")
    if tab.evaluate("!document.activeElement.matches('[data-after] summary')"):
        press_until(tab, "Shift+Tab", "[data-checkpoint=first] textarea")
        press_until(tab, "Tab", "[data-after] summary")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("A table and two chairs.")).to_be_visible()
    enter(tab, "#detour-2")
    visitor.arrive(tab, "garden.html")
    enter(tab, ".detour-return a")
    visitor.arrive(tab, "index.html#detour-2")
    press_until(tab, "Tab", "[data-option=wait] summary")
    tab.keyboard.press("Space")
    expect(tab.get_by_text("Somebody opens from within.")).to_be_visible()
    expect(tab.locator("[data-option=wait] summary")).to_be_focused()
    enter(tab, "[data-option=window] a")
    visitor.arrive(tab, "room.html")
    stands(tab, "Trust", -1)
    press_until(tab, "Tab", "[data-checkpoint=who] input")
    tab.keyboard.press("ArrowDown")
    expect(checkpoint(tab, "who").get_by_role("radio", name="The guest")).to_be_checked()
    expect(tab.get_by_text("You know about guests.")).to_be_visible()
    press_until(tab, "Tab", "[data-checkpoint=how-many] input")
    tab.keyboard.type("2")
    press_until(tab, "Tab", "[data-checkpoint=sure] input")
    tab.keyboard.press("Space")
    tab.keyboard.press("ArrowRight")
    expect(checkpoint(tab, "sure").get_by_role("radio", name="2", exact=True)).to_be_checked()
    enter(tab, "[data-option=down] a")
    visitor.arrive(tab, "cellar.html")
    tab.go_back()
    visitor.arrive(tab, "room.html")
    enter(tab, "[data-option=sit] a")
    visitor.arrive(tab, "end.html")
    press_until(tab, "Tab", "[data-checkpoint=first-again] textarea")
    tab.keyboard.type("It was so.")
    enter(tab, ".map-drawing a[data-page=study]")
    visitor.arrive(tab, "study.html")
    expect(tab.locator(".gate")).to_be_hidden()
    enter(tab, ".site-nav a[href$='journal.html']")
    visitor.arrive(tab, "journal.html")
    press_until(tab, "Tab", ".journal-export")
    with tab.expect_download() as caught:
        tab.keyboard.press("Enter")
    caught.value.save_as(tmp_path / "journal.json")
    log = json.loads((tmp_path / "journal.json").read_text("utf-8"))["log"]
    answers = {entry["key"]: entry["value"] for entry in log if entry["type"] == "answer"}
    assert answers == {
        "first": TYPED,
        "who": "guest",
        "how-many": 2,
        "sure": 2,
        "first-again": "It was so.",
    }
    enter(tab, ".journal-erase")
    enter(tab, ".journal-erase-yes")
    expect(tab.locator(".journal-status")).to_be_focused()
    expect(tab.locator(".journal-entries")).to_contain_text("Nothing here yet.")


def test_a_gate_is_opened_by_keyboard(visitor: Learner) -> None:
    """After the button the focus stands at the text, and Tab goes on in it."""
    tab = visitor.open("study.html")
    enter(tab, ".gate-anyway")
    expect(tab.locator(".gated")).to_be_focused()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('.gated') !== null")


def test_a_closed_choice_does_nothing(visitor: Learner) -> None:
    """Enter on a closed option stays on the page; a reader of the list still finds it there."""
    tab = visitor.open("index.html")
    expect(option(tab, "key").get_by_role("link", disabled=True)).to_have_count(1)
    press_until(tab, "Tab", "[data-option=knock] summary")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(option(tab, "shout").locator(".option-write")).to_have_attribute("open", "")
    expect(tab).to_have_url(visitor.base + "index.html")


def test_a_route_is_left_and_rejoined_by_keyboard(visitor: Learner) -> None:
    """The button that takes the place of the one pressed has the focus."""
    tab = visitor.open("routes/short.html")
    enter(tab, "main .card-link")
    visitor.arrive(tab, "index.html")
    enter(tab, ".route-leave")
    expect(tab.locator(".route-rejoin")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator(".route-leave, .route-title").first).to_be_visible()


def test_a_box_is_left_by_tab(visitor: Learner) -> None:
    """Tab in a box moves on instead of writing, as everywhere on the web."""
    tab = visitor.open("index.html")
    box(tab, "first").focus()
    tab.keyboard.press("Tab")
    expect(box(tab, "first")).not_to_be_focused()
    expect(box(tab, "first")).to_have_value("")
