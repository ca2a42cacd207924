"""The open tabs: which page each shows, and what to tell it after a change."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct, field

from learnpath.serve.preview import Answer, Preview

PAGE = "learnpath:page"
NOTES = "learnpath:notes"


class Line(Protocol):
    """The way to a browser's tab."""

    def send(self, message: dict[str, Any]) -> None: ...


class Tab(Struct, eq=False):
    """A tab, the path of its page, and the digest of the bytes that it shows."""

    line: Line
    path: str
    digest: str

    def tell(self, what: str) -> None:
        """Say it in livereload's protocol, whose plugin in the page knows these two words."""
        self.line.send({"command": "reload", "path": what, "liveCSS": True})


class Tabs(Struct, eq=False):
    """Every open tab of one server. Only for the event loop's thread."""

    preview: Preview
    workers: Executor
    _open: dict[Line, Tab] = field(default_factory=dict)
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self._open)

    def joined(self, line: Line, path: str, digest: str) -> None:
        """A tab says which page it shows, first or after it swapped a part of it."""
        tab = Tab(line, path, digest or self.preview.last_served(path))
        self._open[line] = tab
        self._start([tab])

    def left(self, line: Line) -> None:
        self._open.pop(line, None)

    def look(self) -> None:
        """Tell every tab whose page is another one now."""
        self._start(list(self._open.values()))

    def glance(self, changed: frozenset[str]) -> None:
        """The same for the tabs whose page is written in a changed file, before any build."""
        self._start([tab for tab in self._open.values() if self._is_of(tab, changed)])

    def _is_of(self, tab: Tab, changed: frozenset[str]) -> bool:
        root = self.preview.root
        return any(_path(root, name) in changed for name in self.preview.sources_of(tab.path))

    def tell_notes(self) -> None:
        for tab in list(self._open.values()):
            tab.tell(NOTES)

    def _start(self, tabs: Iterable[Tab]) -> None:
        for tab in tabs:
            task = asyncio.get_running_loop().create_task(self._compare(tab))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _compare(self, tab: Tab) -> None:
        answer = await self.answer(tab.path, sent=False)
        if self._open.get(tab.line) is tab and answer.digest != tab.digest:
            tab.digest = answer.digest
            tab.tell(PAGE)

    async def answer(self, path: str, *, sent: bool = True) -> Answer:
        """The answer to a path; made beside the loop, since a page may take a while."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self.workers, lambda: self.preview.answer(path, sent=sent)
        )


def _path(root: Path, name: str) -> str:
    return os.path.join(root, *name.split("/"))
