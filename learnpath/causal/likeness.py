"""Variables that were probably meant to be one: written once, and nearly as another is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from learnpath.causal.syntax import CausalLink, variables_of

_SHORT = 5
"""In shorter names one letter makes another word: hat, heat."""


def lookalikes(links: Sequence[CausalLink]) -> Iterator[tuple[str, str]]:
    """Each variable that stands in one link only and is nearly another, with that other. Two that
    act on each other are meant to be two."""
    times = Counter(name for link in links for name in (link.origin, link.target))
    linked = {frozenset((link.origin, link.target)) for link in links}
    names = variables_of(links)
    told: set[str] = set()
    for name in reversed(names):  # of two that stand once, the one that is written later
        if times[name] > 1:
            continue
        others = (other for other in names if other != name and other not in told)
        for other in others:
            if frozenset((name, other)) not in linked and are_alike(name, other):
                told.add(name)
                yield name, other
                break


def are_alike(one: str, other: str) -> bool:
    """Whether two names differ in one letter, or only in spaces and hyphens; never in a number."""
    a, b = (_letters(name) for name in (one, other))
    if a == b:
        return True
    if min(len(a), len(b)) < _SHORT or _digits(a) != _digits(b):
        return False
    changed = {*one.casefold().split()} ^ {*other.casefold().split()}
    if any(len(word) == 1 for word in changed):  # ward A, ward B
        return False
    return _one_edit(*sorted((a, b), key=len))


def _letters(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _digits(name: str) -> str:
    return "".join(c for c in name if c.isdigit())


def _one_edit(short: str, long: str) -> bool:
    """Whether one letter was added, changed, or changed places with the next."""
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    if short[at + 1 :] == long[at + 1 :]:
        return True
    return short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
