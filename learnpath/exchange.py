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
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from learnpath.contents import Files, bytes_of, content_digest, holding, kept_at, write_new
from learnpath.filenames import MANIFEST_NAME

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


class Folder:
    """The folder that is being filled, with what was in it before."""

    def __init__(self, root: Path) -> None:
        self.links = True
        """Whether links were to be had."""
        self._root = f"{root}{os.sep}"
        self._before: dict[str, int] = {}
        """The inodes of files that nobody asked for yet, by name."""
        self._folders = {""}
        self._find("")

    def _find(self, below: str) -> None:
        with os.scandir(self._root + below) as entries:
            for entry in entries:
                name = below + entry.name
                if entry.is_dir(follow_symlinks=False):
                    self._folders.add(name)
                    self._find(f"{name}/")
                else:
                    self._before[name] = entry.inode()

    def link(self, name: str, old: str, inode: int) -> bool:
        """Have a file of the old site under this name; no, where links are not to be had."""
        if inode and self._before.get(name) == inode:
            del self._before[name]
            return True
        self._make_way(name)
        try:
            os.link(old, self._root + name)
        except OSError:
            self.links = False
            return False
        return True

    def write(self, name: str, data: bytes) -> None:
        self._make_way(name)
        write_new(self._root + name, data)

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

    def remove_rest(self) -> None:
        """Remove what was there before and nobody asked for, and folders that are empty."""
        for name in list(self._before):
            self._remove(name)
        for folder in sorted(self._folders - {""}, key=len, reverse=True):
            with suppress(OSError):  # there is something in it
                os.rmdir(self._root + folder)


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
        data = bytes_of(source)
        digest = new[name] = content_digest(data)
        if reuse and old.get(name) == digest:
            inode = holding(before, data)
            if inode is not None and folder.link(name, before, inode):
                continue
        folder.write(name, data)
        written += 1
    folder.remove_rest()
    return new, written


def take(spare: Path | None, staging: Path) -> None:
    """Make the folder to be filled, out of the spare one where there is one."""
    if spare is not None and not spare.is_symlink():
        try:
            # A list of files says that a folder is whole, which this one is not any more.
            with suppress(FileNotFoundError):
                os.unlink(spare / MANIFEST_NAME)
            os.rename(spare, staging)
            return
        except OSError:  # there is none, somebody else took it, or it is on another disk
            pass
    staging.mkdir()


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
