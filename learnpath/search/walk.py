"""One walk over all states that a learner can come to, as far as a space of facts tells them apart.

Conditions on facts outside the space are foreign. A *strict* walk takes no step under a foreign
condition: whatever it meets, a learner can meet. A *free* walk takes every such step: whatever it
does not meet, no learner can. Where both agree the answer is exact, and the facts outside the
space did not matter.

Detours nest, so that a whole state would hold a pile of places to return to. Such a pile can grow
for ever; a walk keeps only where each detour was entered, and what was known there. Whoever enters
it in the same state later comes out of it in the same states: the known way to walk a system with
a stack, exact and finite.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from learnpath.conditions.evaluate import Value
from learnpath.search.model import Ask, Model, Question, Stay, Way
from learnpath.search.space import SOMETHING, Change, Space, State
from learnpath.search.terms import Fact, Term

Entry = State | None
Node = tuple[str, State, frozenset[str], Entry]
"""A page, what is known there, what was done since it was opened, and, on a detour, what was
known when that began."""
_NOTHING: frozenset[str] = frozenset()
_NO_FACTS: frozenset[Fact] = frozenset()


class _Guard(Struct, frozen=True):
    """A condition made ready: tests of the state, options to be taken, and what stayed foreign."""

    tests: tuple[object, ...]
    taken: frozenset[str]
    foreign: frozenset[Fact]

    def holds(self, state: State, local: frozenset[str]) -> bool:
        return self.taken <= local and all(test(state) for test in self.tests)  # type: ignore[operator]


class _Step(Struct, frozen=True):
    guard: _Guard
    change: Change | None
    way: Way


class _Stop(Struct, frozen=True):
    guard: _Guard
    change: Change | None
    stay: Stay
    slot: int | None
    """Where the answer stands that taking the option writes, if that matters."""


class _Asked(Struct, frozen=True):
    guard: _Guard
    own: int | None
    first: int | None
    again: int | None
    """Slots: of the answer, of the answer that a revisit comes back to, of having come back."""
    values: tuple[Value, ...]
    key: str


class _Probe(Struct, frozen=True):
    question: Question
    outer: _Guard
    own: _Guard


class _Program(Struct, frozen=True):
    """A page, made ready for one space."""

    steps: tuple[_Step, ...]
    stops: tuple[_Stop, ...]
    asked: tuple[_Asked, ...]
    probes: tuple[_Probe, ...]
    stuck: Question | None
    leave: Change | None
    """What leaving the page does: it has been visited."""
    routes: tuple[str | None, ...]
    """The routes that may be left or joined here, in a walk with freedoms."""


class _Origin(Struct, frozen=True):
    """How a node was come to: the node before, and for a return the node that it came from."""

    before: Node
    inside: Node | None
    foreign: frozenset[Fact]


class _Visit(Struct):
    """A detour entered in one state: who entered it, and in which states it was left."""

    callers: list[tuple[int, Node, frozenset[Fact]]] = field(default_factory=list)
    exits: list[tuple[int, Node, State]] = field(default_factory=list)


class Budget(Struct):
    """How many steps may still be taken. Steps, not seconds: every machine tells the same."""

    left: int


class Walk:
    """All states from the roots, in order of the pages opened to come there."""

    def __init__(
        self, model: Model, space: Space, questions: Iterable[Question], budget: Budget,
        *, strict: bool, freedoms: bool,
    ) -> None:  # fmt: skip
        self._model = model
        self._space = space
        self._strict = strict
        self._freedoms = freedoms
        self._budget = budget
        self._questions: dict[str, list[Question]] = {}
        self._unmet: set[tuple[Question, bool]] = set()
        self._searches_all = False
        for question in questions:
            self._questions.setdefault(question.page, []).append(question)
            self._searches_all = self._searches_all or question.kind == "stuck"
            self._unmet |= {(question, held) for held in wanted(question)}
        self._programs: dict[str, _Program] = {}
        self._cost: dict[Node, int] = {}
        self._origin: dict[Node, _Origin] = {}
        self._heap: list[tuple[int, int, Node]] = []
        self._pushed = 0
        self._visits: dict[tuple[str, State], _Visit] = {}
        self._done: set[Node] = set()
        self._here: dict[Question, list[Node]] = {}
        self._escapes: set[Node] = set()
        self._beside: dict[Node, list[Node]] = {}
        self.seen: dict[tuple[Question, bool], Node] = {}
        """Where a question's condition was first found to hold, and not to hold."""
        self.complete = False
        self.foreign = False
        """Whether any step stood under a foreign condition."""
        self.pages: set[str] = set()

    def run(self) -> None:
        """Walk until there is nothing new, all that was sought is met, or the budget is spent."""
        for root in self._model.roots:
            for again in (False, True):
                for state in self._space.starts(root.route, again=again):
                    self._push(0, (root.page, state, _NOTHING, None), None)
                    if self._budget.left <= 0:
                        return
        while self._heap:
            if self._budget.left <= 0 or self.met_all:
                return
            cost, _, node = heapq.heappop(self._heap)
            if node not in self._done:
                self._done.add(node)
                self._expand(cost, node)
        self.complete = True

    # What was found

    @property
    def met_all(self) -> bool:
        """Whether nothing is left that could be shown impossible."""
        return not (self._unmet or self._searches_all)

    @property
    def is_telling(self) -> bool:
        """Whether what was not met cannot be met, or everything was."""
        return self.complete or self.met_all

    def trap(self, question: Question) -> tuple[int, Node] | None:
        """The nearest state on the page from which no way on is left, whatever is taken there."""
        nodes = self._here.get(question, [])
        back: dict[Node, list[Node]] = {}
        for node in nodes:
            for beside in self._beside.get(node, ()):
                back.setdefault(beside, []).append(node)
        good = {node for node in nodes if node in self._escapes}
        # What was not walked to its end may still have a way on.
        good |= {beside for beside in back if beside not in self._done}
        waiting = list(good)
        while waiting:
            for node in back.get(waiting.pop(), ()):
                if node not in good:
                    good.add(node)
                    waiting.append(node)
        found = [(self._cost[node], at, node) for at, node in enumerate(nodes) if node not in good]
        if not found:
            return None
        cost, _, node = min(found, key=lambda item: item[:2])
        return cost, node

    def trail(self, node: Node) -> list[str]:
        """The pages opened to come to a node, the first to the last."""
        return [page for page, _ in self._trail(node) if page]

    def foreign_on(self, node: Node) -> frozenset[Fact]:
        """The foreign facts that the way to a node asked about."""
        return frozenset(fact for _, facts in self._trail(node) for fact in facts)

    def state(self, node: Node) -> dict[Fact, Value]:
        return self._space.known(node[1])

    def _trail(self, last: Node) -> list[tuple[str, frozenset[Fact]]]:
        """(page opened, or "", foreign facts) of each step. Read backwards, without recursion."""
        found: list[tuple[str, frozenset[Fact]]] = []
        waiting: list[tuple[Node, Node | None]] = [(last, None)]
        while waiting:
            node, stop = waiting.pop()
            origin = self._origin.get(node)
            if node == stop or origin is None:
                found.append((node[0], _NO_FACTS))
                continue
            waiting.append((origin.before, stop))
            if origin.inside is not None:
                waiting.append((origin.inside, _entry_of(origin.inside)))
            opened = self._cost[node] > self._cost[origin.before]
            found.append((node[0] if opened else "", origin.foreign))
        return found[::-1]

    # Walking

    def _push(self, cost: int, node: Node, origin: _Origin | None) -> None:
        self._budget.left -= 1
        known = self._cost.get(node)
        if known is not None and known <= cost:
            return
        self._cost[node] = cost
        if origin is not None:
            self._origin[node] = origin
        else:
            self._origin.pop(node, None)
        self._pushed += 1
        heapq.heappush(self._heap, (cost, self._pushed, node))

    def _expand(self, cost: int, node: Node) -> None:
        page, state, local, entry = node
        program = self._programs.get(page)
        if program is None:
            program = self._programs[page] = self._prepared(page)
            self.pages.add(page)
        self._probe(program, node)
        self._stop(cost, program, node)
        self._ask(cost, program, node)
        left = program.leave(state) if program.leave else state
        escapes = entry is not None
        for step in program.steps:
            guard = step.guard
            if guard.tests or guard.taken:
                self._budget.left -= 1
                if not guard.holds(state, local):
                    continue
            way = step.way
            escapes = escapes or way.leads_on
            after = step.change(left) if step.change else left
            if way.detour:
                self._enter(cost, node, way.target, after, guard.foreign)
                continue
            following: Node = (way.target, after, _NOTHING, None)
            self._push(cost + 1, following, _Origin(node, None, guard.foreign))
            if way.target == page:
                self._beside.setdefault(node, []).append(following)
        if entry is not None:
            self._leave_detour(cost, node, left)
        if program.stuck is not None and escapes:
            self._escapes.add(node)

    def _probe(self, program: _Program, node: Node) -> None:
        _, state, local, _ = node
        if program.stuck is not None:
            self._here.setdefault(program.stuck, []).append(node)
        for probe in program.probes:
            self._budget.left -= 1
            if probe.outer.holds(state, local):
                key = (probe.question, probe.own.holds(state, local))
                if key not in self.seen:
                    self.seen[key] = node
                    self._unmet.discard(key)

    def _stop(self, cost: int, program: _Program, node: Node) -> None:
        """Take the options that stay, each once in one opening of the page."""
        page, state, local, entry = node
        for stop in program.stops:
            if stop.stay.key in local or not stop.guard.holds(state, local):
                continue
            after = stop.change(state) if stop.change else state
            if stop.slot is not None:
                after = _with(after, stop.slot, SOMETHING)
            following = (page, after, local | {stop.stay.key}, entry)
            self._push(cost, following, _Origin(node, None, stop.guard.foreign))
            self._beside.setdefault(node, []).append(following)
        for route in program.routes:
            after = _with(state, self._space.slots["route", ""], route)
            self._push(cost, (page, after, local, entry), _Origin(node, None, _NO_FACTS))

    def _ask(self, cost: int, program: _Program, node: Node) -> None:
        """Write every answer, where that matters. Answering nothing is staying as one is."""
        page, state, local, entry = node
        for asked in program.asked:
            if not asked.guard.holds(state, local):
                continue
            origin = _Origin(node, None, asked.guard.foreign)
            for after, done in _answered(asked, state, local):
                if after != state or done != local:
                    self._push(cost, (page, after, done, entry), origin)

    def _enter(
        self, cost: int, node: Node, target: str, state: State, foreign: frozenset[Fact]
    ) -> None:
        """Open a detour; whoever opened it in this state before knows how it can end."""
        first: Node = (target, state, _NOTHING, state)
        visit = self._visits.setdefault((target, state), _Visit())
        visit.callers.append((cost, node, foreign))
        self._push(cost + 1, first, _Origin(node, None, foreign))
        for inner, inside, left in visit.exits:
            self._return(cost, node, foreign, inner, inside, left)

    def _leave_detour(self, cost: int, node: Node, left: State) -> None:
        page, _, _, entry = node
        assert entry is not None
        visit = self._visits[page, entry]
        inner = cost - self._cost[page, entry, _NOTHING, entry]
        visit.exits.append((inner, node, left))
        for caller_cost, caller, foreign in visit.callers:
            self._return(caller_cost, caller, foreign, inner, node, left)

    def _return(
        self, cost: int, caller: Node, foreign: frozenset[Fact], inner: int, inside: Node,
        left: State,
    ) -> None:  # fmt: skip
        back: Node = (caller[0], left, _NOTHING, caller[3])
        self._push(cost + inner + 2, back, _Origin(caller, inside, foreign))
        if self._programs[caller[0]].stuck is not None:
            # Looking something up is no way on, but what was learnt there may open one.
            self._beside.setdefault(caller, []).append(back)

    # Making pages ready

    def _prepared(self, identity: str) -> _Program:
        page = self._model.page(identity)
        space = self._space
        questions = self._questions.get(identity, ())
        ways = [way for way in page.ways if self._freedoms or not way.freedom]
        route = self._freedoms and ("route", "") in space.slots
        return _Program(
            tuple(_distinct(self._steps(ways))),
            tuple(self._stops(page.stays)),
            tuple(self._asked(page.asks)),
            tuple(
                _Probe(q, replace(outer, foreign=_NO_FACTS), own)
                for q in questions
                if q.kind != "stuck"
                and (outer := self._guard(q.outer)) is not None
                and (own := self._guard((q.own,))) is not None
            ),
            next((q for q in questions if q.kind == "stuck"), None),
            space.change(visited=identity),
            (None, *page.step_of) if route and page.step_of else (),
        )

    def _guard(self, terms: tuple[Term, ...]) -> _Guard | None:
        """The guard, or None where a strict walk must not pass it."""
        tests: list[object] = []
        taken: set[str] = set()
        foreign: set[Fact] = set()
        for term in terms:
            if term.taken:
                taken.add(term.taken)
            elif self._space.covers(term):
                tests.append(self._space.test(term))
            else:
                foreign |= {fact for fact in term.facts if fact not in self._space.slots}
        self.foreign = self.foreign or bool(foreign)
        if foreign and self._strict:
            return None
        return _Guard(tuple(tests), frozenset(taken), frozenset(foreign))

    def _steps(self, ways: list[Way]) -> Iterator[_Step]:
        for way in ways:
            guard = self._guard(way.guard)
            if guard is not None:
                change = self._space.change(way.effects, way.chose, route=way.route)
                yield _Step(guard, change, way)

    def _stops(self, stays: list[Stay]) -> Iterator[_Stop]:
        for stay in stays:
            change = self._space.change(stay.effects, stay.chose)
            slot = self._space.slots.get(("answer", stay.write)) if stay.write else None
            if change is None and slot is None and not stay.opens:
                continue
            guard = self._guard(stay.guard)
            if guard is not None:
                yield _Stop(guard, change, stay, slot)

    def _asked(self, asks: list[Ask]) -> Iterator[_Asked]:
        slots = self._space.slots
        for ask in asks:
            own = slots.get(("answer", ask.checkpoint))
            first = slots.get(("answer", ask.of)) if ask.of else None
            again = slots.get(("revisited", ask.of)) if ask.of else None
            if own is None and first is None:
                continue
            guard = self._guard(ask.guard)
            if guard is not None:
                values = self._space.answers.of(ask.of or ask.checkpoint)
                yield _Asked(guard, own, first, again, values, f"asked {ask.checkpoint}")


def wanted(question: Question) -> tuple[bool, ...]:
    """What a condition should be met as: true and false; content without one of its own, shown."""
    return {"stuck": (), "otherwise": (True,)}.get(question.kind, (True, False))


def _entry_of(node: Node) -> Node:
    page, _, _, entry = node
    assert entry is not None
    return (page, entry, _NOTHING, entry)


def _with(state: State, slot: int, value: Value) -> State:
    return (*state[:slot], value, *state[slot + 1 :])


def _answered(
    asked: _Asked, state: State, local: frozenset[str]
) -> Iterator[tuple[State, frozenset[str]]]:
    """What writing into a checkpoint's box may come to."""
    if asked.first is None:
        assert asked.own is not None
        for value in asked.values:
            yield _with(state, asked.own, value), local
        return
    looks_back = asked.own is not None or asked.again is not None
    if state[asked.first] is None or asked.key in local:
        # A revisit of what was never answered asks the first question, as long as one is there.
        done = local | {asked.key} if looks_back else local
        for value in asked.values:
            yield _with(state, asked.first, value), done
        return
    for slot, value in ((asked.own, SOMETHING), (asked.again, True)):
        if slot is not None:
            state = _with(state, slot, value)
    yield state, local


def _distinct(steps: Iterable[_Step]) -> Iterator[_Step]:
    """Steps of which none does what an earlier one, free of any condition, does."""
    plain: set[tuple[str, bool, bool]] = set()
    for step in steps:
        guard = step.guard
        if step.change is None and not (guard.tests or guard.taken or guard.foreign):
            key = (step.way.target, step.way.detour, step.way.leads_on)
            if key in plain:
                continue
            plain.add(key)
        yield step
