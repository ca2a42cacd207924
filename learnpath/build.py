"""The stages of a build, readable from top to bottom."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from learnpath.cache import Cache
from learnpath.cores import cores
from learnpath.garbage import few_collections
from learnpath.library import Holdings, Library, Progress
from learnpath.results import BuildResult, CheckResult
from learnpath.unchanged import Memory
from learnpath.write import write_site

if TYPE_CHECKING:
    from learnpath.course import Course


def _load_making() -> None:
    """What comes after reading is loaded while other processes read the first pages."""
    import learnpath.making  # noqa: F401
    from learnpath.assets import load_sizes

    load_sizes()


def _make_ready(library: Library) -> None:
    """So is what else a site needs, whatever its pages hold."""
    _load_making()
    from learnpath.making import make_ready

    if library.found is not None:
        make_ready(library.found.config)


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
    holdings = library.read(progress, meanwhile=_load_making)
    from learnpath.making import checked

    return checked(holdings, drafts=drafts, rules=rules)


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
        same = None if clean else memory.unchanged() or mended_site(memory, jobs)
        if same is not None:
            course = partial(load_course, source, drafts=drafts)
            return replace(same, checked=replace(same.checked, find=course))
    with few_collections():
        cache = None
        if memory is not None:
            memory.last.inputs()  # as they are before they are read
            cache = Cache(source, memory.salt)
        library = Library(source, jobs=jobs, cache=cache)
        read = library.read(progress, meanwhile=partial(_make_ready, library))
        holdings = _with_url(read, base_url)
        from learnpath.making import Making

        site = Making(
            holdings, library.keys, output, memory, cache,
            drafts=drafts, jobs=jobs, clean=clean, progress=progress,
        )  # fmt: skip
        spare = memory.spare if memory is not None else None
        files = write_site(output, site.files(), force=force, clean=clean, spare=spare)
        trouble = site.remember()
    seconds = time.perf_counter() - begun
    # To take a large course apart takes as long as a small edit: it goes with the result.
    checked = replace(site.checked, find=site.course)
    return BuildResult(
        checked, output, checked.pages, site.rendered, files, seconds, site.reasons,
        trouble,
    )  # fmt: skip


def mended_site(memory: Memory, jobs: int) -> BuildResult | None:
    """The build, where it comes to mending a few pages of the last one's site."""
    changed = memory.last.rewritten()
    if changed is None:
        return None
    from learnpath.edits import mended

    return mended(memory, changed, jobs=jobs)


def _with_url(holdings: Holdings, url: str) -> Holdings:
    if not url:
        return holdings
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
