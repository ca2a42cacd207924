"""`learnpath gather`: what learners chose to share comes into the course, and leaves it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from learnpath.build import build_site, check_course
from learnpath.filenames import GATHERED_FILE
from learnpath.guide import build_guide
from learnpath.packets import (
    MOST_BYTES,
    MOST_LETTERS,
    Entry,
    Packet,
    checksum,
    read_packet,
)
from learnpath.problems import Problems
from support import CommandLine, text_of, write_course

AT = "2026-11-25T10:00:00.000Z"
COURSE = "the-bakery"
PAGE = """\
---
title: What we want
ending: true
---

::: reflect {#vision}

What would you like to see?

:::

::: reflect {#story aliases="tale"}

Tell of a Monday.

:::

::: share {of="vision story"}

Send it to Ines.

:::

## Visions

::gather{of="vision"}

## Stories

::gather{of="story"}
"""


def packet(
    sender: str = "a", *entries: tuple[str, str], number: int = 1, name: str = ""
) -> dict[str, Any]:
    """A packet as a browser makes it."""
    those = tuple(Entry(key, "index", "What we want", "?", AT, text) for key, text in entries)
    made = Packet(sender, number, AT, name, "Read what I ticked.", those)
    fields = ("key", "page", "pageTitle", "prompt", "at", "text")
    return {
        "format": "learnpath-packet",
        "version": 1,
        "course": COURSE,
        "from": sender,
        "number": number,
        "made": AT,
        "name": name,
        "consent": made.consent,
        "entries": [
            dict(zip(fields, (e.key, e.page, e.page_title, e.prompt, e.at, e.text), strict=True))
            for e in those
        ],
        "sha256": checksum(made, COURSE),
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course that asks, and shows what was shared."""
    files: dict[str, str | bytes] = {
        "course.yml": f"title: The bakery\nid: {COURSE}\n",
        "index.md": PAGE,
    }
    return write_course(tmp_path / "course", files)


@pytest.fixture
def packets(tmp_path: Path) -> Path:
    """An empty folder for what arrives."""
    (tmp_path / "packets").mkdir()
    return tmp_path / "packets"


def put(folder: Path, name: str, data: object) -> None:
    (folder / name).write_text(json.dumps(data), "utf-8")


def shown(root: Path) -> str:
    """The page, built."""
    build_site(root, root.parent / "site", jobs=1)
    return (root.parent / "site" / "index.html").read_text("utf-8")


def test_what_was_shared_stands_under_the_authors_headings(
    root: Path, packets: Path, learnpath: CommandLine
) -> None:
    """Each answer where its question is gathered, with the name that was given or none, and the
    words that were agreed to; a former id counts."""
    put(packets, "a.json", packet("a", ("vision", "Light."), ("tale", "It rained."), name="Tom"))
    put(packets, "b.json", packet("b", ("vision", "Bread.\nAnd time.")))
    ran = learnpath("gather", packets, root)
    assert (ran.code, ran.out) == (
        0,
        f"{GATHERED_FILE}: 3 answers of 2 people; 3 new, 0 taken out\n",
    )
    html = shown(root)
    visions, stories = html.split('<h2 id="visions">')[1].split('<h2 id="stories">')
    assert "Light." in visions
    assert "<bdi>Tom</bdi>" in visions
    assert '<p dir="auto">Bread.</p><p dir="auto">And time.</p>' in visions
    assert "Without a name" in visions
    assert "It rained." in stories
    assert "It rained." not in visions
    assert "Bread." not in stories
    assert "Read what I ticked." in text_of(visions)


def test_gathering_twice_changes_nothing(root: Path, packets: Path, learnpath: CommandLine) -> None:
    """Whatever order the files come in, and however often one was saved."""
    first, second = packet("a", ("vision", "Light.")), packet("b", ("vision", "Bread."))
    put(packets, "1.json", first)
    put(packets, "2.json", second)
    learnpath("gather", packets, root)
    written = (root / GATHERED_FILE).read_bytes()
    stamp = (root / GATHERED_FILE).stat().st_mtime_ns
    put(packets, "0.json", second)
    put(packets, "2.json", first)
    assert "0 new, 0 taken out" in learnpath("gather", packets, root).out
    assert (root / GATHERED_FILE).read_bytes() == written
    assert (root / GATHERED_FILE).stat().st_mtime_ns == stamp


@pytest.mark.parametrize("how", ["later packet", "other choice", "file gone"])
def test_what_is_withdrawn_is_gone_with_the_next_gathering(
    how: str, root: Path, packets: Path, learnpath: CommandLine
) -> None:
    """By a later packet without it, or by taking its file out of the folder."""
    put(packets, "a.json", packet("a", ("vision", "Light."), ("story", "Rain."), number=1))
    put(packets, "b.json", packet("b", ("vision", "Bread.")))
    learnpath("gather", packets, root)
    assert "Light." in shown(root)
    if how == "later packet":
        put(packets, "0.json", packet("a", number=2))
    elif how == "other choice":
        put(packets, "0.json", packet("a", ("story", "Rain."), number=2))
    else:
        (packets / "a.json").unlink()
    gone = 1 if how == "other choice" else 2
    assert f"0 new, {gone} taken out" in learnpath("gather", packets, root).out
    html = shown(root)
    assert "Light." not in html
    assert ("Rain." in html) == (how == "other choice")
    assert "Bread." in html
    assert "Light." not in (root / GATHERED_FILE).read_text("utf-8")


def test_what_was_shared_is_text_and_nothing_else(
    root: Path, packets: Path, learnpath: CommandLine
) -> None:
    """Markup, directives, Jinja and control characters of a learner are shown or left out."""
    evil = "<script>alert(1)</script> {{ 7*7 }} **bold** ::: facilitator \"\u0000\u001b[31m' -->"
    put(packets, "a.json", packet("a", ("vision", evil), name="<img src=x onerror=alert(1)>"))
    assert learnpath("gather", packets, root).code == 0
    html = shown(root)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "\u0000" not in html
    assert "\u001b" not in html
    assert "{{ 7*7 }} **bold** ::: facilitator" in text_of(html)
    assert "<img src=x onerror=alert(1)>" in text_of(html)


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no list": (lambda p: p.update(entries={}), "'entries' is no list"),
    "no entry": (lambda p: p.update(entries=[7]), "entry 1 is no entry"),
    "no text": (lambda p: p["entries"][0].update(text=["a"]), "entry 1: 'text' is no text"),
    "half a letter": (lambda p: p["entries"][0].update(text="\ud800"), "'text' is no text"),
    "empty": (lambda p: p["entries"][0].update(text=" "), "entry 1: 'text' is empty"),
    "long": (lambda p: p["entries"][0].update(text="x" * (MOST_LETTERS + 1)), "is longer than"),
    "no time": (lambda p: p.update(made="now"), "'made' is no time"),
    "number": (lambda p: p.update(number=True), "'number' is no number"),
    "twice": (lambda p: p["entries"].append(p["entries"][0]), "'vision' is there twice"),
    "many": (lambda p: p.update(entries=p["entries"] * 1001), "more than 1000 entries"),
    "no consent": (lambda p: p.update(consent=""), "'consent' is empty"),
    "other": (lambda p: p.update(course="mill"), "from another course: 'mill'"),
    "later": (lambda p: p.update(version=2), "a later version"),
    "journal": (lambda p: p.update(format="learnpath-journal"), "this file is no packet"),
    "by hand": (lambda p: p["entries"][0].update(text="Else"), "changed by hand"),
    "unsigned": (lambda p: p.pop("sha256"), "changed by hand"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_packet_is_refused_whole(
    name: str, root: Path, packets: Path, learnpath: CommandLine
) -> None:
    """With the file and the reason; the others are gathered all the same."""
    change, reason = HOSTILE[name]
    data = packet("a", ("vision", "Light."))
    change(data)
    put(packets, "a.json", data)
    put(packets, "b.json", packet("b", ("vision", "Bread.")))
    ran = learnpath("gather", packets, root)
    assert ran.code == 1
    assert reason in ran.err
    assert f"{packets / 'a.json'}: error" in ran.err
    assert "[invalid-packet]" in ran.err
    written = (root / GATHERED_FILE).read_text("utf-8")
    assert "Bread." in written
    assert '"from": "a"' not in written


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "this is not JSON"),
        (b'{"format": \n nonsense}', "this is not JSON"),
        (b"\xff\xfe\x00", "cannot be read as JSON"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b'{"number": ' + b"9" * 10_000 + b"}", "cannot be read as JSON"),
        (b"[]", "this file is no packet"),
        (b" " * (MOST_BYTES + 1), "this file is larger than 2 MB"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes, reason: str) -> None:
    """Whatever the bytes; where JSON breaks off, that place is told."""
    problems = Problems()
    assert read_packet(data, "a.json", COURSE, problems) is None
    (found,) = problems.all()
    assert reason in found.message
    if b"nonsense" in data:
        assert (found.line, found.column) == (2, 2)


def test_a_folder_without_packets_writes_nothing(
    root: Path, packets: Path, learnpath: CommandLine
) -> None:
    """And what was gathered before is then taken out."""
    assert learnpath("gather", packets, root).code == 0
    assert not (root / GATHERED_FILE).exists()
    put(packets, "a.json", packet("a", ("vision", "Light.")))
    learnpath("gather", packets, root)
    (packets / "a.json").unlink()
    learnpath("gather", packets, root)
    assert json.loads((root / GATHERED_FILE).read_text("utf-8"))["packets"] == []


def test_what_was_gathered_is_checked_like_any_source(root: Path) -> None:
    """A file that cannot be read is told with its place, and the page is made without it."""
    (root / GATHERED_FILE).write_text('{"version": 1,\n "course": "the-bakery" "packets": []}')
    (found,) = check_course(root).problems
    assert (found.rule, found.path, found.line) == ("invalid-packet", GATHERED_FILE, 2)
    assert "Nothing has been shared here yet." in shown(root)


def test_the_guide_never_has_a_learners_word(
    root: Path, packets: Path, learnpath: CommandLine
) -> None:
    """It is for what the facilitator says, and what was shared is not in it."""
    put(packets, "a.json", packet("a", ("vision", "Light.")))
    learnpath("gather", packets, root)
    build_guide(root, root.parent / "guide")
    pages = (root.parent / "guide").rglob("*.html")
    assert all("Light." not in page.read_text("utf-8") for page in pages)


def test_a_course_without_an_id_cannot_gather(
    tmp_path: Path, packets: Path, learnpath: CommandLine
) -> None:
    """Nothing could say which packets are its own."""
    bare = write_course(tmp_path / "bare", {"index.md": "# Start\n"})
    assert learnpath("gather", packets, bare).code == 2


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('::gather{of="visoin"}', "unknown-checkpoint"),
        ("::gather", "invalid-attributes"),
        ('::: share {of="visoin"}\n\nSend it.\n\n:::', "unknown-checkpoint"),
        ("::: share\n\n:::", "invalid-value"),
    ],
)
def test_what_is_not_said_or_not_there_is_told(text: str, rule: str, root: Path) -> None:
    """Of what is shared, and where the file goes."""
    (root / "index.md").write_text(PAGE + f"\n{text}\n")
    assert [p.rule for p in check_course(root).problems] == [rule]


def test_only_a_page_that_shows_it_is_made_again(
    root: Path, packets: Path, learnpath: CommandLine
) -> None:
    """A build that remembers knows what was gathered, like all else that pages show."""
    (root / "other.md").write_text("---\nending: true\n---\n\n::: reflect {#x}\n\nX?\n\n:::\n")
    (root / "index.md").write_text(PAGE + "\n[Other](other.md)\n")
    output = root.parent / "site"
    build_site(root, output)
    put(packets, "a.json", packet("a", ("vision", "Light.")))
    learnpath("gather", packets, root)
    result = build_site(root, output)
    assert (result.rendered, result.files.written) == (1, 1)
    assert "Light." in (output / "index.html").read_text("utf-8")
