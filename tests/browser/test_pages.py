"""Every page of the sample course: quiet, titled, and no wider than the window."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NewLearner
from browser.learner import Learner, box, option, pick, take, write
from browser.places import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-pages")]

WIDTHS = (320, 800, 1440)

# What sticks out to the side, innermost first; what scrolls inside a box of its own does not.
_WIDER = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const out = [...document.body.querySelectorAll("*")].filter(
    (each) => each.getBoundingClientRect().right > page.clientWidth + 1 && each.checkVisibility());
  return out.slice(-3).map((each) => each.outerHTML.slice(0, 100)).concat(`${page.scrollWidth} px`);
}"""


@pytest.mark.parametrize("course", ["sample", "small"])
def test_every_page_is_quiet_titled_and_fits(
    new_learner: NewLearner, request: pytest.FixtureRequest, course: str
) -> None:
    """Nothing on the console, a title, one h1, and no sideways scrolling at any width."""
    site: Site = request.getfixturevalue(course)
    learner = new_learner(site.addresses["folder"])
    tab = learner.context.new_page()
    wrong: list[tuple[object, ...]] = []
    for name in site.pages():
        learner.go(tab, name)
        title, headings, language = tab.evaluate(
            "(({ title, documentElement: { lang } }) =>"
            " [title, document.querySelectorAll('h1').length, lang])(document)"
        )
        if not title.strip() or headings != 1 or not language:
            wrong.append((name, title, headings, language))
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            if wider := tab.evaluate(_WIDER):
                wrong.append((name, width, *wider))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("place", ["folder", "disk"])
def test_every_link_of_the_sample_course_leads_to_a_page(
    new_learner: NewLearner, sample: Site, place: str
) -> None:
    """From the page on one finds every page by following links, from wherever the site is read."""
    learner = new_learner(sample.addresses[place], java_script_enabled=False)
    tab = learner.context.new_page()
    seen: set[str] = set()
    open_ones = ["index.html"]
    while open_ones:
        name = open_ones.pop()
        if name in seen:
            continue
        seen.add(name)
        tab.goto(learner.base + name, wait_until="commit" if place == "disk" else "load")
        for url in tab.evaluate("[...document.links].map((link) => link.href)"):
            target = str(url).split("#")[0]
            if target.startswith(learner.base):
                open_ones.append(target.removeprefix(learner.base))
            else:
                assert target.startswith("https://"), (name, url)
    assert seen == set(sample.pages()) - {"404.html"}


def test_a_page_that_is_not_there_says_so_anywhere(new_learner: NewLearner, sample: Site) -> None:
    """At any depth the host's 404 page stands for itself: styled, quiet, and asking for no file."""
    learner = new_learner(sample.addresses["root"])
    tab = learner.context.new_page()
    answer = tab.goto(learner.base + "no/such/page.html")
    assert answer is not None
    assert answer.status == 404
    expect(tab.get_by_role("heading", level=1)).to_have_text("There is no page here")
    assert tab.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Iowan')
    troubles = [trouble for trouble in learner.troubles if "404" not in trouble]
    learner.troubles[:] = troubles


AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(tab: Page) -> list[str]:
    """What axe-core finds on the page as it is, in both colour schemes."""
    found = []
    tab.evaluate(AXE)
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        result: dict[str, Any] = tab.evaluate("axe.run({resultTypes: ['violations']})")
        found += [
            f"{scheme}: {each['id']}: {each['help']}: {node['html'][:160]} {node['failureSummary']}"
            for each in result["violations"]
            for node in each["nodes"][:3]
        ]
    return found


KINDS = (
    "index.html",
    "laundry/two-weeks.html",
    "laundry/looking-back.html",
    "laundry/open-shelf.html",
    "laundry/follow-a-sheet.html",
    "ideas/beer-game.html",
    "ideas/left-hand-column.html",
    "glossary.html",
    "workshop.html",
    "map.html",
    "search.html?q=delay",
    "journal.html",
    "plan.html",
    "trail.html",
    "ideas/shared-vision.html",
    "ideas/systems-thinking.html",
    "laundry/short-monday.html",
    "what-now.html",
    "routes.html",
    "routes/one-hour.html",
    "topics/critics.html",
    "privacy.html",
    "404.html",
)
"""One page of every kind: start, choices, gate, ending, tool, reference, tables; generated ones."""


@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing(new_learner: NewLearner, sample: Site, name: str) -> None:
    """Zero violations in both colour schemes."""
    learner = new_learner(sample.addresses["root"], reduced_motion="reduce")
    tab = learner.open(name)
    assert not violations(tab)


@pytest.mark.parametrize("name", ["index.html", "laundry/looking-back.html", "journal.html"])
def test_axe_finds_nothing_without_scripts(
    new_learner: NewLearner, sample: Site, name: str
) -> None:
    """As it is read where no script comes, too. (With JavaScript off, axe could not run either.)"""
    learner = new_learner(sample.addresses["root"], reduced_motion="reduce")
    learner.context.route("**/*.js", lambda route: route.fulfill(body=""))
    tab = learner.context.new_page()
    tab.goto(learner.base + name)
    tab.evaluate("document.getAnimations().forEach((each) => each.finish())")
    expect(tab.locator(".nojs").first).to_be_visible()
    assert not violations(tab)


def test_axe_finds_nothing_in_the_middle_of_a_course(new_learner: NewLearner, small: Site) -> None:
    """With words, versions, options taken and closed, a route, meters, a revisit, a journal."""
    learner: Learner = new_learner(small.addresses["root"], reduced_motion="reduce")
    tab = learner.open("routes/short.html")
    learner.follow(tab, "The door", "index.html")
    write(tab, "first", "A table.")
    write(tab, "first", "Nothing.")
    take(tab, "wait")
    option(tab, "shout").locator("summary").first.click()
    tab.locator("details:visible:not([open]) > summary").first.click()
    found = {"index": violations(tab)}
    learner.follow(tab, "Go in", "room.html")
    pick(tab, "who", "The guest")
    found["room"] = violations(tab)
    learner.go(tab, "end.html")
    write(tab, "first-again", "Still nothing.")
    box(tab, "words-again").focus()
    found["end"] = violations(tab)
    learner.go(tab, "journal.html")
    tab.get_by_role("button", name="Erase everything").click()
    found["journal"] = violations(tab)
    learner.go(tab, "fr/index.html")
    found["fr"] = violations(tab)
    assert not any(found.values()), found


def chosen(tab: Page, button: str, file: Path) -> None:
    """Press a button that asks for a file, and give it one."""
    with tab.expect_file_chooser() as chooser:
        tab.get_by_role("button", name=button).first.click()
    chooser.value.set_files(file)


def test_axe_finds_nothing_in_what_a_learner_has_made(
    new_learner: NewLearner, small: Site, tmp_path: Path
) -> None:
    """A filled journal, trail and plan, and each panel of theirs while it is open."""
    learner: Learner = new_learner(small.addresses["root"], reduced_motion="reduce")
    tab = learner.open("index.html")
    for words in ("A table.", "Nothing."):
        write(tab, "first", words)
    take(tab, "wait")
    learner.follow(tab, "Go in", "room.html")
    tab.get_by_role("button", name="Write a note").click()
    tab.locator(".note textarea").fill("Mind the third step.")
    tab.get_by_role("button", name="Bookmark").click()
    tab.get_by_role("button", name="Add to my route").click()
    expect(tab.locator(".route-said")).to_contain_text("Saved")
    found = {"page with a note": violations(tab)}

    learner.go(tab, "journal.html")
    tab.get_by_text("earlier version").click()
    found["journal"] = violations(tab)
    with tab.expect_download() as caught:
        tab.get_by_role("button", name="Download everything").first.click()
    caught.value.save_as(tmp_path / "journal.json")
    tab.locator(".journal-erase-one").first.click()
    found["erase one"] = violations(tab)
    tab.get_by_role("button", name="Choose what to share").click()
    found["share"] = violations(tab)
    tab.locator(".share-answer input").first.check()
    tab.locator(".share-consent input").check()
    with tab.expect_download() as caught:
        tab.get_by_role("button", name="Make the file").click()
    caught.value.save_as(tmp_path / "packet.json")
    found["shared"] = violations(tab)
    chosen(tab, "Open what somebody gave you", tmp_path / "packet.json")
    expect(tab.locator(".share-beside")).to_be_visible()
    found["packet"] = violations(tab)
    chosen(tab, "Open what somebody gave you", tmp_path / "journal.json")
    expect(tab.locator(".share-refused")).to_be_visible()
    found["no packet"] = violations(tab)

    learner.go(tab, "plan.html")
    tab.locator(".own-change").click()
    found["plan"] = violations(tab)
    learner.go(tab, "trail.html")
    tab.locator(".trail-afresh summary").click()
    tab.locator(".trail-run .trail-name").first.click()
    found["trail, naming"] = violations(tab)
    tab.locator(".trail-hand-on").click()
    link = tab.get_by_label("The link").input_value()
    found["trail, handing on"] = violations(tab)
    learner.go(tab, link.removeprefix(learner.base))
    expect(tab.locator(".trail-shared")).to_be_visible()
    found["a trail handed on"] = violations(tab)
    learner.go(tab, "map.html#pick")
    expect(tab.locator(".picking")).to_be_visible()
    found["picking"] = violations(tab)

    other: Learner = new_learner(small.addresses["root"], reduced_motion="reduce")
    tab = other.open("journal.html")
    chosen(tab, "Take in a file", tmp_path / "journal.json")
    expect(tab.locator(".journal-ask")).to_be_visible()
    found["taking in"] = violations(tab)
    assert not any(found.values()), found
