"""The graph: every page can be come to, and left again."""

from __future__ import annotations

from collections.abc import Iterator

from learnpath.course import Course
from learnpath.problems import Place, Problem, problem


def unreachable_pages(course: Course) -> Iterator[Problem]:
    for identity in course.unreachable:
        page = course.by_id[identity]
        yield problem(
            "unreachable-page",
            Place(page.source),
            f"no choice, link or route leads to '{page.title}'",
            "link to it from a page, put it on a route, or make it a draft",
        )


def dead_ends(course: Course) -> Iterator[Problem]:
    for identity in course.dead_ends:
        page = course.by_id[identity]
        yield problem(
            "dead-end",
            Place(page.source),
            f"nothing leads on from '{page.title}'",
            "add ::: choices or a link, or mark it as a place to stop: ending: true",
        )


def prerequisite_circles(course: Course) -> Iterator[Problem]:
    """`prerequisite-circle`: pages that build on, or require, each other."""
    onward = {
        page.id: tuple(
            dict.fromkeys(
                edge.target
                for edge in course.edges_from.get(page.id, ())
                if edge.type in ("builds_on", "requires")
            )
        )
        for page in course.pages
    }
    for circle in circles(onward):
        first = min(circle, key=lambda identity: course.by_id[identity].source)
        at = circle.index(first)
        names = [*circle[at:], *circle[:at], first]
        edge = next(
            e
            for e in course.edges_from[first]
            if e.target == names[1] and e.type in ("builds_on", "requires")
        )
        yield problem(
            "prerequisite-circle",
            edge.place,
            "these pages each want another to be read first: " + " → ".join(names),
            "take one of the builds_on or requires out",
        )


def circles(onward: dict[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """One circle for each knot of nodes that reach each other; a node that names itself counts.

    A walk without recursion: courses may be chains of thousands.
    """
    done: set[str] = set()
    for root in sorted(onward):
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, int]] = [(root, 0)] if root not in done else []
        while stack:
            node, at = stack.pop()
            if at == 0:
                on_path[node] = len(path)
                path.append(node)
            targets = onward.get(node, ())
            if at < len(targets):
                stack.append((node, at + 1))
                target = targets[at]
                if target in on_path:
                    yield path[on_path[target] :]
                elif target not in done:
                    stack.append((target, 0))
            else:
                path.pop()
                del on_path[node]
                done.add(node)
