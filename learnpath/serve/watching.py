"""Changes on the disk, as watchdog tells them."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserverVFS

from learnpath.cache import FOLDER

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
_POLL_SECONDS = 0.4
_TOO_MANY = (errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""The system has no more watches to give."""
_SILENT_DISKS = ("nfs", "cifs", "smb", "9p", "drvfs", "vboxsf", "virtiofs", "fuse.", "afs", "ncpfs")


class Listener(Protocol):
    """Who is told. Paths are absolute, with the system's separators."""

    def changed(self, paths: frozenset[str]) -> None: ...

    def unsure(self) -> None: ...


class Watcher:
    """Watches folders. A folder that goes and comes back is watched anew by `check`."""

    def __init__(self, folders: tuple[Path, ...], listener: Listener, *, poll: bool) -> None:
        self._folders = folders
        self._handler = _Handler(listener)
        self._listener = listener
        self._poll = poll
        self._observer: BaseObserver | None = None
        self._watched: dict[Path, tuple[int, int] | None] = {}

    def start(self) -> str:
        """Begin to watch; the answer is what to tell the author, or nothing."""
        try:
            self._begin()
        except OSError as error:
            self.stop()
            if error.errno not in _TOO_MANY:  # a folder that went just now: `check` looks again
                self._watched = dict.fromkeys(self._folders)
                return ""
            self._poll = True
            with contextlib.suppress(OSError):
                self._begin()
            return f"The system cannot announce changes here ({error.strerror}): polling instead."
        return ""

    def stop(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None and observer.is_alive():
            observer.stop()
            observer.join(5)

    def check(self) -> bool:
        """Watch anew what went and came back. Whether there was such a folder."""
        same = all(_identity(folder) == known for folder, known in self._watched.items())
        if same and self._is_whole():
            return False
        self.stop()
        self.start()
        self._listener.unsure()
        return True

    def _is_whole(self) -> bool:
        watched = sum(identity is not None for identity in self._watched.values())
        emitters = self._observer.emitters if self._observer is not None else ()
        return sum(emitter.is_alive() for emitter in emitters) == watched

    def _begin(self) -> None:
        self._watched = {folder: _identity(folder) for folder in self._folders}
        observer = _polling() if self._poll else Observer()
        for folder, identity in self._watched.items():
            if identity is not None:
                observer.schedule(self._handler, str(folder), recursive=True, event_filter=_EVENTS)
        observer.daemon = True
        self._observer = observer
        observer.start()


def _polling() -> BaseObserver:
    """Looks at every file again and again, but not at what is remembered: that is as much again."""

    def entries(folder: str | None) -> Iterator[os.DirEntry[str]]:
        return (entry for entry in os.scandir(folder) if entry.name != FOLDER)

    return PollingObserverVFS(os.stat, entries, polling_interval=_POLL_SECONDS)


class _Handler(FileSystemEventHandler):
    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def on_any_event(self, event: FileSystemEvent) -> None:
        if FOLDER in os.fsdecode(event.src_path).split(os.sep):
            return  # what is remembered; this server writes it itself
        if event.is_directory:
            self._listener.unsure()
            return
        paths = (os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)
        self._listener.changed(frozenset(paths))


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another of the same name; None where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def silent_disk(root: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of disk that `root` lies on, where such disks may not announce changes."""
    if not sys.platform.startswith("linux"):
        return ""
    best, kind = "", ""
    for point, name in _mounts(mounts):
        inside = root == Path(point) or root.is_relative_to(point)
        if inside and len(point) >= len(best):
            best, kind = point, name
    return kind if kind.startswith(_SILENT_DISKS) else ""


def _mounts(path: Path) -> list[tuple[str, str]]:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    fields = (line.split(" ") for line in lines)
    return [(f[1].replace("\\040", " "), f[2]) for f in fields if len(f) > 2]
