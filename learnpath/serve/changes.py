"""Changed files on their way to the builder: gathered, settled, taken together."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable

from msgspec import Struct

QUIET = 0.040
"""Seconds without a change after which a flood counts as over."""
LONGEST = 0.250
"""Seconds that a flood is waited for, at most."""
_MANY = 2000
"""More events than this at once, and the system may have dropped some silently."""


class Batch(Struct, frozen=True):
    """What to look at again: files by their path on the disk, or everything."""

    paths: frozenset[str]
    everything: bool = False

    def __bool__(self) -> bool:
        return self.everything or bool(self.paths)


class Inbox:
    """Gathers what changed until the builder has time. Every method is safe from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paths: set[str] = set()
        self._count = 0
        self._everything = False
        self._closed = False
        self._last = 0.0
        self._waiting = False

    def put(self, paths: Iterable[str]) -> None:
        with self._changed:
            self._paths.update(paths)
            self._count += 1
            self._last = time.monotonic()
            self._changed.notify_all()

    def rescan(self) -> None:
        """Have everything looked at again: something may have been missed."""
        with self._changed:
            self._everything = True
            self._last = time.monotonic()
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def idle(self) -> bool:
        """Whether nothing is under way: nothing gathered, and the builder waiting."""
        with self._changed:
            return self._waiting and not self.has_mail

    @property
    def has_mail(self) -> bool:
        return self._everything or bool(self._paths)

    def take(self, patience: float) -> Batch:
        """What changed, once it is time to build; empty after `patience` seconds of nothing.

        A first change is given out at once. What gathered during a build, and files that are
        just being replaced, wait until they settle.
        """
        with self._changed:
            flood = self.has_mail
            self._waiting = True
            self._changed.wait_for(lambda: self.has_mail or self._closed, patience)
            if flood or not self._complete():
                self._settle()
            self._waiting = False
            batch = Batch(frozenset(self._paths), self._everything or self._count > _MANY)
            self._paths, self._count, self._everything = set(), 0, False
            return batch

    def _settle(self) -> None:
        end = time.monotonic() + LONGEST
        while not self._closed:
            now = time.monotonic()
            rest = min(self._last + QUIET, end) - now
            if rest <= 0:
                return
            self._changed.wait(rest)

    def _complete(self) -> bool:
        """Whether every file is there with something in it.

        Editors that save by rename, and programs that empty a file before they write it, show
        a file that is gone or empty for a moment.
        """
        return all(map(_has_content, self._paths))


def _has_content(path: str) -> bool:
    try:
        return os.stat(path).st_size > 0
    except OSError:
        return False
