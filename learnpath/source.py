"""What files there are, and their text. Nothing is parsed here."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from learnpath.filenames import (
    CONFIG_FILE,
    GATHERED_FILE,
    LEDGER_FILE,
    MANIFEST_NAME,
    SKIPPED_FOLDERS,
)
from learnpath.paths import PageId, SourcePath, page_id
from learnpath.problems import Place, Problems, Severity

if TYPE_CHECKING:
    from learnpath.config import Config

_NOT_CONTENT = frozenset((CONFIG_FILE, LEDGER_FILE, GATHERED_FILE))


class SourceFile(Struct, frozen=True):
    """One file of the course. `kind` is page, include or asset."""

    path: SourcePath
    kind: str
    language: str = ""
    """The language a page's name gives it; empty for the course's own."""
    id: PageId = ""


def find_sources(root: Path, config: Config, problems: Problems) -> tuple[SourceFile, ...]:
    """Every file of the course, sorted by path."""
    paths = sorted(_walk(root, "", config.exclude, problems))
    known = set(paths)
    return tuple(source_at(path, config, known) for path in paths if path not in _NOT_CONTENT)


def _walk(root: Path, folder: str, exclude: tuple[str, ...], problems: Problems) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except OSError as error:
        problems.add(
            "encoding",
            Place(folder or None),
            f"this folder cannot be read: {error.strerror}",
            "check who may read it",
        )
        return
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.name.startswith(".") or _is_excluded(path, exclude):
            continue
        if not _is_unicode(path, problems):
            continue
        if entry.is_dir():
            if _is_content_folder(entry, root):
                yield from _walk(root, path, exclude, problems)
        elif entry.is_file():
            yield path


def _is_content_folder(entry: os.DirEntry[str], root: Path) -> bool:
    if entry.name in SKIPPED_FOLDERS or os.path.exists(os.path.join(entry.path, MANIFEST_NAME)):
        return False  # an output folder carries its manifest
    if entry.is_symlink():  # a link that leads back up would never end
        return not root.resolve().is_relative_to(Path(entry.path).resolve())
    return True


def _is_excluded(path: str, exclude: tuple[str, ...]) -> bool:
    return any(
        fnmatchcase(path, glob.rstrip("/")) or fnmatchcase(path, glob.removeprefix("**/"))
        for glob in exclude
    )


def _is_unicode(path: str, problems: Problems) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "replace").decode()
        problems.add(
            "encoding",
            Place(shown),
            "this file's name is not UTF-8 and the file is left out",
            "rename it",
        )
        return False
    return True


def source_at(path: str, config: Config, known: Collection[str]) -> SourceFile:
    """What the file at a path is, among the `known` ones."""
    source = SourcePath(path)
    if not path.endswith(".md"):
        return SourceFile(source, "asset")
    if any(part.startswith("_") for part in path.split("/")):
        return SourceFile(source, "include")
    stem, _, language = path[: -len(".md")].rpartition(".")
    if stem and language in config.languages and not stem.endswith("/"):
        return SourceFile(source, "page", language, _identity(f"{stem}.md", known))
    return SourceFile(source, "page", "", _identity(path, known))


def _identity(path: str, known: Collection[str]) -> PageId:
    """`README.md` is its folder's page only where no `index.md` lies."""
    folder, slash, name = path.rpartition("/")
    if name.casefold() == "readme.md" and f"{folder}{slash}index.md" in known:
        return PageId(unicodedata.normalize("NFC", path.removesuffix(".md")))
    return page_id(path)


def decode(data: bytes, path: str, problems: Problems) -> str:
    """A file's text: UTF-8, line ends made `\\n`. What is doubtful is read all the same."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add(
            "encoding",
            Place(path, 1, 1),
            "this file is UTF-16; it was read as such",
            "save it as UTF-8",
        )
        return _one_line_end(data.decode("utf-16", "replace"))
    if data.startswith(b"\xef\xbb\xbf"):
        problems.add(
            "encoding",
            Place(path, 1, 1),
            "this file begins with a byte-order mark, which is left out",
            "nothing needs doing; an editor can save it as UTF-8 without BOM",
            Severity.INFO,
        )
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        column = len(before[line_start:].decode("utf-8", "replace")) + 1
        problems.add(
            "encoding",
            Place(path, before.count(b"\n") + 1, column),
            f"this file is not UTF-8 (byte 0x{data[error.start]:02X}); it was read as Windows-1252",
            "save it as UTF-8 in your editor",
        )
        text = data.decode("cp1252", "replace")
    return _one_line_end(text)


def _one_line_end(text: str) -> str:
    return re.sub("\r\n?", "\n", text)
