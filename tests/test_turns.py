"""How often threads take turns."""

from __future__ import annotations

import sys
from contextlib import ExitStack

import pytest

from learnpath.turns import quick_turns
from learnpath.workers import in_order


def twice(number: int) -> int:
    return 2 * number


def nothing() -> None:
    """Begin with nothing."""


def test_the_shortest_wish_holds_whoever_ends_first() -> None:
    """And Python's own interval when nobody wishes for anything any more, even after an error."""
    usual = sys.getswitchinterval()
    one, other = ExitStack(), ExitStack()
    one.enter_context(quick_turns(usual / 4))
    other.enter_context(quick_turns(usual / 8))
    assert sys.getswitchinterval() == pytest.approx(usual / 8, abs=1e-6)
    other.close()
    assert sys.getswitchinterval() == pytest.approx(usual / 4, abs=1e-6)
    other.enter_context(quick_turns(usual / 2))
    one.close()
    assert sys.getswitchinterval() == pytest.approx(usual / 2, abs=1e-6)
    with pytest.raises(KeyError), quick_turns(usual / 8):
        raise KeyError
    other.close()
    assert sys.getswitchinterval() == usual


def test_processes_at_work_leave_the_interval_as_it_was() -> None:
    """However their results are taken, and though two of them overlap."""
    usual = sys.getswitchinterval()
    first = in_order(twice, range(9), jobs=1, begin=nothing)
    next(first)
    second = in_order(twice, range(9), jobs=1, begin=nothing)
    next(second)
    assert sys.getswitchinterval() < usual
    first.close()  # type: ignore[attr-defined]
    assert [*second] == [2, 4, 6, 8, 10, 12, 14, 16]
    assert sys.getswitchinterval() == usual
