"""Work in several processes: the same results, in order, whatever happens to a process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learnpath.garbage import few_collections
from learnpath.workers import in_order

_added = 0


def begin(number: int) -> None:
    global _added
    _added = number


def add(number: int) -> int:
    return number + _added


def end_once(task: tuple[str, int]) -> int:
    """Ends its process at the third task, the first time."""
    mark, number = Path(task[0]), task[1]
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return add(number)


def test_results_come_in_order() -> None:
    """Far more tasks than are done ahead, each with what its process began with."""
    found = in_order(add, range(100), jobs=2, begin=begin, given=(1000,))
    assert list(found) == list(range(1000, 1100))


def mark(path: str) -> None:
    Path(path).touch()


def nothing() -> None:
    """Begin with nothing."""


def test_something_is_done_while_others_work(tmp_path: Path) -> None:
    """They have their tasks by then, though nobody has asked for a result."""
    task = tmp_path / "mark"

    def meanwhile() -> bool:
        begun = time.monotonic()
        while not task.exists():
            assert time.monotonic() < begun + 30
        return False

    assert list(in_order(mark, [str(task)], jobs=1, begin=nothing, meanwhile=meanwhile)) == [None]


def wait_for(path: str) -> None:
    begun = time.monotonic()
    while not Path(path).exists():
        assert time.monotonic() < begun + 30
        time.sleep(0.001)


def test_what_goes_on_meanwhile_goes_on_step_by_step(tmp_path: Path) -> None:
    """While the next result is not there, until nothing is left of it."""
    task, steps = tmp_path / "mark", list[str]()

    def meanwhile() -> bool:
        steps.append("step")
        if len(steps) == 3:
            task.touch()
        return len(steps) < 3

    tasks = [str(task)] * 9
    assert [*in_order(wait_for, tasks, jobs=1, begin=nothing, meanwhile=meanwhile)] == [None] * 9
    assert len(steps) == 3


def test_no_step_is_taken_before_a_result_that_is_there() -> None:
    """Others would wait for what they are to do next."""
    steps: list[str] = []

    def meanwhile() -> bool:
        steps.append("step")
        return True

    found = in_order(add, range(9), jobs=1, begin=begin, given=(1,), meanwhile=meanwhile)
    next(found)
    time.sleep(1)  # all of them are there then
    many = len(steps)
    assert [*found] == list(range(2, 10))
    assert len(steps) == many


def test_an_error_meanwhile_leaves_no_process_behind() -> None:
    """What was given out is taken back."""

    def meanwhile() -> bool:
        raise KeyError

    with pytest.raises(KeyError):
        next(in_order(add, range(9), jobs=2, begin=begin, given=(1,), meanwhile=meanwhile))
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_process_that_is_ended_costs_nothing_but_time(tmp_path: Path) -> None:
    """The system may end a process for want of memory: its work is done here."""
    tasks = [(str(tmp_path / "mark"), number) for number in range(100)]
    found = in_order(end_once, tasks, jobs=2, begin=begin, given=(10,))
    assert list(found) == list(range(10, 110))


def test_an_error_in_a_process_is_raised_here() -> None:
    """What work raises is not swallowed."""
    wrong: Any = "a"
    with pytest.raises(TypeError):
        list(in_order(add, [wrong], jobs=2, begin=begin, given=(1,)))


def test_the_collector_is_put_back() -> None:
    """Whoever uses learnpath as a library keeps their own thresholds."""
    before = gc.get_threshold()
    with few_collections():
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before


def test_the_collector_is_put_back_by_who_asked_first() -> None:
    """Work that is left off, and ends after what it was part of, leaves the threshold alone."""

    def work() -> Iterator[int]:
        with few_collections():
            yield 1

    before = gc.get_threshold()
    with few_collections():
        left_off = work()
        next(left_off)
    assert gc.get_threshold() == before
    del left_off
    assert gc.get_threshold() == before
