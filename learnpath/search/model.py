"""What each page offers a learner: ways off it, options that stay, what it asks, and under what.

Only this module reads a `Course`. Conditions become `Term`s; one that cannot be read, or means
nothing, is a term that is not known: no finding may rest on it.
"""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct, field

from learnpath.conditions.check import check_condition, check_effect
from learnpath.conditions.syntax import Tree
from learnpath.course import Course, PageTarget
from learnpath.document import (
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
from learnpath.problems import Place, nearest
from learnpath.search.terms import ALWAYS, UNREADABLE, Fact, Term, conjuncts, term_of
from learnpath.story import Effect


class Way(Struct, frozen=True, eq=False):
    """A step to another page. `leads_on` is false where it is walked but is no way on."""

    guard: tuple[Term, ...]
    target: str
    detour: bool = False
    effects: tuple[Effect, ...] = ()
    chose: tuple[str, str] | None = None
    leads_on: bool = True
    freedom: bool = False
    """A lens, a look into a reference page, the route's bar: offered by the course, no way on."""
    route: str | None = None
    place: Place | None = None


class Stay(Struct, frozen=True, eq=False):
    """An option that stays on its page: taken once in one opening of it."""

    key: str
    guard: tuple[Term, ...]
    effects: tuple[Effect, ...]
    chose: tuple[str, str] | None
    write: str
    """The checkpoint that taking it answers."""
    opens: bool
    """Whether its consequence holds ways, choices or checkpoints."""


class Ask(Struct, frozen=True, eq=False):
    """A checkpoint on its page; `of` is what a revisit comes back to."""

    guard: tuple[Term, ...]
    checkpoint: str
    of: str = ""


class Question(Struct, frozen=True, eq=False):
    """What the search is to find out about a page.

    stuck: whether a state without a way on is reached; `text` is "return" where only the return
    from a detour ever leads on. option: whether an option can, and need not, be open. when: the
    same of content; otherwise: of content without a condition of its own.
    """

    kind: str
    page: str
    place: Place
    text: str = ""
    outer: tuple[Term, ...] = ()
    own: Term = ALWAYS
    facts: frozenset[Fact] = frozenset()


class PageModel(Struct, eq=False):
    """One page as the search sees it."""

    id: str
    ways: list[Way] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    step_of: tuple[str, ...] = ()
    """The routes that the page is a step of."""


class Root(Struct, frozen=True):
    """Where a learner may begin, and on which route."""

    page: str
    route: str | None


class Model:
    """A course as the search sees it; pages are read when they are asked for."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._pages: dict[str, PageModel] = {}
        self._terms: dict[int, Term] = {}

    def page(self, identity: str) -> PageModel:
        found = self._pages.get(identity)
        if found is None:
            found = self._pages[identity] = _Reader(self, self.course.by_id[identity]).read()
        return found

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        """The start, and the first step of every route."""
        start = self.course.start
        found = [Root(start.id, None)] if start else []
        for route in self.course.config.routes:
            steps = self.course.route_steps(route)
            if steps:
                found.append(Root(steps[0].id, route.id))
        return tuple(found)

    @cached_property
    def detour_targets(self) -> frozenset[str]:
        """Pages that some edge opens as a detour, so that they may have a return."""
        return frozenset(
            edge.target
            for edge in self.course.edges_by_page()
            if edge.type == "detour" and edge.origin != edge.target
        )

    @cached_property
    def route_firsts(self) -> tuple[Root, ...]:
        return self.roots[1:] if self.course.start else self.roots

    @cached_property
    def steps(self) -> dict[str, list[tuple[str, str]]]:
        """Page → the steps beside it, and itself, on each route that it is on, with the route."""
        found: dict[str, list[tuple[str, str]]] = {}
        for route in self.course.config.routes:
            pages = [page.id for page in self.course.route_steps(route)]
            for at, page in enumerate(pages):
                near = pages[max(at - 1, 0) : at + 2]
                found.setdefault(page, []).extend((other, route.id) for other in near)
        return found

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Everything to find out. Pages that ask nothing are not even read."""
        return tuple(
            question
            for page in self.course.pages
            if self._may_ask(page)
            for question in self.page(page.id).questions
        )

    def _may_ask(self, page: Page) -> bool:
        facts = page.document.facts
        if facts.whens:
            return True
        for block in facts.choices:
            if any(o.when is not None or not o.href or o.consequence for o in block.options):
                return True
        if any(found.after for found in facts.checkpoints):
            return True
        return page.id in self.detour_targets

    # Conditions

    def term(self, placed: PlacedCondition) -> Term:
        """The term of a condition. Kept by identity: the course holds it as long as we do."""
        found = self._terms.get(id(placed))
        if found is None:
            found = self._terms[id(placed)] = self._read(placed)
        return found

    def _read(self, placed: PlacedCondition) -> Term:
        if placed.condition is None:
            return UNREADABLE
        if any(True for _ in check_condition(placed, self.course, gate=False)):
            return UNREADABLE
        term = term_of(placed.condition.tree, self.course)
        tainted = any(fact in self._tainted for fact in term.facts)
        return UNREADABLE if tainted else term

    @cached_property
    def _tainted(self) -> frozenset[Fact]:
        """Variables that some `set` means to change and, for a mistake, does not.

        The mistake is told where it stands; what follows from it would be told twice.
        """
        state = self.course.config.state
        found: set[Fact] = set()
        for page in self.course.pages:
            for block in page.document.facts.choices:
                for option in block.options:
                    for effect in option.effects:
                        if any(True for _ in check_effect(effect, self.course)):
                            known = effect.variable in state
                            name = effect.variable if known else nearest(effect.variable, state)
                            found.add(("var", name or ""))
        return frozenset(found)


class _Reader:
    """Reads one page, with the conditions around everything in it."""

    def __init__(self, model: Model, page: Page) -> None:
        self._model = model
        self._course = model.course
        self._source = page
        self._page = PageModel(page.id)

    def read(self) -> PageModel:
        document = self._source.document
        self._walk((*document.heading, *document.body), ())
        self._freedoms()
        self._stuck()
        return self._page

    def _walk(self, fragment: Fragment, guard: tuple[Term, ...]) -> None:
        for part in fragment:
            match part:
                case Link() if part.relation != "guide":
                    self._link(part.source, part.href, part.relation, guard, part.place)
                case WikiLink():
                    self._link(part.source, f"[[{part.target}]]", "link", guard, part.place)
                case Resource() if part.linked:
                    self._link(part.source, part.href, "link", guard, part.place)
                case Choices():
                    self._choices(part, guard)
                case When():
                    self._when(part, guard)
                case Checkpoint():
                    self._checkpoint(part, guard)
                case Aside() | Sharing() if part.kind != "facilitator":
                    self._walk((*part.label, *part.body), guard)
                case Image():
                    self._walk(part.caption, guard)
                case Inline():
                    # Shown only where there is nothing to put in its place.
                    self._walk(part.fallback, (*guard, UNREADABLE))
                case _:
                    pass

    def _target(self, source: str, href: str) -> Page | None:
        target = self._course.target(source, href, self._source.language)
        if not isinstance(target, PageTarget) or target.page.id not in self._course.by_id:
            return None
        return None if target.page.id == self._page.id and target.anchor else target.page

    def _link(
        self, source: str, href: str, relation: str, guard: tuple[Term, ...], place: Place
    ) -> None:
        target = self._target(source, href)
        if target is None or target.id == self._page.id:
            return
        look = target.is_reference
        detour = look or relation == "detour"
        self._page.ways.append(
            Way(guard, target.id, detour, leads_on=not look, freedom=look, place=place)
        )

    def _choices(self, block: Choices, guard: tuple[Term, ...]) -> None:
        self._walk((*block.label, *block.intro), guard)
        for option in block.options:
            self._option(block, option, guard)
        self._walk(block.outro, guard)

    def _option(self, block: Choices, option: Option, guard: tuple[Term, ...]) -> None:
        inner = guard
        if option.when is not None:
            own = self._model.term(option.when)
            inner = (*guard, *conjuncts(own))
            self._ask_of("option", option.when.place, option.when.text, guard, own)
        chose = (block.id, option.id) if block.id and option.id else None
        shown = inner
        target = self._target(option.source, option.href) if option.href else None
        opened_first = bool(option.consequence) and not option.write
        if opened_first or not option.href:
            # Taken on the page. Where it leads on too, the link under its consequence does,
            # and changes nothing more.
            opens = opened_first and (
                target is not None or any(not isinstance(part, str) for part in option.consequence)
            )
            key = str(len(self._page.stays))
            self._page.stays.append(Stay(key, inner, option.effects, chose, option.write, opens))
            shown = (*inner, Term(1, frozenset(), taken=key)) if opens else inner
        elif option.write:
            self._page.asks.append(Ask(inner, option.write))
        if target is not None:
            # A choice that leads to its own page, or to one that is only looked into, is walked,
            # as it may change something. It is no way on by itself.
            on = target.id != self._page.id and not target.is_reference
            effects = () if opened_first else option.effects
            self._page.ways.append(
                Way(shown, target.id, target.is_reference, effects, chose, on, place=option.place)
            )
        self._walk(option.label, inner)
        self._walk(option.consequence, shown)

    def _when(self, block: When, guard: tuple[Term, ...]) -> None:
        terms = [self._model.term(condition) for condition in block.conditions]
        if not all(term.known for term in terms):
            self._walk(block.body, (*guard, UNREADABLE))
            return
        facts = frozenset(fact for term in terms for fact in term.facts)
        # None of them, said flat: an `otherwise` may stand against hundreds of blocks.
        none: Tree = ["==", ["count", *(term.tree for term in terms)], 0]
        own = Term(none, facts) if block.negated else terms[0]
        kind = "otherwise" if block.negated else "when"
        place = block.place if block.negated else block.conditions[0].place
        text = " or ".join(condition.text for condition in block.conditions)
        self._ask_of(kind, place, text, guard, own)
        parts = (Term(["not", t.tree], t.facts) for t in terms) if block.negated else conjuncts(own)
        self._walk(block.body, (*guard, *parts))

    def _checkpoint(self, found: Checkpoint, guard: tuple[Term, ...]) -> None:
        home = self._course.checkpoint(found.of) if found.of else None
        of = home.checkpoint.id if home else ""
        self._page.asks.append(Ask(guard, found.id, of))
        self._walk(found.prompt, guard)
        after: Tree = ["answered", found.id]
        own = term_of(after, self._course) if not of else UNREADABLE
        for part in found.after:
            self._walk(part.body, (*guard, own))

    def _ask_of(
        self, kind: str, place: Place, text: str, outer: tuple[Term, ...], own: Term
    ) -> None:
        if own.known and all(term.known for term in outer):
            facts = own.facts.union(*(term.facts for term in outer))
            self._page.questions.append(
                Question(kind, self._page.id, place, text, outer, own, facts)
            )

    def _freedoms(self) -> None:
        """What the course offers beside the text: lenses in front matter, and routes."""
        page = self._page
        for relation, placed in self._source.front.related:
            for identity, _ in placed:
                target = self._course.find(identity)
                if target is not None and target.id != page.id:
                    detour = relation == "detour" or target.is_reference
                    page.ways.append(Way((), target.id, detour, leads_on=False, freedom=True))
        steps = self._model.steps.get(page.id, ())
        page.step_of = tuple(dict.fromkeys(route for _, route in steps))
        for other, route in steps:
            if other != page.id:
                page.ways.append(Way((), other, leads_on=False, freedom=True, route=route))
        for root in self._model.route_firsts:
            page.ways.append(Way((), root.page, leads_on=False, freedom=True, route=root.route))

    def _stuck(self) -> None:
        """A page may be stuck where no way on is always there, but one is now and then."""
        page = self._page
        on = [way for way in page.ways if way.leads_on]
        if self._source.front.ending or self._source.is_reference or self._course.config.plain:
            return
        free = {stay.key for stay in page.stays if not stay.guard}
        if any(all(term.taken in free for term in way.guard) for way in on):
            return
        if not on and page.id not in self._model.detour_targets:
            return
        guards = [*(way.guard for way in page.ways if not way.freedom)]
        guards += [stay.guard for stay in page.stays]
        if not all(term.known for guard in guards for term in guard):
            return
        place = next((way.place for way in on if way.place), None) or Place(self._source.source)
        facts = frozenset(fact for guard in guards for term in guard for fact in term.facts)
        text = "" if on else "return"
        page.questions.append(Question("stuck", page.id, place, text, facts=facts))
