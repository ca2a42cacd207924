"""The map in a real browser: its tools add to a list and a drawing that are there without them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.learner import Learner
from browser.places import everywhere

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-pages")]


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
    tab = visitor.open("map.html")
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
