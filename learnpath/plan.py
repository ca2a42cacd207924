"""Which files a site will have: decided before the first one is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from learnpath.assets import Asset
from learnpath.atlas import Overview, Part, mapped, overview_of, parts_of
from learnpath.config import Route
from learnpath.course import Course, Way
from learnpath.deciding import Deciding, who_decides
from learnpath.page import Page
from learnpath.paths import Url, file_name, slug, url_of
from learnpath.planning import driving_question
from learnpath.story import variable_json
from learnpath.theme import StaticFile, Theme


class Topic(Struct, frozen=True):
    id: str
    title: str
    file: str
    pages: tuple[Page, ...]


class TopicName(Struct, frozen=True):
    """A topic as others than its own page name it."""

    title: str
    file: str


class Item(Struct, frozen=True):
    """One file to be made. `kind` is page, map, search, journal, trail, plan, privacy, routes,
    route, topic, guide, missing (404), redirect or sitemap; what else is set depends on it."""

    kind: str
    file: str
    language: str
    page: Page | None = None
    route: Route | None = None
    topic: Topic | None = None
    part: Part | None = None
    """The sheet of a map that one sheet cannot hold."""
    target: str = ""
    """The file that a redirect leads to."""
    title: str = ""


class Chrome(Struct, frozen=True):
    """What every page of one language shows of the course. Addresses count from the site's root.

    It is one value, so that a page asks one question about it and not forty: what is in it, every
    page shows.
    """

    title: str
    description: str
    home: str
    """The start page, or the guide's first; empty where there is none."""
    guide: str
    places: Mapping[str, Url]
    """Kind of a generated page → its address: map, search, journal, plan, trail and so on."""
    spoken: tuple[str, ...]
    """The languages that have pages."""
    authors: tuple[str, ...]
    licence: str
    driving_question: str
    plain: bool
    course_id: str
    course_title: str
    url: str
    """Where the site will be, or empty."""
    embeds: tuple[str, ...]
    """Hosts whose players may be shown in a page."""
    state: Mapping[str, object]
    later: Mapping[str, str]
    """Bundle → its file in `assets/`, of those that a page loads when they are first used."""
    aliases: Mapping[str, Mapping[str, str]]
    """checkpoints and pages: former ids → today's; a kind without any is left out."""


class SitePlan(Struct, frozen=True, dict=True):
    """Everything that one build will write."""

    course: Course
    theme: Theme
    items: dict[str, Item]
    """By output file."""
    assets: dict[str, Asset]
    """By path in the course."""
    topics: dict[str, dict[str, Topic]] = field(default_factory=dict)
    """By language, then by topic id."""
    sheets: dict[str, dict[str, str]] = field(default_factory=dict)
    """By language, then by page id: the file of the map's sheet that shows the page."""
    parts: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    """By language: the map's sheets, where it has several."""
    guide: bool = False
    """A site for facilitators: with their notes, and without anything that keeps words."""

    @cached_property
    def bundles(self) -> tuple[str, ...]:
        """The scripts that some page of this course needs."""
        return _bundles(self.course, self.theme)

    @cached_property
    def statics(self) -> dict[str, StaticFile]:
        """The theme's files that some page loads, by output file; the guide has no scripts."""
        found = _statics(self)
        return {f: s for f, s in found.items() if not (self.guide and f.endswith(".js"))}

    @cached_property
    def deciding(self) -> Deciding:
        """What the course decides, and what it leaves to learners."""
        return who_decides(self.course)

    def work_out(self) -> None:
        """Find now what most files ask for: other processes that begin with what this one has
        would each do it again."""
        self.course.work_out()
        _ = self.statics

    def has(self, file: str) -> bool:
        return file in self.items

    def chrome(self, language: str) -> Chrome:
        """What every page of a language shows of the course."""
        if language not in self._chromes:
            self._chromes[language] = _chrome(self, language)
        return self._chromes[language]

    # Of what holds many pages, what is shown without them: it stays the same when a page changes.

    def topic_name(self, language: str, identity: str) -> TopicName | None:
        """A topic by its id."""
        topic = self.topics.get(language, {}).get(identity)
        return TopicName(topic.title, topic.file) if topic is not None else None

    def topic_sizes(self, language: str) -> tuple[tuple[TopicName, int], ...]:
        """The topics of a language, each with how many pages it has."""
        topics = self.topics.get(language, {}).values()
        return tuple((TopicName(topic.title, topic.file), len(topic.pages)) for topic in topics)

    def overview(self, language: str) -> Overview | None:
        """The sheets of the map, and how they hang together; None where there is only one."""
        parts = self.parts.get(language, ())
        return overview_of(self.course, parts) if parts else None

    def ways(self, file: str) -> tuple[tuple[Way, ...], ...]:
        """The ways on from each page that a file of the map shows, in the pages' order."""
        item = self.items[file]
        pages = item.part.pages if item.part else mapped(self.course)
        return tuple(self.course.ways_from(page.id, item.language) for page in pages)

    @cached_property
    def _chromes(self) -> dict[str, Chrome]:
        return {}


def make_plan(course: Course, theme: Theme, assets: dict[str, Asset]) -> SitePlan:
    """The plan of a site: pages first, so that an author's page wins over a generated one."""
    items: dict[str, Item] = {}
    topics: dict[str, dict[str, Topic]] = {}
    for page in course.all_pages:
        items.setdefault(page.file, Item("page", page.file, page.language, page=page))
    parts = {language: parts_of(course, language) for language in languages_of(course)}
    for language in languages_of(course):
        topics[language] = _topics(course, language)
        for item in _generated(course, language, topics[language], parts[language]):
            items.setdefault(item.file, item)
    for item in _redirects(course):
        items.setdefault(item.file, item)
    main = course.config.language
    items.setdefault("404.html", Item("missing", "404.html", main))
    if course.config.url:
        items.setdefault("sitemap.xml", Item("sitemap", "sitemap.xml", main))
    sheets = {language: _sheets(course, language, those) for language, those in parts.items()}
    return SitePlan(course, theme, items, assets, topics, sheets, parts)


def make_guide_plan(course: Course, theme: Theme, assets: dict[str, Asset]) -> SitePlan:
    """The plan of the facilitator's guide: the course's pages without scripts, journal or
    privacy page, and at the front of each language what a facilitator needs first."""
    plan = make_plan(course, theme, assets)
    kinds = ("page", "map", "routes", "route", "topic", "redirect")
    items = {file: item for file, item in plan.items.items() if item.kind in kinds}
    for language in languages_of(course):
        file = guide_file(course, language)
        items[file] = Item("guide", file, language)
    return replace(plan, items=items, guide=True)


def guide_file(course: Course, language: str) -> str:
    """The first page of the facilitator's guide."""
    return f"{prefix_of(course, language)}index.html"


def languages_of(course: Course) -> tuple[str, ...]:
    """The course's own language, then those that have at least one page."""
    return course.spoken


def prefix_of(course: Course, language: str) -> str:
    """The folder that a language's files lie in."""
    return "" if language == course.config.language else f"{language}/"


def route_file(course: Course, route: Route, language: str) -> str:
    return f"{prefix_of(course, language)}routes/{file_name(route.id)}.html"


def map_file(course: Course, language: str, part: str = "") -> str:
    """The file of the map, or of its part of that name."""
    prefix = prefix_of(course, language)
    return f"{prefix}map/{part}.html" if part else f"{prefix}map.html"


_PLACES = ("map", "search", "journal", "plan", "trail", "privacy", "routes")


def _chrome(plan: SitePlan, language: str) -> Chrome:
    course, config = plan.course, plan.course.config
    start = course.in_language(course.start, language) if course.start else None
    guide = url_of(guide_file(course, language)) if plan.guide else ""
    files = {kind: f"{prefix_of(course, language)}{kind}.html" for kind in _PLACES}
    return Chrome(
        title=config.title or (start.title if start else ""),
        description=config.description,
        home=guide or (start.url if start else ""),
        guide=guide,
        places={
            kind: url_of(file)
            for kind, file in files.items()
            if (item := plan.items.get(file)) is not None and item.kind == kind
        },
        spoken=languages_of(course),
        authors=config.authors,
        licence=config.licence,
        driving_question="" if guide else driving_question(course),
        plain=config.plain,
        course_id=config.id,
        course_title=config.title,
        url=config.url,
        embeds=config.embeds,
        state={name: variable_json(variable) for name, variable in config.state.items()},
        later={} if guide else _later_files(course, plan.theme, language),
        aliases=_former_names(course),
    )


def _later_files(course: Course, theme: Theme, language: str) -> dict[str, str]:
    return script_files(theme, language, later_bundles(course, theme))


def script_files(theme: Theme, language: str, names: Iterable[str]) -> dict[str, str]:
    """What these scripts are called in their folder, for the script that loads them."""
    scripts = {name: theme.script_name(name, language) for name in names}
    return {name: file.removeprefix("assets/") for name, file in scripts.items()}


def _former_names(course: Course) -> dict[str, dict[str, str]]:
    """What was written and seen under them still counts."""
    names = {"checkpoints": course.checkpoint_aliases, "pages": course.aliases}
    return {kind: dict(former) for kind, former in names.items() if former}


def _sheets(course: Course, language: str, parts: tuple[Part, ...]) -> dict[str, str]:
    if not parts:
        return dict.fromkeys((page.id for page in mapped(course)), map_file(course, language))
    return {page.id: map_file(course, language, part.name) for part in parts for page in part.pages}


def _generated(
    course: Course, language: str, topics: dict[str, Topic], parts: tuple[Part, ...]
) -> Iterator[Item]:
    prefix = prefix_of(course, language)
    kinds = ["map", "search"]
    if not course.config.plain:
        kinds += ["journal", "trail", "plan", "privacy"]
    if course.config.routes:
        kinds.append("routes")
    for kind in kinds:
        yield Item(kind, f"{prefix}{kind}.html", language)
    for part in parts:
        yield Item("map", map_file(course, language, part.name), language, part=part)
    for route in course.config.routes:
        yield Item("route", route_file(course, route, language), language, route=route)
    for topic in topics.values():
        yield Item("topic", topic.file, language, topic=topic)


def _topics(course: Course, language: str) -> dict[str, Topic]:
    if course.config.plain:
        return {}
    pages: dict[str, list[Page]] = defaultdict(list)
    for identity in course.config.topics:
        pages[identity] = []
    for page in course.pages:
        for identity, _ in page.front.topics:
            if page.front.listed != "never":
                pages[identity].append(course.in_language(page, language))
    prefix = prefix_of(course, language)
    found: dict[str, Topic] = {}
    taken: set[str] = set()
    for identity, those in pages.items():
        name = slug(identity) or "topic"
        while name in taken:
            name += "-"
        taken.add(name)
        title = course.config.topics.get(identity, identity)
        if those:
            found[identity] = Topic(identity, title, f"{prefix}topics/{name}.html", tuple(those))
    return found


def _redirects(course: Course) -> Iterator[Item]:
    for page in course.all_pages:
        prefix = prefix_of(course, page.language)
        for alias, _ in page.front.aliases:
            name = prefix + file_name(alias.strip("/").removesuffix(".html"))
            for file in (f"{name}.html", f"{name}/index.html"):
                yield Item("redirect", file, page.language, target=page.file, title=page.title)
    start = course.start
    if start is not None:
        yield Item("redirect", "index.html", start.language, target=start.file, title=start.title)
        for language in languages_of(course)[1:]:
            there = course.in_language(start, language)
            file = f"{language}/index.html"
            yield Item("redirect", file, language, target=there.file, title=there.title)


def _statics(plan: SitePlan) -> dict[str, StaticFile]:
    theme = plan.theme
    files = list(theme.styles.values())
    names = plan.bundles + later_bundles(plan.course, theme)
    for language in languages_of(plan.course):
        files += [theme.script(name, language) for name in names]
    return {file.file: file for file in files}


def _bundles(course: Course, theme: Theme) -> tuple[str, ...]:
    made = {"map", "search"}
    if not course.config.plain:
        made |= {"checkpoints", "journal", "plan", "trail"}
    alike = {page_scripts(course, page) for page in course.all_pages}
    needed = {name for now, near in alike for name in now + near}
    return (theme.first_bundle, *sorted(made | needed))


def later_bundles(course: Course, theme: Theme) -> tuple[str, ...]:
    """The scripts that every page of this course may load when they are first used."""
    return tuple(name for name in theme.later if _of_use(course, name))


_DRAWN = frozenset({"loop", "model"})
"""Questions answered by a drawing, whose script comes when the learner draws, or has drawn."""


def _of_use(course: Course, bundle: str) -> bool:
    """A plain folder keeps no words."""
    without_words = {"route", "branch", "gate", "map", "map-tools", "search"}
    return not course.config.plain or bundle in without_words


_Names = tuple[str, ...]


def page_scripts(course: Course, page: Page) -> tuple[_Names, _Names]:
    """The scripts that a page needs besides the first, in the order in which they are loaded; and
    those that it loads, where there is much on it, when a place for them comes near."""
    facts = page.document.facts
    kinds = {checkpoint.kind for checkpoint in facts.checkpoints}
    widgets = {widget.kind for widget in facts.widgets}
    arranges = any(course.asked(one).form in ("order", "groups") for one in facts.checkpoints)
    writes = any(option.write for block in facts.choices for option in block.options)
    gated, helps, chooses = page.front.requires is not None, bool(facts.helps), bool(facts.choices)
    has_much = "journal" in widgets or bool(kinds & {"revisit", *_DRAWN})
    has_much = has_much and _of_use(course, "near")
    near = _wanted(
        course,
        {
            "arrange": has_much and arranges,
            "journal-words": "journal" in widgets,
            "map": has_much and "map" in widgets,
            "branch": has_much and (gated or helps) and chooses,
        },
    )
    now = {
        "branch": chooses,
        "gate": gated,
        "arrange": arranges,  # before the checkpoints, which read what is in it
        "revisit": "revisit" in kinds,
        "checkpoints": (bool(kinds) or writes) and "revisit" not in kinds,
        "near": bool(near or kinds & _DRAWN),
        "help": helps,
        "map": "map" in widgets,
    }
    return _wanted(course, {name: is_ and name not in near for name, is_ in now.items()}), near


def _wanted(course: Course, scripts: Mapping[str, bool]) -> _Names:
    return tuple([name for name, wanted in scripts.items() if wanted and _of_use(course, name)])


def page_styles(page: Page, near: tuple[str, ...]) -> tuple[str, ...]:
    """The style sheets that a page needs besides those of the scripts that it loads at once."""
    facts = page.document.facts
    drawn = any(checkpoint.kind in ("goal", "dialogue") for checkpoint in facts.checkpoints)
    return (*facts.blocks, *near, *(("arrange",) if drawn else ()))
