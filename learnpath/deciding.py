"""Who decides: which pages and gates the course puts before everybody, and which a learner chooses.

Counted on the graph, by every way that leads from page to page, whatever its condition. The map,
the search and the address bar let a learner go anywhere, and every gate can be read on: what is
told here is what the course's own ways ask, not what it can enforce.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from learnpath.config import Route
from learnpath.course import LEADS_ON, Course

Onward = Mapping[str, Sequence[str]]


class Path(Struct, frozen=True):
    """A route, or with an empty `id` the whole course from its start to any of its endings.

    `fixed` and `free` are pages: those that nobody on this path can go around, and those that a
    learner's own choices can reach or skip. `gates` are those of the `fixed` pages that have one.
    """

    id: str
    title: str
    fixed: tuple[str, ...]
    free: tuple[str, ...]
    gates: tuple[str, ...]
    share: float
    """Of the course's pages, those that are free: 0 to 1."""


class Deciding(Struct, frozen=True):
    pages: int
    gates: tuple[str, ...]
    """Every page of the course that has a gate."""
    reasons: int
    """How many of the gates say why they are there."""
    paths: tuple[Path, ...]
    """The whole course first, then its routes."""


def who_decides(course: Course) -> Deciding:
    """The report of who decides, for the course and for each of its routes."""
    gated = tuple(page.id for page in course.pages if page.front.requires is not None)
    onward = _onward(course)
    paths = [_whole(course, onward)] if course.start else []
    paths += [_route(course, onward, route) for route in course.config.routes]
    reasons = sum(bool(course.by_id[identity].front.because) for identity in gated)
    return Deciding(len(course.pages), gated, reasons, tuple(paths))


def _onward(course: Course) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for edge in course.edges_by_page():
        if edge.type in LEADS_ON and edge.target != edge.origin:
            found[edge.origin].append(edge.target)
    if course.config.plain:
        for one, other in pairwise(course.pages):
            found[one.id].append(other.id)
            found[other.id].append(one.id)
    return found


def _whole(course: Course, onward: Onward) -> Path:
    assert course.start is not None
    endings = frozenset(page.id for page in course.pages if page.front.ending)
    start = course.start.id
    fixed = unskippable(onward, start, endings) or (start,)
    return _path(course, "", course.config.title or course.start.title, fixed, onward, (start,))


def _route(course: Course, onward: Onward, route: Route) -> Path:
    steps = [page.id for page in course.route_steps(route)]
    fixed: dict[str, None] = {}
    for here, there in pairwise(steps):
        fixed.update(dict.fromkeys(unskippable(onward, here, {there}) or (here,)))
    fixed.update(dict.fromkeys(steps))
    return _path(course, route.id, route.title, tuple(fixed), onward, steps)


def _path(
    course: Course,
    identity: str,
    title: str,
    fixed: tuple[str, ...],
    onward: Onward,
    starts: Iterable[str],
) -> Path:
    known = reached(onward, starts)
    free = tuple(p.id for p in course.pages if p.id in known and p.id not in set(fixed))
    gates = tuple(name for name in fixed if course.by_id[name].front.requires is not None)
    share = len(free) / len(course.pages) if course.pages else 0.0
    return Path(identity, title, fixed, free, gates, share)


def reached(onward: Onward, starts: Iterable[str]) -> frozenset[str]:
    """What can be come to from any of `starts`, themselves included."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for target in onward.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return frozenset(seen)


def unskippable(onward: Onward, start: str, goals: Collection[str]) -> tuple[str, ...]:
    """The nodes on every way from `start` to any of `goals`, in order; empty where there is none.

    These are the dominators of all goals together. Each of them lies on a shortest way; walking
    along it, a node can be gone around if anything before it leads past it.
    """
    way = _shortest(onward, start, goals)
    place = {node: at for at, node in enumerate(way)}
    past_the_end = len(way)
    found: list[str] = []
    seen: set[str] = set()
    furthest = 0
    for at, node in enumerate(way):
        if furthest == at:
            found.append(node)
        waiting = [node]
        while waiting:
            here = waiting.pop()
            if here in goals:
                furthest = past_the_end
            for target in onward.get(here, ()):
                if target in place:
                    furthest = max(furthest, place[target])
                elif target not in seen:
                    seen.add(target)
                    waiting.append(target)
    return tuple(found)


def _shortest(onward: Onward, start: str, goals: Collection[str]) -> list[str]:
    """A shortest way from `start` to one of `goals`; empty where there is none."""
    came_from: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting:
        node: str | None = waiting.popleft()
        if node in goals:
            way = []
            while node is not None:
                way.append(node)
                node = came_from[node]
            return way[::-1]
        assert node is not None
        for target in onward.get(node, ()):
            if target not in came_from:
                came_from[target] = node
                waiting.append(target)
    return []
