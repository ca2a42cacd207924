"""One planned item → its bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from urllib.parse import urlsplit

from markupsafe import Markup
from msgspec.structs import replace

from learnpath import views
from learnpath.cards import Cards
from learnpath.deciding import Path
from learnpath.frontmatter import KINDS
from learnpath.guidance import Guidance
from learnpath.page import Page
from learnpath.pages import Pages
from learnpath.paths import url_of
from learnpath.plan import (
    Item,
    SitePlan,
    page_scripts,
    page_styles,
    script_files,
)
from learnpath.planning import plan_view
from learnpath.site import Site

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Renderer:
    """Renders the items of one plan. `preview` marks pages of the preview server."""

    def __init__(self, plan: SitePlan, *, preview: bool = False) -> None:
        self.plan = plan
        self._site = Site(plan, preview=preview)
        self._cards = Cards(self._site)
        self._pages = Pages(self._site, self._cards)
        self._guidance = Guidance(self._site, self._cards, self._pages)
        self._course = plan.course

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

    def _page(self, page: Page) -> str:
        view = self._pages.view(page)
        return self._site.theme.html(
            "page.html",
            page.language,
            site=self._site.site_view(page.file, page.language, page),
            head=self._page_head(page),
            page=view,
        )

    def _page_head(self, page: Page) -> views.HeadView:
        now, near = page_scripts(self._course, page)
        scripts = (self._site.theme.first_bundle, *now)
        island = self._site.island(page.file, page.language, page)
        if near and "later" in island:
            own = script_files(self._site.theme, page.language, near)
            island["later"] = {**self._site.plan.chrome(page.language).later, **own}
        if "journal-words" in near:
            island["topics"] = self._has_topics(page.language)
        description = page.front.summary or self._course.config.description
        return self._site.head(
            page.file,
            page.language,
            page.title,
            description,
            scripts,
            island,
            page_styles(page, near),
        )

    def _generated(self, item: Item) -> str:
        t = self._site.strings(item.language).text
        island = self._site.island(item.file, item.language, None)
        scripts: list[str] = [self._site.theme.first_bundle]
        context: dict[str, object] = {}
        match item.kind:
            case "map":
                title = f"{t('map.title')}: {item.part.title}" if item.part else t("map.title")
                context |= self._map(item)
                scripts.append("map")
            case "search":
                title = t("search.title")
                context["topics"] = self._cards.topic_links(item.file, item.language)
                island["kinds"] = {kind: t(f"kind.{kind}") for kind in KINDS}
                scripts.append("search")
            case "journal":
                title = t("journal.title")
                island["topics"] = self._has_topics(item.language)
                scripts.append("journal")
            case "plan":
                title = t("plan.title")
                strings = self._site.strings(item.language)
                context["plan"] = plan_view(self._course, item.language, strings)
                context["routes"] = self._cards.route_views(item.file, item.language)
                scripts += ["checkpoints", "plan"]
            case "trail":
                title = t("trail.title")
                scripts.append("trail")
            case "privacy":
                title = t("privacy.title")
                context["privacy"] = self._privacy(item)
            case "routes":
                title = t("routes.title")
                context["routes"] = self._cards.route_views(item.file, item.language)
            case "route":
                assert item.route is not None
                title = item.route.title
                context["route"] = self._cards.route_view(item.route, item.file, item.language)
            case "guide":
                title = t("guide.title")
                context["guide"] = self._guidance.view(item.file, item.language)
            case "topic":
                assert item.topic is not None
                title = f"{t('topic.kicker')}: {item.topic.title}"
                context["topic"] = self._cards.topic_view(item.topic, item.file, item.language)
            case _:
                raise ValueError(item.kind)
        about = self._description(item, title)
        return self._site.theme.html(
            f"{item.kind}.html",
            item.language,
            site=self._site.site_view(item.file, item.language, None),
            head=self._site.head(item.file, item.language, title, about, tuple(scripts), island),
            **context,
        )

    def _has_topics(self, language: str) -> bool:
        """Whether a journal can be ordered by topic."""
        return any(pages for _, pages in self.plan.topic_sizes(language))

    def _description(self, item: Item, title: str) -> str:
        """A generated page in a sentence."""
        words = self._site.strings(item.language).words
        if item.route is not None:
            return item.route.audience or words["routes.intro"]
        return words.get(f"{item.kind}.intro") or words.get(f"{item.kind}.hint", title)

    def _map(self, item: Item) -> dict[str, object]:
        return {
            "map": self._cards.map_view(item.file, item.language, item.part),
            "notes": self._pages.notes(item.file, item.language),
        }

    def _privacy(self, item: Item) -> views.PrivacyView:
        config = self._course.config
        report = self.plan.deciding
        return views.PrivacyView(
            config.purpose,
            config.commissioned_by,
            self._course.questions,
            len(report.gates),
            report.pages,
            tuple(self._deciding(path, item) for path in report.paths),
        )

    def _deciding(self, path: Path, item: Item) -> views.DecidingView:
        pages = (self._course.in_language(self._course.by_id[i], item.language) for i in path.fixed)
        links = tuple(views.LinkView(p.title, self._site.to(item.file, p)) for p in pages)
        title = path.title if path.id else ""
        return views.DecidingView(title, round(100 * path.share), links, len(path.gates))

    def _redirect(self, item: Item) -> str:
        url = self._site.relative(item.file, url_of(item.target), "")
        return self._site.theme.html(
            "redirect.html",
            item.language,
            site=self._site.site_view(item.file, item.language, None),
            head=self._site.head(item.file, item.language, item.title, "", (), {}),
            target=views.LinkView(item.title, url),
        )

    def _missing(self, item: Item) -> str:
        """The 404 page is served at any depth, so it carries its style and links by the path."""
        styles = self._site.theme.style_text["screen"]
        digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
        head = self._site.head(item.file, item.language, self._site.strings(item.language).text(
            "missing.title"), "", (), {})  # fmt: skip
        url = self._course.config.url
        start = self._course.start
        home = ""
        if start is not None and self._site.preview:
            home = f"/{start.url}"
        elif start is not None and url:
            home = urlsplit(url).path + start.url
        return self._site.theme.html(
            "404.html",
            item.language,
            site=self._site.site_view(item.file, item.language, None),
            head=replace(head, csp=self._site.csp((), f"'sha256-{digest}'")),
            home=home,
            styles=Markup(styles),
        )

    def _sitemap(self) -> str:
        base = self._course.config.url
        urls = sorted(
            (base + page.url.removesuffix("index.html"), page.front.date)
            for page in self._course.all_pages
            if page.front.listed == "true" and not page.front.draft
        )
        body = "".join(
            f"<url><loc>{escape(url)}</loc>{_last_changed(date)}</url>\n" for url, date in urls
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{body}</urlset>\n"
        )


def _last_changed(date: str) -> str:
    """A page's own date, where it is one that a sitemap may carry."""
    return f"<lastmod>{date}</lastmod>" if _DATE.fullmatch(date) else ""
