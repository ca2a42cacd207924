"""What is wrong with the course, as the panel over the pages shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from learnpath.excerpts import Excerpts
from learnpath.problems import Problem, Severity

_MOST = 60
"""More than this nobody reads at once, and every tab is sent them all."""
_WIDEST = 160


class Note(Struct, frozen=True):
    """One problem in words. `mark` is the column in `excerpt`, from 0, or None."""

    severity: str
    rule: str
    place: str
    message: str
    hint: str
    excerpt: str = ""
    mark: int | None = None


class Notes(Struct, frozen=True):
    """Errors first, then warnings; how many there are in all."""

    shown: tuple[Note, ...] = ()
    errors: int = 0
    warnings: int = 0

    def document(self) -> bytes:
        """The JSON that the panel fetches."""
        shown = [asdict(note) for note in self.shown]
        data = {"errors": self.errors, "warnings": self.warnings, "notes": shown}
        return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")

    def with_failure(self, note: Note) -> Notes:
        return Notes((note, *self.shown), self.errors + 1, self.warnings)


def notes_of(problems: Iterable[Problem], root: Path) -> Notes:
    """The problems that count, each with the line it stands in."""
    counted = [p for p in problems if p.severity is not Severity.INFO]
    counted.sort(key=lambda p: p.severity is not Severity.ERROR)
    errors = sum(p.severity is Severity.ERROR for p in counted)
    excerpts = Excerpts(root, _WIDEST)
    shown = tuple(_note(found, excerpts) for found in counted[:_MOST])
    return Notes(shown, errors, len(counted) - errors)


def failure(message: str, hint: str) -> Note:
    """A note for what stopped a build altogether."""
    return Note("error", "preview", "the course", message, hint)


def _note(found: Problem, excerpts: Excerpts) -> Note:
    parts = (found.path or "the course", found.line, found.column)
    place = ":".join(str(part) for part in parts if part is not None)
    excerpt, mark = excerpts.of(found) or ("", None)
    return Note(str(found.severity), found.rule, place, found.message, found.hint, excerpt, mark)
