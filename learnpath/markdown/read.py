"""A page's body → a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markdown_it.token import Token

from learnpath.document import Document, Fragment
from learnpath.markdown.builder import Builder, Gathered
from learnpath.markdown.context import Context
from learnpath.markdown.parser import parse
from learnpath.markdown.registry import DIRECTIVES, FENCES
from learnpath.problems import Problems
from learnpath.stages import InStages, at_once

_LARGE = 1 << 15
"""Letters: what a longer text was taken apart to is built from at once, and let go of."""


def read_document(
    path: str,
    text: str,
    body: str,
    first_line: int,
    read: Callable[[str], str | None],
    *,
    plain: bool = False,
    html: str = "true",
    embeds: tuple[str, ...] = (),
    quotes: str = "",
) -> Document:
    """Parse one page.

    `text` is the whole file, `body` what follows the front matter, `first_line` the file's line
    on which the body begins. `read` gives the text of another file of the course, or None.
    `quotes` is the language whose quotation marks replace straight ones, or empty.
    """
    context = Context(
        path,
        text.split("\n"),
        first_line,
        Problems(),
        plain,
        html,
        read,
        embeds=embeds,
        quotes=quotes,
    )
    return at_once(document_in_stages(context, body))


def document_in_stages(context: Context, body: str) -> InStages[Document]:
    """The document of a body, of whose file nothing was read yet."""
    tokens = parse(body, context)
    if len(body) < _LARGE:  # a hundred times as much as the text: others wait with theirs
        yield
    gathered = Gathered()
    builder = Builder(context, gathered, DIRECTIVES, FENCES)
    heading, heading_text, heading_id, rest = _opening_heading(builder, tokens)
    fragment = builder.fragment(rest)
    return Document(
        context.path,
        heading,
        heading_text,
        heading_id,
        fragment,
        gathered.facts(),
        gathered.words,
        context.problems.all(),
        tuple(dict.fromkeys(gathered.includes)),
    )


def _opening_heading(
    builder: Builder, tokens: Sequence[Token]
) -> tuple[Fragment, str, str, Sequence[Token]]:
    """The page's heading, where its text opens with one, and the tokens without it."""
    if not tokens or tokens[0].type != "heading_open" or tokens[0].tag != "h1":
        return (), "", "", tokens
    identity = builder.heading_id(tokens[0], tokens[1])
    text = builder.plain(tokens[1])
    return builder.inline(tokens[1]), text, identity, tokens[3:]
