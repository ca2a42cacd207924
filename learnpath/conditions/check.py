"""Whether a condition means something in this course: names, and what is compared with what."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from learnpath.conditions.syntax import COMPARISONS, Name, Tree
from learnpath.course import Course
from learnpath.document import Checkpoint, PlacedCondition
from learnpath.problems import Place, Problem, did_you_mean, problem
from learnpath.story import Effect, Flag, Number, OneOf, Variable


class Kind(Struct, frozen=True):
    """What a part of a condition is: truth, number, text, or one of some ids."""

    name: str
    options: tuple[str, ...] = ()
    what: str = ""


_NAMED = {
    "truth": "a yes or no",
    "number": "a number",
    "text": "a word",
    "one of": "a word",
    "any": "anything",
}
_TRUTH, _NUMBER, _TEXT, _ANY = Kind("truth"), Kind("number"), Kind("text"), Kind("any")


def check_condition(placed: PlacedCondition, course: Course, *, gate: bool) -> Iterator[Problem]:
    """What is wrong with a condition. A gate may ask whether something was written, never what."""
    if placed.condition is None:
        return
    wrong = list(_check_names(placed, course))
    yield from wrong
    if gate:
        yield from _gate(placed)
    if not wrong:
        for message, hint in _types(placed.condition.tree, course):
            yield problem("invalid-condition", placed.place, message, hint)


def check_effect(effect: Effect, course: Course) -> Iterator[Problem]:
    """What is wrong with one part of a `set`."""
    variable = course.config.state.get(effect.variable)
    if variable is None:
        yield problem("unknown-variable", effect.place, *_unknown_variable(effect.variable, course))
        return
    wrong = _effect_fits(effect, variable)
    if wrong is not None:
        yield problem("invalid-condition", effect.place, *wrong)


def _effect_fits(effect: Effect, variable: Variable) -> tuple[str, str] | None:
    name, value = effect.variable, effect.value
    match variable:
        case Flag() if effect.operator != "=" or not isinstance(value, bool):
            return f"'{name}' is a flag", f"write `{name}` or `not {name}`"
        case Number() if isinstance(value, bool):
            return f"'{name}' is a number", f"write `{name} + 1` or `{name} - 1`"
        case Number() if effect.operator == "=" and not isinstance(value, int):
            return f"'{name}' is a number", f"write `{name} = {variable.start}`"
        case Number() if effect.operator == "=" and not (
            variable.low <= int(value) <= variable.high
        ):
            return (
                f"{value} lies outside '{name}', which goes from {variable.low} to {variable.high}",
                "change the value, or the range in course.yml",
            )
        case OneOf() if effect.operator != "=" or not isinstance(value, str):
            return f"'{name}' is one of some words", f"write `{name} = '{variable.start}'`"
        case OneOf() if value not in variable.options:
            return (
                f"'{value}' is none of the values of '{name}'",
                did_you_mean(
                    str(value), variable.options, "there are " + _listed(variable.options)
                ),
            )
    return None


def _check_names(placed: PlacedCondition, course: Course) -> Iterator[Problem]:
    assert placed.condition is not None
    for name in placed.condition.names:
        wrong = _wrong_name(name, course)
        if wrong is not None:
            rule, message, hint = wrong
            yield problem(rule, _at(placed, name.offset), message, hint)


def _at(placed: PlacedCondition, offset: int) -> Place:
    place = placed.place
    column = None if place.column is None else place.column + offset
    return Place(place.path, place.line, column)


def _wrong_name(name: Name, course: Course) -> tuple[str, str, str] | None:
    match name.kind:
        case "visited" if course.find(name.name) is None:
            return "unknown-page", *_unknown_page(name.name, course)
        case "answered" | "answer" | "revisited" if course.checkpoint(name.name) is None:
            return (
                "unknown-checkpoint",
                f"there is no checkpoint '{name.name}'",
                did_you_mean(name.name, course.checkpoints, "its id is the {#…} of the checkpoint"),
            )
        case "chose" if name.name not in course.blocks:
            return (
                "invalid-condition",
                f"there are no choices with the id '{name.name}'",
                did_you_mean(name.name, course.blocks, "give the block an id: ::: choices … {#id}"),
            )
        case "var" if name.name not in course.config.state:
            return "unknown-variable", *_unknown_variable(name.name, course)
        case _:
            return None


def _unknown_page(identity: str, course: Course) -> tuple[str, str]:
    if identity.endswith(".md") and course.find(identity.removesuffix(".md")):
        return f"there is no page '{identity}'", "ids are written without .md"
    otherwise = "ids count from the course's root, without .md"
    return f"there is no page '{identity}'", did_you_mean(identity, course.by_id, otherwise)


def _unknown_variable(name: str, course: Course) -> tuple[str, str]:
    state = course.config.state
    otherwise = f"declare it in course.yml, under state: `{name}: false`"
    return f"there is no variable '{name}'", did_you_mean(name, state, otherwise)


def _gate(placed: PlacedCondition) -> Iterator[Problem]:
    assert placed.condition is not None
    for name in placed.condition.names:
        if name.kind == "answer":
            yield problem(
                "invalid-condition",
                _at(placed, name.offset),
                "a gate may ask whether something was written, never what",
                f"write answered('{name.name}')",
            )


# Types


def _types(tree: Tree, course: Course) -> Iterator[tuple[str, str]]:
    if not isinstance(tree, list):
        return
    operator, *arguments = tree
    if operator in COMPARISONS:
        yield from _comparison(str(operator), arguments[0], arguments[1], course)
    elif operator in ("+", "-", "neg"):
        for argument in arguments:
            if kind_of(argument, course).name not in ("number", "any"):
                yield "only numbers can be added", "compare with ==, or use a number"
    for argument in arguments:
        yield from _types(argument, course)


def _comparison(
    operator: str, left: Tree, right: Tree, course: Course
) -> Iterator[tuple[str, str]]:
    first, second = kind_of(left, course), kind_of(right, course)
    for kind in (first, second):
        if kind.name == "words":
            yield (
                f"what a learner wrote in '{kind.what}' cannot be compared",
                f"ask whether it was answered: answered('{kind.what}')",
            )
            return
    if operator in ("<", "<=", ">", ">="):
        if not {first.name, second.name} <= {"number", "any"}:
            yield f"'{operator}' compares numbers only", "compare words and flags with =="
        return
    for kind, other in ((first, right), (second, left)):
        if kind.name == "one of" and isinstance(other, str) and other not in kind.options:
            otherwise = "there are " + _listed(kind.options)
            yield (
                f"'{other}' is none of the values of {kind.what}",
                did_you_mean(other, kind.options, otherwise),
            )
            return
    names = {first.name, second.name} - {"any"}
    if len({"text" if name == "one of" else name for name in names}) > 1:
        yield (
            f"{_NAMED[first.name]} is compared with {_NAMED[second.name]}: they are never equal",
            "compare numbers with numbers, and words with 'words'",
        )


def kind_of(tree: Tree, course: Course) -> Kind:
    """What a tree's value is."""
    if isinstance(tree, str):
        return _TEXT
    if not isinstance(tree, list):
        return _NUMBER
    operator = tree[0]
    if operator in ("count", "neg", "+", "-"):
        return _NUMBER
    name = str(tree[1]) if len(tree) > 1 else ""
    match operator:
        case "var":
            return _variable_kind(course.config.state.get(name))
        case "route":
            return Kind("one of", tuple(course.routes), "the routes")
        case "chose":
            block = course.blocks.get(name)
            options = tuple(o.id for o in block.block.options if o.id) if block else ()
            return Kind("one of", options, f"the choices '{name}'")
        case "answer":
            home = course.checkpoint(name)
            return _answer_kind(home.checkpoint) if home else _ANY
        case _:
            return _TRUTH


def _variable_kind(variable: Variable | None) -> Kind:
    match variable:
        case Flag():
            return _TRUTH
        case Number():
            return _NUMBER
        case OneOf():
            return Kind("one of", tuple(variable.options), f"'{variable.name}'")
        case _:
            return _ANY


def _answer_kind(checkpoint: Checkpoint) -> Kind:
    match checkpoint.form:
        case "options":
            ids = tuple(option.id for option in checkpoint.options)
            return Kind("one of", ids, f"the options of '{checkpoint.id}'")
        case "number" | "scale":
            return _NUMBER
        case _:
            return Kind("words", what=checkpoint.id)


def _listed(names: object) -> str:
    return ", ".join(f"'{name}'" for name in names)  # type: ignore[attr-defined]


def canonical(tree: Tree, course: Course) -> Tree:
    """The tree with former ids replaced by today's, as the page in the browser needs it."""
    if not isinstance(tree, list):
        return tree
    operator, *arguments = tree
    if operator == "visited":
        page = course.find(str(arguments[0]))
        return ["visited", page.id if page else arguments[0]]
    if operator in ("answered", "answer", "revisited"):
        home = course.checkpoint(str(arguments[0]))
        return [operator, home.checkpoint.id if home else arguments[0]]
    return [operator, *(canonical(argument, course) for argument in arguments)]
