"""Values as JSON and back: what is remembered on disk can be read, and never be run.

Only the frozen values that a page is made of cross: a file that somebody altered may name no
other class, and holds no code.
"""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from functools import cache
from typing import Any, cast

from msgspec import Struct

from learnpath import config, document, frontmatter, story
from learnpath.causal import syntax as causal
from learnpath.conditions import syntax
from learnpath.problems import Place, Problem, Severity

_MISSING = object()
_LIST, _DICT, _SET, _LEVEL = "[]", "{}", "()", "!"


class PackingError(ValueError):
    """A value that cannot be packed, or text that is no packed value."""


def is_value(thing: object) -> bool:
    """Whether it is a class whose values have named fields."""
    if not isinstance(thing, type) or thing is Struct:
        return False
    return issubclass(thing, Struct) or is_dataclass(thing)


@cache
def known_classes() -> dict[str, type[Any]]:
    """The classes that may cross, by name: every value that documents and front matter have."""
    found = [Place, Problem]
    for module in (causal, config, document, frontmatter, story, syntax):
        found += [value for value in vars(module).values() if is_value(value)]
    return {kind.__name__: kind for kind in found}


@cache
def _layout(kind: Any) -> tuple[str, tuple[str, ...], tuple[object, ...]]:
    """A class's name, its fields, and their defaults."""
    name = getattr(kind, "__name__", "")
    if known_classes().get(name) is not kind:
        raise PackingError(f"a {name} is not remembered")
    names: tuple[str, ...] = cast(Any, kind).__struct_fields__
    defaults = cast(Any, kind).__struct_defaults__
    return name, names, (*[_MISSING] * (len(names) - len(defaults)), *defaults)


def pack(value: object) -> bytes:
    """The value as JSON."""
    text = json.dumps(
        _told(value),
        ensure_ascii=False,
        check_circular=False,
        separators=(",", ":"),
        default=_object,
    )
    return text.encode("utf-8", "surrogatepass")


def unpack(data: bytes) -> Any:
    """The value again. Raises PackingError where the text is no packed value."""
    try:
        text = data.decode("utf-8", "surrogatepass")
        return _value(json.loads(text, object_hook=_made))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise PackingError(str(error)) from error


# JSON asks what it does not know itself, and hands over what it read: the walk is its own.


def _object(value: Any) -> Any:
    name, names, defaults = _layout(cast(Any, type(value)))
    parts = [getattr(value, name) for name in names]
    while parts and _is_default(parts[-1], defaults[len(parts) - 1]):
        parts.pop()
    return {name: [_told(part) if type(part) in _MARKED else part for part in parts]}


def _told(value: Any) -> Any:
    """A value that JSON would mistake for a tuple or a text, under its mark. Tuples hold none."""
    kind = type(value)
    if kind is list:
        return {_LIST: [_told(part) for part in value]}
    if kind is Severity:
        return {_LEVEL: str(value)}
    if kind is dict:
        return {_DICT: [[_told(k), _told(v)] for k, v in value.items()]}
    if kind is frozenset:
        return {_SET: sorted(_told(part) for part in value)}
    return value


_MARKED = frozenset((list, Severity, dict, frozenset))


class _List(Struct, frozen=True):
    """A list that was one: what JSON calls a list is a tuple."""

    value: list[Any]


def _made(read: dict[str, Any]) -> Any:
    [(name, content)] = read.items()
    known = known_classes().get(name)
    if known is not None:
        return known(*[_value(p) if type(p) in _HOLDING else p for p in content])
    match name:
        case "[]":
            return _List([_value(part) for part in content])
        case "{}":
            return {_value(k): _value(v) for k, v in content}
        case "()":
            return frozenset(_value(part) for part in content)
        case "!":
            return Severity(content)
    raise PackingError(f"'{name}' is no packed value")


def _value(read: Any) -> Any:
    kind = type(read)
    if kind is list:
        return tuple([_value(p) if type(p) in _HOLDING else p for p in read])
    return read.value if kind is _List else read


_HOLDING = frozenset((list, _List))


def _is_default(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default
