"""What is a learner's own: notes and bookmarks on any page, kept like every other word."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from browser.conftest import NewLearner
from browser.learner import TYPED, Learner, press_until
from browser.places import Site, site_of
from browser.test_pages import violations
from learnpath.build import build_site
from support import write_course


def tools(tab: Page) -> Locator:
    return tab.locator(".own-marks")


def write_note(tab: Page, words: str) -> Locator:
    """Write a note on the page, and wait until it is said to be saved."""
    tools(tab).get_by_role("button", name="Write a note").click()
    note = tools(tab).locator(".note").last
    expect(note.locator("textarea")).to_be_focused()
    note.locator("textarea").fill(words)
    note.locator("textarea").blur()
    expect(note.locator(".saved")).to_contain_text(re.compile("^Saved in "))
    return note


def test_a_note_is_kept_with_its_versions(learner: Learner) -> None:
    """It stands on the page again after a reload; re-written, the earlier version stays."""
    tab = learner.open("garden.html")
    assert tab.locator('script[src*="notes"]').count() == 0
    write_note(tab, "The roses, again.")
    tab.reload()
    box = tools(tab).locator(".note textarea")
    expect(box).to_have_value("The roses, again.")
    box.fill("Rather the wall behind them.")
    box.blur()
    expect(tools(tab).locator(".note .versions summary")).to_have_text("One earlier version")
    learner.go(tab, "journal.html")
    entry = tab.locator(".journal-entry")
    expect(entry).to_contain_text("Rather the wall behind them.")
    expect(entry.locator("summary")).to_have_text("One earlier version")
    entry.get_by_role("link").click()
    learner.arrive(tab, "garden.html")


def test_a_note_keeps_the_passage_it_is_about(visitor: Learner) -> None:
    """What is marked in the text when it is begun stands above it, and in the journal."""
    tab = visitor.open("garden.html")
    tab.locator(".prose p").first.select_text()
    words = str(tab.evaluate("String(getSelection()).replace(/\\s+/g, ' ').trim()"))
    assert words
    note = write_note(tab, TYPED)
    expect(note.locator(".note-of")).to_have_text(words)
    visitor.go(tab, "journal.html")
    expect(tab.locator(".journal-prompt")).to_have_text(words)


def test_a_removed_note_is_gone_from_everywhere(visitor: Learner, tmp_path: Path) -> None:
    """Asked once, with a way back; a line stays that says so, the words do not."""
    tab = visitor.open("garden.html")
    note = write_note(tab, "To be forgotten.")
    note.get_by_role("button", name="Remove this note").click()
    note.get_by_role("button", name="Keep").click()
    note.get_by_role("button", name="Remove this note").click()
    note.get_by_role("button", name="Remove", exact=True).click()
    expect(tools(tab).locator(".note")).to_have_count(0)
    expect(tools(tab).get_by_role("button", name="Write a note")).to_be_focused()
    visitor.go(tab, "journal.html")
    expect(tab.locator(".journal-entries")).to_contain_text("Nothing here yet.")
    text = exported(tab, tmp_path)
    assert "To be forgotten." not in text
    assert "erased" in [line["type"] for line in json.loads(text)["log"]]


def exported(tab: Page, folder: Path) -> str:
    with tab.expect_download() as caught:
        tab.locator(".journal-tools .journal-export").click()
    caught.value.save_as(folder / "journal.json")
    return (folder / "journal.json").read_text("utf-8")


def test_a_bookmark_is_set_and_taken_away(visitor: Learner) -> None:
    """It is a button that stays pressed; the journal leads back to the page."""
    tab = visitor.open("garden.html")
    bookmark = tools(tab).get_by_role("button", name="Bookmark")
    expect(bookmark).to_have_attribute("aria-pressed", "false")
    bookmark.click()
    expect(bookmark).to_have_attribute("aria-pressed", "true")
    tab.reload()
    expect(bookmark).to_have_attribute("aria-pressed", "true")
    visitor.go(tab, "journal.html")
    expect(tab.locator(".journal-entry")).to_contain_text("A bookmark")
    visitor.go(tab, "garden.html")
    bookmark.click()
    expect(bookmark).to_have_attribute("aria-pressed", "false")
    visitor.go(tab, "journal.html")
    expect(tab.locator(".journal-entries")).to_contain_text("Nothing here yet.")


def test_notes_travel_in_the_journal_file(
    new_learner: NewLearner, small: Site, tmp_path: Path
) -> None:
    """Another browser that takes the file in has the note on its page; markup in it is text."""
    learner = new_learner(small.addresses["root"])
    tab = learner.open("garden.html")
    write_note(tab, "<b>bold</b> & plain")
    learner.go(tab, "journal.html")
    exported(tab, tmp_path)
    other = new_learner(small.addresses["root"])
    page = other.open("journal.html")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Take in a file").click()
    chooser.value.set_files(tmp_path / "journal.json")
    page.locator(".journal-take-in-yes").click()
    expect(page.locator(".journal-entry")).to_contain_text("<b>bold</b> & plain")
    other.go(page, "garden.html")
    expect(tools(page).locator(".note textarea")).to_have_value("<b>bold</b> & plain")


def test_a_note_outlives_its_page(new_learner: NewLearner, tmp_path: Path) -> None:
    """When an edition of the course lacks the page, the journal keeps the note in its last part."""
    course = tmp_path / "course"
    write_course(
        course,
        {
            "course.yml": "id: tides\ntitle: Tides\nlanguage: en\n",
            "index.md": "# Tides\n\n[Ebb](ebb.md)\n",
            "ebb.md": "---\nending: true\n---\n\n# Ebb\n\nGoing out.\n",
        },
    )
    with site_of(course, tmp_path / "built") as site:
        learner = new_learner(site.addresses["root"])
        tab = learner.open("ebb.html")
        write_note(tab, "Mud, as far as one sees.")
        (course / "ebb.md").unlink()
        (course / "index.md").write_text("---\nending: true\n---\n\n# Tides\n", "utf-8")
        build_site(course, site.folder, jobs=1)
        learner.go(tab, "journal.html")
        gone = tab.locator(".journal-group", has_text="From earlier versions of this course")
        expect(gone).to_contain_text("Mud, as far as one sees.")
        expect(gone.locator("a")).to_have_count(0)


def test_notes_by_keyboard_alone(visitor: Learner) -> None:
    """The ways to a note are buttons, and the box has the focus when it is there."""
    tab = visitor.open("garden.html")
    press_until(tab, "Tab", ".note-add")
    tab.keyboard.press("Enter")
    expect(tools(tab).locator(".note textarea")).to_be_focused()
    tab.keyboard.type("By hand.")
    press_until(tab, "Tab", ".note-remove")
    expect(tools(tab).locator(".note .saved")).to_contain_text(re.compile("^Saved in "))
    press_until(tab, "Tab", ".bookmark")
    tab.keyboard.press("Space")
    expect(tools(tab).locator(".bookmark")).to_have_attribute("aria-pressed", "true")


def test_a_half_typed_note_is_not_lost(visitor: Learner) -> None:
    """A tab that is closed in the middle of a word leaves the words to the next one."""
    tab = visitor.open("garden.html")
    tools(tab).get_by_role("button", name="Write a note").click()
    tools(tab).locator(".note textarea").type("In the middle of a")
    tab.wait_for_timeout(300)
    tab.close()
    tab = visitor.open("garden.html")
    expect(tools(tab).locator(".note textarea")).to_have_value("In the middle of a")


def test_axe_finds_nothing_on_notes(visitor: Learner) -> None:
    """With a note, a question whether to remove it, and a bookmark, in both colour schemes."""
    tab = visitor.open("garden.html")
    write_note(tab, TYPED)
    tools(tab).get_by_role("button", name="Bookmark").click()
    tools(tab).get_by_role("button", name="Remove this note").click()
    assert violations(tab) == []


def test_without_scripts_there_is_no_button_that_does_nothing(reader: Learner) -> None:
    """Notes and bookmarks need the browser to keep them; paper has margins."""
    tab = reader.open("garden.html")
    expect(tools(tab).get_by_role("button")).to_have_count(0)
