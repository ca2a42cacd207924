"""The pages that a search may find, each with its number, its words and what is shown of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from learnpath.course import Course
from learnpath.document import Said
from learnpath.lookup.text import said_of
from learnpath.lookup.words import words_of
from learnpath.page import Page

TITLE, HEADING, OFTEN, ONCE = 3, 2, 1, 0
"""How much a word tells of a page, by where it stands there."""
_DIGITS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
"""In the order of their code, so that keys sort as the numbers that they stand for."""
KEY = 4
"""Letters of a key: 22 bits of a page's number, and 2 for how much the word tells."""
NUMBERS = 1 << 22


def findable(course: Course, language: str) -> tuple[Page, ...]:
    """The pages of a language that learners may find: what is hidden stays so."""
    pages = course.pages if language == course.config.language else course.translations[language]
    return tuple(page for page in pages if page.front.listed != "never")


def numbered(ids: Iterable[str]) -> dict[str, int]:
    """A number for each id that depends on it alone, but where two would have the same one."""
    taken: set[int] = set()
    found: dict[str, int] = {}
    for number, identity in sorted((_number(identity), identity) for identity in ids):
        while number in taken:
            number = (number + 1) % NUMBERS
        taken.add(number)
        found[identity] = number
    return found


def _number(identity: str) -> int:
    digest = hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=3).digest()
    return int.from_bytes(digest, "big") >> 2


def keys_of(number: int) -> list[str]:
    """A page in four letters, with each that a word may tell of it, from the least on."""
    high = "".join([_DIGITS[number >> shift & 63] for shift in (16, 10, 4)])
    low = number << 2 & 63
    return [f"{high}{letter}" for letter in _DIGITS[low : low + 4]]


class Entry(Struct, frozen=True, dict=True):
    """What the search knows of a page. Behind a gate that is what its cards say, and no more."""

    page: Page

    @cached_property
    def _said(self) -> Said | None:
        return None if self.page.front.requires is not None else said_of(self.page.document)

    def words(self) -> Iterator[tuple[int, Iterable[str]]]:
        """(how much they tell, words); each word comes once."""
        front = self.page.front
        topics = " ".join([topic for topic, _ in front.topics])
        telling = dict.fromkeys(words_of(f"{front.summary} {topics}"), HEADING)
        telling |= dict.fromkeys(words_of(self.page.title), TITLE)
        if (said := self._said) is not None:
            # Of what a text says each word is there once, and tells no more than one of these.
            for weight, text in ((ONCE, said.rest), (OFTEN, said.often), (HEADING, said.heads)):
                yield weight, [word for word in text.split() if word not in telling]
        for word, weight in telling.items():
            yield weight, (word,)

    def keyed(self, number: int) -> Iterator[tuple[str, Iterable[str]]]:
        """The same with the keys of the page, which has this number, for how much they tell."""
        keys = keys_of(number)
        return ((keys[weight], words) for weight, words in self.words())

    def shown(self) -> list[object]:
        """Id, title, address from the root, kind, summary and text."""
        page, said = self.page, self._said
        return [
            page.id,
            page.title,
            page.url,
            page.front.kind,
            page.front.summary,
            said.text if said is not None else "",
        ]
