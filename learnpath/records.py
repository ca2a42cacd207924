"""What was asked for some files, as bytes: each question once, however many files asked it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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
    """The records that `pack_records` wrote; none where it did not."""
    try:
        head, *lines = data.decode("utf-8", "surrogatepass").split("\n")
        return Records({file: (item, asked) for file, item, asked in json_value(head)}, lines)
    except (ValueError, TypeError):
        return Records({}, [])


class Records(Mapping[str, Record]):
    """The records of some files, each read when it is asked for: of most that is one of many."""

    def __init__(self, files: dict[Any, tuple[Any, Any]], lines: list[str]) -> None:
        """`files` are the item of each and the numbers of its notes; a line has a note."""
        self._files, self._lines = files, lines
        self._notes: list[Note | None] = [None] * len(lines)

    def __getitem__(self, file: str) -> Record:
        """Raises KeyError where it is not known, or cannot be read."""
        item, asked = self._files[file]
        try:
            notes = [self._notes[at] or self._note(at) for at in asked]
        except (TypeError, IndexError) as error:
            raise KeyError(file) from error
        return Record(str(item), tuple(notes))

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def _note(self, at: int) -> Note:
        question, _, answer = self._lines[at].partition("\t")
        note = self._notes[at] = question, answer
        return note
