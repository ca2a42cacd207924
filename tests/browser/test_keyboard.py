"""The whole of it by keyboard alone. Every stop of the focus on the way must show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NewLearner
from browser.learner import TYPED, Learner, box, checkpoint, option, press_until, saved, stands
from browser.places import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-words")]


MANY = 400
"""Stops on the way through a map of the whole sample course."""


def hand_in(tab: Page, file: Path) -> None:
    """Press the button that has the focus, and give it the file that it asks for."""
    with tab.expect_file_chooser() as chooser:
        tab.evaluate("null")  # by its answer the browser knows that it is not to ask by itself
        tab.keyboard.press("Enter")
    chooser.value.set_files(file)


def enter(tab: Page, selector: str, most: int = 80) -> None:
    """Tab to a link or button, and press Enter."""
    press_until(tab, "Tab", selector, most)
    tab.keyboard.press("Enter")


def said(tab: Page, selector: str, words: str, key: str = "Tab") -> None:
    """Tab to a box, write, and leave it by Tab."""
    press_until(tab, key, selector)
    tab.keyboard.type(words)
    tab.keyboard.press("Tab")


def held(tab: Page) -> None:
    """The focus is somewhere on the page: what was pressed has not taken it along."""
    tab.wait_for_function("document.activeElement !== document.body")


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


@pytest.fixture
def walker(new_learner: NewLearner, sample: Site) -> Learner:
    """Somebody new to the sample course, with nothing but a keyboard."""
    return new_learner(sample.addresses["root"])


def test_every_kind_of_question_is_answered_by_keyboard(walker: Learner) -> None:
    """Words, a prediction, an order, a sorting, a note, a bookmark."""
    tab = walker.open("index.html")
    said(tab, "[data-checkpoint=driving-question] textarea", "Why is Friday loud?")
    saved(tab, "driving-question")
    expect(tab.locator("[data-driving-question]")).to_have_text("Why is Friday loud?")
    walker.go(tab, "laundry/short-monday.html")
    enter(tab, "[data-checkpoint=whom-to-ask] [data-step='1']")
    saved(tab, "whom-to-ask")
    held(tab)
    press_until(tab, "Tab", "[data-checkpoint=where-are-they] input")
    tab.keyboard.press("ArrowDown")
    saved(tab, "where-are-they")
    held(tab)
    walker.go(tab, "ideas/delays.html")
    press_until(tab, "Tab", "[data-checkpoint=how-long] select")
    tab.keyboard.press("ArrowDown")
    saved(tab, "how-long")
    expect(tab.locator("[data-checkpoint=how-long] .group:not(.pool) select")).to_be_focused()
    enter(tab, ".note-add")
    expect(tab.locator(".note textarea")).to_be_focused()
    tab.keyboard.type("Ask about Thursdays.")
    enter(tab, ".bookmark")
    expect(tab.locator(".bookmark")).to_have_attribute("aria-pressed", "true")
    held(tab)


def test_plan_and_map_are_used_by_keyboard(walker: Learner) -> None:
    """A wish is written, a route picked on the map, a page found, the drawing enlarged."""
    tab = walker.open("plan.html")
    said(tab, "[data-checkpoint='plan:vision'] textarea", "Quiet.")
    enter(tab, ".to-picking")
    walker.arrive(tab, "map.html#pick")
    expect(tab.locator(".picking-name")).to_be_focused()
    enter(tab, ".map-entry[data-page-card=workshop] .pick", MANY)
    expect(tab.locator(".picking-way")).to_contain_text("1. ")
    held(tab)
    press_until(tab, "Shift+Tab", ".picking-done", MANY)
    tab.keyboard.press("Enter")
    expect(tab.locator(".pick-route")).to_be_focused()
    press_until(tab, "Tab", ".map-find input")
    tab.keyboard.type("beer game")
    expect(tab.locator(".map-find [role=status]")).to_contain_text("page")
    enter(tab, "[data-zoom='1']", MANY)
    expect(tab.locator(".map-scroll svg[data-zoomed]")).to_be_visible()
    held(tab)
    enter(tab, ".map-drawing a[data-page='ideas/beer-game']", MANY)
    walker.arrive(tab, "ideas/beer-game.html")


def test_the_journal_is_used_by_keyboard(walker: Learner, tmp_path: Path) -> None:
    """Searched, taken away, taken in after a look, left as it was by Escape, erased in the end."""
    tab = walker.open("index.html")
    said(tab, "[data-checkpoint=driving-question] textarea", TYPED)
    saved(tab, "driving-question")
    walker.go(tab, "journal.html")
    enter(tab, "[data-order=time]")
    held(tab)
    press_until(tab, "Tab", ".journal-view input")
    tab.keyboard.type("nobody")
    expect(tab.locator(".journal-found")).to_have_text("1 answer found")
    press_until(tab, "Tab", ".journal-export")
    with tab.expect_download() as caught:
        tab.keyboard.press("Enter")
    caught.value.save_as(tmp_path / "journal.json")
    for leave in ("Escape", "Enter"):
        enter(tab, ".journal-erase")
        expect(tab.locator(".journal-ask")).to_be_focused()
        if leave == "Enter":
            press_until(tab, "Tab", ".journal-erase-no")
        tab.keyboard.press(leave)
        expect(tab.locator(".journal-ask")).to_have_count(0)
        expect(tab.locator(".journal-erase")).to_be_focused()
        tab.keyboard.press("Shift+Tab")
    press_until(tab, "Tab", ".journal-erase")
    tab.keyboard.press("Enter")
    enter(tab, ".journal-erase-yes")
    expect(tab.locator(".journal-status")).to_be_focused()
    press_until(tab, "Shift+Tab", ".journal-take-in")
    hand_in(tab, tmp_path / "journal.json")
    expect(tab.locator(".journal-ask")).to_be_focused()
    enter(tab, ".journal-take-in-yes")
    expect(tab.locator(".journal-status")).to_be_focused()
    expect(tab.locator(".journal-entry")).to_contain_text(TYPED)


def test_trail_and_sharing_are_used_by_keyboard(walker: Learner, tmp_path: Path) -> None:
    """A run is named, handed on and begun afresh; words are ticked, agreed to and made a file, and
    read beside one's own in the same place."""
    tab = walker.open("ideas/shared-vision.html")
    said(tab, "[data-checkpoint=own-picture] textarea", "Wheelchairs in the cupboard.")
    saved(tab, "own-picture")
    enter(tab, ".share-pick")
    expect(tab.locator(".share-panel")).to_be_focused()
    press_until(tab, "Tab", ".share-consent input")
    tab.keyboard.press("Space")
    press_until(tab, "Tab", ".share-make")
    with tab.expect_download() as caught:
        tab.keyboard.press("Enter")
    caught.value.save_as(tmp_path / "packet.json")
    enter(tab, ".share-close")
    expect(tab.locator(".share-pick")).to_be_focused()
    press_until(tab, "Tab", ".share-open")
    hand_in(tab, tmp_path / "packet.json")
    expect(tab.locator(".share-panel")).to_be_focused()
    expect(tab.locator(".share-beside")).to_contain_text("Wheelchairs")
    walker.go(tab, "trail.html")
    enter(tab, ".trail-afresh summary")
    held(tab)
    enter(tab, ".trail-run .trail-name")
    tab.keyboard.type("First try")
    tab.keyboard.press("Enter")
    expect(tab.locator(".trail-status")).to_be_focused()
    expect(tab.locator(".trail-run h2")).to_have_text("First try")
    enter(tab, ".trail-hand-on")
    expect(tab.get_by_label("The link")).to_be_focused()
    enter(tab, ".trail-page")
    walker.arrive(tab, "ideas/shared-vision.html")
