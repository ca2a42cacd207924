"""The search's files from build to build: made anew where that is needed, else only named."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from learnpath.cache import FOLDER, Cache, digest, read_json, write_json
from learnpath.keeping import page_in
from learnpath.lookup.index import Index, Left, StaleError, print_of
from learnpath.packing import PackingError
from learnpath.page import Page
from learnpath.write import Content, Kept, content_digest


class RememberedSearch:
    """The searches of one site, with what the last build into the same folder left."""

    def __init__(self, root: Path, output: Path, stamp: str, cache: Cache) -> None:
        name = digest(os.fsencode(output.absolute()))[:16]
        self._path = root / FOLDER / f"search-{name}.json"
        self._output, self._stamp, self._cache = output, stamp, cache
        data: Any = read_json(self._path)
        known = isinstance(data, dict) and data.get("stamp") == stamp
        self._before: dict[str, Any] = data["languages"] if known else {}
        self._now: dict[str, Any] = {}

    def files(
        self,
        index: Index,
        keys: Mapping[str, str],
        left: Callable[[str], tuple[int, ...] | None],
    ) -> Iterator[tuple[str, Content]]:
        """The files of one language. `keys` are the cache's, by source; `left` tells what a file
        looked like when it was written."""
        before = self._before.get(index.language) or {}
        everything = _Everything(index)
        try:
            made, runs = index.mended(self._left(before))
            digests: dict[str, str] = before["files"]
            files: dict[str, Content] = {
                file: Kept(digests[file], left(file), partial(everything.file, file))
                if content is None
                else content
                for file, content in made.items()
            }
        except (StaleError, KeyError, TypeError, ValueError):
            files, runs = dict(everything.files), everything.runs
        self._now[index.language] = {
            "pages": {
                identity: [print_, keys.get(index.pages[identity].source, "")]
                for identity, print_ in index.prints.items()
            },
            "runs": list(runs),
            "files": {file: _digest(content) for file, content in files.items()},
        }
        yield from files.items()

    def _left(self, before: Mapping[str, Any]) -> Left:
        pages = before["pages"]

        def page(identity: str) -> Page:
            print_, key = pages[identity]
            span = self._cache.find(key)
            try:
                found = page_in(span) if span is not None else None
            except PackingError:
                found = None
            if found is None or print_of(found) != print_:
                raise StaleError
            return found

        def read(file: str) -> bytes:
            try:
                data = (self._output / file).read_bytes()
            except OSError as error:
                raise StaleError from error
            if content_digest(data) != before["files"].get(file):
                raise StaleError
            return data

        prints = {identity: row[0] for identity, row in pages.items()}
        return Left(prints, tuple(before["runs"]), page, read)

    def save(self) -> None:
        """Write it for the next build. Raises OSError where that cannot be done."""
        document = {"stamp": self._stamp, "languages": self._now}
        if document["languages"] != self._before:
            write_json(self._path, document)


class _Everything:
    """An index made from every page, once, where that turns out to be needed."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @cached_property
    def _whole(self) -> tuple[dict[str, bytes], tuple[str, ...]]:
        return self._index.whole()

    @property
    def files(self) -> dict[str, bytes]:
        return self._whole[0]

    @property
    def runs(self) -> tuple[str, ...]:
        return self._whole[1]

    def file(self, name: str) -> bytes:
        return self.files[name]


def _digest(content: Content) -> str:
    if isinstance(content, Kept):
        return content.content
    assert isinstance(content, bytes)
    return content_digest(content)
