"""The browser code by itself: its own tests under Node, and what it weighs."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from learnpath.build import build_site
from learnpath.theme import Theme
from support import COURSE, ROOT, node, write_course

KIB = 1024
_LOADED = re.compile(r'<(?:script src="([^"]+)"|link rel="stylesheet" href="([^"]+)">)')
"""What is loaded before the page is seen: not the styles for paper."""
_ISLAND = re.compile(r'id="learnpath-page">(\{"v".*?)</script>')


def test_the_browser_code_passes_its_tests() -> None:
    """Every file of tests/js, run by Node's own test runner."""
    tests = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
    assert tests
    ran = subprocess.run(
        [node(), "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample course, built."""
    folder = tmp_path_factory.mktemp("weighed") / "site"
    build_site(ROOT / "content", folder, jobs=1)
    return folder


def packed(path: Path) -> int:
    """The size of a file as a host sends it."""
    return len(gzip.compress(path.read_bytes(), 9))


@pytest.fixture(scope="module")
def worded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that shows what the learner wrote, built."""
    folder = tmp_path_factory.mktemp("weighed")
    files = {
        "course.yml": COURSE,
        "index.md": "# Start\n\n[On](on.md)\n",
        "on.md": "# On\n\n::journal\n",
    }
    return build_site(write_course(folder / "course", files), folder / "site", jobs=1).output


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that has every kind of page and of checkpoint, built."""
    folder = tmp_path_factory.mktemp("weighed") / "small"
    build_site(ROOT / "tests" / "cases" / "arrangements" / "course", folder, jobs=1)
    return folder


def test_the_scripts_of_every_content_page_stay_small(
    site: Path, small: Path, worded: Path
) -> None:
    """At most 15 KiB, packed; where there is nothing to do but read, at most 8."""
    for root in (site, small, worded):
        for page in root.rglob("*.html"):
            html = page.read_text("utf-8")
            if '<article class="page">' not in html:
                continue
            own = page.relative_to(root).as_posix()
            names = [urljoin(own, script) for script, _ in _LOADED.findall(html) if script]
            sizes = {name: packed(root / urlsplit(name).path) for name in names}
            reads_only = len(names) == 1
            assert sum(sizes.values()) <= (8 if reads_only else 15) * KIB, (own, sizes)


@pytest.mark.parametrize("kind", ["goal", "dialogue"])
def test_an_aim_or_a_conversation_alone_has_its_looks(tmp_path: Path, kind: str) -> None:
    """Its style sheet is there although nothing on the page is arranged."""
    page = f"# One\n\n::: {kind} {{#asked}}\nWhat?\n\n- Minutes 0-3, both: tell it.\n:::\n"
    files = {
        "course.yml": COURSE,
        "index.md": page if kind == "dialogue" else page.replace("- ", ""),
    }
    site = build_site(write_course(tmp_path / "course", files), tmp_path / "site", jobs=1).output
    html = (site / "index.html").read_text("utf-8")
    assert "assets/arrange." in html and ".css" in html.split("assets/arrange.")[1][:20]


def test_the_first_view_of_every_page_stays_small(site: Path) -> None:
    """HTML, styles for the screen and scripts of a content page: at most 30 KiB, packed.

    A page with the drawing of the whole course in it may be as heavy as its map.
    """
    heavy = {}
    for page in site.rglob("*.html"):
        html = page.read_text("utf-8")
        if '<article class="page">' not in html or "map-drawing" in html:
            continue
        own = page.relative_to(site).as_posix()
        names = [own, *(urljoin(own, script or style) for script, style in _LOADED.findall(html))]
        sizes = {name: packed(site / urlsplit(name).path) for name in names}
        if sum(sizes.values()) > 30 * KIB:
            heavy[own] = sizes
    assert not heavy


def test_what_is_loaded_later_is_named_emitted_and_small(site: Path) -> None:
    """A page names the bundles it may load later, with those of its own places, and loads none of
    them by itself; each is there, and at most 8 KiB, packed."""
    names = Theme("default").later
    for page in (site / "index.html", *site.glob("*/*.html")):
        html = page.read_text("utf-8")
        if (found := _ISLAND.search(html)) is None:
            continue
        files = json.loads(found[1]).get("later", {})
        places = {*re.findall(r'data-near="([\w-]+)"', html)}
        places |= {"branch"} if "data-choices=" in html else set()
        own = tuple(sorted(name for name in places if f"assets/{name}." not in html))
        assert tuple(files) == names + (own if "assets/near." in html else ()), page
        for file in files.values():
            assert f"assets/{file}" not in html, page
            assert packed(site / "assets" / file) <= 8 * KIB, file


def test_every_page_describes_itself(site: Path) -> None:
    """Search engines and link previews get a sentence, from generated pages as well."""
    silent = [
        str(page.relative_to(site))
        for page in site.rglob("*.html")
        if 'name="description"' not in (text := page.read_text("utf-8"))
        and 'http-equiv="refresh"' not in text
    ]
    assert silent == ["404.html"]


def test_a_plain_folder_has_the_scripts_of_its_choices_and_maps(tmp_path: Path) -> None:
    """It keeps no words, so nothing tells it what comes near: they are loaded at once."""
    page = (
        "# A\n\n::: hint\nLook.\n:::\n\n::: choices Where?\n- [On](b.md)\n- [Back](b.md)\n:::\n\n"
    )
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "index.md").write_text(page + "::journal\n\n::map\n", "utf-8")
    (tmp_path / "course" / "b.md").write_text("# B\n", "utf-8")
    html = (build_site(tmp_path / "course", tmp_path / "site").output / "index.html").read_text(
        "utf-8"
    )
    assert "assets/branch." in html
    assert "assets/map." in html
