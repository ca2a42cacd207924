"""State over time, as the semantics define it: variables, effects, and what they may be."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from learnpath.problems import Place
from learnpath.values import Value

_NAME = r"[^\W\d]\w*"
_COMMA = re.compile(r",(?=(?:[^']*'[^']*')*[^']*$)")
"""A comma that stands outside quotes."""
_FLAG = re.compile(rf"(not\s+)?({_NAME})")
_STEP = re.compile(rf"({_NAME})\s*([+-])\s*(\d+)")
_ASSIGN = re.compile(rf"({_NAME})\s*=\s*(?:'([^']*)'|(-?\d+)|(true|false))")


class Flag(Struct, frozen=True):
    name: str
    place: Place
    start: bool = False
    label: str = ""
    show: str = "none"


class Number(Struct, frozen=True):
    name: str
    place: Place
    low: int
    high: int
    start: int
    label: str = ""
    show: str = "none"


class OneOf(Struct, frozen=True):
    name: str
    place: Place
    options: dict[str, str]
    start: str
    label: str = ""
    show: str = "none"


Variable = Flag | Number | OneOf


class Effect(Value, frozen=True):
    """What taking an option does to a variable: operator is =, + or -."""

    variable: str
    operator: str
    value: bool | int | str
    place: Place


class EffectError(Exception):
    """A part of a `set` that cannot be read."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part
        self.message = f"'{part}' is no effect"
        self.hint = "write `told`, `not told`, `role = 'name'`, `trust + 1` or `trust - 1`"


def parse_effects(text: str, place: Place) -> tuple[Effect, ...]:
    """The effects in a `set`, in the order written; raises EffectError."""
    return tuple(_effect(part.strip(), place) for part in _COMMA.split(text) if part.strip())


def _effect(part: str, place: Place) -> Effect:
    if match := _STEP.fullmatch(part):
        return Effect(match[1], match[2], int(match[3]), place)
    if match := _ASSIGN.fullmatch(part):
        name, text, number, truth = match.groups()
        value = text if text is not None else int(number) if number else truth == "true"
        return Effect(name, "=", value, place)
    if match := _FLAG.fullmatch(part):
        return Effect(match[2], "=", match[1] is None, place)
    raise EffectError(part)


def effect_json(effect: Effect) -> list[Any]:
    """An effect as the page carries it: [variable, operator, value]."""
    return [effect.variable, effect.operator, effect.value]


def variable_json(variable: Variable) -> dict[str, Any]:
    """A variable's declaration as the page carries it."""
    shown = {"label": variable.label or variable.name, "show": variable.show}
    match variable:
        case Flag():
            return {"type": "flag", "start": variable.start, **shown}
        case Number():
            span = {"from": variable.low, "to": variable.high}
            return {"type": "number", **span, "start": variable.start, **shown}
        case OneOf():
            options = {"options": variable.options}
            return {"type": "one_of", **options, "start": variable.start, **shown}
