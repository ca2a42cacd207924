"""Small random courses, and a walker over their whole states that knows nothing of the search.

A `Spec` is a course as data. It is written as Markdown for learnpath, and walked here by brute
force: every state is a page, all facts, what was done on this opening, and the whole pile of
places that detours return to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from learnpath.conditions import Facts, holds, parse

DEEPEST = 3
"""How many detours may be open at once; more show nothing new in courses so small."""
MOST_STATES = 1_200

VARIABLES = {
    "flag": ("flag: false", [False, True]),
    "number": ("number: {from: -1, to: 2, start: 0}", [-1, 0, 1, 2]),
    "word": ("word: {one_of: {x: X, y: Y}, start: x}", ["x", "y"]),
}
STARTS: dict[str, Any] = {"flag": False, "number": 0, "word": "x"}
EFFECTS = ("flag", "not flag", "number + 1", "number - 1", "number + 2", "number = 1",
           "word = 'y'", "word = 'x'")  # fmt: skip


@dataclass(frozen=True)
class Option:
    to: str
    when: str = ""
    effects: tuple[str, ...] = ()
    consequence: bool = False
    inner: str = ""
    """A page that the consequence links to."""


@dataclass(frozen=True)
class Block:
    id: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Link:
    to: str
    detour: bool = False


@dataclass(frozen=True)
class Ask:
    id: str
    kind: str
    of: str = ""


@dataclass(frozen=True)
class When:
    condition: str
    body: tuple[Item, ...] = ()
    otherwise: tuple[Item, ...] | None = None


Item = Block | Link | Ask | When


@dataclass(frozen=True)
class Page:
    id: str
    items: tuple[Item, ...]
    ending: bool = False
    reference: bool = False
    gate: str = ""
    lens: str = ""


@dataclass(frozen=True)
class Spec:
    pages: tuple[Page, ...]
    routes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lines: dict[str, str] = field(default_factory=dict, compare=False)


# As Markdown


def write(spec: Spec) -> dict[str, str]:
    """The course's files. Every condition stands on a line of its own."""
    config = "title: T\nid: t\nstate:\n" + "".join(f"  {text}\n" for text, _ in VARIABLES.values())
    if spec.routes:
        config += "routes:\n" + "".join(
            f"  - {{id: {name}, title: {name}, steps: [{', '.join(steps)}]}}\n"
            for name, steps in spec.routes
        )
    return {"course.yml": config} | {f"{page.id}.md": _page(page) for page in spec.pages}


def _page(page: Page) -> str:
    front = [f"title: {page.id}"]
    front += ["ending: true"] * page.ending + ["kind: reference"] * page.reference
    if page.gate:
        front += [f'requires: "{page.gate}"', "because: So."]
    if page.lens:
        front += [f"related: {{case: [{page.lens}]}}"]
    return "\n".join(["---", *front, "---", "", "Text.", "", *_items(page.items)]) + "\n"


def _items(items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        match item:
            case Link():
                yield from (f"[on]({item.to}.md)" + "{rel=detour}" * item.detour, "")
            case Ask():
                yield from _ask(item)
            case When():
                yield from (f"::: when {item.condition}", "", "Words.", "", *_items(item.body))
                yield from (":::", "")
                if item.otherwise is not None:
                    yield from ("::: otherwise", "", "Words.", "", *_items(item.otherwise))
                    yield from (":::", "")
                # An `otherwise` stands against every `when` right before it.
                yield from ("And.", "")
            case Block():
                yield from (f"::: choices {{#{item.id}}}", "")
                for at, option in enumerate(item.options):
                    yield from _option(option, at)
                yield from (":::", "")


def _option(option: Option, at: int) -> Iterator[str]:
    braces = f"{{#o{at}"
    braces += f' when="{option.when}"' if option.when else ""
    braces += f' set="{", ".join(option.effects)}"' if option.effects else ""
    text = f"[go]({option.to}.md){braces}}}" if option.to else f"stay {braces}}}"
    yield from (f"- {text}", "")
    if option.consequence or option.inner:
        link = f" [there]({option.inner}.md)" if option.inner else ""
        yield from (f"  So it came.{link}", "")


def _ask(ask: Ask) -> Iterator[str]:
    match ask.kind:
        case "revisit":
            yield from (f'::: revisit {{#{ask.id} of="{ask.of}"}}', "", "And now?", "", ":::", "")
        case "predict":
            yield from (f"::: predict {{#{ask.id}}}", "", "Which?", "", "- A {#a}", "- B {#b}", "")
            yield from (":::", "")
        case "rate":
            yield from (f"::: rate {{#{ask.id} steps=3}}", "", "How?", "", ":::", "")
        case "number":
            yield from (f"::: predict {{#{ask.id} unit=kg}}", "", "How many?", "", ":::", "")
        case _:
            yield from (f"::: reflect {{#{ask.id}}}", "", "Why?", "", ":::", "")


# Walking by brute force


ANSWERS: dict[str, tuple[Any, ...]] = {
    "predict": ("a", "b"), "rate": (1, 2, 3), "number": (-1, 0, 0.5, 1, 1.5, 2, 2.5, 3),
    "reflect": ("…",),
}  # fmt: skip


@dataclass(frozen=True)
class State:
    page: str
    variables: tuple[tuple[str, Any], ...]
    visited: frozenset[str] = frozenset()
    chose: tuple[tuple[str, str], ...] = ()
    route: str | None = None
    answers: tuple[tuple[str, Any], ...] = ()
    revisited: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()
    pile: tuple[str, ...] = ()

    def facts(self) -> Facts:
        return Facts(
            dict(self.variables), self.visited, dict(self.chose), self.route,
            dict(self.answers), self.revisited,
        )  # fmt: skip


@dataclass
class Found:
    """What brute force finds: (kind, page, the condition's number on it)."""

    stuck: dict[str, int] = field(default_factory=dict)
    """Page → how many pages the shortest trail opens."""
    held: set[tuple[str, str, int]] = field(default_factory=set)
    failed: set[tuple[str, str, int]] = field(default_factory=set)


class TooMany(Exception):  # noqa: N818 no error, only a course too large for brute force
    pass


@dataclass
class _Move:
    after: State
    opens: bool
    way_on: bool
    here: bool
    """Whether it is made on the page, so that what it opens counts for the page."""
    shortcut: bool = False
    """Whether it only sums up moves that are walked one by one as well."""


class Walker:
    """Walks a spec. Facts that no condition names are left out: they change nothing."""

    def __init__(self, spec: Spec, *, freedoms: bool = False) -> None:
        self._spec = spec
        self._pages = {page.id: page for page in spec.pages}
        self._freedoms = freedoms
        self._asks = {ask.id: ask for page in spec.pages for ask in _asks(page.items)}
        self._named = " ".join(_conditions(spec))
        self._trees: dict[str, Any] = {}
        self._known: dict[tuple[Any, ...], bool] = {}
        self._rounds: dict[State, set[State]] = {}
        self.found = Found()

    def run(self) -> Found:
        distance: dict[State, int] = dict.fromkeys(self._starts(), 1)
        waiting = deque(distance)
        ways: dict[State, bool] = {}
        beside: dict[State, list[State]] = {}
        while waiting:
            state = waiting.popleft()
            if state in ways:
                continue
            if len(ways) > MOST_STATES:
                raise TooMany
            moves = list(self._moves(state))
            ways[state] = any(move.way_on for move in moves)
            beside[state] = [move.after for move in moves if move.here]
            for move in moves:
                if move.shortcut:
                    continue
                cost = distance[state] + move.opens
                if cost < distance.get(move.after, 1_000_000):
                    distance[move.after] = cost
                    (waiting.append if move.opens else waiting.appendleft)(move.after)
        self._stuck(distance, ways, beside)
        return self.found

    def _stuck(
        self, distance: dict[State, int], ways: dict[State, bool],
        beside: dict[State, list[State]],
    ) -> None:  # fmt: skip
        back: dict[State, list[State]] = {}
        for state, others in beside.items():
            for other in others:
                back.setdefault(other, []).append(state)
        can = {state for state, has in ways.items() if has}
        waiting = list(can)
        while waiting:
            for state in back.get(waiting.pop(), ()):
                if state not in can:
                    can.add(state)
                    waiting.append(state)
        for state in ways:
            page = self._pages[state.page]
            if state not in can and not page.ending and not page.reference:
                known = self.found.stuck.get(page.id, 1_000_000)
                self.found.stuck[page.id] = min(known, distance[state])

    def _starts(self) -> Iterator[State]:
        roots: list[tuple[str, str | None]] = [("index", None)]
        roots += [(steps[0], name) for name, steps in self._spec.routes]
        for page, route in roots:
            begin = State(
                page, tuple(STARTS.items()), route=route if "route" in self._named else None
            )
            yield begin
            again = [begin]
            for ask in self._asks.values():
                again = [
                    self._answer(state, ask.id, value)
                    for state in again
                    for value in self._values(ask)
                ]
            revisited = frozenset(
                a.of for a in self._asks.values() if a.of and f"revisited('{a.of}')" in self._named
            )
            everything = frozenset(a for a in self._asks if f"revisited('{a}')" in self._named)
            for state in again:
                yield replace(state, revisited=revisited | everything)

    def _values(self, ask: Ask) -> tuple[Any, ...]:
        if not self._matters(ask.id):
            return ("",)
        if ask.kind == "revisit" or f"answer('{ask.id}')" not in self._named:
            return ("…",)
        return ANSWERS[ask.kind]

    def _matters(self, ask: str) -> bool:
        if f"'{ask}'" in self._named:
            return True
        return any(a.of == ask and f"'{a.id}'" in self._named for a in self._asks.values())

    def _answer(self, state: State, ask: str, value: Any) -> State:
        if not self._matters(ask):
            return state
        return replace(state, answers=tuple(sorted({**dict(state.answers), ask: value}.items())))

    def _holds(self, text: str, state: State) -> bool:
        key = (text, state.variables, state.visited, state.chose, state.route, state.answers,
               state.revisited)  # fmt: skip
        if key not in self._known:
            if text not in self._trees:
                self._trees[text] = parse(text).tree
            self._known[key] = holds(self._trees[text], state.facts())
        return self._known[key]

    # Moves

    def _moves(self, state: State) -> Iterator[_Move]:
        page = self._pages[state.page]
        self._number = 0
        yield from self._of(page.items, state, True)
        if state.pile:
            back = replace(self._open(state, state.pile[-1]), pile=state.pile[:-1])
            yield _Move(back, True, True, False)
        if self._freedoms:
            yield from self._free(page, state)

    def _free(self, page: Page, state: State) -> Iterator[_Move]:
        if page.lens and page.lens != page.id:
            if self._pages[page.lens].reference:
                yield from self._detour(state, state, page.lens, False)
            else:
                yield _Move(self._open(state, page.lens), True, False, False)
        asked = "route" in self._named
        for name, steps in self._spec.routes:
            first = self._open(state, steps[0])
            yield _Move(replace(first, route=name) if asked else first, True, False, False)
            for at, step in enumerate(steps):
                if step == page.id:
                    for near in (*steps[max(at - 1, 0) : at], *steps[at + 1 : at + 2]):
                        if near != page.id:
                            after = self._open(state, near)
                            after = replace(after, route=name) if asked else after
                            yield _Move(after, True, False, False)
                    if asked:
                        for route in (None, name):
                            yield _Move(replace(state, route=route), False, False, False)

    def _open(self, state: State, page: str) -> State:
        visited = state.visited
        if f"visited('{state.page}')" in self._named:
            visited |= {state.page}
        return replace(state, page=page, visited=visited, local=frozenset(), pile=())

    def _detour(self, before: State, after: State, to: str, way_on: bool) -> Iterator[_Move]:
        """Open a detour. A look into a reference page is no way on, but may open one."""
        pile = (*before.pile, before.page)
        if len(pile) <= DEEPEST:
            there = replace(self._open(after, to), pile=pile)
            # What can be done there before coming back counts for the page as well.
            yield _Move(there, True, way_on, False)
            if not way_on:
                if there not in self._rounds:
                    self._rounds[there] = set()
                    self._rounds[there] = self._round(there, before.page, before.pile)
                for back in self._rounds[there]:
                    yield _Move(back, False, False, True, shortcut=True)

    def _round(self, there: State, page: str, pile: tuple[str, ...]) -> set[State]:
        """The states in which one comes back from a detour, with no more steps counted."""
        seen, waiting, found = {there}, [there], set()
        told = self.found
        self.found = Found()
        number = self._number
        while waiting:
            state = waiting.pop()
            if state.page == page and state.pile == pile:
                found.add(state)
                continue
            for move in self._moves(state):
                inside = move.after.pile[: len(pile) + 1] == (*pile, page)
                back = move.after.page == page and move.after.pile == pile
                returned = back and move.opens and state.pile == (*pile, page)
                if (inside or returned) and move.after not in seen:
                    seen.add(move.after)
                    waiting.append(move.after)
        self._number = number
        self.found = told
        return found

    def _of(self, items: tuple[Item, ...], state: State, shown: bool) -> Iterator[_Move]:
        """Moves that these items offer; all conditions are numbered, shown or not."""
        for item in items:
            match item:
                case Link():
                    if shown and item.to != state.page:
                        yield from self._link(item, state)
                case Ask():
                    if shown:
                        yield from self._asked(item, state)
                case When():
                    holds = self._note("when", item.condition, state, shown)
                    yield from self._of(item.body, state, shown and holds)
                    if item.otherwise is not None:
                        self._tell("otherwise", not holds, shown, state)
                        yield from self._of(item.otherwise, state, shown and not holds)
                case Block():
                    for at, option in enumerate(item.options):
                        yield from self._option(item, option, f"o{at}", state, shown)

    def _link(self, link: Link, state: State) -> Iterator[_Move]:
        if self._pages[link.to].reference:
            if self._freedoms:
                yield from self._detour(state, state, link.to, False)
        elif link.detour:
            yield from self._detour(state, state, link.to, True)
        else:
            yield _Move(self._open(state, link.to), True, True, False)

    def _note(self, kind: str, condition: str, state: State, shown: bool) -> bool:
        holds = self._holds(condition, state)
        self._tell(kind, holds, shown, state)
        return holds

    def _tell(self, kind: str, holds: bool, shown: bool, state: State) -> None:
        self._number += 1
        if shown:
            key = (kind, state.page, self._number)
            (self.found.held if holds else self.found.failed).add(key)

    def _option(
        self, block: Block, option: Option, name: str, state: State, shown: bool
    ) -> Iterator[_Move]:
        open_ = shown
        if option.when:
            open_ = self._note("option", option.when, state, shown) and shown
        key = f"{block.id}|{name}"
        changed = self._changed(state, block.id, name, option)
        opened_first = option.consequence or bool(option.inner)
        if not option.to or opened_first:
            if open_ and key not in state.local:
                taken = replace(changed, local=state.local | {key})
                yield _Move(taken, False, False, True)
            if open_ and key in state.local:
                plain = replace(option, effects=())
                after = self._changed(state, block.id, name, plain)
                if option.to:
                    yield from self._lead(state, after, option.to)
                if option.inner:
                    yield from self._of((Link(option.inner),), state, True)
        elif open_:
            yield from self._lead(state, changed, option.to)

    def _lead(self, state: State, after: State, to: str) -> Iterator[_Move]:
        if self._pages[to].reference:
            yield from self._detour(state, after, to, False)
        else:
            itself = to == state.page
            yield _Move(self._open(after, to), True, not itself, itself)

    def _changed(self, state: State, block: str, name: str, option: Option) -> State:
        variables = dict(state.variables)
        for effect in option.effects:
            match effect.split():
                case ["not", flag]:
                    variables[flag] = False
                case [flag]:
                    variables[flag] = True
                case [number, "+", n]:
                    variables[number] = min(2, max(-1, variables[number] + int(n)))
                case [number, "-", n]:
                    variables[number] = min(2, max(-1, variables[number] - int(n)))
                case [word, "=", value]:
                    is_word = value.startswith("'")
                    variables[word] = value.strip("'") if is_word else int(value)
        chose = dict(state.chose)
        if f"chose('{block}')" in self._named:
            chose[block] = name
        return replace(
            state, variables=tuple(variables.items()), chose=tuple(sorted(chose.items()))
        )

    def _asked(self, ask: Ask, state: State) -> Iterator[_Move]:
        first = self._asks.get(ask.of)
        if first is None:
            if self._matters(ask.id):
                for value in self._values(ask):
                    yield _Move(self._answer(state, ask.id, value), False, False, False)
            return
        if not self._matters(first.id):
            return
        mark = f"asked {ask.id}"
        if first.id not in dict(state.answers) or mark in state.local:
            for value in self._values(first):
                after = self._answer(state, first.id, value)
                yield _Move(replace(after, local=state.local | {mark}), False, False, False)
        else:
            after = self._answer(state, ask.id, "…")
            if f"revisited('{first.id}')" in self._named:
                after = replace(after, revisited=after.revisited | {first.id})
            yield _Move(after, False, False, False)


def _asks(items: tuple[Item, ...]) -> Iterator[Ask]:
    for item in items:
        if isinstance(item, Ask):
            yield item
        elif isinstance(item, When):
            yield from _asks(item.body)
            yield from _asks(item.otherwise or ())


def _conditions(spec: Spec) -> Iterator[str]:
    for page in spec.pages:
        yield from _conditions_in(page.items)


def _conditions_in(items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        if isinstance(item, When):
            yield item.condition
            yield from _conditions_in(item.body)
            yield from _conditions_in(item.otherwise or ())
        elif isinstance(item, Block):
            yield from (option.when for option in item.options if option.when)


# At random


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """A course of two to six pages and three variables, with conditions on all kinds of fact."""
    names = ["index", "b", "c", "d", "e", "f"][: draw(st.integers(2, 6))]
    asks: list[Ask] = []
    kinds = draw(st.lists(st.sampled_from(sorted(ANSWERS)), max_size=2))
    for at, kind in enumerate(kinds):
        asks.append(Ask(f"q{at}", kind))
    if draw(st.booleans()) and asks:
        asks.append(Ask("again", "revisit", asks[0].id))
    homes = {ask.id: draw(st.sampled_from(names)) for ask in asks}
    routes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    if draw(st.integers(0, 3)) == 0:
        steps = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        routes = (("r", tuple(steps)),)
    condition = st.deferred(lambda: _condition(names, asks, bool(routes)))
    pages = []
    for name in names:
        items: list[Item] = [ask for ask in asks if homes[ask.id] == name]
        items += draw(st.lists(_item(names, condition), max_size=2))
        has_block = name == "index" or draw(st.integers(0, 4)) > 0
        items += [draw(_block(name, names, condition))] if has_block else []
        if items and draw(st.integers(0, 5)) == 0:
            items[0] = When(draw(condition), (items[0],))
        pages.append(
            Page(
                name, tuple(items),
                ending=draw(st.integers(0, 5)) == 0,
                reference=name != "index" and draw(st.integers(0, 7)) == 0,
                gate=draw(st.sampled_from(["", "", "", f"visited('{names[1]}')"])),
                lens=draw(st.sampled_from(["", "", "", names[-1]])),
            )
        )  # fmt: skip
    return Spec(tuple(pages), routes)


def _item(names: list[str], condition: st.SearchStrategy[str]) -> st.SearchStrategy[Item]:
    page = st.sampled_from(names)
    link = st.builds(Link, page, st.sampled_from([False, False, True]))
    body = st.lists(link, max_size=1).map(tuple)
    when = st.builds(When, condition, body, st.none() | body)
    return st.one_of(link, when, when)


@st.composite
def _block(
    draw: st.DrawFn, name: str, names: list[str], condition: st.SearchStrategy[str]
) -> Block:
    page = st.sampled_from([*names, *names, ""])
    option = st.builds(
        Option,
        page,
        st.just("") | condition | condition,
        st.lists(st.sampled_from(EFFECTS), max_size=2).map(tuple),
        st.sampled_from([False, False, False, True]),
        st.sampled_from(["", "", "", "", names[-1]]),
    )
    return Block(f"in-{name}", tuple(draw(st.lists(option, min_size=1, max_size=3))))


def _condition(names: list[str], asks: list[Ask], routes: bool) -> st.SearchStrategy[str]:
    atoms: list[st.SearchStrategy[str]] = [
        st.just("flag"),
        st.builds("number {} {}".format, st.sampled_from(["<", ">=", "=="]), st.integers(-1, 2)),
        st.just("word == 'y'"),
        st.builds("visited('{}')".format, st.sampled_from(names)),
        st.builds("chose('in-{}')".format, st.sampled_from(["index"])),
        st.just("visited('index') == flag"),
    ]
    for ask in asks:
        atoms.append(st.just(f"answered('{ask.id}')"))
        if ask.kind == "predict":
            atoms.append(st.just(f"answer('{ask.id}') == 'a'"))
        if ask.kind in ("rate", "number"):
            atoms.append(st.just(f"answer('{ask.id}') > 1"))
            atoms.append(st.just(f"answer('{ask.id}') + number == 2"))
        if ask.kind == "revisit":
            atoms.append(st.just(f"revisited('{ask.of}')"))
    if routes:
        atoms.append(st.just("route == 'r'"))
    atom = st.one_of(atoms)
    return st.one_of(
        atom,
        atom,
        atom.map("not {}".format),
        st.builds("{} and {}".format, atom, atom),
        st.builds("({} or not {})".format, atom, atom),
        st.builds("count({}, {}) >= {}".format, atom, atom, st.integers(1, 2)),
    )
