"""One reading of the course, and the pages that were made from it so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from learnpath.document import Document, Facts
from learnpath.frontmatter import FrontMatter
from learnpath.library import Holdings, digest_of, parse_page, settings_of
from learnpath.lookup.index import indexes_of
from learnpath.lookup.pieces import looked_up
from learnpath.page import Page, output_file
from learnpath.plan import Item, SitePlan
from learnpath.render import Renderer
from learnpath.source import SourceFile

_NOTHING = Document(
    path="", heading=(), heading_text="", heading_id="", body=(), facts=Facts(), words=0
)


class _Made(Struct, frozen=True):
    page: Page | None
    body: bytes


class Generation:
    """Renders a page when it is asked for, and looks at its source again before.

    A page whose source changed since the course was read is parsed again and rendered among
    the pages that were read; `noticed` is told the source, so that the course is read again.
    May be asked from several threads at once.
    """

    def __init__(self, root: Path, plan: SitePlan, holdings: Holdings,
                 noticed: Callable[[str], None]) -> None:  # fmt: skip
        self.plan = plan
        self.holdings = holdings
        self._root = root
        self._noticed = noticed
        self._renderer = Renderer(plan, preview=True)
        self._settings = settings_of(root, holdings.config)
        self._sources = {s.path: s for s in holdings.sources if s.kind == "page"}
        self._newer: dict[str, Page] = {}
        self._made: dict[str, _Made] = {}
        self.assets = {asset.file: asset.source for asset in plan.assets.values()}

    def body(self, file: str) -> bytes:
        """The bytes of a planned file. Raises what rendering raises."""
        item = self._current(self.plan.items[file])
        made = self._made.get(file)
        if made is None or made.page is not item.page:
            made = self._made[file] = _Made(item.page, self._renderer.render(item))
        return made.body

    def warm(self, files: Iterable[str], busy: Callable[[], bool]) -> None:
        """Make what may be asked for next, until there is something else to do."""
        for near in dict.fromkeys(near for file in files for near in self._near(file)):
            if busy():
                return
            with suppress(Exception):  # told when somebody asks for it
                self.body(near)

    def _near(self, file: str) -> Iterator[str]:
        """The page itself, where it leads to, and the map."""
        item = self.plan.items.get(file)
        if item is None or item.page is None:
            return
        yield file
        for edge in self.plan.course.edges_of(item.page):
            there = self.plan.course.by_id.get(edge.target)
            if there is not None:
                yield self.plan.course.in_language(there, item.language).file
        if sheet := self.plan.sheets.get(item.language, {}).get(item.page.id, ""):
            yield sheet

    @cached_property
    def searches(self) -> dict[str, bytes]:
        """What the search loads, by file; made when somebody first searches."""
        found: dict[str, bytes] = {}
        for index in indexes_of(self.plan):
            found |= index.whole()[0]
        return found

    @cached_property
    def pieces(self) -> dict[str, bytes]:
        """What scripts look up of single pages, by file."""
        return looked_up(self.plan)

    def sources_of(self, file: str) -> frozenset[str]:
        """The files in the course that a planned page is written in."""
        item = self.plan.items.get(file)
        if item is None or item.page is None:
            return frozenset()
        page = self._newer.get(file, item.page)
        return frozenset((page.source, *page.document.includes))

    def _current(self, item: Item) -> Item:
        if item.page is None:
            return item
        page = self._newer.get(item.file, item.page)
        if not self._is_current(page):
            page = self._read_again(item, page)
        return item if page is item.page else replace(item, page=page)

    def _is_current(self, page: Page) -> bool:
        return page.digest == digest_of(self._root, page.source, page.document.includes)

    def _read_again(self, item: Item, page: Page) -> Page:
        """The page as it is written now; as it was, where it is gone or just being replaced."""
        self._noticed(page.source)
        if not _has_text(self._root / page.source):
            return page
        newer = parse_page((self._sources[page.source], self._settings))
        if newer is None:
            return page
        self._newer[item.file] = newer
        return newer


def _has_text(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def unread(root: Path, holdings: Holdings) -> Holdings:
    """The holdings with a stand-in for every page, so that any one can be shown at once.

    A stand-in knows its address and its title from the file's name. It equals no file, so a
    page that is asked for is read then.
    """
    config = holdings.config
    pages = tuple(
        _stand_in(source, config.language) for source in holdings.sources if source.kind == "page"
    )
    return replace(holdings, root=root, pages=pages, problems=())


def _stand_in(source: SourceFile, main: str) -> Page:
    language = source.language or main
    front = FrontMatter()
    identity, file = output_file(source, front, language, main)
    return Page(
        id=identity,
        language=language,
        source=source.path,
        file=file,
        front=front,
        document=_NOTHING,
        digest="",
        problems=(),
    )
