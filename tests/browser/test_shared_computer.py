"""A computer that several people use: nothing outlives the window, and every page says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from browser.learner import TYPED, Learner, box, checkpoint, write
from browser.test_pages import violations


def begin(learner: Learner) -> Page:
    tab = learner.open("privacy.html")
    tab.get_by_role("button", name="Keep nothing after this window").click()
    expect(tab.locator(".shared-mode")).to_be_visible()
    return tab


def write_here(tab: Page, words: str) -> None:
    box(tab, "first").fill(words)
    box(tab, "first").blur()
    expect(checkpoint(tab, "first").locator(".saved")).to_contain_text(
        re.compile("^Kept until this window is closed, ")
    )


def test_it_is_said_where_one_looks_that_it_is_on(visitor: Learner) -> None:
    """Beside the button that was pressed, and in the journal, which claims nothing else."""
    on = "Shared computer: nothing you write is kept"
    tab = visitor.open("privacy.html")
    expect(tab.locator("#shared")).not_to_contain_text(on, use_inner_text=True)
    tab = begin(visitor)
    expect(tab.locator("#shared strong")).to_be_in_viewport()
    expect(tab.locator("#shared strong")).to_contain_text(on)
    visitor.go(tab, "journal.html")
    where = tab.locator(".journal-where")
    expect(where).to_contain_text(on, use_inner_text=True)
    expect(where).not_to_contain_text("kept in this browser", use_inner_text=True)


def test_words_live_in_the_window_and_end_with_it(learner: Learner) -> None:
    """Kept from page to page and over a reload; another window, then or later, knows nothing."""
    tab = begin(learner)
    learner.go(tab, "index.html")
    expect(tab.locator(".shared-mode")).to_contain_text("nothing you write is kept")
    write_here(tab, TYPED)
    tab.reload()
    expect(box(tab, "first")).to_have_value(TYPED)
    learner.go(tab, "journal.html")
    expect(tab.locator(".journal-entry")).to_contain_text(TYPED)
    other = learner.open("index.html")
    expect(box(other, "first")).to_have_value("")
    expect(other.locator(".shared-mode")).to_be_hidden()
    tab.close()
    assert other.evaluate("Object.values(localStorage).join()").find(TYPED) == -1
    assert TYPED not in other.evaluate(_DATABASE)


_DATABASE = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store).getAll();
      found.push(await new Promise((done) => (all.onsuccess = () => done(all.result))));
    }
  }
  return JSON.stringify(found);
}"""


_LEFT = "Object.keys(localStorage).filter((key) => key.startsWith('learnpath'))"


def test_the_way_to_the_choice_goes_along_and_leaves_the_browser(learner: Learner) -> None:
    """What was seen before the mode was chosen is known in the window, and nowhere else."""
    tab = learner.open("index.html")
    learner.go(tab, "room.html")
    assert tab.evaluate(_LEFT)
    learner.go(tab, "privacy.html")
    tab.get_by_role("button", name="Keep nothing after this window").click()
    expect(tab.locator(".shared-mode")).to_be_visible()
    assert tab.evaluate(_LEFT) == []
    assert "opened" not in tab.evaluate(_DATABASE)
    learner.go(tab, "garden.html")
    assert tab.evaluate("learnpath.session.facts.visited") == ["index", "room"]
    assert tab.evaluate(_LEFT) == []
    assert tab.evaluate(_DATABASE) == "[[],[]]"


def test_what_another_window_did_meanwhile_stays(visitor: Learner) -> None:
    """Its steps are not this window's to take, whenever they were taken."""
    tab = visitor.open("privacy.html")
    other = visitor.open("garden.html")
    tab.get_by_role("button", name="Keep nothing after this window").click()
    expect(tab.locator(".shared-mode")).to_be_visible()
    assert '"garden"' in other.evaluate(_DATABASE)


def test_a_step_back_does_not_go_round_the_mode(visitor: Learner) -> None:
    """A page from before it began, or from before it was ended, is not shown as it was."""
    tab = begin(visitor)
    visitor.go(tab, "index.html")
    write_here(tab, TYPED)
    visitor.go(tab, "privacy.html")
    tab.get_by_role("button", name="Forget everything in this window now").click()
    expect(tab.locator(".shared-mode")).to_be_hidden()
    tab.go_back()
    visitor.arrive(tab, "index.html")
    expect(box(tab, "first")).to_have_value("")
    tab.evaluate("""() => { sessionStorage['learnpath:small-house:shared'] = 'now';
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }""")
    expect(tab.locator(".shared-mode")).to_be_visible()


def test_words_that_were_written_before_stay_where_they_are(visitor: Learner) -> None:
    """They were said to be kept: choosing the mode afterwards does not take them away."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    visitor.go(tab, "privacy.html")
    tab.get_by_role("button", name="Keep nothing after this window").click()
    expect(tab.locator(".shared-mode")).to_be_visible()
    visitor.go(tab, "index.html")
    expect(box(tab, "first")).to_have_value("")
    assert TYPED in tab.evaluate(_DATABASE)


def test_the_way_somebody_went_before_stays(visitor: Learner) -> None:
    """Only what this window wrote is taken along."""
    before = visitor.open("index.html")
    kept = before.evaluate(_DATABASE)
    before.close()
    tab = begin(visitor)
    assert tab.evaluate(_DATABASE) == kept
    assert tab.evaluate(_LEFT) != []


def test_what_others_left_is_neither_shown_nor_touched(visitor: Learner) -> None:
    """Words kept before stay where they are, unseen until the mode is ended."""
    before = visitor.open("index.html")
    write(before, "first", "Somebody else's words.")
    before.close()
    tab = begin(visitor)
    visitor.go(tab, "index.html")
    expect(box(tab, "first")).to_have_value("")
    write_here(tab, TYPED)
    visitor.go(tab, "privacy.html")
    tab.get_by_role("button", name="Forget everything in this window now").click()
    expect(tab.locator(".shared-mode")).to_be_hidden()
    visitor.go(tab, "index.html")
    expect(box(tab, "first")).to_have_value("Somebody else's words.")


def test_the_export_works_all_the_same(visitor: Learner, tmp_path: Path) -> None:
    """The journal's file has everything of this window."""
    tab = begin(visitor)
    visitor.go(tab, "index.html")
    write_here(tab, TYPED)
    visitor.go(tab, "journal.html")
    with tab.expect_download() as caught:
        tab.locator(".journal-tools .journal-export").click()
    caught.value.save_as(tmp_path / "journal.json")
    log = json.loads((tmp_path / "journal.json").read_text("utf-8"))["log"]
    assert TYPED in [line.get("value") for line in log]


def test_the_first_box_leads_to_the_choice(visitor: Learner) -> None:
    """Where the words will live is said before any is written, with a way to the choice."""
    tab = visitor.open("index.html")
    checkpoint(tab, "first").get_by_role("link", name="A shared computer?").click()
    expect(tab.locator("#shared")).to_be_in_viewport()


def test_axe_finds_nothing_while_it_is_on(visitor: Learner) -> None:
    """On the page with the choice, in both colour schemes."""
    assert violations(begin(visitor)) == []


def test_without_scripts_it_is_said_that_nothing_is_kept(reader: Learner) -> None:
    """And there is no button that does nothing."""
    tab = reader.open("privacy.html")
    expect(tab.locator("#shared")).to_contain_text("Without JavaScript nothing is kept")
    expect(tab.locator("#shared").get_by_role("button")).to_have_count(0)
    expect(tab.locator(".shared-mode")).to_be_hidden()
