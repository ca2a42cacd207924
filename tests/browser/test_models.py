"""A model in the page: played by keyboard, kept, taken back; and what there is without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NewLearner
from browser.learner import Learner, saved
from browser.places import Site
from browser.test_pages import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-pages")]

PAGE = "ideas/beer-game.html"


def begin(learner: Learner) -> Page:
    """Open the page and press the button that begins the game."""
    tab = learner.open(PAGE)
    tab.get_by_role("button", name="Play it yourself").press("Enter")
    expect(tab.locator("[data-decision]")).to_be_focused()
    return tab


def order(tab: Page, *crates: int) -> None:
    """Order so many crates, week by week, by keyboard alone."""
    for each in crates:
        tab.keyboard.type(str(each))
        tab.keyboard.press("Enter")


@pytest.mark.parametrize("place", ["folder", "disk"])
def test_the_game_is_played_by_keyboard_and_kept(
    new_learner: NewLearner, sample: Site, place: str
) -> None:
    """The script comes with the first press; decisions are kept and there again; the end shows
    what nobody saw, and the journal holds every order."""
    learner = new_learner(sample.addresses[place])
    tab = begin(learner)
    order(tab, 4, 4, 9)
    expect(tab.locator(".model-moment")).to_have_text("3 of 36 weeks.")
    expect(tab.locator(".model-after")).to_be_hidden()
    tab.locator(".model-again").focus()
    saved(tab, "beer-game")
    tab.reload()
    expect(tab.locator(".model-moment")).to_have_text("3 of 36 weeks.")
    expect(tab.locator("[data-decision]")).to_have_value("9")
    expect(tab.locator(".model-run tbody").first.locator("tr")).to_have_count(4)
    tab.get_by_role("button", name="Go on like this to the end").press("Enter")
    expect(tab.locator(".model-moment")).to_contain_text("The run is over")
    tab.locator(".model-after > summary").press("Enter")
    expect(tab.locator(".model-after .chart .chart-line")).to_have_count(9)
    if place != "disk":  # axe asks for the style sheets, which a disk refuses
        assert violations(tab) == []
    saved(tab, "beer-game")
    learner.go(tab, "journal.html")
    expect(tab.get_by_text("your order (crates/week): 4, 4, 9 (× 34)")).to_be_visible()


def test_the_browser_comes_to_what_the_build_came_to(new_learner: NewLearner, sample: Site) -> None:
    """Left as it was, the learner's run ends in the numbers that the page came with."""
    learner = new_learner(sample.addresses["folder"])
    tab = learner.open(PAGE)
    last = tab.locator(".model-numbers tbody tr:last-child")
    built = [last.nth(at).text_content() for at in range(2)]
    tab.get_by_role("button", name="Play it yourself").click()
    tab.get_by_role("button", name="Go on like this to the end").click()
    expect(tab.locator(".model-moment")).to_contain_text("36 of 36")
    assert [last.nth(at).text_content() for at in range(2)] == built


def test_nobody_is_sent_beyond_a_decision_s_range(new_learner: NewLearner, sample: Site) -> None:
    """Nonsense in the box is nothing ordered, too much is the most there is."""
    tab = begin(new_learner(sample.addresses["folder"]))
    order(tab, 999)
    expect(tab.locator("[data-decision]")).to_have_value("60")
    tab.keyboard.press("Delete")
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-decision]")).to_have_value("0")


def test_without_scripts_there_is_a_run_to_look_at(new_learner: NewLearner, sample: Site) -> None:
    """Charts, the same in numbers, what it is made of, and no button that does nothing."""
    learner = new_learner(sample.addresses["folder"], java_script_enabled=False)
    tab = learner.open(PAGE)
    expect(tab.locator(".model .chart").first).to_be_visible()
    expect(tab.get_by_text("One run, from 0 to 36 weeks")).to_be_visible()
    expect(tab.get_by_role("button", name="Play it yourself")).to_be_hidden()
    tab.locator(".model-numbers > summary").first.click()
    expect(tab.locator(".model-numbers tbody tr").first).to_be_visible()
    tab.locator(".model-text > summary").click()
    expect(tab.get_by_text("decision your order = 4 (0 to 60)")).to_be_visible()


def test_what_was_played_goes_into_another_browser(
    new_learner: NewLearner, sample: Site, tmp_path: Path
) -> None:
    """By the journal's file: the same moment, the same orders, and the game goes on from there."""
    learner = new_learner(sample.addresses["folder"])
    tab = begin(learner)
    order(tab, 4, 7, 9)
    tab.locator(".model-again").focus()
    saved(tab, "beer-game")
    learner.go(tab, "journal.html")
    with tab.expect_download() as caught:
        tab.locator(".journal-tools .journal-export").click()
    caught.value.save_as(tmp_path / "journal.json")
    other = new_learner(sample.addresses["folder"])
    there = other.open("journal.html")
    with there.expect_file_chooser() as chooser:
        there.get_by_role("button", name="Take in a file").click()
    chooser.value.set_files(tmp_path / "journal.json")
    expect(there.locator(".journal-new")).to_contain_text("your order (crates/week): 4, 7, 9")
    there.locator(".journal-take-in-yes").click()
    other.go(there, PAGE)
    expect(there.locator(".model-moment")).to_have_text("3 of 36 weeks.")
    there.locator("[data-decision]").focus()
    order(there, 11)
    expect(there.locator(".model-moment")).to_have_text("4 of 36 weeks.")


def test_on_paper_no_column_is_cut_off(new_learner: NewLearner, sample: Site) -> None:
    """A played model prints its charts and every number, within the width of a sheet."""
    tab = begin(new_learner(sample.addresses["folder"]))
    tab.get_by_role("button", name="Go on like this to the end").click()
    tab.set_viewport_size({"width": 657, "height": 986})  # what A4 leaves beside its margins
    tab.emulate_media(media="print")
    for numbers in tab.locator(".model-numbers").all():
        wide = numbers.evaluate("each => each.scrollWidth - each.clientWidth")
        table = numbers.locator("table")
        assert wide <= 0
        assert table.evaluate("t => t.offsetWidth <= t.closest('.model-numbers').clientWidth")
