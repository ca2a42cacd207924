"""One planned item → its bytes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from html import escape
from urllib.parse import urlsplit

from markupsafe import Markup

from learnpath import views
from learnpath.conditions.check import canonical
from learnpath.conditions.syntax import ConditionError, Tree, parse
from learnpath.conditions.words import Words
from learnpath.config import Route
from learnpath.course import Course
from learnpath.drawing import draw_map
from learnpath.fragments import FragmentRenderer
from learnpath.page import Page
from learnpath.paths import PageId, relative, root_of, url_of
from learnpath.plan import Item, SitePlan, Topic, languages_of, prefix_of, route_file
from learnpath.story import variable_json
from learnpath.strings import Strings

_SHOWN_EDGES = ("choice", "link", "case", "contrasts", "perspective", "deepens", "detour",
                "builds_on", "requires")  # fmt: skip
_PREVIEW_SCRIPT = "livereload.js"


class Renderer:
    """Renders the items of one plan. `preview` marks pages of the preview server."""

    def __init__(self, plan: SitePlan, *, preview: bool = False) -> None:
        self.plan = plan
        self.course: Course = plan.course
        self.assets = plan.assets
        self._theme = plan.theme
        self._preview = preview
        self._words: dict[str, Words] = {}
        self._maps: dict[tuple[str, str], views.MapView] = {}

    def render(self, item: Item) -> bytes:
        """The bytes of one file."""
        match item.kind:
            case "page":
                assert item.page is not None
                html = self._page(item.page)
            case "redirect":
                html = self._redirect(item)
            case "missing":
                html = self._missing(item)
            case "sitemap":
                html = self._sitemap()
            case _:
                html = self._generated(item)
        return html.encode()

    # What other renderers ask

    def strings(self, language: str) -> Strings:
        return self._theme.strings(language)

    def words(self, language: str) -> Words:
        if language not in self._words:
            self._words[language] = Words(self.course, self.strings(language))
        return self._words[language]

    def partial(self, name: str, page: Page, **context: object) -> str:
        template = self._theme.template(f"partials/{name}.html", page.language)
        site = self._site(page.file, page.language, page)
        return template.render(site=site, **context)

    def relative(self, origin: str, url: str, anchor: str) -> str:
        link = relative(url_of(origin), url)
        return f"{link}#{anchor}" if anchor else link

    # Pages

    def _page(self, page: Page) -> str:
        fragments = FragmentRenderer(self, page)
        body = fragments.html(page.document.body)
        heading = fragments.html(page.document.heading) or Markup(escape(page.title))
        view = self._page_view(page, heading, body)
        return self._theme.html(
            "page.html",
            page.language,
            site=self._site(page.file, page.language, page),
            head=self._page_head(page),
            page=view,
        )

    def _page_view(self, page: Page, heading: Markup, body: Markup) -> views.PageView:
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
            builds_on=self._cards(page, [identity for identity, _ in front.builds_on]),
            gate=self._gate(page),
            body=body,
            related=self._related(page),
            detour_of=self._detour_of(page),
            ending=front.ending,
            previous=before,
            following=after,
            draft=front.draft,
        )

    def _neighbours(self, page: Page) -> tuple[views.LinkView | None, views.LinkView | None]:
        """Previous and next, which carry the reader of a plain folder."""
        if not self.course.config.plain:
            return None, None
        at, pages = self.course.position[page.id], self.course.pages

        def link(index: int) -> views.LinkView | None:
            if not 0 <= index < len(pages):
                return None
            return views.LinkView(pages[index].title, self._to(page.file, pages[index]))

        return link(at - 1), link(at + 1)

    def _to(self, origin: str, page: Page) -> str:
        return self.relative(origin, page.url, "")

    def card(self, page: Page, origin: str, language: str) -> views.CardView:
        """A page as another page shows it."""
        there = self.course.in_language(page, language)
        front = there.front
        return views.CardView(
            id=there.id,
            title=there.title,
            url=self._to(origin, there),
            summary=front.summary,
            kind=front.kind,
            minutes=front.minutes,
            listed=front.listed,
            ending=bool(front.ending),
            draft=front.draft,
        )

    def _cards(self, page: Page, identities: list[str]) -> tuple[views.CardView, ...]:
        found = (self.course.find(identity) for identity in identities)
        return tuple(self.card(p, page.file, page.language) for p in found if p is not None)

    def _topic_links(self, page: Page) -> tuple[views.LinkView, ...]:
        topics = self.plan.topics.get(page.language, {})
        return tuple(
            views.LinkView(topic.title, self.relative(page.file, url_of(topic.file), ""))
            for identity, _ in page.front.topics
            if (topic := topics.get(identity)) is not None
        )

    def _related(self, page: Page) -> tuple[views.RelatedView, ...]:
        views_ = (
            views.RelatedView(relation, self._cards(page, [identity for identity, _ in placed]))
            for relation, placed in page.front.related
        )
        return tuple(view for view in views_ if view.cards)

    def _gate(self, page: Page) -> views.GateView | None:
        requires = page.front.requires
        if requires is None or requires.condition is None:
            return None
        tree = canonical(requires.condition.tree, self.course)
        return views.GateView(
            condition=_json(tree),
            words=self.words(page.language).condition(tree),
            because=page.front.because,
            asks=tuple(self._asks(page)),
        )

    def _asks(self, page: Page) -> list[views.LinkView]:
        requires = page.front.requires
        links = []
        for name in requires.condition.names if requires and requires.condition else ():
            home = self.course.checkpoint(name.name) if name.kind != "visited" else None
            target = home.page if home else self.course.find(name.name)
            if target is None or name.kind in ("var", "route", "chose"):
                continue
            there = self.course.in_language(target, page.language)
            anchor = home.checkpoint.id if home else ""
            links.append(views.LinkView(there.title, self.relative(page.file, there.url, anchor)))
        return list(dict.fromkeys(links))

    @cached_property
    def _detours(self) -> dict[str, list[tuple[Page, str]]]:
        """For each page the places that it is a detour from: (page, anchor)."""
        found: dict[str, list[tuple[Page, str]]] = defaultdict(list)
        for page in self.course.pages:
            anchors = {link.place: link.id for link in page.document.facts.links}
            for edge in self.course.edges_from.get(page.id, ()):
                if edge.type == "detour" and edge.target != page.id:
                    found[edge.target].append((page, anchors.get(edge.place, "")))
        return found

    def _detour_of(self, page: Page) -> tuple[views.LinkView, ...]:
        links = []
        for origin, anchor in self._detours.get(page.id, ()):
            there = self.course.in_language(origin, page.language)
            links.append(views.LinkView(there.title, self.relative(page.file, there.url, anchor)))
        return tuple(dict.fromkeys(links))

    # What every page shows

    def _site(self, file: str, language: str, page: Page | None) -> views.SiteView:
        config = self.course.config
        start = self.course.start
        home = self.course.in_language(start, language) if start else None
        strings = self.strings(language)
        return views.SiteView(
            title=config.title or (home.title if home else ""),
            description=config.description,
            language=language,
            direction=strings.direction,
            home=self._to(file, home) if home else "",
            map=self._nav(file, language, "map"),
            journal=self._nav(file, language, "journal"),
            privacy=self._nav(file, language, "privacy"),
            routes=self._nav(file, language, "routes"),
            languages=self._languages(file, language, page),
            authors=config.authors,
            licence=config.licence,
            driving_question=self._driving_question,
            plain=config.plain,
            preview=self._preview,
        )

    @cached_property
    def _driving_question(self) -> str:
        home = self.course.checkpoint(self.course.config.driving_question)
        return home.checkpoint.id if home else ""

    def _nav(self, file: str, language: str, kind: str) -> str:
        target = f"{prefix_of(self.course, language)}{kind}.html"
        item = self.plan.items.get(target)
        if item is None or item.kind != kind:
            return ""
        return self.relative(file, url_of(target), "")

    def _languages(
        self, file: str, language: str, page: Page | None
    ) -> tuple[views.LanguageView, ...]:
        start = self.course.start
        shown = page or start
        if shown is None:
            return ()
        known = self.course.by_language
        codes = [code for code in languages_of(self.course) if (code, shown.id) in known]
        if len(codes) < 2:
            return ()
        return tuple(
            views.LanguageView(
                code=code,
                label=self.strings(code).words.get("language", code)
                if self.strings(code).known
                else code,
                url=self._to(file, self.course.in_language(shown, code)),
                current=code == language,
            )
            for code in codes
        )

    def _head(self, item_file: str, language: str, title: str, description: str,
              scripts: tuple[str, ...], island: dict[str, object]) -> views.HeadView:  # fmt: skip
        def to(file: str) -> str:
            return self.relative(item_file, url_of(file), "")

        styles = self._theme.styles
        url = self.course.config.url
        sources = [to(self._theme.script(name, language).file) for name in scripts]
        if self._preview:
            sources.append(f"{root_of(item_file)}{_PREVIEW_SCRIPT}")
        return views.HeadView(
            title=title,
            description=description,
            csp=self._csp(),
            canonical=url + url_of(item_file).removesuffix("index.html") if url else "",
            alternates=(),
            stylesheets=(to(styles["screen"].file),),
            print_stylesheets=(to(styles["print"].file),),
            scripts=tuple(sources),
            icon=to(self._theme.icon.file),
            island=_island(island),
            social=bool(url),
        )

    def _csp(self, style_hash: str = "") -> str:
        frames = " ".join(f"https://{host}" for host in self.course.config.embeds)
        connect = "'self' ws: wss:" if self._preview else "'self'"
        return "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                f"style-src {style_hash or chr(39) + 'self' + chr(39)}",
                "img-src 'self' data:",
                "media-src 'self'",
                f"connect-src {connect}",
                *((f"frame-src {frames}",) if frames else ()),
                "form-action 'none'",
                "base-uri 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types learnpath",
            )
        )

    def _page_head(self, page: Page) -> views.HeadView:
        scripts = [self._theme.first_bundle]
        facts = page.document.facts
        widgets = {widget.kind for widget in facts.widgets}
        writes = any(option.write for block in facts.choices for option in block.options)
        if facts.checkpoints or writes:
            scripts.append("checkpoints")
        scripts += [kind for kind in ("journal", "map") if kind in widgets]
        island = self._island(page.file, page.language, page)
        if "journal" in widgets:
            island["prompts"] = self._prompts(page.file, page.language)
        description = page.front.summary or self.course.config.description
        return self._head(page.file, page.language, page.title, description, tuple(scripts), island)

    def _island(self, file: str, language: str, page: Page | None) -> dict[str, object]:
        config = self.course.config
        return {
            "v": 1,
            "course": config.id,
            "title": config.title,
            "preview": self._preview,
            "page": page.id if page else "",
            "pageTitle": page.title if page else "",
            "lang": language,
            "rev": hashlib.blake2b(page.digest.encode(), digest_size=8).hexdigest() if page else "",
            "url": url_of(file),
            "root": root_of(file),
            "privacy": self._nav(file, language, "privacy"),
            "journal": self._nav(file, language, "journal"),
            "state": {name: variable_json(v) for name, v in config.state.items()},
            "routes": [self._route_on(route, file, language, page) for route in config.routes],
            "gated": bool(page and page.front.requires and page.front.requires.condition),
            **self._former_names,
        }

    @cached_property
    def _former_names(self) -> dict[str, object]:
        """Former ids → today's, so that what was written and seen under them still counts."""
        names = {"checkpoints": self.course.checkpoint_aliases, "pages": self.course.aliases}
        known = {kind: former for kind, former in names.items() if former}
        return {"aliases": known} if known else {}

    def _route_on(
        self, route: Route, file: str, language: str, page: Page | None
    ) -> dict[str, object]:
        """What a page knows of a route: whether it is a step of it, and the steps beside."""
        steps = self.course.route_steps(route)
        at = next((i for i, step in enumerate(steps) if page and step.id == page.id), -1)

        def link(index: int) -> dict[str, str] | None:
            if at < 0 or not 0 <= index < len(steps):
                return None
            there = self.course.in_language(steps[index], language)
            return {"title": there.title, "url": self._to(file, there), "page": there.id}

        url = self.relative(file, url_of(route_file(self.course, route, language)), "")
        return {
            "id": route.id,
            "title": route.title,
            "url": url,
            "step": at + 1,
            "of": len(steps),
            "previous": link(at - 1),
            "next": link(at + 1),
        }

    def _prompts(self, file: str, language: str) -> dict[str, object]:
        """Where every checkpoint of today is asked, for the journal."""
        return {
            identity: {
                "page": home.page.id,
                "title": self.course.in_language(home.page, language).title,
                "url": self.relative(
                    file, self.course.in_language(home.page, language).url, identity
                ),
                "topics": [topic for topic, _ in home.page.front.topics],
                "aliases": list(home.checkpoint.aliases),
            }
            for identity, home in sorted(self.course.checkpoints.items())
        }

    # Generated pages

    def _generated(self, item: Item) -> str:
        t = self.strings(item.language).text
        island = self._island(item.file, item.language, None)
        scripts: list[str] = [self._theme.first_bundle]
        context: dict[str, object] = {}
        description = ""
        match item.kind:
            case "map":
                title = t("map.title")
                context["map"] = self.map_view(item.file, item.language)
                scripts.append("map")
            case "journal":
                title = t("journal.title")
                island["prompts"] = self._prompts(item.file, item.language)
                scripts.append("journal")
            case "privacy":
                title = t("privacy.title")
                context["privacy"] = self._privacy()
            case "routes":
                title = t("routes.title")
                context["routes"] = self.route_views(item.file, item.language)
            case "route":
                assert item.route is not None
                title = item.route.title
                context["route"] = self._route_view(item.route, item.file, item.language)
            case "topic":
                assert item.topic is not None
                title = item.topic.title
                context["topic"] = self._topic_view(item.topic, item.file, item.language)
            case _:
                raise ValueError(item.kind)
        return self._theme.html(
            f"{item.kind}.html",
            item.language,
            site=self._site(item.file, item.language, None),
            head=self._head(item.file, item.language, title, description, tuple(scripts), island),
            **context,
        )

    def _privacy(self) -> views.PrivacyView:
        config = self.course.config
        return views.PrivacyView(
            config.purpose,
            config.commissioned_by,
            len(self.course.checkpoints),
            sum(1 for page in self.course.pages if page.front.requires),
            len(self.course.pages),
        )

    def route_views(self, file: str, language: str) -> tuple[views.RouteView, ...]:
        routes = self.course.config.routes
        return tuple(self._route_view(route, file, language) for route in routes)

    def _route_view(self, route: Route, file: str, language: str) -> views.RouteView:
        steps = tuple(
            views.StepView(self.card(page, file, language), step.minutes, step.do)
            for step in route.steps
            if (page := self.course.find(step.page)) is not None
        )
        return views.RouteView(
            id=route.id,
            title=route.title,
            url=self.relative(file, url_of(route_file(self.course, route, language)), ""),
            audience=route.audience,
            minutes=sum(step.minutes or step.card.minutes for step in steps),
            steps=steps,
        )

    def _topic_view(self, topic: Topic, file: str, language: str) -> views.TopicView:
        return views.TopicView(
            id=topic.id,
            title=topic.title,
            url=self.relative(file, url_of(topic.file), ""),
            cards=tuple(self.card(page, file, language) for page in topic.pages),
        )

    # The map

    def map_view(self, file: str, language: str) -> views.MapView:
        """The map as the page at `file` shows it: the list, and a drawing of the same edges."""
        listed = [page for page in self.course.pages if page.front.listed != "never"]
        groups: dict[str, list[views.MapEntryView]] = defaultdict(list)
        for page in listed:
            folder = page.source.rpartition("/")[0]
            groups[folder].append(self._map_entry(page, file, language))
        drawing, drawing_of = draw_map(
            self.course,
            listed,
            lambda page: self._to(file, self.course.in_language(page, language)),
            language,
        )
        topics = self.plan.topics.get(language, {})
        return views.MapView(
            groups=tuple(
                views.MapGroupView(self._group_title(folder, language), tuple(entries))
                for folder, entries in groups.items()
            ),
            drawing=drawing,
            drawing_of=drawing_of,
            topics=tuple(self._topic_view(topic, file, language) for topic in topics.values()),
            routes=self.route_views(file, language),
            endings=tuple(self.card(page, file, language) for page in listed if page.front.ending),
        )

    def _map_entry(self, page: Page, file: str, language: str) -> views.MapEntryView:
        words = self.words(language)
        edges = []
        seen: set[tuple[str, str, str | None]] = set()
        for edge in self.course.edges_from.get(page.id, ()):
            target = self.course.by_id[edge.target]
            key = (edge.type, edge.target, edge.when)
            hidden = target.front.listed == "never" or edge.target == page.id
            if key in seen or hidden or edge.type not in _SHOWN_EDGES:
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
        tree = self._parsed(when)
        return "" if tree is None else words.condition(canonical(tree, self.course))

    def _parsed(self, text: str) -> Tree | None:
        try:
            return parse(text).tree
        except ConditionError:
            return None

    def _group_title(self, folder: str, language: str) -> str:
        if not folder:
            return ""
        landing = self.course.by_id.get(PageId(folder))
        if landing is not None:
            return self.course.in_language(landing, language).title
        name = folder.rpartition("/")[2].replace("-", " ").replace("_", " ")
        return name[:1].upper() + name[1:]

    # The odd ones

    def _redirect(self, item: Item) -> str:
        url = self.relative(item.file, url_of(item.target), "")
        return self._theme.html(
            "redirect.html",
            item.language,
            site=self._site(item.file, item.language, None),
            head=self._head(item.file, item.language, item.title, "", (), {}),
            target=views.LinkView(item.title, url),
        )

    def _missing(self, item: Item) -> str:
        """The 404 page is served at any depth, so it carries its style and links by the path."""
        styles = self._theme.style_text["screen"]
        digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
        head = self._head(item.file, item.language, self.strings(item.language).text(
            "missing.title"), "", (), {})  # fmt: skip
        url = self.course.config.url
        start = self.course.start
        home = ""
        if url and start is not None:
            home = urlsplit(url).path + start.url
        return self._theme.html(
            "404.html",
            item.language,
            site=self._site(item.file, item.language, None),
            head=replace(head, csp=self._csp(f"'sha256-{digest}'")),
            home=home,
            styles=Markup(styles),
        )

    def _sitemap(self) -> str:
        base = self.course.config.url
        urls = sorted(
            base + page.url.removesuffix("index.html")
            for page in self.course.all_pages
            if page.front.listed == "true" and not page.front.draft
        )
        body = "".join(f"<url><loc>{escape(url)}</loc></url>\n" for url in urls)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{body}</urlset>\n"
        )


def _island(data: dict[str, object]) -> Markup:
    """JSON that is safe inside a script element."""
    text = _json(data)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
