"""Whole courses: a folder each, with what is to come of it.

`expected/` holds what is looked at: pages as the plain theme shows them (`a/b.html`), `check.json`
(the problems; without it there are none), `map.json`, `files.txt` (every file of the site but the
theme's, digests as `*`). `LEARNPATH_UPDATE=1` rewrites the files that are there: make an empty one
to look at something more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest

from learnpath.assets import find_assets
from learnpath.build import check_course
from learnpath.exporters import export_map
from learnpath.plan import SitePlan, make_plan
from learnpath.render import Renderer
from learnpath.write import read_manifest
from plain_theme import PlainTheme
from support import UPDATE, Built, case_folders, unbalanced

CASES = list(case_folders("cases"))
_DIGEST = re.compile(r"\.[0-9a-f]{10}(?=\.)")

cases = pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)


@cases
def test_a_course_becomes_this(folder: Path) -> None:
    """Each expected file is as the course makes it, and each is used."""
    found = _made(folder / "course")
    expected = sorted(p for p in (folder / "expected").rglob("*") if p.is_file())
    names = [path.relative_to(folder / "expected").as_posix() for path in expected]
    assert not set(names) - set(found), "expected files that nothing makes"
    if "check.json" not in names:
        assert found["check.json"] == "[]\n"
    for name, path in zip(names, expected, strict=True):
        if UPDATE:
            path.write_text(found[name], "utf-8", newline="\n")
        assert found[name] == path.read_text("utf-8"), name


def _made(course: Path) -> Mapping[str, str]:
    """Everything that may be expected of a course, by name."""
    result = check_course(course, jobs=1)
    assets = find_assets(result.course, course)
    plan = make_plan(result.course, PlainTheme("default"), assets)
    renderer = Renderer(plan)
    found = {file: renderer.render(item).decode() for file, item in plan.items.items()}
    problems = [problem.as_json() for problem in result.problems]
    return {name: _DIGEST.sub(".*", text) for name, text in found.items()} | {
        "check.json": _json(problems),
        "map.json": export_map(result.course, "json"),
        "files.txt": _files(plan),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _files(plan: SitePlan) -> str:
    assets = {_DIGEST.sub(".*", asset.file) for asset in plan.assets.values()}
    return "".join(f"{name}\n" for name in sorted({*plan.items, *assets}))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "poster") and value:
                self.hrefs.append(value)
            elif name == "id" and value is not None:
                self.ids.append(value)


@cases
def test_a_built_site_holds_together(folder: Path, built: Built) -> None:
    """In the real theme tags are balanced, ids are unique, and every link of the site's own leads
    to a file and an id that are there."""
    result = built(folder / "course")
    files = set(read_manifest(result.output))
    pages = {}
    for name in sorted(files):
        if name.endswith(".html"):
            html = (result.output / name).read_text("utf-8")
            if not folder.name.startswith("html-"):
                assert not unbalanced(html), name
            pages[name] = _Links()
            pages[name].feed(html)
    for name, page in pages.items():
        assert len(set(page.ids)) == len(page.ids), f"{name}: {sorted(page.ids)}"
        for href in page.hrefs:
            if re.match(r"[a-z]+:|//", href) or name == "404.html":
                continue
            path, _, anchor = href.partition("#")
            target = unquote(urljoin(f"/{name}", path)).lstrip("/") if path else name
            target = target.partition("?")[0]
            assert target in files, f"{name} links to {href}"
            if anchor and target in pages:
                assert unquote(anchor) in pages[target].ids, f"{name} links to {href}"
