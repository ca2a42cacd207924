"""```` ```loop label {#id} ````: a causal-loop diagram, one link or one circle's name a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markdown_it.token import Token

from learnpath.causal.circles import circles_in
from learnpath.causal.likeness import lookalikes
from learnpath.causal.syntax import (
    MOST_LINKS,
    MOST_VARIABLES,
    CausalLink,
    CircleName,
    LinkError,
    as_first_written,
    is_drawable,
    is_silent,
    parse_line,
    text_of,
    variables_of,
)
from learnpath.document import Loop
from learnpath.markdown.blocks import Head, Line, kept_under, lines_of, read_head, tell
from learnpath.markdown.builder import Builder, Part, code

_KEYS = ("why", "aliases")


def loop(builder: Builder, token: Token) -> Iterator[Part]:
    """Build a diagram of the lines that can be read; where none can, they are shown as they are."""
    head = read_head(builder, token, _KEYS)
    lines = [line for line in lines_of(builder, token) if not is_silent(line.text)]
    reader = _Reader(builder, lines)
    links = tuple(reader.links)
    _check(builder, head, links, empty=not lines)
    if not links:
        yield code(token)
        return
    label, text = builder.title(head.label, head.place.line or 1)
    builder.count_in(" ".join(text_of(link) for link in links))
    checkpoint = kept_under(builder, head, "loop", "links", text)
    names = reader.names()
    builder.shows("causal")
    yield Loop(head.attributes.id, label, text, links, names, head.place, checkpoint)


class _Reader:
    """Reads the lines of one diagram; tells of each that cannot be read."""

    def __init__(self, builder: Builder, lines: Sequence[Line]) -> None:
        self._builder = builder
        self.links: dict[CausalLink, Line] = {}
        self._names: list[tuple[CircleName, Line]] = []
        for line in lines:
            try:
                self._read(line)
            except LinkError as error:
                tell(builder, "invalid-loop", line, error)
        for name, other in lookalikes(tuple(self.links)):
            self._tell_alike(name, other)

    def _read(self, line: Line) -> None:
        found = parse_line(line.text)
        if isinstance(found, CircleName):
            self._names.append((found, line))
            return
        link = as_first_written(found, tuple(self.links))
        for before in self.links:
            if (before.origin, before.target) == (link.origin, link.target):
                raise LinkError(
                    0,
                    f"a second link from '{link.origin}' to '{link.target}'",
                    f"keep one of the two; the first says: {text_of(before)}",
                )
        self.links[link] = line

    def _tell_alike(self, name: str, other: str) -> None:
        line = next(at for link, at in self.links.items() if name in (link.origin, link.target))
        error = LinkError(
            max(line.text.find(name), 0),
            f"'{name}' stands in this link only, and there is '{other}'",
            f"did you mean '{other}'? If they are two things, name them less alike",
        )
        tell(self._builder, "similar-variables", line, error)

    def names(self) -> tuple[tuple[str, str], ...]:
        """What the author calls the circles that there are; what names none is told."""
        if not self._names:
            return ()
        ways = {circle.name: circle.way for circle in circles_in(tuple(self.links)).told}
        found: dict[str, str] = {}
        for name, line in self._names:
            try:
                _refuse_name(name, ways, found)
            except LinkError as error:
                tell(self._builder, "invalid-loop", line, error)
            else:
                found[name.circle] = name.words
        return tuple(found.items())


def _refuse_name(name: CircleName, ways: Mapping[str, str], named: Mapping[str, str]) -> None:
    if name.circle in named:
        raise LinkError(
            name.offset,
            f"{name.circle} has a name already: {named[name.circle]}",
            "keep one of the two",
        )
    if name.circle not in ways:
        there = "; ".join(f"{circle}: {way}" for circle, way in ways.items())
        raise LinkError(
            0,
            f"there is no circle {name.circle} in this diagram",
            f"there is {there}" if there else "no link leads back to where it began",
        )


def _check(builder: Builder, head: Head, links: Sequence[CausalLink], *, empty: bool) -> None:
    count = len(variables_of(links))
    if empty:
        message, hint = "this diagram has no link", "write: orders -> stock: more, after a delay"
    elif not is_drawable(links):
        message = (
            f"{count} variables with {len(links)} links are too many for one drawing: "
            "only the list is shown"
        )
        hint = f"make two of it, of at most {MOST_VARIABLES} variables and {MOST_LINKS} links"
    else:
        return
    builder.context.problems.add("invalid-loop", head.place, message, hint)
