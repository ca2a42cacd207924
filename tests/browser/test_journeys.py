"""Ways through a course: choices, state, Back, gates, detours, routes, cards. From every place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import NewLearner
from browser.learner import (
    Learner,
    box,
    checkpoint,
    link,
    meter,
    option,
    saved,
    stands,
    take,
    write,
)
from browser.places import Site, everywhere

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-journeys")]


@everywhere
def test_a_choice_leads_on_and_changes_what_the_next_page_says(learner: Learner) -> None:
    """Effects and the choice itself are known on the next page: text, meters, visited links."""
    tab = learner.open("index.html")
    stands(tab, "Trust", 0)
    learner.follow(tab, "Go in", "room.html")
    stands(tab, "Trust", 1)
    expect(tab.get_by_text("Your coat is still on.")).to_be_visible()
    expect(tab.get_by_text("You have wiped your feet.")).to_be_hidden()
    expect(tab.get_by_text("They look up and nod.")).to_be_visible()
    expect(tab.get_by_text("If there is some trust")).to_be_hidden()
    expect(link(tab, "Back to the door")).to_have_attribute("data-visited", "")
    expect(link(tab, "Sit down")).not_to_have_attribute("data-visited", "")


def test_a_consequence_opens_in_place_and_the_others_stay_open(learner: Learner) -> None:
    """Taking an option without a link stays on the page, has its effect once, and opens a way."""
    tab = learner.open("index.html")
    window = option(tab, "window")
    expect(window).to_be_hidden()
    expect(tab.get_by_text("Somebody opens from within.")).to_be_hidden()
    take(tab, "wait")
    expect(tab.get_by_text("Somebody opens from within.")).to_be_visible()
    stands(tab, "Trust", -1)
    expect(meter(tab, "Your chair")).to_have_text("The right chair")
    expect(window).to_be_visible()
    wait = option(tab, "wait").locator("summary")
    wait.click()
    wait.click()
    expect(tab.get_by_text("Somebody opens from within.")).to_be_visible()
    stands(tab, "Trust", -1)
    expect(link(tab, "Go in")).to_be_visible()
    learner.follow(tab, "Climb in by the window", "room.html")
    expect(tab.get_by_text("Nobody looks up.")).to_be_visible()


def test_a_consequence_may_lead_on_and_its_effects_come_once(learner: Learner) -> None:
    """An option with a consequence and a link: taken when opened, left by *Go on*."""
    tab = learner.open("index.html")
    take(tab, "knock")
    stands(tab, "Trust", 2)
    option(tab, "knock").get_by_role("link", name="Go on").click()
    learner.arrive(tab, "room.html")
    stands(tab, "Trust", 2)
    expect(tab.get_by_text("They have heard you knock.")).to_be_visible()


@everywhere
def test_back_returns_to_the_moment_with_its_state(learner: Learner) -> None:
    """Back undoes neither page nor option, it goes to where they had not happened yet."""
    tab = learner.open("index.html")
    take(tab, "wait")
    learner.follow(tab, "Go in", "room.html")
    stands(tab, "Trust", 0)
    tab.go_back()
    learner.arrive(tab, "index.html")
    stands(tab, "Trust", -1)
    expect(option(tab, "wait")).to_have_attribute("data-taken", "")
    tab.go_back()
    stands(tab, "Trust", 0)
    expect(meter(tab, "Your chair")).to_have_text("The left chair")
    expect(tab.get_by_text("Somebody opens from within.")).to_be_hidden()
    expect(option(tab, "window")).to_be_hidden()
    tab.go_forward()
    stands(tab, "Trust", -1)
    tab.go_forward()
    learner.arrive(tab, "room.html")
    stands(tab, "Trust", 0)


def test_another_turning_grows_another_branch(learner: Learner) -> None:
    """After Back another option counts instead of the first, and the first can be taken again."""
    tab = learner.open("index.html")
    learner.follow(tab, "Go in", "room.html")
    expect(tab.get_by_text("Your coat is still on.")).to_be_visible()
    tab.go_back()
    learner.arrive(tab, "index.html")
    take(tab, "knock")
    option(tab, "knock").get_by_role("link", name="Go on").click()
    learner.arrive(tab, "room.html")
    expect(tab.get_by_text("You have wiped your feet.")).to_be_visible()
    stands(tab, "Trust", 2)


def test_a_reload_stays_at_the_moment(learner: Learner) -> None:
    """Neither a reload nor two add a visit or an effect."""
    tab = learner.open("index.html")
    learner.follow(tab, "Go in", "room.html")
    for _ in range(2):
        tab.reload()
        learner.arrive(tab, "room.html")
    stands(tab, "Trust", 1)
    expect(tab.get_by_text("Your coat is still on.")).to_be_visible()
    tab.go_back()
    learner.arrive(tab, "index.html")


def test_effects_add_up_on_the_way_round_and_stay_in_range(learner: Learner) -> None:
    """Going round by the door three times raises trust to its bound and no further."""
    tab = learner.open("index.html")
    for trust in (1, 2, 2):
        learner.follow(tab, "Go in", "room.html")
        stands(tab, "Trust", trust)
        learner.follow(tab, "Back to the door", "index.html")


def test_a_closed_choice_gives_its_reason_until_it_opens(learner: Learner) -> None:
    """With `because` an option is shown and says why; the visit it asks for opens it."""
    tab = learner.open("index.html")
    key = option(tab, "key")
    expect(key.get_by_text("The key lies in the garden.")).to_be_visible()
    way = key.get_by_role("link", name="Use the key")
    expect(way).to_have_attribute("aria-disabled", "true")
    assert way.get_attribute("href") is None
    way.click(force=True)
    expect(tab).to_have_url(learner.base + "index.html")
    learner.follow(tab, "round by the garden", "garden.html")
    learner.follow(tab, "Back to “The door”", "index.html#detour-1")
    expect(key.get_by_text("The key lies in the garden.")).to_be_hidden()
    expect(way).not_to_have_attribute("aria-disabled", "true")
    learner.follow(tab, "Use the key", "cellar.html")


@everywhere
def test_a_detour_returns_to_the_very_place(learner: Learner) -> None:
    """From the second of two detours one comes back to the second, with the state one had."""
    tab = learner.open("index.html")
    take(tab, "wait")
    learner.follow(tab, "to the same garden", "garden.html")
    learner.follow(tab, "Back to “The door”", "index.html#detour-2")
    expect(tab.locator("#detour-2")).to_be_in_viewport()
    stands(tab, "Trust", -1)
    learner.follow(tab, "glossary", "glossary.html")
    expect(link(tab, "Back to “The door”")).to_be_visible()
    tab.get_by_role("navigation", name="Course").get_by_role("link", name="Map").click()
    learner.arrive(tab, "map.html#at-glossary")
    learner.go(tab, "garden.html")
    expect(tab.locator(".detour-return")).to_be_hidden()
    expect(tab.locator(".detour-of")).to_be_visible()


@pytest.mark.parametrize("way", ["I answered on paper", "Read on anyway"])
def test_a_gate_can_be_opened_by_hand(learner: Learner, way: str) -> None:
    """It gives its reason; both buttons show the page, and the focus goes to its text."""
    tab = learner.open("study.html")
    expect(
        tab.get_by_text("What lies here only makes sense beside your own words.")
    ).to_be_visible()
    expect(tab.get_by_text("On the desk lies a sheet")).to_be_hidden()
    tab.get_by_role("button", name=way).click()
    expect(
        tab.get_by_text("On the desk lies a sheet with your words: a blank sheet.")
    ).to_be_visible()
    expect(tab.locator(".gate")).to_be_hidden()
    expect(tab.locator(".gated")).to_be_focused()
    tab.reload()
    learner.arrive(tab, "study.html")
    expect(tab.get_by_text("On the desk lies a sheet")).to_be_visible()


def test_a_gate_opens_by_answering(learner: Learner) -> None:
    """The gate's link leads to the question, and with an answer to it the door stands open."""
    tab = learner.open("study.html")
    expect(tab.get_by_text("On the desk lies a sheet")).to_be_hidden()
    tab.locator(".gate-asks a").click()
    expect(tab).to_have_url(re.compile("/index.html(#first)?$"))
    write(tab, "first", "Silence.")
    learner.follow(tab, "Go in", "room.html")
    learner.follow(tab, "To the study", "study.html")
    expect(tab.get_by_text("On the desk lies a sheet with your words: Silence.")).to_be_visible()
    expect(tab.locator(".gate")).to_be_hidden()


def test_a_gate_that_was_read_past_is_closed_on_another_branch(visitor: Learner) -> None:
    """Reading on is of this path; what was answered on paper is the learner's for good."""
    tab = visitor.open("study.html")
    tab.get_by_role("button", name="Read on anyway").click()
    other = visitor.open("cellar.html")
    other.get_by_role("button", name="I answered on paper").click()
    visitor.go(other, "room.html")
    visitor.follow(other, "Down to the cellar", "cellar.html")
    expect(other.locator(".gate")).to_be_hidden()


def test_a_route_bar_leads_on_and_can_be_left_and_rejoined(learner: Learner) -> None:
    """Begun from its page, the route is named on every page, with its step and its neighbours."""
    tab = learner.open("routes/short.html")
    learner.follow(tab, "The door", "index.html")
    bar = tab.get_by_role("navigation", name="Your route")
    expect(bar).to_contain_text("On the route “The short way”")
    expect(bar).to_contain_text("Step 1 of 3")
    bar.get_by_role("link", name="Next: The room").click()
    learner.arrive(tab, "room.html")
    expect(bar).to_contain_text("Step 2 of 3")
    learner.follow(tab, "Up to the attic", "attic.html")
    expect(bar).to_contain_text("The short way")
    expect(bar).not_to_contain_text("Step")
    tab.go_back()
    learner.arrive(tab, "room.html")
    bar.get_by_role("link", name="Next: Sitting down").click()
    learner.arrive(tab, "end.html")
    expect(tab.get_by_text("You came by the short way.")).to_be_visible()
    bar.get_by_role("button", name="Leave this route").click()
    expect(tab.get_by_text("You came by the short way.")).to_be_hidden()
    rejoin = bar.get_by_role("button", name="Back onto the route “The short way”")
    expect(rejoin).to_be_focused()
    rejoin.click()
    expect(tab.get_by_text("You came by the short way.")).to_be_visible()


def test_a_card_listed_once_visited_appears_after_the_visit(learner: Learner) -> None:
    """On pages, in the map's list and drawing; until then only links in the text lead there."""
    tab = learner.open("index.html")
    card = tab.locator('.card[data-page-card="attic"]')
    at_hand = tab.locator('.at-hand [data-page-card="attic"]')
    expect(card).to_be_hidden()
    expect(at_hand).to_be_hidden()
    learner.go(tab, "map.html")
    listed = tab.locator('.map-entry[data-page-card="attic"]')
    drawn = tab.locator('.map-drawing a[data-page="attic"]')
    expect(listed).to_be_hidden()
    expect(drawn).to_be_hidden()
    learner.go(tab, "room.html")
    learner.follow(tab, "Up to the attic", "attic.html")
    learner.go(tab, "map.html")
    expect(listed).to_be_visible()
    expect(drawn).to_be_visible()
    expect(
        tab.locator('.map-drawing .edge[data-from="room"][data-to="attic"]').first
    ).to_be_visible()
    learner.go(tab, "index.html")
    expect(card).to_be_visible()


def test_an_option_of_ones_own_is_kept_and_known(learner: Learner) -> None:
    """What is written in its box is an answer, and where the option has a link, that leads on."""
    tab = learner.open("index.html")
    option(tab, "shout").locator("summary").first.click()
    box(tab, "shouted").fill("Is anybody there?")
    option(tab, "shout").get_by_role("link", name="Go on").click()
    learner.arrive(tab, "room.html")
    expect(tab.get_by_text("They have heard you: Is anybody there?.")).to_be_visible()
    tab.go_back()
    learner.arrive(tab, "index.html")
    option(tab, "own-way").locator("summary").first.click()
    write(tab, "own-way", "Sit on the step.")
    expect(option(tab, "own-way")).to_have_attribute("data-taken", "")


@everywhere
def test_the_scenario_of_the_map_is_walked_from_end_to_end(learner: Learner) -> None:
    """From the door to the end by choices alone, and the end knows the way."""
    tab = learner.open("index.html")
    write(tab, "first", "A table.")
    learner.follow(tab, "Go in", "room.html")
    learner.follow(tab, "Up to the attic", "attic.html")
    learner.follow(tab, "To the study", "study.html")
    expect(tab.locator(".gate")).to_be_hidden()
    learner.follow(tab, "Sit down", "end.html")
    expect(tab.get_by_text("You have been around.")).to_be_visible()
    expect(checkpoint(tab, "first-again").locator(".then")).to_contain_text("A table.")
    learner.follow(tab, "Begin again", "index.html")
    expect(box(tab, "first")).to_have_value("A table.")


@everywhere
def test_another_language_knows_the_words_and_the_way(learner: Learner) -> None:
    """Switched to French in the middle, the learner's words, choices and state are the same."""
    tab = learner.open("index.html")
    write(tab, "first", "Une table.")
    learner.follow(tab, "Go in", "room.html")
    tab.get_by_role("navigation", name="Languages").get_by_role("link", name="Français").click()
    learner.arrive(tab, "fr/room.html")
    expect(tab.locator("html")).to_have_attribute("lang", "fr")
    expect(tab.get_by_text("Vous avez gardé votre manteau.")).to_be_visible()
    learner.go(tab, "fr/index.html")
    expect(box(tab, "first")).to_have_value("Une table.")
    box(tab, "first").fill("Une table et deux chaises.")
    box(tab, "first").blur()
    expect(checkpoint(tab, "first").get_by_role("status")).not_to_be_empty()
    tab.get_by_role("navigation").get_by_role("link", name="English").click()
    learner.arrive(tab, "index.html")
    expect(box(tab, "first")).to_have_value("Une table et deux chaises.")


def test_a_former_address_leads_to_the_page(learner: Learner) -> None:
    """An alias is a page that goes on to the present one by itself."""
    tab = learner.context.new_page()
    tab.goto(learner.base + "parlour.html")
    learner.arrive(tab, "room.html")


def test_the_question_to_carry_stands_on_every_page(visitor: Learner) -> None:
    """Once the driving question is answered, the learner's wording heads each page."""
    tab = visitor.open("index.html")
    expect(tab.locator("[data-driving-question]")).to_be_hidden()
    write(tab, "first", "Who sits there?")
    visitor.follow(tab, "Go in", "room.html")
    expect(tab.locator("[data-driving-question]")).to_contain_text("Who sits there?")


def test_hints_open_one_at_a_time(visitor: Learner) -> None:
    """The second of two hints is folded until it is asked for."""
    tab = visitor.open("room.html")
    hints = tab.locator("details.hint")
    hints.nth(0).locator("summary").click()
    expect(tab.get_by_text("Look at the chairs.")).to_be_visible()
    expect(tab.get_by_text("Look at who is not there.")).to_be_hidden()


class TestTheSampleCourse:
    """The winter at Ostrey, walked through from every place."""

    @everywhere
    def test_a_promise_kept_and_broken(
        self, new_learner: NewLearner, sample: Site, place: str
    ) -> None:
        """What was promised on the ward decides what can be said in the meeting."""
        learner = new_learner(sample.addresses[place])
        tab = learner.open("laundry/index.html")
        box(tab, "sixth-week").fill("7500")
        box(tab, "sixth-week").blur()
        saved(tab, "sixth-week")
        expect(tab.get_by_text("What happened", exact=True)).to_be_visible()
        choice = "On the wards: I speak for thirty-one of them at every linen meeting"
        learner.follow(tab, choice, "laundry/short-monday.html")
        expect(tab.get_by_text("You have been on the wards since six.")).to_be_visible()
        expect(meter(tab, "Your seat")).to_have_text("You speak for the wards")
        choice = "Ride with Idris and follow one sheet all the way round"
        learner.follow(tab, choice, "laundry/follow-a-sheet.html")
        expect(tab.get_by_text("You had guessed 7500 sheets for the sixth week.")).to_be_visible()
        take(tab, "promise")
        stands(tab, "Trust in the room", 2, -3, 3)
        learner.follow(tab, "a meeting to go to", "laundry/meeting.html")
        expect(option(tab, "tell").locator(".option-because")).to_be_visible()
        choice = "Tell them about the cupboard, though you promised not to"
        learner.follow(tab, choice, "laundry/two-weeks.html")
        expect(tab.get_by_text("You say it without naming anyone")).to_be_visible()
        expect(option(tab, "truth").locator(".option-because")).to_be_visible()
        tab.go_back()
        learner.arrive(tab, "laundry/meeting.html")
        take(tab, "stand")
        learner.follow(tab, "a decision before they all stand up", "laundry/two-weeks.html")
        expect(tab.get_by_text("They are still turning over what Maud said")).to_be_visible()
        choice = "Two weeks of true numbers, with the cupboards left shut"
        learner.follow(tab, choice, "laundry/open-shelf.html")
        expect(tab.locator(".ending")).to_contain_text("The cupboards empty themselves")
        learner.follow(tab, "look back over what you did", "laundry/looking-back.html")
        expect(tab.locator(".gate")).to_be_hidden()
        expect(tab.get_by_text("Before the sixth week you guessed 7500 sheets.")).to_be_visible()
