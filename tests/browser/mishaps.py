"""What happens around learners' words: full disks, wrong clocks, authors who publish again."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from browser.places import SMALL
from learnpath.build import build_site

# What a full disk does to a page that is open: to the database, or to the small store as well.
FULL_DATABASE = """window.IDBObjectStore.prototype.put = () => {
  throw new window.DOMException('full', 'QuotaExceededError'); }"""
FULL_DISK = """window.IDBObjectStore.prototype.put = window.Storage.prototype.setItem = () => {
  throw new window.DOMException('full', 'QuotaExceededError'); }"""
JOIN = """void ((learnpath) => {
  learnpath.session.store.packOf = 3;
  learnpath.later('packs').catch(() => {});
})(window.wrappedJSObject?.learnpath ?? window.learnpath)"""
"""A page puts its lines together, three in a record, when it has nothing else to do."""
_CLOCK = """(() => { const Real = window.Date, now = Real.now, off = %d;
  window.Date = class extends Real {
    constructor(...parts) { parts.length ? super(...parts) : super(now() + off); }
    static now() { return now() + off; } }; })()"""


def clock_off_by(hours: int) -> str:
    """An expression that turns the clock of a page."""
    return _CLOCK % (hours * 3_600_000)


def _without(text: str, opening: str) -> str:
    """The page without the checkpoint that opens like this."""
    shorter = re.sub(rf"::: {re.escape(opening)}.*?\n:::\n", "", text, flags=re.S)
    assert shorter != text
    return shorter


def _revise(course: Path) -> None:
    """What an author does meanwhile: a prompt is renamed, one re-worded, one taken away."""
    index, room = course / "index.md", course / "room.md"
    text = index.read_text("utf-8")
    text = text.replace("reflect {#first ", 'reflect {#first-look aliases="first" ')
    text = text.replace("What do you expect behind the door?", "What might be behind it?")
    index.write_text(text.replace('of="first"', 'of="first-look"'), "utf-8")
    text = room.read_text("utf-8")
    room.write_text(_without(text, "predict {#next-words}"), "utf-8")
    end = course / "end.md"
    end.write_text(_without(end.read_text("utf-8"), "revisit {#words-again"), "utf-8")
    settings = course / "course.yml"
    text = settings.read_text("utf-8").replace(
        "driving_question: first", "driving_question: first-look"
    )
    settings.write_text(text, "utf-8")


def both_revisions(place: Path) -> list[Path]:
    """The sites of the small course as it was published, and as it was published again."""
    sites = []
    for name, change in (("before", lambda course: None), ("after", _revise)):
        course = shutil.copytree(SMALL, place / name / "course")
        change(course)
        result = build_site(course, place / name / "site", jobs=1)
        assert not result.checked.errors, result.checked.problems
        sites.append(place / name / "site")
    return sites


def publish(address: Path, site: Path) -> None:
    """What stands at the address is this site, at once and whole."""
    link = address.with_name("next")
    link.symlink_to(site)
    link.replace(address)
