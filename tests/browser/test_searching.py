"""The search in a real browser: from disk as from a host, by keyboard, for who cannot see it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NewLearner
from browser.learner import Learner, link
from browser.places import Site, everywhere

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-pages")]


def results(tab: Page) -> list[str]:
    return tab.locator(".search-results .card-link").all_inner_texts()


def look_for(tab: Page, words: str) -> None:
    """Type it, and wait for the answer to just that."""
    tab.get_by_role("searchbox").fill("")
    expect(tab.locator(".search [role=status]")).to_be_empty()
    tab.get_by_role("searchbox").fill(words)
    expect(tab.locator(".search [role=status]")).not_to_be_empty()


@everywhere
def test_a_page_is_found_by_a_word_in_it(learner: Learner) -> None:
    """The header leads to the search; a result leads to its page, and Back to the results."""
    tab = learner.open("garden.html")
    tab.get_by_role("banner").get_by_role("link", name="Search", exact=True).click()
    learner.arrive(tab, "search.html")
    expect(tab.get_by_role("searchbox")).to_be_focused()
    look_for(tab, "CHAIRS")
    assert "The room" in results(tab)
    summary = tab.locator(".card", has_text="The room").locator("mark").first
    expect(summary).to_have_text("chairs")
    tab.get_by_role("link", name="The room", exact=True).click()
    learner.arrive(tab, "room.html")
    tab.go_back()
    expect(tab.get_by_role("searchbox")).to_have_value("CHAIRS")
    expect(tab.get_by_role("link", name="The room", exact=True)).to_have_attribute(
        "data-visited", ""
    )


def test_results_come_in_order_with_what_they_are(visitor: Learner) -> None:
    """Titles before texts; the kind is named; the number is told; several words narrow."""
    tab = visitor.open("search.html")
    look_for(tab, "cellar")
    assert results(tab)[0] == "The cellar"
    expect(tab.locator(".search-results .kind").first).to_have_text("A tool")
    expect(tab.locator(".search [role=status]")).to_contain_text("page")
    look_for(tab, "cellar zzzz")
    expect(tab.locator(".search [role=status]")).to_contain_text("No page has all")
    assert "The cellar" in results(tab)
    look_for(tab, "zzzz")
    expect(tab.locator(".search [role=status]")).to_contain_text("No page says this")
    assert results(tab) == []


def test_what_is_behind_a_gate_or_hidden_stays_there(visitor: Learner) -> None:
    """A gated page is found by its title, not its words; one listed once seen, not before."""
    tab = visitor.open("search.html")
    look_for(tab, "cellar")
    expect(tab.locator(".card[data-page-card=cellar]")).to_contain_text("Dark, and honest.")
    look_for(tab, "three chairs down")
    assert "The cellar" not in results(tab)
    look_for(tab, "attic")
    assert "The attic" not in results(tab)
    visitor.go(tab, "attic.html")
    visitor.go(tab, "search.html")
    look_for(tab, "attic")
    assert "The attic" in results(tab)


def test_each_language_has_its_own(visitor: Learner) -> None:
    """Words are folded: an accent that was not typed is found."""
    tab = visitor.open("fr/search.html")
    tab.get_by_role("searchbox").fill("piece")
    expect(tab.locator(".search-results .card").first).to_be_visible()
    assert all(
        "fr/" in str(one)
        for one in tab.locator(".card-link").evaluate_all("l => l.map(a => a.href)")
    )


def test_hostile_words_are_words(visitor: Learner) -> None:
    """Nothing that is typed is read as HTML, as a pattern or as a path."""
    tab = visitor.open("search.html")
    for words in (
        "<img src=x onerror=alert(1)>",
        "../../x",
        "__proto__ constructor",
        "[(.*",
        "a" * 200,
        "\u202e",
    ):
        tab.get_by_role("searchbox").fill(words)
        tab.get_by_role("searchbox").press("Enter")
        expect(tab.locator(".search [role=status]")).to_be_attached()
    assert tab.locator(".search img").count() == 0


def test_only_what_is_needed_is_loaded(visitor: Learner) -> None:
    """Nothing of the index before somebody searches, and no file twice."""
    tab = visitor.context.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    visitor.go(tab, "search.html")
    assert not [url for url in asked if "/assets/search/" in url]
    for words in ("chairs", "cellar", "chairs"):
        look_for(tab, words)
    loaded = [url for url in asked if "/assets/search/" in url]
    assert loaded and len(loaded) == len(set(loaded))


def test_without_scripts_the_search_says_where_to_look(reader: Learner) -> None:
    """No box that does nothing; the map and the topics are links."""
    tab = reader.open("search.html")
    expect(tab.get_by_role("searchbox")).to_have_count(0)
    expect(tab.get_by_text("This search needs JavaScript")).to_be_visible()
    expect(link(tab, "All pages, on the map")).to_be_visible()
    expect(tab.get_by_role("main").get_by_role("link", name="Rooms")).to_be_visible()


def test_more_than_ten_come_on_demand(new_learner: NewLearner, sample: Site) -> None:
    """The keyboard goes on at the first of them."""
    tab = new_learner(sample.addresses["root"]).open("search.html")
    look_for(tab, "the")
    assert len(results(tab)) == 10
    tab.get_by_role("button", name="More pages").click()
    expect(tab.locator(".card-link").nth(10)).to_be_focused()
    assert len(results(tab)) > 10
