"""One at a time: other processes that want the same folder wait."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PATIENCE = 0.05
"""Seconds between two looks at a lock that somebody else has."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have others wait who want to make or change this folder, until this is done.

    The lock goes with the process, however it ends, and leaves no file behind. Some network
    disks lock nothing: there nobody waits.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _held(folder):
        yield


if sys.platform == "win32":

    @contextmanager
    def _held(folder: Path) -> Iterator[None]:
        """Windows locks no folders: a file beside this one stands for it."""
        path = folder.with_name(f".{folder.name}.learnpath-lock")
        handle = os.open(path, os.O_RDWR | os.O_CREAT)
        try:
            _wait_for(handle)
            yield
        finally:
            with suppress(OSError):
                msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
            os.close(handle)
            with suppress(OSError):  # not while another one waits, who then removes it
                path.unlink()

    def _wait_for(handle: int) -> None:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            except PermissionError:
                time.sleep(_PATIENCE)
            except OSError:
                return  # a disk that locks nothing
            else:
                return

else:

    @contextmanager
    def _held(folder: Path) -> Iterator[None]:
        """The folder above is locked: this one may be exchanged meanwhile."""
        handle = os.open(folder.parent, os.O_RDONLY)
        try:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_UN)  # said outright: workers have it open, too
            os.close(handle)
