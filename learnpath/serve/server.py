"""The preview server: binds, runs until it is stopped, and says what happens."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tornado.httpserver import HTTPServer

from learnpath.config import read_config
from learnpath.course import make_course
from learnpath.filenames import CONFIG_FILE, themes_folder
from learnpath.garbage import collect_at_rest, few_collections, put_back, set_apart
from learnpath.library import Holdings, Progress
from learnpath.making import load_theme
from learnpath.plan import make_plan
from learnpath.problems import Problems
from learnpath.serve.address import ServerError, bind, callers_of, is_open, url_at
from learnpath.serve.author import Spot
from learnpath.serve.building import Builder, Built
from learnpath.serve.changes import Inbox
from learnpath.serve.generation import Generation, unread
from learnpath.serve.notes import Notes
from learnpath.serve.preview import Preview
from learnpath.serve.tabs import Tabs
from learnpath.serve.watching import Watcher, silent_disk
from learnpath.serve.web import Desk, application
from learnpath.source import decode, find_sources
from learnpath.turns import quick_turns

if TYPE_CHECKING:
    from learnpath.cli.console import Console

_PATIENCE = 0.3
"""Seconds that a first request waits for the whole course to be read."""
_HEAD_START = 0.4
"""Seconds in which a page is made that was waited for, before reading goes on."""
_FAREWELL = 2.0
"""Seconds that a build under way is waited for at the end."""
_PULSE = 0.25
"""Seconds after which the loop wakes up by itself: a Ctrl-C that came just before it went to sleep
would be noticed at the next request only."""
_HEADERS = 64 * 1024
_MANY = 1000
"""Pages that are worth to be set apart when they were read again."""
_SWITCH = 0.001
"""Seconds after which a build lets a request have the processor."""


class Server:
    """Shows one course, live. `start` binds, `run` serves until Ctrl-C or `stop`."""

    def __init__(
        self,
        root: Path,
        *,
        host: str,
        port: int,
        poll: bool,
        console: Console,
        edit: Callable[[Spot], None] = lambda _: None,
    ) -> None:
        self.root = Path(os.path.abspath(root))
        self._host = host
        self._wanted = port
        self._poll = poll
        self._console = console
        self._edit = edit
        self._port = 0
        self._sockets: list[socket.socket] = []
        self._inbox = Inbox()
        self._preview = Preview(self.root, on_failure=self._failures_changed)
        self._workers = ThreadPoolExecutor(4, "learnpath-page")
        self._tabs = Tabs(self._preview, self._workers)
        self._watcher = Watcher((self.root, themes_folder()), self, poll=poll)
        self._builder = Builder(
            self.root,
            self._inbox,
            self,
            self._rest,
            themes=themes_folder(),
            progress=self._progress,
        )
        self._bar = ExitStack()
        self._draw: Progress | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None
        self._first: asyncio.Event | None = None
        self._turn = asyncio.Lock()
        self._builds = 0
        self._reports = 0
        self._is_apart = False
        self._told = Notes()

    @property
    def url(self) -> str:
        """The address to open; known once `start` was called."""
        return url_at(self._host, self._port)

    def start(self) -> None:
        """Take a port and say where. Raises ServerError where none is to be had."""
        self._sockets, self._port = bind(self._host, self._wanted)
        self._greet()

    def run(self) -> None:
        """Serve until Ctrl-C, which is raised again when all is put away, or until `stop`."""
        logging.getLogger("tornado").addHandler(logging.NullHandler())
        try:
            with few_collections(), quick_turns(_SWITCH):
                asyncio.run(self._serve())
        finally:
            self.close()
            put_back()

    def stop(self) -> None:
        """End `run`, from any thread."""
        if self._loop is not None and self._stopped is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)

    @property
    def idle(self) -> bool:
        """Whether the course is shown as it lies on disk, as far as the disk told."""
        return self._reports > 0 and self._inbox.idle

    @property
    def builds(self) -> int:
        """How often the course was read."""
        return self._builds

    # What is said

    def _greet(self) -> None:
        say = self._console.say
        taken = self._wanted not in (0, self._port)
        say(f"Course   {_printable(str(self.root))}")
        say(f"Preview  {self.url}" + (f"  (port {self._wanted} is taken)" if taken else ""))
        say("Stop     Ctrl-C")
        if is_open(self._host):
            self._console.warn(
                "Everybody in your network can read this course, drafts and facilitator's notes "
                f"included, at port {self._port}. Leave --host out to keep it to this computer."
            )
        disk = "" if self._poll else silent_disk(self.root)
        if disk:
            say(f"This disk ({disk}) may not announce changes; if saves do not show, use --poll.")

    def _say(self, built: Built) -> None:
        errors, warnings = built.notes.errors, built.notes.warnings
        counts = f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
        if built.failed:
            self._console.warn(f"{time.strftime('%H:%M:%S')} {built.notes.shown[0].message}")
        elif not self._reports:
            self._console.say(f"Read     {_counted(built.pages, 'page')}: {counts}")
        elif built.paths or built.parsed:
            said = f"{time.strftime('%H:%M:%S')} {_names(built.paths)}: {counts}"
            self._console.say(f"{said} ({built.seconds * 1000:.0f} ms)")
            if errors:
                first = built.notes.shown[0]
                self._console.say(f"         {first.place}: {first.message}")

    # What happens

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped, self._first = asyncio.Event(), asyncio.Event()
        desk = Desk(self._tabs, callers_of(self._host), self._ready, self._console.warn, self._edit)
        server = HTTPServer(application(desk), max_header_size=_HEADERS, max_body_size=_HEADERS)
        server.add_sockets(self._sockets)
        if trouble := self._watcher.start():
            self._console.warn(trouble)
        self._draw = self._bar.enter_context(self._console.progress())
        self._builder.start()
        try:
            while not self._stopped.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopped.wait(), _PULSE)
        finally:
            server.stop()
            await server.close_all_connections()

    def close(self) -> None:
        """Give back the port and the threads; what `run` does at its end."""
        self._loop = None
        self._inbox.close()
        self._builder.go_on()
        self._bar.close()
        self._watcher.stop()
        if self._builder.is_alive():
            self._builder.join(_FAREWELL)
        self._workers.shutdown(wait=False, cancel_futures=True)
        for each in self._sockets:
            each.close()

    async def _ready(self) -> None:
        """Wait for the course; where that takes long, show its pages one by one meanwhile."""
        if self._preview.generation is not None or self._reports:
            return
        assert self._first is not None
        self._builder.hurry()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._first.wait(), _PATIENCE)
        async with self._turn:
            if self._preview.generation is None and not self._reports:
                await self._show_unread()

    async def _show_unread(self) -> None:
        loop = asyncio.get_running_loop()
        self._builder.hold()
        try:
            made = await loop.run_in_executor(
                self._workers, unread_generation, self.root, self._builder.found
            )
            self._preview.show_unread(made)
        finally:
            loop.call_later(_HEAD_START, self._builder.go_on)

    # What the builder tells, from its thread

    def takes_long(self) -> None:
        self._on_loop(self._stop_waiting)

    def show(self, generation: Generation) -> None:
        """Pages first: what is wrong with them may take longer to find."""
        self._preview.show(generation)
        self._builds += 1
        self._bar.close()
        self._draw = None
        self._on_loop(self._shown)

    def report(self, built: Built) -> None:
        self._preview.notes = built.notes
        self._set_apart(built)
        self._say(built)
        self._reports += 1
        self._on_loop(self._reported)

    def _set_apart(self, built: Built) -> None:
        """A course that was read is left alone by the collector, as long as it is shown."""
        is_new = not self._is_apart or built.parsed > _MANY
        if is_new and not built.failed and self._loop is not None:
            self._is_apart = True
            set_apart()

    def _progress(self, stage: str, done: int, total: int) -> None:
        """The first reading is worth a bar; what follows is over before one is seen."""
        if self._draw is not None:
            self._draw(stage, done, total)

    def _rest(self) -> None:
        """Nothing happened for a while: time to look after the folder, and ahead."""
        if not self._watcher.check():
            self._preview.warm(lambda: self._inbox.has_mail or self._inbox.closed)
        collect_at_rest()

    def _stop_waiting(self) -> None:
        assert self._first is not None
        self._first.set()

    def _shown(self) -> None:
        self._stop_waiting()
        self._tabs.look()

    def _reported(self) -> None:
        self._stop_waiting()
        if self._preview.notes != self._told:
            self._told = self._preview.notes
            self._tabs.tell_notes()

    def _failures_changed(self) -> None:
        self._on_loop(self._tabs.tell_notes)

    def _on_loop(self, *call: object) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(*call)  # type: ignore[arg-type]

    # What the watcher tells, from its thread

    def changed(self, paths: frozenset[str]) -> None:
        self._on_loop(self._tabs.glance, paths)
        self._inbox.put(paths)

    def unsure(self) -> None:
        self._inbox.rescan()


def unread_generation(root: Path, found: Holdings | None = None) -> Generation:
    """A generation before anything was read: each page is read when it is asked for."""
    holdings = unread(root, found if found is not None else _found(root))
    course = make_course(holdings, drafts=True)
    return Generation(root, make_plan(course, load_theme(course), {}), holdings, _nobody)


def _nobody(source: str) -> None:
    """The whole course is being read: nobody has to be told of a page."""


def _found(root: Path) -> Holdings:
    problems = Problems()
    path = root / CONFIG_FILE
    text = decode(path.read_bytes(), CONFIG_FILE, problems) if path.is_file() else None
    config = read_config(text, problems)
    return Holdings(root, config, find_sources(root, config, problems), (), (), 0)


def _names(paths: tuple[str, ...]) -> str:
    if not paths:
        return "everything"
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return _printable(paths[0]) + more


def _counted(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"


def _printable(text: str) -> str:
    """A name that no encoding could read, as far as it can be shown."""
    return text.encode("utf-8", "replace").decode()


__all__ = ["Server", "ServerError"]
