"""Edits that change no link, no question and no address: the site mended without the course.

Authors mostly change the words of a page, or its title. Then every link leads where it led and no
check comes to another answer, so nothing of the course is read but those pages. They are made
from the answers that were remembered when they were made before, and so is whatever shows their
titles. Where anything is not as it is thought here, nothing of it is left, and the whole build is
done.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace

from learnpath.answers import UnrememberedError
from learnpath.cache import Cache
from learnpath.contents import Content, Kept, Look, Made, content_digest
from learnpath.course import Course
from learnpath.garbage import few_collections
from learnpath.keeping import remembered_page
from learnpath.library import Library
from learnpath.lookup.index import StaleError
from learnpath.lookup.pieces import renamed, revisions_of
from learnpath.lookup.remembering import RememberedSearch, search_stamp
from learnpath.outline import NAME, difference, names
from learnpath.page import Page
from learnpath.problems import Problems
from learnpath.recollection import Recollection, known_page, site_stamp
from learnpath.remaking import Remaker
from learnpath.results import BuildResult, CheckResult
from learnpath.theme import ThemeError, load
from learnpath.unchanged import Memory, not_read
from learnpath.write import Written, read_manifest, write_site

_FEW = 20
"""Pages, at most, that are looked at one by one."""
_MANY = 500
"""Files above this number are made sooner from the course."""


class _NotAsThoughtError(Exception):
    """The course has to be read after all."""


class _Edit(Struct, frozen=True):
    """A page as it was and as it is, and the cache's key for it."""

    before: Page
    after: Page
    key: str
    is_of_its_name: bool


def mended(memory: Memory, changed: Collection[str], *, jobs: int) -> BuildResult | None:
    """The build, where it comes to mending the few pages that changed; None where more has to be
    done.

    Raises OutputError where the site cannot be written.
    """
    begun = time.perf_counter()
    if len(changed) > _FEW or not memory.last.is_manifest_whole():
        return None
    try:
        with few_collections():
            mending = _Mending(memory, changed, jobs)
            files = mending.written()
            trouble = mending.remember()
    except (_NotAsThoughtError, UnrememberedError, StaleError):
        return None
    seconds = time.perf_counter() - begun
    # To take apart what was found out takes as long as to write it: it goes with the result.
    checked = replace(mending.checked, find=mending.course)
    return BuildResult(
        checked, memory.output, mending.checked.pages, mending.rendered, files, seconds,
        mending.reasons, trouble,
    )  # fmt: skip


class _Mending:
    """One build of a few pages: read, then written, then remembered."""

    def __init__(self, memory: Memory, changed: Iterable[str], jobs: int) -> None:
        self._jobs = jobs
        self.rendered = 0
        self.reasons: dict[str, str] = {}
        self._same: dict[str, Look] = {}
        self._last, self._output, self._spare = memory.last, memory.output, memory.spare
        self._cache = Cache(memory.source, memory.salt)
        library = Library(memory.source, jobs=1, cache=self._cache)
        config = library.config(Problems())
        pages = library.read_some(sorted(changed), self._last.inputs().keys())
        self._keys = {**self._last.keys(), **library.keys}
        self._cache.use(self._keys.values())
        try:
            self._theme = load(config.theme)
        except ThemeError as error:
            raise _NotAsThoughtError from error
        site = site_stamp(memory.salt, self._theme, config)
        self._site = Recollection(memory.source, memory.output, site, self._cache)
        self._theme.names.update(self._site.names)
        search = search_stamp(memory.salt, config)
        self._found = RememberedSearch(memory.source, memory.output, search, self._cache)
        edits = [edit for page in pages if (edit := self._edit(page)) is not None]
        self._edits = {edit.after.file: edit for edit in edits}
        self._of_names = [edit for edit in edits if edit.is_of_its_name]
        self._fresh = {edit.after.file: known_page(edit.after, edit.key) for edit in edits}
        self.checked = self._problems()

    def _edit(self, page: Page | None) -> _Edit | None:
        """What changed of a page; None where it says what it said."""
        if page is None or page.source not in self._keys:
            raise _NotAsThoughtError
        key, before_key = self._keys[page.source], self._last.key(page.source)
        before = remembered_page(self._cache, before_key)
        if before is None or self._site.pages.get(page.file) != known_page(before, before_key):
            raise _NotAsThoughtError  # it is a draft, or another page took its place
        if key == before_key and before.digest == page.digest:
            return None
        what = difference(before, page)
        if not what:
            raise _NotAsThoughtError
        return _Edit(before, page, key, what == NAME)

    def course(self) -> Course:
        """Nothing of the course was read; who keeps this method keeps all that was found out."""
        return not_read()

    def _problems(self) -> CheckResult:
        """What the last build told, where nothing in it is about these pages."""
        problems = self._last.problems()
        told = {edit.after.source for edit in self._edits.values()}
        told |= {edit.before.title for edit in self._of_names}
        if names(problems, told):
            raise _NotAsThoughtError
        return CheckResult(problems, self._last.pages, self._last.checkpoints, not_read)

    # The files

    def written(self) -> Written:
        """The site with what these pages changed."""
        if not self._edits and not self._last.is_whole():
            raise _NotAsThoughtError
        stale = self._stale()
        made = self._made(stale)
        first = list(islice(made, 1))  # while others make the rest, what stays is put in its place
        if not self._listed.keys() >= set(stale):
            raise _NotAsThoughtError
        files = self._others(set(stale))
        self._names = [*files, *stale]
        self.rendered = sum(file in self._site.pages for file in stale)
        together = chain(first, files.items(), made)
        return write_site(self._output, together, force=True, spare=self._spare)

    def _stale(self) -> list[str]:
        """The files that show something of what changed."""
        if any(self._is_known_by_name(edit.before) for edit in self._of_names):
            raise _NotAsThoughtError
        if self._of_names and not self._site.has_cards:
            raise _NotAsThoughtError  # as much would be read as for the whole course
        for edit in self._of_names:
            for file, why in self._site.showing(edit.before, edit.after):
                self.reasons[file] = why
        for file, edit in self._edits.items():
            self.reasons[file] = f"{edit.after.source} changed"
        if len(self.reasons) > _MANY:
            raise _NotAsThoughtError
        return sorted(self.reasons)

    def _is_known_by_name(self, page: Page) -> bool:
        """Whether more than pages that show it may depend on a page's title."""
        return self._site.links_by_title or any(page.title in one for one in self._site.titles)

    def _made(self, stale: Sequence[str]) -> Iterator[tuple[str, Made]]:
        """These files, made from what was remembered of them."""
        pages = {file: edit.after for file, edit in self._edits.items()}
        remaker = Remaker(self._site, self._theme, pages)
        again = remaker.all(stale, jobs=self._jobs, meanwhile=lambda: self._of_course)
        for file, own, made in again:
            self._site.made_again(file, own, made.content)
            yield file, made

    @cached_property
    def _listed(self) -> Mapping[str, str]:
        """The site's files with their digests, as the last build left them."""
        return read_manifest(self._output)

    def _others(self, stale: Set[str]) -> dict[str, Content]:
        """Every other file of the site; those that stay the same are only named."""
        looks = self._last.looks
        changed = self._of_course.keys() | stale
        changed |= self._found.made if self._edits else frozenset()
        files: dict[str, Content] = {
            file: Kept(content, looks.get(file), _touched)
            for file, content in self._listed.items()
            if file not in changed
        }
        files |= {file: data for file, data in self._of_course.items() if file not in stale}
        self._same = {
            file: content.left
            for file, content in files.items()
            if isinstance(content, Kept)
            and content.left
            and content.content == self._listed.get(file)
        }
        return files

    @cached_property
    def _of_course(self) -> dict[str, Content]:
        """The files that are of the whole course and say something of these pages."""
        if not self._edits:
            return {}
        edits = self._edits.values()
        pages = [(edit.after, edit.key) for edit in edits]
        files = dict(self._found.reworded(pages, self._last.look, _touched_search))
        if any(edit.before.rev != edit.after.rev for edit in edits):
            known = self._site.pages | self._fresh
            revisions = revisions_of((page.id, page.rev) for page in known.values())
            files |= {file: data for file, data in revisions.items() if file in self._listed}
        return files | self._renamed()

    def _renamed(self) -> dict[str, bytes]:
        """The files of ways that call a page otherwise."""
        found: dict[str, bytes] = {}

        def read(file: str) -> bytes:
            if file in found:
                return found[file]
            try:
                data = (self._output / file).read_bytes()
            except OSError as error:
                raise _NotAsThoughtError from error
            if content_digest(data) != self._listed[file]:
                raise _NotAsThoughtError
            return data

        for edit in self._of_names:
            found |= renamed(edit.after, self._listed.keys(), read)
        return found

    # What the next build finds

    def remember(self) -> str:
        """Leave what was found out to the next build; the answer says why not, if so."""
        if self._edits:
            self._site.keep_others()
        self._cache.save()
        if self._cache.trouble:
            return self._cache.trouble
        try:
            if self._edits:
                cards = {edit.after.file: edit.after.card for edit in self._of_names}
                self._site.save_again(self._fresh, cards)
                self._found.save()
            assets = self._last.assets()
            settled = self._cache.settled
            self._last.save(self.checked, self._names, self._keys, assets, settled, self._same)
        except OSError as error:
            return f"nothing is remembered for the next build: {error}"
        return ""


def _touched() -> bytes:
    """A file that stays was touched: it has to be made from the course."""
    raise _NotAsThoughtError


def _touched_search(_: str) -> bytes:
    raise _NotAsThoughtError
