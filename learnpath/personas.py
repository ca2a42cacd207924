"""`personas/*.yml` → named learners: what they have done, written and decided, and their habit.

name: Ines, who has no time      # shown in reports; else the file's name
habit: hurried                   # uniform, curious, hurried or route
start: laundry                   # the page she begins on; else the course's own start
route: one-hour                  # the route she is on
answers: {better-teams: more, sure: 4}      # what she has written, by checkpoint
state: {trust: 2, told: true}    # variables that differ from the course's beginnings
visited: [index, laundry]        # pages she has been on
chose: {silence: stand}          # options she has taken, by block
revisited: [first-hunch]         # checkpoints she has looked at again
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from learnpath.conditions.evaluate import Value
from learnpath.course import Course
from learnpath.document import Checkpoint
from learnpath.fields import Fields
from learnpath.problems import Place, Problems, did_you_mean
from learnpath.source import decode
from learnpath.story import Flag, Number, Variable
from learnpath.yamlnodes import Mapping as YamlMapping
from learnpath.yamlnodes import Node, read_yaml, written_scalar

FOLDER = "personas"
HABITS = ("uniform", "curious", "hurried", "route")

Answer = str | int | float


class Persona(Struct, frozen=True):
    """One kind of learner. Empty fields leave what the course begins with."""

    id: str
    name: str
    habit: str
    start: str = ""
    route: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    state: Mapping[str, Value] = field(default_factory=dict)
    visited: tuple[str, ...] = ()
    chose: Mapping[str, str] = field(default_factory=dict)
    revisited: tuple[str, ...] = ()


def read_personas(root: Path, course: Course, problems: Problems) -> tuple[Persona, ...]:
    """The personas of a course, by the names of their files; what is wrong is told."""
    folder = root / FOLDER
    paths = sorted(folder.glob("*.yml"), key=lambda path: path.name) if folder.is_dir() else []
    found = []
    for path in paths:
        name = f"{FOLDER}/{path.name}"
        if path.stem in HABITS:
            problems.add(
                "duplicate-id",
                Place(name),
                f"'{path.stem}' is a learner that every rehearsal has; this one is left out",
                "give the file another name",
            )
            continue
        try:
            text = decode(path.read_bytes(), name, problems)
        except OSError as error:
            problems.add(
                "encoding",
                Place(name),
                f"this file cannot be read: {error.strerror}",
                "check who may read it",
            )
            continue
        found.append(read_persona(text, name, path.stem, course, problems))
    return tuple(found)


def read_persona(
    text: str, path: str, identity: str, course: Course, problems: Problems
) -> Persona:
    """One persona from the text of its file."""
    root = read_yaml(text, path, problems)
    if root is None:
        return Persona(identity, identity, "uniform")
    if not isinstance(root.value, YamlMapping):
        problems.add(
            "invalid-yaml",
            root.place,
            f"a persona wants `key: value` lines, and this is {root.kind}",
            "begin with name: and habit:",
        )
        return Persona(identity, identity, "uniform")
    return _Reader(Fields(root.value, root.place, problems), course, problems).persona(identity)


_LISTS = ("visited", "revisited")
_MAPPINGS = ("answers", "state", "chose")


def persona_text(name: str, facts: Mapping[str, object]) -> str:
    """The file of a persona with these facts, which `read_persona` holds against the course.

    `facts` has route, visited, revisited (ids) and answers, state, chose (by name); what is empty
    is left out. Raises TypeError for values that are no facts.
    """
    lines = [f"name: {written_scalar(name)}"]
    if facts.get("route"):
        lines.append(f"route: {written_scalar(facts['route'])}")
    for key in _LISTS:
        if items := facts.get(key):
            if not isinstance(items, list):
                raise TypeError(f"'{key}' is no list")
            lines.append(f"{key}: [{', '.join(map(written_scalar, items))}]")
    for key in _MAPPINGS:
        if inner := facts.get(key):
            if not isinstance(inner, Mapping):
                raise TypeError(f"'{key}' is no mapping")
            lines.append(f"{key}:")
            lines += [f"  {written_scalar(k)}: {written_scalar(v)}" for k, v in inner.items()]
    return "\n".join(lines) + "\n"


class _Reader:
    """Reads one persona's fields, and holds every name in them against the course."""

    def __init__(self, fields: Fields, course: Course, problems: Problems) -> None:
        self._fields = fields
        self._course = course
        self._problems = problems

    def persona(self, identity: str) -> Persona:
        fields = self._fields
        route = self._route()
        found = Persona(
            id=identity,
            name=fields.text("name", identity),
            habit=self._habit(route),
            start=self._start(),
            route=route,
            answers=dict(self._answers()),
            state=dict(self._state()),
            visited=tuple(self._visited()),
            chose=dict(self._chose()),
            revisited=tuple(self._revisited()),
        )
        fields.report_unknown("a persona")
        return found

    def _habit(self, route: str) -> str:
        habit = self._fields.word("habit", HABITS, "route" if route else "uniform")
        if habit == "route" and not route:
            self._problems.add(
                "invalid-value",
                self._fields.place("habit"),
                "the habit 'route' needs to know which route",
                f"write route: {next(iter(self._course.routes), 'its-id')}",
            )
            return "uniform"
        return habit

    def _route(self) -> str:
        route = self._fields.text("route")
        if route and route not in self._course.routes:
            self._unknown(
                "invalid-value", self._fields.place("route"), "route", route, self._course.routes
            )
            return ""
        return route

    def _start(self) -> str:
        start = self._fields.text("start")
        return self._page(start, self._fields.place("start")) if start else ""

    def _page(self, identity: str, place: Place) -> str:
        page = self._course.find(identity)
        if page is None:
            self._unknown("unknown-page", place, "page", identity, self._course.by_id)
        return page.id if page else ""

    def _unknown(
        self, rule: str, place: Place, what: str, name: str, known: Mapping[str, object]
    ) -> None:
        listed = ", ".join(list(known)[:8]) or "none"
        hint = did_you_mean(name, known, f"there is {listed}")
        self._problems.add(rule, place, f"there is no {what} '{name}'", hint)

    def _visited(self) -> Iterator[str]:
        for identity, place in self._fields.placed_texts("visited"):
            if found := self._page(identity, place):
                yield found

    def _inner(self, key: str) -> Iterator[tuple[str, Node, Place]]:
        inner = self._fields.mapping(key)
        for name in inner.keys() if inner else ():
            assert inner is not None
            if (node := inner.node(name)) is not None:
                yield name, node, inner.key_place(name)

    def _chose(self) -> Iterator[tuple[str, str]]:
        for name, node, place in self._inner("chose"):
            home = self._course.blocks.get(name)
            if home is None:
                self._unknown("invalid-value", place, "block of choices", name, self._course.blocks)
                continue
            options = {option.id: option for option in home.block.options if option.id}
            if node.text in options:
                yield name, node.text
            else:
                self._unknown("invalid-value", node.place, "option", node.text, options)

    def _checkpoint(self, name: str, place: Place) -> Checkpoint | None:
        home = self._course.checkpoint(name)
        if home is None:
            known = self._course.checkpoints
            self._unknown("unknown-checkpoint", place, "checkpoint", name, known)
        return home.checkpoint if home else None

    def _revisited(self) -> Iterator[str]:
        for name, place in self._fields.placed_texts("revisited"):
            if (found := self._checkpoint(name, place)) is not None:
                yield found.id

    def _answers(self) -> Iterator[tuple[str, Answer]]:
        for name, node, place in self._inner("answers"):
            found = self._checkpoint(name, place)
            if found is None:
                continue
            answer = _answer(self._course.asked(found), node)
            if answer is None:
                wanted = _wanted(self._course.asked(found))
                self._wrong(node, f"the answer to '{name}'", wanted)
            else:
                yield found.id, answer

    def _state(self) -> Iterator[tuple[str, Value]]:
        state = self._course.config.state
        for name, node, place in self._inner("state"):
            variable = state.get(name)
            if variable is None:
                self._unknown("unknown-variable", place, "variable", name, state)
            elif (value := _value(variable, node)) is None:
                self._wrong(node, f"'{name}'", _values(variable))
            else:
                yield name, value

    def _wrong(self, node: Node, what: str, wanted: str) -> None:
        self._problems.add(
            "invalid-value", node.place, f"{what} cannot be '{node.text}'", f"write {wanted}"
        )


def _number(node: Node, low: float | None = None, high: float | None = None) -> int | float | None:
    value = node.value
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    inside = (low is None or low <= value) and (high is None or value <= high)
    return value if inside else None


def _answer(asked: Checkpoint, node: Node) -> Answer | None:
    """A YAML value as an answer to this checkpoint; None where it can be none."""
    match asked.form:
        case "options":
            return node.text if any(o.id == node.text for o in asked.options) else None
        case "scale":
            value = _number(node, 1, asked.steps)
            return value if isinstance(value, int) else None
        case "number":
            return _number(node)
        case _:
            return node.text if isinstance(node.value, (str, int, float)) else None


def _wanted(asked: Checkpoint) -> str:
    match asked.form:
        case "options":
            return "one of its options: " + ", ".join(option.id for option in asked.options)
        case "scale":
            return f"a whole number from 1 to {asked.steps}"
        case "number":
            return "a number"
        case _:
            return "some words"


def _value(variable: Variable, node: Node) -> Value:
    """A YAML value as a value of this variable; None where it has no such value."""
    match variable:
        case Flag():
            return node.value if isinstance(node.value, bool) else None
        case Number():
            value = _number(node, variable.low, variable.high)
            return value if isinstance(value, int) else None
        case _:
            return node.text if node.text in variable.options else None


def _values(variable: Variable) -> str:
    match variable:
        case Flag():
            return "true or false"
        case Number():
            return f"a whole number from {variable.low} to {variable.high}"
        case _:
            return "one of " + ", ".join(variable.options)
