"""The circles in a causal-loop diagram: found, named, and told from which they begin.

A circle reinforces where an even number of its links turn a rise into a fall, and balances where
an odd number do. The same search is in the browser, for the learner's own links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from learnpath.causal.syntax import CausalLink

MOST_TOLD = 12
"""Circles that are named and told; a page says how many more there are."""
_MOST_FOUND = 500
_MOST_STEPS = 50_000


class Circle(Struct, frozen=True):
    """A way round that passes no variable twice, beginning with its link that is written first."""

    name: str
    links: tuple[CausalLink, ...]

    @property
    def reinforcing(self) -> bool:
        return self.name.startswith("R")

    @property
    def way(self) -> str:
        """Its variables, from the first round to the first again."""
        return " → ".join([link.origin for link in self.links] + [self.links[0].origin])

    @property
    def delayed(self) -> bool:
        return any(link.delayed for link in self.links)


class Circles(Struct, frozen=True):
    """The circles that are told, and how many more were found. `open` where the search was cut
    short, so that there may be still more."""

    told: tuple[Circle, ...]
    more: int
    open: bool


def circles_in(links: Sequence[CausalLink]) -> Circles:
    """Every circle, in the order in which the text closes them: R1, B1, R2 …"""
    search = _Search(links)
    found = sorted(search.circles(), key=lambda one: (max(one), len(one), one))
    counts = {"R": 0, "B": 0}
    told = []
    for one in found[:MOST_TOLD]:
        those = tuple(links[at] for at in _from_first(one))
        kind = "R" if sum(link.sign < 0 for link in those) % 2 == 0 else "B"
        counts[kind] += 1
        told.append(Circle(f"{kind}{counts[kind]}", those))
    return Circles(tuple(told), max(len(found) - MOST_TOLD, 0), search.cut)


def _from_first(circle: tuple[int, ...]) -> tuple[int, ...]:
    at = circle.index(min(circle))
    return circle[at:] + circle[:at]


class _Search:
    """Depth first from each variable in order, never through one that was begun from before."""

    def __init__(self, links: Sequence[CausalLink]) -> None:
        self._links = links
        self._out: dict[str, list[int]] = defaultdict(list)
        for at, link in enumerate(links):
            self._out[link.origin].append(at)
        self._steps = 0
        self.cut = False

    def circles(self) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = []
        done: set[str] = set()
        for start in self._out:
            for circle in self._from(start, start, (), {start}, done):
                found.append(circle)
                if len(found) >= _MOST_FOUND:
                    self.cut = True
                    return found
            done.add(start)
        return found

    def _from(
        self, start: str, at: str, way: tuple[int, ...], passed: set[str], done: set[str]
    ) -> Iterator[tuple[int, ...]]:
        for index in self._out.get(at, ()):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                self.cut = True
                return
            target = self._links[index].target
            if target == start:
                yield (*way, index)
            elif target not in passed and target not in done:
                passed.add(target)
                yield from self._from(start, target, (*way, index), passed, done)
                passed.remove(target)
