"""Every tool for building on one page: what a screen reader is told, without scripts, on paper, by
keyboard alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NewLearner
from browser.learner import Learner, checkpoint, pick, press_until, saved, write
from browser.places import Site, site_of
from browser.test_pages import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-blocks")]

COURSE = Path(__file__).parent / "blocks"
WORKED = (
    "button", "checkbox", "combobox", "DisclosureTriangle", "link", "radio", "radiogroup",
    "slider", "spinbutton", "textbox", "image", "region",
)  # fmt: skip
"""Roles that say nothing without a name."""


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page with every tool, built and served."""
    with site_of(COURSE, tmp_path_factory.mktemp("blocks")) as site:
        yield site


@pytest.fixture
def visitor(new_learner: NewLearner, tools: Site) -> Learner:
    return new_learner(tools.addresses["root"], reduced_motion="reduce")


@pytest.fixture
def reader(new_learner: NewLearner, tools: Site) -> Learner:
    """Somebody without JavaScript."""
    return new_learner(tools.addresses["root"], java_script_enabled=False)


@dataclass(frozen=True)
class Node:
    """One node of the accessibility tree, as a screen reader is told it."""

    role: str
    name: str
    value: object
    states: dict[str, object]


def tree(tab: Page) -> list[Node]:
    """The page's accessibility tree, in no order; what is kept from a screen reader left out."""
    session = tab.context.new_cdp_session(tab)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        Node(
            node["role"]["value"],
            node.get("name", {}).get("value", ""),
            node.get("value", {}).get("value"),
            {each["name"]: each["value"].get("value") for each in node.get("properties", ())},
        )
        for node in nodes
        if not node["ignored"]
    ]


def told(tab: Page, role: str, name: str) -> Node:
    """The one node of this role whose name begins so, waited for: tools load when first used."""
    until = time.monotonic() + 10
    while True:
        found = [node for node in tree(tab) if node.role == role and node.name.startswith(name)]
        if len(found) == 1 or time.monotonic() > until:
            assert len(found) == 1, (role, name, found)
            return found[0]
        tab.wait_for_timeout(50)


def said(tab: Page) -> str:
    """All text that is told, each piece on a line."""
    return "\n".join(node.name for node in tree(tab) if node.role == "StaticText")


def test_whatever_is_worked_with_has_a_name(visitor: Learner) -> None:
    """As the page comes, and with everything opened; and axe finds nothing."""
    tab = visitor.open("index.html")
    for opened in (False, True):
        if opened:
            tab.get_by_role("button", name="Add a link of your own").click()
            tab.get_by_role("button", name="Play it yourself").click()
            told(tab, "combobox", "A rise in")
            told(tab, "slider", "rainfall")
            tab.get_by_role("button", name="All open").click()
            write(tab, "first", "That it stops.")
            tab.get_by_role("button", name="Choose what to share").click()
            expect(tab.locator(".share-panel")).to_be_visible()
        nameless = [node for node in tree(tab) if node.role in WORKED and not node.name.strip()]
        assert not nameless
        assert violations(tab) == []


def test_a_diagram_is_told_as_it_is_drawn(visitor: Learner) -> None:
    """A named picture, every link and circle as text, and boxes that keep what was typed."""
    tab = visitor.open("index.html")
    told(tab, "image", "Why the wheel slows. 3 variables and 3 links; the same is told in words")
    text = said(tab)
    for words in ("A rise in speed brings a rise in wear, after a delay.", "B1", "Wear bites"):
        assert words in text
    tab.get_by_role("button", name="Add a link of your own").press("Enter")
    expect(tab.get_by_role("combobox", name="A rise in")).to_be_focused()
    tab.keyboard.type("rain")
    assert told(tab, "combobox", "A rise in").value == "rain"
    assert told(tab, "combobox", "brings").value == "more"
    assert told(tab, "checkbox", "after a delay").states["checked"] == "false"
    for key in ("Tab", "Tab"):
        tab.keyboard.press(key)
    tab.keyboard.type("water")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    assert told(tab, "checkbox", "after a delay").states["checked"] == "true"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    told(tab, "image", "Why the wheel slows. 4 variables and 4 links")
    told(tab, "button", "Remove: A rise in rain brings a rise in water, after a delay.")
    assert "Added." in said(tab)


def test_a_model_is_told_as_it_is_played(visitor: Learner) -> None:
    """Sliders and decisions with their ranges and values, the moment said by itself, the numbers
    as a table with heads."""
    tab = visitor.open("index.html")
    tab.get_by_role("button", name="Play it yourself").press("Enter")
    slider = told(tab, "slider", "rainfall (barrels/day)")
    assert (slider.value, slider.states["valuemin"], slider.states["valuemax"]) == (2, 0, 5)
    press_until(tab, "Shift+Tab", "[data-setting]")
    tab.keyboard.press("ArrowRight")
    assert told(tab, "slider", "rainfall (barrels/day)").value == 3
    press_until(tab, "Tab", "[data-decision]")
    decision = told(tab, "spinbutton", "opened (barrels/day)")
    assert (decision.value, decision.states["valuemax"]) == (3, 9)
    tab.keyboard.type("1")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status").filter(has_text="1 of 6 days.")).to_be_visible()
    tab.locator(".model-numbers > summary").first.press("Enter")
    assert told(tab, "DisclosureTriangle", "The same in numbers").states["expanded"] is True
    heads = {node.name for node in tree(tab) if node.role in ("columnheader", "rowheader")}
    assert {"days", "pond (barrels)", "0", "1"} <= heads
    told(tab, "image", "Chart of pond; the same is in the table below")


@pytest.mark.parametrize(
    ("group", "asked"),
    [
        ("Down the ladder", "What did you take for granted on the way there?"),
        ("The left-hand column", "What you thought and did not say"),
        ("Predict, observe, explain", "What did you see?"),
        ("Then and now", "What made the difference, or what kept you where you were?"),
    ],
)
def test_a_worksheet_is_a_named_group_of_questions(
    visitor: Learner, group: str, asked: str
) -> None:
    """Each box is named by its question, and holds what was written."""
    tab = visitor.open("index.html")
    told(tab, "group", group)
    inside = tab.get_by_role("group", name=group)
    box = inside.get_by_role("textbox", name=asked)
    box.fill("A quiet word.")
    assert told(tab, "textbox", asked).value == "A quiet word."


def test_a_prediction_is_told_and_then_its_observation(visitor: Learner) -> None:
    """A group of radio buttons, named by the question; what there was to see waits for a pick."""
    tab = visitor.open("index.html")
    told(tab, "radiogroup", "What does the stone do when the water is shut off?")
    assert told(tab, "radio", "It runs on").states["checked"] == "false"
    assert "It runs on for a minute." not in said(tab)
    pick(tab, "stone-predicted", "It runs on")
    assert told(tab, "radio", "It runs on").states["checked"] == "true"
    summary = checkpoint(tab, "stone-predicted").locator("details.after > summary")
    expect(summary).to_be_visible()  # what is hidden takes no key
    summary.press("Enter")
    told(tab, "StaticText", "It runs on for a minute.")


def test_help_and_samples_say_whether_they_are_open(visitor: Learner) -> None:
    """Hints one after another, the example, and the sample only after one's own attempt."""
    tab = visitor.open("index.html")
    assert told(tab, "DisclosureTriangle", "A guess, told aloud").states["expanded"] is False
    assert said(tab).count("A hint") == 1
    tab.locator("details.hint > summary").first.press("Enter")
    assert said(tab).count("A hint") == 2
    tab.locator("details.example > summary").press("Space")
    assert told(tab, "DisclosureTriangle", "A guess, told aloud").states["expanded"] is True
    assert checkpoint(tab, "first").locator("details.after").is_hidden()
    write(tab, "first", "That it runs.")
    expect(checkpoint(tab, "first").locator("details.after")).to_be_visible()
    for level in ("All open", "Put away"):
        tab.get_by_role("button", name=level).press("Enter")
        assert told(tab, "button", level).states["pressed"] == "true"


def test_a_conversation_is_told_turn_by_turn(visitor: Learner) -> None:
    """Who, when and what, in a list; a clock by a button; a box for what came of it."""
    tab = visitor.open("index.html")
    turns = tab.get_by_role("list").filter(has_text="Minutes 0–5, the miller")
    assert turns.get_by_role("listitem").count() == 2
    text = said(tab)
    assert text.index("Minutes 0–5, the miller") < text.index("Minutes 5–10, the guest")
    tab.get_by_role("button", name="Start a quiet clock").press("Enter")
    expect(checkpoint(tab, "talk").get_by_role("button", name="Stop the clock")).to_be_visible()
    checkpoint(tab, "talk").get_by_role("textbox").fill("The wheel is older than both of us.")
    checkpoint(tab, "talk").get_by_role("textbox").blur()
    saved(tab, "talk")


def test_sharing_is_told_and_so_is_what_was_shared(visitor: Learner) -> None:
    """A named part with its choices as boxes to tick; given words as a quotation with its name."""
    tab = visitor.open("index.html")
    write(tab, "first", "That it stops.")
    told(tab, "region", "Put it beside the others")
    tab.get_by_role("button", name="Choose what to share").press("Enter")
    tick = told(tab, "checkbox", "What do you expect?")
    assert tick.states["checked"] in ("true", "false")
    text = said(tab)
    assert "A great deal of dust." in text
    assert "A guest" in text
    assert any(node.role == "blockquote" for node in tree(tab))


def test_without_scripts_each_tool_has_its_use(reader: Learner) -> None:
    """All questions, drawings and runs are there, what unfolds can be unfolded, and no button is
    there that does nothing."""
    tab = reader.open("index.html")
    expect(tab.get_by_role("button")).to_have_count(0)
    for words in (
        "A rise in wear brings a fall in speed.",
        "One run, from 0 to 6 days",
        "What did you take for granted on the way there?",
        "What you thought and did not say",
        "What does the stone do when the water is shut off?",
        "How do you explain it?",
        "Minutes 5–10, the guest",
        "Send the file to the miller.",
        "A great deal of dust.",
    ):
        expect(tab.get_by_text(words).first).to_be_visible()
    for folded in ("That it stops.", "It runs on for a minute.", "I think it stops"):
        expect(tab.get_by_text(folded).first).to_be_hidden()
    for summary in tab.locator("details > summary").all():
        if summary.is_visible():
            summary.press("Enter")
    for folded in ("That it stops.", "It runs on for a minute.", "I think it stops", "Now shut"):
        expect(tab.get_by_text(folded).first).to_be_visible()
    boxes = tab.locator("[data-checkpoint]")
    for each in boxes.all():
        expect(each.locator(".where").first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_paper_each_tool_has_its_use(
    new_learner: NewLearner, tools: Site, *, scripts: bool
) -> None:
    """Drawings, numbers and turns in print, lines for every box, help unfolded, no button; and
    nothing that waits for an attempt is given away where scripts know of none."""
    learner = new_learner(tools.addresses["root"], java_script_enabled=scripts)
    tab = learner.open("index.html")
    tab.set_viewport_size({"width": 657, "height": 986})
    tab.emulate_media(media="print")
    assert tab.get_by_role("button").count() == 0
    for name in ("slowing", "rungs-assumed", "column-said", "stone-observed", "first", "talk"):
        expect(checkpoint(tab, name).locator(".lines")).to_be_visible()
    for words in ("Put a hand on the stone.", "I think it stops", "Minutes 5–10, the guest"):
        expect(tab.get_by_text(words).first).to_be_visible()
    expect(tab.locator(".model-numbers tbody tr").first).to_be_visible()
    expect(tab.get_by_role("img", name="Why the wheel slows")).to_be_visible()
    shown = tab.get_by_text("It runs on for a minute.").is_visible()
    assert shown is False if scripts else True
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 657
    assert tab.pdf().startswith(b"%PDF")


def test_every_tool_is_reached_by_keyboard_in_the_order_of_the_page(visitor: Learner) -> None:
    """From the top to the bottom with Tab, never lost, with a focus that is seen."""
    tab = visitor.open("index.html")
    for selector in (
        ".causal-open",
        ".model-open",
        "[data-checkpoint=rungs-concluded] textarea",
        "[data-checkpoint=column-thought] textarea",
        "[data-checkpoint=stone-predicted] input",
        "[data-checkpoint=stone-explained] textarea",
        "[data-checkpoint=first] textarea",
        "[data-checkpoint=again-changed] textarea",
        ".example > summary",
        ".hint > summary",
        ".clock",
        "[data-checkpoint=talk] textarea",
        ".share-pick",
    ):
        press_until(tab, "Tab", selector)
