"""Where words are kept, held to its design: how they are written, and on which rung."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from browser.learner import TYPED, Learner, box, checkpoint, pick, saved, take, write
from browser.test_words import export, taken_in, values

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-words")]

KEPT = Path(__file__).parent / "kept"

_WATCHED = """(() => {
  globalThis.transactions = [];
  globalThis.puts = [];
  globalThis.persists = 0;
  const { transaction } = IDBDatabase.prototype, { put } = IDBObjectStore.prototype;
  IDBDatabase.prototype.transaction = function (names, mode, options) {
    transactions.push([mode, options?.durability]);
    return transaction.call(this, names, mode, options);
  };
  IDBObjectStore.prototype.put = function (item) {
    puts.push([this.name, item.value]);
    return put.call(this, item);
  };
  const counted = () => { persists += 1; return Promise.resolve(true); };
  if (navigator.storage) navigator.storage.persist = counted;
})()"""

_FULL = """() => { IDBObjectStore.prototype.put = () => {
  throw new DOMException('full', 'QuotaExceededError'); }; }"""

_IN_SMALL_STORE = "Object.keys(localStorage).filter((key) => key.includes(':log:')).length"


def in_small_store(tab: Page) -> int:
    """How many lines the small store holds."""
    return int(tab.evaluate(_IN_SMALL_STORE))


def test_every_input_is_put_and_every_write_is_strict(visitor: Learner) -> None:
    """Each change of the box goes to the disk as a draft, at once; leaving it makes a version."""
    visitor.context.add_init_script(_WATCHED)
    tab = visitor.open("index.html")
    for letter in "abc":
        box(tab, "first").press_sequentially(letter)
        tab.wait_for_function("letter => puts.at(-1)[1]?.endsWith(letter)", arg=letter, timeout=600)
    drafts = [value for kind, value in tab.evaluate("puts") if kind == "drafts"]
    assert drafts == ["a", "ab", "abc"]
    box(tab, "first").blur()
    saved(tab, "first")
    assert ["log", "abc"] in tab.evaluate("puts")
    written = [options for mode, options in tab.evaluate("transactions") if mode == "readwrite"]
    assert set(written) == {"strict"}


_ODD = [
    "",
    "0",
    "00",
    "1",
    "9",
    "A",
    "a",
    "f",
    "ff",
    "g",
    "|",
    "~",
    "\u00e9",
    "\uffff",
    "\U0001f600",
]

_KEEP_UNDER = """(ids) => learnpath.session.store.write({ log: ids.map((id) =>
  ({ ...learnpath.stamp({ type: "answer", key: "first", value: `Under ${id}.` }), id })) })"""


_RECORDS = """async () => {
  let found;
  await learnpath.session.store.shelves[0].transact("readonly", (transaction) =>
    (found = transaction.objectStore("log").getAll()));
  return found.result.map(({ v, lines }) => (v > 1 && lines?.length) || 0);
}"""

_JOINING = """(most) => {
  learnpath.session.store.packOf = most;
  return learnpath.later("packs");
}"""


def records(tab: Page) -> tuple[int, list[int]]:
    """How many lines lie alone in the database, and how many in each record of several."""
    found = tab.evaluate(_RECORDS)
    return found.count(0), [lines for lines in found if lines]


def join(tab: Page, most: int) -> None:
    """Let the page join its lines, and wait until too few are left for one record more."""
    tab.evaluate(_JOINING, most)
    until_joined(tab, most)


def until_joined(tab: Page, most: int) -> None:
    """Wait until fewer lines lie alone than make a record."""
    for _ in range(300):
        if records(tab)[0] < most:
            return
        tab.wait_for_timeout(100)
    pytest.fail(f"{records(tab)[0]} lines still lie alone")


_KEEP_MANY = """(length) => learnpath.session.store.write({ log: Array.from({ length }, (_, n) => ({
  ...learnpath.stamp({ type: "answer", key: "first", value: `Words ${n}.` }), seq: n + 10 })) })"""


def test_a_long_log_lies_in_few_records(visitor: Learner, tmp_path: Path) -> None:
    """From two hundred lines on they are joined by themselves; each is there once, in order."""
    tab = visitor.open("index.html")
    tab.evaluate(_KEEP_MANY, 450)
    tab.reload()
    visitor.arrive(tab, "index.html")
    until_joined(tab, 200)
    assert records(tab) == (51, [200, 200])
    visitor.go(tab, "journal.html")
    assert values(export(tab, tmp_path))["first"] == [f"Words {n}." for n in range(450)]


def test_two_tabs_that_join_at_once_have_every_line_once(visitor: Learner, tmp_path: Path) -> None:
    """Neither takes what the other has put together."""
    here, there = visitor.open("index.html"), visitor.open("room.html")
    here.evaluate(_KEEP_MANY, 150)
    for tab in (here, there):
        tab.evaluate(f"void ({_JOINING})(7)")
    here.bring_to_front()
    until_joined(here, 7)
    alone, joined = records(here)
    assert alone < 7 and set(joined) == {7}
    visitor.go(here, "journal.html")
    assert values(export(here, tmp_path))["first"] == [f"Words {n}." for n in range(150)]


def test_joining_that_fails_loses_nothing(visitor: Learner, tmp_path: Path) -> None:
    """On a full disk every line stays where it was."""
    tab = visitor.open("index.html")
    tab.evaluate(_KEEP_MANY, 40)
    tab.evaluate(_FULL)
    with tab.expect_console_message(lambda said: said.type == "error"):
        tab.evaluate(_JOINING, 5)
    visitor.troubles.clear()
    assert records(tab) == (41, [])
    visitor.go(tab, "journal.html")
    assert values(export(tab, tmp_path))["first"] == [f"Words {n}." for n in range(40)]


def test_what_was_joined_can_be_erased(visitor: Learner, tmp_path: Path) -> None:
    """One answer's words are gone from the records they lay in; what else lay there stays."""
    tab = visitor.open("index.html")
    tab.evaluate(_KEEP_MANY, 20)
    tab.locator(".note-add").click()
    tab.locator(".note textarea").fill("A note that stays.")
    tab.locator(".note textarea").blur()
    expect(tab.locator(".note .saved")).to_contain_text("Saved in")
    join(tab, 2)
    visitor.go(tab, "journal.html")
    entry = tab.locator(".journal-entry").filter(has_text="Words 19.")
    entry.locator(".journal-erase-one").click()
    entry.locator(".journal-erase-yes").click()
    expect(tab.locator(".journal-entry").filter(has_text="Words")).to_have_count(0)
    tab.reload()
    visitor.arrive(tab, "journal.html")
    expect(tab.locator(".journal-entry")).to_contain_text("A note that stays.")
    assert "Words" not in str(export(tab, tmp_path)["log"])


def test_every_line_is_found_whatever_its_id_begins_with(visitor: Learner) -> None:
    """Alone or joined: none is left out, and none is there twice."""
    tab = visitor.open("index.html")
    tab.evaluate(_KEEP_UNDER, _ODD)
    join(tab, 4)
    tab.reload()
    visitor.arrive(tab, "index.html")
    found = tab.evaluate("""async () => {
      const { log } = await learnpath.session.store.shelves[0].read();
      return log.map(({ id, value }) => value && id);
    }""")
    assert sorted(id_ for id_ in found if id_ is not None) == sorted(_ODD)


def test_the_browser_is_asked_to_keep_them_after_the_first_save_only(visitor: Learner) -> None:
    """Not on load; once, whatever is written after."""
    visitor.context.add_init_script(_WATCHED)
    tab = visitor.open("index.html")
    assert tab.evaluate("persists") == 0
    write(tab, "first", "A table.")
    write(tab, "first", "Two tables.")
    assert tab.evaluate("persists") == 1


def test_tabs_on_different_rungs_agree(visitor: Learner, tmp_path: Path) -> None:
    """Where one tab can no longer write to the database, the others show its words all the same."""
    here, there = visitor.open("index.html"), visitor.open("index.html")
    here.evaluate(_FULL)
    write(here, "first", "On the small store.")
    expect(checkpoint(here, "first").get_by_role("status")).to_contain_text("small store")
    expect(box(there, "first")).to_have_value("On the small store.")
    write(there, "first", "In the database.")
    expect(box(here, "first")).to_have_value("In the database.")
    visitor.go(there, "journal.html")
    assert values(export(there, tmp_path)) == {"first": ["On the small store.", "In the database."]}


def test_what_had_to_go_lower_moves_up_again(visitor: Learner, tmp_path: Path) -> None:
    """At the next start it is in the database, and no longer where it was."""
    tab = visitor.open("index.html")
    tab.evaluate(_FULL)
    write(tab, "first", TYPED)
    assert in_small_store(tab) > 0
    visitor.go(tab, "journal.html")
    assert in_small_store(tab) == 0
    assert values(export(tab, tmp_path)) == {"first": [TYPED]}


_NO_PUTS_ON_LEAVING = """addEventListener("pagehide", () => {
  IDBObjectStore.prototype.put = () => ({});
}, true)"""


def test_what_a_browser_drops_of_a_page_that_is_left_is_not_lost(
    visitor: Learner, tmp_path: Path
) -> None:
    """As WebKit does: of the last writes only removals reach the database. The words are there."""
    visitor.context.add_init_script(_NO_PUTS_ON_LEAVING)
    tab = visitor.open("index.html")
    box(tab, "first").fill(TYPED)
    visitor.go(tab, "journal.html")
    assert values(export(tab, tmp_path)) == {"first": [TYPED]}


def test_what_another_tab_puts_lower_meanwhile_stays(visitor: Learner, tmp_path: Path) -> None:
    """Only what has arrived above is taken away below."""
    tab = visitor.open("index.html")
    tab.evaluate(_FULL)
    write(tab, "first", TYPED)
    # The moment the first lines move up, another tab puts one beside them.
    visitor.context.add_init_script("""(() => {
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (item) {
        const key = Object.keys(localStorage).find((key) => key.includes(":log:"));
        const line = key && JSON.parse(localStorage[key]);
        if (line && !sessionStorage.late) {
          sessionStorage.late = "put";
          const late = { ...line, id: "late", type: "answer", key: "first", value: "Meanwhile." };
          localStorage[key.replace(line.id, "late")] = JSON.stringify(late);
        }
        return put.call(this, item);
      };
    })()""")
    visitor.go(tab, "room.html")
    assert in_small_store(tab) == 1
    visitor.go(tab, "journal.html")
    assert set(values(export(tab, tmp_path))["first"]) == {TYPED, "Meanwhile."}


def test_the_preview_keeps_its_own_words(visitor: Learner) -> None:
    """What an author types while looking at the course is no learner's, at one address even."""

    def as_preview(route: Route) -> None:
        body = route.fetch().text().replace('"preview":false', '"preview":true')
        route.fulfill(body=body, content_type="text/html")

    tab = visitor.open("index.html")
    write(tab, "first", "A learner's.")
    visitor.context.route("**/*.html", as_preview)
    tab.reload()
    visitor.arrive(tab, "index.html")
    expect(box(tab, "first")).to_have_value("")
    write(tab, "first", "The author's.")
    visitor.context.unroute("**/*.html")
    tab.reload()
    visitor.arrive(tab, "index.html")
    expect(box(tab, "first")).to_have_value("A learner's.")
    names = tab.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name).sort())")
    assert names == ["learnpath-preview:small-house", "learnpath:small-house"]


def kinds_of(data: dict[str, Any]) -> set[str]:
    return {entry["type"] for entry in data["log"]}


@pytest.mark.parametrize("path", sorted(KEPT.glob("*.json")), ids=lambda path: path.stem)
def test_what_earlier_releases_kept_is_read_for_ever(
    visitor: Learner, tmp_path: Path, path: Path
) -> None:
    """As a file and as lines in the database: nothing of it is missing from today's export."""
    file = json.loads(path.read_text("utf-8"))
    tab = visitor.open("journal.html")
    taken_in(tab, path)
    tab.get_by_role("button", name="Take it in").click()
    expect(tab.locator(".journal-status")).to_contain_text("taken in")
    lines = {entry["id"]: entry for entry in file["log"]}
    today = {entry["id"]: entry for entry in export(tab, tmp_path)["log"]}
    assert lines == {name: entry for name, entry in today.items() if name in lines}
    words = [e["value"] for e in file["log"] if e["type"] == "answer"]
    tab.get_by_role("button", name="By time").click()
    for word in words:
        expect(tab.locator(".journal-entries")).to_contain_text(str(word))
    visitor.go(tab, "index.html")
    expect(box(tab, "first")).to_have_value("A table, and nobody at it.")


def test_the_fixture_of_this_release_has_every_kind_of_line(
    visitor: Learner, tmp_path: Path
) -> None:
    """What is written today is of the kinds that are kept as an example, field by field."""
    data = lived(visitor, tmp_path / "journal.json")
    kept = json.loads((KEPT / "1.json").read_text("utf-8"))
    assert kinds_of(data) <= kinds_of(kept)
    fields = {(e["type"], name) for e in kept["log"] for name in e}
    assert {(e["type"], name) for e in data["log"] for name in e} <= fields


def lived(visitor: Learner, path: Path) -> dict[str, Any]:
    """A little of everything that a learner can leave, exported."""
    tab = visitor.open("study.html")
    tab.locator(".gate-anyway").click()
    visitor.go(tab, "index.html")
    write(tab, "first", "A door.")
    write(tab, "first", TYPED)
    take(tab, "wait")
    tab.locator(".bookmark").click()
    tab.locator(".note-add").click()
    tab.locator(".note textarea").fill("Ask about the table.")
    tab.locator(".note textarea").blur()
    expect(tab.locator(".note .saved")).to_contain_text("Saved in")
    visitor.follow(tab, "Go in", "room.html")
    pick(tab, "who", "The host")
    visitor.go(tab, "routes/short.html")
    visitor.follow(tab, "The door", "index.html")
    tab.locator(".route-leave").click()
    visitor.go(tab, "end.html")
    write(tab, "first-again", "It was so.")
    visitor.go(tab, "plan.html")
    tab.locator(".own-new").click()
    expect(tab.locator(".own-said")).not_to_be_empty()
    visitor.go(tab, "trail.html")
    tab.get_by_role("button", name="Name this run").first.click()
    tab.locator(".trail-run .trail-naming input").fill("The first way")
    tab.keyboard.press("Enter")
    tab.locator(".trail-go-on").first.click()
    tab.wait_for_url("**/end.html*")
    visitor.go(tab, "journal.html")
    return export(tab, path.parent, path.name)
