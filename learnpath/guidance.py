"""The front of the facilitator's guide: paths with their minutes, and every page's intentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup
from msgspec.structs import replace

from learnpath import views
from learnpath.cards import Cards
from learnpath.config import Route
from learnpath.course import nodes_in
from learnpath.document import Aside, Checkpoint, Choices, Loop, Model, Option
from learnpath.fragments import FragmentRenderer
from learnpath.page import Page
from learnpath.pages import Pages
from learnpath.site import Site


class Guidance:
    """Makes the view of the guide's front page. Nothing in it comes from a learner."""

    def __init__(self, site: Site, cards: Cards, pages: Pages) -> None:
        self._site = site
        self._cards = cards
        self._pages = pages
        self._course = site.course

    def view(self, file: str, language: str) -> views.GuideView:
        pages = [self._course.in_language(page, language) for page in self._course.pages]
        own = [page for page in pages if page.front.audience == "facilitator"]
        found = (self._page(page, file, language) for page in pages)
        return views.GuideView(
            purpose=self._course.config.purpose,
            own=tuple(self._cards.card(page, file, language) for page in own),
            routes=tuple(self._route(r, file, language) for r in self._course.config.routes),
            pages=tuple(page for page in found if _says_something(page)),
        )

    def _route(self, route: Route, file: str, language: str) -> views.GuideRouteView:
        view = self._cards.route_view(route, file, language)
        steps = []
        at = 0
        for step, page in zip(view.steps, self._course.route_steps(route), strict=True):
            there = self._course.in_language(page, language)
            minutes = step.minutes or max(1, round(there.minutes))
            steps.append(views.GuideStepView(step, at, minutes, self._as_seen(there, file)))
            at += minutes
        return views.GuideRouteView(view, at, tuple(steps))

    def _page(self, page: Page, file: str, language: str) -> views.GuidePageView:
        # What the front page shows of a page has links that count from the front page.
        renderer = FragmentRenderer(self._site, self._cards, page, file)
        nodes = list(nodes_in((*page.document.heading, *page.document.body)))
        blocks = [node for node in nodes if isinstance(node, Choices)]
        within = {id(node) for node in nodes_in(blocks) if isinstance(node, Aside)}
        outside = (node for node in notes_in(nodes) if id(node) not in within)
        return views.GuidePageView(
            card=self._cards.card(page, file, language),
            note=self._as_seen(page, file),
            asides=tuple(renderer.aside(node) for node in outside),
            prompts=tuple(renderer.checkpoint(asked) for asked in _asked_in(nodes)),
            branches=tuple(self._branch(block, renderer, file, language) for block in blocks),
        )

    def _branch(
        self, block: Choices, renderer: FragmentRenderer, file: str, language: str
    ) -> views.GuideBranchView:
        told = replace(block, options=tuple(_without_notes(option) for option in block.options))
        shown = renderer.choices(told)
        options = []
        for option, view in zip(block.options, shown.options, strict=True):
            notes = tuple(renderer.aside(note) for note in notes_in(nodes_in(option.consequence)))
            target = self._course.by_id.get(view.visited_id)
            leads = self._cards.card(target, file, language) if target else None
            options.append(views.GuideOptionView(view, notes, leads))
        around = notes_in(nodes_in((*block.intro, *block.outro)))
        return views.GuideBranchView(
            shown.label, tuple(renderer.aside(note) for note in around), tuple(options)
        )

    def _as_seen(self, page: Page, file: str) -> Markup:
        return self._pages.note(page, file)


def notes_in(nodes: Iterable[object]) -> Iterator[Aside]:
    """What is said to facilitators among these nodes."""
    return (node for node in nodes if isinstance(node, Aside) and node.kind == "facilitator")


def _without_notes(option: Option) -> Option:
    """What follows an option, less what stands beside it in the guide."""
    notes = list(notes_in(option.consequence))
    rest = tuple(part for part in option.consequence if part not in notes)
    said = any(not isinstance(part, str) or part.strip() for part in rest)
    return replace(option, consequence=rest if said else ())


def _asked_in(nodes: Iterable[object]) -> Iterator[Checkpoint]:
    """Everything that a learner is asked for: in diagrams and models, too."""
    for node in nodes:
        asked = node.checkpoint if isinstance(node, (Loop, Model)) else node
        if isinstance(asked, Checkpoint):
            yield asked


def _says_something(page: views.GuidePageView) -> bool:
    return bool(page.note or page.asides or page.prompts or page.branches)
