"""One page → the view that its template gets."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from markupsafe import Markup

from learnpath import views
from learnpath.cards import Cards
from learnpath.conditions.check import canonical
from learnpath.fragments import FragmentRenderer
from learnpath.jsontext import json_text
from learnpath.markdown.read import read_document
from learnpath.page import Page
from learnpath.paths import url_of
from learnpath.site import Site


class Pages:
    """Makes page views: header, gate, body, and what surrounds them."""

    def __init__(self, site: Site, cards: Cards) -> None:
        self._site = site
        self._cards = cards
        self._course = site.course

    def view(self, page: Page) -> views.PageView:
        """The page with its text rendered."""
        fragments = FragmentRenderer(self._site, self._cards, page)
        body = fragments.html(page.document.body)
        heading = fragments.html(page.document.heading) or Markup(escape(page.title))
        front = page.front
        before, after = self._neighbours(page)
        return views.PageView(
            id=page.id,
            heading=heading,
            heading_id=page.document.heading_id,
            summary=front.summary,
            kind=front.kind,
            minutes=front.minutes,
            audience=front.audience_words,
            skip_if=front.skip_if,
            topics=self._topic_links(page),
            objectives=front.objectives,
            builds_on=self._cards.of(page, [identity for identity, _ in front.builds_on]),
            gate=self._gate(page),
            body=body,
            related=self._related(page),
            detour_of=self._detour_of(page),
            ending=front.ending,
            start=self._course.start is not None and page.id == self._course.start.id,
            previous=before,
            following=after,
            draft=front.draft,
            note=self.note(page),
            question=self._question(page),
            help=front.help if page.document.facts.helps else "",
        )

    def notes(self, file: str, language: str) -> Mapping[str, Markup]:
        """What is said to the facilitator of each page, in the guide alone."""
        if not self._site.plan.guide:
            return {}
        there = (self._course.in_language(page, language) for page in self._course.pages)
        return {page.id: self.note(page, file) for page in there}

    def note(self, page: Page, file: str = "") -> Markup:
        """What front matter says to the facilitator, in the guide alone."""
        text = page.front.facilitator
        if not text or not self._site.plan.guide:
            return Markup()
        document = read_document(page.source, text, text, 1, lambda _: None, html="false")
        return FragmentRenderer(self._site, self._cards, page, file).html(document.body)

    def _question(self, page: Page) -> views.LinkView | None:
        """A problem asks for the learner's own question, where it is asked somewhere else."""
        home = self._course.checkpoint(self._course.config.driving_question)
        if page.front.kind != "problem" or home is None or home.page.id == page.id:
            return None
        there = self._course.in_language(home.page, page.language)
        url = self._site.relative(page.file, there.url, home.checkpoint.id)
        return views.LinkView(home.checkpoint.prompt_text, url)

    def _neighbours(self, page: Page) -> tuple[views.LinkView | None, views.LinkView | None]:
        """Previous and next, which carry the reader of a plain folder."""
        if not self._course.config.plain:
            return None, None

        def link(there: Page | None) -> views.LinkView | None:
            return views.LinkView(there.title, self._site.to(page.file, there)) if there else None

        before, after = self._course.neighbours(page)
        return link(before), link(after)

    def _topic_links(self, page: Page) -> tuple[views.LinkView, ...]:
        return tuple(
            views.LinkView(topic.title, self._site.relative(page.file, url_of(topic.file), ""))
            for identity, _ in page.front.topics
            if (topic := self._site.plan.topic_name(page.language, identity)) is not None
        )

    def _related(self, page: Page) -> tuple[views.RelatedView, ...]:
        views_ = (
            views.RelatedView(relation, self._cards.of(page, [identity for identity, _ in placed]))
            for relation, placed in page.front.related
        )
        return tuple(view for view in views_ if view.cards)

    def _gate(self, page: Page) -> views.GateView | None:
        requires = page.front.requires
        if requires is None or requires.condition is None:
            return None
        tree = canonical(requires.condition.tree, self._course)
        return views.GateView(
            condition=json_text(tree),
            words=self._site.words(page.language).condition(tree),
            because=page.front.because,
            asks=tuple(self._asks(page)),
        )

    def _asks(self, page: Page) -> list[views.LinkView]:
        requires = page.front.requires
        links = []
        for name in requires.condition.names if requires and requires.condition else ():
            home = self._course.checkpoint(name.name) if name.kind != "visited" else None
            target = home.page if home else self._course.find(name.name)
            if target is None or name.kind in ("var", "route", "chose"):
                continue
            there = self._course.in_language(target, page.language)
            anchor = home.checkpoint.id if home else ""
            links.append(
                views.LinkView(there.title, self._site.relative(page.file, there.url, anchor))
            )
        return list(dict.fromkeys(links))

    def _detour_of(self, page: Page) -> tuple[views.LinkView, ...]:
        links = []
        for origin, anchor in self._course.detours_to(page):
            there = self._course.in_language(origin, page.language)
            links.append(
                views.LinkView(there.title, self._site.relative(page.file, there.url, anchor))
            )
        return tuple(dict.fromkeys(links))
