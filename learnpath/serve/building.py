"""The one thread that reads the course, and all that it decides by."""

from __future__ import annotations

import hashlib
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from learnpath.assets import find_assets
from learnpath.cache import Cache, salt
from learnpath.cores import cores
from learnpath.course import Course, make_course
from learnpath.filenames import CONFIG_FILE, GATHERED_FILE, LEDGER_FILE, MANIFEST_NAME
from learnpath.library import Holdings, Library, Progress, digest_of
from learnpath.making import checked, load_theme
from learnpath.plan import make_plan
from learnpath.serve.changes import Batch, Inbox
from learnpath.serve.generation import Generation
from learnpath.serve.notes import Notes, failure, notes_of
from learnpath.theme import Theme, load_anew

HEARTBEAT = 1.0
"""Seconds after which an idle builder looks whether the course's folder is still the same."""
_MANY = 2000
"""Pages still to be read that are said to take long."""
_HELD = 1.0
"""Seconds for which a reading waits at the most."""
_LARGE = 4_000_000
"""Files above this many bytes are known by size and time, not by their content."""
_SKIPPED = frozenset(("node_modules", "__pycache__"))
_CONFIG = frozenset((CONFIG_FILE, "course.yaml", "Course.yml", LEDGER_FILE, GATHERED_FILE))


class CourseGoneError(Exception):
    """The course's folder is not there."""


class StoppedError(Exception):
    """The server ends while the course is read."""


class Built(Struct, frozen=True):
    """What one build came to."""

    notes: Notes
    paths: tuple[str, ...]
    """What changed; empty where everything was looked at."""
    seconds: float
    pages: int = 0
    parsed: int = 0
    failed: bool = False
    """Whether the last good pages stay."""


class Stage(Protocol):
    """Where a builder shows what it made: pages as soon as there are any, then what is wrong."""

    def takes_long(self) -> None: ...

    def show(self, generation: Generation) -> None: ...

    def report(self, built: Built) -> None: ...


class _Work(Struct, frozen=True):
    """A reading that is shown already and has still to be checked."""

    holdings: Holdings
    paths: tuple[str, ...]
    begun: float


class Builder(threading.Thread):
    """Reads the course at the start and after every change, and never ends of what it reads."""

    def __init__(
        self,
        root: Path,
        inbox: Inbox,
        stage: Stage,
        heartbeat: Callable[[], object],
        *,
        themes: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        super().__init__(name="learnpath-build", daemon=True)
        self._root = root
        self._inbox = inbox
        self._stage = stage
        self._heartbeat = heartbeat
        self._progress: Progress | None = progress
        self._memory = Memory(root)
        self._themes = themes
        self._theme: tuple[str, Theme] | None = None
        self._failed = False
        self._unchecked: _Work | None = None
        self.found: Holdings | None = None
        """What the reading under way found, before any page; None where it is not that far."""
        self._is_urgent = False
        self._free = threading.Event()
        self._free.set()

    @cached_property
    def _cache(self) -> Cache:
        return Cache(self._root, salt())

    @cached_property
    def _library(self) -> Library:
        return Library(self._root, jobs=cores(), cache=self._cache)

    def hurry(self) -> None:
        """Somebody waits for a page: say so where reading takes long."""
        self._is_urgent = True

    def hold(self) -> None:
        """Have the reading wait until `go_on`, a second at most: two that work at once in one
        interpreter take turns."""
        self._free.clear()

    def go_on(self) -> None:
        self._free.set()

    def run(self) -> None:
        self._build(Batch(frozenset(), everything=True))
        while not self._inbox.closed:
            batch = self._inbox.take(HEARTBEAT)
            if batch:
                self._build(batch)
            else:
                self._heartbeat()

    def _build(self, batch: Batch) -> None:
        begun = time.perf_counter()
        paths = self._worth(batch)
        try:
            if paths or batch.everything:
                whole = batch.everything or self._failed
                self._read(None if whole else frozenset(paths), paths, begun)
            self._check()
            self._failed = False
        except StoppedError:
            return
        except Exception as error:  # whatever a course holds, the server goes on
            self._failed, self._unchecked = True, None
            seconds = time.perf_counter() - begun
            self._stage.report(Built(_failed(error), paths, seconds, failed=True))

    def _worth(self, batch: Batch) -> tuple[str, ...]:
        """What of a batch holds something else than before, in the course's words."""
        names = []
        for path in batch.paths:
            if self._themes is not None and Path(path).is_relative_to(self._themes):
                if self._memory.file_changed(path):
                    self._theme = None
                    load_anew()
                    names.append(f"theme {os.path.relpath(path, self._themes)}")
            elif (name := course_name(self._root, path)) and self._memory.changed(name):
                names.append(name)
        return tuple(sorted(names))

    def _read(self, changed: frozenset[str] | None, paths: tuple[str, ...], begun: float) -> None:
        """Read the course and show it."""
        if not self._root.is_dir():
            raise CourseGoneError
        holdings = self._library.read(self._reading, changed=changed)
        course = make_course(holdings, drafts=True)
        plan = make_plan(course, self._theme_of(course), find_assets(course, self._root))
        self._stage.show(Generation(self._root, plan, holdings, self._noticed))
        self._is_urgent = False
        self._memory.learn(holdings)
        self._unchecked = _Work(holdings, paths, begun)

    def _check(self) -> None:
        """Say what is wrong with the course that is shown, unless it changed again already."""
        work = self._unchecked
        if work is None or self._inbox.has_mail:
            return
        result = checked(work.holdings, drafts=True)
        self._unchecked = None
        self._cache.save()
        notes = notes_of(result.problems, self._root)
        seconds = time.perf_counter() - work.begun
        pages = len(result.course.all_pages)
        self._stage.report(Built(notes, work.paths, seconds, pages, work.holdings.parsed))

    def _reading(self, stage: str, done: int, total: int) -> None:
        if self._inbox.closed:
            raise StoppedError
        if self._progress is not None:
            self._progress(stage, done, total)
        self.found = self._library.found
        if self._is_urgent and total - done > _MANY:
            self._is_urgent = False
            self.hold()
            self._stage.takes_long()
        if not self._free.wait(_HELD):
            self._free.set()

    def _noticed(self, source: str) -> None:
        self._inbox.put([os.path.join(self._root, source)])

    def _theme_of(self, course: Course) -> Theme:
        """The theme; the same one as before, with its templates compiled, until it changes."""
        name = course.config.theme
        if self._theme is None or self._theme[0] != name:
            self._theme = (name, load_theme(course))
        return self._theme[1]


def _failed(error: Exception) -> Notes:
    if isinstance(error, CourseGoneError):
        note = failure("the course's folder is gone", "put it back, or stop the server (Ctrl-C)")
    else:
        words = traceback.format_exception_only(error)[-1].strip()
        hint = "the last good pages are still shown; undo what was changed last"
        note = failure(f"the course could not be read: {words}", hint)
    return Notes().with_failure(note)


def course_name(root: Path, path: str) -> str:
    """`/course/a/b.md` → `a/b.md`; empty for what is never part of a course."""
    name = os.path.relpath(path, root).replace(os.sep, "/")
    parts = name.split("/")
    if any(part.startswith(".") or part in _SKIPPED for part in parts) or name.endswith("~"):
        return ""
    return "" if _is_output(root, parts) else name


def _is_output(root: Path, parts: Iterable[str]) -> bool:
    """Whether a path lies in a folder that `learnpath build` wrote."""
    folder = root
    for part in parts:
        folder = folder / part
        if (folder / MANIFEST_NAME).exists():
            return True
    return False


class Memory:
    """What the files of the course held when it was last read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._pages: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._known: frozenset[str] = frozenset()
        self._others: dict[str, str] = {}

    def learn(self, holdings: Holdings) -> None:
        self._pages = {p.source: (p.digest, p.document.includes) for p in holdings.pages}
        self._known = frozenset(source.path for source in holdings.sources) | _CONFIG

    def changed(self, name: str) -> bool:
        """Whether a file holds something else than before, as far as is known."""
        if name in self._pages:
            digest, includes = self._pages[name]
            self._others.pop(os.path.join(self._root, name), None)  # known by its page, not apart
            return digest_of(self._root, name, includes) != digest
        return self.file_changed(os.path.join(self._root, name), known=name in self._known)

    def file_changed(self, path: str, *, known: bool = False) -> bool:
        """The same of any file, by its path on the disk."""
        now = _fingerprint(path)
        if not now and not known and path not in self._others:
            return False  # came and went, as editors' own files do
        before, self._others[path] = self._others.get(path), now
        return before != now


def _fingerprint(path: str) -> str:
    """A file's content in short; empty where there is none."""
    try:
        status = os.stat(path)
        if status.st_size > _LARGE:
            return f"{status.st_size} {status.st_mtime_ns}"
        return hashlib.blake2b(Path(path).read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""
