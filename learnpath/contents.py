"""What a file of a site holds: bytes, a file to copy, or what an earlier build wrote."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

Look = tuple[int, int, int]
"""Size, time and inode of a file of the site when it was written."""


class Kept(Struct, frozen=True):
    """A file that an earlier build wrote and that would be the same now."""

    content: str
    """The digest of its bytes."""
    left: Look | None
    """What it looked like when it was written, if known: that saves the reading."""
    make: Callable[[], bytes]
    """Its bytes, for where the file was touched meanwhile."""


class Made(Struct, frozen=True):
    """Bytes that were made for this build, with their digest: many are made in other processes."""

    data: bytes
    content: str


Content = bytes | Path | Kept | Made
Files = Iterator[tuple[str, Content]]
"""Each file of a site: its path from there, with forward slashes, and what it holds."""


def content_digest(data: bytes) -> str:
    """The digest under which a manifest lists a file: 128 bits of the one that processors have
    instructions for. All that a site holds is read for it."""
    return hashlib.sha256(data).hexdigest()[:32]


def left_at(path: str) -> Look:
    """What tells whether a file of the site was touched; a further link to it does not count."""
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns, status.st_ino


def digested(data: bytes) -> Made:
    """Bytes with their digest."""
    return Made(data, content_digest(data))


def made_of(source: Content) -> Made:
    """What a file is to hold."""
    if isinstance(source, Made):
        return source
    if isinstance(source, Kept):
        return digested(source.make())
    return digested(source if isinstance(source, bytes) else source.read_bytes())


def kept_at(path: str, source: Content, listed: str | None) -> int | None:
    """The inode of a file that is still what an earlier build wrote; None where it is not."""
    if not isinstance(source, Kept) or listed != source.content:
        return None
    try:
        now = left_at(path)
        if now != source.left:
            with open(path, "rb") as file:
                if content_digest(file.read()) != source.content:
                    return None
        return now[2]
    except OSError:
        return None


def holding(path: str, data: bytes) -> int | None:
    """The inode of a file that holds these bytes; None where it does not."""
    try:
        with open(path, "rb") as file:
            return os.fstat(file.fileno()).st_ino if file.read() == data else None
    except OSError:
        return None


def manifest_of(files: Mapping[str, str]) -> bytes:
    """The list of a site's files with their digests, on a line each but for the first."""
    data = {"version": 1, "files": dict(sorted(files.items()))}
    return json.dumps(data, ensure_ascii=False, separators=(",\n", ": ")).encode()


def write_new(path: str, data: bytes) -> None:
    """Write a file that is not there yet: one that is may be shared with another site."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
    finally:
        os.close(file)


def leaves(root: Path | str, below: str = "") -> Iterator[str]:
    """Every file below a folder, with links and empty folders, by its path from there."""
    with os.scandir(os.path.join(root, below)) as found:
        entries = list(found)
    if not entries and below:
        yield below
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from leaves(root, f"{below}{entry.name}/")
        else:
            yield below + entry.name
