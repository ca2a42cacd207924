"""What a person reads: problems with their place, excerpt and caret; progress; summaries."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from learnpath.excerpts import Excerpts
from learnpath.problems import Problem, Severity

if TYPE_CHECKING:
    from learnpath.library import Progress

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_WIDEST = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BAR_WIDTH = 28


class Console(Struct, frozen=True):
    """How much is said, in which form. Documents go to standard output, words for people too
    unless a document does; then they go to standard error."""

    quiet: bool = False
    verbose: bool = False
    as_json: bool = False
    colour: bool = True

    def say(self, text: str = "") -> None:
        if not self.quiet:
            click.echo(text, err=self.as_json, color=self._coloured())

    def tell(self, text: str) -> None:
        """A remark for those who asked for more, with `-v`."""
        if self.verbose:
            self.say(text)

    def warn(self, text: str) -> None:
        click.echo(text, err=True, color=self._coloured())

    def document(self, data: dict[str, Any]) -> None:
        """The one JSON document on standard output."""
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))

    def style(self, text: str, **how: Any) -> str:
        return click.style(text, **how) if self._coloured() is not False else text

    def _coloured(self) -> bool | None:
        return None if self.colour and "NO_COLOR" not in os.environ else False

    def problems(self, problems: Iterable[Problem], root: Path) -> None:
        """Every problem, with the line it stands in."""
        excerpts = Excerpts(root, _WIDEST)
        for found in problems:
            if found.severity is Severity.INFO and self.quiet:
                continue
            self._problem(found, excerpts)

    def _problem(self, found: Problem, excerpts: Excerpts) -> None:
        label = self.style(f"{found.severity}", fg=_COLOURS[found.severity], bold=True)
        place = self.style(_place(found), bold=True)
        rule = self.style(f"[{found.rule}]", dim=True)
        text = [f"{place}: {label}: {found.message} {rule}"]
        excerpt = _quoted(found, excerpts)
        if excerpt:
            text += [self.style(line, dim=True) for line in excerpt]
        text.append(f"  {self.style('hint:', fg='cyan')} {found.hint}\n")
        click.echo("\n".join(text), err=True, color=self._coloured())

    @contextmanager
    def progress(self) -> Iterator[Progress | None]:
        """A bar on a terminal, nothing elsewhere."""
        if self.quiet or self.as_json or sys.stderr is None or not sys.stderr.isatty():
            yield None
            return
        try:
            yield _bar
        finally:
            click.echo("\r\033[K", nl=False, err=True)


def _bar(stage: str, done: int, total: int) -> None:
    if total < 30 or (done != total and done % max(total // 100, 1)):
        return
    filled = _BAR_WIDTH * done // total
    bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
    click.echo(f"\r\033[K{stage:<8} {bar} {done}/{total}", nl=False, err=True)


def _place(found: Problem) -> str:
    parts = [found.path or "the course", found.line, found.column]
    return ":".join(str(part) for part in parts if part is not None)


def _quoted(found: Problem, excerpts: Excerpts) -> list[str]:
    """The line that a problem stands in, and a caret under the place."""
    excerpt = excerpts.of(found)
    if excerpt is None:
        return []
    shown, mark = excerpt
    shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", shown)
    quoted = [f"{found.line:>5} | {shown}"]
    if mark is not None:
        quoted.append(" " * 6 + "| " + " " * _width(shown[:mark]) + "^")
    return quoted


def _width(text: str) -> int:
    """Columns of a terminal: wide letters take two, combining marks none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def counted(number: int, one: str, many: str = "") -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
