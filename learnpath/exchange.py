"""A new site beside the old one, and the two exchanged.

The new folder holds hard links to what is unchanged. After the exchange the old folder is kept as
a spare: it lacks only what the two differ in, so that the next build links and writes no more than
that. A spare is never trusted. Of each of its files the inode is looked at, which says whether it
is the very file that the site has; anything else in it is removed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from learnpath.contents import Files, holding, kept_at, made_of, write_new
from learnpath.filenames import MANIFEST_NAME

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
SPOILT = "-spoilt"
"""The end of the name of a folder that could not be filled."""


class Folder:
    """The folder that is being filled, with what was in it before."""

    def __init__(self, root: Path) -> None:
        self.links = True
        """Whether links were to be had."""
        self._root = f"{root}{os.sep}"
        self._before: dict[str, int] = {}
        """The inodes of files that nobody asked for yet, by name."""
        self._folders = {""}
        self._placed: list[str] = []
        self._is_fresh = False
        try:
            self._find("")
        except OSError:
            self._start_again()

    def _find(self, below: str) -> None:
        with os.scandir(self._root + below) as entries:
            for entry in entries:
                name = below + entry.name
                if _is_folder(entry):
                    self._folders.add(name)
                    self._find(f"{name}/")
                else:
                    self._before[name] = entry.inode()

    def link(self, name: str, old: str, inode: int) -> bool:
        """Have a file of the old site under this name; no, where links are not to be had."""
        if inode and self._before.get(name) == inode:
            del self._before[name]
        elif not self._surely(self._link, name, old):
            return False
        self._placed.append(name)
        return True

    def write(self, name: str, data: bytes) -> None:
        self._surely(self._write, name, data)
        self._placed.append(name)

    def finish(self, manifest: bytes) -> None:
        """Remove what was there before and nobody asked for, and list what is there now."""
        try:
            self._remove_rest()
        except OSError:
            self._start_again()
        self.write(MANIFEST_NAME, manifest)

    def _surely(self, step: Callable[[str, Any], bool], name: str, what: object) -> bool:
        """Take a step; where something is in its way that only the disk knows of, in a new
        folder: a name in other letters, where the disk does not tell them apart."""
        try:
            return step(name, what)
        except OSError:
            if self._is_fresh:
                raise
        self._start_again()
        return step(name, what)

    def _start_again(self) -> None:
        """Go on in a new folder with what was placed so far."""
        here = self._root.rstrip(os.sep)
        spoilt = here + SPOILT
        shutil.rmtree(spoilt, ignore_errors=True)
        os.rename(here, spoilt)
        os.mkdir(here)
        self._before, self._folders, self._is_fresh = {}, {""}, True
        for name in self._placed:
            self._make_folder(name.rpartition("/")[0])
            os.rename(f"{spoilt}{os.sep}{name}", self._root + name)
        shutil.rmtree(spoilt, ignore_errors=True)

    def _link(self, name: str, old: str) -> bool:
        self._make_way(name)
        try:
            os.link(old, self._root + name)
        except OSError:
            self.links = False
            return False
        return True

    def _write(self, name: str, data: bytes) -> bool:
        self._make_way(name)
        write_new(self._root + name, data)
        return True

    def _make_way(self, name: str) -> None:
        self._make_folder(name.rpartition("/")[0])
        if name in self._folders:
            self._remove_folder(name)
        self._remove(name)

    def _make_folder(self, folder: str) -> None:
        if folder not in self._folders:
            self._make_folder(folder.rpartition("/")[0])
            self._remove(folder)
            os.mkdir(self._root + folder)
            self._folders.add(folder)

    def _remove_folder(self, folder: str) -> None:
        shutil.rmtree(self._root + folder)
        inside = f"{folder}/"
        self._before = {n: i for n, i in self._before.items() if not n.startswith(inside)}
        self._folders = {f for f in self._folders if f != folder and not f.startswith(inside)}

    def _remove(self, name: str) -> None:
        if self._before.pop(name, None) is not None:
            os.unlink(self._root + name)

    def _remove_rest(self) -> None:
        for name in list(self._before):
            self._remove(name)
        for folder in sorted(self._folders - {""}, key=len, reverse=True):
            with suppress(OSError):  # there is something in it
                os.rmdir(self._root + folder)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder itself, and no link of any kind to one."""
    if not entry.is_dir(follow_symlinks=False):
        return False
    return sys.platform != "win32" or not entry.stat(follow_symlinks=False).st_reparse_tag


def fill(
    folder: Folder, output: Path, files: Files, old: Mapping[str, str], *, reuse: bool
) -> tuple[dict[str, str], int]:
    """Have these files in a folder: (digests of all of them, how many had to be written).

    `old` are the digests of the files of the site at `output`, which are linked where they are
    the same and may be used again.
    """
    new: dict[str, str] = {}
    written = 0
    # Names are plain, with forward slashes, and there may be ten thousand of them.
    left = f"{output}{os.sep}"
    for name, source in files:
        before = left + name
        inode = kept_at(before, source, old.get(name)) if reuse else None
        if inode is not None and folder.link(name, before, inode):
            new[name] = old[name]
            continue
        made = made_of(source)
        new[name] = made.content
        if reuse and old.get(name) == made.content:
            inode = holding(before, made.data)
            if inode is not None and folder.link(name, before, inode):
                continue
        folder.write(name, made.data)
        written += 1
    return new, written


def take(spare: Path | None, staging: Path) -> None:
    """Make the folder to be filled, out of the spare one where there is one."""
    if spare is not None and _is_ours(spare):
        try:
            os.rename(spare, staging)
            # A list of files says that a folder is whole, which this one is not any more.
            os.unlink(staging / MANIFEST_NAME)
            return
        except OSError:  # somebody else took it, or it is on another disk
            pass
    staging.mkdir(exist_ok=True)


def _is_ours(folder: Path) -> bool:
    """Whether it is a folder, no link to one, with a site in it."""
    try:
        found = os.lstat(folder)
        return (
            stat.S_ISDIR(found.st_mode)
            and not getattr(found, "st_reparse_tag", 0)
            and stat.S_ISREG(os.lstat(folder / MANIFEST_NAME).st_mode)
        )
    except OSError:
        return False


def put_by(folder: Path, spare: Path | None) -> None:
    """Keep a folder as the spare one, or remove it."""
    if spare is not None:
        with suppress(OSError):
            os.rename(folder, spare)
            return
    shutil.rmtree(folder, ignore_errors=True)


def exchange(staging: Path, output: Path) -> Path | None:
    """Put `staging` in the place of `output`; the answer is where what was there lies now."""
    if not output.exists():
        os.rename(staging, output)
        return None
    if _rename_exchange(staging, output):
        return staging
    old = output.with_name(f".{output.name}.learnpath-old")
    shutil.rmtree(old, ignore_errors=True)
    os.rename(output, old)
    os.rename(staging, output)
    return old


def _rename_exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, where the system can (Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if result == 0:
        return True
    if ctypes.get_errno() in (errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EXDEV):
        return False
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number), str(other))
