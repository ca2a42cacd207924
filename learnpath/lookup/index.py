"""The search of one language as files: a directory, runs of words, and what is shown of pages.

`whole` makes them from every page; `mended` from the files of the last build and the pages that
changed since. Both come to the same bytes. `runs` and `files` are `whole` in small pieces, for who
has something else to see to meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from learnpath.jsontext import json_text, json_value
from learnpath.lookup import shards
from learnpath.lookup.entries import NUMBERS, Entry, findable, numbered
from learnpath.lookup.shards import Postings
from learnpath.page import Page
from learnpath.plan import SitePlan

SEARCH_FOLDER = "assets/search"
_AT_ONCE = 64
"""Pages that are looked at before it is somebody else's turn."""
_RUNS_AT_ONCE = 32
_A_FEW = 20
"""Pages that may have changed for mending to be the shorter way; or one in so many."""


class StaleError(Exception):
    """What the last build left does not fit: everything has to be made anew."""


class Left(Struct, frozen=True):
    """What the last build left of one language."""

    prints: Mapping[str, str]
    """Of each page by its id."""
    runs: tuple[str, ...]
    """The first words of the runs, in order."""
    page: Callable[[str], Page]
    """A page as it was then. Raises StaleError where it is not to be had."""
    read: Callable[[str], bytes]
    """A file as it was then. Raises StaleError likewise."""


class Index:
    """The pages that a language's search finds."""

    def __init__(
        self,
        language: str,
        pages: Mapping[str, Page],
        prints: Mapping[str, str],
        visited: frozenset[str],
    ) -> None:
        """`pages` and their `prints` by id; `visited` are those that are listed only for who has
        been there. Of most pages nothing more is asked, so they may be read when they are."""
        self.language = language
        self.pages, self.prints, self.visited = pages, prints, visited
        self.numbers = numbered(self.pages)
        self.firsts: tuple[str, ...] = ()
        """The first words of the runs, once every file was made."""
        self._step = shards.step_for(len(self.pages))
        self._shift = (NUMBERS - 1).bit_length() - max(0, (len(self.pages) - 1).bit_length() - 3)

    @classmethod
    def of(cls, language: str, pages: Sequence[Page]) -> Index:
        """The index of pages that were read."""
        visited = frozenset(page.id for page in pages if page.front.listed == "visited")
        prints = {page.id: print_of(page) for page in pages}
        return cls(language, {page.id: page for page in pages}, prints, visited)

    # Names

    def file(self, name: str) -> str:
        return f"{SEARCH_FOLDER}/{self.language}/{name}.js"

    def _bucket(self, number: int) -> str:
        return f"p{number >> self._shift:x}"

    @cached_property
    def _buckets(self) -> dict[str, list[str]]:
        """Pages by the file that shows them, in the order of their numbers."""
        found: dict[str, list[str]] = defaultdict(list)
        for identity, number in self.numbers.items():
            found[self._bucket(number)].append(identity)
        return found

    # Files

    def whole(self) -> tuple[dict[str, bytes], tuple[str, ...]]:
        """Every file by its name, and the first words of the runs."""
        return dict(one for one in self.files() if one is not None), self.firsts

    def files(self) -> Iterator[tuple[str, bytes] | None]:
        """Every file by its name; None after every few pages, and after every few runs."""
        lists: dict[str, list[str]] = defaultdict(list)
        yield from self._files_of_pages(lists)
        runs = shards.cut({word: "".join(keys) for word, keys in lists.items()}, self._step)
        yield None
        for at, (first, run) in enumerate(runs.items(), start=1):
            yield self.file(run_name(first)), self._run(first, run)
            if at % _RUNS_AT_ONCE == 0:
                yield None
        self.firsts = tuple(runs)
        yield self.file("index"), self._directory(self.firsts)

    def _files_of_pages(self, lists: dict[str, list[str]]) -> Iterator[tuple[str, bytes] | None]:
        """The files that show pages. What a page says is read once, and its words are listed."""
        looked_at = 0
        for bucket in self._buckets:
            entries = self._entries(bucket)
            for entry in entries:
                for key, words in entry.keyed(self.numbers[entry.page.id]):
                    for word in words:
                        lists[word].append(key)
                looked_at += 1
                if looked_at % _AT_ONCE == 0:
                    yield None
            yield self.file(bucket), self._shown(bucket, entries)

    def mended(self, left: Left) -> tuple[dict[str, bytes | None], tuple[str, ...]]:
        """The same, with None for files that stay as they are. Raises StaleError."""
        same = left.prints.keys() == self.prints.keys()
        before = self.numbers if same else numbered(left.prints)
        gone = [i for i in left.prints if not self._is_same(i, left, before)]
        come = [i for i in self.pages if not self._is_same(i, left, before)]
        if len(gone) + len(come) > max(_A_FEW, len(self.pages) // 20) or not left.runs:
            raise StaleError
        if self._shape(len(left.prints)) != self._shape(len(self.pages)):
            raise StaleError
        minus = _keys((left.page(i), before[i]) for i in gone)
        plus = _keys((self.pages[i], self.numbers[i]) for i in come)
        made, runs = self._mended_runs(left, minus, plus)
        files: dict[str, bytes | None] = {self.file(run_name(first)): None for first in runs}
        files |= {self.file(run_name(first)): self._run(first, run) for first, run in made.items()}
        stale = {self._bucket(before[i]) for i in gone}
        stale |= {self._bucket(self.numbers[i]) for i in come}
        for bucket in self._buckets:
            stays = bucket not in stale
            files[self.file(bucket)] = None if stays else self._shown(bucket, self._entries(bucket))
        files[self.file("index")] = self._directory(runs)
        return files, runs

    def _is_same(self, identity: str, left: Left, before: Mapping[str, int]) -> bool:
        print_ = self.prints.get(identity)
        return (
            print_ is not None
            and left.prints.get(identity) == print_
            and before[identity] == self.numbers[identity]
        )

    @staticmethod
    def _shape(pages: int) -> tuple[int, int]:
        return shards.step_for(pages), max(0, (pages - 1).bit_length() - 3)

    def _mended_runs(
        self, left: Left, minus: Mapping[str, set[str]], plus: Mapping[str, set[str]]
    ) -> tuple[dict[str, Postings], tuple[str, ...]]:
        firsts = list(left.runs)
        words = {w for w in minus.keys() | plus.keys() if minus.get(w) != plus.get(w)}
        places = {shards.place(firsts, word) for word in words}
        made: dict[str, Postings] = {}
        runs: list[str] = []
        done = 0
        for start, end in shards.around(places, len(firsts)):
            old: Postings = {}
            for first in firsts[start:end]:
                old |= self._read(left, first)
            here = {w for w in words if start <= shards.place(firsts, w) < end}
            new = shards.changed(old, _only(minus, here), _only(plus, here))
            cut = shards.cut(new, self._step)
            made |= cut
            runs += [*firsts[done:start], *cut]
            done = end
        return made, (*runs, *firsts[done:])

    def _read(self, left: Left, first: str) -> Postings:
        try:
            return shards.read(read_data(left.read(self.file(run_name(first)))))
        except ValueError as error:
            raise StaleError from error

    # Contents

    def _run(self, first: str, run: Postings) -> bytes:
        return data(self.language, run_name(first), shards.text_of(run))

    def _entries(self, bucket: str) -> list[Entry]:
        return [Entry(self.pages[identity]) for identity in self._buckets[bucket]]

    def _shown(self, bucket: str, entries: Iterable[Entry]) -> bytes:
        pages = [[self.numbers[entry.page.id], *entry.shown()] for entry in entries]
        return data(self.language, bucket, pages)

    @property
    def _once_visited(self) -> dict[int, str]:
        """The pages that are listed only for who has been there."""
        return {
            number: identity
            for identity, number in self.numbers.items()
            if identity in self.visited
        }

    def _directory(self, runs: tuple[str, ...]) -> bytes:
        return data(
            self.language,
            "index",
            {
                "pages": len(self.pages),
                "shift": self._shift,
                "runs": " ".join(runs),
                "visited": self._once_visited,
            },
        )


def indexes_of(plan: SitePlan) -> tuple[Index, ...]:
    """The searches of a site: one for each language that has a page to search on."""
    searched = sorted({item.language for item in plan.items.values() if item.kind == "search"})
    return tuple(Index.of(code, findable(plan.course, code)) for code in searched)


def print_of(page: Page) -> str:
    """What tells a page from what it was: its bytes, and where it stands."""
    return f"{page.digest} {page.file}"


def _keys(pages: Iterable[tuple[Page, int]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for page, number in pages:
        for key, words in Entry(page).keyed(number):
            for word in words:
                found[word].add(key)
    return found


def _only(keys: Mapping[str, set[str]], words: set[str]) -> dict[str, set[str]]:
    return {word: keys[word] for word in words if word in keys}


def run_name(first: str) -> str:
    """The name of a run's file, which every file system takes: `w` and its first word."""
    plain = (c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in first)
    return f"w-{''.join(plain)}"


def data(language: str, name: str, value: object) -> bytes:
    """Data as a script: browsers load nothing else from disk."""
    call = f"learnpath.arrived({json_text(f'{language}/{name}')},{json_text(value)});\n"
    return call.encode("utf-8", "replace")


def read_data(script: bytes) -> str:
    """The text that `data` was given. Raises ValueError where there is none."""
    value = value_in(script)
    if not isinstance(value, str):
        raise ValueError("no run of words")
    return value


def value_in(script: bytes) -> Any:
    """What `data` was given. Raises ValueError where there is nothing."""
    _, _, text = script.decode("utf-8").partition(",")
    return json_value(text.removesuffix(");\n"))
