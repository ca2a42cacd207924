"""Work spread over processes that share nothing but values."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import Any, Generic, TypeVar

from learnpath.cores import forks
from learnpath.garbage import collect_seldom, set_apart
from learnpath.turns import quick_turns

Task = TypeVar("Task")
Result = TypeVar("Result")

_AHEAD = 20
"""Tasks, besides two for each process, that are given out before the first one's result is taken:
who takes it has other work as well."""
_SWITCH = 0.0005
"""Seconds after which another thread has its turn. One of this process takes what others send, in
many small pieces, while they wait; at Python's own interval each piece takes ten times as long."""


def in_order(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    jobs: int,
    begin: Callable[..., None],
    given: tuple[Any, ...] = (),
    meanwhile: Callable[[], bool] | None = None,
) -> Iterator[Result]:
    """The results in the tasks' order. Each process begins with `begin(*given)`; `meanwhile` is
    what this one does once they have work, and again whenever the next result is not there yet,
    for as long as it answers that there is more to do.

    Only as much is done ahead as keeps every process at work, so that memory does not grow with
    the tasks. Where the system ends a process, the rest is done in this one.
    """
    pool = ProcessPoolExecutor(
        jobs, mp_context=_context(), initializer=_begin, initargs=(begin, given)
    )
    here = _Here(work, begin, given, meanwhile)
    ahead = 2 * jobs + _AHEAD
    with quick_turns(_SWITCH):
        try:
            waiting = deque((task, _submitted(pool, work, task)) for task in tasks[:ahead])
            here.go_on()
            for task in tasks[ahead:]:
                waiting.append((task, _submitted(pool, work, task)))
                yield here.result(*waiting.popleft())
            while waiting:
                yield here.result(*waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)


def in_one_step(work: Callable[[], object]) -> Callable[[], bool]:
    """Work of which nothing is left when it was done, as what there is to do meanwhile."""

    def done() -> bool:
        work()
        return False

    return done


class _Here(Generic[Task, Result]):
    """This process, which has other work, and does what another one was ended in."""

    def __init__(
        self,
        work: Callable[[Task], Result],
        begin: Callable[..., None],
        given: tuple[Any, ...],
        meanwhile: Callable[[], bool] | None,
    ) -> None:
        self._work, self._begin, self._given = work, begin, given
        self._meanwhile = meanwhile
        self._ready = False

    def go_on(self) -> bool:
        """Do some of the other work; no, where nothing was left of it."""
        if self._meanwhile is None:
            return False
        if not self._meanwhile():
            self._meanwhile = None
        return True

    def result(self, task: Task, future: Future[Result] | None) -> Result:
        if future is not None:
            while not future.done() and self.go_on():
                pass
            try:
                return future.result()
            except BrokenProcessPool:
                pass
        if not self._ready:
            self._begin(*self._given)
            self._ready = True
        return self._work(task)


def _submitted(
    pool: ProcessPoolExecutor, work: Callable[[Task], Result], task: Task
) -> Future[Result] | None:
    try:
        return pool.submit(work, task)
    except BrokenProcessPool:
        return None


def _begin(begin: Callable[..., None], given: tuple[Any, ...]) -> None:
    set_apart()  # what came from the parent
    collect_seldom()
    begin(*given)


def _context() -> BaseContext:
    return multiprocessing.get_context("fork" if forks() else "spawn")
