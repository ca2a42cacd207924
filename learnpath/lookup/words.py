"""Text → the words that it is found by: alike for every spelling that a learner may type.

The browser does the same to what is typed (`fold.js`); tests/vectors/search.json holds both to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

LONGEST = 30
"""Characters; a longer word is found by its beginning."""

_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""Accents, Hebrew points, Arabic vowel signs and the stretching line. Marks of other scripts are
letters as the reader has them, and stay."""
_ALIKE = (
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i",
     "ς": "σ", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "_": " "}
)  # fmt: skip
_UNLIKE = re.compile(f"[{''.join(_ALIKE)}]")
_LETTERS = r"\u0900-\u0963\u0966-\u0e4e\u0e50-\u109f\u1780-\u17d3\u17e0-\u17ff\u3099\u309a"
"""Of scripts whose vowels are marks, which Python counts as no part of a word."""
_WORD = re.compile(rf"[\w{_LETTERS}]+")
_SIGNS = str.maketrans({at: " " for at in range(128) if not chr(at).isalnum()})
"""ASCII's signs, each to become a space."""
_TYPOGRAPHY = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00b7\u00a0\u00ab\u00bb\u21a9\ufe0e"
"""The signs that a text without other letters is likely to have."""
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
"""Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Kana, Han."""
_ARTICLE = "ال"


def fold(text: str) -> str:
    """Small letters without accents; what looks or sounds alike becomes one."""
    small = text.lower()
    if small.isascii():
        return small.replace("_", " ")
    plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", small)))
    return _UNLIKE.sub(lambda letter: _ALIKE[letter[0]], plain)


def words_of(text: str) -> list[str]:
    """The words of a text in order, folded; of scripts without spaces, every two neighbours."""
    return [part for word in _in_order(text) for part in _parts(word)]


def _in_order(text: str) -> list[str]:
    """What stands between the signs of a text, folded. Where a text has no letters but ASCII's it
    is taken apart without a pattern, which is much quicker."""
    if not text.isascii():
        for sign in _TYPOGRAPHY:
            text = text.replace(sign, " ")
    folded = fold(text)
    return folded.translate(_SIGNS).split() if folded.isascii() else _WORD.findall(folded)


def count(text: str) -> dict[str, int]:
    """How often a text says each of its words; each is taken apart once."""
    found = Counter(_in_order(text))
    # Most words plainly stay as they are.
    for word in [w for w in found if not w.isascii() or not 1 < len(w) <= LONGEST]:
        times = found.pop(word)
        for part in _parts(word):
            found[part] += times
    return found


@cache
def _unspaced() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(one letter of such a script, runs of them and of others): late, for they take long to be
    compiled, and most courses have no such letter."""
    return re.compile(rf"[{_UNSPACED}]"), re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}]+")


@lru_cache(maxsize=1 << 16)
def _parts(word: str) -> list[str]:
    if word.isascii():
        return _spaced(word)
    letter, runs = _unspaced()
    if not letter.search(word):
        return _spaced(word)
    found: list[str] = []
    for run in runs.findall(word):
        if letter.match(run):
            found += [run[at : at + 2] for at in range(len(run))]
        else:
            found += _spaced(run)
    return found


def _spaced(word: str) -> list[str]:
    if word.startswith(_ARTICLE) and len(word) > 4:
        word = word.removeprefix(_ARTICLE)
    return [word[:LONGEST]] if len(word) > 1 or word.isdecimal() else []
