"""The map: its sheets, its list and its drawing, from one model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import pytest

from learnpath.atlas import MOST_PAGES, mapped, parts_of
from learnpath.build import build_site, load_course
from learnpath.course import Course
from learnpath.drawing import DrawnEdge, layout
from learnpath.exporters import FORMATS, export_map
from learnpath.page import Page
from support import ROOT, write_course

Way = tuple[str, str, str]
"""Type, origin, target."""


def course_of(folder: Path, pages: dict[str, str]) -> Path:
    return write_course(folder, {"course.yml": "title: Large\nid: large\n", **pages})


def ways_of(course: Course, pages: Sequence[Page]) -> dict[Way, None]:
    """The ways that the map shows from these pages, in order of writing."""
    return {
        (way.type, page.id, way.target.id): None
        for page in pages
        for way in course.ways_from(page.id, course.config.language)
    }


def page_text(title: str, *links: str, topic: str = "") -> str:
    front = f"---\ntopics: [{topic}]\n---\n\n" if topic else ""
    ways = "".join(f"- [On]({link})\n" for link in links)
    choices = f"\n::: choices Where to?\n\n{ways}\n:::\n" if links else ""
    return f"{front}# {title}\n{choices}"


def chain(count: int, folder: int = 0, topics: int = 0) -> dict[str, str]:
    """Pages that lead one to the next; so many to a folder, or under so many topics in turn."""
    names = [f"f{n // folder:02}/p{n:04}.md" if folder else f"p{n:04}.md" for n in range(count)]
    pages = {"index.md": page_text("Start", names[0])}
    for at, name in enumerate(names):
        following = f"/{names[at + 1]}" if at + 1 < count else "/index.md"
        topic = f"t{at % topics}" if topics else ""
        pages[name] = page_text(f"Page {at}", following, topic=topic)
    return pages


def listed_ways(html: str) -> Iterator[Way]:
    """From page to page, as the map's list has them."""
    for entry in html.split('<li class="map-entry"')[1:]:
        origin = re.search(r'id="at-([^"]+)"', entry)
        assert origin is not None
        ways = entry.partition('<ul class="map-edges">')[2].partition("</ul>")[0]
        for kind, target in re.findall(r'map-edge edge-(\w+)".*?data-page="([^"]+)"', ways, re.S):
            yield kind, origin[1], target


def drawn_ways(html: str) -> Iterator[Way]:
    yield from re.findall(r'edge-(\w+)" data-from="([^"]+)" data-to="([^"]+)"', html)


def sheets(site: Path) -> list[str]:
    found = [site / "map.html", *sorted((site / "map").glob("*.html"))]
    return [path.read_text("utf-8") for path in found]


@pytest.mark.parametrize("source", ["sample", "chained", "hub"])
def test_list_and_drawing_say_the_same(source: str, tmp_path: Path) -> None:
    """On each sheet the list and the drawing have the same ways; together they have all."""
    hub = {f"p{n}.md": page_text(f"Page {n}") for n in range(400)}
    root = {
        "sample": ROOT / "content",
        "chained": course_of(tmp_path / "chained", chain(400, folder=40)),
        "hub": course_of(tmp_path / "hub", {"index.md": page_text("Start", *hub), **hub}),
    }[source]
    course = build_site(root, tmp_path / "site", jobs=1).checked.course
    found: set[Way] = set()
    for html in sheets(tmp_path / "site"):
        if 'id="at-' not in html:
            continue
        assert set(listed_ways(html)) == set(drawn_ways(html))
        found |= set(listed_ways(html))
    shown = {page.id for page in mapped(course)}
    assert found == {
        (edge.type, edge.origin, edge.target)
        for edge in course.edges
        if {edge.origin, edge.target} <= shown and edge.origin != edge.target
    }


@pytest.mark.parametrize(
    ("pages", "count"),
    [
        (chain(100), 0),
        (chain(400, folder=40), 11),
        (chain(400, topics=4), 5),
        (chain(400), 5),
    ],
    ids=["small", "folders", "topics", "neither"],
)
def test_a_large_course_is_mapped_in_parts(
    pages: dict[str, str], count: int, tmp_path: Path
) -> None:
    """Folders part it, or topics, or the order of pages; every page lies in one part."""
    course = load_course(course_of(tmp_path, pages))
    parts = parts_of(course, "en")
    assert len(parts) == count
    assert all(len(part.pages) <= MOST_PAGES for part in parts)
    assert len({part.name for part in parts}) == count
    if parts:
        shown = [page.id for part in parts for page in part.pages]
        assert sorted(shown) == sorted(page.id for page in mapped(course))


def test_a_page_leads_to_its_place_on_the_map(tmp_path: Path) -> None:
    """The header's link to the map goes to the sheet and the entry of the page."""
    build_site(course_of(tmp_path / "c", chain(400, folder=40)), tmp_path / "site", jobs=1)
    page = (tmp_path / "site" / "f03" / "p0120.html").read_text("utf-8")
    assert 'href="../map/f03.html#at-f03/p0120"' in page
    assert 'id="at-f03/p0120"' in (tmp_path / "site" / "map" / "f03.html").read_text("utf-8")


def test_one_page_more_moves_few_others() -> None:
    """The drawing's rows keep their order when a page comes or goes."""
    course = load_course(ROOT / "content")
    edges = [
        DrawnEdge(origin, target, kind) for kind, origin, target in ways_of(course, course.pages)
    ]
    names = [page.id for page in course.pages]
    assert course.start is not None
    whole = layout(names, edges, course.start.id)
    shares = [_flipped(whole, _without(name, names, edges, course.start.id)) for name in names[1:]]
    assert median(shares) < 0.05
    assert max(shares) < 0.25


def _without(
    name: str, names: list[str], edges: list[DrawnEdge], start: str
) -> dict[str, tuple[int, int]]:
    left = [edge for edge in edges if name not in (edge.origin, edge.target)]
    return layout([other for other in names if other != name], left, start)


def _flipped(one: dict[str, tuple[int, int]], other: dict[str, tuple[int, int]]) -> float:
    """The share of neighbours in one row of both that stand the other way round."""
    pairs = [
        (a, b)
        for a in other
        for b in other
        if a < b and one[a][1] == one[b][1] and other[a][1] == other[b][1]
    ]
    flips = sum((one[a][0] < one[b][0]) != (other[a][0] < other[b][0]) for a, b in pairs)
    return flips / max(len(pairs), 1)


def ways_in(form: str, course: Course) -> set[Way]:
    """From page to page with their types, as a form of `learnpath map` has them."""
    text = export_map(course, form)
    names = {f"p{at}": page.id for at, page in enumerate(course.pages)}
    match form:
        case "json":
            return {(e["type"], e["from"], e["to"]) for e in json.loads(text)["edges"]}
        case "svg":
            return set(drawn_ways(text))
        case "dot":
            found = re.findall(r'"([^"]+)" -> "([^"]+)" \[label="(\w+)"', text)
            return {(kind, origin, target) for origin, target, kind in found}
        case "mermaid":
            found = re.findall(r"^    (p\d+) (\S+?)(?:\|(\w+)\|)? (p\d+)$", text, re.M)
            plain = {"==>": "choice", "-->": "link"}
            return {(k or plain[arrow], names[a], names[b]) for a, arrow, k, b in found}
        case _:
            origin, ways = "", set()
            for line in text.splitlines():
                if line.startswith("    "):
                    kind, target = line.split()[:2]
                    ways.add((kind, origin, target))
                else:
                    origin = line.partition(":")[0]
            return ways


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_of_the_map_has_the_same_ways(form: str) -> None:
    """Text, JSON, SVG, Mermaid and dot have the course's edges, all of them and no others."""
    course = load_course(ROOT / "content")
    wanted = {(e.type, e.origin, e.target) for e in course.edges if e.origin != e.target}
    assert len(wanted) > 100
    assert {way for way in ways_in(form, course) if way[1] != way[2]} == wanted
