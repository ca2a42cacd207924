"""How pages stand on other pages: cards, routes, topics, and the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from markupsafe import Markup
from msgspec.structs import replace

from learnpath import views
from learnpath.atlas import (
    MOST_NAMED,
    Overview,
    Part,
    Sheet,
    folder_title,
    mapped,
    place_on_map,
)
from learnpath.conditions.check import canonical
from learnpath.conditions.syntax import ConditionError, Tree, parse
from learnpath.conditions.words import Words
from learnpath.config import Route
from learnpath.course import Way
from learnpath.drawing import draw_pages, draw_sheets
from learnpath.page import Card, Page, translated
from learnpath.paths import url_of
from learnpath.plan import Topic, map_file, route_file
from learnpath.site import Site


class Cards:
    """Makes the views that stand for pages, each with addresses for the page that shows it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._course = site.course

    def card(self, page: Page, origin: str, language: str) -> Card:
        """A page as another page shows it."""
        return self._shown(self._read_in(page, language), origin)

    def _read_in(self, page: Page, language: str) -> Page:
        """A page as readers of a language have it. Of one that is in it already the course is not
        asked, so that nothing has to be written down of that."""
        return page if page.language == language else self._course.in_language(page, language)

    def _shown(self, page: Page, origin: str) -> Card:
        card = page.card
        return replace(card, url=self._site.relative(origin, card.url, ""))

    def of(self, page: Page, identities: Iterable[str]) -> tuple[Card, ...]:
        """The cards of the pages with these ids, as `page` shows them."""
        found = (self._course.find(identity) for identity in identities)
        return tuple(self.card(p, page.file, page.language) for p in found if p is not None)

    def route_views(self, file: str, language: str) -> tuple[views.RouteView, ...]:
        routes = self._course.config.routes
        return tuple(self.route_view(route, file, language) for route in routes)

    def route_view(self, route: Route, file: str, language: str) -> views.RouteView:
        steps = tuple(
            views.StepView(self.card(page, file, language), step.minutes, step.do)
            for step in route.steps
            if (page := self._course.find(step.page)) is not None
        )
        return views.RouteView(
            id=route.id,
            title=route.title,
            url=self._site.relative(file, url_of(route_file(self._course, route, language)), ""),
            audience=route.audience,
            minutes=sum(step.minutes or step.card.minutes for step in steps),
            steps=steps,
        )

    def topic_view(self, topic: Topic, file: str, language: str) -> views.TopicView:
        return views.TopicView(
            id=topic.id,
            title=topic.title,
            url=self._site.relative(file, url_of(topic.file), ""),
            cards=tuple(self.card(page, file, language) for page in topic.pages),
        )

    def topic_links(self, file: str, language: str) -> tuple[views.TopicLinkView, ...]:
        return tuple(
            views.TopicLinkView(
                topic.title, self._site.relative(file, url_of(topic.file), ""), pages
            )
            for topic, pages in self._site.plan.topic_sizes(language)
        )

    # The map

    def map_view(self, file: str, language: str, part: Part | None = None) -> views.MapView:
        """The map as the page at `file` shows it: the list, and a drawing of the same edges.

        A large course is shown as its parts; `part` is the one whose pages are shown.
        """
        overview = None if part else self._site.plan.overview(language)
        pages = part.pages if part else () if overview else mapped(self._course)
        entries = self._map_entries(pages, file, language)
        whole = url_of(map_file(self._course, language))
        return views.MapView(
            title=part.title if part else "",
            whole=self._site.relative(file, whole, "") if part else "",
            parts=self._part_views(overview, file, language) if overview else (),
            groups=self._map_groups(pages, entries, language),
            drawing=self._drawing(entries, overview, file, language),
            topics=() if part else self.topic_links(file, language),
            routes=() if part else self.route_views(file, language),
            endings=tuple(entry.card for entry in entries if entry.card.ending),
        )

    def _part_views(
        self, overview: Overview, file: str, language: str
    ) -> tuple[views.MapPartView, ...]:
        """The parts, with the names of their pages where those are not too many."""
        sheets = overview.sheets
        named = sum(sheet.pages for sheet in sheets) <= MOST_NAMED
        parts = self._site.plan.parts[language] if named else (None,) * len(sheets)
        found = []
        for sheet, part in zip(sheets, parts, strict=True):
            url = self._to_sheet(sheet, file, language)
            leaves = self._leaves(part.pages, url, language) if part else ()
            found.append(views.MapPartView(sheet.title, url, sheet.pages, leaves))
        return tuple(found)

    def _leaves(self, pages: Sequence[Page], url: str, language: str) -> tuple[views.LeafView, ...]:
        return tuple(
            views.LeafView(
                page.id,
                self._course.in_language(page, language).title,
                f"{url}#{place_on_map(page)}",
                page.listed,
            )
            for page in pages
        )

    def _to_sheet(self, sheet: Sheet, file: str, language: str) -> str:
        return self._site.relative(file, url_of(map_file(self._course, language, sheet.name)), "")

    def _map_groups(
        self, pages: Sequence[Page], entries: Sequence[views.MapEntryView], language: str
    ) -> tuple[views.MapGroupView, ...]:
        groups: dict[str, list[views.MapEntryView]] = defaultdict(list)
        for page, entry in zip(pages, entries, strict=True):
            groups[page.source.rpartition("/")[0]].append(entry)
        return tuple(
            views.MapGroupView(folder_title(self._course, language, folder), tuple(found))
            for folder, found in groups.items()
        )

    def _drawing(
        self,
        entries: Sequence[views.MapEntryView],
        overview: Overview | None,
        file: str,
        language: str,
    ) -> Markup:
        if overview:
            return draw_sheets(overview, lambda sheet: self._to_sheet(sheet, file, language))
        ways = {entry.card.id: [(way.type, way.to) for way in entry.edges] for entry in entries}
        start = self._course.start
        return draw_pages([entry.card for entry in entries], ways, start.id if start else "")

    def _map_entries(
        self, pages: Sequence[Page], file: str, language: str
    ) -> list[views.MapEntryView]:
        words, strings = self._site.words(language), self._site.strings(language)
        is_translated = language != self._course.config.language
        cards: dict[str, Card] = {}  # most pages are shown more than once
        kinds = cache(lambda type_: strings.text(f"edge.{type_}"))

        def shown(page: Page) -> Card:
            card = cards.get(page.id)
            if card is None:
                card = self._shown(page, file)
                if is_translated:
                    card = translated(self._course.by_id[page.id].card, card)
                cards[page.id] = card
            return card

        def edge(way: Way) -> views.EdgeView:
            said = self._edge_words(way.when, words)
            return views.EdgeView(way.type, kinds(way.type), way.label, shown(way.target), said)

        return [
            views.MapEntryView(shown(self._read_in(page, language)), tuple(map(edge, ways)))
            for page, ways in zip(pages, self._site.plan.ways(file) if pages else (), strict=True)
        ]

    def _edge_words(self, when: str | None, words: Words) -> str:
        if not when:
            return ""
        tree = _parsed(when)
        return "" if tree is None else words.condition(canonical(tree, self._course))


@cache
def _parsed(text: str) -> Tree | None:
    try:
        return parse(text).tree
    except ConditionError:
        return None
