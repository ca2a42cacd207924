"""The table *Without JavaScript* of the authoring format, row by row; and paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NewLearner
from browser.learner import TYPED, Learner, box, checkpoint, link, option, write
from browser.places import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-pages")]


def test_a_choice_with_a_condition_is_there_with_the_condition_in_words(reader: Learner) -> None:
    """Open, a real link, and with what it asks for; the reason for closing it is not shown."""
    tab = reader.open("index.html")
    for name, condition in (
        ("key", "If you have seen The garden"),
        ("window", "If you chose “Wait outside”"),
    ):
        expect(option(tab, name)).to_be_visible()
        expect(option(tab, name).get_by_text(condition)).to_be_visible()
    expect(option(tab, "key").get_by_text("The key lies in the garden.")).to_be_hidden()
    reader.follow(tab, "Use the key", "cellar.html")


def test_effects_are_there_in_words(reader: Learner) -> None:
    """What an option does to the state is a note to make; there are no meters."""
    tab = reader.open("index.html")
    expect(option(tab, "go-in").get_by_text("Trust rises by 1: make a note")).to_be_visible()
    expect(option(tab, "wait").get_by_text("Trust falls by 1: make a note")).to_be_visible()
    chair = "Your chair is now The right chair: make a note"
    expect(option(tab, "wait").get_by_text(chair)).to_be_visible()
    expect(option(tab, "knock").get_by_text("You have knocked: make a note")).to_be_visible()
    expect(tab.locator(".meters")).to_be_hidden()


def test_what_unfolds_is_a_details_element(reader: Learner) -> None:
    """An item without a link, a reveal, a sample, a hint: folded, and opened by a click."""
    tab = reader.open("index.html")
    option(tab, "wait").locator("summary").click()
    expect(tab.get_by_text("Somebody opens from within.")).to_be_visible()
    checkpoint(tab, "first").locator("details.after > summary").click()
    expect(tab.get_by_text("A table and two chairs.")).to_be_visible()
    reader.go(tab, "room.html")
    checkpoint(tab, "who").locator("details.after > summary").click()
    expect(tab.get_by_text("It was the guest.")).to_be_visible()
    tab.locator("details.hint > summary").first.click()
    expect(tab.get_by_text("Look at the chairs.")).to_be_visible()


def test_when_and_otherwise_are_both_there_with_their_conditions(reader: Learner) -> None:
    """Each with its condition in the author's words, or as *Otherwise*."""
    tab = reader.open("room.html")
    for condition, text in (
        ("If you went straight in", "Your coat is still on."),
        ("Otherwise", "You have wiped your feet."),
        ("If there is some trust", "They look up and nod."),
    ):
        block = tab.locator(".when", has_text=text)
        expect(block.get_by_text(text)).to_be_visible()
        expect(block.get_by_text(condition, exact=True)).to_be_visible()


def test_a_gate_shows_its_reason_and_the_content(reader: Learner) -> None:
    """The door stands open: no button that needs a script, a link to what it asks for."""
    tab = reader.open("study.html")
    expect(tab.get_by_text("What lies here only makes sense")).to_be_visible()
    expect(tab.get_by_text("On the desk lies a sheet")).to_be_visible()
    expect(tab.get_by_role("button", name="Read on anyway")).to_be_hidden()
    expect(tab.locator(".gate .nojs")).to_be_visible()
    tab.locator(".gate-asks a").click()
    assert tab.url.startswith(reader.base + "index.html")


def test_answers_and_variables_are_the_brackets_text(reader: Learner) -> None:
    """`:answer` and `:state` read as the author wrote them for where there is nothing."""
    tab = reader.open("index.html")
    text = "You expect something you have not said. Trust stands at where it stood."
    expect(tab.get_by_text(text)).to_be_visible()


def test_a_revisit_asks_the_first_question_again_and_the_new_one(reader: Learner) -> None:
    """With a link to where it was asked first."""
    tab = reader.open("end.html")
    again = checkpoint(tab, "first-again")
    expect(again.get_by_text("What do you expect behind the door?")).to_be_visible()
    expect(again.get_by_text("What do you see in those words now?")).to_be_visible()
    again.get_by_role("link", name="Where you were first asked").click()
    assert tab.url.startswith(reader.base + "index.html")


@pytest.mark.parametrize("name", ["who", "how-many", "sure", "next-words"])
def test_a_checkpoint_shows_its_prompt_and_where_saving_would_happen(
    reader: Learner, name: str
) -> None:
    """Nothing claims to save."""
    tab = reader.open("room.html")
    section = checkpoint(tab, name)
    expect(section.locator(".prompt")).to_be_visible()
    expect(section.locator(".where")).to_contain_text("Without JavaScript they cannot be")
    expect(section.locator(".where")).to_be_visible()
    expect(section.locator(".where-kept")).to_be_hidden()


def test_a_detour_is_a_link_and_lists_its_places(reader: Learner) -> None:
    """The page one detours to says where one may have come from, at the very place."""
    tab = reader.open("index.html")
    reader.follow(tab, "to the same garden", "garden.html")
    places = tab.locator(".detour-of")
    expect(places).to_be_visible()
    hrefs = places.get_by_role("link").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert set(hrefs) <= {"index.html", "index.html#detour-1", "index.html#detour-2"}
    places.get_by_role("link").first.click()
    assert tab.url.startswith(reader.base + "index.html")


def test_a_route_has_a_page_with_links_to_every_step(reader: Learner) -> None:
    """In order, with minutes and what to do there; the bar of the route is not there."""
    tab = reader.open("routes/short.html")
    steps = tab.locator("main ol a.card-link")
    assert steps.all_text_contents() == ["The door", "The room", "Sitting down"]
    expect(tab.locator("main ol > li").nth(2)).to_contain_text("Sit down")
    steps.nth(1).click()
    reader.arrive(tab, "room.html")
    expect(tab.locator(".route-bar")).to_be_hidden()


def test_pages_listed_once_visited_are_listed(reader: Learner) -> None:
    """Nothing can know of a visit, so nothing is hidden."""
    tab = reader.open("map.html")
    expect(tab.locator('.map-entry[data-page-card="attic"]')).to_be_visible()
    reader.go(tab, "index.html")
    expect(tab.locator('.card[data-page-card="attic"]')).to_be_visible()


def test_the_journal_says_why_it_is_empty(reader: Learner) -> None:
    """In words, and without buttons that do nothing."""
    tab = reader.open("journal.html")
    expect(tab.locator(".journal .nojs").first).to_be_visible()
    expect(tab.get_by_role("button")).to_have_count(0)


def test_every_choice_of_every_page_is_a_link_that_leads_somewhere(
    new_learner: NewLearner, small: Site, sample: Site
) -> None:
    """In both courses: each option is a real link to a page that is there, or unfolds."""
    for site in (small, sample):
        reader = new_learner(site.addresses["disk"], java_script_enabled=False)
        tab = reader.context.new_page()
        for name in site.pages():
            if "data-option=" not in (site.folder / name).read_text("utf-8"):
                continue
            tab.goto(reader.base + name)
            for label, shown, unfolds, urls in tab.evaluate(_OPTIONS):
                assert shown, (name, label)
                assert urls or unfolds, (name, label)
                for url in urls:
                    target = url.removeprefix(reader.base).split("#")[0]
                    assert (site.folder / target).is_file(), (name, label, url)


_OPTIONS = """[...document.querySelectorAll("[data-option]")].map((option) => [
  option.textContent.trim(),
  option.checkVisibility(),
  option.querySelector("details > summary") !== null,
  [...option.querySelectorAll("a.option-link")].map((link) => link.href),
])"""


def on_paper(tab: Page) -> None:
    tab.emulate_media(media="print")


def test_paper_has_lines_to_write_on_and_everything_unfolded(reader: Learner) -> None:
    """Without scripts: lines for boxes, details open, conditions in words, no navigation."""
    tab = reader.open("index.html")
    on_paper(tab)
    first = checkpoint(tab, "first")
    expect(first.locator(".lines")).to_be_visible()
    lines = first.locator(".lines i")
    assert lines.count() >= 5
    assert all((line.bounding_box() or {"height": 0})["height"] >= 25 for line in lines.all())
    expect(first.locator("textarea")).to_be_hidden()
    expect(tab.get_by_text("Somebody opens from within.")).to_be_visible()
    expect(option(tab, "key").get_by_text("If you have seen The garden")).to_be_visible()
    expect(tab.get_by_role("navigation", name="Course")).to_be_hidden()
    assert tab.pdf().startswith(b"%PDF")


def test_paper_has_the_words_that_were_written(visitor: Learner) -> None:
    """With scripts: one's own words instead of the lines, the conditions of choices in words."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    on_paper(tab)
    expect(box(tab, "first")).to_be_visible()
    expect(box(tab, "first")).to_have_value(TYPED)
    expect(checkpoint(tab, "first").locator(".lines")).to_be_hidden()
    expect(option(tab, "key").get_by_text("If you have seen The garden")).to_be_visible()
    assert tab.pdf().startswith(b"%PDF")
    tab.emulate_media(media="screen")
    visitor.go(tab, "end.html")
    on_paper(tab)
    expect(checkpoint(tab, "first-again").locator(".lines")).to_be_visible()
    expect(checkpoint(tab, "first-again").locator(".then")).to_contain_text(TYPED)
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(tab.locator(".on-paper").last).to_contain_text(TYPED)
    expect(tab.get_by_role("button", name="Print")).to_be_hidden()
    assert tab.pdf().startswith(b"%PDF")


def test_paper_shows_no_sample_before_ones_own_attempt(visitor: Learner) -> None:
    """What a learner has not opened is not printed over their own attempt."""
    tab = visitor.open("index.html")
    on_paper(tab)
    expect(tab.get_by_text("A table and two chairs.")).to_be_hidden()
    expect(checkpoint(tab, "first").locator(".lines")).to_be_visible()


@pytest.mark.parametrize("broken", ["core", "checkpoints"])
def test_where_a_script_does_not_arrive_everything_is_shown(
    new_learner: NewLearner, small: Site, broken: str
) -> None:
    """After three seconds at most nothing is hidden any more, with conditions in words."""
    learner = new_learner(small.addresses["root"])
    learner.context.route(f"**/{broken}*.js", lambda route: route.abort())
    tab = learner.context.new_page()
    tab.goto(learner.base + "room.html")
    expect(tab.locator(".prompt").first).to_be_visible()
    if broken == "core":
        expect(tab.get_by_text("Your coat is still on.")).to_be_visible()
        expect(tab.get_by_text("If you went straight in")).to_be_visible()
        expect(checkpoint(tab, "who").locator("details.after")).to_be_visible()
    expect(link(tab, "Sit down")).to_be_visible()
    assert learner.troubles
    learner.troubles.clear()


_WITHOUT = """() => {
  const shown = (each) => each.checkVisibility() || each.closest("details:not([open])");
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const kept = all("[data-choices] [data-option], .checkpoint, .checkpoint .prompt");
  const mute = all(".checkpoint").filter((each) => !all(".nojs", each).some(shown));
  const dead = all("main button").filter((each) => each.checkVisibility());
  return [...kept.filter((each) => !shown(each)), ...mute, ...dead]
    .map((each) => each.outerHTML.slice(0, 100));
}"""


def test_on_every_page_all_that_is_asked_is_there_and_says_how_to_go_on(
    new_learner: NewLearner, sample: Site
) -> None:
    """Each choice, each prompt, with a word about paper; and no button that would do nothing."""
    learner = new_learner(sample.addresses["root"], java_script_enabled=False)
    tab = learner.context.new_page()
    wrong = []
    for name in sample.pages():
        learner.go(tab, name)
        wrong += [(name, each) for each in tab.evaluate(_WITHOUT)]
    assert not wrong, wrong
