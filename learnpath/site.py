"""What every page of a site shares: words, addresses, head, chrome and the data for scripts."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property

from markupsafe import Markup

from learnpath import views
from learnpath.atlas import place_on_map
from learnpath.conditions.words import Words
from learnpath.config import Route
from learnpath.course import Course
from learnpath.page import Page
from learnpath.paths import relative, root_of, url_of
from learnpath.plan import (
    SitePlan,
    guide_file,
    languages_of,
    later_bundles,
    prefix_of,
    route_file,
)
from learnpath.planning import PARTS, QUESTION, driving_question
from learnpath.story import variable_json
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
        config = self.course.config
        start = self.course.start
        home = self.course.in_language(start, language) if start else None
        strings = self.strings(language)
        guide = self._guide(file, language)
        return views.SiteView(
            title=config.title or (home.title if home else ""),
            description=config.description,
            language=language,
            direction=strings.direction,
            home=guide or (self.to(file, home) if home else ""),
            guide=guide,
            map=self._map(file, language, page),
            search=self._nav(file, language, "search"),
            journal=self._nav(file, language, "journal"),
            plan=self._nav(file, language, "plan"),
            trail=self._nav(file, language, "trail"),
            privacy=self._nav(file, language, "privacy"),
            routes=self._nav(file, language, "routes"),
            languages=self._languages(file, language, page),
            authors=config.authors,
            licence=config.licence,
            driving_question="" if guide else self._driving_question,
            plain=config.plain,
            preview=self.preview,
        )

    @cached_property
    def _driving_question(self) -> str:
        return driving_question(self.course)

    def _guide(self, file: str, language: str) -> str:
        if not self.plan.guide:
            return ""
        return self.relative(file, url_of(guide_file(self.course, language)), "")

    def _nav(self, file: str, language: str, kind: str) -> str:
        target = f"{prefix_of(self.course, language)}{kind}.html"
        item = self.plan.items.get(target)
        if item is None or item.kind != kind:
            return ""
        return self.relative(file, url_of(target), "")

    def _map(self, file: str, language: str, page: Page | None) -> str:
        """The map; from a page, the place on it where the page stands."""
        whole = self._nav(file, language, "map")
        sheet = self.plan.sheets.get(language, {}).get(page.id) if page else None
        item = self.plan.items.get(sheet or "")
        if not whole or page is None or item is None or item.kind != "map":
            return whole
        return self.relative(file, url_of(item.file), place_on_map(page))

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

        styles = self.theme.styles
        sheets = ["screen", *(name for name in styles if name in scripts or name in shown)]
        if self.plan.guide:
            sheets = [name for name in styles if name != "print"]
        url = self.course.config.url
        wanted = () if self.plan.guide else scripts
        sources = [to(self.theme.script(name, language).file) for name in wanted]
        if self.preview:
            sources.append(f"{root_of(item_file)}{_PREVIEW_SCRIPT}")
        return views.HeadView(
            title=title,
            description=description,
            csp=self.csp(),
            canonical=url + url_of(item_file).removesuffix("index.html") if url else "",
            alternates=(),
            stylesheets=tuple(to(styles[name].file) for name in sheets),
            print_stylesheets=(to(styles["print"].file),),
            scripts=tuple(sources),
            icon=to(self.theme.icon.file),
            island=_island(island),
            social=bool(url),
        )

    def csp(self, style_hash: str = "") -> str:
        frames = " ".join(f"https://{host}" for host in self.course.config.embeds)
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
        config = self.course.config
        return {
            "v": 1,
            "course": config.id,
            "title": config.title,
            "preview": self.preview,
            "page": page.id if page else "",
            "pageTitle": page.title if page else "",
            "lang": language,
            "rev": hashlib.blake2b(page.digest.encode(), digest_size=8).hexdigest() if page else "",
            "url": url_of(file),
            "root": root_of(file),
            "privacy": self._nav(file, language, "privacy"),
            "journal": self._nav(file, language, "journal"),
            "plan": self._nav(file, language, "plan"),
            "state": {name: variable_json(v) for name, v in config.state.items()},
            "routes": [self._route_on(route, file, language, page) for route in config.routes],
            "gated": bool(page and page.front.requires and page.front.requires.condition),
            **self._later(language),
            **self._former_names,
        }

    def _later(self, language: str) -> dict[str, object]:
        """The files of the scripts that a page loads when they are first used."""
        names = later_bundles(self.course, self.theme)
        scripts = {name: self.theme.script(name, language).file for name in names}
        files = {name: file.removeprefix("assets/") for name, file in scripts.items()}
        return {"later": files} if files and not self.plan.guide else {}

    @cached_property
    def _former_names(self) -> dict[str, object]:
        """Former ids → today's, so that what was written and seen under them still counts."""
        names = {"checkpoints": self.course.checkpoint_aliases, "pages": self.course.aliases}
        known = {kind: dict(former) for kind, former in names.items() if former}
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

    def pages(self, file: str, language: str) -> dict[str, object]:
        """Every page of today, for what a learner noted on it or put on a route of their own."""
        here = (self.course.in_language(page, language) for page in self.course.pages)
        return {
            page.id: {
                "title": page.title,
                "url": self.to(file, page),
                **({} if page.front.listed == "true" else {"unlisted": True}),
            }
            for page in here
        }

    def prompts(self, file: str, language: str) -> dict[str, object]:
        """Where every checkpoint of today is asked, for the journal."""
        topics = self.plan.topics.get(language, {})
        plan = self._nav(file, language, "plan")
        title = self.strings(language).text("plan.title")
        asked = (QUESTION, *PARTS) if plan else ()
        own: dict[str, object] = {
            part: {"page": "", "title": title, "url": f"{plan}#{part}", "topics": [], "aliases": []}
            for part in asked
        }
        return own | {
            identity: {
                "page": home.page.id,
                "title": self.course.in_language(home.page, language).title,
                "url": self.relative(
                    file, self.course.in_language(home.page, language).url, identity
                ),
                "topics": [
                    topics[topic].title for topic, _ in home.page.front.topics if topic in topics
                ],
                "aliases": list(home.checkpoint.aliases),
            }
            for identity, home in sorted(self.course.checkpoints.items())
        }


def json_text(value: object) -> str:
    """JSON as it stands in an attribute or a script: without spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _island(data: dict[str, object]) -> Markup:
    """JSON that is safe inside a script element."""
    text = json_text(data)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
