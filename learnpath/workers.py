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

Task = TypeVar("Task")
Result = TypeVar("Result")

_AHEAD = 20
"""Tasks, besides two for each process, that are given out before the first one's result is taken:
who takes it has other work as well."""


def in_order(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    jobs: int,
    begin: Callable[..., None],
    given: tuple[Any, ...] = (),
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Result]:
    """The results in the tasks' order. Each process begins with `begin(*given)`; `meanwhile` is
    what this one does once they have work.

    Only as much is done ahead as keeps every process at work, so that memory does not grow with
    the tasks. Where the system ends a process, the rest is done in this one.
    """
    pool = ProcessPoolExecutor(
        jobs, mp_context=_context(), initializer=_begin, initargs=(begin, given)
    )
    here = _Here(work, begin, given)
    ahead = 2 * jobs + _AHEAD
    try:
        waiting = deque((task, _submitted(pool, work, task)) for task in tasks[:ahead])
        if meanwhile is not None:
            meanwhile()
        for task in tasks[ahead:]:
            waiting.append((task, _submitted(pool, work, task)))
            yield here.result(*waiting.popleft())
        while waiting:
            yield here.result(*waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


class _Here(Generic[Task, Result]):
    """This process, which does what another one was ended in."""

    def __init__(
        self,
        work: Callable[[Task], Result],
        begin: Callable[..., None],
        given: tuple[Any, ...],
    ) -> None:
        self._work, self._begin, self._given = work, begin, given
        self._ready = False

    def result(self, task: Task, future: Future[Result] | None) -> Result:
        if future is not None:
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
