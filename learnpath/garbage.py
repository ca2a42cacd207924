"""How often Python looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 5_000_000
"""Objects made between two looks for garbage: we make many, and no circles but by chance."""

_MUCH = 100_000
"""Objects that were made since the last look, and are still there."""


def collect_seldom() -> None:
    """Have the collector look rarely in a process that soon ends."""
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])


def set_apart() -> None:
    """Have the collector never look at what there is now. Of a whole course it would find in a
    third of a second that all of it is in use, while nobody is answered; in a process that was
    forked, what it looks at is copied. What is no longer used is let go of as ever, where it is in
    no circle."""
    gc.freeze()


def put_back() -> None:
    """Have the collector look again at what was set apart."""
    gc.unfreeze()


def collect_at_rest() -> None:
    """Look for garbage now, while nobody waits, where there may be much."""
    if gc.get_count()[0] > _MUCH:
        gc.collect()


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the garbage collector look rarely: it alone is a third of what parsing costs."""
    before = gc.get_threshold()
    if before[0] == SELDOM:  # whoever asked for that puts it back, who may end before us
        yield
        return
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
