"""What a learner can do on a page: its ways, checkpoints and gate, with what each depends on.

Made once of a course; walking it then touches no document. Every condition is a tree with
today's ids, as a page in the browser carries it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from learnpath.conditions.check import canonical
from learnpath.conditions.syntax import Tree
from learnpath.course import Course, PageTarget
from learnpath.document import (
    After,
    Aside,
    Checkpoint,
    Choices,
    Fragment,
    Image,
    Inline,
    Link,
    Option,
    PlacedCondition,
    Resource,
    Sharing,
    When,
    WikiLink,
)
from learnpath.page import Page
from learnpath.personas import Answer
from learnpath.story import variable_json

_NEVER: Tree = 0
"""The tree of a condition that cannot be read."""


class Way(Struct, frozen=True):
    """Something that can be taken: it leads to the page `to`, or stays where that is empty."""

    kind: str
    to: str
    when: tuple[Tree, ...] = ()
    inside: tuple[int, ...] = ()
    """Options that must have been taken since the page was opened, for this to be in sight."""
    option: int = -1
    """The option that is taken, counted over the whole course; -1 for a link."""
    block: str = ""
    name: str = ""
    effects: tuple[tuple[str, str, Any], ...] = ()
    write: str = ""
    leads_on: bool = True
    """Whether it counts as a way on: looking something up does not, and neither does a card."""


class Asked(Struct, frozen=True):
    """A checkpoint on a page. `answers` are what may be written, in order of writing."""

    id: str
    of: str
    answers: tuple[Answer, ...]
    when: tuple[Tree, ...] = ()
    inside: tuple[int, ...] = ()


class OptionInfo(Struct, frozen=True):
    page: str
    block: str
    option: str
    label: str
    to: str
    """Id of the page it leads to; empty for one that stays, or leads out of the course."""
    path: str
    line: int


class Scene(Struct, frozen=True):
    page: str
    ways: tuple[Way, ...]
    cards: tuple[Way, ...]
    """Relations from the front matter: offered below the text, never a way on."""
    asked: tuple[Asked, ...]
    gate: Tree | None
    gate_asks: tuple[str, ...]
    ending: bool
    reference: bool
    minutes: float

    @property
    def is_plain(self) -> bool:
        return not any(way.when or way.inside or way.option >= 0 for way in self.ways)


class Stage(Struct, frozen=True, eq=False, dict=True):
    """A whole course, ready to be walked."""

    scenes: Mapping[str, Scene]
    options: tuple[OptionInfo, ...]
    state: Mapping[str, Mapping[str, Any]]
    start: str
    routes: Mapping[str, tuple[tuple[str, int], ...]]
    """Steps by route: (page, the route's own minutes for it, or 0)."""
    memory: dict[str, dict[str, int]] = field(default_factory=dict)

    @cached_property
    def endings(self) -> frozenset[str]:
        return frozenset(scene.page for scene in self.scenes.values() if scene.ending)

    def steps_to(self, goal: str) -> Mapping[str, int]:
        """For each page the least steps to `goal`, or with an empty one to any ending;
        conditions are left out of account."""
        if goal not in self.memory:
            self.memory[goal] = self._distances({goal} if goal else self.endings)
        return self.memory[goal]

    @cached_property
    def _backward(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {page: {} for page in self.scenes}
        for page, scene in self.scenes.items():
            for way in scene.ways:
                if way.leads_on and way.to:
                    found[way.to][page] = None
                if way.kind == "detour" and way.to:
                    found[page][way.to] = None
        return {page: tuple(origins) for page, origins in found.items()}

    def _distances(self, goals: Iterable[str]) -> dict[str, int]:
        found = dict.fromkeys(goals, 0)
        waiting = list(found)
        for page in waiting:  # grows while it is walked
            for origin in self._backward[page]:
                if origin not in found:
                    found[origin] = found[page] + 1
                    waiting.append(origin)
        return found


def make_stage(course: Course) -> Stage:
    """The course's own language, ready to be walked."""
    maker = _Maker(course)
    scenes = {page.id: maker.scene(page) for page in course.pages}
    return Stage(
        scenes,
        tuple(maker.options),
        {name: variable_json(variable) for name, variable in course.config.state.items()},
        course.start.id if course.start else "",
        {
            route.id: tuple(
                (page.id, step.minutes)
                for step in route.steps
                if (page := course.find(step.page)) is not None
            )
            for route in course.config.routes
        },
    )


class _Maker:
    """Compiles pages, one after the other."""

    def __init__(self, course: Course) -> None:
        self.options: list[OptionInfo] = []
        self._course = course
        self._numbers = _numbers_compared(course)

    def scene(self, page: Page) -> Scene:
        reader = _PageReader(self._course, page, self.options, self._numbers)
        reader.read((*page.document.heading, *page.document.body), (), ())
        front = page.front
        gate = front.requires
        has_gate = gate is not None and gate.condition is not None
        return Scene(
            page.id,
            (*reader.ways, *self._neighbours(page)),
            tuple(self._cards(page)),
            tuple(reader.asked),
            self._tree(gate) if gate and has_gate else None,
            tuple(p.id for p in self._course.pages_asked(gate) if p.id != page.id) if gate else (),
            bool(front.ending) or (self._course.config.plain and page is self._course.pages[-1]),
            page.is_reference,
            round(page.minutes, 1),
        )

    def _tree(self, placed: PlacedCondition) -> Tree:
        assert placed.condition is not None
        return canonical(placed.condition.tree, self._course)

    def _neighbours(self, page: Page) -> Iterator[Way]:
        """Previous and next carry the reader of a plain folder."""
        if self._course.config.plain:
            at = self._course.position[page.id]
            for index, kind in ((at + 1, "next"), (at - 1, "previous")):
                if 0 <= index < len(self._course.pages):
                    yield Way(kind, self._course.pages[index].id)

    def _cards(self, page: Page) -> Iterator[Way]:
        for relation, placed in page.front.related:
            for identity, _ in placed:
                target = self._course.find(identity)
                if target is not None and target.id != page.id:
                    yield Way(relation, target.id, leads_on=False)


class _PageReader:
    """Finds what can be done on one page, and under which conditions it is in sight."""

    def __init__(
        self,
        course: Course,
        page: Page,
        options: list[OptionInfo],
        numbers: tuple[int | float, ...],
    ) -> None:
        self.ways: list[Way] = []
        self.asked: list[Asked] = []
        self._course = course
        self._page = page
        self._options = options
        self._numbers = numbers

    def read(self, fragment: Fragment, when: tuple[Tree, ...], inside: tuple[int, ...]) -> None:
        for node in fragment:
            match node:
                case Link() if node.relation != "guide":
                    self._link(node.source, node.href, node.relation, when, inside)
                case WikiLink():
                    self._link(node.source, f"[[{node.target}]]", "link", when, inside)
                case Resource() if node.linked:
                    self._link(node.source, node.href, "link", when, inside)
                case When():
                    self.read(node.body, (*when, self._shown(node)), inside)
                case Choices():
                    self.read((*node.label, *node.intro, *node.outro), when, inside)
                    for option in node.options:
                        self._option(node, option, when, inside)
                case Checkpoint():
                    self._checkpoint(node, when, inside)
                case Aside() | Sharing() if node.kind != "facilitator":
                    self.read((*node.label, *node.body), when, inside)
                case Inline():
                    self.read(node.fallback, when, inside)
                case Image():
                    self.read(node.caption, when, inside)

    def _shown(self, block: When) -> Tree:
        """The condition under which a block's content is shown."""
        whole, *others = (self._tree(condition) for condition in block.conditions)
        for tree in others:
            whole = ["or", whole, tree]
        return ["not", whole] if block.negated else whole

    def _tree(self, placed: PlacedCondition) -> Tree:
        if placed.condition is None:
            return _NEVER
        return canonical(placed.condition.tree, self._course)

    def _target(self, source: str, href: str) -> tuple[Page, str] | None:
        target = self._course.target(source, href, self._page.language) if href else None
        return (target.page, target.anchor) if isinstance(target, PageTarget) else None

    def _link(
        self, source: str, href: str, relation: str, when: tuple[Tree, ...], inside: tuple[int, ...]
    ) -> None:
        found = self._target(source, href)
        if found is None or found[0].id == self._page.id:
            return
        lookup = found[0].is_reference
        kind = "detour" if lookup else relation
        self.ways.append(Way(kind, found[0].id, when, inside, leads_on=not lookup))

    def _option(
        self, block: Choices, option: Option, when: tuple[Tree, ...], inside: tuple[int, ...]
    ) -> None:
        found = self._target(option.source, option.href)
        to = found[0].id if found and (found[0].id != self._page.id or not found[1]) else ""
        own = when if option.when is None else (*when, self._tree(option.when))
        self.read(option.label, own, inside)
        if option.href and not (to or option.consequence or option.write):
            return  # leads out of the course, to a file, or to a place on this page
        number = len(self._options)
        self._options.append(_info(self._page, block, option, found[0] if found and to else None))
        effects = tuple((e.variable, e.operator, e.value) for e in option.effects)
        way = Way(
            "choice", to, own, inside, number, block.id, option.id, effects, option.write,
            leads_on=not (to and self._course.by_id[to].is_reference),
        )  # fmt: skip
        self.read(option.consequence, own, inside if option.write else (*inside, number))
        if to and option.consequence and not option.write:
            # Opened first, which takes it; the link beneath leads on and changes nothing more.
            self.ways.append(replace(way, to="", leads_on=True))
            way = replace(way, inside=(*inside, number), effects=())
        self.ways.append(way)

    def _checkpoint(
        self, found: Checkpoint, when: tuple[Tree, ...], inside: tuple[int, ...]
    ) -> None:
        first = self._course.checkpoint(found.of) if found.of else None
        asked = self._course.asked(found)
        self.asked.append(
            Asked(
                found.id,
                first.checkpoint.id if first else "",
                _answers(asked, self._numbers),
                when,
                inside,
            )
        )
        self.read(found.prompt, when, inside)
        for option in (*found.headings, *found.options):
            self.read(option.label, when, inside)
        for turn in found.turns:
            self.read(turn.body, when, inside)
        for after in found.after:
            self._after(found, after, when, inside)

    def _after(
        self, found: Checkpoint, after: After, when: tuple[Tree, ...], inside: tuple[int, ...]
    ) -> None:
        """A sample is shown once something was written."""
        self.read(after.body, (*when, ["answered", found.id]), inside)


def _info(page: Page, block: Choices, option: Option, target: Page | None) -> OptionInfo:
    label = option.text or (target.title if target else option.id)
    place = option.place
    to = target.id if target else ""
    return OptionInfo(
        page.id, block.id, option.id, label, to, place.path or page.source, place.line or 1
    )


def _answers(asked: Checkpoint, numbers: tuple[int | float, ...]) -> tuple[Answer, ...]:
    """What may be written here, such that every condition on it can come out either way."""
    match asked.form:
        case "options":
            return tuple(option.id for option in asked.options) or ("…",)
        case "scale":
            return tuple(range(1, asked.steps + 1))
        case "number":
            return numbers
        case _:
            return ("…",)


def _numbers_compared(course: Course) -> tuple[int | float, ...]:
    """The numbers that conditions compare answers with, and their neighbours."""
    found: set[int | float] = {0, 1}
    for page in course.pages:
        for block in page.document.facts.choices:
            for option in block.options:
                found.update(_numbers(option.when))
        for when in page.document.facts.whens:
            for condition in when.conditions:
                found.update(_numbers(condition))
    return tuple(sorted({near for number in found for near in (number - 1, number, number + 1)}))


def _numbers(placed: PlacedCondition | None) -> Iterator[int | float]:
    """The numbers in a condition that asks what was answered."""
    condition = placed.condition if placed else None
    if condition is None or not any(name.kind == "answer" for name in condition.names):
        return
    waiting = [condition.tree]
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, list):
            waiting += tree[1:]
        elif isinstance(tree, (int, float)):
            yield tree
