"""What was read and has other words since: said on links, choices, the map, the trail, the page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from browser.conftest import NewLearner
from browser.learner import Learner, link, option
from browser.places import SMALL, served
from browser.test_pages import violations
from learnpath import build_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-trail")]

SAID = "changed since you read it"


class Author:
    """Somebody who edits a course that is being read."""

    def __init__(self, folder: Path) -> None:
        self.course, self.site = folder / "course", folder / "site"
        shutil.copytree(SMALL, self.course)
        build_site(self.course, self.site)

    def change(self, name: str, old: str, new: str) -> None:
        path = self.course / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        build_site(self.course, self.site)


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path)


@pytest.fixture
def reader_of(author: Author, new_learner: NewLearner) -> Iterator[Learner]:
    """A learner who has been at the door, in the garden and in the room."""
    with served(author.site) as address:
        learner = new_learner(address)
        tab = learner.open("index.html")
        learner.follow(tab, "round by the garden", "garden.html")
        learner.follow(tab, "go in by the kitchen", "room.html")
        learner.go(tab, "index.html")
        yield learner


def again(learner: Learner, path: str) -> Page:
    return learner.open(path)


def test_other_words_are_said_wherever_the_page_is_named(
    author: Author, reader_of: Learner
) -> None:
    """Beside links in the text, choices, cards, the map in words and drawn, and the trail."""
    author.change("room.md", "Who speaks first?", "Who will speak first?")
    author.change("garden.md", "under a stone", "under a flat stone")
    tab = again(reader_of, "index.html")
    expect(link(tab, "round by the garden").locator("+ .changed")).to_have_text(SAID)
    expect(option(tab, "go-in").locator(".changed")).to_have_text(SAID)
    expect(option(tab, "go-in").locator("a")).to_have_accessible_description(SAID)
    expect(option(tab, "go-in").locator("a")).to_have_accessible_name("Go in")
    assert not violations(tab)
    reader_of.go(tab, "map.html")
    entry = tab.locator(".map-entry[data-page-card=room]")
    expect(entry.locator(".map-page + .changed")).to_have_text(SAID)
    node = tab.locator(".map-drawing a[data-page=room]")
    expect(node).to_have_accessible_name(f"The room ({SAID})")
    expect(node.locator(".node-changed")).to_be_visible()
    expect(tab.locator(".map-key .key-changed")).to_have_text(SAID)
    expect(tab.locator(".map-drawing a[data-page=index] .node-changed")).to_have_count(0)
    assert not violations(tab)
    reader_of.go(tab, "trail.html")
    place = tab.locator(".trail-head", has_text="The room")
    expect(place.locator(".changed")).to_have_text(SAID)
    expect(tab.locator(".trail-head", has_text="The door").locator(".changed")).to_have_count(0)
    assert not violations(tab)


def test_read_again_it_is_said_on_the_page_once_and_nowhere_after(
    author: Author, reader_of: Learner
) -> None:
    """Also where reading it makes no new moment: the same step, taken again."""
    author.change("garden.md", "under a stone", "under a flat stone")
    tab = again(reader_of, "index.html")
    expect(tab.locator(".prose .changed").first).to_be_visible()
    reader_of.follow(tab, "round by the garden", "garden.html")
    expect(tab.locator(".changed-here")).to_contain_text(
        "The words of this page have changed since you read it, on "
    )
    assert not violations(tab)
    tab.reload()
    reader_of.arrive(tab, "garden.html")
    expect(tab.locator("html")).to_have_attribute("data-ready", "")
    tab.wait_for_load_state("networkidle")
    expect(tab.locator(".changed-here")).to_have_count(0)
    reader_of.go(tab, "index.html")
    tab.wait_for_load_state("networkidle")
    expect(tab.locator(".changed")).to_have_count(0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(room.md)", "(end.md)"),
        ("The key lies under a stone.", "The key *lies*\nunder a stone."),
        ("kind: idea", "kind: case"),
        ("topics: [rooms]", "topics: [rooms]\nfacilitator: Let them look."),
    ],
)
def test_what_is_no_change_of_words_is_not_said(
    old: str, new: str, author: Author, reader_of: Learner
) -> None:
    """Another address of a link, emphasis, a kind, a note for the facilitator."""
    author.change("garden.md", old, new)
    tab = again(reader_of, "index.html")
    tab.wait_for_load_state("networkidle")
    assert tab.evaluate("Boolean(learnpath.data?.['revs/index'])")
    expect(tab.locator(".changed")).to_have_count(0)


def test_a_translation_that_was_read_counts(author: Author, reader_of: Learner) -> None:
    """Who read the French page has read what the English one says, until the French one changes."""
    tab = again(reader_of, "fr/room.html")
    reader_of.go(tab, "index.html")
    tab.wait_for_load_state("networkidle")
    expect(tab.locator(".changed")).to_have_count(0)
    author.change("room.fr.md", "title: La pièce", "title: La chambre")
    tab = again(reader_of, "index.html")
    expect(option(tab, "go-in").locator(".changed")).to_have_text(SAID)


def test_only_who_has_been_somewhere_loads_anything(
    author: Author, new_learner: NewLearner
) -> None:
    """A first page loads neither the script nor the data."""
    with served(author.site) as address:
        learner = new_learner(address)
        asked: list[str] = []

        def note(request: Request) -> None:
            asked.append(request.url)

        learner.context.on("request", note)
        tab = learner.open("index.html")
        tab.wait_for_load_state("networkidle")
        assert not [url for url in asked if re.search(r"readings|revs", url)], asked
        learner.follow(tab, "round by the garden", "garden.html")
        learner.follow(tab, "go in by the kitchen", "room.html")
        expect(tab.locator("a[data-visited]").first).to_be_visible()
        tab.wait_for_load_state("networkidle")
        files = [url.rpartition("/assets/")[2] for url in asked if "/revs/" in url]
        assert sorted(files) == ["revs/0.js", "revs/index.js"]


def test_a_page_that_is_gone_is_kept_on_the_trail_and_is_no_link(
    author: Author, reader_of: Learner
) -> None:
    """With its title; one goes on from the last place that is there."""
    tab = again(reader_of, "end.html")
    (author.course / "end.md").unlink()
    author.change("course.yml", "[index, room, {page: end, minutes: 3, do: Sit down}]", "[index]")
    tab = again(reader_of, "trail.html")
    gone = tab.locator(".trail-gone")
    expect(gone).to_have_text("Sitting down (no longer part of this course)")
    expect(tab.locator(".trail-page", has_text="Sitting down").locator("a")).to_have_count(0)
    assert not violations(tab)
    tab.get_by_role("button", name="Go on from “The door”").click()
    reader_of.arrive(tab, "index.html")


def test_no_page_that_is_gone_is_offered_to_go_on_at(author: Author, reader_of: Learner) -> None:
    """Who comes to the start again is offered nothing where the last place is no more."""
    again(reader_of, "end.html")
    (author.course / "end.md").unlink()
    author.change("course.yml", "[index, room, {page: end, minutes: 3, do: Sit down}]", "[index]")
    tab = again(reader_of, "index.html")
    tab.wait_for_load_state("networkidle")
    assert tab.evaluate("Boolean(learnpath.data?.['revs/index'])")
    expect(tab.locator(".resume")).to_be_hidden()


def test_a_step_that_is_gone_is_passed_over(author: Author, reader_of: Learner) -> None:
    """The bar of a route of one's own leads to the next page that is there."""
    for page in ("garden.html", "end.html", "room.html"):
        tab = again(reader_of, page)
        tab.get_by_role("button", name="Add to my route").click()
        if page != "garden.html":
            tab.get_by_role("button", name="My route", exact=True).click()
        expect(tab.locator(".route-said")).to_contain_text("Saved in this browser")
    (author.course / "end.md").unlink()
    author.change("course.yml", "[index, room, {page: end, minutes: 3, do: Sit down}]", "[index]")
    tab = again(reader_of, "plan.html")
    expect(tab.locator(".own-route ol li").nth(1)).to_contain_text("no longer part of this course")
    tab.locator(".own-route .card-start a").click()
    reader_of.arrive(tab, "garden.html")
    expect(tab.locator(".route-bar .route-next")).to_contain_text("The room")
    expect(tab.locator(".route-bar .route-step")).to_contain_text("2")


def test_a_step_that_is_gone_from_a_followed_trail_is_named_and_no_link(
    author: Author, reader_of: Learner
) -> None:
    """What somebody else handed on is walked on beyond it."""
    tab = reader_of.context.new_page()
    tab.goto(reader_of.base + "trail.html#trail=Ana~garden~end~room")
    tab.get_by_role("button", name="Follow it").click()
    reader_of.arrive(tab, "garden.html")
    expect(tab.locator(".route-bar .route-next")).to_contain_text("Sitting down")
    (author.course / "end.md").unlink()
    author.change("course.yml", "[index, room, {page: end, minutes: 3, do: Sit down}]", "[index]")
    tab.reload()
    bar = tab.locator(".route-bar")
    expect(bar.locator(".route-gone")).to_have_text("Sitting down (no longer part of this course)")
    expect(bar.locator(".route-step")).to_have_text("Step 1 of 2")
    assert not violations(tab)
    bar.locator(".route-next").click()
    reader_of.arrive(tab, "room.html")
    expect(bar.locator(".route-gone")).to_have_count(0)
