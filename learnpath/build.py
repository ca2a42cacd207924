"""The stages of a build, readable from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path

from msgspec.structs import replace

from learnpath.assets import find_assets
from learnpath.cache import Cache
from learnpath.checks import check
from learnpath.contents import Content, Kept, content_digest
from learnpath.cores import cores
from learnpath.course import Course, make_course
from learnpath.edits import mended
from learnpath.filenames import CONFIG_FILE
from learnpath.garbage import few_collections
from learnpath.ledger import orphans, read_ledger
from learnpath.library import Holdings, Library, Progress
from learnpath.lookup.index import Index, indexes_of
from learnpath.lookup.pieces import looked_up
from learnpath.lookup.remembering import RememberedSearch, search_stamp
from learnpath.plan import make_plan
from learnpath.problems import PLAIN_OFF, Place, Problem, Problems, Severity
from learnpath.recollection import Recollection, own_of, site_stamp
from learnpath.recording import Recorder
from learnpath.render import Renderer
from learnpath.rendering import Batch, render_all
from learnpath.results import BuildResult, CheckResult
from learnpath.theme import Theme, ThemeError, load
from learnpath.unchanged import Memory
from learnpath.write import write_site

_FEW_PAGES = 3000
"""Up to so many, the search is made while other processes make pages."""


def load_course(source: Path, *, drafts: bool = False) -> Course:
    """Read a course; what is wrong with it, `check_course` says."""
    return check_course(source, drafts=drafts).course


def check_course(
    source: Path,
    *,
    drafts: bool = False,
    rules: dict[str, str] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """Read a course and collect every problem in it. `rules` maps rule ids to levels."""
    library = Library(source, jobs=cores() if jobs is None else jobs)
    return checked(library.read(progress), drafts=drafts, rules=rules)


def checked(
    holdings: Holdings, *, drafts: bool, rules: dict[str, str] | None = None
) -> CheckResult:
    """The course of what was read, with every problem settled."""
    return _checked(make_course(holdings, drafts=drafts), holdings, rules)


def _checked(course: Course, holdings: Holdings, rules: dict[str, str] | None) -> CheckResult:
    problems = Problems(holdings.problems)
    problems.extend(check(course))
    problems.extend(_missing_words(course))
    if (ledger := read_ledger(holdings.root, problems)) is not None:
        problems.extend(orphans(ledger, make_course(holdings, drafts=True)))
    levels = dict.fromkeys(PLAIN_OFF, "off") if course.config.plain else {}
    settled = problems.settled({**levels, **course.config.rules, **(rules or {})})
    return CheckResult(settled, len(course.all_pages), len(course.checkpoints), lambda: course)


def _missing_words(course: Course) -> Iterator[Problem]:
    """A theme that is not there, and languages that it has no words for."""
    problems = Problems()
    place = Place(None if course.config.plain else CONFIG_FILE)
    try:
        theme = load(course.config.theme)
    except ThemeError as error:
        where = course.config.theme_place
        problems.add("invalid-value", where, str(error), "write theme: default")
        return iter(problems.all())
    for language in (course.config.language, *course.config.languages):
        if not theme.strings(language).known:
            problems.add(
                "invalid-value",
                place,
                f"the theme has no words in '{language}'; its buttons will be in English",
                "the theme's strings folder has one file a language; add one",
                Severity.INFO,
            )
    return iter(problems.all())


def load_theme(course: Course) -> Theme:
    """The course's theme, or the default one where that is not to be had (and told)."""
    try:
        return load(course.config.theme)
    except ThemeError:
        return load("default")


def build_site(
    source: Path,
    output: Path,
    *,
    drafts: bool = False,
    base_url: str = "",
    force: bool = False,
    clean: bool = False,
    jobs: int | None = None,
    cached: bool = True,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> BuildResult:
    """Build the site. Pages with problems are built all the same, and told in the result.

    What earlier builds found out is used where it still holds, unless the build is a clean one
    or not `cached`: the site is the same. `memory` is for a caller that asked it already.
    Raises OutputError where the folder cannot be written.
    """
    begun = time.perf_counter()
    jobs = cores() if jobs is None else jobs
    if cached and memory is None:
        memory = Memory(source, output, drafts=drafts, base_url=base_url)
        same = None if clean else memory.unchanged() or mended(memory, jobs=jobs)
        if same is not None:
            course = partial(load_course, source, drafts=drafts)
            return replace(same, checked=replace(same.checked, find=course))
    with few_collections():
        site = _Site(source, output, memory, jobs=jobs, clean=clean, progress=progress)
        site.read(drafts=drafts, base_url=base_url)
        spare = memory.spare if memory is not None else None
        files = write_site(output, site.files(), force=force, clean=clean, spare=spare)
        trouble = site.remember()
    seconds = time.perf_counter() - begun
    return BuildResult(
        site.checked, output, site.checked.pages, site.rendered, files, seconds, site.reasons,
        trouble,
    )  # fmt: skip


class _Site:
    """One build: read, then written, then remembered."""

    def __init__(
        self,
        source: Path,
        output: Path,
        memory: Memory | None,
        *,
        jobs: int,
        clean: bool,
        progress: Progress | None,
    ) -> None:
        self.rendered = 0
        self.reasons: dict[str, str] = {}
        self._source, self._output = source, output
        self._memory, self._jobs, self._clean = memory, jobs, clean
        self._progress = progress
        self._names: list[str] = []
        self._is_searched = False
        self._site: Recollection | None = None
        self._found: RememberedSearch | None = None
        self._cache = Cache(source, memory.salt) if memory is not None else None

    def read(self, *, drafts: bool, base_url: str) -> None:
        """Read the course, and plan its site."""
        if self._memory is not None:
            self._memory.last.inputs()  # as they are before they are read
        library = Library(self._source, jobs=self._jobs, cache=self._cache)
        holdings = library.read(self._progress)
        self._keys = library.keys
        if base_url:
            holdings = _with_url(holdings, base_url)
        self._holdings = holdings
        self._found = self._remembered_search(holdings)
        course = make_course(holdings, drafts=drafts)
        theme = load_theme(course)
        self._plan = make_plan(course, theme, find_assets(course, self._source))
        if self._memory is not None and self._cache is not None:
            stamp = site_stamp(self._memory.salt, theme, holdings.config)
            self._site = Recollection(self._source, self._output, stamp, self._cache)

    @cached_property
    def checked(self) -> CheckResult:
        """The course that was read, and everything that is wrong with it."""
        return _checked(self._plan.course, self._holdings, None)

    def _remembered_search(self, holdings: Holdings) -> RememberedSearch | None:
        if self._memory is None or self._cache is None:
            return None
        stamp = search_stamp(self._memory.salt, holdings.config)
        return RememberedSearch(self._source, self._output, stamp, self._cache)

    def files(self) -> Iterator[tuple[str, Content]]:
        """Every file of the site with its content; what stayed the same is only named."""
        plan = self._plan
        kept = self._kept()
        stale = [file for file in plan.items if file not in kept]
        record = self._memory is not None
        done = 0
        for batch in render_all(plan, stale, jobs=self._jobs, record=record):
            for made in batch.files:
                yield self._named(made.file), made.data
                done += 1
                if self._progress:
                    self._progress("writing", done, len(stale))
            self._made(batch)
            yield from self._meanwhile()
        yield from self._others(kept)

    def _meanwhile(self) -> Iterator[tuple[str, Content]]:
        """What this process does while others make pages. Not the search of a large course: what
        it needs of memory would come on top of theirs."""
        if not self._is_searched and self.checked.pages <= _FEW_PAGES:
            yield from self._searches()

    def _others(self, kept: Mapping[str, Kept]) -> Iterator[tuple[str, Content]]:
        """Every file that is no page to be made."""
        plan = self._plan
        for file, same in kept.items():
            yield self._named(file), same
        if not self._is_searched:
            yield from self._searches()
        for file, data in looked_up(plan).items():
            yield self._named(file), data
        for static in plan.statics.values():
            yield self._named(static.file), static.data
        for file, path in sorted({a.file: a.source for a in plan.assets.values()}.items()):
            yield self._named(file), self._source / path

    def _searches(self) -> Iterator[tuple[str, Content]]:
        """What the search of each language loads."""
        self._is_searched = True
        for index in indexes_of(self._plan):
            for file, content in self._search(index):
                yield self._named(file), content

    def _search(self, index: Index) -> Iterable[tuple[str, Content]]:
        if self._found is None or self._clean or self._memory is None:
            return index.whole()[0].items()
        return self._found.files(index, self._keys, self._memory.last.look)

    def _named(self, file: str) -> str:
        self._names.append(file)
        return file

    def _kept(self) -> dict[str, Kept]:
        """The files that need not be made; for the others, why they must be."""
        if self._memory is None or self._site is None or self._clean:
            return {}
        recorder = Recorder(self._plan)
        kept = {}
        for file, item in self._plan.items.items():
            reason = self._site.reason(item, recorder)
            if reason:
                self.reasons[file] = reason
                continue
            self._site.keep(file)
            left = self._memory.last.look(file)
            kept[file] = Kept(self._site.content(file), left, partial(self._make, file))
        return kept

    def _make(self, file: str) -> bytes:
        """A file that was touched, made again."""
        self.reasons[file] = "the file was touched"
        item = self._plan.items[file]
        self.rendered += item.kind == "page"
        return Renderer(self._plan).render(item)

    def _made(self, batch: Batch) -> None:
        items = [self._plan.items[made.file] for made in batch.files]
        self.rendered += sum(item.kind == "page" for item in items)
        if self._site is not None:
            made = [
                (one.file, own_of(item), content_digest(one.data), one.shows)
                for one, item in zip(batch.files, items, strict=True)
            ]
            self._site.note(made, batch.record)

    def remember(self) -> str:
        """Leave what was found out to the next build; the answer says why not, if so."""
        if self._memory is None or self._cache is None:
            return ""
        self._cache.save()
        if self._cache.trouble:
            return self._cache.trouble
        try:
            if self._site is not None:
                self._site.save(self._plan, self._keys)
            if self._found is not None:
                self._found.save()
            last = self._memory.last
            assets = [[a.source, a.file, a.width, a.height] for a in self._plan.assets.values()]
            last.save(self.checked, self._names, self._keys, assets, self._cache.settled)
        except OSError as error:
            return f"nothing is remembered for the next build: {error}"
        return ""


def _with_url(holdings: Holdings, url: str) -> Holdings:
    base = url if url.endswith("/") else url + "/"
    return replace(holdings, config=replace(holdings.config, url=base))


def summary_json(result: CheckResult) -> dict[str, object]:
    """The document that `check --format json` prints."""
    course = result.course
    return {
        "version": 1,
        "problems": [p.as_json() for p in result.problems],
        "summary": {
            "pages": len(course.all_pages),
            "checkpoints": len(course.checkpoints),
            "choices": sum(
                len(block.options) for page in course.pages for block in page.document.facts.choices
            ),
            "errors": result.errors,
            "warnings": result.warnings,
        },
    }
