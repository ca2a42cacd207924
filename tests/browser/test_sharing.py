"""Words that learners give to each other: made into a file, gathered, read beside one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import NewLearner
from browser.learner import box, press_until, write
from browser.places import Site, everywhere, site_of
from browser.test_pages import violations
from learnpath.build import build_site
from learnpath.cli.main import run
from support import write_course

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-sharing")]

CONSENT = "The others in this bakery may read what I ticked."
EVIL = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
INDEX = f"""\
---
title: What we want
ending: true
---

::: reflect {{#vision}}

What would you like to see here in a year?

:::

::: reflect {{#story}}

Tell of a Monday.

:::

::: share Give your vision to the others {{#give of="vision story" consent="{CONSENT}"}}

Send the file to Ines, by Friday.

:::

## Visions

::gather{{of="vision"}}

## Stories

::gather{{of="story"}}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose learners share."""
    files: dict[str, str | bytes] = {
        "course.yml": "title: The bakery\nid: the-bakery\n",
        "index.md": INDEX,
    }
    return write_course(tmp_path_factory.mktemp("sharing") / "course", files)


@pytest.fixture(scope="module")
def sharing(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """That course, built and served."""
    with site_of(course, tmp_path_factory.mktemp("sharing")) as site:
        yield site


def panel(tab: Page) -> Locator:
    """What opens below the button."""
    return tab.locator("#give .share-panel")


def offered(tab: Page) -> Locator:
    """The panel with what can be shared."""
    tab.get_by_role("button", name="Choose what to share …").click()
    expect(panel(tab)).to_be_visible()
    return panel(tab)


def kept(tab: Page, name: str, path: Path) -> Path:
    """The file that a button makes, put at the path."""
    with tab.expect_download() as caught:
        panel(tab).get_by_role("button", name=name).click()
    assert re.fullmatch(
        r"the-bakery-\d{4}-\d\d-\d\d\.packet-\d+\.json", caught.value.suggested_filename
    )
    caught.value.save_as(path)
    return path


def open_files(tab: Page, *paths: Path) -> None:
    """Choose files of somebody else's."""
    with tab.expect_file_chooser() as chooser:
        tab.get_by_role("button", name="Open what somebody gave you …").first.click()
    chooser.value.set_files(paths)


def test_a_vision_goes_from_one_browser_onto_the_page_and_off_it_again(
    new_learner: NewLearner, course: Path, tmp_path: Path
) -> None:
    """The whole way: written, ticked, agreed to, made a file; gathered, built, read by others;
    withdrawn by a second file, gathered again, and gone."""
    packets = tmp_path / "packets"
    packets.mkdir()
    with site_of(course, tmp_path) as site:
        learner = new_learner(site.addresses["root"])
        tab = learner.open("index.html")
        expect(tab.get_by_text("Nothing has been shared here yet.")).to_have_count(2)
        write(tab, "vision", "Light.\nAnd <b>bread</b>.")
        write(tab, "story", "It rained.")
        offer = offered(tab)
        offer.get_by_role("checkbox", name=re.compile("Tell of a Monday")).uncheck()
        offer.get_by_label("Your name, if you like").fill("Tom")
        offer.get_by_role("checkbox", name=CONSENT).check()
        kept(tab, "Make the file", packets / "tom.json")
        expect(offer.get_by_role("status")).to_contain_text("Now send it yourself.")

        assert run(["gather", "-q", str(packets), str(course)]) == 0
        build_site(course, site.folder, jobs=1)
        reader = new_learner(site.addresses["root"], java_script_enabled=False)
        there = reader.open("index.html")
        given = there.locator(".given")
        expect(given).to_have_count(1)
        expect(given).to_contain_text("And <b>bread</b>.")
        expect(given).to_contain_text("Tom")
        expect(there.get_by_text(CONSENT)).to_be_visible()
        expect(there.get_by_text("It rained.")).to_have_count(0)

        learner.go(tab, "index.html")
        offer = offered(tab)
        expect(offer).to_contain_text("what you untick now is withdrawn")
        expect(offer.get_by_label("Your name, if you like")).to_have_value("Tom")
        expect(offer.get_by_role("checkbox", name=re.compile("Tell of"))).not_to_be_checked()
        kept(tab, "Withdraw everything", packets / "tom-2.json")
        assert run(["gather", "-q", str(packets), str(course)]) == 0
        build_site(course, site.folder, jobs=1)
        reader.go(there, "index.html")
        expect(there.locator(".given")).to_have_count(0)
        expect(there.get_by_text("Nothing has been shared here yet.")).to_have_count(2)


@everywhere
def test_nothing_is_made_without_a_tick_and_without_consent(
    new_learner: NewLearner, sharing: Site, place: str
) -> None:
    """And without an answer there is nothing to tick; wherever the course is read from."""
    learner = new_learner(sharing.addresses[place])
    tab = learner.open("index.html")
    expect(offered(tab)).to_contain_text("There is nothing to share yet")
    panel(tab).get_by_role("button", name="Close").click()
    expect(tab.get_by_role("button", name="Choose what to share …")).to_be_focused()
    write(tab, "vision", "Light.")
    offer = offered(tab)
    offer.get_by_role("button", name="Make the file").click()
    expect(offer.get_by_role("status")).to_have_text(re.compile("^Tick the sentence"))
    offer.get_by_role("checkbox", name=re.compile("What would you like")).uncheck()
    offer.get_by_role("button", name="Make the file").click()
    expect(offer.get_by_role("status")).to_have_text("Tick at least one answer.")
    assert not learner.troubles


def test_what_a_peer_gave_stands_beside_ones_own(
    new_learner: NewLearner, sharing: Site, tmp_path: Path
) -> None:
    """In the page and in the journal, as text; it is shown, and nothing of it is kept."""
    peer = new_learner(sharing.addresses["root"])
    tab = peer.open("index.html")
    write(tab, "vision", EVIL)
    offered(tab).get_by_role("checkbox", name=CONSENT).check()
    file = kept(tab, "Make the file", tmp_path / "peer.json")

    learner = new_learner(sharing.addresses["root"])
    mine = learner.open("index.html")
    write(mine, "vision", "Quiet.")
    for name in ("index.html", "journal.html"):
        learner.go(mine, name)
        open_files(mine, file)
        beside = mine.locator(".share-beside")
        expect(beside.locator(".share-theirs")).to_contain_text(EVIL)
        expect(beside).to_contain_text("Somebody wrote, without a name")
        expect(beside).to_contain_text("Quiet.")
        assert mine.title() != "taken"
    learner.go(mine, "journal.html")
    expect(mine.locator(".journal-entry")).to_have_count(1)
    expect(mine.get_by_text("onerror")).to_have_count(0)


def test_a_file_that_is_none_is_refused_and_changes_nothing(
    new_learner: NewLearner, sharing: Site, tmp_path: Path
) -> None:
    """Each with its reason, beside others that are good."""
    learner = new_learner(sharing.addresses["root"])
    tab = learner.open("index.html")
    write(tab, "vision", "Light.")
    offered(tab).get_by_role("checkbox", name=CONSENT).check()
    good = kept(tab, "Make the file", tmp_path / "good.json")
    data = json.loads(good.read_text("utf-8"))
    files = [good]
    for name, change in (
        ("changed", {"name": "Somebody else"}),
        ("other", {"course": "mill"}),
        ("newer", {"version": 9}),
        ("damaged", {"entries": [{"key": {}}]}),
    ):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps({**data, **change}), "utf-8")
    files.append(tmp_path / "none.json")
    files[-1].write_text(EVIL, "utf-8")
    files.append(tmp_path / "large.json")
    files[-1].write_bytes(b" " * 2_100_000)
    open_files(tab, *files)
    expect(panel(tab).locator(".share-beside")).to_have_count(1)
    said = panel(tab).get_by_role("alert").all_inner_texts()
    for reason in ("changed by hand", "another course", "later version", "damaged", "no shared"):
        assert sum(reason in each for each in said) == 1, (reason, said)
    assert "larger than any shared file" in said[-1]
    assert tab.title() != "taken"
    learner.go(tab, "index.html")
    expect(box(tab, "vision")).to_have_value("Light.")


def test_the_keyboard_alone_shares(new_learner: NewLearner, sharing: Site, tmp_path: Path) -> None:
    """Every control is reached, shows its focus, and does what it says."""
    learner = new_learner(sharing.addresses["root"])
    tab = learner.open("index.html")
    write(tab, "vision", "Light.")
    press_until(tab, "Tab", ".share-pick")
    tab.keyboard.press("Enter")
    expect(panel(tab)).to_be_focused()
    press_until(tab, "Tab", ".share-panel [type=text]")
    tab.keyboard.type("Ines")
    press_until(tab, "Tab", ".share-consent input")
    tab.keyboard.press("Space")
    press_until(tab, "Tab", ".share-make")
    with tab.expect_download() as caught:
        tab.keyboard.press("Enter")
    assert json.loads(Path(caught.value.path()).read_text("utf-8"))["name"] == "Ines"
    press_until(tab, "Tab", ".share-close")
    tab.keyboard.press("Enter")
    expect(panel(tab)).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1400])
def test_axe_finds_nothing_where_words_are_shared(
    new_learner: NewLearner, course: Path, tmp_path: Path, width: int
) -> None:
    """Before, with all open, and with what was gathered; nothing sticks out to the side."""
    with site_of(course, tmp_path) as site:
        learner = new_learner(
            site.addresses["root"],
            reduced_motion="reduce",
            viewport={"width": width, "height": 800},
        )
        tab = learner.open("index.html")
        found = violations(tab)
        write(tab, "vision", "Light. " * 60 + "x" * 200)
        offered(tab).get_by_role("checkbox", name=CONSENT).check()
        found += violations(tab)
        file = kept(tab, "Make the file", tmp_path / "p.json")
        open_files(tab, file)
        found += violations(tab)
        assert run(["gather", "-q", str(file), str(course)]) == 0
        build_site(course, site.folder, jobs=1)
        learner.go(tab, "index.html")
        expect(tab.locator(".given")).to_have_count(1)
        found += violations(tab)
        assert found == []
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
    (course / "course.gathered.json").unlink()


def test_on_paper_and_without_scripts_it_says_how_to_go_on(
    new_learner: NewLearner, sharing: Site
) -> None:
    """Where the file would go is read by everybody; buttons that could do nothing are not there."""
    reader = new_learner(sharing.addresses["root"], java_script_enabled=False)
    tab = reader.open("index.html")
    expect(tab.get_by_text("Send the file to Ines, by Friday.")).to_be_visible()
    expect(tab.get_by_text("Without it, copy them by hand")).to_be_visible()
    expect(tab.locator("#give button").first).to_be_hidden()
    learner = new_learner(sharing.addresses["root"])
    page = learner.open("index.html")
    page.emulate_media(media="print")
    expect(page.get_by_text("Send the file to Ines, by Friday.")).to_be_visible()
    expect(page.locator("#give button").first).to_be_hidden()
