"""The only module that writes a site to disk.

A site is a folder with a manifest of what learnpath put there. A build makes the new folder
beside the old one, hard-linking what is unchanged, and exchanges the two: a kill at any moment
leaves the old site or the new one, whole. Where the folder cannot be exchanged (it is a mount
point, or holds files of somebody else) files are replaced one by one from a journal, and the
next build finishes what was cut off. Only files that a manifest lists are ever removed.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import decode

from learnpath.filenames import MANIFEST_NAME
from learnpath.locking import alone

_JOURNAL = ".learnpath-journal"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


class OutputError(Exception):
    """The output folder cannot be written; the message says why and what to do."""


class Kept(Struct, frozen=True):
    """A file that an earlier build wrote and that would be the same now."""

    content: str
    """The digest of its bytes."""
    left: tuple[int, ...] | None
    """Size, time and inode when it was written, if known: they save the reading."""
    make: Callable[[], bytes]
    """Its bytes, for where the file was touched meanwhile."""


Content = bytes | Path | Kept


class Written(Struct, frozen=True):
    written: int
    unchanged: int
    removed: int


def write_site(
    output: Path, files: Iterable[tuple[str, Content]], *, force: bool, clean: bool = False
) -> Written:
    """Make `output` hold exactly `files` (and whatever of others' it held before).

    A file's content is its bytes, or the path of a file to copy. `force` allows a folder that
    learnpath did not make; `clean` writes every file anew.
    """
    try:
        with alone(output):
            return _written(output, files, force=force, clean=clean)
    except OSError as error:
        where = error.filename or output
        raise OutputError(f"cannot write '{where}': {error.strerror or error}") from error


def _written(
    output: Path, files: Iterable[tuple[str, Content]], *, force: bool, clean: bool
) -> Written:
    if output.exists() and not output.is_dir():
        raise OutputError(f"'{output}' is a file, not a folder; name another with -o")
    _recover(output)
    old = read_manifest(output)
    foreign = _foreign(output, old)
    if foreign and not old and not force:
        raise OutputError(
            f"'{output}' holds files that learnpath did not make, such as '{foreign[0]}'; "
            "choose another folder with -o, or say --force to keep them and write beside them"
        )
    if foreign or output.is_symlink() or os.path.ismount(output):
        return _in_place(output, files, old, reuse=not clean)
    return _by_exchange(output, files, old, reuse=not clean)


def read_manifest(output: Path) -> dict[str, str]:
    """File → digest, of what an earlier build wrote there; empty where there was none."""
    try:
        data = decode((output / MANIFEST_NAME).read_bytes())
        files = {str(name): str(digest) for name, digest in data["files"].items()}
        return {name: digest for name, digest in files.items() if _is_inside(name)}
    except (OSError, ValueError, MsgspecError, RecursionError):
        return {}  # it cannot be read
    except (KeyError, TypeError, AttributeError):
        return {}  # it is no manifest


def _is_inside(name: str) -> bool:
    """Whether a manifest's name stays in the site: it came from a file that anybody can edit."""
    parts = name.replace("\\", "/").split("/") if ".." in name else ()
    return name[:1] not in ("/", "\\") and ":" not in name and ".." not in parts


def _foreign(output: Path, manifest: dict[str, str]) -> list[str]:
    """Files in the folder that no earlier build lists, and empty folders."""
    if not output.is_dir():
        return []
    own = {*manifest, MANIFEST_NAME}
    return sorted(name for name in _leaves(output) if name not in own)


def _leaves(root: Path | str, below: str = "") -> Iterator[str]:
    """Every file below a folder, with links and empty folders, by its path from there."""
    with os.scandir(os.path.join(root, below)) as found:
        entries = list(found)
    if not entries and below:
        yield below
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _leaves(root, f"{below}{entry.name}/")
        else:
            yield below + entry.name


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def content_digest(data: bytes) -> str:
    """The digest under which a manifest lists a file."""
    return _digest(data)


def is_interrupted(output: Path) -> bool:
    """Whether an earlier build was killed before it had put everything away."""
    absolute = output.absolute()
    beside = (f".{absolute.name}.learnpath-{end}" for end in ("old", "new"))
    return (absolute / _JOURNAL).exists() or any(
        absolute.with_name(name).exists() for name in beside
    )


def _content(source: Content) -> bytes:
    if isinstance(source, Kept):
        return source.make()
    return source if isinstance(source, bytes) else source.read_bytes()


def _is_kept(path: str, source: Content, listed: str | None) -> bool:
    """Whether a file on the disk is still what an earlier build wrote."""
    if not isinstance(source, Kept) or listed != source.content:
        return False
    try:
        status = os.stat(path)
        if source.left == (status.st_size, status.st_mtime_ns, status.st_ino):
            return True
        with open(path, "rb") as file:
            return _digest(file.read()) == source.content
    except OSError:
        return False


def _by_exchange(
    output: Path, files: Iterable[tuple[str, Content]], old: dict[str, str], *, reuse: bool
) -> Written:
    output = output.absolute()
    output.parent.mkdir(parents=True, exist_ok=True)
    staging = output.with_name(f".{output.name}.learnpath-new")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        new, written = _linked_copy(output, staging, files, old, reuse=reuse)
        removed = len(set(old) - set(new))
        if not written and not removed and old:
            shutil.rmtree(staging, ignore_errors=True)
            return Written(0, len(new), 0)
        _write_manifest(staging, new)
        _exchange(staging, output)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return Written(written, len(new) - written, removed)


def _linked_copy(
    output: Path,
    staging: Path,
    files: Iterable[tuple[str, Content]],
    old: dict[str, str],
    *,
    reuse: bool,
) -> tuple[dict[str, str], int]:
    """Fill the new folder: (digests of all files, how many had to be written)."""
    new: dict[str, str] = {}
    folders: set[str] = {""}
    written = 0
    # Names are plain, with forward slashes, and there may be ten thousand of them.
    left, made = f"{output}{os.sep}", f"{staging}{os.sep}"
    for name, source in files:
        before, target = left + name, made + name
        _make_folder(name.rpartition("/")[0], staging, folders)
        kept = reuse and _is_kept(before, source, old.get(name))
        if kept and _linked(before, target):
            new[name] = old[name]
            continue
        data = _content(source)
        digest = new[name] = _digest(data)
        if reuse and old.get(name) == digest and _link(before, target, data):
            continue
        _write(target, data)
        written += 1
    return new, written


def _make_folder(folder: str, root: Path, made: set[str]) -> None:
    if folder not in made:
        os.makedirs(os.path.join(root, folder), exist_ok=True)
        made.add(folder)


def _link(old: str, new: str, data: bytes) -> bool:
    """Hard-link an unchanged file; no, where it was altered or links are not to be had."""
    return _holds(old, data) and _linked(old, new)


def _linked(old: str, new: str) -> bool:
    try:
        os.link(old, new)
    except OSError:
        return False
    return True


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


def _write_manifest(folder: Path, files: dict[str, str]) -> None:
    data = {"version": 1, "files": dict(sorted(files.items()))}
    text = json.dumps(data, ensure_ascii=False, indent=0)
    _write(str(folder / MANIFEST_NAME), text.encode())


def _exchange(staging: Path, output: Path) -> None:
    """Put `staging` in the place of `output`, and remove what was there."""
    if not output.exists():
        os.rename(staging, output)
        return
    if _rename_exchange(staging, output):
        shutil.rmtree(staging, ignore_errors=True)
        return
    old = output.with_name(f".{output.name}.learnpath-old")
    shutil.rmtree(old, ignore_errors=True)
    os.rename(output, old)
    os.rename(staging, output)
    shutil.rmtree(old, ignore_errors=True)


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


def _recover(output: Path) -> None:
    """Finish what an earlier build was killed in."""
    absolute = output.absolute()
    old = absolute.with_name(f".{absolute.name}.learnpath-old")
    staging = absolute.with_name(f".{absolute.name}.learnpath-new")
    if old.is_dir():
        if not absolute.exists():
            complete = (staging / MANIFEST_NAME).is_file()
            os.rename(staging if complete else old, absolute)
        shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(staging, ignore_errors=True)
    journal = absolute / _JOURNAL
    if (journal / "plan.json").is_file():
        _replay(absolute)
    else:
        shutil.rmtree(journal, ignore_errors=True)


# In place, by a journal


def _in_place(
    output: Path, files: Iterable[tuple[str, Content]], old: dict[str, str], *, reuse: bool
) -> Written:
    output.mkdir(parents=True, exist_ok=True)
    journal = output / _JOURNAL
    try:
        new, moves = _staged(output, journal, files, old, reuse=reuse)
    except BaseException:
        shutil.rmtree(journal, ignore_errors=True)
        raise
    removed = sorted(set(old) - set(new))
    if moves or removed or not (output / MANIFEST_NAME).is_file():
        journal.mkdir(exist_ok=True)
        _write_manifest(journal, new)
        plan = {"moves": moves, "removed": removed}
        _write(str(journal / "plan.new"), json.dumps(plan).encode())
        os.replace(journal / "plan.new", journal / "plan.json")
        _replay(output)
    return Written(len(moves), len(new) - len(moves), len(removed))


def _staged(
    output: Path,
    journal: Path,
    files: Iterable[tuple[str, Content]],
    old: dict[str, str],
    *,
    reuse: bool,
) -> tuple[dict[str, str], list[str]]:
    """Write what changed into the journal: (digests of all files, names of those to move)."""
    new: dict[str, str] = {}
    moves: list[str] = []
    damaged = not old and (output / MANIFEST_NAME).exists()  # once ours, and said with --force
    for name, source in files:
        if reuse and _is_kept(os.path.join(output, name), source, old.get(name)):
            new[name] = old[name]
            continue
        data = _content(source)
        digest = new[name] = _digest(data)
        if reuse and old.get(name) == digest and _holds(os.path.join(output, name), data):
            continue
        if name not in old and not damaged and _is_foreign(output, name, old):
            raise OutputError(
                f"'{output / name}' is not learnpath's, and a page would take its place; "
                "move it away, or rename the page"
            )
        journal.mkdir(exist_ok=True)
        _write(str(journal / str(len(moves))), data)
        moves.append(name)
    return new, moves


def _is_foreign(output: Path, name: str, old: dict[str, str]) -> bool:
    """Whether what lies under a name is somebody else's; a folder of our own files is not."""
    path = output / name
    if not path.is_dir():
        return os.path.lexists(path)
    return not all(f"{name}/{leaf}" in old for leaf in _leaves(path))


def _holds(path: str, data: bytes) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read() == data
    except OSError:
        return False


def _replay(output: Path) -> None:
    """Carry a journal out; may be done twice, so a kill in the middle costs nothing."""
    journal = output / _JOURNAL
    plan = json.loads((journal / "plan.json").read_text("utf-8"))
    for name in plan["removed"]:  # first: a file may take the place of a folder
        if (output / name).is_file() or (output / name).is_symlink():
            (output / name).unlink()
        _remove_empty(output, Path(name).parent)
    for at, name in enumerate(plan["moves"]):
        staged = journal / str(at)
        if staged.exists():
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged, output / name)
    if (journal / MANIFEST_NAME).exists():
        os.replace(journal / MANIFEST_NAME, output / MANIFEST_NAME)
    shutil.rmtree(journal, ignore_errors=True)


def _remove_empty(output: Path, folder: Path) -> None:
    while folder != Path():
        try:
            (output / folder).rmdir()
        except OSError:
            return
        folder = folder.parent
