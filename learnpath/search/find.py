"""Which states are reached: each question asked in the smallest space that can answer it.

A question starts with the facts that it asks about itself. A strict and a free walk bound the
answer from both sides; where they differ, the facts that the free one passed on its way to what
the strict one did not find are taken in, and it is asked again. So independent parts of a course
are searched apart, whatever the course looks like, and every answer given is exact.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from learnpath.conditions.evaluate import Value
from learnpath.conditions.syntax import Tree
from learnpath.course import Course
from learnpath.search.model import Model, Question
from learnpath.search.space import Answers, Space, UndecidedError
from learnpath.search.terms import UNKNOWN, Fact
from learnpath.search.walk import Budget, Walk, wanted

LIMIT = 300_000
"""How many steps one course is worth: about two seconds. Counted, not timed, so that every
machine tells the same of the same course."""
_TOGETHER = 64
"""Questions whose facts have no more states than this are walked together."""


class Stuck(Struct, frozen=True):
    """A state without a way on, and the pages opened on the shortest way to it."""

    question: Question
    trail: tuple[str, ...]
    state: Mapping[Fact, Value]


class Outcome(Struct):
    """What the search found out."""

    stuck: list[Stuck] = field(default_factory=list)
    impossible: list[Question] = field(default_factory=list)
    constant: list[Question] = field(default_factory=list)
    never_shown: list[Question] = field(default_factory=list)
    open: list[Question] = field(default_factory=list)
    """What could not be found out within the bound."""
    unsearched: list[str] = field(default_factory=list)
    """Pages that ask something, and to which no way on leads."""
    steps: int = 0


class _Group(Struct, frozen=True):
    facts: frozenset[Fact]
    questions: tuple[Question, ...]


def search(course: Course, limit: int = LIMIT) -> Outcome:
    """Search a course's states; a plain folder has none."""
    outcome = Outcome()
    if course.config.plain or course.start is None:
        return outcome
    model = Model(course)
    if model.questions:
        _Search(model, outcome, limit).run()
    return outcome


class _Search:
    def __init__(self, model: Model, outcome: Outcome, limit: int) -> None:
        self._model = model
        self._outcome = outcome
        self._limit = self._left = limit
        self._answers = Answers(model.course, _trees(model))
        self._found: dict[Question, str] = {}
        self._stuck: dict[Question, Stuck] = {}
        self._unreached: set[str] = set()

    def run(self) -> None:
        questions = self._model.questions
        self._settle(questions, freedoms=False)
        doubted = [q for q in questions if self._found.get(q) in ("never", "always")]
        first = {q: self._found.pop(q) for q in doubted}
        # An author is told that something never happens only where it does not happen either to
        # those who take what the course offers beside its ways on: a lens, a look into the
        # glossary, the route's bar.
        self._settle(doubted, freedoms=True)
        for question in doubted:
            if self._found.get(question) not in (first[question], "open"):
                self._found[question] = "both"
        self._report(questions)

    def _report(self, questions: Iterable[Question]) -> None:
        outcome = self._outcome
        for question in questions:
            match self._found.get(question), question.kind:
                case "open", _:
                    outcome.open.append(question)
                case "stuck", _:
                    outcome.stuck.append(self._stuck[question])
                case "never", "option":
                    outcome.impossible.append(question)
                case "never", _:
                    outcome.never_shown.append(question)
                case "always", kind if kind != "otherwise":
                    outcome.constant.append(question)
        reachable = self._model.course.reachable
        outcome.unsearched = sorted(page for page in self._unreached if page in reachable)
        outcome.steps = self._limit - self._left

    # Asking

    def _settle(self, questions: Iterable[Question], *, freedoms: bool) -> None:
        """Answer every question, those with the fewest states first."""
        waiting: list[tuple[int, int, _Group]] = []
        count = 0
        todo = self._groups(questions)
        while todo or waiting:
            for group in todo:
                space = self._space(group)
                if space is not None:
                    count += 1
                    heapq.heappush(waiting, (space.size(), count, group))
            todo = []
            if waiting:
                _, _, group = heapq.heappop(waiting)
                todo = self._ask(group, freedoms=freedoms)

    def _space(self, group: _Group) -> Space | None:
        """The space of a group's facts; None, and told, where its numbers are beyond us."""
        space = Space(self._model.course, group.facts, self._answers)
        try:
            space.size()
        except UndecidedError:
            self._found.update(dict.fromkeys(group.questions, "open"))
            return None
        return space

    def _groups(self, questions: Iterable[Question]) -> list[_Group]:
        """Questions by their facts, small ones that share facts together."""
        by_facts: dict[frozenset[Fact], list[Question]] = {}
        for question in questions:
            by_facts.setdefault(question.facts, []).append(question)
        groups: list[_Group] = []
        for facts in sorted(by_facts, key=lambda facts: (len(facts), sorted(facts))):
            own = tuple(by_facts[facts])
            for at, other in enumerate(groups):
                if (facts & other.facts or not other.facts) and self._is_small(facts | other.facts):
                    groups[at] = _Group(facts | other.facts, other.questions + own)
                    break
            else:
                groups.append(_Group(facts, own))
        return groups

    def _is_small(self, facts: frozenset[Fact]) -> bool:
        try:
            return Space(self._model.course, facts, self._answers).size() <= _TOGETHER
        except UndecidedError:
            return False

    def _ask(self, group: _Group, *, freedoms: bool) -> list[_Group]:
        """Answer a group's questions; what cannot be answered yet comes back with more facts."""
        strict = self._walk(group, strict=True, freedoms=freedoms)
        exact = strict.complete and not strict.foreign
        free = strict
        if not exact and strict.complete and not strict.met_all:
            free = self._walk(group, strict=False, freedoms=freedoms)
        again: dict[frozenset[Fact], list[Question]] = {}
        for question in group.questions:
            missing = self._judge(question, strict, free if free.is_telling else None)
            if missing:
                again.setdefault(group.facts | missing, []).append(question)
        return [_Group(facts, tuple(questions)) for facts, questions in again.items()]

    def _walk(self, group: _Group, *, strict: bool, freedoms: bool) -> Walk:
        # Half of what is left, so that one part that is too large leaves something to the others.
        budget = Budget(given := self._left // 2)
        space = Space(self._model.course, group.facts, self._answers)
        walk = Walk(self._model, space, group.questions, budget, strict=strict, freedoms=freedoms)
        walk.run()
        self._left -= given - budget.left
        return walk

    # Judging

    def _judge(self, question: Question, strict: Walk, free: Walk | None) -> frozenset[Fact]:
        """Note the answer, or give back the facts that it needs."""
        if question.kind == "stuck":
            return self._judge_stuck(question, strict, free)
        met = ((question, True) in strict.seen, (question, False) in strict.seen)
        if all((question, held) in strict.seen for held in wanted(question)):
            self._found[question] = "both"
            return frozenset()
        if free is None:
            self._found[question] = "open"
            return frozenset()
        self._note_reached(question, free)
        doubtful = [
            free.seen[question, held]
            for held in (True, False)
            if (question, held) in free.seen and (question, held) not in strict.seen
        ]
        if doubtful:
            return self._more(question, frozenset().union(*map(free.foreign_on, doubtful)))
        self._found[question] = {
            (True, False): "always", (False, True): "never", (False, False): "unasked",
        }[met]  # fmt: skip
        return frozenset()

    def _judge_stuck(self, question: Question, strict: Walk, free: Walk | None) -> frozenset[Fact]:
        met = strict.trap(question)
        if met is not None:
            cost, node = met
            known = self._stuck.get(question)
            if known is None or cost + 1 < len(known.trail):
                state = strict.state(node)
                self._stuck[question] = Stuck(question, tuple(strict.trail(node)), state)
        if free is None:
            self._found[question] = "stuck" if question in self._stuck else "open"
            return frozenset()
        self._note_reached(question, free)
        possible = free.trap(question)
        if possible is None or (met is not None and possible[0] >= met[0]):
            self._found[question] = "stuck" if met is not None else "both"
            return frozenset()
        return self._more(question, free.foreign_on(possible[1]))

    def _more(self, question: Question, foreign: frozenset[Fact]) -> frozenset[Fact]:
        """The facts to take in. Where there are only unreadable ones nothing is told."""
        facts = foreign - {UNKNOWN}
        if not facts:
            self._found[question] = "stuck" if question in self._stuck else "unknown"
        return facts

    def _note_reached(self, question: Question, free: Walk) -> None:
        if question.page not in free.pages:
            self._unreached.add(question.page)
        else:
            self._unreached.discard(question.page)


def _trees(model: Model) -> Iterable[Tree]:
    """Every condition of the course that means something."""
    for page in model.course.pages:
        facts = page.document.facts
        placed = [o.when for block in facts.choices for o in block.options if o.when is not None]
        placed += [condition for block in facts.whens for condition in block.conditions]
        for condition in placed:
            term = model.term(condition)
            if term.known:
                yield term.tree
