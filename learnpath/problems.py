"""Problems: what is wrong with a course, where, and what to do about it.

Nothing in the package raises for an author's mistake. It adds a `Problem` and goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from msgspec import field
from msgspec.structs import replace

from learnpath.values import Value

_MOST_GUESSED = 5_000


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


_ERRORS = """
invalid-yaml duplicate-key invalid-value encoding unclosed-directive invalid-attributes
missing-include include-circle broken-link broken-anchor missing-asset duplicate-id
duplicate-output missing-checkpoint-id unknown-page unknown-checkpoint unknown-variable
invalid-condition invalid-loop invalid-model algebraic-circle stuck-state impossible-choice
prerequisite-circle orphaned-answers nesting-limit invalid-packet
"""
_WARNINGS = """
unknown-key unknown-directive unreachable-page dead-end constant-condition never-shown
unused-variable similar-variables unit-mismatch fake-choice path-without-checkpoint
gate-without-reason unbalanced-branches self-link missing-alt missing-captions external-resource
inline-style stale-translation
"""
_OFF = "external-link state-search-bound"

RULES: Mapping[str, Severity | None] = MappingProxyType(
    dict.fromkeys(_ERRORS.split(), Severity.ERROR)
    | dict.fromkeys(_WARNINGS.split(), Severity.WARNING)
    | dict.fromkeys(_OFF.split())
)
"""Every rule id with its default severity; None for a rule that is off unless asked for."""

PLAIN_OFF = frozenset(
    (
        "unreachable-page",
        "dead-end",
        "path-without-checkpoint",
        "unbalanced-branches",
        "fake-choice",
    )
)
"""Rules about branching, which say nothing of a plain folder of Markdown."""


class Place(Value, frozen=True):
    """Where something is written. Lines and columns count from 1, columns in code points."""

    path: str | None
    line: int | None = None
    column: int | None = None


class Problem(Value, frozen=True):
    rule: str
    severity: Severity
    path: str | None
    line: int | None
    column: int | None
    message: str
    hint: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.sort_key)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        return (self.path or "", self.line or 0, self.column or 0, self.rule, self.message)

    def as_json(self) -> dict[str, Any]:
        """The problem as `check --format json` prints it."""
        return {
            "rule": self.rule,
            "severity": str(self.severity),
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "hint": self.hint,
            **self.extra,
        }


def problem(
    rule: str, place: Place, message: str, hint: str, severity: Severity | None = None
) -> Problem:
    """A problem with its rule's default severity, or with the one given."""
    level = severity or RULES[rule] or Severity.INFO
    return Problem(rule, level, place.path, place.line, place.column, message, hint)


class GrammarError(Exception):
    """A text that one of the small grammars cannot read.

    `offset` counts code points from the text's beginning; `hint` says what to write.
    """

    def __init__(self, offset: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.hint = hint


class Problems:
    """Collects problems; gives them back sorted, once each, with the course's own severities."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._problems: list[Problem] = list(problems)

    def add(
        self, rule: str, place: Place, message: str, hint: str, severity: Severity | None = None
    ) -> None:
        self._problems.append(problem(rule, place, message, hint, severity))

    def extend(self, problems: Iterable[Problem]) -> None:
        self._problems.extend(problems)

    def all(self) -> tuple[Problem, ...]:
        return tuple(self._problems)

    def settled(self, levels: Mapping[str, str]) -> tuple[Problem, ...]:
        """Sorted and without repeats. `levels` maps rule ids to error, warning or off."""
        kept = {
            (p.rule, p.path, p.line, p.column, p.message): p
            for p in (_with_level(p, levels.get(p.rule)) for p in self._problems)
            if p is not None
        }
        return tuple(sorted(kept.values(), key=lambda p: p.sort_key))


def _with_level(found: Problem, level: str | None) -> Problem | None:
    if level is None or found.severity is Severity.INFO:
        return None if level == "off" else found
    return None if level == "off" else replace(found, severity=Severity(level))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    folded = {name.casefold(): name for name in known}
    if word.casefold() in folded:
        return folded[word.casefold()]
    if len(folded) > _MOST_GUESSED:  # comparing takes longer than a wrong guess is worth
        return None
    return _nearest(word, tuple(sorted(folded.items())))


@lru_cache(maxsize=4096)
def _nearest(word: str, known: tuple[tuple[str, str], ...]) -> str | None:
    import difflib  # late: most courses have no name that is nearly another

    folded = dict(known)
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """A hint: the nearest known word, or what to do where nothing is near."""
    guess = nearest(word, known)
    return f"did you mean '{guess}'?" if guess is not None else otherwise
