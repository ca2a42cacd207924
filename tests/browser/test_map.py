"""The map in a real browser: its tools add to a list and a drawing that are there without them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from browser.conftest import NewLearner
from browser.learner import Learner
from browser.places import Site, everywhere
from browser.test_pages import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-pages")]


def at_hand(learner: Learner, path: str) -> Page:
    """A page with a map, when what can be done with that is there."""
    tab = learner.open(path)
    expect(tab.locator(".map-tools [data-later]")).to_have_count(0)
    return tab


def width(tab: Page) -> float:
    found: float = tab.locator(".map-scroll svg").evaluate("svg => svg.clientWidth")
    return found


@everywhere
def test_a_page_leads_to_its_own_ways_on_the_map(learner: Learner) -> None:
    """The header's link shows the page among its neighbours; one button shows all again."""
    tab = learner.open("room.html")
    tab.get_by_role("link", name="Map", exact=True).click()
    learner.arrive(tab, "map.html#at-room")
    near, far = (tab.locator(f".map-drawing a[data-page={name}]") for name in ("attic", "glossary"))
    expect(tab.locator(".map-drawing a[data-page=room]")).not_to_have_attribute("data-far", "")
    expect(near).not_to_have_attribute("data-far", "")
    expect(tab.locator(".map-drawing a[data-far]").first).to_be_attached()
    tab.get_by_role("button", name="All ways again").click()
    expect(tab.locator(".map-drawing a[data-far]")).to_have_count(0)
    expect(far).to_be_attached()
    tab.get_by_role("link", name="Only the ways of “The study”").click()
    expect(tab.locator(".map-drawing a[data-page=study]")).not_to_have_attribute("data-far", "")
    expect(tab.locator(".map-drawing a[data-far]").first).to_be_attached()


@pytest.mark.parametrize("width", [412, 1400])
def test_nothing_moves_when_the_scripts_come(visitor: Learner, width: int) -> None:
    """What scripts show on the map has its room before they are there."""
    tab = visitor.context.new_page()
    tab.set_viewport_size({"width": width, "height": 820})
    waiting: list[Route] = []
    come = False
    tab.route("**/*.js", lambda route: route.continue_() if come else waiting.append(route))
    tab.goto(visitor.base + "map.html", wait_until="commit")
    expect(tab.locator(".map-sheet")).to_be_visible()
    expect(tab.get_by_role("button", name="Pick a route")).to_be_hidden()
    top = "list => list.getBoundingClientRect().top"
    before = tab.locator(".map-list").evaluate(top)
    come = True
    for route in waiting:
        route.continue_()
    expect(tab.get_by_role("button", name="Pick a route")).to_be_visible()
    expect(tab.get_by_label("Find a page")).to_be_visible()
    assert tab.locator(".map-list").evaluate(top) == before


def test_a_page_is_found_by_its_title(visitor: Learner) -> None:
    """What is typed narrows the list, dims the drawing, and is counted for who cannot see it."""
    tab = visitor.open("map.html")
    tab.get_by_label("Find a page").fill("STUD")
    expect(tab.locator(".map-find [role=status]")).to_have_text("1 page")
    expect(tab.locator(".map-list .map-entry:visible")).to_have_count(1)
    expect(tab.locator(".map-drawing a[data-page=study]")).not_to_have_attribute("data-far", "")
    expect(tab.locator(".map-drawing a[data-page=room]")).to_have_attribute("data-far", "")
    tab.get_by_label("Find a page").fill("")
    expect(tab.locator(".map-drawing a[data-far]")).to_have_count(0)
    expect(tab.locator(".map-find [role=status]")).to_be_empty()


def test_the_drawing_is_looked_at_more_closely(visitor: Learner) -> None:
    """By buttons and by keys; then it can be seen as a whole again. Arrows are there on demand."""
    tab = at_hand(visitor, "map.html")
    first = width(tab)
    tab.get_by_role("button", name="Larger").click()
    assert width(tab) > first * 1.2
    tab.locator(".map-scroll").focus()
    tab.keyboard.press("+")
    assert width(tab) > first * 1.5
    tab.keyboard.press("0")
    box = tab.locator(".map-scroll").bounding_box()
    assert box is not None
    assert width(tab) <= box["width"]
    edge = tab.locator(".map-drawing .edge").first
    expect(edge).not_to_have_attribute("marker-end", "url(#learnpath-arrow)")
    arrows = tab.get_by_role("button", name="Arrows")
    arrows.click()
    expect(arrows).to_have_attribute("aria-pressed", "true")
    expect(edge).to_have_attribute("marker-end", "url(#learnpath-arrow)")
    arrows.click()
    expect(edge).not_to_have_attribute("marker-end", "url(#learnpath-arrow)")


def test_what_a_map_can_do_comes_with_it_and_nothing_done_before_is_lost(
    new_learner: NewLearner, sample: Site
) -> None:
    """A page with a map at its end loads that when it is scrolled to. What is typed or pressed
    before it has come is done then."""
    learner = new_learner(sample.addresses["root"])
    asked: list[Route] = []
    learner.context.route("**/map-tools.*", lambda route: asked.append(route))
    tab = learner.open("what-now.html")
    tab.wait_for_load_state("networkidle")
    assert not asked
    first = width(tab)
    with tab.expect_request("**/map-tools.*"):
        tab.locator(".map-drawing").scroll_into_view_if_needed()
    tab.get_by_role("button", name="Larger").click()
    tab.get_by_text("The same in words", exact=True).click()
    tab.get_by_label("Find a page").fill("beer game")
    assert width(tab) == first
    asked[0].continue_()
    expect(tab.locator(".map-find [role=status]")).to_contain_text("page")
    expect(tab.locator(".map-scroll svg[data-zoomed]")).to_be_visible()
    assert width(tab) > first * 1.2


def test_a_run_is_drawn_on_the_map_and_told_in_the_list(visitor: Learner, tmp_path: Path) -> None:
    """From the trail or chosen there: every place numbered in the drawing and in the list alike, a
    way that no line shows drawn as a jump; none again by keyboard; taken away as a file."""
    tab = visitor.open("index.html")
    visitor.follow(tab, "Go in", "room.html")
    visitor.go(tab, "glossary.html")
    visitor.go(tab, "index.html")
    visitor.go(tab, "trail.html")
    tab.get_by_role("link", name="Show on the map").click()
    expect(tab.locator(".run-said")).to_contain_text("4 places")
    drawn = tab.locator(".map-drawing svg")
    expect(drawn.locator(".run-place text")).to_have_text(["1 · 4", "2", "3"])
    assert drawn.locator(".edge[data-run]").evaluate_all(
        "(edges) => [...new Set(edges.map(({ dataset }) => dataset.from + '|' + dataset.to))]"
    ) == ["index|room"]
    expect(drawn.locator(".run-jump")).to_have_count(2)
    entry = tab.locator(".map-entry[data-page-card=index] .run-told")
    expect(entry).to_have_text("On this run: places 1, 4 of 4")
    expect(tab.locator(".map-entry[data-page-card=room] .run-told")).to_contain_text("place 2 of 4")
    expect(tab.locator(".run-told")).to_have_count(3)
    assert not violations(tab)
    with tab.expect_download() as caught:
        tab.get_by_role("button", name="Download the drawing").click()
    caught.value.save_as(tmp_path / "run.svg")
    svg = (tmp_path / "run.svg").read_text("utf-8")
    assert svg.startswith("<svg") and "1 · 4" in svg and 'fill="' in svg and "href=" not in svg
    tab.get_by_label("Draw a run").focus()
    tab.keyboard.press("ArrowUp")
    expect(tab.locator(".run-told")).to_have_count(0)
    expect(drawn.locator(".run-place")).to_have_count(0)
    expect(tab.get_by_label("Draw a run")).to_be_focused()


def test_a_map_that_nobody_has_walked_offers_no_run(visitor: Learner) -> None:
    """There is nothing to draw, and nothing is loaded for it."""
    tab = visitor.open("map.html")
    expect(tab.locator(".run-tools")).to_have_count(0)
