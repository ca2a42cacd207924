"""A learner's own words: saved, found again, looked back on, taken along, erased."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from browser.conftest import NewLearner
from browser.learner import (
    TYPED,
    Learner,
    box,
    checkpoint,
    link,
    option,
    pick,
    saved,
    take,
    write,
)
from browser.places import Site, everywhere

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-words")]


def export(tab: Page, folder: Path, name: str = "") -> dict[str, Any]:
    """The journal as a file, read; kept under the name, where one is given."""
    with tab.expect_download() as caught:
        tab.get_by_role("button", name=re.compile("^Download everything")).first.click()
    path = folder / (name or caught.value.suggested_filename)
    caught.value.save_as(path)
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def values(data: dict[str, Any]) -> dict[str, list[object]]:
    """Every answer of an exported journal, under its checkpoint."""
    found: dict[str, list[object]] = {}
    for entry in data["log"]:
        if entry["type"] == "answer":
            found.setdefault(entry["key"], []).append(entry["value"])
    return found


def test_where_the_words_live_is_said_before_the_first(learner: Learner) -> None:
    """Beside the first box, with a link to the page on privacy, and nothing claims to be saved."""
    tab = learner.open("index.html")
    kept = checkpoint(tab, "first").locator(".where-kept")
    expect(kept).to_contain_text("Your words are kept in this browser, on this device.")
    expect(kept.get_by_role("link").first).to_have_attribute("href", "privacy.html")
    expect(checkpoint(tab, "first").get_by_role("status")).to_be_empty()
    kept.get_by_role("link").first.click()
    learner.arrive(tab, "privacy.html")


@everywhere
def test_words_are_said_to_be_saved_and_are_there_again(learner: Learner) -> None:
    """On a reload, in a new tab, in the text of other pages, and in the journal."""
    tab = learner.open("index.html")
    box(tab, "first").press_sequentially(TYPED[:8])
    saved(tab, "first")
    box(tab, "first").press_sequentially(TYPED[8:])
    box(tab, "first").blur()
    saved(tab, "first")
    expect(checkpoint(tab, "first").locator(".word-count")).to_have_text("6 words")
    expect(tab.get_by_text(f"You expect {TYPED}.")).to_be_visible()
    tab.close()
    tab = learner.open("index.html")
    expect(box(tab, "first")).to_have_value(TYPED)
    learner.go(tab, "journal.html")
    entry = tab.locator(".journal-entry")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text(TYPED)
    expect(entry).to_contain_text("What do you expect behind the door?")
    entry.get_by_role("link").click()
    expect(tab).to_have_url(re.compile("/index.html#first$"))


def test_a_reload_keeps_a_half_typed_answer(learner: Learner) -> None:
    """The box has its words again, even when the page is left in the middle of a word."""
    tab = learner.open("index.html")
    box(tab, "first").focus()
    tab.keyboard.type("A table, and no")
    tab.reload()
    learner.arrive(tab, "index.html")
    expect(box(tab, "first")).to_have_value("A table, and no")
    box(tab, "first").focus()
    tab.keyboard.press("Control+End")
    tab.keyboard.type("body")
    learner.go(tab, "room.html")
    tab.go_back()
    learner.arrive(tab, "index.html")
    expect(box(tab, "first")).to_have_value("A table, and nobody")


def test_every_kind_of_answer_comes_back(learner: Learner) -> None:
    """Options, numbers, scales and words; what follows from them is on the page at once."""
    tab = learner.open("room.html")
    expect(tab.get_by_text("You know about guests.")).to_be_hidden()
    pick(tab, "who", "The guest")
    expect(tab.get_by_text("You know about guests.")).to_be_visible()
    box(tab, "how-many").fill("3")
    box(tab, "how-many").blur()
    saved(tab, "how-many")
    pick(tab, "sure", "4")
    write(tab, "next-words", "Good evening.")
    tab.reload()
    learner.arrive(tab, "room.html")
    expect(checkpoint(tab, "who").get_by_role("radio", name="The guest")).to_be_checked()
    expect(box(tab, "how-many")).to_have_value("3")
    expect(checkpoint(tab, "sure").get_by_role("radio", name="4")).to_be_checked()
    expect(box(tab, "next-words")).to_have_value("Good evening.")
    learner.go(tab, "journal.html")
    expect(tab.locator(".journal-entry")).to_have_count(4)
    for words in ("The guest", "3 chairs", "4 of 4", "Good evening."):
        expect(tab.locator(".journal")).to_contain_text(words)


def test_a_sample_opens_only_after_ones_own_attempt(learner: Learner) -> None:
    """Samples and reveals are not there before an answer, and folded after it."""
    tab = learner.open("index.html")
    sample = checkpoint(tab, "first").locator("details.after")
    expect(sample).to_be_hidden()
    write(tab, "first", TYPED)
    expect(sample).to_be_visible()
    expect(tab.get_by_text("A table and two chairs.")).to_be_hidden()
    sample.locator("summary").click()
    expect(tab.get_by_text("A table and two chairs.")).to_be_visible()
    learner.go(tab, "room.html")
    reveal = checkpoint(tab, "who").locator("details.after")
    expect(reveal).to_be_hidden()
    pick(tab, "who", "The host")
    reveal.locator("summary").click()
    expect(tab.get_by_text("It was the guest.")).to_be_visible()
    expect(checkpoint(tab, "how-many").locator("details.after")).to_be_hidden()


def test_a_revisit_shows_the_earlier_words_beside_a_new_box(learner: Learner) -> None:
    """With the first question and a date; new words are kept apart, the journal has both."""
    tab = learner.open("index.html")
    write(tab, "first", TYPED)
    learner.go(tab, "end.html")
    again = checkpoint(tab, "first-again")
    expect(again.locator(".earlier")).to_contain_text("What do you expect behind the door?")
    expect(again.locator(".then")).to_contain_text(TYPED)
    expect(again.locator(".then")).to_contain_text("What you wrote on ")
    expect(again.locator(".prompt")).to_have_text("What do you see in those words now?")
    expect(box(tab, "first-again")).to_have_value("")
    expect(tab.get_by_text("You have looked back.")).to_be_hidden()
    write(tab, "first-again", "I saw it from outside.")
    expect(tab.get_by_text("You have looked back.")).to_be_visible()
    tab.reload()
    learner.arrive(tab, "end.html")
    expect(again.locator(".then")).to_contain_text(TYPED)
    expect(box(tab, "first-again")).to_have_value("I saw it from outside.")
    tab.locator(".journal").scroll_into_view_if_needed()
    beside = tab.locator(".journal .then-now")
    expect(beside).to_contain_text(TYPED)
    expect(beside).to_contain_text("I saw it from outside.")
    learner.go(tab, "index.html")
    expect(box(tab, "first")).to_have_value(TYPED)


def test_a_revisit_without_earlier_words_asks_the_first_question(learner: Learner) -> None:
    """What is answered there counts as the first answer; on a later visit it is looked back on."""
    tab = learner.open("end.html")
    again = checkpoint(tab, "words-again")
    expect(again.locator(".prompt")).to_have_text("What will be said next?")
    write(tab, "words-again", "Nothing at all.")
    tab.reload()
    learner.arrive(tab, "end.html")
    expect(box(tab, "words-again")).to_have_value("Nothing at all.")
    learner.go(tab, "room.html")
    expect(box(tab, "next-words")).to_have_value("Nothing at all.")
    learner.go(tab, "end.html")
    expect(again.locator(".then")).to_contain_text("Nothing at all.")
    expect(again.locator(".prompt")).to_have_text("And what was said in the end?")
    expect(box(tab, "words-again")).to_have_value("")


def test_the_journal_on_paper_has_every_version_and_no_button(visitor: Learner) -> None:
    """Each entry on one sheet, unfolded; a box that would have held buttons only is not there."""
    tab = visitor.open("index.html")
    for words in ("Silence.", "A crowd, maybe."):
        write(tab, "first", words)
    visitor.go(tab, "journal.html")
    entry = tab.locator(".journal-entry")
    expect(entry).to_contain_text("A crowd, maybe.")
    expect(entry.get_by_text("Silence.")).to_have_count(0)
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    expect(entry.get_by_text("Silence.")).to_be_visible()
    expect(entry).to_have_css("break-inside", "avoid")
    expect(tab.locator("main button:visible, .share:visible")).to_have_count(0)


def test_earlier_versions_can_be_gone_on_from(visitor: Learner) -> None:
    """Nothing written over is lost: it stands beside the box, and can be put back in it."""
    tab = visitor.open("index.html")
    write(tab, "first", "A table.")
    write(tab, "first", "Nothing.")
    versions = checkpoint(tab, "first").locator(".versions")
    versions.get_by_text("One earlier version").click()
    expect(versions).to_contain_text("A table.")
    versions.get_by_role("button", name="Go on from this one").click()
    expect(box(tab, "first")).to_have_value("A table.")
    expect(box(tab, "first")).to_be_focused()
    box(tab, "first").blur()
    saved(tab, "first")
    expect(versions).to_contain_text("Nothing.")


@everywhere
def test_the_export_holds_every_word(learner: Learner, tmp_path: Path) -> None:
    """Every version of every answer, with prompt and page, the trail, and a right checksum."""
    tab = learner.open("index.html")
    write(tab, "first", "A table.")
    write(tab, "first", "Nothing “at all”, \n\nnot <b>even</b> a table. 🪑")
    take(tab, "wait")
    learner.follow(tab, "Climb in by the window", "room.html")
    pick(tab, "who", "The host")
    box(tab, "next-words").focus()
    tab.keyboard.type("Half a w")
    learner.go(tab, "journal.html")
    data = export(tab, tmp_path)
    assert data["format"] == "learnpath-journal"
    assert data["course"] == "small-house"
    assert values(data) == {
        "first": ["A table.", "Nothing “at all”, \n\nnot <b>even</b> a table. 🪑"],
        "who": ["host"],
        "next-words": ["Half a w"],
    }
    answers = [entry for entry in data["log"] if entry["type"] == "answer"]
    assert {entry["prompt"] for entry in answers} >= {"What do you expect behind the door?"}
    assert {entry["pageTitle"] for entry in answers} == {"The door", "The room"}
    trail = [(e["type"], e.get("option") or e["page"]) for e in data["log"] if "parent" in e]
    assert trail == [("opened", "index"), ("chose", "wait"), ("opened", "room")]
    plain = json.dumps([data["log"], data["drafts"]], ensure_ascii=False, separators=(",", ":"))
    assert data["sha256"] == hashlib.sha256(plain.encode()).hexdigest()


def test_a_readable_copy_holds_every_word(visitor: Learner, tmp_path: Path) -> None:
    """As Markdown: the page, the question, the words."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    visitor.go(tab, "journal.html")
    with tab.expect_download() as caught:
        tab.get_by_role("button", name="Download to read").click()
    caught.value.save_as(tmp_path / "journal.md")
    text = (tmp_path / "journal.md").read_text("utf-8")
    for words in ("## The door", "What do you expect behind the door?", f"> {TYPED}"):
        assert words in text


def test_words_in_the_journal_are_text(visitor: Learner) -> None:
    """Markup in a learner's words is shown as it was typed, on the page and in the journal."""
    words = "<img src=x onerror=alert(1)> & <script>alert(2)</script>"
    tab = visitor.open("index.html")
    write(tab, "first", words)
    expect(tab.get_by_text(f"You expect {words}.")).to_be_visible()
    visitor.go(tab, "end.html")
    expect(checkpoint(tab, "first-again").locator(".then")).to_contain_text(words)
    tab.locator(".journal").scroll_into_view_if_needed()
    expect(tab.locator(".journal")).to_contain_text(words)


@everywhere
def test_erasing_asks_and_then_erases(learner: Learner, tmp_path: Path) -> None:
    """*Keep* keeps; a copy is offered beside *Erase now*; afterwards nothing is left anywhere."""
    tab = learner.open("index.html")
    write(tab, "first", TYPED)
    take(tab, "wait")
    learner.go(tab, "journal.html")
    tab.get_by_role("button", name="Erase everything").click()
    ask = tab.get_by_role("group", name=re.compile("^Erase all your words"))
    expect(ask).to_be_focused()
    ask.get_by_role("button", name="Keep").click()
    expect(ask).to_have_count(0)
    expect(tab.locator(".journal-entry")).to_contain_text(TYPED)
    tab.get_by_role("button", name="Erase everything").click()
    with tab.expect_download():
        ask.get_by_role("button", name=re.compile("^Download everything")).click()
    ask.get_by_role("button", name="Erase now").click()
    expect(tab.locator(".journal-status")).to_have_text("Erased from this browser.")
    expect(tab.locator(".journal-entries")).to_contain_text("Nothing here yet.")
    data = export(tab, tmp_path)
    assert TYPED not in json.dumps(data)
    assert {entry["type"] for entry in data["log"]} <= {"erased", "opened"}
    learner.go(tab, "index.html")
    expect(box(tab, "first")).to_have_value("")
    expect(option(tab, "wait")).not_to_have_attribute("data-taken", "")


def test_one_answer_can_be_erased(visitor: Learner, tmp_path: Path) -> None:
    """All its versions go, and no other answer."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    visitor.go(tab, "room.html")
    write(tab, "next-words", "Good evening.")
    visitor.go(tab, "journal.html")
    entry = tab.locator(".journal-entry", has_text=TYPED)
    entry.get_by_role("button", name="Erase this answer").click()
    entry.get_by_role("button", name="Erase now").click()
    expect(entry).to_have_count(0)
    data = export(tab, tmp_path)
    assert TYPED not in json.dumps(data)
    assert values(data) == {"next-words": ["Good evening."]}


@everywhere
def test_two_tabs_agree(learner: Learner) -> None:
    """Words of one tab appear in the other, at once, with what follows from them."""
    here, there = learner.open("index.html"), learner.open("index.html")
    write(here, "first", TYPED)
    expect(box(there, "first")).to_have_value(TYPED)
    expect(there.get_by_text(f"You expect {TYPED}.")).to_be_visible()
    journal = learner.open("journal.html")
    write(there, "first", "Nothing.")
    expect(box(here, "first")).to_have_value("Nothing.")
    expect(journal.locator(".journal-entry")).to_contain_text("Nothing.")


def test_a_box_in_use_is_never_written_over(learner: Learner, tmp_path: Path) -> None:
    """Typed in two tabs at once, both texts are kept, and the tab that is behind says so."""
    here, there = learner.open("index.html"), learner.open("index.html")
    box(there, "first").focus()
    write(here, "first", "From here.")
    said = checkpoint(there, "first").get_by_role("status")
    expect(said).to_contain_text("You have written something newer here in another tab.")
    expect(box(there, "first")).to_have_value("")
    box(there, "first").press_sequentially("From there.")
    box(there, "first").blur()
    saved(there, "first")
    expect(box(here, "first")).to_have_value("From there.")
    learner.go(there, "journal.html")
    assert values(export(there, tmp_path)) == {"first": ["From here.", "From there."]}


def test_erased_in_one_tab_is_erased_in_the_other(visitor: Learner) -> None:
    """The other tab shows an empty box, and does not bring the words back."""
    tab, other = visitor.open("index.html"), visitor.open("journal.html")
    write(tab, "first", TYPED)
    other.get_by_role("button", name="Erase everything").click()
    other.get_by_role("button", name="Erase now").click()
    expect(other.locator(".journal-status")).to_have_text("Erased from this browser.")
    expect(tab.get_by_text("You expect something you have not said.")).to_be_visible()
    tab.reload()
    visitor.arrive(tab, "index.html")
    expect(box(tab, "first")).to_have_value("")


_NO_DATABASE = "Object.defineProperty(window, 'indexedDB', {get() { throw new Error('none'); }});"
_NO_STORES = (
    _NO_DATABASE + "Object.defineProperty(window, 'localStorage', {get() { throw new Error(); }});"
    "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error(); }});"
)


def test_without_a_database_the_small_store_keeps_the_words(visitor: Learner) -> None:
    """One rung down: still kept, and said in plain words, with a copy beside them."""
    visitor.context.add_init_script(_NO_DATABASE)
    tab = visitor.open("index.html")
    where = checkpoint(tab, "first").locator(".where-kept")
    expect(where).to_contain_text("small store")
    write(tab, "first", TYPED)
    expect(checkpoint(tab, "first").get_by_role("button", name="Copy")).to_be_visible()
    tab.reload()
    visitor.arrive(tab, "index.html")
    expect(box(tab, "first")).to_have_value(TYPED)


_SHUT = """(() => {
  const open = indexedDB.open.bind(indexedDB);
  const shut = { "?once": 1, "?always": Infinity }[location.search] ?? 0;
  let tried = 0;
  indexedDB.open = (...names) => {
    if (++tried <= shut) throw new Error("shut");
    return open(...names);
  };
})()"""


def test_erasing_tries_a_database_again_that_did_not_open(visitor: Learner, tmp_path: Path) -> None:
    """Where it stays shut, that is said and nothing promised."""
    visitor.context.add_init_script(_SHUT)
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    visitor.go(tab, "journal.html?always")
    expect(tab.locator(".journal-entries")).to_contain_text("Nothing here yet.")
    for visit, said in (("always", "did not let everything be erased"), ("once", "Erased from")):
        visitor.go(tab, f"journal.html?{visit}")
        tab.get_by_role("button", name="Erase everything").click()
        tab.get_by_role("button", name="Erase now").click()
        expect(tab.locator(".journal-status")).to_contain_text(said)
        if visit == "always":
            visitor.go(tab, "journal.html")
            expect(tab.locator(".journal-entry")).to_contain_text(TYPED)
    visitor.go(tab, "journal.html")
    expect(tab.locator(".journal-entries")).to_contain_text("Nothing here yet.")
    assert TYPED not in json.dumps(export(tab, tmp_path))


def test_without_any_store_the_page_says_so_and_loses_nothing(
    visitor: Learner, tmp_path: Path
) -> None:
    """The words stay in the box, Download gives them, and leaving asks first."""
    visitor.context.add_init_script(_NO_STORES)
    tab = visitor.open("index.html")
    first = checkpoint(tab, "first")
    expect(first.locator(".where-kept")).to_contain_text("This browser keeps nothing")
    box(tab, "first").press_sequentially(TYPED)
    box(tab, "first").blur()
    expect(first.get_by_role("status")).to_contain_text("could not save your words")
    expect(box(tab, "first")).to_have_value(TYPED)
    with tab.expect_download() as caught:
        first.get_by_role("button", name="Download", exact=True).click()
    caught.value.save_as(tmp_path / "words.txt")
    assert (tmp_path / "words.txt").read_text("utf-8") == TYPED
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    tab.on("dialog", answer)
    tab.reload()
    assert asked == ["beforeunload"]
    visitor.arrive(tab, "index.html")


def test_a_page_of_an_older_release_leaves_newer_words_alone(visitor: Learner) -> None:
    """What a later release wrote is shown and not added to, and the page says so."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    tab.evaluate("""() => new Promise((resolve) => {
      const request = indexedDB.open("learnpath:small-house", 2);
      request.onupgradeneeded = () => {};
      request.onsuccess = () => { request.result.close(); resolve(); };
    })""")
    tab.close()
    tab = visitor.open("index.html")
    expect(box(tab, "first")).to_have_value(TYPED)
    first = checkpoint(tab, "first")
    expect(first.locator(".where-kept")).to_contain_text("newer version")
    box(tab, "first").press_sequentially(" More.")
    box(tab, "first").blur()
    expect(first.get_by_role("status")).to_contain_text("Not saved")
    tab.on("dialog", lambda dialog: dialog.accept())
    visitor.go(tab, "journal.html")
    expect(tab.locator(".journal-entry")).to_contain_text(TYPED)
    expect(tab.get_by_role("button", name="Erase everything")).to_have_count(0)


def taken_in(tab: Page, path: Path) -> None:
    """Choose a file for the journal to take in."""
    with tab.expect_file_chooser() as chooser:
        tab.get_by_role("button", name="Take in a file").click()
    chooser.value.set_files(path)


@everywhere
def test_a_journal_moves_to_another_browser(
    new_learner: NewLearner, small: Site, place: str, tmp_path: Path
) -> None:
    """What another browser wrote is shown, then taken in once; what is here stays."""
    there, here = new_learner(small.addresses[place]), new_learner(small.addresses[place])
    tab = there.open("index.html")
    write(tab, "first", TYPED)
    there.go(tab, "journal.html")
    export(tab, tmp_path, "there.json")
    mine = here.open("index.html")
    write(mine, "first", "My own words.")
    here.go(mine, "journal.html")
    taken_in(mine, tmp_path / "there.json")
    ask = mine.get_by_role("group", name=re.compile("one answer that is not here yet"))
    expect(ask).to_contain_text(TYPED)
    ask.get_by_role("button", name="Keep").click()
    expect(mine.locator(".journal-entries")).not_to_contain_text(TYPED)
    taken_in(mine, tmp_path / "there.json")
    ask.get_by_role("button", name="Take it in").click()
    expect(mine.locator(".journal-status")).to_have_text("One answer was taken in.")
    mine.get_by_role("button", name="By time").click()
    expect(mine.locator(".journal-entries")).to_contain_text(TYPED)
    expect(mine.locator(".journal-entries")).to_contain_text("My own words.")
    taken_in(mine, tmp_path / "there.json")
    expect(mine.locator(".journal-status")).to_have_text(
        "All that is in this file is here already."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[: len(text) // 2], "This is no journal file"),
        (lambda text: text.replace(TYPED, "<img src=x onerror=alert(1)>"), "changed by hand"),
        (lambda text: text.replace('"course": "', '"course": "x'), "another course"),
        (lambda text: text.replace('"version": 1', '"version": 2'), "a later version"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(
    change: Callable[[str], str], said: str, visitor: Learner, tmp_path: Path
) -> None:
    """The reason is said, and the journal is as it was."""
    tab = visitor.open("index.html")
    write(tab, "first", TYPED)
    visitor.go(tab, "journal.html")
    export(tab, tmp_path, "journal.json")
    text = (tmp_path / "journal.json").read_text("utf-8")
    assert change(text) != text
    (tmp_path / "bad.json").write_text(change(text), "utf-8")
    taken_in(tab, tmp_path / "bad.json")
    expect(tab.locator(".journal-status")).to_contain_text(said)
    expect(tab.locator(".journal-status")).to_be_focused()
    assert export(tab, tmp_path)["log"] == json.loads(text)["log"]


def test_words_are_found_in_the_journal(visitor: Learner) -> None:
    """By words of the answer or of its question, whatever their accents and cases."""
    tab = visitor.open("index.html")
    write(tab, "first", "Über Brücken und Tische.")
    visitor.go(tab, "room.html")
    pick(tab, "who", "The guest")
    visitor.go(tab, "journal.html")
    expect(tab.locator(".journal-entry")).to_have_count(2)
    tab.get_by_role("searchbox", name="Find in the journal").fill("brucken TISCH")
    expect(tab.locator(".journal-entry")).to_have_count(1)
    expect(tab.locator(".journal-found")).to_have_text("1 answer found")
    tab.get_by_role("searchbox", name="Find in the journal").fill("nowhere")
    expect(tab.locator(".journal-found")).to_have_text("0 answers found")


def test_the_journal_opens_quickly_with_five_thousand_entries(
    new_learner: NewLearner, small: Site
) -> None:
    """It is usable while most of them are out of sight."""
    learner = new_learner(small.addresses["root"])
    tab = learner.open("journal.html")
    tab.evaluate(
        """() => {
          const { session, stamp } = learnpath;
          const line = (n) => ({ ...stamp({ type: "answer", key: `k${n % 900}`, page: "room",
            value: `Words number ${n}, and some more of them.`, prompt: `Question ${n % 900}`,
            pageTitle: "The room" }), seq: n + 10 });
          return session.store.write({ log: Array.from({ length: 5000 }, (_, n) => line(n)) });
        }"""
    )
    tab.reload()
    learner.arrive(tab, "journal.html")
    expect(tab.locator(".journal-entry").first).to_be_visible()
    took = tab.evaluate(
        """() => { const begun = performance.now();
          document.querySelector("[data-order=page]").click();
          return performance.now() - begun; }"""
    )
    assert took < 2000, took  # a guard against what grows with the square; bench/ has the figure


def test_a_page_shows_the_journal_and_leads_to_what_is_done_with_it(learner: Learner) -> None:
    """The words stand in the page; to keep, print or erase them one goes to the journal itself."""
    tab = learner.open("index.html")
    write(tab, "first", TYPED)
    learner.go(tab, "end.html")
    tab.locator(".journal").scroll_into_view_if_needed()
    expect(tab.locator(".journal .journal-entry").first).to_contain_text(TYPED)
    expect(tab.locator(".journal-erase-one")).to_have_count(0)
    link(tab, "Keep, print, take in or erase your words").click()
    learner.arrive(tab, "journal.html")
    expect(tab.locator(".journal-erase-one")).to_have_count(1)
    expect(tab.locator(".journal-tools .journal-export")).to_be_visible()


def test_the_journal_by_topic_says_which_page_an_answer_is_from(visitor: Learner) -> None:
    """Under a topic there are answers of several pages; under a page its name is not repeated."""
    tab = visitor.open("room.html")
    write(tab, "next-words", TYPED)
    visitor.go(tab, "journal.html")
    entry = tab.locator(".journal-entry", has_text=TYPED)
    expect(entry.locator(".journal-page")).to_have_count(0)
    tab.locator("[data-order=topic]").click()
    expect(tab.locator(".journal-group", has_text=TYPED).locator("h2")).to_have_text("Rooms")
    expect(entry.locator(".journal-page")).to_have_text("The room")
