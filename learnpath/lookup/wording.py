"""Whether a page's words changed: a digest of all that learners may read on it, no more.

Other words, a prompt, an option, what lies under a condition: a change. A theme, a link's
address, emphasis, line breaks, quotation marks of another kind: none.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import blake2b
from html import escape, unescape
from unicodedata import normalize

from learnpath.document import (
    Aside,
    Checkpoint,
    Choices,
    Document,
    Fragment,
    Image,
    Inline,
    Loop,
    Media,
    Model,
    Sharing,
    When,
    WikiLink,
)
from learnpath.frontmatter import FrontMatter
from learnpath.lookup.text import in_tags, paragraphs, read_of

_UNREAD = re.compile(r"<(?=[st])(script|style|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_QUIET = re.compile("[\"'`\u00ab\u00bb\u2018-\u201f\u2039\u203a\u00ad\u200b-\u200f\u2060\ufeff]+")
"""Quotation marks of every kind, and signs that nobody sees."""
_DASHES = re.compile("[-\u2010-\u2015\u2212]+")


_UNSEEN = b"\"'`" + bytes(at for at in range(128) if chr(at).isspace())
"""Of ASCII: quotation marks, and space of every kind."""


def revision_of(front: FrontMatter, document: Document) -> str:
    """Eight letters that stay the same as long as the words do."""
    told = (
        front.title, front.summary, front.audience_words, front.skip_if, *front.objectives,
        front.because, front.ending,
    )  # fmt: skip
    heading, body = _text(document.heading), _text(document.body)
    text = f"{' '.join(told)} {unescape(heading + body)}"
    return urlsafe_b64encode(blake2b(plainly(text).encode(), digest_size=6).digest()).decode()


def plainly(text: str) -> str:
    """A text without its typography: two that read alike become the same."""
    plain = _usual(text)
    if plain is not None:
        return plain
    joined = "".join(normalize("NFKC", text).split())
    return _DASHES.sub("-", _QUIET.sub("", joined)).casefold()


def _usual(text: str) -> str | None:
    """The same of a text that has no other letters than ASCII's, which is quicker without
    patterns; None of others."""
    if not text.isascii():
        for sign in "\u2018\u2019\u201c\u201d\u00ab\u00bb\u00a0":
            text = text.replace(sign, "")
        text = text.replace("\u2013", "-").replace("\u2014", "-").replace("\u2026", "...")
        # What leads back from a footnote, and stays.
        if not text.replace("\u21a9", "").replace("\ufe0e", "").isascii():
            return None
    plain = text.encode().translate(None, _UNSEEN).lower().decode()
    return _DASHES.sub("-", plain) if "--" in plain else plain


def _text(fragment: Fragment) -> str:
    """What stands between the tags of a fragment."""
    parts = in_tags(read_of("".join(_html(fragment)), _UNREAD, ""))
    return "".join(parts[::2])


def _html(fragment: Fragment) -> Iterator[str]:
    for part in fragment:
        if isinstance(part, str):
            yield part
        elif isinstance(part, (Choices, Checkpoint, Aside)):
            yield from paragraphs(_html(inner) for inner in _within(part))
        else:
            for inner in _within(part):
                yield from _html(inner)


def _within(node: object) -> Iterator[Fragment]:
    """The texts of a node, in the order in which they are read."""
    match node:
        case WikiLink():
            yield (escape(node.text or node.target),)
        case Image():
            yield from ((f" {escape(node.alt)} ",), node.caption)
        case Media():
            yield (f" {escape(node.title)} ",)
        case Inline():
            yield node.fallback
        case When():
            yield from ((escape(node.words),), node.body)
        case Aside() if node.kind != "facilitator":
            yield from (node.label, node.body)
        case Sharing():
            yield from (node.label, node.body, (escape(node.consent),))
        case Loop():
            links = (f"{a.origin} {a.sign} {a.target} {a.delayed}" for a in node.links)
            yield from (node.label, (escape(" ".join(links)),))
        case Model():
            yield from (node.label, (escape(node.program),))
        case Choices():
            yield from _of_choices(node)
        case Checkpoint():
            yield from _of_checkpoint(node)


def _of_choices(node: Choices) -> Iterator[Fragment]:
    yield from (node.label, node.intro)
    for option in node.options:
        yield from (option.label, option.consequence, (escape(option.because),))
    yield node.outro


def _of_checkpoint(node: Checkpoint) -> Iterator[Fragment]:
    yield from (node.prompt, (escape(f"{node.why} {node.low} {node.high} {node.unit}"),))
    yield from (option.label for option in (*node.options, *node.headings))
    for turn in node.turns:
        yield from ((escape(turn.head),), turn.body)
    for after in node.after:
        yield from ((escape(after.label),), after.body)
