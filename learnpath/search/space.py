"""States of the facts that matter: how they begin, change, and answer conditions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import itemgetter

from learnpath.conditions.evaluate import Facts, Value, holds
from learnpath.conditions.syntax import COMPARISONS, Tree
from learnpath.course import Course
from learnpath.search.terms import Fact, Term
from learnpath.story import Effect, Flag, Number, OneOf, Variable

State = tuple[Value, ...]
Change = Callable[[State], State]

SOMETHING = "…"
"""An answer of which nothing is asked but whether it is there."""
_MAX_COMBINATIONS = 2_000


class UndecidedError(Exception):
    """Two numbers that a learner may freely choose are compared with each other."""


class Answers:
    """What a learner can answer, as far as the course's conditions tell answers apart."""

    def __init__(self, course: Course, trees: Iterable[Tree]) -> None:
        self._course = course
        self._trees = tuple(trees)
        self._known: dict[str, tuple[Value, ...]] = {}

    def of(self, checkpoint: str) -> tuple[Value, ...]:
        """Every answer that makes a difference; raises UndecidedError."""
        found = self._known.get(checkpoint)
        if found is None:
            found = self._known[checkpoint] = self._answers(checkpoint)
        return found

    def _answers(self, identity: str) -> tuple[Value, ...]:
        home = self._course.checkpoint(identity)
        asking = [tree for tree in self._trees if _asks_what(tree, identity)]
        if home is None or not asking:
            return (SOMETHING,)
        match home.checkpoint.form:
            case "options":
                return tuple(option.id for option in home.checkpoint.options) or (SOMETHING,)
            case "scale":
                return tuple(range(1, home.checkpoint.steps + 1))
            case "number":
                points: set[float] = set()
                for tree in asking:
                    points.update(self._points(tree, identity))
                return tuple(_representatives(points))
            case _:
                return (SOMETHING,)

    def _points(self, tree: Tree, identity: str) -> Iterator[float]:
        """The numbers at which some part of the tree changes its mind about the answer."""
        if not isinstance(tree, list):
            return
        operator = tree[0]
        if operator in COMPARISONS:
            yield from self._zeros(["-", tree[1], tree[2]], identity)
        elif operator in ("+", "-", "neg", "answer"):
            yield from self._zeros(tree, identity)
        for part in tree[1:]:
            yield from self._points(part, identity)

    def _zeros(self, tree: Tree, identity: str) -> Iterator[float]:
        """Where a sum, in which the answer stands, is nothing; words are never nothing."""
        slope, rests = self._linear(tree, identity)
        if slope:
            yield from (-rest / slope for rest in rests)

    def _linear(self, tree: Tree, identity: str) -> tuple[int, frozenset[float]]:
        """(how often the answer is in the sum, what the rest of it can be)."""
        if not isinstance(tree, list):
            return 0, frozenset((float(tree),) if not isinstance(tree, str) else (0.0,))
        match tree[0]:
            case "answer" if tree[1] == identity:
                return 1, frozenset((0.0,))
            case "neg":
                slope, rests = self._linear(tree[1], identity)
                return -slope, frozenset(-rest for rest in rests)
            case "+" | "-":
                first, ones = self._linear(tree[1], identity)
                second, others = self._linear(tree[2], identity)
                if len(ones) * len(others) > _MAX_COMBINATIONS:
                    raise UndecidedError
                sign = 1 if tree[0] == "+" else -1
                sums = frozenset(a + sign * b for a in ones for b in others)
                return first + sign * second, sums
            case "count":
                return 0, frozenset(float(n) for n in range(len(tree)))
            case _:
                return 0, self._numbers(tree)

    def _numbers(self, tree: Sequence[Tree]) -> frozenset[float]:
        """The numbers that a variable or another answer can be."""
        variable = self._course.config.state.get(str(tree[1])) if tree[0] == "var" else None
        if isinstance(variable, Number):
            if variable.high - variable.low > _MAX_COMBINATIONS:
                raise UndecidedError
            return frozenset(float(n) for n in range(variable.low, variable.high + 1))
        home = self._course.checkpoint(str(tree[1])) if tree[0] == "answer" else None
        if home is not None and home.checkpoint.form == "scale":
            return frozenset(float(n) for n in range(1, home.checkpoint.steps + 1))
        if home is not None and home.checkpoint.form == "number":
            raise UndecidedError
        return frozenset((0.0,))


def _asks_what(tree: Tree, identity: str) -> bool:
    if not isinstance(tree, list):
        return False
    if tree[0] == "answer" and tree[1] == identity:
        return True
    return any(_asks_what(part, identity) for part in tree[1:])


def _representatives(points: Collection[float]) -> Iterator[float]:
    """A number in each range, and each bound: nought is one, as only it is false."""
    bounds = sorted({0.0, *points})
    yield _plain(bounds[0] - 1)
    for bound, following in itertools.pairwise(bounds):
        yield _plain(bound)
        yield (bound + following) / 2
    yield _plain(bounds[-1])
    yield _plain(bounds[-1] + 1)


def _plain(number: float) -> float:
    """A whole number as people write it."""
    return int(number) if number.is_integer() else number


class Space:
    """The facts of one search, each with its place in the state."""

    def __init__(self, course: Course, facts: Iterable[Fact], answers: Answers) -> None:
        declared = {name: at for at, name in enumerate(course.config.state)}
        self.facts = tuple(
            sorted(closed(facts, course), key=lambda f: (f[0], declared.get(f[1], 0), f[1]))
        )
        self.slots = {fact: at for at, fact in enumerate(self.facts)}
        self.answers = answers
        self._course = course
        self._tests: dict[int, Callable[[State], bool]] = {}

    def starts(self, route: str | None, *, again: bool) -> Iterator[State]:
        """The states of a learner who begins, or has walked before and answered everything."""
        yield from itertools.product(*(self._first(fact, route, again) for fact in self.facts))

    def _first(self, fact: Fact, route: str | None, again: bool) -> tuple[Value, ...]:
        kind, name = fact
        match kind:
            case "var":
                variable = self._course.config.state.get(name)
                return (variable.start if variable else None,)
            case "visited":
                return (False,)
            case "route":
                return (route,)
            case "answer":
                return self.answers.of(name) if again else (None,)
            case "revisited":
                return (again,)
            case _:
                return (None,)

    def number_of_starts(self) -> int:
        """How many states a learner who has walked before may begin in."""
        product = 1
        for kind, name in self.facts:
            product *= len(self.answers.of(name)) if kind == "answer" else 1
        return product

    def size(self) -> int:
        """How many states there can be at the most."""
        product = 1
        for kind, name in self.facts:
            product *= self._values(kind, name)
        return product

    def _values(self, kind: str, name: str) -> int:
        match kind:
            case "answer":
                return len(self.answers.of(name)) + 1
            case "route":
                return len(self._course.config.routes) + 1
            case "chose":
                home = self._course.blocks.get(name)
                return 1 + sum(bool(o.id) for o in home.block.options) if home else 1
            case "var":
                return _count(self._course.config.state.get(name))
            case _:
                return 2

    def covers(self, term: Term) -> bool:
        """Whether the state says if the term holds."""
        return term.known and all(fact in self.slots for fact in term.facts)

    def test(self, term: Term) -> Callable[[State], bool]:
        """The term as a question to a state, each answer worked out once."""
        found = self._tests.get(id(term))
        if found is None:
            found = self._tests[id(term)] = self._test(term)
        return found

    def _test(self, term: Term) -> Callable[[State], bool]:
        tree = term.tree
        names = tuple(sorted(term.facts))
        if not names:
            always = holds(tree, Facts())
            return lambda _state: always
        slots = [self.slots[name] for name in names]
        getter = itemgetter(*slots)
        known: dict[object, bool] = {}

        def asked(state: State) -> bool:
            key = getter(state)
            found = known.get(key)
            if found is None:
                values = {name: state[slot] for name, slot in zip(names, slots, strict=True)}
                found = known[key] = holds(tree, facts_of(values))
            return found

        return asked

    def change(
        self,
        effects: Sequence[Effect] = (),
        chose: tuple[str, str] | None = None,
        visited: str | None = None,
        route: str | None = None,
    ) -> Change | None:
        """What a step does to the state; None where it does nothing to it."""
        steps: list[tuple[int, Callable[[Value], Value]]] = []
        for effect in effects:
            slot = self.slots.get(("var", effect.variable))
            variable = self._course.config.state.get(effect.variable)
            if slot is not None and variable is not None:
                steps.append((slot, _effect(effect, variable)))
        for fact, value in (
            (("chose", chose[0]) if chose else None, chose[1] if chose else None),
            (("visited", visited or ""), True),
            (("route", "") if route else None, route),
        ):
            if fact is not None and fact in self.slots:
                steps.append((self.slots[fact], _constant(value)))
        return _change(steps) if steps else None

    def known(self, state: State) -> dict[Fact, Value]:
        """The state, by its facts."""
        return dict(zip(self.facts, state, strict=True))


def closed(facts: Iterable[Fact], course: Course) -> set[Fact]:
    """The facts with those that decide when they can come about.

    A revisit asks the first question where that has no answer yet.
    """
    found: set[Fact] = set()
    waiting = list(facts)
    while waiting:
        fact = waiting.pop()
        if fact in found:
            continue
        found.add(fact)
        kind, name = fact
        home = course.checkpoint(name) if kind == "answer" else None
        if kind == "revisited":
            waiting.append(("answer", name))
        elif home is not None and home.checkpoint.of:
            first = course.checkpoint(home.checkpoint.of)
            if first is not None:
                waiting.append(("answer", first.checkpoint.id))
    return found


def facts_of(values: dict[Fact, Value]) -> Facts:
    """The evaluator's facts."""
    by_kind: dict[str, dict[str, Value]] = {}
    for (kind, name), value in values.items():
        by_kind.setdefault(kind, {})[name] = value

    def those(kind: str) -> dict[str, Value]:
        return {name: v for name, v in by_kind.get(kind, {}).items() if v is not None}

    route = values.get(("route", ""))
    return Facts(
        by_kind.get("var", {}),
        frozenset(name for name, seen in those("visited").items() if seen),
        {name: str(option) for name, option in those("chose").items()},
        str(route) if route is not None else None,
        those("answer"),  # type: ignore[arg-type]
        frozenset(name for name, done in those("revisited").items() if done),
    )


def _count(variable: Variable | None) -> int:
    match variable:
        case Number():
            return variable.high - variable.low + 1
        case OneOf():
            return len(variable.options)
        case Flag():
            return 2
        case _:
            return 1


def _constant(value: Value) -> Callable[[Value], Value]:
    return lambda _before: value


def _effect(effect: Effect, variable: Variable) -> Callable[[Value], Value]:
    """What an effect makes of a variable's value: numbers stay in their range."""
    amount = effect.value
    match variable:
        case Number() if isinstance(amount, int) and not isinstance(amount, bool):
            low, high = variable.low, variable.high
            if effect.operator == "=":
                return _constant(min(high, max(low, amount)))
            step = amount if effect.operator == "+" else -amount
            return lambda before: min(high, max(low, before + step))  # type: ignore[operator]
        case Flag() if effect.operator == "=" and isinstance(amount, bool):
            return _constant(amount)
        case OneOf() if effect.operator == "=" and amount in variable.options:
            return _constant(amount)
        case _:
            return lambda before: before


def _change(steps: list[tuple[int, Callable[[Value], Value]]]) -> Change:
    known: dict[State, State] = {}

    def changed(state: State) -> State:
        found = known.get(state)
        if found is None:
            values = list(state)
            for slot, step in steps:
                values[slot] = step(values[slot])
            found = known[state] = tuple(values)
        return found

    return changed
