"""Whether two editions of a page look the same from outside: to other pages and to every check."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from learnpath.answers import text_of
from learnpath.page import Page
from learnpath.problems import Problem

WORDS, NAME = "words", "name"


def difference(before: Page, after: Page) -> str:
    """WORDS, where only what a page says changed, or the lines on which it says it; NAME, where
    its title or summary did as well; else nothing, and everything has to be looked at.

    Lines are labels: no check and no page decides by them, as long as no problem names one.
    """
    if not _stands_alike(before, after):
        return ""
    if _seen(before) == _seen(after):
        return WORDS
    return NAME if _seen(_unnamed(before)) == _seen(_unnamed(after)) else ""


def _stands_alike(before: Page, after: Page) -> bool:
    return (
        before.file == after.file
        and before.language == after.language
        and not before.problems
        and not after.problems
        and (before.document.words == after.document.words or after.front.minutes > 0)
    )


def _seen(page: Page) -> str:
    document = page.document
    return text_of(
        (page.id, page.front, document.heading_text, document.heading_id, document.includes,
         document.facts)
    )  # fmt: skip


def _unnamed(page: Page) -> Page:
    """The page without what others show of it and nothing decides by."""
    return replace(page, front=replace(page.front, title="", summary=""))


def names(problems: Iterable[Problem], words: Iterable[str]) -> bool:
    """Whether a problem is told of one of these files or titles, or mentions it."""
    known = [repr(problem) for problem in problems]
    return any(word in problem for word in words for problem in known)
