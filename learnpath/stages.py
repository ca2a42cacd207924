"""Work in stages, several pieces side by side.

What a stage needs of Python's and of ours is then at hand in the processor's caches for all of
them: pages read like this take a tenth less time than one after the other.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TypeVar

Result = TypeVar("Result")

InStages = Generator[None, None, Result]
"""Work that comes back between its stages, and with its result at the end."""


def side_by_side(works: Iterable[InStages[Result]]) -> list[Result]:
    """The results of all of them. None begins a stage before all have come to it."""
    done: dict[int, Result] = {}
    live = dict(enumerate(works))
    while live:
        for at, work in [*live.items()]:
            try:
                next(work)
            except StopIteration as end:
                done[at] = end.value
                del live[at]
    return [done[at] for at in sorted(done)]


def at_once(work: InStages[Result]) -> Result:
    """The result of one of them."""
    return side_by_side((work,))[0]
