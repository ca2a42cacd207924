"""The files of a course, read and parsed: each once, and again only when its bytes change."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing.context import BaseContext
from pathlib import Path

from learnpath.config import CONFIG_FILE, Config, read_config
from learnpath.frontmatter import read_front_matter, split_page
from learnpath.markdown.read import read_document
from learnpath.page import Page, output_file, title_from_name
from learnpath.paths import nfc
from learnpath.problems import Place, Problem, Problems
from learnpath.source import SourceFile, decode, find_sources

_WORTH_A_POOL = 150
"""Fewer pages than this are parsed sooner than other processes start."""

_GONE = b"\0gone"
"""Stands in a digest for a file that is not there."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What of the configuration a page's parsing depends on."""

    root: str
    plain: bool
    html: str
    embeds: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that was read of a course."""

    root: Path
    config: Config
    sources: tuple[SourceFile, ...]
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...]
    parsed: int
    """How many pages had to be parsed for this."""


class Library:
    """Reads a course again and again, parsing only what changed."""

    def __init__(self, root: Path, *, jobs: int = 1) -> None:
        self._root = root
        self._jobs = jobs
        self._parsed: dict[tuple[SourceFile, Settings], Page] = {}

    def read(
        self, progress: Progress | None = None, *, changed: Collection[str] | None = None
    ) -> Holdings:
        """The course as it lies on disk now.

        `changed` are the paths that may have other bytes than at the last reading; None is for
        "any may". Files that came and went are found either way.
        """
        problems = Problems()
        config = read_config(self._config_text(problems), problems)
        sources = find_sources(self._root, config, problems)
        config = _named(config, sources, self._root)
        settings = Settings(
            str(self._root), config.plain, config.html, config.embeds, config.language
        )
        wanted = [(s, settings) for s in sources if s.kind == "page"]
        stale = [key for key in wanted if not self._is_fresh(key, changed)]
        for at, (key, page) in enumerate(zip(stale, self._parse(stale), strict=True), start=1):
            if page is None:
                self._parsed.pop(key, None)
            else:
                self._parsed[key] = page
            if progress:
                progress("reading", at, len(stale))
        self._parsed = {key: self._parsed[key] for key in wanted if key in self._parsed}
        pages = tuple(self._parsed.values())
        for page in pages:
            problems.extend(page.problems)
        return Holdings(self._root, config, sources, pages, problems.all(), len(stale))

    def _config_text(self, problems: Problems) -> str | None:
        path = self._root / CONFIG_FILE
        if not path.is_file():
            for name in ("course.yaml", "Course.yml"):
                if (self._root / name).is_file():
                    problems.add(
                        "unknown-key",
                        Place(name),
                        f"'{name}' is not read",
                        f"rename it to {CONFIG_FILE}",
                    )
            return None
        return decode(path.read_bytes(), CONFIG_FILE, problems)

    def _is_fresh(self, key: tuple[SourceFile, Settings], changed: Collection[str] | None) -> bool:
        page = self._parsed.get(key)
        if page is None:
            return False
        if changed is not None and not any(
            path in changed for path in (page.source, *page.document.includes)
        ):
            return True
        return page.digest == digest_of(self._root, key[0].path, page.document.includes)

    def _parse(self, keys: list[tuple[SourceFile, Settings]]) -> Iterable[Page | None]:
        if self._jobs <= 1 or len(keys) < _WORTH_A_POOL:
            return map(parse_page, keys)
        return self._parse_in_pool(keys)

    def _parse_in_pool(self, keys: list[tuple[SourceFile, Settings]]) -> Iterable[Page | None]:
        with ProcessPoolExecutor(self._jobs, mp_context=_process_context()) as pool:
            yield from pool.map(parse_page, keys, chunksize=16)


def _process_context() -> BaseContext:
    """Forking is quickest, and sound only while there is one thread."""
    alone = sys.platform.startswith("linux") and threading.active_count() == 1
    return multiprocessing.get_context("fork" if alone else "spawn")


def _named(config: Config, sources: tuple[SourceFile, ...], root: Path) -> Config:
    """A plain folder without a start page of its own is called by its own name."""
    if not config.plain or any(source.id == "index" for source in sources):
        return config
    return replace(config, title=title_from_name(root.resolve().name))


def on_disk(root: Path, path: str) -> Path:
    """The file at a path, in whichever normal form its name was saved."""
    found = root
    for part in path.split("/"):
        direct = found / part
        if not direct.exists() and found.is_dir():
            names = (name for name in os.listdir(found) if nfc(name) == nfc(part))
            direct = found / next(names, part)
        found = direct
    return found


def digest_of(root: Path, path: str, includes: tuple[str, ...]) -> str:
    """A digest of a page's bytes and its includes'; a file that is gone counts as empty."""
    return _digest(_bytes_at(root, name) for name in (path, *includes))


def _bytes_at(root: Path, path: str) -> bytes:
    try:
        return on_disk(root, path).read_bytes()
    except OSError:
        return _GONE


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for data in parts:
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def parse_page(key: tuple[SourceFile, Settings]) -> Page | None:
    """Read and parse one page; None where the file is gone or cannot be read."""
    source, settings = key
    root = Path(settings.root)
    problems = Problems()
    try:
        data = (root / source.path).read_bytes()
    except OSError:
        return None
    text = decode(data, source.path, problems)
    split = split_page(text)
    front = read_front_matter(split, source.path, problems, plain=settings.plain)

    language = source.language or settings.language
    # The digest is of the bytes that were read: those on disk may be newer by then.
    seen = {source.path: data}

    def read(path: str) -> str | None:
        try:
            resolved = on_disk(root, path).resolve()
            if not resolved.is_relative_to(root.resolve()) or not resolved.is_file():
                return None
            seen[path] = resolved.read_bytes()
        except OSError:
            return None
        return decode(seen[path], path, problems)

    document = read_document(
        source.path,
        text,
        split.body,
        split.body_line,
        read,
        plain=settings.plain,
        html=settings.html,
        embeds=settings.embeds,
        quotes="" if settings.plain else language,
    )
    identity, file = output_file(source, front, language, settings.language)
    return Page(
        id=identity,
        language=language,
        source=source.path,
        file=file,
        front=front,
        document=document,
        digest=_digest(
            seen[name] if name in seen else _bytes_at(root, name)
            for name in (source.path, *document.includes)
        ),
        problems=(*problems.all(), *document.problems),
    )


def cores() -> int:
    """How many processes are worth starting here."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
