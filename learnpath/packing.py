"""Values as JSON and back: what is remembered on disk can be read, and never be run.

Only the frozen values that a page is made of cross: a file that somebody altered may name no
other class, and holds no code.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, cast

from learnpath import config, document, frontmatter, story
from learnpath.causal import syntax as causal
from learnpath.conditions import syntax
from learnpath.problems import Place, Problem, Severity

_LIST, _DICT, _SET, _SEEN, _LEVEL = "[]", "{}", "()", "@", "!"


class PackingError(ValueError):
    """A value that cannot be packed, or text that is no packed value."""


@cache
def _classes() -> dict[str, type[Any]]:
    """The classes that may cross, by name: every value that documents and front matter have."""
    found = [Place, Problem]
    for module in (causal, config, document, frontmatter, story, syntax):
        found += [
            value
            for value in vars(module).values()
            if isinstance(value, type) and is_dataclass(value)
        ]
    return {kind.__name__: kind for kind in found}


@cache
def _layout(kind: Any) -> tuple[str, tuple[str, ...], tuple[object, ...]]:
    """A class's name, its fields, and their defaults."""
    name = getattr(kind, "__name__", "")
    if _classes().get(name) is not kind:
        raise PackingError(f"a {name} is not remembered")
    those = fields(_classes()[name])
    defaults = tuple(MISSING if f.default is MISSING else f.default for f in those)
    return name, tuple(f.name for f in those), defaults


def pack(value: object) -> bytes:
    """The value as JSON. What stands in it twice is one thing again when it is unpacked."""
    return json.dumps(packed(value), ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def packed(value: object) -> Any:
    """The value as what JSON can say, to stand in a larger document."""
    return _Packer().packed(value)


def unpacked(value: Any) -> Any:
    """What `packed` was given. Raises PackingError where it was given nothing."""
    try:
        return _Unpacker().value(value)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise PackingError(str(error)) from error


class _Packer:
    def __init__(self) -> None:
        self._seen: dict[int, int] = {}
        self._kept: list[object] = []

    def packed(self, value: Any) -> Any:
        kind = type(value)
        if kind is str or value is None or kind is int or kind is bool or kind is float:
            return value
        if kind is tuple:
            packed = self.packed
            return [part if type(part) is str else packed(part) for part in value]
        if kind is list:
            return {_LIST: [self.packed(part) for part in value]}
        if kind is Severity:
            return {_LEVEL: str(value)}
        if kind is dict:
            return {_DICT: [[self.packed(k), self.packed(v)] for k, v in value.items()]}
        if kind is frozenset:
            return {_SET: sorted(self.packed(part) for part in value)}
        return self._object(value, kind)

    def _object(self, value: Any, kind: type[Any]) -> Any:
        at = self._seen.get(id(value))
        if at is not None:
            return {_SEEN: at}
        name, names, defaults = _layout(cast(Any, kind))
        parts = [getattr(value, name) for name in names]
        while parts and _is_default(parts[-1], defaults[len(parts) - 1]):
            parts.pop()
        packed = {name: [self.packed(part) for part in parts]}
        self._seen[id(value)] = len(self._seen)
        self._kept.append(value)
        return packed


def _is_default(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default


def unpack(data: bytes) -> Any:
    """The value again. Raises PackingError where the text is no packed value."""
    try:
        return unpacked(json.loads(data.decode("utf-8", "surrogatepass")))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise PackingError(str(error)) from error


class _Unpacker:
    def __init__(self) -> None:
        self._made: list[object] = []
        self._classes = _classes()

    def value(self, packed: Any) -> Any:
        kind = type(packed)
        if kind is list:
            value = self.value
            return tuple([part if type(part) is str else value(part) for part in packed])
        if kind is not dict:
            return packed
        [(name, content)] = packed.items()
        known = self._classes.get(name)
        if known is not None:
            made = known(*[self.value(part) for part in content])
            self._made.append(made)
            return made
        return self._other(name, content)

    def _other(self, name: str, content: Any) -> object:
        match name:
            case "@":
                return self._made[content]
            case "[]":
                return [self.value(part) for part in content]
            case "{}":
                return {self.value(k): self.value(v) for k, v in content}
            case "()":
                return frozenset(self.value(part) for part in content)
            case "!":
                return Severity(content)
        raise PackingError(f"'{name}' is no packed value")
