"""The course graph: order, edges, what can be reached, what leads on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from learnpath import Course, check_course, load_course
from learnpath.checks.graph import circles
from support import write_course

CONFIG = "title: A course\nid: a-course\n"


def course_of(folder: Path, files: Mapping[str, str], config: str | None = CONFIG) -> Course:
    pages = {f"{name}.md": text for name, text in files.items()}
    return load_course(write_course(folder, pages | ({"course.yml": config} if config else {})))


def edges(course: Course) -> list[tuple[str, str, str]]:
    return [(edge.origin, edge.type, edge.target) for edge in course.edges]


def page(front: str = "", body: str = "Text.") -> str:
    return f"---\n{front}\n---\n\n{body}\n"


@pytest.mark.parametrize(
    ("config", "order"),
    [
        (CONFIG, ["index", "a", "b2", "b10", "c", "c/x", "d/y"]),
        (CONFIG + "order: [d, b10]\n", ["index", "d/y", "b10", "a", "b2", "c", "c/x"]),
        (CONFIG + "order: [c/x, c]\n", ["index", "c/x", "c", "a", "b2", "b10", "d/y"]),
        (CONFIG + "order: [c/]\n", ["index", "c", "c/x", "a", "b2", "b10", "d/y"]),
        (CONFIG + "start: b2\n", ["b2", "index", "a", "b10", "c", "c/x", "d/y"]),
        (CONFIG + "order: [nowhere]\n", ["index", "a", "b2", "b10", "c", "c/x", "d/y"]),
    ],
)
def test_order(config: str, order: list[str], tmp_path: Path) -> None:
    """The start first, then what `order:` lists, page or folder, then the rest by name with
    numbers counted; a folder's own page before what is in it."""
    names = ["b10", "b2", "a", "index", "c/index", "c/x", "d/y"]
    course = course_of(tmp_path, dict.fromkeys(names, "Text.\n"), config)
    assert [p.id for p in course.pages] == order


@pytest.mark.parametrize(
    ("config", "start"),
    [(CONFIG, "index"), (CONFIG + "start: b\n", "b"), (CONFIG + "start: old\n", "b")],
)
def test_the_start(config: str, start: str, tmp_path: Path) -> None:
    """`start:`, by an id of today or a former one; else the index."""
    course = course_of(tmp_path, {"index": "x", "b": page("aliases: [old]")}, config)
    assert course.start is not None and course.start.id == start


def test_without_an_index_the_first_page_is_the_start(tmp_path: Path) -> None:
    """A course without an index begins with its first page; an empty one has no start."""
    assert load_course(tmp_path / "nowhere").start is None
    course = course_of(tmp_path, {"b": "x", "a": "x"})
    assert course.start is not None and course.start.id == "a"


def test_every_type_of_edge(tmp_path: Path) -> None:
    """Choices, links, relations in text and front matter, prerequisites and gates."""
    front = (
        "builds_on: [a]\nrequires: visited('a') and answered('q')\nbecause: So.\n"
        "related: {case: [a], contrasts: [b], perspective: [a], deepens: [b], detour: [a]}"
    )
    body = (
        "[l](a.md) [d](a.md){rel=detour} [c](a.md){rel=case} [[b]]\n\n"
        "::: choices\n\n- [x](b.md){when=\"visited('a')\"}\n- stay\n\n:::\n"
    )
    files = {"index": page(front, body), "a": "x", "b": "::: reflect {#q}\n\nWhy?\n\n:::\n"}
    course = course_of(tmp_path, files)
    assert edges(course) == [
        ("index", "builds_on", "a"),
        ("index", "requires", "a"),
        ("index", "requires", "b"),
        ("index", "case", "a"),
        ("index", "contrasts", "b"),
        ("index", "perspective", "a"),
        ("index", "deepens", "b"),
        ("index", "detour", "a"),
        ("index", "link", "a"),
        ("index", "detour", "a"),
        ("index", "case", "a"),
        ("index", "link", "b"),
        ("index", "choice", "b"),
    ]
    assert [edge.when for edge in course.edges if edge.type == "choice"] == ["visited('a')"]


def test_some_edges_come_in_the_order_of_all(tmp_path: Path) -> None:
    """By source: a page stands elsewhere in the course's own order."""
    files = {"index": "x", "p2": "[a](a.md) [index](index.md)", "p10": "[a](a.md)", "a": "x"}
    course = course_of(tmp_path, files)
    some = course.edges_where(lambda edge: edge.target == "a")
    assert [edge.origin for edge in some] == ["p10", "p2"]
    assert some == tuple(edge for edge in course.edges if edge.target == "a")


def test_what_makes_no_edge(tmp_path: Path) -> None:
    """Outside links, files, broken links and what is for facilitators make none."""
    body = (
        "[x](https://example.org) [x](x.txt) [x](nowhere.md) <a@example.org>\n\n"
        "::: facilitator\n\n[x](a.md)\n\n:::\n"
    )
    write_course(tmp_path, {"x.txt": "x"})
    assert edges(course_of(tmp_path, {"index": body, "a": "x"})) == []


def test_a_link_in_an_include_is_the_page_s(tmp_path: Path) -> None:
    """The edge begins at the page that includes, and is written in the included file."""
    write_course(tmp_path, {"_x.md": "\n\n[x](a.md)\n"})
    course = course_of(tmp_path, {"index": "::include[_x.md]\n", "a": "x"})
    (edge,) = course.edges
    assert (edge.origin, edge.target, edge.place.path, edge.place.line) == (
        "index",
        "a",
        "_x.md",
        3,
    )


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        ("[x](a.md)", True),
        ("[x](a.md){rel=detour}", True),
        ("[x](a.md){rel=contrasts}", True),
        ("[[a]]", True),
        ("::: choices\n\n- [x](a.md)\n\n:::", True),
        ("::: when told\n\n[x](a.md)\n\n:::", True),
        ("::: hint\n\n[x](a.md)\n\n:::", True),
        ("A footnote[^1].\n\n[^1]: [x](a.md)", True),
        ("| a |\n|---|\n| [x](a.md) |", True),
        ("::: facilitator\n\n[x](a.md)\n\n:::", False),
        ("`[x](a.md)`", False),
        ("<!-- [x](a.md) -->", False),
        ("nothing", False),
    ],
)
def test_reachable(kind: str, reached: bool, tmp_path: Path) -> None:
    """A page is reached by what a learner can follow, wherever on the page it stands."""
    config = CONFIG + "state: {told: false}\n"
    course = course_of(tmp_path, {"index": kind + "\n", "a": "[x](index.md)"}, config)
    assert ("a" in course.reachable) is reached
    assert (course.unreachable == ()) is reached


@pytest.mark.parametrize("front", ["builds_on: [index]", "requires: visited('index')\nbecause: x"])
def test_prerequisites_lead_nowhere(front: str, tmp_path: Path) -> None:
    """That a page builds on another makes it neither reachable, nor the other a way on."""
    course = course_of(tmp_path, {"index": "x", "a": page(front)})
    assert course.unreachable == ("a",)
    assert course.dead_ends == ("a", "index")


def test_routes_reach_their_steps(tmp_path: Path) -> None:
    """A step of a route is reached by it."""
    course = course_of(
        tmp_path, {"index": "x", "a": "x"}, CONFIG + "routes: [{id: r, steps: [a]}]\n"
    )
    assert course.unreachable == ()


@pytest.mark.parametrize(
    ("files", "dead"),
    [
        ({"index": "x"}, ("index",)),
        ({"index": page("ending: true")}, ()),
        ({"index": page("ending: It is over")}, ()),
        ({"index": page("ending: false")}, ("index",)),
        ({"index": page("kind: reference")}, ()),
        ({"index": "[x](#x)\n\n## x\n"}, ("index",)),
        ({"index": "[x](index.md)"}, ("index",)),
        ({"index": "[x](a.md)", "a": "[x](index.md)"}, ()),
        ({"index": "[x](g.md)", "g": page("kind: reference")}, ("index",)),
        ({"index": page("related: {case: [a]}"), "a": "[x](index.md)"}, ("index",)),
        ({"index": "[x](a.md){rel=detour}", "a": "x"}, ()),
        ({"index": "[x](a.md){rel=detour}", "a": page("kind: reference")}, ("index",)),
        ({"index": "::: choices\n\n- stay\n\n  Here.\n\n:::\n"}, ("index",)),
        ({"index": "::: choices\n\n- [x](a.md){when=told}\n\n:::\n", "a": "[x](index.md)"}, ()),
        ({"index": "[x](https://example.org)"}, ("index",)),
    ],
)  # fmt: skip
def test_dead_ends(files: dict[str, str], dead: tuple[str, ...], tmp_path: Path) -> None:
    """A page needs a way on in its own text, or back from a detour; a reference is no way on, and
    neither is what its front matter names."""
    assert course_of(tmp_path, files, CONFIG + "state: {told: false}\n").dead_ends == dead


def test_a_plain_folder_has_no_branching_rules(tmp_path: Path) -> None:
    """Without course.yml nothing is unreachable or a dead end."""
    course = course_of(tmp_path, {"index": "x", "a": "x"}, None)
    assert (course.unreachable, course.dead_ends) == ((), ())
    assert check_course(tmp_path).problems == ()


def test_former_ids_are_followed(tmp_path: Path) -> None:
    """Ids in front matter, routes and conditions may be former ones."""
    files = {
        "index": page("builds_on: [old]", "[x](a.md)"),
        "a": page("aliases: [old, older]\nrequires: visited('index')\nbecause: x", "[x](index.md)"),
    }
    course = course_of(tmp_path, files, CONFIG + "routes: [{id: r, steps: [older]}]\n")
    assert ("index", "builds_on", "a") in edges(course)
    found = course.find("older")
    assert found is not None and found.id == "a"
    assert [p.id for p in course.route_steps(course.routes["r"])] == ["a"]


@pytest.mark.parametrize("form", ["\u00e9", "e\u0301"])
def test_ids_are_one_in_every_normal_form(form: str, tmp_path: Path) -> None:
    """An id is found however its accents are written, in a file's name, a link and a condition."""
    body = f"[x](caf{form}.md)\n\n::: when visited('caf{form}')\n\nYes.\n\n:::\n"
    files = {"index": page(f"builds_on: [caf{form}]", body), "caf\u00e9": "[x](index.md)\n"}
    course_of(tmp_path, files)
    assert check_course(tmp_path).problems == ()
    (tmp_path / "caf\u00e9.md").rename(tmp_path / "cafe\u0301.md")
    assert check_course(tmp_path).problems == ()


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({}, []),
        ({"a": ("b",), "b": ()}, []),
        ({"a": ("a",)}, [{"a"}]),
        ({"a": ("b",), "b": ("a",)}, [{"a", "b"}]),
        ({"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ()}, []),
        ({"a": ("b",), "b": ("c",), "c": ("b",)}, [{"b", "c"}]),
        ({"a": ("b",), "b": ("a",), "c": ("d",), "d": ("c",)}, [{"a", "b"}, {"c", "d"}]),
    ],
)
def test_circles(graph: dict[str, tuple[str, ...]], found: list[set[str]]) -> None:
    """One circle for each knot, and none where there is none."""
    assert [set(circle) for circle in circles(graph)] == found


def test_a_chain_of_thousands_is_no_recursion() -> None:
    """A course may be long."""
    graph: dict[str, tuple[str, ...]] = {str(i): (str(i + 1),) for i in range(20_000)}
    assert list(circles(graph)) == []
