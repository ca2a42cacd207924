"""Words and the pages that they stand on, in pieces that a browser loads one by one.

The words are sorted and cut into runs. Where a run begins depends on the words there alone, not
on their place in the whole: a page that says a new word changes one run, and a run is made anew
from the one before. Each run is a file, named by its first word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from zlib import crc32

from learnpath.lookup.entries import KEY

Postings = dict[str, str]
"""Word → the keys of the pages that it stands on, sorted, one after the other."""
_OFTEN = 250
"""A word on more pages than this is a run of its own."""


def step_for(pages: int) -> int:
    """One word in so many begins a run: few runs for a small course, short ones for a large."""
    if pages <= 256:
        return 1024
    return 256 if pages <= 2048 else 64


def cut(postings: Postings, step: int) -> dict[str, Postings]:
    """The runs by their first words."""
    runs: dict[str, Postings] = {}
    first, before = "", _OFTEN + 1
    for word in sorted(postings):
        pages = len(postings[word]) // KEY
        if max(before, pages) > _OFTEN or crc32(word.encode()) % step == 0:
            first = word
            runs[first] = {}
        runs[first][word] = postings[word]
        before = pages
    return runs


def text_of(run: Postings) -> str:
    """A run as its file says it: a line for each word."""
    return "\n".join(f"{word} {keys}" for word, keys in run.items())


def read(text: str) -> Postings:
    """The run that `text_of` wrote. Raises ValueError where it did not."""
    found: Postings = {}
    for line in text.split("\n"):
        word, keys = line.split(" ")
        found[word] = keys
    return found


def place(firsts: list[str], word: str) -> int:
    """In which run a word stands, or would."""
    return max(0, bisect_right(firsts, word) - 1)


def around(places: Iterable[int], count: int) -> Iterator[tuple[int, int]]:
    """Stretches of runs, from and to, that hold these places and one more at each side.

    Where a run begins may depend on the word before it, so what changes is cut anew with its
    neighbours.
    """
    start = end = -1
    for at in sorted(places):
        low, high = max(0, at - 1), min(count, at + 2)
        if start < 0:
            start, end = low, high
        elif low <= end:
            end = high
        else:
            yield start, end
            start, end = low, high
    if start >= 0:
        yield start, end


def changed(
    postings: Postings, gone: Mapping[str, set[str]], come: Mapping[str, set[str]]
) -> Postings:
    """The same with keys taken out and put in, word by word."""
    found = dict(postings)
    for word in gone.keys() | come.keys():
        keys = set(_keys(found.get(word, "")))
        keys = (keys - gone.get(word, set())) | come.get(word, set())
        if keys:
            found[word] = "".join(sorted(keys))
        else:
            found.pop(word, None)
    return found


def _keys(text: str) -> Iterator[str]:
    return (text[at : at + KEY] for at in range(0, len(text), KEY))
