"""What was asked for some files, as bytes: each question once, however many files asked it."""

from __future__ import annotations

from collections.abc import Sequence

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


def records_in(data: bytes) -> dict[str, Record]:
    """The records that `pack_records` wrote, by file; none where it did not."""
    try:
        head, *lines = data.decode("utf-8", "surrogatepass").split("\n")
        notes = [_note(line) for line in lines]
        return {
            str(file): Record(str(item), tuple([notes[at] for at in asked]))
            for file, item, asked in json_value(head)
        }
    except (ValueError, TypeError, IndexError):
        return {}


def _note(line: str) -> Note:
    question, _, answer = line.partition("\t")
    return question, answer
