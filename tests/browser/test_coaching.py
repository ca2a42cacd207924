"""Help in a browser: as the course has it, and as the learner wants it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NewLearner
from browser.learner import press_until
from browser.places import Site
from browser.test_pages import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-sharing")]


def turn(tab: Page, label: str) -> None:
    tab.get_by_role("button", name=label, exact=True).click()
    expect(tab.get_by_role("button", name=label, exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_the_learner_turns_help_up_or_down_on_every_page(
    new_learner: NewLearner, sample: Site
) -> None:
    """What was chosen holds on other pages and after a reload, until the course decides again."""
    learner = new_learner(sample.addresses["root"], reduced_motion="reduce")
    tab = learner.open("workshop.html")
    hints = tab.locator(".hint")
    expect(hints.first).to_be_hidden()
    turn(tab, "One at a time")
    expect(hints.nth(0)).to_be_visible()
    expect(hints.nth(1)).to_be_hidden()
    hints.nth(0).locator("summary").click()
    expect(hints.nth(1)).to_be_visible()
    turn(tab, "All open")
    expect(hints.nth(2)).to_have_attribute("open", "")
    assert violations(tab) == []
    learner.go(tab, "ideas/systems-thinking.html")
    expect(tab.locator(".hint").nth(1)).to_have_attribute("open", "")
    turn(tab, "As the course has it")
    expect(tab.locator(".hint").nth(0)).not_to_have_attribute("open", "")
    learner.go(tab, "workshop.html")
    expect(hints.first).to_be_hidden()
    press_until(tab, "Tab", ".help-bar [data-level=full]")
    tab.keyboard.press("Enter")
    expect(hints.nth(2)).to_be_visible()


def test_without_scripts_and_on_paper_nothing_is_put_away(
    new_learner: NewLearner, sample: Site
) -> None:
    """Folded where no script comes, open on paper; and no switch that could do nothing."""
    reader = new_learner(sample.addresses["root"], java_script_enabled=False)
    tab = reader.open("workshop.html")
    expect(tab.locator(".hint > summary").first).to_be_visible()
    expect(tab.locator(".help-bar")).to_be_hidden()
    learner = new_learner(sample.addresses["root"])
    page = learner.open("workshop.html")
    page.emulate_media(media="print")
    expect(page.get_by_text("Look at the floor in the middle")).to_be_visible()
    expect(page.locator(".help-bar")).to_be_hidden()
