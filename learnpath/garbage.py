"""How often Python looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 5_000_000
"""Objects made between two looks for garbage: we make many, and no circles but by chance."""


def collect_seldom() -> None:
    """Have the collector look rarely in a process that soon ends."""
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])


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
