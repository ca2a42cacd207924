"""What every page of a site shares: words, addresses, head, chrome and the data for scripts."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from learnpath import views
from learnpath.atlas import place_on_map
from learnpath.conditions.words import Words
from learnpath.config import Route
from learnpath.course import Course
from learnpath.jsontext import json_text
from learnpath.page import Page
from learnpath.paths import relative, root_of, url_of
from learnpath.plan import (
    SitePlan,
    route_file,
)
from learnpath.strings import Strings

_PREVIEW_SCRIPT = "livereload.js"


class Site:
    """One plan, seen from its pages. `preview` marks pages of the preview server."""

    def __init__(self, plan: SitePlan, *, preview: bool = False) -> None:
        self.plan = plan
        self.course: Course = plan.course
        self.assets = plan.assets
        self.theme = plan.theme
        self.preview = preview
        self._words: dict[str, Words] = {}
        self._shown: tuple[tuple[str, str], views.SiteView] | None = None

    def strings(self, language: str) -> Strings:
        return self.theme.strings(language)

    def words(self, language: str) -> Words:
        if language not in self._words:
            self._words[language] = Words(self.course, self.strings(language))
        return self._words[language]

    def relative(self, origin: str, url: str, anchor: str) -> str:
        link = relative(url_of(origin), url)
        return f"{link}#{anchor}" if anchor else link

    def to(self, origin: str, page: Page) -> str:
        return self.relative(origin, page.url, "")

    def partial(self, name: str, page: Page, **context: object) -> str:
        template = self.theme.template(f"partials/{name}.html", page.language)
        site = self.site_view(page.file, page.language, page)
        return template.render(site=site, **context)

    # What every page shows

    def site_view(self, file: str, language: str, page: Page | None) -> views.SiteView:
        """What a page shows of its site; the same again for each part of the page."""
        shown = self._shown  # in a preview, other threads ask for other pages meanwhile
        if shown is None or shown[0] != (file, language):
            shown = self._shown = ((file, language), self._site_view(file, language, page))
        return shown[1]

    def _site_view(self, file: str, language: str, page: Page | None) -> views.SiteView:
        chrome = self.plan.chrome(language)
        places = {kind: self.relative(file, url, "") for kind, url in chrome.places.items()}
        return views.SiteView(
            title=chrome.title,
            description=chrome.description,
            language=language,
            direction=self.strings(language).direction,
            home=self.relative(file, chrome.home, "") if chrome.home else "",
            guide=self.relative(file, chrome.guide, "") if chrome.guide else "",
            map=self._map(places.get("map", ""), file, language, page),
            search=places.get("search", ""),
            journal=places.get("journal", ""),
            plan=places.get("plan", ""),
            trail=places.get("trail", ""),
            privacy=places.get("privacy", ""),
            routes=places.get("routes", ""),
            languages=self._languages(file, language, page),
            authors=chrome.authors,
            licence=chrome.licence,
            driving_question=chrome.driving_question,
            plain=chrome.plain,
            preview=self.preview,
        )

    def _map(self, whole: str, file: str, language: str, page: Page | None) -> str:
        """The map; from a page, the place on it where the page stands."""
        sheet = self.plan.sheets.get(language, {}).get(page.id) if page else None
        item = self.plan.items.get(sheet or "")
        if not whole or page is None or item is None or item.kind != "map":
            return whole
        return self.relative(file, url_of(item.file), place_on_map(page))

    def _languages(
        self, file: str, language: str, page: Page | None
    ) -> tuple[views.LanguageView, ...]:
        spoken = self.plan.chrome(language).spoken
        shown = page or self.course.start if len(spoken) > 1 else None
        if shown is None:
            return ()
        known = self.course.by_language
        codes = [code for code in spoken if (code, shown.id) in known]
        if len(codes) < 2:
            return ()
        return tuple(
            views.LanguageView(
                code=code,
                label=self.strings(code).words.get("language", code)
                if self.strings(code).known
                else code,
                url=self.to(file, self.course.in_language(shown, code)),
                current=code == language,
            )
            for code in codes
        )

    # The head

    def head(self, item_file: str, language: str, title: str, description: str,
              scripts: tuple[str, ...], island: dict[str, object],
              shown: tuple[str, ...] = ()) -> views.HeadView:  # fmt: skip
        def to(file: str) -> str:
            return self.relative(item_file, url_of(file), "")

        styles = self.theme.style_names
        sheets = ["screen", *(name for name in styles if name in scripts or name in shown)]
        if self.plan.guide:
            sheets = [name for name in styles if name != "print"]
        url = self.plan.chrome(language).url
        wanted = () if self.plan.guide else scripts
        sources = [to(self.theme.script_name(name, language)) for name in wanted]
        if self.preview:
            sources.append(f"{root_of(item_file)}{_PREVIEW_SCRIPT}")
        return views.HeadView(
            title=title,
            description=description,
            csp=self.csp(self.plan.chrome(language).embeds),
            canonical=url + url_of(item_file).removesuffix("index.html") if url else "",
            alternates=(),
            stylesheets=tuple(to(self.theme.style_name(name)) for name in sheets),
            print_stylesheets=(to(self.theme.style_name("print")),),
            scripts=tuple(sources),
            icon=self.theme.icon,
            island=_island(island),
            social=bool(url),
        )

    def csp(self, embeds: Iterable[str], style_hash: str = "") -> str:
        """The security policy of a page that may show the players of these hosts."""
        frames = " ".join(f"https://{host}" for host in embeds)
        connect = "'self' ws: wss:" if self.preview else "'self'"
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

    # The data for the scripts

    def island(self, file: str, language: str, page: Page | None) -> dict[str, object]:
        chrome, shown = self.plan.chrome(language), self.site_view(file, language, page)
        return {
            "v": 1,
            "course": chrome.course_id,
            "title": chrome.course_title,
            "preview": self.preview,
            "page": page.id if page else "",
            "pageTitle": page.title if page else "",
            "lang": language,
            "rev": page.rev if page else "",
            "url": url_of(file),
            "root": root_of(file),
            "privacy": shown.privacy,
            "journal": shown.journal,
            "plan": shown.plan,
            "state": chrome.state,
            "routes": [
                self._route_on(route, file, language, page) for route in self.course.config.routes
            ],
            "gated": bool(page and page.front.requires and page.front.requires.condition),
            **({"later": chrome.later} if chrome.later else {}),
            **({"aliases": chrome.aliases} if chrome.aliases else {}),
        }

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
            return {"title": there.title, "url": self.to(file, there), "page": there.id}

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


def _island(data: dict[str, object]) -> Markup:
    """JSON that is safe inside a script element."""
    text = json_text(data)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
