"""A page as it is remembered: what the graph always asks at hand, the rest read when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from learnpath.cache import Cache, Span
from learnpath.document import Document, Facts, Fragment, Said
from learnpath.frontmatter import FrontMatter
from learnpath.lookup.text import said_of
from learnpath.packing import PackingError, pack, unpack
from learnpath.page import Page
from learnpath.problems import Problem
from learnpath.values import Value

_WIDTH = 8
_PARTS = 4


class Head(Value, frozen=True):
    """What the graph always asks of a page."""

    id: str
    language: str
    source: str
    file: str
    front: FrontMatter
    digest: str
    problems: tuple[Problem, ...]
    rev: str
    heading_text: str
    heading_id: str
    words: int
    found: tuple[Problem, ...]
    includes: tuple[str, ...]
    marks: tuple[bool, bool, bool]


class Text(Value, frozen=True):
    """What a page shows: read when the page is made."""

    heading: Fragment
    body: Fragment


def kept(page: Page) -> bytes:
    """The page as bytes: its head, its facts, its text and what it says, each to be read apart."""
    document = page.document
    head = Head(
        page.id, page.language, page.source, page.file, page.front, page.digest, page.problems,
        page.rev, document.heading_text, document.heading_id, document.words, document.problems,
        document.includes, (document.asks, document.turns_off, document.links_by_title),
    )  # fmt: skip
    text = Text(document.heading, document.body)
    # What it says is the longest part, and is seldom asked for: it comes last.
    parts = [pack(head), pack(document.facts), pack(text), pack(said_of(document))]
    return b"".join([len(part).to_bytes(_WIDTH, "big") for part in parts] + parts)


def page_in(span: Span, data: bytes) -> Page:
    """The page that `kept` made: it lies there, and these are its bytes. Raises PackingError where
    it is none."""
    sizes = [int.from_bytes(data[_WIDTH * n : _WIDTH * (n + 1)], "big") for n in range(_PARTS)]
    start = _WIDTH * _PARTS
    if start + sum(sizes) != len(data):
        raise PackingError("a page is cut off")
    head = unpack(Head, data[start : start + sizes[0]])
    facts, text, said = _parts(span, start + sizes[0], sizes[1:])
    document = KeptDocument(
        head.source, head.heading_text, head.heading_id, head.words, head.found, head.includes,
        head.marks, facts, text, said,
    )  # fmt: skip
    return Page(
        head.id, head.language, head.source, head.file, head.front, document, head.digest,
        head.problems, head.rev,
    )  # fmt: skip


def remembered_page(cache: Cache, key: str) -> Page | None:
    """The page that a cache has under a key; None where it has none that can be used."""
    found = cache.find(key)
    try:
        return page_in(*found) if found is not None else None
    except PackingError:
        return None


def _parts(span: Span, start: int, sizes: list[int]) -> Iterator[Span]:
    for size in sizes:
        yield span.part(start, size)
        start += size


class KeptDocument(Document):
    """A document whose facts and text are unpacked when they are first asked for.

    The facts stay, since the graph asks for them again and again; the text is asked for once,
    when the page is rendered, and does not.
    """

    __slots__ = ("_facts", "_facts_span", "_heading", "_marks", "_said_span", "_text_span")
    _facts: Facts | None
    _facts_span: Span
    _text_span: Span
    _said_span: Span
    _heading: Fragment | None
    _marks: tuple[bool, bool, bool]

    def __init__(
        self, path: str, heading_text: str, heading_id: str, words: int, problems: Any,
        includes: tuple[str, ...], marks: tuple[bool, bool, bool],
        facts: Span, text: Span, said: Span,
    ) -> None:  # fmt: skip
        for name, value in (
            ("path", path),
            ("heading_text", heading_text),
            ("heading_id", heading_id),
            ("words", words),
            ("problems", problems),
            ("includes", includes),
            ("_marks", marks),
            ("_facts_span", facts),
            ("_text_span", text),
            ("_said_span", said),
            ("_facts", None),
            ("_heading", None),
        ):
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return KeptDocument, (
            self.path, self.heading_text, self.heading_id, self.words, self.problems,
            self.includes, self._marks, self._facts_span, self._text_span, self._said_span,
        )  # fmt: skip

    @property
    def asks(self) -> bool:
        return self._marks[0]

    @property
    def turns_off(self) -> bool:
        return self._marks[1]

    @property
    def links_by_title(self) -> bool:
        return self._marks[2]

    @property
    def facts(self) -> Facts:
        if self._facts is None:
            facts = unpack(Facts, self._facts_span.read())
            object.__setattr__(self, "_facts", facts)
            return facts
        return self._facts

    @property
    def heading(self) -> Fragment:
        if self._heading is None:
            return self._text().heading
        return self._heading

    @property
    def body(self) -> Fragment:
        return self._text().body

    @property
    def said(self) -> Said:
        return unpack(Said, self._said_span.read())

    def _text(self) -> Text:
        text = unpack(Text, self._text_span.read())
        object.__setattr__(self, "_heading", text.heading)
        return text
