"""Whether two editions of a page look the same from outside: to other pages and to every check."""

from __future__ import annotations

from collections.abc import Iterable

from learnpath.page import Page
from learnpath.problems import Problem
from learnpath.recording import short


def same_outline(before: Page, after: Page) -> bool:
    """Whether only the words of a page changed, or the lines on which it says what it says.

    Lines are labels: no check and no page decides by them, as long as no problem names one.
    """
    return (
        before.file == after.file
        and before.language == after.language
        and not before.problems
        and not after.problems
        and (before.document.words == after.document.words or after.front.minutes > 0)
        and _seen(before) == _seen(after)
    )


def _seen(page: Page) -> str:
    document = page.document
    return short(
        (page.id, page.front, document.heading_text, document.heading_id, document.includes,
         document.facts)
    )  # fmt: skip


def names(problems: Iterable[Problem], sources: Iterable[str]) -> bool:
    """Whether a problem is told of one of these files, or mentions it."""
    known = list(problems)
    return any(source in repr(problem) for source in sources for problem in known)
