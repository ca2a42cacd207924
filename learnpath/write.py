"""The only module that writes a site to disk.

A site is a folder with a manifest of what learnpath put there. A build makes the new folder
beside the old one, hard-linking what is unchanged, and exchanges the two: a kill at any moment
leaves the old site or the new one, whole. Where the folder cannot be exchanged (it is a mount
point, or holds files of somebody else) files are replaced one by one from a journal, and the
next build finishes what was cut off. Only files that a manifest lists are ever removed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import decode

from learnpath.contents import (
    Content,
    Files,
    holding,
    kept_at,
    leaves,
    made_of,
    manifest_of,
    write_new,
)
from learnpath.exchange import SPOILT, Folder, exchange, fill, put_by, take
from learnpath.filenames import MANIFEST_NAME
from learnpath.locking import alone

_JOURNAL = ".learnpath-journal"


class OutputError(Exception):
    """The output folder cannot be written; the message says why and what to do."""


class Written(Struct, frozen=True):
    written: int
    unchanged: int
    removed: int


def write_site(
    output: Path,
    files: Iterable[tuple[str, Content]],
    *,
    force: bool,
    clean: bool = False,
    spare: Path | None = None,
) -> Written:
    """Make `output` hold exactly `files` (and whatever of others' it held before).

    A file's content is its bytes, or the path of a file to copy. `force` allows a folder that
    learnpath did not make; `clean` writes every file anew. `spare` is where the old site may be
    kept, which saves the next build work; whatever lies there is used up.
    """
    try:
        with alone(output):
            return _written(output, iter(files), force=force, clean=clean, spare=spare)
    except OSError as error:
        where = error.filename or output
        raise OutputError(f"cannot write '{where}': {error.strerror or error}") from error


def _written(
    output: Path, files: Files, *, force: bool, clean: bool, spare: Path | None
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
    return _by_exchange(output.absolute(), files, old, reuse=not clean, spare=spare)


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
    return sorted(name for name in leaves(output) if name not in own)


def is_interrupted(output: Path) -> bool:
    """Whether an earlier build was killed before it had put everything away."""
    absolute = output.absolute()
    beside = (f".{absolute.name}.learnpath-{end}" for end in ("old", "new"))
    return (absolute / _JOURNAL).exists() or any(
        absolute.with_name(name).exists() for name in beside
    )


def _by_exchange(
    output: Path, files: Files, old: dict[str, str], *, reuse: bool, spare: Path | None
) -> Written:
    output.parent.mkdir(parents=True, exist_ok=True)
    staging = output.with_name(f".{output.name}.learnpath-new")
    shutil.rmtree(staging, ignore_errors=True)
    if spare is not None and output.is_relative_to(spare.absolute()):
        spare = None  # the site itself lies there
    take(spare, staging)
    try:
        folder = Folder(staging)
        new, written = fill(folder, output, files, old, reuse=reuse)
        removed = len(set(old) - set(new))
        # A folder that shares little with the site is no help: all of it would have to go first.
        room = spare if folder.links and 2 * written < len(new) else None
        folder.finish(manifest_of(new))
        if not written and not removed and old:
            put_by(staging, room)
            return Written(0, len(new), 0)
        before = exchange(staging, output)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    if before is not None:
        put_by(before, room)
    return Written(written, len(new) - written, removed)


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
    shutil.rmtree(f"{staging}{SPOILT}", ignore_errors=True)
    journal = absolute / _JOURNAL
    if (journal / "plan.json").is_file():
        _replay(absolute)
    else:
        shutil.rmtree(journal, ignore_errors=True)


# In place, by a journal


def _in_place(output: Path, files: Files, old: dict[str, str], *, reuse: bool) -> Written:
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
        write_new(str(journal / MANIFEST_NAME), manifest_of(new))
        plan = {"moves": moves, "removed": removed}
        write_new(str(journal / "plan.new"), json.dumps(plan).encode())
        os.replace(journal / "plan.new", journal / "plan.json")
        _replay(output)
    return Written(len(moves), len(new) - len(moves), len(removed))


def _staged(
    output: Path,
    journal: Path,
    files: Files,
    old: dict[str, str],
    *,
    reuse: bool,
) -> tuple[dict[str, str], list[str]]:
    """Write what changed into the journal: (digests of all files, names of those to move)."""
    new: dict[str, str] = {}
    moves: list[str] = []
    damaged = not old and (output / MANIFEST_NAME).exists()  # once ours, and said with --force
    for name, source in files:
        place = os.path.join(output, name)
        if reuse and kept_at(place, source, old.get(name)) is not None:
            new[name] = old[name]
            continue
        made = made_of(source)
        new[name] = made.content
        if reuse and old.get(name) == made.content and holding(place, made.data) is not None:
            continue
        if name not in old and not damaged and _is_foreign(output, name, old):
            raise OutputError(
                f"'{output / name}' is not learnpath's, and a page would take its place; "
                "move it away, or rename the page"
            )
        journal.mkdir(exist_ok=True)
        write_new(str(journal / str(len(moves))), made.data)
        moves.append(name)
    return new, moves


def _is_foreign(output: Path, name: str, old: dict[str, str]) -> bool:
    """Whether what lies under a name is somebody else's; a folder of our own files is not."""
    path = output / name
    if not path.is_dir():
        return os.path.lexists(path)
    return not all(f"{name}/{leaf}" in old for leaf in leaves(path))


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
