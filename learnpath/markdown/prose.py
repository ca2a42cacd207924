"""Text with nothing but the usual in it: words, emphasis, code, and links to plain addresses.

Most of a course is such text. It is taken apart by one pattern and written into HTML as it stands,
where markdown-it would make a dozen tokens that are walked through again; what comes out is the
same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any

from learnpath.document import Link
from learnpath.markdown.beginnings import (
    CODE,
    CODING,
    LETTER,
    LINKING,
    SIGNS,
    STRESSING,
    linked,
    stressed,
)

Pieces = list[Any]
"""A text, then again and again what has marks around it, in six parts of which only its own are
texts and not None (a mark, the same again, stressed words; a link's name and address; code), and a
text."""

_STEP = 7
_TEXT, _STRESSED, _NAME, _CODED = 0, 3, 4, 6
"""Where in a step the parts are that are read."""
_QUOTES = "'\""
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_MARKED = "\0"
"""Stands for what has marks around it; no text of a page has this sign."""


def pieces_of(text: str, *, curly: bool) -> Pieces | None:
    """A usual text taken apart; None where there is anything else in it. `curly` is whether
    apostrophes are to be; quotes are unusual then, for each needs to be told from the others."""
    marked, unusual = _patterns(curly)
    pieces = marked.split(text)
    if unusual.search(_MARKED.join(pieces[::_STEP])):
        return None
    if curly and "'" in text:
        for at in (_TEXT, _STRESSED, _NAME):
            pieces[at::_STEP] = [one and one.replace("'", _APOSTROPHE) for one in pieces[at::_STEP]]
    return pieces


def written(pieces: Pieces, link: Callable[[int, str, str], Link]) -> list[str | Link]:
    """The HTML. `link` makes a link of its offset in the text, its name and its address."""
    parts: list[str | Link] = [_shown(pieces[0])]
    offset = len(pieces[0])
    for at in range(1, len(pieces), _STEP):
        mark, again, stress, name, address, code, words = pieces[at : at + _STEP]
        if again:
            parts.append(f"<strong>{stress}</strong>")
            offset += len(stress) + len("****")
        elif mark:
            parts.append(f"<em>{stress}</em>")
            offset += len(stress) + len("**")
        elif name:
            parts += (link(offset, name, address), f"{name}</a>")
            offset += len(name) + len(address) + len("[]()")
        else:
            parts.append(f"<code>{escape(code, quote=False)}</code>")
            offset += len(code) + len("``")
        parts.append(_shown(words))
        offset += len(words)
    return parts


def only_link(pieces: Pieces) -> tuple[str, str, str] | None:
    """(HTML, name, address) of the link that is all of a text; None where there is more to it."""
    if len(pieces) != _STEP + 1 or pieces[_TEXT] or pieces[_STEP] or pieces[_NAME] is None:
        return None
    return _shown(pieces[_NAME]), pieces[_NAME], pieces[_NAME + 1]


def _shown(words: str) -> str:
    """Words in HTML, which have no other sign that needs to be escaped."""
    return words.replace(">", "&gt;")


def said(pieces: Pieces) -> str:
    """What a reader reads, on one line."""
    read = (_TEXT, _STRESSED, _NAME, _CODED)
    words = [one for at, one in enumerate(pieces) if one and at % _STEP in read]
    return "".join(words).replace("\n", " ")


@cache
def _patterns(curly: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(what has marks around it, what usual text has none of besides)."""
    quotes = _QUOTES if curly else ""
    plain = f"[^{re.escape(SIGNS + quotes)}>]"
    in_word = f"(?<={LETTER}')(?={LETTER})"
    words = f"(?:{plain}++|'{in_word})++"
    coded = rf"(?=\S){CODE}(?<=\S`)"  # else its marks would be words
    marked = (stressed(words), linked(rf"(?=\S){words}(?<=\S)"), coded)
    harmless = (  # though there are other signs of this kind
        r"(?<=:)(?![A-Za-z])",
        rf"(?<=!)(?!{_MARKED})",
        r"(?<=\n)(?<![ \t].)(?![ \t])",
        in_word,
    )
    return (
        re.compile(f"[{re.escape(STRESSING + LINKING + CODING)}](?:{'|'.join(marked)})"),
        re.compile(f"[{re.escape(SIGNS + quotes)}](?!{'|'.join(harmless)})", re.DOTALL),
    )
