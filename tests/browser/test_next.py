"""At the end of a page: what could come next and why, beside what the author offers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import NewLearner
from browser.learner import Learner, press_until, write
from browser.places import Site, everywhere
from browser.test_pages import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-trail")]


def unfold(tab: Page) -> Locator:
    """The cards of the suggestions."""
    tab.get_by_text("What could come next, and why").click()
    return tab.locator(".next-ways .card")


@everywhere
def test_a_few_pages_are_suggested_with_their_reasons(learner: Learner) -> None:
    """By the course's relations, the trail, and the learner's own words, for who unfolds them."""
    tab = learner.open("index.html")
    write(tab, "first", "A cellar, I think, and a study.")
    learner.follow(tab, "round by the garden", "garden.html")
    fold = tab.locator(".next-ways")
    assert not fold.evaluate("details => details.open")
    cards = unfold(tab)
    expect(cards.filter(has_text="The cellar")).to_contain_text("You wrote about “The cellar”")
    assert 1 <= cards.count() <= 3
    # Already a link in the text of the page, or read before.
    expect(cards.filter(has_text="The room")).to_have_count(0)
    expect(cards.filter(has_text="The door")).to_have_count(0)
    learner.follow(tab, "The cellar", "cellar.html")


def test_what_builds_on_a_page_is_suggested_there(visitor: Learner) -> None:
    """And a choice that was not taken at an earlier place."""
    tab = visitor.open("index.html")
    visitor.follow(tab, "Go in", "room.html")
    visitor.follow(tab, "Sit down", "end.html")
    cards = unfold(tab)
    expect(cards.first).to_be_visible()
    expect(tab.locator(".next-ways")).to_contain_text("A choice at “The room”")
    assert not violations(tab)


def test_nothing_is_loaded_before_it_is_unfolded(visitor: Learner) -> None:
    """Neither the script nor the data, and what was loaded is not asked for again."""
    asked: list[str] = []
    visitor.context.on("request", lambda request: asked.append(request.url))
    visitor.open("room.html")
    tab = visitor.open("end.html")
    tab.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/ways/" in url or "/next." in url]
    cards = unfold(tab)
    expect(cards.first).to_be_visible()
    tab.get_by_text("What could come next, and why").click()
    unfold(tab)
    tab.wait_for_load_state("networkidle")
    ways = [url.rpartition("/assets/")[2] for url in asked if "/ways/" in url]
    assert sorted(ways) == ["ways/en/0.js", "ways/en/index.js"]


def test_in_the_language_of_the_page(new_learner: NewLearner, small: Site) -> None:
    """Titles and reasons alike; a page without a translation by its own title."""
    learner = new_learner(small.addresses["root"])
    tab = learner.open("fr/index.html")
    tab.get_by_text("Ce qui pourrait suivre, et pourquoi").click()
    expect(tab.locator(".next-ways .next-place p").first).to_be_visible()


def test_by_keyboard(visitor: Learner) -> None:
    """The fold is reached, opened and walked through."""
    visitor.open("room.html")
    tab = visitor.open("end.html")
    press_until(tab, "Tab", ".next-ways > summary")
    tab.keyboard.press("Enter")
    expect(tab.locator(".next-ways .card").first).to_be_visible()
    press_until(tab, "Tab", ".next-ways .card-link")


def test_without_scripts_there_is_no_empty_fold(reader: Learner) -> None:
    """Nothing that could not be filled is shown."""
    tab = reader.open("garden.html")
    expect(tab.get_by_text("What could come next")).to_be_hidden()


def test_a_page_to_look_things_up_in_suggests_nothing(visitor: Learner) -> None:
    """One comes to it from somewhere, and goes back there."""
    tab = visitor.open("glossary.html")
    expect(tab.locator(".next-ways")).to_have_count(0)
