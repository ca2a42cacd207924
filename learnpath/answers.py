"""Questions and their answers as text: compared from build to build, and read again.

An answer is written as a renderer sees it. What is read field by field is only named: each field
is a question of its own. So a page can be made again from the answers that were remembered,
without the course that gave them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from math import isfinite
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from learnpath import (
    assets,
    atlas,
    config,
    course,
    deciding,
    document,
    frontmatter,
    packets,
    plan,
    problems,
    story,
)
from learnpath.causal import syntax as causal
from learnpath.conditions import syntax
from learnpath.document import Document
from learnpath.jsontext import json_text, json_value
from learnpath.page import Page
from learnpath.problems import Place, Severity
from learnpath.values import Tagged, Value

Question = tuple[object, ...]

GONE = '{"gone":0}'
"""The answer where there is nothing to ask."""
_LONG = 1_000_000
"""Letters: a longer answer is only compared, and never read again."""
_PAGE, _FIELDS, _KEYED, _LEVEL = "page", "fields", "keyed", "!"
_AS_IT_IS: frozenset[type[Any]] = frozenset((str, int, bool, type(None)))
"""The kinds of what JSON has as well: most of what is asked."""
_LIST, _DICT, _SET, _DIGEST = "[]", "{}", "()", "#"


class UnrememberedError(Exception):
    """Something is asked that was not remembered: the course has to be read for it."""


class Keyed:
    """Stands for a mapping that is asked key by key."""


class StandIn:
    """What a renderer sees in the place of a value; in an answer it is only named."""

    __slots__ = ()

    def _named(self) -> Any:
        raise NotImplementedError


def named_page(path: Question) -> Any:
    """How an answer names the page that questions beginning so are about."""
    return {_PAGE: list(path[1:4])}


def named_fields(kind: type[Any]) -> Any:
    """How an answer names what is read field by field."""
    return {_FIELDS: kind.__name__}


NAMED_KEYED = {_KEYED: 0}
"""How an answer names what is asked key by key."""


def page_path(language: str, identity: str, file: str) -> Question:
    """The beginning of every question about a page."""
    return (_PAGE, language, identity, file)


def text_of(value: object) -> str:
    """A value as text; the same text is the same value."""
    return json_text(_written(value))


@lru_cache(maxsize=1 << 14)
def page_text(path: Question) -> str:
    """The same of a page's path: each page is shown on many others."""
    return text_of(path)


def answer_of(value: object) -> str:
    """The same of an answer, shortened where it is too long to be read again."""
    text = text_of(value)
    if len(text) <= _LONG:
        return text
    check = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return f'{{"{_DIGEST}":"{check}"}}'


def question_in(text: str) -> Question:
    """The question that `text_of` wrote."""
    return tuple(_step(part) for part in json_value(text))


def _step(part: Any) -> object:
    return tuple(_plain(inner) for inner in part) if isinstance(part, list) else part


def _plain(part: Any) -> object:
    return Reader(lambda path: path, _unread).value((), part)


def _unread(path: Question, kind: type[Any]) -> object:
    raise UnrememberedError(f"the {kind.__name__} at {path} is read field by field")


def _written(value: Any) -> Any:
    kind: Any = type(value)
    write = _writer(kind)
    return value if write is None else write(value)


def _parts(values: Iterable[Any]) -> list[Any]:
    return [part if type(part) in _AS_IT_IS else _written(part) for part in values]


@cache
def _writer(kind: Any) -> Callable[[Any], Any] | None:
    """What writes the values of a class; None where JSON has them as well."""
    if kind in _WRITERS:
        return _WRITERS[kind]
    for base, write in _WRITERS_BELOW:
        if issubclass(kind, base):
            return write
    return lambda value: {"?": repr(value)}


def _set_written(values: frozenset[Any] | set[Any]) -> Any:
    return {_SET: sorted(_parts(values), key=repr)}


_WRITERS: dict[type[Any], Callable[[Any], Any] | None] = {
    **dict.fromkeys(_AS_IT_IS),
    float: lambda number: number if isfinite(number) else {"?": repr(number)},
    tuple: _parts,
    list: lambda values: {_LIST: _parts(values)},
    frozenset: _set_written,
    set: _set_written,
    Place: lambda _: {"Place": []},  # learners' pages name no lines
    Severity: lambda level: {_LEVEL: str(level)},
}
_WRITERS_BELOW: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (StandIn, lambda value: type(value)._named(value)),
    (Page, lambda page: named_page(page_path(page.language, page.id, page.file))),
    (Mapping, lambda pairs: {_DICT: [[_written(k), _written(v)] for k, v in pairs.items()]}),
    (Struct, lambda value: {type(value).__name__: _parts(astuple(value))}),
)
"""Of these classes, and of those below them."""


def _is_value(thing: object) -> bool:
    """Whether it is a class whose values have named fields."""
    if not isinstance(thing, type) or thing in (Struct, Value, Tagged):
        return False
    return issubclass(thing, Struct) or thing is Document


@cache
def _classes() -> dict[str, type[Any]]:
    """The classes that may stand in an answer, by name."""
    found: dict[str, type[Any]] = {}
    for module in (
        problems, causal, config, document, frontmatter, story, syntax,
        assets, atlas, course, deciding, packets, plan,
    ):  # fmt: skip
        for value in vars(module).values():
            if _is_value(value):
                found.setdefault(value.__name__, value)
    return found


class Reader:
    """Reads answers. `page` gives what stands for a page, `fields` for what is read by field."""

    def __init__(
        self,
        page: Callable[[Question], object],
        by_field: Callable[[Question, type[Any]], object],
    ) -> None:
        self._page, self._by_field = page, by_field

    def answer(self, path: Question, text: str) -> Any:
        """The value of an answer to the question at `path`."""
        return self.value(path, json_value(text))

    def value(self, path: Question, written: Any) -> Any:
        kind = type(written)
        if kind is list:
            return tuple(self._parts(path, written))
        if kind is not dict:
            return written
        [(name, content)] = written.items()
        if name == _PAGE:  # most are
            return self._page(page_path(*content))
        if name in (_FIELDS, _KEYED):
            return self._by_field(path, Keyed if name == _KEYED else _classes()[content])
        made = _classes().get(name)
        if made is Place:
            return Place(None)
        if made is not None:
            parts = zip(made.__struct_fields__, content, strict=True)
            return made(
                *[
                    part if type(part) in _AS_IT_IS else self.value((*path, field), part)
                    for field, part in parts
                ]
            )
        return self._other(path, name, content)

    def _parts(self, path: Question, written: list[Any]) -> list[Any]:
        return [
            part if type(part) in _AS_IT_IS else self.value((*path, ("[]", at)), part)
            for at, part in enumerate(written)
        ]

    def _other(self, path: Question, name: str, content: Any) -> object:
        match name:
            case "[]":
                return self._parts(path, content)
            case "{}":
                return {self.value(path, k): self.value(path, v) for k, v in content}
            case "()":
                return frozenset(self.value(path, part) for part in content)
            case "!":
                return Severity(content)
        raise UnrememberedError(f"{path} was {name}")
