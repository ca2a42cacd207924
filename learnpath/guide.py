"""The facilitator's guide: one more site from the same source."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from learnpath.assets import find_assets
from learnpath.cores import cores
from learnpath.course import make_course
from learnpath.library import Library, Progress
from learnpath.making import checked, load_theme
from learnpath.page import Page
from learnpath.plan import SitePlan, make_guide_plan
from learnpath.render import Renderer
from learnpath.results import BuildResult
from learnpath.write import write_site


def build_guide(
    source: Path,
    output: Path,
    *,
    drafts: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Build the guide. The problems are those of the learners' course.

    Raises OutputError where the folder cannot be written.
    """
    begun = time.perf_counter()
    holdings = Library(source, jobs=cores()).read(progress)
    result = checked(holdings, drafts=drafts)
    cleared = replace(holdings, pages=_moved(holdings.pages))
    course = make_course(cleared, drafts=drafts, guide=True)
    assets = find_assets(course, source, guide=True)
    plan = make_guide_plan(course, load_theme(course), assets)
    files = write_site(output, _files(plan, source), force=force)
    pages = len(course.all_pages)
    return BuildResult(result, output, pages, pages, files, time.perf_counter() - begun)


def _moved(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The pages, with those at the front moved aside: the guide's own front lies there."""
    taken = {page.file.casefold() for page in pages}
    fronts = {f"{prefix}index.html" for prefix in ("", *(f"{p.language}/" for p in pages))}
    return tuple(
        replace(page, file=_free(page.file, taken)) if page.file in fronts else page
        for page in pages
    )


def _free(file: str, taken: set[str]) -> str:
    name = file.removesuffix("index.html") + "start"
    while f"{name}.html".casefold() in taken:
        name += "-"
    return f"{name}.html"


def _files(plan: SitePlan, source: Path) -> Iterator[tuple[str, bytes | Path]]:
    renderer = Renderer(plan)
    for file, item in plan.items.items():
        yield file, renderer.render(item)
    for static in plan.statics.values():
        yield static.file, static.data
    for file, path in sorted({a.file: a.source for a in plan.assets.values()}.items()):
        yield file, source / path
