"""How pages stand on other pages: cards, routes, topics, and the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from learnpath import views
from learnpath.conditions.check import canonical
from learnpath.conditions.syntax import ConditionError, Tree, parse
from learnpath.conditions.words import Words
from learnpath.config import Route
from learnpath.drawing import draw_map
from learnpath.page import Page
from learnpath.paths import url_of
from learnpath.plan import Topic, route_file
from learnpath.site import Site


class Cards:
    """Makes the views that stand for pages, each with addresses for the page that shows it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._course = site.course

    def card(self, page: Page, origin: str, language: str) -> views.CardView:
        """A page as another page shows it."""
        there = self._course.in_language(page, language)
        front = there.front
        return views.CardView(
            id=there.id,
            title=there.title,
            url=self._site.to(origin, there),
            summary=front.summary,
            kind=front.kind,
            minutes=front.minutes,
            listed=front.listed,
            ending=bool(front.ending),
            draft=front.draft,
        )

    def of(self, page: Page, identities: Iterable[str]) -> tuple[views.CardView, ...]:
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

    # The map

    def map_view(self, file: str, language: str) -> views.MapView:
        """The map as the page at `file` shows it: the list, and a drawing of the same edges."""
        listed = [page for page in self._course.pages if page.front.listed != "never"]
        groups: dict[str, list[views.MapEntryView]] = defaultdict(list)
        for page in listed:
            folder = page.source.rpartition("/")[0]
            groups[folder].append(self._map_entry(page, file, language))
        drawing, drawing_of = draw_map(
            self._course,
            listed,
            lambda page: self._site.to(file, self._course.in_language(page, language)),
            language,
        )
        topics = self._site.plan.topics.get(language, {})
        return views.MapView(
            groups=tuple(
                views.MapGroupView(self._group_title(folder, language), tuple(entries))
                for folder, entries in groups.items()
            ),
            drawing=drawing,
            drawing_of=drawing_of,
            topics=tuple(self.topic_view(topic, file, language) for topic in topics.values()),
            routes=self.route_views(file, language),
            endings=tuple(self.card(page, file, language) for page in listed if page.front.ending),
        )

    def _map_entry(self, page: Page, file: str, language: str) -> views.MapEntryView:
        words = self._site.words(language)
        edges = []
        seen: set[tuple[str, str, str | None]] = set()
        for edge in self._course.edges_from.get(page.id, ()):
            target = self._course.by_id[edge.target]
            key = (edge.type, edge.target, edge.when)
            hidden = target.front.listed == "never" or edge.target == page.id
            if key in seen or hidden:
                continue
            seen.add(key)
            card = self.card(target, file, language)
            edges.append(
                views.EdgeView(edge.type, edge.label, card, self._edge_words(edge.when, words))
            )
        return views.MapEntryView(self.card(page, file, language), tuple(edges))

    def _edge_words(self, when: str | None, words: Words) -> str:
        if not when:
            return ""
        tree = _parsed(when)
        return "" if tree is None else words.condition(canonical(tree, self._course))

    def _group_title(self, folder: str, language: str) -> str:
        if not folder:
            return ""
        landing = self._course.by_id.get(folder)
        if landing is not None:
            return self._course.in_language(landing, language).title
        name = folder.rpartition("/")[2].replace("-", " ").replace("_", " ")
        return name[:1].upper() + name[1:]


@cache
def _parsed(text: str) -> Tree | None:
    try:
        return parse(text).tree
    except ConditionError:
        return None
