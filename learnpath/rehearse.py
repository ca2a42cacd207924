"""Learners who are simulated before they are real: seeded walks over the course, and their tally.

Each walks by the evaluator of conditions and by the moments' rules, along the ways on: options,
links in the text, the return from a detour. The map, the search and Back are a learner's freedoms
and not used. A walk ends at an ending, where no way on is left (stuck), or after `MOST_MOMENTS`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any, TypeVar

from msgspec import Struct, field

from learnpath.conditions.evaluate import Facts, Value, holds
from learnpath.conditions.syntax import Tree
from learnpath.course import Course
from learnpath.moments import apply_effects
from learnpath.personas import HABITS, Answer, Persona
from learnpath.scenes import Asked, OptionInfo, Scene, Stage, Way, make_stage

MOST_MOMENTS = 500
"""After so many moments a walk is given up as circling."""
_END_OF_CIRCLE = 100
"""So many moments at the end of such a walk tell where it circled."""
_WANDERING = 0.25
"""How often somebody on a route takes any way, and how often the route bar's link."""

T = TypeVar("T")


class Chance:
    """Random numbers that are the same on every machine for the same words."""

    def __init__(self, words: str) -> None:
        self._next = random.Random(words).random  # noqa: S311  # a rehearsal guards no secret

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self._next() * len(items))]

    def maybe(self, share: float) -> bool:
        return self._next() < share


class Walk:
    """One learner on the way through a course. `log` is what a browser would have kept."""

    def __init__(
        self, stage: Stage, learner: Persona, chance: Chance, *, keep_log: bool = False
    ) -> None:
        self.stage = stage
        self.learner = learner
        self.chance = chance
        self.variables: dict[str, Value] = {
            name: declared["start"] for name, declared in stage.state.items()
        }
        self.variables.update(learner.state)
        self.visited: set[str] = set(learner.visited)
        self.chose: dict[str, str] = dict(learner.chose)
        self.answers: dict[str, Answer] = dict(learner.answers)
        self.revisited: set[str] = set(learner.revisited)
        self.facts = Facts(
            self.variables,
            self.visited,
            self.chose,
            learner.route or None,
            self.answers,
            self.revisited,
        )
        self.page = ""
        self.seen: Counter[str] = Counter()
        """How often each page was read in this walk; one of which only the gate was seen is not."""
        self.trail: list[str] = []
        self.moments = 0
        self.gates = 0
        self.minutes = 0.0
        self.offered: set[int] = set()
        self.taken: set[int] = set()
        self.log: list[dict[str, Any]] | None = [] if keep_log else None
        self.at_gate = False
        self._passed: set[str] = set()
        self._taken_here: set[int] = set()
        self._looked_at: set[int] = set()
        self._returns: list[str] = []
        self._steps = stage.routes.get(learner.route, ())
        self._minutes_of = {page: minutes for page, minutes in self._steps if minutes}
        self._step = 0

    @property
    def scene(self) -> Scene:
        return self.stage.scenes[self.page]

    # What is open

    def shown(self, when: Sequence[Tree], inside: Sequence[int]) -> bool:
        """Whether what depends on this is in sight on the present page."""
        taken = self._taken_here
        return all(option in taken for option in inside) and all(
            holds(tree, self.facts) for tree in when
        )

    def ways(self) -> list[Way]:
        """Everything that can be taken here, the return from a detour too."""
        found = []
        for way in self.scene.ways:
            stays_taken = not way.to and way.option in self._taken_here
            if stays_taken or not (
                (not way.when and not way.inside) or self.shown(way.when, way.inside)
            ):
                continue
            if way.option >= 0:
                self.offered.add(way.option)
            found.append(way)
        if self._returns:
            found.append(Way("return", self._returns[-1]))
        return found

    @property
    def next_step(self) -> str:
        """The route's next waypoint, or empty where there is none."""
        return self._steps[self._step][0] if self._step < len(self._steps) else ""

    @property
    def on_a_step(self) -> bool:
        """Whether this page is a step of the route, and so has its link to the next."""
        return any(page == self.page for page, _ in self._steps)

    # What is done

    def begin(self) -> None:
        start = self.learner.start or (self._steps[0][0] if self._steps else self.stage.start)
        by = {"edge": "route", "route": self.learner.route} if self.learner.route else None
        self._open(start, by)

    def take(self, way: Way) -> None:
        """Take a way, with its effects and, where it asks for words, with words."""
        if way.write:
            self._write(way.write, "…")
        if way.option >= 0:
            self.taken.add(way.option)
        if way.block and way.name:
            self.chose[way.block] = way.name
        again = way.option in self._taken_here
        effects = () if again else way.effects
        apply_effects(self.variables, effects, self.stage.state)
        if not way.to:
            self._taken_here.add(way.option)
            self._moment("chose", key=way.block, option=way.name, effects=[*map(list, effects)])
            return
        by: dict[str, Any] = {"edge": way.kind}
        if way.option >= 0:
            by |= {"block": way.block, "option": way.name, "effects": [*map(list, effects)]}
        # Whatever is looked up is come back from, also where that takes the Back button.
        detour = way.kind == "detour" or self.stage.scenes[way.to].reference
        if way.kind == "return":
            self._returns.pop()
        elif detour:
            self._returns.append(self.page)
        else:
            self._returns.clear()
        self._open(way.to, {**by, "edge": "detour"} if detour and way.kind != "return" else by)

    def _open(self, page: str, by: dict[str, Any] | None) -> None:
        if self.page and not self.at_gate:
            self.visited.add(self.page)
        self.page = page
        self._taken_here.clear()
        self._looked_at.clear()
        gate = self.scene.gate
        self.at_gate = not (gate is None or page in self._passed or holds(gate, self.facts))
        self._moment("opened", by=by, gated=self.at_gate)
        self.trail.append(page)
        if self.at_gate:
            self.gates += 1
        else:
            self._read()
        while self.next_step == page:
            self._step += 1

    def pass_gate(self, how: str) -> None:
        """Go on at a closed gate: by `paper` or `anyway`."""
        self.at_gate = False
        self._passed.add(self.page)
        self._note("passed", moment=self.log[-1]["id"] if self.log else "", how=how)
        self._read()

    def _read(self) -> None:
        if not self.seen[self.page]:
            self.minutes += self._minutes_of.get(self.page, 0) or self.scene.minutes
        self.seen[self.page] += 1

    def answer(self, share: float) -> None:
        """Look at each checkpoint in sight, once an opening, and answer this share of them."""
        for at, asked in enumerate(self.scene.asked):
            if at in self._looked_at or not self.shown(asked.when, asked.inside):
                continue
            self._looked_at.add(at)
            if self.chance.maybe(share):
                self._answer(asked)

    def _answer(self, asked: Asked) -> None:
        """Answer, where nothing was written before; a revisit asks the first question first."""
        again = bool(asked.of) and asked.of in self.answers
        key = asked.of if asked.of and not again else asked.id
        if key in self.answers:
            return
        self._write(key, self.chance.pick(asked.answers), asked.of if again else "")

    def _write(self, key: str, value: Answer, of: str = "") -> None:
        self.answers[key] = value
        if of:
            self.revisited.add(of)
        self._note("answer", key=key, value=value, **({"of": of} if of else {}))

    def _moment(self, kind: str, **fields: Any) -> None:
        self.moments += 1
        if self.log is not None:
            parents = [entry for entry in self.log if entry["type"] in ("opened", "chose")]
            parent = parents[-1]["id"] if parents else None
            self._note(kind, parent=parent, page=self.page, **fields)

    def _note(self, kind: str, **fields: Any) -> None:
        if self.log is not None:
            seq = len(self.log) + 1
            entry = {"v": 1, "id": f"m{seq}", "seq": seq, "at": "", "moment": f"m{seq}"}
            self.log.append({**entry, "type": kind, **fields})


# Habits


def _uniform(walk: Walk, ways: list[Way]) -> Way:
    """Each way on is as likely as any other."""
    return walk.chance.pick([way for way in ways if way.leads_on])


def _fresh(walk: Walk, ways: list[Way]) -> list[Way]:
    """What this learner has not seen: other pages, and options that were not tried here."""
    return [way for way in ways if not way.to or not walk.seen[way.to]]


def _curious(walk: Walk, ways: list[Way]) -> Way:
    """Rather what is new, detours, things to look up and cards included."""
    found = _fresh(walk, [*ways, *walk.scene.cards])
    if found:
        return walk.chance.pick(found)
    onward = [way for way in ways if way.leads_on]
    least = min(walk.seen[way.to] for way in onward)
    return walk.chance.pick([way for way in onward if walk.seen[way.to] == least])


def _nearest(walk: Walk, ways: list[Way], goal: str) -> Way:
    """The way that leads soonest to a page or, with an empty goal, to an ending.

    What was tried often counts as farther, so that a closed way is given up at last.
    """
    steps = walk.stage.steps_to(goal)
    lost = len(walk.stage.scenes)
    onward = [way for way in ways if way.leads_on]
    costs = [steps.get(way.to or walk.page, lost) + walk.seen[way.to] for way in onward]
    least = min(costs)
    return walk.chance.pick([w for w, cost in zip(onward, costs, strict=True) if cost == least])


def _hurried(walk: Walk, ways: list[Way]) -> Way:
    return _nearest(walk, ways, "")


def _on_route(walk: Walk, ways: list[Way]) -> Way:
    """Mostly the nearest way to the next waypoint; now and then any way, or the route's link."""
    goal = walk.next_step
    if not goal:
        return _uniform(walk, ways)
    if walk.on_a_step and walk.chance.maybe(_WANDERING):
        return Way("next", goal)
    if walk.chance.maybe(_WANDERING):
        return _uniform(walk, ways)
    return _nearest(walk, ways, goal)


class Habit(Struct, frozen=True):
    choose: Callable[[Walk, list[Way]], Way]
    writes: float
    """The share of checkpoints in sight that are answered."""
    words: str


_HABITS: Mapping[str, Habit] = {
    "uniform": Habit(_uniform, 0.5, "takes any way on, and answers every second time"),
    "curious": Habit(_curious, 1.0, "wants to see what is new, and answers everything"),
    "hurried": Habit(_hurried, 0.0, "takes the shortest way to an ending, and answers nothing"),
    "route": Habit(_on_route, 0.5, "follows a route, and strays now and then"),
}
assert tuple(_HABITS) == HABITS


def _at_gate(walk: Walk) -> Way | None:
    """What a learner does at a closed gate; None where they read on."""
    asks = [page for page in walk.scene.gate_asks if not walk.seen[page]]
    if asks and walk.learner.habit == "curious":
        return Way("link", walk.chance.pick(asks))
    if walk.learner.habit != "hurried" and asks and walk.chance.maybe(0.5):
        return Way("link", walk.chance.pick(asks))
    walk.pass_gate(walk.chance.pick(("paper", "anyway")))
    return None


def _may_end(walk: Walk, ways: list[Way]) -> bool:
    """Whether this learner ends here: some go on, as an ending is where a path *may* end."""
    if not walk.scene.ending:
        return False
    if walk.learner.habit == "curious":
        return not _fresh(walk, [*ways, *walk.scene.cards])
    if walk.learner.habit == "route" and walk.next_step:
        return not (walk.on_a_step or any(way.leads_on for way in ways))
    return True


def walk_through(walk: Walk, most: int = MOST_MOMENTS) -> str:
    """Walk to the end: `ending`, `stuck` or `circled`."""
    habit = _HABITS[walk.learner.habit]
    walk.begin()
    while True:
        if walk.at_gate:
            away = _at_gate(walk)
            if away is not None and walk.moments < most:
                walk.take(away)
                continue
            if walk.at_gate:
                return "circled"
        if walk.scene.asked:
            walk.answer(habit.writes)
        ways = walk.ways()
        way: Way | None
        if _may_end(walk, ways):
            return "ending"
        if any(way.leads_on for way in ways):
            way = None
        elif walk.on_a_step and walk.next_step:
            way = Way("next", walk.next_step)
        else:
            return "stuck"
        if walk.moments >= most:
            return "circled"
        walk.take(way or habit.choose(walk, ways))


# Results


class Spread(Struct, frozen=True):
    min: float
    median: float
    max: float


class Stuck(Struct, frozen=True):
    """A page on which somebody had no way on: the shortest trail there, what held, how often."""

    page: str
    trail: tuple[str, ...]
    state: Mapping[str, Any]
    runs: int


class Tally(Struct):
    """What came of some walks."""

    runs: int = 0
    pages: Counter[str] = field(default_factory=Counter)
    offered: Counter[int] = field(default_factory=Counter)
    taken: Counter[int] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    stuck: dict[str, Stuck] = field(default_factory=dict)
    circled: int = 0
    circles: Counter[str] = field(default_factory=Counter)
    """How often each page was opened in the last moments of walks that circled."""
    steps: list[int] = field(default_factory=list)
    minutes: list[float] = field(default_factory=list)
    gates: int = 0

    def add(self, walk: Walk, outcome: str) -> None:
        self.runs += 1
        self.pages.update(walk.seen.keys())
        self.offered.update(walk.offered)
        self.taken.update(walk.taken)
        self.steps.append(walk.moments)
        self.minutes.append(round(walk.minutes, 1))
        self.gates += walk.gates
        if outcome == "ending":
            self.endings[walk.page] += 1
        elif outcome == "circled":
            self.circled += 1
            self.circles.update(walk.trail[-_END_OF_CIRCLE:])
        else:
            self._add_stuck(Stuck(walk.page, tuple(walk.trail), state_of(walk.facts), 1))

    def _add_stuck(self, found: Stuck) -> None:
        known = self.stuck.get(found.page)
        if known is None:
            self.stuck[found.page] = found
            return
        shorter = min(known, found, key=lambda stuck: len(stuck.trail))
        runs = known.runs + found.runs
        self.stuck[found.page] = Stuck(found.page, shorter.trail, shorter.state, runs)

    def merge(self, other: Tally) -> None:
        self.runs += other.runs
        self.circled += other.circled
        self.gates += other.gates
        self.steps += other.steps
        self.minutes += other.minutes
        for mine, theirs in (
            (self.pages, other.pages),
            (self.endings, other.endings),
            (self.circles, other.circles),
        ):
            mine.update(theirs)
        self.offered.update(other.offered)
        self.taken.update(other.taken)
        for stuck in other.stuck.values():
            self._add_stuck(stuck)

    @property
    def stuck_runs(self) -> int:
        return sum(stuck.runs for stuck in self.stuck.values())

    def share(self, count: int) -> float:
        return round(count / self.runs, 4) if self.runs else 0.0


def state_of(facts: Facts) -> dict[str, Any]:
    """The facts of a moment, as documents and the vectors write them."""
    return {
        "variables": dict(facts.variables),
        "visited": sorted(facts.visited),
        "chose": dict(facts.chose),
        "route": facts.route,
        "answers": dict(facts.answers),
        "revisited": sorted(facts.revisited),
    }


def spread(numbers: Sequence[float]) -> Spread:
    """Least, middle and most; zeros where there are none."""
    if not numbers:
        return Spread(0, 0, 0)
    return Spread(min(numbers), round(median(numbers), 1), max(numbers))


class Rehearsal(Struct, frozen=True, dict=True):
    """What a whole rehearsal showed, over all learners and for each."""

    course: Course
    seed: int
    learners: tuple[tuple[Persona, Tally], ...]
    whole: Tally
    options: tuple[OptionInfo, ...]

    @property
    def never_seen(self) -> tuple[str, ...]:
        return tuple(page.id for page in self.course.pages if not self.whole.pages[page.id])

    @property
    def never_taken(self) -> tuple[OptionInfo, ...]:
        return tuple(o for at, o in enumerate(self.options) if not self.whole.taken[at])


def learners_of(course: Course, personas: Sequence[Persona]) -> tuple[Persona, ...]:
    """Everybody who walks: three habits, one learner for each route, and the personas."""
    habits = [Persona(name, name, name) for name in HABITS if name != "route"]
    routes = [
        Persona(f"route:{route.id}", f"route: {route.title}", "route", route=route.id)
        for route in course.config.routes
        if course.route_steps(route)
    ]
    return (*habits, *routes, *personas)


def habit_words(learner: Persona) -> str:
    """What a learner's habit is, in words."""
    return _HABITS[learner.habit].words


def rehearse(
    course: Course,
    learners: Sequence[Persona],
    *,
    runs: int,
    seed: int,
    progress: Callable[[str, int, int], None] | None = None,
) -> Rehearsal:
    """Let the learners walk the course, in turn, until there are `runs` walks.

    The same course, learners, runs and seed give the same result on every machine. A learner's
    walks do not depend on who else is there.
    """
    stage = make_stage(course)
    tallies = [Tally() for _ in learners]
    for at in range(runs if stage.scenes else 0):
        index = at % len(learners)
        learner, tally = learners[index], tallies[index]
        walk = Walk(stage, learner, Chance(f"{seed}/{learner.id}/{tally.runs}"))
        tally.add(walk, walk_through(walk))
        if progress:
            progress("walking", at + 1, runs)
    whole = Tally()
    for tally in tallies:
        whole.merge(tally)
    pairs = tuple(zip(learners, tallies, strict=True))
    return Rehearsal(course, seed, pairs, whole, stage.options)
