"""The files of a course, read and parsed: each once, and again only when its bytes change."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from learnpath.cache import Cache, Signature, read_signed
from learnpath.cache import digest as file_digest
from learnpath.config import Config, read_config
from learnpath.filenames import CONFIG_FILE, GATHERED_FILE
from learnpath.frontmatter import read_front_matter, split_page
from learnpath.garbage import few_collections
from learnpath.keeping import kept, page_in, remembered_page
from learnpath.lookup.wording import revision_of
from learnpath.markdown.context import Context
from learnpath.markdown.read import document_in_stages
from learnpath.packets import Packet, read_gathered
from learnpath.packing import PackingError
from learnpath.page import Page, output_file, title_from_name
from learnpath.paths import nfc
from learnpath.problems import Place, Problem, Problems
from learnpath.source import SourceFile, decode, find_sources, source_at
from learnpath.stages import InStages, at_once, side_by_side

_WORTH_A_POOL = 150
"""Fewer pages than this are parsed sooner than other processes start."""

_CHUNK = 16
"""Pages that cross between processes at once."""
_ABREAST = 8
"""Pages that are taken through the stages of reading together."""

_GONE = b"\0gone"
"""Stands in a digest for a file that is not there."""

Progress = Callable[[str, int, int], None]
"""Is told a stage, how much of it is done, and of how much."""


def _untold(stage: str, done: int, total: int) -> None:
    """Nobody wants to know."""


class Settings(Struct, frozen=True):
    """What of the configuration a page's parsing depends on."""

    root: str
    plain: bool
    html: str
    embeds: tuple[str, ...]
    language: str


_Key = tuple[SourceFile, Settings]


class Holdings(Struct, frozen=True):
    """Everything that was read of a course."""

    root: Path
    config: Config
    sources: tuple[SourceFile, ...]
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...]
    parsed: int
    """How many pages had to be parsed for this."""
    gathered: tuple[Packet, ...] = ()
    """What learners shared, as `learnpath gather` wrote it down."""


class Library:
    """Reads a course again and again, parsing only what changed."""

    def __init__(self, root: Path, *, jobs: int = 1, cache: Cache | None = None) -> None:
        self._root = root
        self._jobs = jobs
        self._cache = cache
        self._parsed: dict[_Key, Page] = {}
        self.keys: dict[str, str] = {}
        """Under which key the cache has a page, by its source."""
        self.found: Holdings | None = None
        """What there is to be read, before any page is; known once `read` tells its progress."""

    def read(
        self,
        progress: Progress | None = None,
        *,
        changed: Collection[str] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Holdings:
        """The course as it lies on disk now.

        `changed` are the paths that may have other bytes than at the last reading; None is for
        "any may". Files that came and went are found either way. `meanwhile` is what there is to
        do while other processes read; where none do, it is not done.
        """
        problems = Problems()
        config = self.config(problems)
        sources = find_sources(self._root, config, problems)
        config = _named(config, sources, self._root)
        self.found = Holdings(self._root, config, sources, (), (), 0)
        settings = settings_of(self._root, config)
        wanted = [(s, settings) for s in sources if s.kind == "page"]
        told = progress or _untold
        changed_keys = [key for key in wanted if not self._is_fresh(key, changed)]
        stale = self._not_kept(changed_keys, told)
        kept = len(changed_keys) - len(stale)
        parsed = self._parse(stale, meanwhile)
        for at, (key, page) in enumerate(zip(stale, parsed, strict=True), start=1):
            if page is None:
                self._parsed.pop(key, None)
            else:
                self._parsed[key] = page
            told("reading", kept + at, len(changed_keys))
        self._parsed = {key: self._parsed[key] for key in wanted if key in self._parsed}
        pages = tuple(self._parsed.values())
        for page in pages:
            problems.extend(page.problems)
        gathered = self._gathered(config, problems)
        return Holdings(self._root, config, sources, pages, problems.all(), len(stale), gathered)

    def read_some(self, paths: Iterable[str], known: Collection[str]) -> list[Page | None]:
        """Some pages as they lie on disk now, for a course of the `known` files."""
        config = self.config(Problems())
        settings = settings_of(self._root, config)
        wanted = [(source_at(path, config, known), settings) for path in paths]
        cache = self._cache
        stale = [key for key in wanted if cache is None or not self._is_kept(key, cache)]
        read = dict(zip(stale, self._parse(stale), strict=True))
        return [read.get(key) or self._parsed.get(key) for key in wanted]

    def config(self, problems: Problems) -> Config:
        """The configuration as it lies on disk now."""
        return read_config(self._config_text(problems), problems)

    def _gathered(self, config: Config, problems: Problems) -> tuple[Packet, ...]:
        try:
            data = (self._root / GATHERED_FILE).read_bytes()
        except OSError:
            return ()
        return () if config.plain else read_gathered(data, config.id, problems)

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

    def _is_fresh(self, key: _Key, changed: Collection[str] | None) -> bool:
        page = self._parsed.get(key)
        if page is None:
            return False
        if changed is not None and not any(
            path in changed for path in (page.source, *page.document.includes)
        ):
            return True
        return page.digest == digest_of(self._root, key[0].path, page.document.includes)

    def _not_kept(self, keys: list[_Key], told: Progress) -> list[_Key]:
        """Those of the pages that no earlier build parsed; the others are taken from there."""
        if self._cache is None:
            return keys
        stale: list[_Key] = []
        for at, key in enumerate(keys, start=1):
            if not self._is_kept(key, self._cache):
                stale.append(key)
            told("reading", at - len(stale), len(keys))
        return stale

    def _is_kept(self, key: _Key, cache: Cache) -> bool:
        """Whether an earlier build parsed just this page, which is then taken from there."""
        path = key[0].path
        if not cache.knows_file(path):
            return False
        page_key = _cache_key(key, cache.file_digest(path))
        page = remembered_page(cache, page_key)
        if page is None:
            return False
        self._parsed[key] = page
        self.keys[path] = page_key
        return True

    def _parse(
        self, keys: list[_Key], meanwhile: Callable[[], None] | None = None
    ) -> Iterator[Page | None]:
        if self._jobs <= 1 or len(keys) < _WORTH_A_POOL:
            with few_collections():
                yield from map(self._kept, keys, _read(keys, self._packs))
            return
        from learnpath.workers import in_one_step, in_order  # not loaded for a few pages

        tasks = [(keys[at : at + _CHUNK], self._packs) for at in range(0, len(keys), _CHUNK)]
        work = in_one_step(meanwhile) if meanwhile is not None else None
        done = in_order(_read_all, tasks, jobs=self._jobs, begin=_nothing, meanwhile=work)
        for (those, _), found in zip(tasks, done, strict=True):
            for page in map(self._kept, those, found):
                if page is not None:
                    _ = page.document.facts  # which is asked for next, when nobody else works
                yield page

    @property
    def _packs(self) -> bool:
        return self._cache is not None

    def _kept(self, key: _Key, found: _Read) -> Page | None:
        """The page that was read, remembered for other builds."""
        if self._cache is None or not found.content:
            return found.page
        self._cache.saw(key[0].path, found.signature, found.content)
        for name in found.includes:
            self._cache.file_digest(name)
        if not found.packed:
            return found.page
        page_key = self.keys[key[0].path] = _cache_key(key, found.content)
        page = page_in(self._cache.keep(page_key, found.packed, found.includes), found.packed)
        if found.includes:
            self._cache.name(page_key, edition_key(page_key, page.digest))
        return page


class _Read(Struct, frozen=True):
    """A page as it was read, and what is needed to remember it."""

    page: Page | None
    signature: Signature = (0, 0, 0, 0)
    content: str = ""
    packed: bytes = b""
    includes: dict[str, str] = field(default_factory=dict)


def _read_all(task: tuple[list[_Key], bool]) -> list[_Read]:
    keys, packs = task
    # What is packed crosses as bytes, and not a second time as objects.
    return [replace(read, page=None) if read.packed else read for read in _read(keys, packs)]


def _read(keys: Sequence[_Key], packs: bool) -> Iterator[_Read]:
    """Parse pages; where they are to be remembered, with their signatures and as bytes."""
    for at in range(0, len(keys), _ABREAST):
        yield from side_by_side(_reading(key, packs) for key in keys[at : at + _ABREAST])


def _reading(key: _Key, packs: bool) -> InStages[_Read]:
    if not packs:
        return _Read((yield from _page_in_stages(key, {})))
    source, settings = key
    contents: dict[str, bytes] = {}
    try:
        seen, contents[source.path] = read_signed(os.path.join(settings.root, source.path))
    except OSError:
        return _Read(None)
    page = yield from _page_in_stages(key, contents)
    if page is None:
        return _Read(None)
    includes = page.document.includes
    digests = {name: file_digest(contents[name]) if name in contents else "" for name in includes}
    content = file_digest(contents[source.path]) if includes else page.digest
    try:
        return _Read(page, seen, content, kept(page), digests)
    except PackingError:
        return _Read(page, seen, content)


def _nothing() -> None:
    """Parsing needs nothing but its task."""


def _cache_key(key: _Key, content: str) -> str:
    source, settings = key
    return file_digest(repr((source, replace(settings, root=""))).encode(), content.encode())


def edition_key(key: str, content: str) -> str:
    """Under which key a page stays that has includes, when one of them changes."""
    return f"{key}+{content}"


def settings_of(root: Path, config: Config) -> Settings:
    return Settings(str(root), config.plain, config.html, config.embeds, config.language)


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
    return file_digest(*(_bytes_at(root, name) for name in (path, *includes)))


def _bytes_at(root: Path, path: str) -> bytes:
    try:
        return on_disk(root, path).read_bytes()
    except OSError:
        return _GONE


def parse_page(key: _Key) -> Page | None:
    """Read and parse one page; None where the file is gone or cannot be read."""
    return at_once(_page_in_stages(key, {}))


def _page_in_stages(key: _Key, seen: dict[str, bytes]) -> InStages[Page | None]:
    """The same. `seen` has the bytes of files that were read already, and is filled with all
    others."""
    source, settings = key
    root = Path(settings.root)
    problems = Problems()
    try:
        if source.path not in seen:
            _, seen[source.path] = read_signed(os.path.join(settings.root, source.path))
    except OSError:
        return None
    # The digest is of the bytes that were read: those on disk may be newer by then.
    data = seen[source.path]
    text = decode(data, source.path, problems)
    split = split_page(text)
    yield
    front = read_front_matter(split, source.path, problems, plain=settings.plain)
    yield
    language = source.language or settings.language

    def read(path: str) -> str | None:
        try:
            resolved = on_disk(root, path).resolve()
            if not resolved.is_relative_to(root.resolve()) or not resolved.is_file():
                return None
            seen[path] = resolved.read_bytes()
        except OSError:
            return None
        return decode(seen[path], path, problems)

    context = Context(
        source.path,
        text.split("\n"),
        split.body_line,
        Problems(),
        settings.plain,
        settings.html,
        read,
        embeds=settings.embeds,
        quotes="" if settings.plain else language,
    )
    document = yield from document_in_stages(context, split.body)
    identity, file = output_file(source, front, language, settings.language)
    yield
    return Page(
        id=identity,
        language=language,
        source=source.path,
        file=file,
        front=front,
        document=document,
        digest=file_digest(
            *(
                seen[name] if name in seen else _bytes_at(root, name)
                for name in (source.path, *document.includes)
            )
        ),
        problems=(*problems.all(), *document.problems),
        rev=revision_of(front, document),
    )
