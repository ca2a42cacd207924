"""```` ```loop label {#id} ````: a causal-loop diagram, one link a line."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.token import Token

from learnpath.causal.syntax import (
    MOST_LINKS,
    MOST_VARIABLES,
    CausalLink,
    LinkError,
    as_first_written,
    is_drawable,
    is_silent,
    parse_link,
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
    links: list[CausalLink] = []
    lines = [line for line in lines_of(builder, token) if not is_silent(line.text)]
    for line in lines:
        _add(builder, line, links)
    _check(builder, head, links, empty=not lines)
    if not links:
        yield code(token)
        return
    label = builder.phrase(head.label, head.place.line or 1) if head.label else ()
    checkpoint = kept_under(builder, head, "loop", "words")
    yield Loop(head.attributes.id, label, head.label, tuple(links), head.place, checkpoint)


def _add(builder: Builder, line: Line, links: list[CausalLink]) -> None:
    try:
        link = as_first_written(parse_link(line.text), links)
        _refuse_second(link, links)
    except LinkError as error:
        tell(builder, "invalid-loop", line, error)
        return
    links.append(link)


def _refuse_second(link: CausalLink, links: list[CausalLink]) -> None:
    for before in links:
        if (before.origin, before.target) == (link.origin, link.target):
            raise LinkError(
                0,
                f"a second link from '{link.origin}' to '{link.target}'",
                f"keep one of the two; the first says: {text_of(before)}",
            )


def _check(builder: Builder, head: Head, links: list[CausalLink], *, empty: bool) -> None:
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
