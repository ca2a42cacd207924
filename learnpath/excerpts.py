"""The line that a problem stands in, as the terminal and the preview's panel show it."""

from __future__ import annotations

from pathlib import Path

from learnpath.problems import Problem, Problems
from learnpath.source import decode


class Excerpts:
    """Quotes the lines of a course, each file read once; `widest` is in characters."""

    def __init__(self, root: Path, widest: int) -> None:
        self._root = root
        self._widest = widest
        self._files: dict[str, list[str]] = {}

    def of(self, found: Problem) -> tuple[str, int | None] | None:
        """(the line, cut around the place where it is long; the place in it, from 0).

        None where there is no line to quote; without a place where only the line is known.
        """
        if found.path is None or found.line is None:
            return None
        lines = self._lines(found.path)
        if not 0 < found.line <= len(lines):
            return None
        line = lines[found.line - 1].replace("\t", " ")
        column = (found.column or 1) - 1
        start = max(0, column - self._widest // 2) if len(line) > self._widest else 0
        shown = ("…" if start else "") + line[start : start + self._widest]
        return shown, None if found.column is None else column - start + bool(start)

    def _lines(self, path: str) -> list[str]:
        if path not in self._files:
            try:
                text = decode((self._root / path).read_bytes(), path, Problems())
                self._files[path] = text.split("\n")
            except OSError:
                self._files[path] = []
        return self._files[path]
