"""Conditions as the search holds them: trees with the facts that they ask about."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from learnpath.conditions.check import canonical
from learnpath.conditions.syntax import Tree
from learnpath.course import Course

Fact = tuple[str, str]
"""What may be known: ("var", name), ("visited", page), ("chose", block), ("route", ""),
("answer", checkpoint) or ("revisited", checkpoint). Whether something was answered is whether
there is an answer."""

UNKNOWN: Fact = ("unknown", "")
"""Stands for what a term that cannot be read asks about."""


class Term(Struct, frozen=True, eq=False):
    """A condition. `known` is false where nobody can say when it holds."""

    tree: Tree
    facts: frozenset[Fact]
    known: bool = True
    taken: str = ""
    """The option that must have been taken on this opening of the page, where it is about that."""


ALWAYS = Term(1, frozenset())
UNREADABLE = Term(1, frozenset((UNKNOWN,)), known=False)


def term_of(tree: Tree, course: Course) -> Term:
    """A term of a tree whose names were checked, with the ids of today."""
    today = canonical(tree, course)
    return Term(today, frozenset(facts_in(today)))


def facts_in(tree: Tree) -> Iterator[Fact]:
    """The facts that a tree asks about."""
    if not isinstance(tree, list):
        return
    operator = str(tree[0])
    match operator:
        case "route":
            yield ("route", "")
        case "var" | "visited" | "chose" | "revisited" | "answer":
            yield (operator, str(tree[1]))
        case "answered":
            yield ("answer", str(tree[1]))
        case _:
            for part in tree[1:]:
                yield from facts_in(part)


def conjuncts(term: Term) -> tuple[Term, ...]:
    """The parts of a term that must all hold: each can be known while another is not."""
    if not term.known or not isinstance(term.tree, list) or term.tree[0] != "and":
        return (term,)
    left, right = (Term(part, frozenset(facts_in(part))) for part in term.tree[1:])
    return (*conjuncts(left), *conjuncts(right))
