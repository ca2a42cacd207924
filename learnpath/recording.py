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

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from learnpath.answers import (
    GONE,
    NAMED_KEYED,
    Keyed,
    Question,
    Reader,
    StandIn,
    UnrememberedError,
    answer_of,
    named_fields,
    named_page,
    page_path,
    page_text,
    question_in,
    text_of,
)
from learnpath.atlas import Part
from learnpath.config import Config
from learnpath.course import Course
from learnpath.deciding import Deciding, Path
from learnpath.document import Document
from learnpath.frontmatter import FrontMatter
from learnpath.page import Page
from learnpath.paths import url_of
from learnpath.plan import Item, SitePlan, Topic
from learnpath.records import Note, Record
from learnpath.theme import Theme

_READ_BY_FIELD = (
    Page, FrontMatter, Document, Config, Topic, Part, Course, SitePlan, Deciding, Path
)  # fmt: skip
"""Of these a renderer reads some fields only; each field is a question of its own."""
_KEYS, _THERE = "keys()", "there?"
_UNASKED = -1
"""The number of what is no question."""


class _Numbers(dict[Question, int]):
    """Questions with their numbers, in the order in which they came; a new one has the next."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[Question] = []

    def __missing__(self, question: Question) -> int:
        number = self[question] = len(self.all)
        self.all.append(question)
        return number


class Recorder:
    """One plan, its questions, and which of them the file asks that is being made."""

    def __init__(self, plan: SitePlan) -> None:
        self.asked: dict[int, None] = {}
        """The numbers of what was asked for the item of now, in the order of asking."""
        self._plan = plan
        self._proxies: dict[Question, Any] = {}
        self.at_hand: list[_Proxy] = []
        """What stands for values and was asked something for the item of now."""
        # Questions are long, and asked again and again: each has a number.
        self._questions = _Numbers()
        self._seen: list[Any] = []
        self._notes: list[Note | None] = []
        # Of one about a page: the number of the page, and of what is asked about it.
        self._parts: list[tuple[int, int] | None] = []
        self._pages, self._names = _Numbers(), _Numbers()
        self._texts_of_names: dict[tuple[int, ...], str] = {}
        self._whole = cast(SitePlan, _Proxy(self, ("plan",), plan))

    def recorded(self, item: Item) -> tuple[SitePlan, Item]:
        """The plan and one item of it as a renderer may see them; what it asks is new. A page's
        own item is as it is: nothing of what the page itself says would be noted."""
        self.asked = {}
        while self.at_hand:
            self.at_hand.pop().__dict__.clear()
        seen = item if item.page is not None else self.seen(_item_path(item.file), item)
        return self._whole, cast(Item, seen)

    def forget(self) -> None:
        """Let go of what stands for values, for good: those know their recorder, and it knows
        them, which only a collector would find out, for a sixth of what making files takes."""
        self._proxies.clear()
        self._seen.clear()
        self.at_hand.clear()
        del self._whole

    def item_text(self, item: Item) -> str:
        """An item as text, to be read again; of a page's own the page is enough."""
        return text_of(self.seen(_item_path(item.file), item)) if item.page is None else ""

    def number(self, question: Question, seen: object) -> int:
        """The number of a question, which was answered so."""
        number = self._questions[question]
        if number == len(self._seen):
            self._seen.append(seen)
            self._notes.append(None)
            about = question[0] == "page"
            self._parts.append(
                (self._pages[question[:4]], self._names[question[4:]]) if about else None
            )
        return number

    def notes(self, item: Item, asked: Iterable[int]) -> tuple[list[Note], tuple[str, ...]]:
        """What was asked for an item, by its numbers, and the files of the pages that were asked
        about. Of a page only is noted what was asked about it, since it answers for itself; what
        its own page says is not noted at all."""
        own = self._pages[_path_of(item.page)] if item.page is not None else _UNASKED
        pages: dict[int, list[int]] = {}
        found: list[Note] = []
        for number in asked:
            parts = self._parts[number]
            if parts is None:
                found.append(self._notes[number] or self._note(number))
            elif parts[0] != own:
                pages.setdefault(parts[0], []).append(parts[1])
        files = []
        for page, names in pages.items():
            path = self._pages.all[page]
            files.append(str(path[3]))
            found.append((page_text(path), self._text_of_names(tuple(sorted(names)))))
        return found, tuple(files)

    def _note(self, number: int) -> Note:
        question, seen = self._questions.all[number], self._seen[number]
        answer = GONE if seen is _MISSING else answer_of(seen)
        note = self._notes[number] = text_of(question), answer
        return note

    def _text_of_names(self, numbers: tuple[int, ...]) -> str:
        text = self._texts_of_names.get(numbers)
        if text is None:
            names = sorted((self._names.all[number] for number in numbers), key=repr)
            text = self._texts_of_names[numbers] = text_of(tuple(names))
        return text

    def answer(self, text: str) -> str:
        """The answer of today to a question that was noted."""
        return self._said(self._whole, question_in(text)[1:])

    def _said(self, stand_in: object, steps: Question) -> str:
        try:
            return answer_of(_along(stand_in, steps, self._plan))
        except (KeyError, AttributeError, TypeError, ValueError, LookupError):
            return GONE

    def page(self, text: str) -> Page | None:
        """The page of today that a note is about."""
        _, language, identity, file = question_in(text)
        return _page_at(self._plan, str(language), str(identity), str(file))

    # What a renderer sees of a value

    def seen(self, path: Question, value: Any) -> Any:
        """The value, or what stands for it: it notes what is read of it."""
        stand_in = _stand_in_of(value.__class__)
        return value if stand_in is None else stand_in(self, path, value)

    def _page_seen(self, _: Question, page: Page) -> Any:
        return self._proxy(_path_of(page), page, _PageProxy)

    def _proxy(self, path: Question, value: object, kind: type[_Proxy] | None = None) -> Any:
        found = self._proxies.get(path)
        if found is None:
            found = self._proxies[path] = (kind or _Proxy)(self, path, value)
        return found

    def _mapping(self, path: Question, value: Mapping[Any, Any]) -> Any:
        return _Asked(self, path, value)

    def _parts_of(self, path: Question, value: tuple[Any, ...] | list[Any]) -> Any:
        parts = [self.seen((*path, ("[]", at)), part) for at, part in enumerate(value)]
        return type(value)(parts)

    def _holder(self, path: Question, value: Struct) -> Any:
        names = _holders(type(value))
        return replace(
            value, **{name: self.seen((*path, name), getattr(value, name)) for name in names}
        )


@cache
def _stand_in_of(kind: Any) -> Callable[[Recorder, Question, Any], Any] | None:
    """What makes the stand-in for a value of a class; None where it is seen as it is."""
    for kinds, make in (
        ((str, int, float, Theme, type(None)), None),
        (Page, Recorder._page_seen),
        (_READ_BY_FIELD, Recorder._proxy),
        (Mapping, Recorder._mapping),
        ((tuple, list), Recorder._parts_of),
        (Struct, Recorder._holder if _holders(kind) else None),
    ):
        if issubclass(kind, cast(Any, kinds)):
            return make
    return None


def about(page: Page, names: str) -> list[str]:
    """What a page answers to each of the names that were noted of it."""
    recorder = Recorder(cast(SitePlan, None))
    stand_in = _PageProxy(recorder, _path_of(page), page)
    said = [recorder._said(stand_in, cast(Question, steps)) for steps in question_in(names)]
    recorder.forget()
    return said


class Recaller(Recorder):
    """Answers for one file out of its record, without a course. Pages answer for themselves.

    Nothing is written down: a file asks no more than its record has, and that holds for it again.
    Raises UnrememberedError where something is asked that was not asked before.
    """

    def __init__(
        self,
        record: Record,
        theme: Theme,
        page: Callable[[str], Page],
        glance: Callable[[str, str], object],
    ) -> None:
        """`page` gives a page by its file, `glance` one thing of `AT_A_GLANCE` about it."""
        super().__init__(cast(SitePlan, None))
        self.theme = theme
        self._record, self._page, self._glance = record, page, glance
        self._answers = dict(record.notes)
        self._recalled: dict[Question, Any] = {}
        self._reader = Reader(self._page_at, self._stand_in)
        self._whole = cast(SitePlan, _Recalled(self, ("plan",), SitePlan))

    def again(self, file: str, page: Page | None) -> Item:
        """The item that the record is of; a page's own comes with its page."""
        if page is not None:
            return Item("page", file, page.language, page=page)
        return cast(Item, self._reader.answer(_item_path(file), self._record.item))

    def forget(self) -> None:
        super().forget()
        self._recalled.clear()
        del self._reader

    def number(self, question: Question, seen: object) -> int:  # noqa: ARG002
        """Nothing is numbered that is not written down."""
        return _UNASKED

    def recall(self, path: Question) -> Any:
        """What was answered, asked once more."""
        known = self._recalled
        if path not in known:
            known[path] = self._recall(path)
        return known[path]

    def _recall(self, path: Question) -> Any:
        for question in (path, (*path, _THERE)):
            answer = self._answers.get(text_of(question))
            if answer is not None:
                return _MISSING if answer == GONE else self._reader.answer(path, answer)
        raise UnrememberedError(in_words(path))

    def _page_at(self, path: Question) -> object:
        return self._proxy(path, None, _PageToRead)

    def seen(self, path: Question, value: Any) -> Any:
        return value if type(value) is _PageToRead else super().seen(path, value)

    def read(self, path: Question) -> Page:
        """The page that a question is about."""
        return self._page(str(path[3]))

    def glance(self, path: Question, name: str) -> object:
        """One thing about the page that a question is about, which is not read for it."""
        return self._glance(str(path[3]), name)

    def _stand_in(self, path: Question, kind: type[Any]) -> object:
        return _RecalledKeys(self, path) if kind is Keyed else _Recalled(self, path, kind)


class _Recalled(StandIn):
    """Stands for a value of which only the answers are known."""

    __slots__ = ("_kind", "_path", "_recaller")

    def __init__(self, recaller: Recaller, path: Question, kind: type[Any]) -> None:
        self._recaller, self._path, self._kind = recaller, path, kind

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What it stands for, to whom it may concern (`isinstance`, `match`)."""
        return self._kind

    def _named(self) -> Any:
        return named_fields(self._kind)

    def __getattr__(self, name: str) -> Any:
        if not hasattr(self._kind, name):
            raise AttributeError(name)
        path = (*self._path, name)
        if callable(getattr(self._kind, name, None)):
            return partial(self._call, path)
        if self._kind is SitePlan and name == "theme":
            return self._recaller.theme
        return self._recaller.recall(path)

    def _call(self, path: Question, *arguments: Any) -> Any:
        return self._recaller.recall((*path, ("()", *(_plain(part) for part in arguments))))


class _RecalledKeys(Mapping[Any, Any], StandIn):
    """Stands for a mapping of which only the answers are known."""

    __slots__ = ("_path", "_recaller")

    def __init__(self, recaller: Recaller, path: Question) -> None:
        self._recaller, self._path = recaller, path

    def _named(self) -> Any:
        return NAMED_KEYED

    def __getitem__(self, key: Any) -> Any:
        found = self._recaller.recall((*self._path, ("[]", key)))
        if found is _MISSING:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[Any]:
        return iter(self._recaller.recall((*self._path, _KEYS)))

    def __len__(self) -> int:
        return len(self._recaller.recall((*self._path, _KEYS)))


def _path_of(page: Page) -> Question:
    return page_path(page.language, page.id, page.file)


def _item_path(file: str) -> Question:
    """The question that an item of the plan is the answer to."""
    return ("plan", "items", ("[]", file))


class _Proxy(StandIn):
    """Stands for a value; each attribute that is read is a question.

    What was asked for a file is an attribute until the next file: it is asked for again and again.
    """

    __slots__ = ("__dict__", "_known", "_path", "_recorder", "_value")

    def __init__(self, recorder: Recorder, path: Question, value: object) -> None:
        self._recorder, self._path, self._value = recorder, path, value
        self._known: dict[str, tuple[int, Any]] = {}

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What it stands for, to whom it may concern (`isinstance`, `match`)."""
        return type(self._value)

    def _named(self) -> Any:
        return named_fields(self.__class__)

    def __getattr__(self, name: str) -> Any:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._look(name)
        number, value = known
        if number >= 0:
            self._recorder.asked[number] = None
        if not self.__dict__:
            self._recorder.at_hand.append(self)
        self.__dict__[name] = value
        return value

    def _look(self, name: str) -> tuple[int, Any]:
        value = getattr(self._value, name)
        path = (*self._path, name)
        recorder = self._recorder
        if isinstance(self._value, (Document, FrontMatter, Config)):
            return recorder.number(path, value), value  # in these no page is to be found
        if callable(value):
            return _UNASKED, _Call(recorder, path, value)
        seen = recorder.seen(path, value)
        if isinstance(seen, Theme):
            return _UNASKED, seen
        return recorder.number(_noted(path, seen), seen), seen


AT_A_GLANCE = frozenset(("card", "title", "listed", "source"))
"""What is asked of pages that are shown on others, and is known without reading them."""


class _PageProxy(_Proxy):
    """Stands for a page. What its path says is not asked: whoever asked for the page knows it."""

    __slots__ = ()

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return Page

    @property
    def language(self) -> object:
        return self._path[1]

    @property
    def id(self) -> object:
        return self._path[2]

    @property
    def file(self) -> object:
        return self._path[3]

    @property
    def url(self) -> str:
        return url_of(str(self._path[3]))

    def _named(self) -> Any:
        return named_page(self._path)


class _PageToRead(_PageProxy):
    """Stands for a page that is read when something is asked of it that its path does not say:
    most of many are only counted, or passed on."""

    __slots__ = ()

    def _look(self, name: str) -> tuple[int, Any]:
        recaller = cast(Recaller, self._recorder)
        if self._value is None and name in AT_A_GLANCE:
            seen = recaller.glance(self._path, name)
            return recaller.number((*self._path, name), seen), seen
        if self._value is None:
            self._value = recaller.read(self._path)
        return super()._look(name)


def _noted(path: Question, seen: object) -> Question:
    """The question as it is noted: of what notes by itself what is read of it, that it is there."""
    return (*path, _THERE) if type(seen) in (_Asked, _Proxy) else path


class _Call:
    """A method; each call is a question, asked once."""

    __slots__ = ("_known", "_method", "_path", "_recorder")

    def __init__(self, recorder: Recorder, path: Question, method: Callable[..., Any]) -> None:
        self._recorder, self._path, self._method = recorder, path, method
        self._known: dict[Question, tuple[int, Any]] = {}

    def __call__(self, *arguments: Any) -> Any:
        plain = tuple([one if type(one) is str else _plain(one) for one in arguments])
        known = self._known.get(plain)
        if known is None:
            question = (*self._path, ("()", *plain))
            value = self._method(*(_real(argument) for argument in arguments))
            if isinstance(value, Iterator):
                value = tuple(value)
            seen = self._recorder.seen(question, value)
            known = self._known[plain] = self._recorder.number(_noted(question, seen), seen), seen
        self._recorder.asked[known[0]] = None
        return known[1]


class _Asked(Mapping[Any, Any], StandIn):
    """A mapping; what is asked for one key depends on that key alone."""

    def __init__(self, recorder: Recorder, path: Question, value: Mapping[Any, Any]) -> None:
        self._recorder, self._path, self._value = recorder, path, value
        self._known: dict[object, tuple[int, Any]] = {}

    def __getitem__(self, key: Any) -> Any:
        known = self._known.get(key)
        if known is None:
            question = (*self._path, ("[]", key))
            found = self._value.get(key, _MISSING)
            seen = found if found is _MISSING else self._recorder.seen(question, found)
            known = self._known[key] = self._recorder.number(_noted(question, seen), seen), seen
        self._recorder.asked[known[0]] = None
        if known[1] is _MISSING:
            raise KeyError(key)
        return known[1]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())

    def _keys(self) -> tuple[Any, ...]:
        keys = tuple(self._value)
        self._recorder.asked[self._recorder.number((*self._path, _KEYS), keys)] = None
        return keys

    def _named(self) -> Any:
        return NAMED_KEYED


_MISSING = object()


@cache
def _holders(kind: Any) -> tuple[str, ...]:
    """The fields of a class that may hold what is read by field; none where it has no fields."""
    if not issubclass(kind, Struct):
        return ()
    names = {one.__name__ for one in _READ_BY_FIELD}
    types = kind.__annotations__
    return tuple(f for f in kind.__struct_fields__ if any(name in types[f] for name in names))


# Questions asked again


def _page_at(plan: SitePlan, language: str, identity: str, file: str) -> Page | None:
    item = plan.items.get(file)
    page = item.page if item is not None else None
    if page is None or (page.language, page.id) != (language, identity):
        return plan.course.by_language.get((language, identity))
    return page


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
    return value if step == _THERE else getattr(value, step)


def _plain(argument: Any) -> object:
    """An argument as it stands in a question."""
    if isinstance(argument, Page):
        return _path_of(argument)
    return argument


def _real(argument: Any) -> Any:
    return argument._value if type(argument) in (_PageProxy, _Proxy) else argument


def _from_plain(argument: Any, plan: SitePlan) -> Any:
    if isinstance(argument, tuple) and argument and argument[0] == "page":
        return _page_at(plan, *(str(part) for part in argument[1:4]))
    return argument


# In words


def in_words(question: Question) -> str:
    """A question for people: `title of a/b.html`, `course.target('a.md', 'b.md')`."""
    if question[0] == "page":
        return f"{_steps_in_words(question[4:])} of {question[3]}"
    return _steps_in_words(question[1:])


def _steps_in_words(steps: Question) -> str:
    return "".join(map(_step_in_words, steps)).removeprefix(".")


def _step_in_words(step: Any) -> str:
    if isinstance(step, str):
        return f".{step}"
    inner = ", ".join(
        repr(p[3] if isinstance(p, tuple) and p[:1] == ("page",) else p) for p in step[1:]
    )
    return f"[{inner}]" if step[0] == "[]" else f"({inner})"
