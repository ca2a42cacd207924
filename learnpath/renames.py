"""Ids that were published and are plainly called otherwise now: which former name belongs where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from learnpath.course import CheckpointHome, Course
from learnpath.ledger import Ledger
from learnpath.page import Page

_Old = TypeVar("_Old")
_New = TypeVar("_New")


def renamed_checkpoints(ledger: Ledger, course: Course) -> Iterator[tuple[str, CheckpointHome]]:
    """A vanished id, and the one new checkpoint that asks the very same."""
    kept = {*course.checkpoints, *course.checkpoint_aliases, *ledger.retired}
    gone = [entry for entry in ledger.checkpoints.values() if entry.id not in kept]
    new = [home for i, home in course.checkpoints.items() if i not in ledger.checkpoints]
    asked = (lambda entry: entry.prompt, lambda home: home.checkpoint.prompt_text)
    yield from ((old.id, home) for old, home in _pairs(gone, asked[0], new, asked[1]))


def moved_pages(ledger: Ledger, course: Course) -> Iterator[tuple[str, Page]]:
    """A vanished id, and the one new page that has its name in another folder."""
    kept = {*course.by_id, *course.aliases, *ledger.retired}
    gone = [entry.id for entry in ledger.pages.values() if entry.id not in kept]
    new = [page for page in course.pages if page.id not in ledger.pages]
    yield from _pairs(gone, _name, new, lambda page: _name(page.id))


def _name(identity: str) -> str:
    return identity.rpartition("/")[2]


def _pairs(
    olds: Iterable[_Old],
    old_key: Callable[[_Old], str],
    news: Iterable[_New],
    new_key: Callable[[_New], str],
) -> Iterator[tuple[_Old, _New]]:
    """What is alike, where on either side nothing else is like it."""
    before: dict[str, list[_Old]] = defaultdict(list)
    now: dict[str, list[_New]] = defaultdict(list)
    for old in olds:
        before[old_key(old)].append(old)
    for new in news:
        now[new_key(new)].append(new)
    for key, those in before.items():
        if key and len(those) == 1 and len(now.get(key, ())) == 1:
            yield those[0], now[key][0]
