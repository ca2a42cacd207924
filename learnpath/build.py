"""The stages of a build, readable from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from learnpath.assets import find_assets
from learnpath.checks import check
from learnpath.config import CONFIG_FILE
from learnpath.course import Course, make_course
from learnpath.ledger import orphans, read_ledger
from learnpath.library import Holdings, Library, Progress, cores
from learnpath.plan import SitePlan, make_plan
from learnpath.problems import PLAIN_OFF, Place, Problem, Problems, Severity
from learnpath.render import Renderer
from learnpath.theme import Theme, ThemeError
from learnpath.write import Written, write_site


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A course and everything that is wrong with it."""

    course: Course
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        return sum(p.severity is Severity.ERROR for p in self.problems)

    @property
    def warnings(self) -> int:
        return sum(p.severity is Severity.WARNING for p in self.problems)


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did. `seconds` is wall time; `pages` and `rendered` count source pages."""

    checked: CheckResult
    output: Path
    pages: int
    rendered: int
    files: Written
    seconds: float


def find_course(source: Path) -> Path:
    """The course's folder: the one named, or its `content` where only that has a course."""
    inner = source / "content"
    if not (source / "course.yml").is_file() and (inner / "course.yml").is_file():
        return inner
    return source


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
    course = make_course(holdings, drafts=drafts)
    problems = Problems(holdings.problems)
    problems.extend(check(course))
    problems.extend(_missing_words(course))
    if (ledger := read_ledger(holdings.root, problems)) is not None:
        problems.extend(orphans(ledger, make_course(holdings, drafts=True)))
    levels = dict.fromkeys(PLAIN_OFF, "off") if course.config.plain else {}
    settled = problems.settled({**levels, **course.config.rules, **(rules or {})})
    return CheckResult(course, settled)


def _missing_words(course: Course) -> Iterator[Problem]:
    """A theme that is not there, and languages that it has no words for."""
    problems = Problems()
    place = Place(None if course.config.plain else CONFIG_FILE)
    try:
        theme = Theme(course.config.theme)
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
        return Theme(course.config.theme)
    except ThemeError:
        return Theme("default")


def build_site(
    source: Path,
    output: Path,
    *,
    drafts: bool = False,
    base_url: str = "",
    force: bool = False,
    clean: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Build the site. Pages with problems are built all the same, and told in the result.

    Raises OutputError where the folder cannot be written.
    """
    begun = time.perf_counter()
    library = Library(source, jobs=cores() if jobs is None else jobs)
    holdings = library.read(progress)
    if base_url:
        holdings = _with_url(holdings, base_url)
    result = checked(holdings, drafts=drafts)
    course = result.course
    plan = make_plan(course, load_theme(course), find_assets(course, source))
    files = write_site(output, _site_files(plan, source, progress), force=force, clean=clean)
    pages = len(course.all_pages)
    return BuildResult(result, output, pages, pages, files, time.perf_counter() - begun)


def _with_url(holdings: Holdings, url: str) -> Holdings:
    base = url if url.endswith("/") else url + "/"
    return replace(holdings, config=replace(holdings.config, url=base))


def _site_files(
    plan: SitePlan, source: Path, progress: Progress | None
) -> Iterator[tuple[str, bytes | Path]]:
    renderer = Renderer(plan)
    for at, (file, item) in enumerate(plan.items.items(), start=1):
        yield file, renderer.render(item)
        if progress:
            progress("writing", at, len(plan.items))
    for static in plan.statics.values():
        yield static.file, static.data
    for file, path in sorted({a.file: a.source for a in plan.assets.values()}.items()):
        yield file, source / path


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


def build_json(result: BuildResult) -> dict[str, object]:
    """The document that `build --format json` prints."""
    return {
        "version": 1,
        "pages": result.pages,
        "rendered": result.rendered,
        "written": result.files.written,
        "unchanged": result.files.unchanged,
        "removed": result.files.removed,
        "seconds": round(result.seconds, 3),
        "problems": [p.as_json() for p in result.checked.problems],
    }
