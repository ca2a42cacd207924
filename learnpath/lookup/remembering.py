"""The search's files from build to build: made anew where that is needed, else only named."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from msgspec import Struct

from learnpath.cache import FOLDER, Cache, digest, read_json, write_json
from learnpath.config import Config
from learnpath.contents import Content, Kept, Look, Made, content_digest, digested
from learnpath.keeping import remembered_page
from learnpath.library import settings_of
from learnpath.lookup.index import Index, Left, StaleError, print_of
from learnpath.page import Page


class _Search(Struct, frozen=True):
    """The search of one language as it was left."""

    pages: Mapping[str, tuple[str, str]]
    """What each page says to a search, in short, and its key, by its id."""
    visited: tuple[str, ...]
    runs: tuple[str, ...]
    files: Mapping[str, str]


class _Searches(Struct, frozen=True):
    """What is kept of a site's searches, by language."""

    stamp: str
    languages: dict[str, _Search]


class RememberedSearch:
    """The searches of one site, with what the last build into the same folder left."""

    def __init__(self, root: Path, output: Path, stamp: str, cache: Cache) -> None:
        name = digest(os.fsencode(output.absolute()))[:16]
        self._path = root / FOLDER / f"search-{name}.json"
        self._output, self._stamp, self._cache = output, stamp, cache
        found = read_json(self._path, _Searches)
        self._before = found.languages if found is not None and found.stamp == stamp else {}
        self._now: dict[str, _Search] = {}

    def files(
        self,
        index: Index,
        keys: Mapping[str, str],
        left: Callable[[str], Look | None],
    ) -> Iterator[tuple[str, Content] | None]:
        """The files of one language, with None as in `Index.files`. `keys` are the cache's, by
        source; `left` tells what a file looked like when it was written."""
        rows = {
            identity: (print_, keys.get(index.pages[identity].source, ""))
            for identity, print_ in index.prints.items()
        }
        try:
            whole = cache(lambda: index.whole()[0])
            yield from self._mended(index, rows, left, lambda file: whole()[file])
        except (StaleError, KeyError):
            yield from self._anew(index, rows)

    def _anew(
        self, index: Index, rows: Mapping[str, tuple[str, str]]
    ) -> Iterator[tuple[str, Content] | None]:
        """Every file of one language, made."""
        contents: dict[str, str] = {}
        for one in index.files():
            if one is None:
                yield None
                continue
            file, content = one[0], digested(one[1])
            contents[file] = content.content
            yield file, content
        self._note(index, rows, index.firsts, contents)

    def reworded(
        self,
        pages: Sequence[tuple[Page, str]],
        left: Callable[[str], Look | None],
        make: Callable[[str], bytes],
    ) -> Iterator[tuple[str, Content]]:
        """The files of every language where only these pages changed, and only their words or
        titles; they come with their keys. Raises StaleError where a whole search is wanted."""
        for language, before in self._before.items():
            rows = dict(before.pages)
            for page, key in pages:
                if page.language == language and page.id in rows:
                    rows[page.id] = (print_of(page), key)
            prints = {identity: row[0] for identity, row in rows.items()}
            known = _Pages(pages, rows, self._page, language)
            index = Index(language, known, prints, frozenset(before.visited))
            try:
                yield from self._mended(index, rows, left, make)
            except KeyError as error:
                raise StaleError from error

    @property
    def made(self) -> frozenset[str]:
        """The files that the last build made for searches."""
        return frozenset(file for before in self._before.values() for file in before.files)

    def _mended(
        self,
        index: Index,
        rows: Mapping[str, tuple[str, str]],
        left: Callable[[str], Look | None],
        make: Callable[[str], bytes],
    ) -> Iterator[tuple[str, Content]]:
        """What changed since the last build is made, and the rest named."""
        before = self._before[index.language]
        mended, runs = index.mended(self._left(before))
        files: dict[str, Kept | Made] = {
            file: digested(data)
            if data is not None
            else Kept(before.files[file], left(file), partial(make, file))
            for file, data in mended.items()
        }
        self._note(index, rows, runs, {file: one.content for file, one in files.items()})
        yield from files.items()

    def _note(
        self,
        index: Index,
        rows: Mapping[str, tuple[str, str]],
        runs: Iterable[str],
        contents: dict[str, str],
    ) -> None:
        self._now[index.language] = _Search(
            dict(rows),
            tuple(sorted(index.visited)),
            tuple(runs),
            contents,
        )

    def _page(self, key: str, print_: str) -> Page:
        found = remembered_page(self._cache, key)
        if found is None or print_of(found) != print_:
            raise StaleError
        return found

    def _left(self, before: _Search) -> Left:
        def page(identity: str) -> Page:
            print_, key = before.pages[identity]
            return self._page(key, print_)

        def read(file: str) -> bytes:
            try:
                data = (self._output / file).read_bytes()
            except OSError as error:
                raise StaleError from error
            if content_digest(data) != before.files.get(file):
                raise StaleError
            return data

        prints = {identity: row[0] for identity, row in before.pages.items()}
        return Left(prints, before.runs, page, read)

    def save(self) -> None:
        """Write it for the next build. Raises OSError where that cannot be done."""
        if self._now != self._before:
            write_json(self._path, _Searches(self._stamp, self._now))


class _Pages(Mapping[str, Page]):
    """The pages of a language by id, each read when it is asked for."""

    def __init__(
        self,
        fresh: Sequence[tuple[Page, str]],
        rows: Mapping[str, tuple[str, str]],
        read: Callable[[str, str], Page],
        language: str,
    ) -> None:
        self._fresh = {p.id: p for p, _ in fresh if p.language == language}
        self._rows, self._read = rows, read

    def __getitem__(self, identity: str) -> Page:
        print_, key = self._rows[identity]
        return self._fresh.get(identity) or self._read(key, print_)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def search_stamp(salt: str, config: Config) -> str:
    """What every file of a search depends on, besides its pages."""
    return digest(salt.encode(), repr(settings_of(Path(), config)).encode())
