"""The trail in a real browser: paths not taken, runs beside each other, and what was written."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from browser.conftest import NewLearner
from browser.learner import TYPED, Learner, link, press_until, stands, take, write
from browser.places import Site, everywhere
from browser.test_pages import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-trail")]


def run(tab: Page, name: str) -> Locator:
    """The run of that name on the trail."""
    return tab.locator(".trail-run").filter(has=tab.get_by_role("heading", name=name, exact=True))


def to_trail(learner: Learner, tab: Page) -> None:
    tab.locator(".site-nav").get_by_role("link", name="Trail", exact=True).click()
    learner.arrive(tab, "trail.html")


def begin_afresh(learner: Learner, tab: Page, name: str) -> None:
    to_trail(learner, tab)
    tab.get_by_text("Begin afresh, beside what is there").click()
    tab.locator(".trail-afresh input").fill(name)
    tab.get_by_role("button", name="Begin", exact=True).click()
    learner.arrive(tab, "index.html")


def not_taken(tab: Page, label: str) -> Locator:
    """What *paths not taken* says of an option."""
    return tab.locator(".untaken li").filter(has=tab.get_by_text(label, exact=True))


@everywhere
def test_paths_not_taken_begin_a_branch_beside_the_first(learner: Learner) -> None:
    """Only once a choice was played; the first branch stays, and can be gone back to as it was."""
    tab = learner.open("index.html")
    expect(tab.locator(".untaken")).to_be_hidden()
    learner.follow(tab, "Go in", "room.html")
    stands(tab, "Trust", 1)
    tab.go_back()
    learner.arrive(tab, "index.html")
    tab.get_by_text("Paths not taken").click()
    expect(not_taken(tab, "Go in")).to_contain_text("Taken on: Run 1.")
    expect(not_taken(tab, "Knock first")).to_contain_text("Three knocks, and then steps.")
    expect(not_taken(tab, "Knock first")).to_contain_text("Leads to: The room")
    expect(not_taken(tab, "Climb in by the window")).to_have_count(0)
    expect(not_taken(tab, "Use the key")).to_contain_text("The key lies in the garden.")
    not_taken(tab, "Knock first").get_by_role("button").click()
    stands(tab, "Trust", 2)
    link(tab, "Go on").first.click()
    learner.arrive(tab, "room.html")
    expect(tab.get_by_text("They have heard you knock.")).to_be_visible()
    tab.go_back()
    learner.arrive(tab, "index.html")
    tab.get_by_text("Paths not taken").click()
    not_taken(tab, "Go in").get_by_role("button", name="Back to “The room”, as it was").click()
    learner.arrive(tab, "room.html")
    stands(tab, "Trust", 1)
    expect(tab.get_by_text("They have heard you knock.")).to_be_hidden()


def test_another_option_is_taken_from_before_the_first(visitor: Learner) -> None:
    """A consequence that was had does not stay in force on the branch beside it."""
    tab = visitor.open("index.html")
    take(tab, "wait")
    stands(tab, "Trust", -1)
    tab.get_by_text("Paths not taken").click()
    not_taken(tab, "Knock first").get_by_role("button").click()
    stands(tab, "Trust", 2)


@everywhere
def test_a_run_begun_afresh_stands_beside_the_first(learner: Learner) -> None:
    """With nothing chosen, and all that was written; each can be gone back to, and on from."""
    tab = learner.open("index.html")
    write(tab, "first", TYPED)
    learner.follow(tab, "Go in", "room.html")
    begin_afresh(learner, tab, "As the guest")
    stands(tab, "Trust", 0)
    expect(tab.locator("[data-checkpoint=first] textarea")).to_have_value(TYPED)
    to_trail(learner, tab)
    expect(run(tab, "As the guest")).to_contain_text("you are here")
    run(tab, "Run 1").get_by_role("button", name="Go on from “The room”").click()
    learner.arrive(tab, "room.html")
    stands(tab, "Trust", 1)
    # What is opened from here on belongs to the run that was gone back to, also by the map.
    tab.locator(".site-nav").get_by_role("link", name="Map", exact=True).click()
    learner.arrive(tab, "map.html#at-room")
    tab.locator(".map-list a.map-page", has_text="The garden").click()
    learner.arrive(tab, "garden.html")
    to_trail(learner, tab)
    expect(run(tab, "Run 1")).to_contain_text("you are here")
    expect(run(tab, "Run 1").locator(".trail-page[aria-current]")).to_have_text("The garden")


def test_the_trail_shows_what_was_chosen_and_written_where_it_was(visitor: Learner) -> None:
    """As a list in the order walked, branches nested; a branch becomes a run by a name."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    visitor.follow(tab, "Go in", "room.html")
    tab.go_back()
    visitor.arrive(tab, "index.html")
    take(tab, "wait")
    to_trail(visitor, tab)
    steps = run(tab, "Run 1").locator(".trail-list").first.locator("> li")
    expect(steps.first).to_contain_text(TYPED)
    expect(steps.first.locator(".trail-branch")).to_contain_text("The room by choosing “Go in”")
    expect(steps.last).to_have_text("Chosen: Wait outside")
    tab.get_by_role("button", name="Name it, as a run of its own").click()
    tab.keyboard.type("<b>Inside</b>")
    tab.keyboard.press("Enter")
    expect(tab.locator(".trail-status")).to_have_text("The name is kept.")
    expect(run(tab, "<b>Inside</b>")).to_contain_text("one page")
    expect(tab.get_by_role("link", name="From here: <b>Inside</b>")).to_be_visible()
    tab.reload()
    expect(run(tab, "<b>Inside</b>")).to_be_visible()


def test_the_trail_is_taken_away_as_a_text_and_as_places(visitor: Learner) -> None:
    """The text has the words; the file of places has none of them."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    visitor.follow(tab, "Go in", "room.html")
    to_trail(visitor, tab)
    with tab.expect_download() as text:
        tab.get_by_role("button", name="As a text to read").click()
    read = Path(text.value.path()).read_text("utf-8")
    assert f"> {TYPED}" in read
    assert "The room (by choosing “Go in”)" in read
    with tab.expect_download() as places:
        tab.get_by_role("button", name="Places only").click()
    file = json.loads(Path(places.value.path()).read_text("utf-8"))
    assert TYPED not in json.dumps(file, ensure_ascii=False)
    assert [moment["page"] for moment in file["runs"][0]["moments"]] == ["index", "room"]


def test_what_could_come_next_says_why(visitor: Learner) -> None:
    """By the relations of the course and the learner's own words; what was seen is not named."""
    tab = visitor.open("index.html")
    write(tab, "first", "Nothing about it yet, but a garden perhaps.")
    to_trail(visitor, tab)
    cards = tab.locator(".trail-next .card")
    expect(cards.nth(0)).to_contain_text("The garden")
    expect(cards.nth(0)).to_contain_text("You wrote about “The garden”")
    expect(cards.filter(has_text="The room")).to_contain_text("Builds on “The door”")
    expect(cards.filter(has_text="The attic")).to_have_count(0)
    visitor.follow(tab, "The garden", "garden.html")
    to_trail(visitor, tab)
    expect(cards.filter(has_text="The garden")).to_have_count(0)


@everywhere
def test_the_start_offers_the_place_where_one_was(learner: Learner) -> None:
    """As an offer, by a jump to the start alone: any other address opens the page that it names."""
    tab = learner.open("index.html")
    expect(tab.locator(".resume")).to_be_hidden()
    learner.follow(tab, "Go in", "room.html")
    later = learner.open("glossary.html")
    expect(later.locator(".resume")).to_be_hidden()
    again = learner.open("index.html")
    expect(again.locator(".resume")).to_contain_text("You were last at “Glossary”.")
    again.get_by_role("button", name="Go on there").click()
    learner.arrive(again, "glossary.html")
    learner.go(again, "room.html")
    expect(again.locator(".resume")).to_be_hidden()


def handed_on(learner: Learner) -> str:
    """What stands after the page in a link that a learner hands on: over the room to the end."""
    tab = learner.open("index.html")
    write(tab, "first", TYPED)
    learner.follow(tab, "Go in", "room.html")
    learner.follow(tab, "Sit down", "end.html")
    to_trail(learner, tab)
    run(tab, "Run 1").get_by_role("button", name="A link to hand on").click()
    found = str(tab.get_by_label("The link", exact=True).input_value())
    assert TYPED not in unquote(found)
    return "#" + found.partition("#")[2]


@everywhere
def test_a_trail_is_handed_on_and_followed(
    new_learner: NewLearner, small: Site, place: str
) -> None:
    """As a link that holds places alone; followed, it is a route, which can be left."""
    fragment = handed_on(new_learner(small.addresses[place]))
    peer = new_learner(small.addresses[place])
    tab = peer.open("trail.html" + fragment)
    shared = tab.locator(".trail-shared")
    expect(shared).to_contain_text("A trail that was handed on: Run 1")
    expect(shared.locator("li")).to_have_text(["The door", "The room", "Sitting down"])
    tab.get_by_role("button", name="Follow it").click()
    peer.arrive(tab, "index.html")
    bar = tab.locator(".route-bar")
    expect(bar).to_contain_text("Run 1")
    bar.locator(".route-next").click()
    peer.arrive(tab, "room.html")
    expect(bar.locator(".route-previous")).to_contain_text("The door")
    bar.locator(".route-leave").click()
    expect(bar.locator(".route-rejoin")).to_contain_text("Run 1")


def test_a_handed_on_trail_can_be_ignored(new_learner: NewLearner, small: Site) -> None:
    """Nothing is followed, and the address forgets it. Another's words are text."""
    peer = new_learner(small.addresses["root"])
    evil = "#trail=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E~room~javascript%3Aalert(1)~constructor"
    tab = peer.open("trail.html" + evil)
    expect(tab.locator(".trail-shared h2")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(tab.locator(".trail-shared li")).to_have_text(["The room"])
    expect(tab.locator(".trail-shared")).to_contain_text("2 places are not in this course")
    assert not violations(tab)
    tab.get_by_role("button", name="Leave it").click()
    expect(tab.locator(".trail-shared")).to_be_hidden()
    expect(tab).to_have_url(peer.base + "trail.html")


def test_a_handed_on_place_that_was_renamed_counts_under_its_present_name(
    visitor: Learner,
) -> None:
    """Once, though the trail has both names."""
    tab = visitor.open("trail.html#trail=x~parlour~room~garden")
    expect(tab.locator(".trail-shared li")).to_have_text(["The room", "The garden"])
    expect(tab.locator(".trail-shared")).not_to_contain_text("not in this course")


def test_a_trail_file_of_another_course_changes_nothing(visitor: Learner) -> None:
    """It is said; the same for what is no trail at all."""
    tab = visitor.open("trail.html")
    for text in ('{"format": "learnpath-trail", "version": 1, "course": "other"}', "{", "[]"):
        file: FilePayload = {"name": "t.json", "mimeType": "", "buffer": text.encode()}
        tab.locator("input[type=file]").set_input_files(file)
        expect(tab.locator(".trail-status")).to_contain_text("no trail of this course")
    expect(tab.locator(".trail-shared")).to_be_hidden()


def test_axe_finds_nothing_on_a_walked_trail(visitor: Learner) -> None:
    """With paths not taken unfolded, and runs, branches, names and suggestions on the trail."""
    tab = visitor.open("index.html")
    take(tab, "wait")
    tab.get_by_text("Paths not taken").click()
    expect(tab.locator(".untaken li").first).to_be_visible()
    assert not violations(tab)
    begin_afresh(visitor, tab, "Again")
    to_trail(visitor, tab)
    tab.get_by_role("button", name="A link to hand on").first.click()
    assert not violations(tab)


def test_paths_and_runs_by_keyboard_alone(visitor: Learner) -> None:
    """Every stop shows its focus; Escape leaves a name as it was."""
    tab = visitor.open("index.html")
    visitor.follow(tab, "Go in", "room.html")
    tab.go_back()
    visitor.arrive(tab, "index.html")
    press_until(tab, "Tab", ".untaken > summary")
    tab.keyboard.press("Enter")
    expect(tab.locator(".untaken li").first).to_be_visible()
    press_until(tab, "Tab", ".untaken-way")
    tab.keyboard.press("Enter")
    visitor.arrive(tab, "room.html")
    to_trail(visitor, tab)
    press_until(tab, "Tab", ".trail-name")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.className") == "trail-name"
    press_until(tab, "Tab", ".trail-page")
    tab.keyboard.press("Enter")
    visitor.arrive(tab, "index.html")


def test_without_scripts_the_trail_says_what_to_do(reader: Learner) -> None:
    """And choices show no fold that could not be filled."""
    tab = reader.open("trail.html")
    expect(tab.get_by_text("mark the pages you pass on the printed map")).to_be_visible()
    reader.go(tab, "index.html")
    expect(tab.locator(".untaken")).to_be_hidden()
