"""What learners chose to share: packets, the file that they are gathered in, and what is in it.

A packet is a file that a learner's own browser makes, with the answers that were ticked, a name or
none, and the words that were agreed to. Whoever made it, it is text until all of it was looked at:
one that is not what it should be is refused whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from msgspec import Struct

from learnpath.filenames import GATHERED_FILE
from learnpath.problems import Place, Problems

FORMAT, VERSION = "learnpath-packet", 1

MOST_BYTES = 2_000_000
MOST_ENTRIES = 1_000
MOST_LETTERS = 50_000
_MOST_GATHERED = 50_000_000
_MOST_NAME = 300
_ASK_AGAIN = "ask for it again: it is the file that the course's own button makes"
_GATHER_AGAIN = "gather again: learnpath gather PACKETS"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters: nobody sees them, and HTML may not hold them."""
_HALF = re.compile(r"[\ud800-\udfff]")
_FIELDS = ("key", "page", "pageTitle", "prompt", "at", "text")


class Entry(Struct, frozen=True):
    """One answer, with the question as it was asked."""

    key: str
    page: str
    page_title: str
    prompt: str
    at: str
    text: str


class Packet(Struct, frozen=True):
    """What one learner shares. A later one of the same `sender` takes the place of this."""

    sender: str
    """Names a browser's packets, and nobody."""
    number: int
    """How many packets it had made by then."""
    made: str
    name: str
    """Empty where none was given."""
    consent: str
    """The words that were agreed to."""
    entries: tuple[Entry, ...]

    @property
    def age(self) -> tuple[int, str, str]:
        """Of two packets of a sender the one that counts is the greater."""
        return self.number, self.made, checksum(self, "")


class Given(Struct, frozen=True):
    """One answer as it was given, for a page that shows it."""

    text: str
    prompt: str
    name: str
    consent: str


class _RefusedError(Exception):
    """Why a file is no packet: the message, and the place where it is known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


def read_packet(data: bytes, path: str, course: str, problems: Problems) -> Packet | None:
    """The packet in a file of somebody else's, or None where it is refused, and why is told."""
    try:
        raw = _loaded(data, MOST_BYTES)
        if raw.get("format") != FORMAT:
            _refuse("this file is no packet")
        _check_version(raw)
        if raw.get("course") != course:
            _refuse(f"this packet is from another course: '{str(raw.get('course'))[:60]}'")
        packet = _packet(raw)
        if raw.get("sha256") != checksum(packet, course):
            _refuse("this packet was cut short, or changed by hand")
    except _RefusedError as refused:
        place = Place(path, refused.line, refused.column)
        problems.add("invalid-packet", place, str(refused), _ASK_AGAIN)
        return None
    return packet


def read_gathered(data: bytes, course: str, problems: Problems) -> tuple[Packet, ...]:
    """What `learnpath gather` wrote beside course.yml; nothing where that cannot be read."""
    try:
        raw = _loaded(data, _MOST_GATHERED)
        _check_version(raw)
        if raw.get("course") != course:
            _refuse(f"this was gathered for another course: '{str(raw.get('course'))[:60]}'")
        packets = raw.get("packets")
        if not isinstance(packets, list) or not all(isinstance(each, dict) for each in packets):
            _refuse("this file has no list of packets")
        return tuple(_packet(each) for each in packets)
    except _RefusedError as refused:
        place = Place(GATHERED_FILE, refused.line, refused.column)
        problems.add("invalid-packet", place, str(refused), _GATHER_AGAIN)
        return ()


def gathered_text(course: str, packets: Iterable[Packet]) -> str:
    """The file's text: the newest packet of each sender, the same for packets in any order."""
    newest: dict[str, Packet] = {}
    for packet in sorted(packets, key=lambda each: each.age):
        newest[packet.sender] = packet
    kept = sorted((p for p in newest.values() if p.entries), key=lambda p: (p.made, p.sender))
    document = {
        "version": VERSION,
        "course": course,
        "packets": [_written(packet) for packet in kept],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def given(packets: Iterable[Packet], former: Mapping[str, str]) -> dict[str, tuple[Given, ...]]:
    """By checkpoint, what was shared; `former` gives the ids of today for former ones."""
    found: dict[str, list[Given]] = {}
    for packet in packets:
        for entry in packet.entries:
            one = Given(*map(_shown, (entry.text, entry.prompt, packet.name, packet.consent)))
            found.setdefault(former.get(entry.key, entry.key), []).append(one)
    return {key: tuple(those) for key, those in found.items()}


def checksum(packet: Packet, course: str) -> str:
    """Tells a packet that was cut short or changed by hand; it is no signature."""
    head = [course, packet.sender, packet.number, packet.made, packet.name, packet.consent]
    parts = [part for entry in packet.entries for part in _parts(entry)]
    text = json.dumps([*head, *parts], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _parts(entry: Entry) -> tuple[str, ...]:
    return entry.key, entry.page, entry.page_title, entry.prompt, entry.at, entry.text


def _written(packet: Packet) -> dict[str, object]:
    return {
        "from": packet.sender,
        "number": packet.number,
        "made": packet.made,
        "name": packet.name,
        "consent": packet.consent,
        "entries": [dict(zip(_FIELDS, _parts(entry), strict=True)) for entry in packet.entries],
    }


# Reading what somebody else wrote


def _refuse(message: str) -> NoReturn:
    raise _RefusedError(message)


def _loaded(data: bytes, most: int) -> dict[str, Any]:
    if len(data) > most:
        _refuse(f"this file is larger than {most // 1_000_000} MB")
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise _RefusedError(f"this is not JSON: {error.msg}", error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:
        raise _RefusedError("this cannot be read as JSON") from error
    if not isinstance(raw, dict):
        _refuse("this file is no packet")
    return raw


def _check_version(raw: dict[str, Any]) -> None:
    version = raw.get("version")
    if type(version) is not int or version < 1:
        _refuse("this file does not say which version of packets it is")
    if version > VERSION:
        _refuse("this file is from a later version of learnpath")


def _packet(raw: dict[str, Any]) -> Packet:
    number, entries = raw.get("number"), raw.get("entries")
    if type(number) is not int or not 0 <= number < 2**53:
        _refuse("'number' is no number")
    if not isinstance(entries, list):
        _refuse("'entries' is no list")
    if len(entries) > MOST_ENTRIES:
        _refuse(f"this packet has more than {MOST_ENTRIES} entries")
    return Packet(
        _text(raw, "from", 64, needed=True),
        number,
        _time(raw, "made"),
        _text(raw, "name", _MOST_NAME),
        _text(raw, "consent", MOST_LETTERS, needed=True),
        tuple(_entries(entries)),
    )


def _entries(entries: list[Any]) -> Iterator[Entry]:
    keys: set[str] = set()
    for at, raw in enumerate(entries, start=1):
        if not isinstance(raw, dict):
            _refuse(f"entry {at} is no entry")
        try:
            entry = Entry(
                _text(raw, "key", _MOST_NAME, needed=True),
                _text(raw, "page", _MOST_NAME),
                _text(raw, "pageTitle", MOST_LETTERS),
                _text(raw, "prompt", MOST_LETTERS),
                _time(raw, "at"),
                _text(raw, "text", MOST_LETTERS, needed=True),
            )
        except _RefusedError as refused:
            raise _RefusedError(f"entry {at}: {refused}") from refused
        if entry.key in keys:
            _refuse(f"entry {at}: '{entry.key[:60]}' is there twice")
        keys.add(entry.key)
        yield entry


def _text(raw: dict[str, Any], key: str, most: int, *, needed: bool = False) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or _HALF.search(value):
        _refuse(f"'{key}' is no text")
    if len(value) > most:
        _refuse(f"'{key}' is longer than {most} letters")
    if needed and not value.strip():
        _refuse(f"'{key}' is empty")
    return value


def _time(raw: dict[str, Any], key: str) -> str:
    value = _text(raw, key, 40)
    if not _TIME.fullmatch(value):
        _refuse(f"'{key}' is no time")
    return value


def _shown(text: str) -> str:
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
