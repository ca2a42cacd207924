"""Tree + facts → value. Total: every tree has a value for all facts, and nothing is changed.

The same rules run in the browser; `tests/vectors/conditions.json` holds both to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from msgspec import Struct, field

from learnpath.conditions.syntax import Tree

Value = str | int | float | bool | None


class Facts(Struct, frozen=True):
    """What is known at a moment: of the path, and of the learner."""

    variables: Mapping[str, Value] = field(default_factory=dict)
    visited: Set[str] = frozenset()
    chose: Mapping[str, str] = field(default_factory=dict)
    route: str | None = None
    answers: Mapping[str, str | int | float] = field(default_factory=dict)
    revisited: Set[str] = frozenset()


def holds(tree: Tree, facts: Facts) -> bool:
    """Whether the condition holds."""
    return is_true(evaluate(tree, facts))


def is_true(value: Value) -> bool:
    return value is not None and value is not False and value != "" and value != 0


def evaluate(tree: Tree, facts: Facts) -> Value:
    """The value of a tree; None stands for what is not known or not said."""
    if not isinstance(tree, list):
        return tree
    operator, *arguments = tree
    match operator:
        case "and":
            return all(holds(a, facts) for a in arguments)
        case "or":
            return any(holds(a, facts) for a in arguments)
        case "not":
            return not holds(arguments[0], facts)
        case "count":
            return sum(holds(a, facts) for a in arguments)
        case "neg":
            value = evaluate(arguments[0], facts)
            return -value if _is_number(value) else None  # type: ignore[operator]
        case "+" | "-":
            return _sum(operator, *(evaluate(a, facts) for a in arguments))
        case "==" | "!=" | "<" | "<=" | ">" | ">=":
            return _compare(operator, *(evaluate(a, facts) for a in arguments))
        case _:
            return _ask(str(operator), str(arguments[0]) if arguments else "", facts)


def _ask(what: str, name: str, facts: Facts) -> Value:
    match what:
        case "var":
            return facts.variables.get(name)
        case "route":
            return facts.route
        case "visited":
            return name in facts.visited
        case "answered":
            return _answer(name, facts) is not None
        case "answer":
            return _answer(name, facts)
        case "revisited":
            return name in facts.revisited
        case "chose":
            return facts.chose.get(name)
        case _:
            return None


def _answer(name: str, facts: Facts) -> Value:
    value = facts.answers.get(name)
    return None if isinstance(value, str) and not value.strip() else value


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _sum(operator: str, left: Value, right: Value) -> Value:
    if not (_is_number(left) and _is_number(right)):
        return None
    return left + right if operator == "+" else left - right  # type: ignore[operator]


def _compare(operator: str, left: Value, right: Value) -> bool:
    if left is None or right is None:
        return False
    numbers = _is_number(left) and _is_number(right)
    if operator in ("==", "!="):
        same = left == right and (numbers or type(left) is type(right))
        return same if operator == "==" else not same
    if not numbers:
        return False
    match operator:
        case "<":
            return left < right  # type: ignore[operator]
        case "<=":
            return left <= right  # type: ignore[operator]
        case ">":
            return left > right  # type: ignore[operator]
        case _:
            return left >= right  # type: ignore[operator]
