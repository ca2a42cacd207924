"""Worksheets in a browser: each part kept by itself, the observation after one's own guess."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import NewLearner
from browser.learner import box, checkpoint, pick, write
from browser.places import Site
from browser.test_pages import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-sharing")]


@pytest.mark.parametrize("width", [390, 1400])
def test_what_is_written_on_a_worksheet_is_in_the_journal(
    new_learner: NewLearner, sample: Site, width: int
) -> None:
    """Part by part, with the question; the page fits and axe finds nothing on it."""
    learner = new_learner(
        sample.addresses["root"],
        reduced_motion="reduce",
        viewport={"width": width, "height": 900},
    )
    tab = learner.open("ideas/mental-models.html")
    write(tab, "my-ladder-assumed", "That whoever cares is on time.")
    write(tab, "my-ladder-happened", "A door, at four past nine.")
    assert violations(tab) == []
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
    learner.go(tab, "journal.html")
    expect(tab.locator(".journal-entry")).to_have_count(2)
    expect(tab.get_by_text("What did you take for granted on the way there?")).to_be_visible()
    learner.go(tab, "ideas/left-hand-column.html")
    said, thought = (box(tab, f"left-hand-{part}").bounding_box() for part in ("said", "thought"))
    assert said
    assert thought
    assert (thought["x"] < said["x"]) == (width > 1000), "left stands left, where there is room"


def test_the_observation_comes_after_ones_own_guess(new_learner: NewLearner, sample: Site) -> None:
    """With scripts it waits for the guess; without, it is folded, and all questions are there."""
    learner = new_learner(sample.addresses["root"])
    tab = learner.open("ideas/delays.html")
    observation = checkpoint(tab, "shower-predicted").locator("details.after")
    expect(observation).to_be_hidden()
    pick(tab, "shower-predicted", "It goes too hot, then too cold, then too hot")
    observation.locator("summary").click()
    expect(observation).to_contain_text("it swings")
    reader = new_learner(sample.addresses["root"], java_script_enabled=False)
    page = reader.open("ideas/delays.html")
    expect(checkpoint(page, "shower-predicted").locator("details.after > summary")).to_be_visible()
    expect(page.get_by_text("How do you explain it?")).to_be_visible()
