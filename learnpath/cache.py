"""What earlier builds found out, kept in a folder that may be deleted at any time.

It lies in the course, in `.learnpath`, which the reader of courses passes over, as it does every
name with a dot. Pages are kept by what they were made from: a digest of the file's bytes and of
everything else that parsing looks at, the versions of the libraries among it. Sizes and times
only save the hashing. A cache that is damaged, foreign or cannot be written means more work,
and never another site: each part is checked against its sum before it is used.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from msgspec import MsgspecError, Struct, json
from msgspec.structs import replace

FOLDER = ".learnpath"
_INDEX_FILE = "pages.json"
_MOST_PACKS = 8
_PACK = "pack-"
_LIBRARIES = frozenset((
    "markdown_it_py", "mdit_py_plugins", "jinja2", "markupsafe", "pygments", "pyyaml",
    "latex2mathml", "msgspec", "rcssmin", "rjsmin", "imagesize",
))  # fmt: skip
_MEMORY = "memory"
_TAG = b"Signature: 8a477f597d28d172789f06886806bc55\n# What learnpath remembers; may be deleted.\n"
_RACY = 2_000_000_000
"""Nanoseconds: a file changed so shortly before it was looked at may change again unseen."""

Signature = tuple[int, int, int, int]
_Seen = tuple[int, int, int, int, str, bool]
"""A file's signature, its digest, and whether it was settled when it was read."""
_Kind = TypeVar("_Kind")


def digest(*parts: bytes) -> str:
    """A digest of parts, each told from the next."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()


def salt() -> str:
    """What every remembered thing depends on: this program, Python, and the libraries."""
    return digest(own_code().encode(), sys.version.encode(), "\n".join(_libraries()).encode())


def _libraries() -> list[str]:
    """The libraries with their versions, as installers name the folders of what they installed.

    `importlib.metadata` says the same, and takes longer to load than a build with nothing to do.
    """
    found: set[str] = set()
    for folder in sys.path:
        with contextlib.suppress(OSError):
            found.update(name for name in os.listdir(folder or ".") if name.endswith("-info"))
    return sorted(name for name in found if _project(name) in _LIBRARIES)


def _project(folder: str) -> str:
    """`Markdown_It-py-3.0.0.dist-info` → `markdown_it_py`."""
    return re.sub(r"[-_.]+", "_", re.split(r"-(?=\d)", folder, maxsplit=1)[0]).lower()


def own_code() -> str:
    """A digest of this package's files, by size and time: one changed line is another program."""
    package = Path(__file__).parent
    found = [f"{name} {size} {time}" for name, (size, time, *_) in signatures(package, (".py",))]
    return digest("\n".join(found).encode())


def signatures(root: Path, endings: tuple[str, ...] = ("",)) -> list[tuple[str, Signature]]:
    """Every file below a folder with its signature, sorted by name. What is gone while it is
    looked at is none, nor is a link that leads nowhere, such as an editor leaves."""
    found: list[tuple[str, Signature]] = []
    waiting = [str(root)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        waiting.append(entry.path)
                elif entry.name.endswith(endings):
                    with contextlib.suppress(FileNotFoundError):
                        status = entry.stat()
                        found.append((os.path.relpath(entry.path, root), signature(status)))
    return sorted(found)


def signature(status: os.stat_result) -> Signature:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def read_signed(path: str) -> tuple[Signature, bytes]:
    """A file's signature and then its bytes, with a third of the system calls that `open` makes.
    Raises OSError."""
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(file)
        parts = [os.read(file, status.st_size + 1)]
        while parts[-1] and sum(map(len, parts)) != status.st_size:
            parts.append(os.read(file, status.st_size + 1))
    finally:
        os.close(file)
    return signature(status), b"".join(parts)


class Pack:
    """Bytes in a file that only grows. Reads are checked by whoever asked for them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    @property
    def size(self) -> int:
        """How many bytes it has, of use or not."""
        return os.fstat(self._file).st_size

    def read(self, offset: int, length: int) -> bytes:
        """What stands there; shorter, or nothing, where the file was cut."""
        if hasattr(os, "pread"):
            return os.pread(self._file, length, offset)
        with open(self.path, "rb") as file:
            file.seek(offset)
            return file.read(length)

    def __reduce__(self) -> tuple[type[Pack], tuple[Path]]:
        return Pack, (self.path,)

    def __del__(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.close(self._file)


class MemoryPack:
    """The same in memory, for where no file can be written."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = bytearray(data)

    @property
    def size(self) -> int:
        return len(self._data)

    def append(self, data: bytes) -> int:
        self._data += data
        return len(self._data) - len(data)

    def read(self, offset: int, length: int) -> bytes:
        return bytes(self._data[offset : offset + length])


class Span(Struct, frozen=True):
    """One part of a pack."""

    pack: Pack | MemoryPack
    offset: int
    length: int

    def read(self) -> bytes:
        return self.pack.read(self.offset, self.length)

    def part(self, start: int, length: int) -> Span:
        return Span(self.pack, self.offset + start, length)


class _Entry(Struct, array_like=True):
    """Where a remembered thing lies, what it was made from besides its key, and its checksum."""

    pack: str
    offset: int
    length: int
    check: str
    includes: dict[str, str]


class _Index(Struct):
    """What the cache's index holds."""

    salt: str
    files: dict[str, _Seen]
    pages: dict[str, _Entry]


class Cache:
    """Remembered things by key, and the digests of files by path.

    Every method may be called where nothing can be read or written; `trouble` then says why.
    """

    def __init__(self, root: Path, stamp: str) -> None:
        self.folder = root / FOLDER
        self.trouble = ""
        self._root = str(root)
        self._stamp = stamp
        self._packs: dict[str, Pack | MemoryPack] = {}
        self._files: dict[str, _Seen] = {}
        self._entries: dict[str, _Entry] = {}
        self._used: set[str] = set()
        self._looked: dict[str, _Seen] = {}
        self._writing: _Writing | None = None
        self._dirty = False
        self._load()

    def _load(self) -> None:
        index = read_json(self.folder / _INDEX_FILE, _Index)
        if index is None or index.salt != self._stamp:
            return
        for name in {entry.pack for entry in index.pages.values()}:
            if name.startswith(_PACK) and name == os.path.basename(name):
                with contextlib.suppress(OSError):
                    self._packs[name] = Pack(self.folder / name)
        self._files, self._entries = index.files, index.pages

    # Files

    def knows_file(self, path: str) -> bool:
        return path in self._files

    def file_digest(self, path: str) -> str:
        """A digest of the file at a path of the course; empty where it cannot be read."""
        row = self._looked.get(path)
        if row is None:
            row = self._looked[path] = self._look(path)
        return str(row[4])

    def _look(self, path: str) -> _Seen:
        full = os.path.join(self._root, path)
        try:
            now = signature(os.stat(full))
            known = self._files.get(path)
            if known is not None and known[5] and known[:4] == now:
                return known
            self._dirty = True
            with open(full, "rb") as file:
                return (*now, digest(file.read()), self._is_settled(now))
        except OSError:
            return (0, 0, 0, 0, "", False)

    def _is_settled(self, now: Signature) -> bool:
        return max(now[1], now[2]) < self.settled

    @property
    def settled(self) -> int:
        """What was touched before this time, in nanoseconds, cannot change again unseen. It is the
        file system's own time, and 0 where that is not known."""
        return max(self._open().clock - _RACY, 0)

    def saw(self, path: str, now: Signature, content: str) -> None:
        """A file was read by somebody else, who looked at it before."""
        self._dirty = True
        self._looked[path] = (*now, content, self._is_settled(now))

    # Remembered things

    def find(self, key: str) -> tuple[Span, bytes] | None:
        """What was remembered under a key, if it is whole and its includes are the same: where it
        lies, and its bytes."""
        entry = self._entries.get(key)
        pack = self._packs.get(entry.pack) if entry is not None else None
        if entry is None or pack is None:
            return None
        if any(self.file_digest(name) != known for name, known in entry.includes.items()):
            return None
        span = Span(pack, entry.offset, entry.length)
        with contextlib.suppress(OSError):
            data = span.read()
            if _check(data) == entry.check:
                self._used.add(key)
                return span, data
        del self._entries[key]
        self._dirty = True
        return None

    def use(self, keys: Iterable[str]) -> None:
        """Have these kept, though nobody asks for them now."""
        self._used.update(keys)

    def keep(self, key: str, data: bytes, includes: dict[str, str]) -> Span:
        """Remember data under a key; where the disk refuses, until the end of this build."""
        self._dirty = True
        span, name = self._open().add(data)
        self._packs[name] = span.pack
        self._entries[key] = _Entry(name, span.offset, span.length, _check(data), includes)
        self._used.add(key)
        return span

    def name(self, key: str, other: str) -> None:
        """Keep what stands under a key under another one as well, whatever becomes of its
        includes."""
        self._entries[other] = replace(self._entries[key], includes={})
        self._used.add(other)

    def _open(self) -> _Writing:
        if self._writing is None:
            self._writing = _Writing(self.folder)
        return self._writing

    def save(self) -> None:
        """Write the index, in one step, and remove what it does not name."""
        if not self._dirty:
            return
        writing = self._open()
        try:
            writing.finish()
            self._tidy()
            packs = {entry.pack for entry in self._entries.values()}
            index = _Index(self._stamp, self._files | self._looked, self._entries)
            write_json(self.folder / _INDEX_FILE, index)
            remove_files(self.folder, lambda name: name.startswith(_PACK) and name not in packs)
            self._dirty = False
        except OSError as error:
            self.trouble = f"nothing is remembered for the next build: {error}"
            self.close()
            remove_files(self.folder, lambda name: name == writing.name)

    def _tidy(self) -> None:
        """Forget what nobody asked for, once there is much of it, and join small packs."""
        if len(self._entries) > 2 * len(self._used) + 200:
            self._entries = {k: e for k, e in self._entries.items() if k in self._used}
        worth: Counter[str] = Counter()
        for entry in self._entries.values():
            worth[entry.pack] += entry.length
        if len(worth) <= _MOST_PACKS:
            return
        small = _to_join(worth, self._packs)
        if not small:
            return
        joined = _Writing(self.folder)
        moved: dict[tuple[str, int], tuple[str, int]] = {}  # a thing may have several keys
        for key, entry in self._entries.items():
            if entry.pack not in small:
                continue
            at = entry.pack, entry.offset
            if at not in moved:
                pack = self._packs.get(entry.pack)
                data = pack.read(entry.offset, entry.length) if pack is not None else b""
                if _check(data) != entry.check:
                    continue
                span, name = joined.add(data)
                moved[at] = name, span.offset
            self._entries[key] = replace(entry, pack=moved[at][0], offset=moved[at][1])
        joined.finish()

    def close(self) -> None:
        """Put away what was being written."""
        if self._writing is not None:
            self._writing.close()


class _Writing:
    """A pack that is being written; in memory, once the disk refuses."""

    def __init__(self, folder: Path) -> None:
        self.name, self.clock = "", 0
        self.error: OSError | None = None
        self._file = -1
        self._offset = 0
        self._memory = MemoryPack()
        self._pack: Pack | None = None
        try:
            _make_folder(folder)
            self._file, path = new_file(folder, _PACK)
            self._pack = Pack(path)
            self.name, self.clock = path.name, os.fstat(self._file).st_mtime_ns
        except OSError as error:
            self.error = error

    def add(self, data: bytes) -> tuple[Span, str]:
        if self._pack is not None and self.error is None:
            try:
                offset = self._offset
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(self._file, rest) :]
                self._offset += len(data)
                return Span(self._pack, offset, len(data)), self.name
            except OSError as error:
                self.error = error
        return Span(self._memory, self._memory.append(data), len(data)), _MEMORY

    def finish(self) -> None:
        """Raises OSError where not everything came to the disk."""
        self.close()
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _to_join(worth: Mapping[str, int], packs: Mapping[str, Pack | MemoryPack]) -> set[str]:
    """Of packs with so many bytes that are still of use, those to be written anew as one: all but
    the ones that are larger than all smaller ones together and mostly of use. So an edit's few
    bytes do not have a whole course's written again."""
    small: set[str] = set()
    together = 0
    for name in sorted(worth, key=lambda name: worth[name]):
        pack = packs.get(name)
        is_live = pack is not None and 2 * worth[name] > pack.size
        if not (small and is_live and worth[name] > together):
            small.add(name)
        together += worth[name]
    return small if len(small) > 1 else set()


def _make_folder(folder: Path) -> None:
    """The folder, with a word to version control and to backups that it need not be kept."""
    if folder.is_dir():
        return
    folder.mkdir()
    (folder / ".gitignore").write_bytes(b"*\n")
    (folder / "CACHEDIR.TAG").write_bytes(_TAG)


def read_json(path: Path, kind: type[_Kind]) -> _Kind | None:
    """A JSON file's value; None where there is no whole one, or one of another kind."""
    data = read_checked(path)
    try:
        return json.decode(data, type=kind) if data is not None else None
    except (ValueError, MsgspecError, RecursionError):
        return None


def write_json(path: Path, value: object) -> None:
    """Write a JSON file under its check, in one step."""
    write_checked(path, json.encode(value))


def read_checked(path: Path) -> bytes | None:
    """What was written under its check; None where it is not there, or not whole."""
    try:
        check, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return data if _check(data).encode() == check else None


def write_checked(path: Path, data: bytes) -> None:
    """Write a file under its check, in one step. Raises OSError."""
    handle, name = new_file(path.parent, f"{_PACK}new-")
    try:
        with open(handle, "wb") as file:
            file.write(_check(data).encode() + b"\n" + data)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def new_file(folder: Path, beginning: str) -> tuple[int, Path]:
    """A file that is not there yet, open for writing, with its path. Raises OSError.

    `tempfile` is of no use: where a folder may not be written to, on Windows, it thinks that a
    name was taken, and goes on with the next one for hours.
    """
    path = folder / f"{beginning}{os.urandom(6).hex()}"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, 0o600), path


def remove_files(folder: Path, is_unwanted: Callable[[str], bool]) -> None:
    """Remove a folder's files by their names, as far as they can be removed."""
    with contextlib.suppress(OSError):
        for name in filter(is_unwanted, os.listdir(folder)):
            with contextlib.suppress(OSError):
                (folder / name).unlink()


def _check(data: bytes) -> str:
    """Tells what was damaged from what is whole. Who would deceive us could do so by any digest
    that stands beside its data; this one costs least."""
    return f"{crc32(data):08x}"
