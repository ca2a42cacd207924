"""What a page asks of the course while it is rendered, written down by itself.

A renderer gets a plan that looks like the real one. Whatever it reads of it, and of what that
gives it, is noted as a question: the title of a page, what a link leads to, the pages of a topic.
With each file the questions are remembered, and with each question its answer in short. When
every answer is still the same, so is the file. Nobody who adds a question has to think of this,
as long as it is asked of the plan.

A question is a path from the plan: `("page", "en", "a/b")` begins at a page, anything else at
the plan itself; then come names of attributes, `[key]`s and calls.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, cast

from learnpath.atlas import Part
from learnpath.config import Config
from learnpath.course import Course
from learnpath.document import Document
from learnpath.frontmatter import FrontMatter
from learnpath.page import Page
from learnpath.plan import Item, SitePlan, Topic
from learnpath.problems import Place
from learnpath.theme import Theme

Question = tuple[object, ...]
Answers = dict[Question, str]

_READ_BY_FIELD = (Page, FrontMatter, Document, Config, Topic, Part, Course, SitePlan)
"""Of these a renderer reads some fields only; each field is a question of its own."""
_SHORT = 60
_GONE = "gone"
_KEYS, _THERE = "keys()", "there?"


class Recorder:
    """One plan, its questions, and which of them the file asks that is being made."""

    def __init__(self, plan: SitePlan) -> None:
        self.plan = plan
        self.asked: dict[Question, None] = {}
        self._proxies: dict[Question, Any] = {}
        self._answers: Answers = {}
        self._whole = cast(SitePlan, _Proxy(self, ("plan",), plan))

    def recorded(self, item: Item) -> tuple[SitePlan, Item]:
        """The plan and one item of it as a renderer may see them; what it asks is new."""
        self.asked = {}
        path = ("plan", "items", ("[]", item.file))
        return self._whole, cast(Item, self.seen(path, item))

    def questions(self, item: Item) -> list[Question]:
        """What was asked for an item, but for what its page itself says: that is its own."""
        own = _path_of(item.page) if item.page is not None else ()
        return [question for question in self.asked if not own or question[:4] != own]

    def answer(self, question: Question) -> str:
        """The answer of today in short."""
        found = self._answers.get(question)
        if found is None:
            found = self._answers[question] = self._ask(question)
        return found

    def _ask(self, question: Question) -> str:
        try:
            return short(_value(self.plan, question))
        except (KeyError, AttributeError, TypeError, ValueError, LookupError):
            return _GONE

    # What a renderer sees of a value

    def seen(self, path: Question, value: Any) -> Any:
        """The value, or what stands for it: it notes what is read of it."""
        if value is None or isinstance(value, (str, int, float, Theme)):
            return value
        if isinstance(value, Page):
            return self._proxy(_path_of(value), value)
        if isinstance(value, _READ_BY_FIELD):
            return self._proxy(path, value)
        if isinstance(value, Mapping):
            return self._mapping(path, value)
        if isinstance(value, (tuple, list)):
            return type(value)(self._part(path, at, part) for at, part in enumerate(value))
        if is_dataclass(value) and (names := _holders(cast(Any, type(value)))):
            parts = {name: self.seen((*path, name), getattr(value, name)) for name in names}
            return replace(cast(Any, value), **parts)
        return value

    def _part(self, path: Question, at: int, part: object) -> Any:
        return self.seen((*path, ("[]", at)), part)

    def _proxy(self, path: Question, value: object) -> Any:
        found = self._proxies.get(path)
        if found is None:
            found = self._proxies[path] = _Proxy(self, path, value)
        return found

    def _mapping(self, path: Question, value: Mapping[Any, Any]) -> Any:
        return _Asked(self, path, value)


def _path_of(page: Page) -> Question:
    return ("page", page.language, page.id, page.file)


class _Proxy:
    """Stands for a value; each attribute that is read is a question."""

    __slots__ = ("_known", "_path", "_recorder", "_value")

    def __init__(self, recorder: Recorder, path: Question, value: object) -> None:
        self._recorder, self._path, self._value = recorder, path, value
        self._known: dict[str, tuple[Question | None, Any]] = {}

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What it stands for, to whom it may concern (`isinstance`, `match`)."""
        return type(self._value)

    def __getattr__(self, name: str) -> Any:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._look(name)
        question, value = known
        if question is not None:
            self._recorder.asked[question] = None
        return value

    def _look(self, name: str) -> tuple[Question | None, Any]:
        value = getattr(self._value, name)
        path = (*self._path, name)
        if isinstance(self._value, (Document, FrontMatter, Config)):
            return path, value  # in these no page is to be found
        if callable(value):
            return None, _Call(self._recorder, path, value)
        seen = self._recorder.seen(path, value)
        return (None if isinstance(seen, Theme) else _noted(path, seen)), seen


def _noted(path: Question, seen: object) -> Question:
    """The question as it is noted: of what notes by itself what is read of it, that it is there."""
    own = type(seen) is _Asked or (type(seen) is _Proxy and not issubclass(seen.__class__, Page))
    return (*path, _THERE) if own else path


class _Call:
    """A method; each call is a question, asked once."""

    __slots__ = ("_known", "_method", "_path", "_recorder")

    def __init__(self, recorder: Recorder, path: Question, method: Callable[..., Any]) -> None:
        self._recorder, self._path, self._method = recorder, path, method
        self._known: dict[Question, tuple[Question, Any]] = {}

    def __call__(self, *arguments: Any) -> Any:
        plain = tuple(_plain(argument) for argument in arguments)
        known = self._known.get(plain)
        if known is None:
            question = (*self._path, ("()", *plain))
            value = self._method(*(_real(argument) for argument in arguments))
            if isinstance(value, Iterator):
                value = tuple(value)
            seen = self._recorder.seen(question, value)
            known = self._known[plain] = _noted(question, seen), seen
        self._recorder.asked[known[0]] = None
        return known[1]


class _Asked(Mapping[Any, Any]):
    """A mapping; what is asked for one key depends on that key alone."""

    def __init__(self, recorder: Recorder, path: Question, value: Mapping[Any, Any]) -> None:
        self._recorder, self._path, self._value = recorder, path, value
        self._known: dict[object, tuple[Question, Any]] = {}

    def __getitem__(self, key: Any) -> Any:
        known = self._known.get(key)
        if known is None:
            question = (*self._path, ("[]", key))
            found = self._value.get(key, _MISSING)
            seen = found if found is _MISSING else self._recorder.seen(question, found)
            known = self._known[key] = _noted(question, seen), seen
        self._recorder.asked[known[0]] = None
        if known[1] is _MISSING:
            raise KeyError(key)
        return known[1]

    def __iter__(self) -> Iterator[Any]:
        self._recorder.asked[(*self._path, _KEYS)] = None
        return iter(self._value)

    def __len__(self) -> int:
        self._recorder.asked[(*self._path, _KEYS)] = None
        return len(self._value)


_MISSING = object()


@cache
def _holders(kind: Any) -> tuple[str, ...]:
    """The fields of a class that may hold what is read by field."""
    names = {one.__name__ for one in _READ_BY_FIELD}
    return tuple(f.name for f in fields(kind) if any(name in str(f.type) for name in names))


# Questions asked again


def _value(plan: SitePlan, question: Question) -> object:
    if question[0] == "page":
        language, identity, file = question[1:4]
        item = plan.items.get(str(file))
        page = item.page if item is not None else None
        if page is None or (page.language, page.id) != (language, identity):
            page = plan.course.by_language[(str(language), str(identity))]
        return _along(page, question[4:], plan)
    return _along(plan, question[1:], plan)


def _along(value: Any, steps: Question, plan: SitePlan) -> Any:
    for step in steps:
        if isinstance(step, str):
            value = _named_step(value, step)
        elif step[0] == "[]":  # type: ignore[index]
            value = value[step[1]]  # type: ignore[index]
        else:
            value = value(*(_from_plain(part, plan) for part in step[1:]))  # type: ignore[index]
            value = tuple(value) if isinstance(value, Iterator) else value
    return value


def _named_step(value: Any, step: str) -> Any:
    if step == _KEYS:
        return tuple(value)
    return True if step == _THERE else getattr(value, step)


def _plain(argument: Any) -> object:
    """An argument as it stands in a question."""
    if isinstance(argument, Page):
        return _path_of(argument)
    return argument


def _real(argument: Any) -> Any:
    return argument._value if type(argument) is _Proxy else argument


def _from_plain(argument: Any, plan: SitePlan) -> Any:
    if isinstance(argument, tuple) and argument and argument[0] == "page":
        return _value(plan, argument)
    return argument


# Answers in short


def short(value: object) -> str:
    """A value in short: itself where it is not long, else a digest. Pages are only named."""
    if type(value) is str and len(value) < _SHORT and value.isalnum():
        return f'"{value}"'  # as JSON has it
    text = json.dumps(_named(value), ensure_ascii=False, default=str)
    if len(text) <= _SHORT:
        return text
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _named(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Page):
        return ["page", value.language, value.id, value.file]
    if isinstance(value, Place):
        return None  # learners' pages name no lines
    if isinstance(value, Mapping):
        return {"{}": [[_named(k), _named(v)] for k, v in value.items()]}
    if isinstance(value, (tuple, list)):
        return [_named(part) for part in value]
    if isinstance(value, (set, frozenset)):
        return sorted(json.dumps(_named(part)) for part in value)
    if isinstance(value, Enum):
        return str(value)
    if is_dataclass(value):
        return [type(value).__name__, *(_named(getattr(value, f.name)) for f in fields(value))]
    return repr(value)


def in_words(question: Question) -> str:
    """A question for people: `title of a/b.html`, `course.target('a.md', 'b.md')`."""
    if question[0] == "page":
        return f"{'.'.join(_step_in_words(step) for step in question[4:])} of {question[3]}"
    return ".".join(_step_in_words(step) for step in question[1:])


def _step_in_words(step: Any) -> str:
    if isinstance(step, str):
        return step
    inner = ", ".join(
        repr(p[3] if isinstance(p, tuple) and p[:1] == ("page",) else p) for p in step[1:]
    )
    return f"[{inner}]" if step[0] == "[]" else f"({inner})"
