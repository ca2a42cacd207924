"""The author's own files: which are used, what they are called on the site, how large they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from learnpath.course import AssetTarget, Course
from learnpath.filenames import content_hash
from learnpath.page import Page
from learnpath.paths import file_name, url_of

_KNOWN: dict[tuple[str, int, int], Asset] = {}
"""Digests by path, size and time: a preview server asks again at every change."""

_PAGE = re.compile(r"[^#?]*\.md(#|\Z)")
"""An address that leads to a page, if to anything: most do, and are not asked where."""


class Asset(Struct, frozen=True):
    """One file of the author's on the site. Sizes are pixels, 0 where unknown."""

    source: str
    file: str
    width: int
    height: int

    @property
    def url(self) -> str:
        return url_of(self.file)


def find_assets(course: Course, root: Path, *, guide: bool = False) -> dict[str, Asset]:
    """Every file that a page shows or links, by its path in the course; for the guide with what
    facilitators' notes link."""
    used = sorted({path for page in course.all_pages for path in _used_by(page, course, guide)})
    return {path: asset for path in used if (asset := load_asset(root, path)) is not None}


def _used_by(page: Page, course: Course, guide: bool) -> Iterator[str]:
    for source, href in addresses(page, guide=guide):
        if _PAGE.match(href):
            continue
        target = course.target(source, href, page.language)
        if isinstance(target, AssetTarget):
            yield target.path


def addresses(page: Page, *, guide: bool = False) -> Iterator[tuple[str, str]]:
    """Every address that a page's text names, with the file it is written in."""
    facts = page.document.facts
    for link in facts.links:
        if guide or link.relation != "guide":
            yield link.source, link.href
    for image in facts.images:
        yield image.source, image.src
    for resource in facts.resources:
        yield resource.source, resource.href
    for block in facts.choices:
        for option in block.options:
            if option.href:
                yield option.source, option.href
    for media in facts.media:
        for href in (media.src, media.captions, media.transcript):
            if href:
                yield media.source, href


def load_asset(root: Path, path: str) -> Asset | None:
    """The asset at a path, or None where the file is gone."""
    full = root / path
    try:
        status = full.stat()
        key = (str(full), status.st_size, status.st_mtime_ns)
        if key not in _KNOWN:
            _KNOWN[key] = _read_asset(full, path)
        return _KNOWN[key]
    except OSError:
        return None


def _read_asset(full: Path, path: str) -> Asset:
    data = full.read_bytes()
    pure = PurePosixPath(path)
    name = str(pure.with_name(f"{pure.stem}.{content_hash(data)}{pure.suffix}"))
    width, height = _size(full)
    return Asset(path, f"assets/{file_name(name)}", width, height)


def load_sizes() -> None:
    """Load what tells how large pictures are. That takes long, for it brings half of Python's
    network: here it is done while there is time, elsewhere for a picture."""
    import imagesize  # noqa: F401


def _size(full: Path) -> tuple[int, int]:
    import imagesize

    try:
        width, height = imagesize.get(str(full))
    except Exception:  # a broken picture makes the reader raise many kinds of error
        return 0, 0
    return max(int(width), 0), max(int(height), 0)
