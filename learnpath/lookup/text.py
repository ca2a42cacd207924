"""What a page says, as its readers are to find it: its text, and the words in it.

What a learner has not come to yet is not given away: no sample answers, nothing under a
condition, no consequences, no hints, and nothing of the facilitator's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape, unescape

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
    Node,
    Said,
    WikiLink,
)
from learnpath.lookup.words import count, words_of

_NO_TEXT = frozenset(("script", "style", "math", "svg", "template"))
_UNREAD = re.compile(
    r"<(?=[smt])(script|style|math|svg|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "dfn", "em", "i", "kbd", "mark", "q", "s",
    "samp", "small", "span", "strong", "u", "var", "wbr",
))  # fmt: skip
_TAG = re.compile(r"<!--.*?-->|</?([a-zA-Z][^\s>]*)[^>]*>", re.DOTALL)
_HEADING = re.compile(r"<h[1-6]\b[^>]*>(.*?)</h[1-6]>", re.DOTALL)
_KEPT_BACK = ("facilitator", "hint")
_OFTEN = 3
_GAP = "\0"
"""Where a block ends; no text of a page has this sign."""
_ENDS = ".,:;!?…·–—”»。！？؟،؛।)"


def said_of(document: Document) -> Said:
    """What a document says; worked out here, where it was not remembered."""
    return document.said or said(document)


def said(document: Document) -> Said:
    html = read_of("".join(_html(document.body)), _UNREAD, " ")
    text = plain(html)
    counted = count(text)
    heads = dict.fromkeys(words_of(plain("<p>".join(_HEADING.findall(html)))))
    often = [word for word, times in counted.items() if times >= _OFTEN and word not in heads]
    rest = [word for word, times in counted.items() if times < _OFTEN and word not in heads]
    return Said(text, " ".join(heads), " ".join(often), " ".join(rest))


@lru_cache(maxsize=1)
def in_tags(html: str) -> tuple[str, ...]:
    """HTML taken apart: texts, and between them the names of tags, for a comment None. The last
    one is at hand: of most pages all is said that is looked at for their revision."""
    return tuple(_TAG.split(html))


def read_of(html: str, unread: re.Pattern[str], instead: str) -> str:
    """HTML without the elements that a pattern finds, where it has any that hold no text."""
    names = {name.lower() for name in {*in_tags(html)[1::2]} if name}
    return html if _NO_TEXT.isdisjoint(names) else unread.sub(instead, html)


def plain(html: str) -> str:
    """The text of HTML on one line; where a block ends without a full stop, a dot stands."""
    parts = list(in_tags(html))
    parts[1::2] = map(_GAPS.__getitem__, parts[1::2])
    lines = unescape("".join(parts).replace("\n", " ")).split(_GAP)
    blocks = [block for block in map(str.strip, lines) if block]
    if _may_be_respaced("".join(blocks)):
        blocks = [" ".join(block.split()) if _may_be_respaced(block) else block for block in blocks]
    ended = [block if block[-1] in _ENDS else f"{block} ·" for block in blocks[:-1]]
    return " ".join((*ended, *blocks[-1:]))


def _may_be_respaced(text: str) -> bool:
    """Whether a text may have other space than single spaces, which alone are printable."""
    return "  " in text or not text.isprintable()


class _Gaps(dict[str | None, str]):
    """What stands in a tag's place, by its name: nothing where it is within a line."""

    def __missing__(self, name: str | None) -> str:
        gap = self[name] = "" if name and name.lower() in _INLINE else _GAP
        return gap


_GAPS = _Gaps()


def _html(fragment: Fragment) -> Iterator[str]:
    for part in fragment:
        if isinstance(part, str):
            yield part
        elif isinstance(part, (Choices, Checkpoint, Aside)):
            yield from paragraphs(_html(inner) for inner in _blocks(part))
        else:
            yield from _inline(part)


def paragraphs(texts: Iterable[Iterable[str]]) -> Iterator[str]:
    """The HTML of texts that stand one below the other; what is empty is none."""
    for text in texts:
        html = "".join(text)
        if html and not html.isspace():
            yield f"<p>{html}</p>"


def _inline(node: Node) -> Iterator[str]:
    match node:
        case WikiLink():
            yield escape(node.text or node.target)
        case Image():
            yield f" {escape(node.alt)} "
            yield from _html(node.caption)
        case Media():
            yield f" {escape(node.title)} "
        case Inline():
            yield from _html(node.fallback)
        case Loop():
            links = (f"{link.origin} → {link.target}" for link in node.links)
            yield from _lines(node.label, [*links, *(words for _, words in node.names)])
        case Model():
            yield from _lines(node.label, [", ".join(node.names)])


def _lines(label: Fragment, lines: Sequence[str]) -> Iterator[str]:
    yield from ("<p>", *_html(label), "</p>")
    yield from (f"<p>{escape(line)}</p>" for line in lines)


def _blocks(node: Choices | Checkpoint | Aside) -> Iterator[Fragment]:
    match node:
        case Choices():
            yield from (node.label, node.intro)
            yield from (option.label for option in node.options)
            yield node.outro
        case Checkpoint():
            yield node.prompt
            yield from (option.label for option in node.options)
            yield from (turn.body for turn in node.turns)
        case Aside() if node.kind not in _KEPT_BACK:
            yield from (node.label, node.body)
