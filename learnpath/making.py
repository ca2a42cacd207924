"""What was read → a site: checked, planned, made and remembered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from learnpath.assets import find_assets
from learnpath.cache import Cache
from learnpath.checks import CHECKS
from learnpath.config import Config
from learnpath.contents import Content, Kept
from learnpath.course import Course, make_course
from learnpath.filenames import CONFIG_FILE
from learnpath.ledger import orphans, read_ledger
from learnpath.library import Holdings, Progress
from learnpath.lookup.index import Index, indexes_of
from learnpath.lookup.pieces import LOOKED_UP
from learnpath.lookup.remembering import RememberedSearch, search_stamp
from learnpath.plan import make_plan
from learnpath.problems import PLAIN_OFF, Place, Problem, Problems, Severity
from learnpath.recollection import Recollection, own_of, site_stamp
from learnpath.recording import Recorder
from learnpath.render import Renderer
from learnpath.rendering import Batch, render_all
from learnpath.results import CheckResult
from learnpath.stages import InStages, at_once
from learnpath.theme import Theme, ThemeError, load
from learnpath.unchanged import Memory

_Work = Iterator[tuple[str, Content] | None]
"""Files with what they hold, as they are made; None where there is time for something else."""


def checked(
    holdings: Holdings, *, drafts: bool, rules: dict[str, str] | None = None
) -> CheckResult:
    """The course of what was read, with every problem settled."""
    return at_once(_checking(make_course(holdings, drafts=drafts), holdings, rules))


def _checking(
    course: Course, holdings: Holdings, rules: dict[str, str] | None
) -> InStages[CheckResult]:
    """The same of a course."""
    problems = Problems(holdings.problems)
    for rule in CHECKS:
        problems.extend(rule(course))
        yield
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


def make_ready(config: Config) -> None:
    """Do now what a site needs whatever its pages hold."""
    with suppress(ThemeError):
        theme = load(config.theme)
        for language in (config.language, *config.languages):
            theme.make_ready(language)


class Making:
    """One site: planned, then made file by file, then remembered."""

    def __init__(
        self,
        holdings: Holdings,
        keys: dict[str, str],
        output: Path,
        memory: Memory | None,
        cache: Cache | None,
        *,
        drafts: bool,
        jobs: int,
        clean: bool,
        progress: Progress | None,
    ) -> None:
        """`keys` are under which key the cache has each page, by its source."""
        self.checked: CheckResult
        """The course that was read, and everything that is wrong with it; found while files are
        made."""
        self.rendered = 0
        self.reasons: dict[str, str] = {}
        self._holdings, self._keys, self._output = holdings, keys, output
        self._memory, self._cache = memory, cache
        self._jobs, self._clean, self._progress = jobs, clean, progress
        self._names: list[str] = []
        course = make_course(holdings, drafts=drafts)
        theme = load_theme(course)
        self._plan = make_plan(course, theme, find_assets(course, holdings.root))
        self._site: Recollection | None = None
        self._found: RememberedSearch | None = None
        if memory is not None and cache is not None:
            root, config = holdings.root, holdings.config
            site, search = site_stamp(memory.salt, theme, config), search_stamp(memory.salt, config)
            self._site = Recollection(root, output, site, cache)
            self._found = RememberedSearch(root, output, search, cache)

    def course(self) -> Course:
        """The course; who keeps this method keeps all that was made of it."""
        return self._plan.course

    def files(self) -> Iterator[tuple[str, Content]]:
        """Every file of the site with its content; what stayed the same is only named."""
        for one in self._files():
            if one is not None:
                self._names.append(one[0])
                yield one

    def _files(self) -> _Work:
        plan = self._plan
        kept = self._kept()
        stale = [file for file in plan.items if file not in kept]
        others, found = self._others(), list[tuple[str, Content]]()

        def meanwhile() -> bool:
            for one in others:
                if one is None:
                    return True
                found.append(one)
            return False

        record = self._memory is not None
        done = 0
        for batch in render_all(plan, stale, jobs=self._jobs, record=record, meanwhile=meanwhile):
            for one in batch.files:
                yield one.file, one.made
                done += 1
                if self._progress:
                    self._progress("writing", done, len(stale))
            self._note(batch)
            yield from found
            found.clear()
        yield from kept.items()
        yield from others

    def _others(self) -> _Work:
        """What no renderer makes: what is wrong with the course, and other files."""
        plan = self._plan
        self.checked = yield from _checking(plan.course, self._holdings, None)
        _ = plan.deciding
        yield None
        for index in indexes_of(plan):
            yield from self._search(index)
        for files in LOOKED_UP:
            yield from files(plan).items()
            yield None
        yield from ((static.file, static.data) for static in plan.statics.values())
        assets = {asset.file: asset.source for asset in plan.assets.values()}
        yield from ((file, self._holdings.root / path) for file, path in sorted(assets.items()))

    def _search(self, index: Index) -> _Work:
        """What the search of a language loads."""
        if self._found is None or self._clean or self._memory is None:
            yield from index.files()
        else:
            yield from self._found.files(index, self._keys, self._memory.last.look)

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
        recorder.forget()
        return kept

    def _make(self, file: str) -> bytes:
        """A file that was touched, made again."""
        self.reasons[file] = "the file was touched"
        item = self._plan.items[file]
        self.rendered += item.kind == "page"
        return Renderer(self._plan).render(item)

    def _note(self, batch: Batch) -> None:
        """Some files were made."""
        items = [self._plan.items[one.file] for one in batch.files]
        self.rendered += sum(item.kind == "page" for item in items)
        if self._site is not None:
            made = [
                (one.file, own_of(item), one.made.content, one.shows)
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
