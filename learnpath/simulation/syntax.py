"""The lines of a `model` block → declarations, each with its place.

time 0 to 36 weeks, step 1, rk4
stock cellar = 12 [crates]
flow selling from cellar to customers = min(cellar, wanted) [crates/week]
constant wanted = 4 [crates/week]
auxiliary cover = cellar / wanted [weeks]
slider patience = 3 (1 to 12 by 1) [weeks]
decision order = 4 (0 to 40) [crates/week]
table worry = (0, 1) (1, 0.5) (2, 0)
show cellar, order
show after cover
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from learnpath.problems import did_you_mean
from learnpath.simulation.expressions import FUNCTIONS, WORDS, ExpressionError
from learnpath.simulation.units import Unit, UnitError, parse_unit

KINDS = (
    "time", "stock", "flow", "constant", "auxiliary", "slider", "decision", "table", "show",
)  # fmt: skip
INPUTS = ("slider", "decision")

_KIND = re.compile(r"\s*([^\W\d]+):?[ \t]*")
_NUMBER = r"[-−]?[0-9]+(?:\.[0-9]+)?"
_TIME = re.compile(
    rf"({_NUMBER})\s+to\s+({_NUMBER})\s*([^,\d]*?)\s*(?:,\s*step\s+({_NUMBER})\s*[^,]*?)?"
    r"(?:,\s*(euler|rk4)\s*)?$",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"\s*({_NUMBER})\s*\(\s*({_NUMBER})\s+to\s+({_NUMBER})(?:\s+by\s+({_NUMBER}))?\s*\)\s*$"
)
_PAIR = re.compile(rf"\s*\(\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\)\s*,?")
_UNIT = re.compile(r"\s*\[([^\]]*)\]\s*$")
_NAME = re.compile(r"[^\W\d][\w']*(?: [\w']+)*")


class Clock(Struct, frozen=True):
    """From when to when, in what steps, by which method: euler or rk4."""

    start: float
    end: float
    step: float
    method: str
    unit: Unit
    unit_text: str


class Declaration(Struct, frozen=True):
    """A line that gives a variable. `formula` stands at `offset` in the line."""

    kind: str
    name: str
    formula: str
    offset: int
    line: int
    unit: Unit | None = None
    unit_text: str = ""
    origin: str = ""
    target: str = ""
    low: float = 0
    high: float = 0
    by: float = 0
    points: tuple[tuple[float, float], ...] = ()


class Shown(Struct, frozen=True):
    """Variables that are drawn in one chart; `after` only once the run is over."""

    names: tuple[str, ...]
    after: bool
    line: int
    offset: int


def is_silent(line: str) -> bool:
    """Whether a line says nothing: empty, or a remark."""
    return not line.strip() or line.lstrip().startswith("#")


def parse_line(line: str, number: int) -> Clock | Declaration | Shown:
    """What one line declares; raises ExpressionError with its place in the line."""
    match = _KIND.match(line)
    kind = match[1].casefold() if match else ""
    if match is None or kind not in KINDS:
        word = match[1] if match else line.split()[0]
        raise ExpressionError(
            len(line) - len(line.lstrip()),
            f"a line does not begin with '{word}'",
            did_you_mean(word, KINDS, "it begins with one of: " + ", ".join(KINDS)),
        )
    rest = match.end()
    if kind == "time":
        return _clock(line, rest)
    if kind == "show":
        return _shown(line, rest, number)
    return _declaration(kind, line, rest, number)


def _clock(line: str, at: int) -> Clock:
    match = _TIME.match(line[at:].strip())
    if match is None:
        raise ExpressionError(at, "this time cannot be read", "write: time 0 to 36 weeks, step 1")
    start, end = _number(match[1]), _number(match[2])
    step = _number(match[4]) if match[4] else 1.0
    if not (end > start and 0 < step <= end - start):
        raise ExpressionError(
            at, "time goes nowhere", "the end lies behind the start, and a step is shorter"
        )  # fmt: skip
    unit = _unit(match[3], at)
    return Clock(start, end, step, (match[5] or "euler").casefold(), unit, match[3].strip())


def _shown(line: str, at: int, number: int) -> Shown:
    text = line[at:]
    after = re.match(r"after\s+", text, re.IGNORECASE)
    at += after.end() if after else 0
    names = tuple(" ".join(name.split()) for name in line[at:].split(",") if name.strip())
    if not names:
        raise ExpressionError(at, "nothing is shown", "name what: show cellar, order")
    return Shown(names, after is not None, number, at)


def _declaration(kind: str, line: str, at: int, number: int) -> Declaration:
    equals = line.find("=", at)
    if equals < 0:
        raise ExpressionError(len(line.rstrip()), "an = is missing", _EXAMPLES[kind])
    head, formula = line[at:equals], line[equals + 1 :].rstrip()
    unit_match = _UNIT.search(formula)
    unit, unit_text = None, ""
    if unit_match:
        unit_text = unit_match[1].strip()
        unit = _unit(unit_text, equals + 1 + unit_match.start(1))
        formula = formula[: unit_match.start()]
    head, origin, target = _ends(head) if kind == "flow" else (head, "", "")
    name = _name(head, at)
    offset = equals + 1
    low = high = by = 0.0
    points: tuple[tuple[float, float], ...] = ()
    if kind in INPUTS:
        formula, low, high, by = _range(formula, offset, kind)
    elif kind == "table":
        points = _points(formula, offset)
    if kind == "flow" and not origin and not target:
        raise ExpressionError(at, "this flow comes from nowhere and goes nowhere", _EXAMPLES[kind])
    return Declaration(
        kind, name, formula, offset, number, unit, unit_text, origin, target, low, high, by, points
    )


def _ends(head: str) -> tuple[str, str, str]:
    """`selling from cellar to customers` → the flow's name, where from, where to."""
    origin = target = ""
    if match := re.search(r"\s+to\s+(.*)$", head, re.IGNORECASE):
        head, target = head[: match.start()], match[1]
    if match := re.search(r"\s+from\s+(.*)$", head, re.IGNORECASE):
        head, origin = head[: match.start()], match[1]
    return head, " ".join(origin.split()), " ".join(target.split())


def _name(text: str, at: int) -> str:
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        raise ExpressionError(at, "a name is missing", "name it in a word or a few")
    if not _NAME.fullmatch(name):
        raise ExpressionError(
            at, f"'{name}' cannot be a name", "use letters, digits and spaces: no signs, no hyphen"
        )
    if name.casefold() in FUNCTIONS or set(name.casefold().split()) & {*WORDS, "to", "from"}:
        raise ExpressionError(
            at, f"'{name}' holds a word that means something here", "say it otherwise"
        )
    return name


def _range(text: str, at: int, kind: str) -> tuple[str, float, float, float]:
    match = _RANGE.match(text)
    if match is None:
        raise ExpressionError(at, f"this {kind} has no range", _EXAMPLES[kind])
    value, low, high = (_number(match[i]) for i in (1, 2, 3))
    if not low <= value <= high or low == high:
        raise ExpressionError(at, f"{match[1]} does not lie between {match[2]} and {match[3]}",
                              "begin inside the range")  # fmt: skip
    return match[1].replace("−", "-"), low, high, _number(match[4]) if match[4] else 1.0


def _points(text: str, at: int) -> tuple[tuple[float, float], ...]:
    found: list[tuple[float, float]] = []
    reached = 0
    while match := _PAIR.match(text, reached):
        found.append((_number(match[1]), _number(match[2])))
        reached = match.end()
    rest = text[reached:]
    if rest.strip() or len(found) < 2:
        raise ExpressionError(
            at + reached + len(rest) - len(rest.lstrip()), "this is no table", _EXAMPLES["table"]
        )
    if any(a[0] >= b[0] for a, b in pairwise(found)):
        raise ExpressionError(at, "the first numbers of a table must grow", _EXAMPLES["table"])
    return tuple(found)


def _unit(text: str, at: int) -> Unit:
    try:
        return parse_unit(text)
    except UnitError as error:
        raise ExpressionError(
            at, f"'{error}' is no unit", "write crates, crates/week, m^2, or 1 for a bare number"
        ) from error


def _number(text: str) -> float:
    return float(text.replace("−", "-"))


_EXAMPLES = {
    "stock": "write: stock cellar = 12 [crates]",
    "flow": "write: flow selling from cellar = 4 [crates/week]",
    "constant": "write: constant wanted = 4 [crates/week]",
    "auxiliary": "write: auxiliary cover = cellar / wanted [weeks]",
    "slider": "write: slider patience = 3 (1 to 12 by 1) [weeks]",
    "decision": "write: decision order = 4 (0 to 40) [crates/week]",
    "table": "write: table worry = (0, 1) (1, 0.5) (2, 0)",
}


def named(declarations: Sequence[Declaration]) -> dict[str, Declaration]:
    """By folded name, the first of each."""
    found: dict[str, Declaration] = {}
    for declaration in declarations:
        found.setdefault(declaration.name.casefold(), declaration)
    return found
