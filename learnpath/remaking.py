"""Files made again from what was remembered of them, in this process or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from learnpath.answers import UnrememberedError
from learnpath.contents import Made, digested
from learnpath.cores import forks
from learnpath.page import Page
from learnpath.recollection import Recollection, own_of
from learnpath.recording import Recaller
from learnpath.render import Renderer
from learnpath.theme import Theme

_WORTH_A_POOL = 60
"""Fewer files than this are made sooner than other processes start."""
_CHUNK = 6

Remade = tuple[str, str, Made]
"""A file, what it is by itself, and what it holds."""


class Remaker:
    """Makes files of the last build's site anew, with some pages as they are now, by file."""

    def __init__(self, site: Recollection, theme: Theme, pages: Mapping[str, Page]) -> None:
        self._site, self._theme = site, theme
        self._pages = dict(pages)

    def all(
        self, files: Sequence[str], *, jobs: int, meanwhile: Callable[[], object]
    ) -> Iterator[Remade]:
        """These files, in this order. `meanwhile` is what there is to do while others make them;
        where none do, it is not done. Raises UnrememberedError where the course has to be read."""
        # Without forking, what is remembered of a whole site would have to be handed on.
        if jobs <= 1 or len(files) < _WORTH_A_POOL or not forks():
            yield from map(self._one, files)
            return
        from learnpath.workers import in_one_step, in_order  # not loaded for a few files

        chunks = [files[at : at + _CHUNK] for at in range(0, len(files), _CHUNK)]
        given = (self,)
        for chunk in in_order(
            _remade, chunks, jobs=jobs, begin=_begin, given=given, meanwhile=in_one_step(meanwhile)
        ):
            yield from chunk

    def some(self, files: Sequence[str]) -> list[Remade]:
        return [self._one(file) for file in files]

    def _one(self, file: str) -> Remade:
        record = self._site.record(file)
        if record is None:
            raise UnrememberedError(file)
        own = self._page(file) if file in self._site.pages else None
        recaller = Recaller(record, self._theme, self._page, self._glance)
        item = recaller.again(file, own)
        plan, seen = recaller.recorded(item)
        made = digested(Renderer(plan).render(seen))
        recaller.forget()
        return file, own_of(item) if own else self._site.own(file), made

    def _page(self, file: str) -> Page:
        if file not in self._pages:
            page = self._site.page(file)
            if page is None:
                raise UnrememberedError(file)
            self._pages[file] = page
        return self._pages[file]

    def _glance(self, file: str, name: str) -> object:
        page = self._pages.get(file)
        seen = self._site.glance(file, name) if page is None else getattr(page, name)
        if seen is None:
            raise UnrememberedError(file)
        return seen


_process: Remaker | None = None
"""What a process makes files with; set once, when it begins."""


def _begin(remaker: Remaker) -> None:
    global _process
    _process = remaker


def _remade(files: Sequence[str]) -> list[Remade]:
    assert _process is not None
    return _process.some(files)
