"""What every rule of one parse shares: the file, its lines, and where problems go."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any, Protocol

from msgspec import Struct, field

from learnpath.problems import Place, Problems, Severity


class Explained(Protocol):
    """An error of one of the small grammars: offset, message, hint."""

    offset: int
    message: str
    hint: str


class Context(Struct):
    """One file being parsed.

    `lines` are the whole file's; `first_line` is the file's line (from 1) of the body's first
    line, so that every place is the file's own, front matter counted.
    """

    path: str
    lines: list[str]
    first_line: int
    problems: Problems
    plain: bool
    html: str
    read: Callable[[str], str | None]
    """Text of another file of the course, or None; what is asked for is remembered."""
    including: tuple[str, ...] = ()
    slugs: dict[str, int] = field(default_factory=dict)
    embeds: tuple[str, ...] = ()
    quotes: str = ""
    """The language whose quotation marks replace straight ones; empty leaves them as written."""

    def line(self, index: int) -> int:
        """The file's line of the body's line `index`, which counts from 0."""
        return index + self.first_line

    def source_line(self, line: int) -> str:
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def column(self, line: int, text: str, offset: int) -> int | None:
        """The column of `offset` in `text`, where `text` stands somewhere in the file's line."""
        found = self.source_line(line).find(text) if text else -1
        return found + offset + 1 if found >= 0 else None

    def place(self, line: int, column: int | None = None) -> Place:
        return Place(self.path, line, column)

    def add(
        self,
        rule: str,
        line: int,
        column: int | None,
        message: str,
        hint: str,
        severity: Severity | None = None,
    ) -> None:
        self.problems.add(rule, Place(self.path, line, column), message, hint, severity)

    def problem(self, rule: str, line: int, text: str, offset: int, error: Explained) -> None:
        """Report an error of a small grammar at `offset` of `text`, a part of the line."""
        self.add(rule, line, self.column(line, text, offset), error.message, error.hint)

    def at(self, first: int, content: str, offset: int) -> Place:
        """The place of `offset` in an inline text that begins in the body's line `first`."""
        before = content[:offset]
        index = before.count("\n")
        start = before.rfind("\n") + 1
        end = content.find("\n", offset)
        text = content[start : end if end >= 0 else len(content)]
        line = self.line(first + index)
        stripped = text.strip()
        column = self.column(line, stripped, offset - start - (len(text) - len(text.lstrip())))
        return Place(self.path, line, column)


def context_of(env: MutableMapping[str, Any]) -> Context:
    """The context that `parser.parse` put into markdown-it's environment."""
    context = env["learnpath"]
    assert isinstance(context, Context)
    return context
