"""What was asked for some files, as bytes: each question once, however many files asked it."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from learnpath.jsontext import json_text, json_value

Note = tuple[str, str]
"""A question and its answer; or a page, and what was asked about it, each as text."""


class Record(Struct, frozen=True):
    """What one file was made from: its item as text, and every note that was taken."""

    item: str
    notes: tuple[Note, ...]


def pack_records(records: Sequence[tuple[str, Record]]) -> bytes:
    """The records of these files. A line has a note; neither tabs nor line ends stand in one."""
    at: dict[Note, int] = {}
    files = [
        [file, record.item, [at.setdefault(note, len(at)) for note in record.notes]]
        for file, record in records
    ]
    lines = (f"{question}\t{answer}" for question, answer in at)
    return "\n".join((json_text(files), *lines)).encode("utf-8", "surrogatepass")


def records_in(data: bytes) -> Records:
    """The records that `pack_records` wrote, by file; none where it did not."""
    try:
        head, *lines = data.decode("utf-8", "surrogatepass").split("\n")
        files = {
            str(file): (str(item), array("L", asked)) for file, item, asked in json_value(head)
        }
    except (ValueError, TypeError, OverflowError):
        return Records({}, [])
    highest = max((max(asked, default=-1) for _, asked in files.values()), default=-1)
    return Records(files if highest < len(lines) else {}, lines)


class Records(Mapping[str, Record]):
    """The records of some files, each read when it is asked for: of most that is one of many."""

    def __init__(self, files: dict[str, tuple[str, array[int]]], lines: list[str]) -> None:
        """`files` are the item of each and the numbers of its notes; a line has a note."""
        self._files, self._lines = files, lines
        self._notes: list[Note | None] = [None] * len(lines)

    def __getitem__(self, file: str) -> Record:
        item, asked = self._files[file]
        return Record(item, tuple([self._notes[at] or self._note(at) for at in asked]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def _note(self, at: int) -> Note:
        question, _, answer = self._lines[at].partition("\t")
        note = self._notes[at] = question, answer
        self._lines[at] = ""
        return note
