"""A fenced block that is no code: its head, `name label {#id key=value}`, and its lines."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.token import Token
from msgspec import Struct

from learnpath.document import Checkpoint, Fragment
from learnpath.markdown.attributes import (
    Attributes,
    AttributesError,
    looks_meant,
    parse_attributes,
)
from learnpath.markdown.builder import Builder
from learnpath.markdown.context import Explained
from learnpath.problems import Place, did_you_mean


class Head(Struct, frozen=True):
    """What stands behind the fence. `broken` where the braces cannot be read."""

    name: str
    label: str
    attributes: Attributes
    place: Place
    broken: bool


class Line(Struct, frozen=True):
    """A line inside the fence, as written there, with the file's line number."""

    text: str
    number: int


def read_head(builder: Builder, token: Token, keys: tuple[str, ...] = ()) -> Head:
    """The head of a fenced block; what is wrong with it is told."""
    context = builder.context
    line = context.line(token.map[0] if token.map else 0)
    name, _, rest = token.info.strip().partition(" ")
    brace = next((at for at, c in enumerate(rest) if c == "{" and looks_meant(rest, at)), -1)
    attributes, broken = Attributes(), False
    if brace >= 0:
        try:
            attributes, end = parse_attributes(rest, brace)
            if rest[end:].strip():
                raise AttributesError(end, "text after the braces", "put the braces last")
        except AttributesError as error:
            context.problem("invalid-attributes", line, rest, error.offset, error)
            broken = True
    for key in attributes.values:
        if key not in keys:
            otherwise = "there are " + ", ".join(keys) if keys else "it takes none but an #id"
            context.add(
                "unknown-key",
                line,
                context.column(line, f"{key}=", 0),
                f"'{name}' has no attribute '{key}'",
                did_you_mean(key, keys, otherwise),
            )
    mark = f"#{attributes.id}" if attributes.id else token.markup
    place = context.place(line, context.column(line, mark, 0))
    if attributes.id:
        builder.anchor(attributes.id, place)
    label = (rest[:brace] if brace >= 0 else rest).strip()
    return Head(name, label, attributes, place, broken)


def kept_under(
    builder: Builder, head: Head, kind: str, form: str, title: str, prompt: Fragment = ()
) -> Checkpoint | None:
    """Where a learner's own part of a block is kept: one with an id can be gone on with."""
    attributes = head.attributes
    if not attributes.id:
        return None
    found = Checkpoint(
        attributes.id,
        kind,
        prompt,
        title or attributes.id,
        attributes.get("why"),
        form,
        head.place,
        attributes.ids("aliases"),
    )
    if not builder.page.guide:
        builder.page.checkpoints.append(found)
    return found


def lines_of(builder: Builder, token: Token) -> Iterator[Line]:
    """The lines between the fences."""
    first = builder.context.line(token.map[0] if token.map else 0) + 1
    for at, text in enumerate(token.content.split("\n")):
        yield Line(text, first + at)


def tell(builder: Builder, rule: str, line: Line, error: Explained) -> None:
    """Report an error of a small grammar in a line."""
    builder.context.problem(rule, line.number, line.text.rstrip(), error.offset, error)
