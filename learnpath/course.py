"""The course: pages, edges between them, and the names that conditions use.

It only answers questions, and sorts its answers. What is wrong with a course, `checks` say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import chain

from msgspec import Struct, field

from learnpath.config import Config, Route
from learnpath.document import Checkpoint, Choices, Link, Option, PlacedCondition, WikiLink
from learnpath.library import Holdings
from learnpath.packets import Given, Packet, given
from learnpath.page import Page
from learnpath.paths import is_external, is_plain_path, nfc, source_target
from learnpath.problems import Place, nearest

LEADS_ON = ("choice", "link", "detour", "case", "contrasts", "perspective", "deepens")
"""Edges along which a learner comes to a page."""
_HARMFUL = re.compile(r"\s*(?:javascript|vbscript|file|data(?!:image/)):", re.IGNORECASE)
_CONDITION_KINDS = {"visited": "page", "answered": "checkpoint", "answer": "checkpoint",
                    "revisited": "checkpoint"}  # fmt: skip


class Edge(Struct, frozen=True):
    origin: str
    target: str
    type: str
    label: str
    """What the author calls it; empty where it goes by its target's title."""
    when: str | None
    place: Place

    @property
    def sort_key(self) -> tuple[str, int, int]:
        return (self.place.path or "", self.place.line or 0, self.place.column or 0)


class Way(Struct, frozen=True):
    """An edge as learners see it where they stand: on the map and in its drawing."""

    type: str
    label: str
    target: Page
    when: str | None


class PageTarget(Struct, frozen=True):
    page: Page
    anchor: str


class AssetTarget(Struct, frozen=True):
    path: str
    anchor: str


class ExternalTarget(Struct, frozen=True):
    href: str


class BrokenTarget(Struct, frozen=True):
    message: str
    hint: str


Target = PageTarget | AssetTarget | ExternalTarget | BrokenTarget


class CheckpointHome(Struct, frozen=True):
    """A checkpoint and the page on which it is asked."""

    checkpoint: Checkpoint
    page: Page


class BlockHome(Struct, frozen=True):
    block: Choices
    page: Page


class Course(Struct, frozen=True, eq=False, dict=True):
    """A whole course. Pages are those that are to be published, in the course's order."""

    config: Config
    pages: tuple[Page, ...]
    """The course's own language, in order."""
    translations: Mapping[str, tuple[Page, ...]]
    left_out: Mapping[str, str]
    """Sources of pages that are not published, each with why: draft or facilitator."""
    assets: Mapping[str, str]
    """Path in NFC → path as it is on disk."""
    includes: frozenset[str]
    shadowed: tuple[Page, ...] = ()
    """Pages whose output another page took first."""
    gathered: tuple[Packet, ...] = ()
    """What learners shared."""
    memory: dict[object, Target] = field(default_factory=dict)

    # Looking things up

    @cached_property
    def all_pages(self) -> tuple[Page, ...]:
        return self.pages + tuple(p for pages in self.translations.values() for p in pages)

    @cached_property
    def by_id(self) -> dict[str, Page]:
        return {page.id: page for page in self.pages}

    @cached_property
    def by_source(self) -> dict[str, Page]:
        """Pages by their file's path, in NFC."""
        return {nfc(page.source): page for page in self.all_pages}

    @cached_property
    def by_language(self) -> dict[tuple[str, str], Page]:
        return {(page.language, page.id): page for page in self.all_pages}

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Former ids → the id of today."""
        return {nfc(alias): p.id for p in self.pages for alias, _ in p.front.aliases}

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """The course's own language, then those that have at least one page."""
        return (self.config.language, *(c for c, pages in self.translations.items() if pages))

    def neighbours(self, page: Page) -> tuple[Page | None, Page | None]:
        """The pages before and after one, in the course's order."""
        at = self.position[page.id]
        before = self.pages[at - 1] if at else None
        return before, self.pages[at + 1] if at + 1 < len(self.pages) else None

    @cached_property
    def position(self) -> dict[str, int]:
        return {page.id: at for at, page in enumerate(self.pages)}

    def find(self, identity: str) -> Page | None:
        """A page by its id or a former one."""
        identity = nfc(identity)
        return self.by_id.get(identity) or self.by_id.get(self.aliases.get(identity, ""))

    def in_language(self, page: Page, language: str) -> Page:
        """The page in another language, or as it is where it was not translated."""
        if page.language == language:
            return page
        return self.by_language.get((language, page.id), page)

    @cached_property
    def start(self) -> Page | None:
        wanted = self.find(self.config.start) if self.config.start else None
        return wanted or self.by_id.get("index") or (self.pages[0] if self.pages else None)

    @cached_property
    def checkpoints(self) -> dict[str, CheckpointHome]:
        """Checkpoints of the course's own language by id, boxes for own options among them."""
        asking = (page for page in self.pages if page.document.asks)
        return {home.checkpoint.id: home for page in asking for home in checkpoint_homes(page)}

    @property
    def questions(self) -> int:
        """How many checkpoints there are."""
        return len(self.checkpoints)

    @cached_property
    def checkpoint_aliases(self) -> dict[str, str]:
        return {
            nfc(alias): identity
            for identity, home in self.checkpoints.items()
            for alias in home.checkpoint.aliases
        }

    def asked(self, checkpoint: Checkpoint) -> Checkpoint:
        """The checkpoint whose question is asked: a revisit asks the one it comes back to."""
        first = self.checkpoint(checkpoint.of) if checkpoint.of else None
        return first.checkpoint if first and checkpoint.form == "words" else checkpoint

    def checkpoint(self, identity: str) -> CheckpointHome | None:
        if not identity:
            return None
        identity = nfc(identity)
        found = self.checkpoints.get(identity)
        return found or self.checkpoints.get(self.checkpoint_aliases.get(identity, ""))

    @cached_property
    def _given(self) -> dict[str, tuple[Given, ...]]:
        return given(self.gathered, self.checkpoint_aliases)

    def given(self, identity: str) -> tuple[Given, ...]:
        """What learners shared of a checkpoint, in the order in which they did."""
        home = self.checkpoint(identity)
        return self._given.get(home.checkpoint.id, ()) if home else ()

    @cached_property
    def blocks(self) -> dict[str, BlockHome]:
        return {
            block.id: BlockHome(block, page)
            for page in self.pages
            for block in page.document.facts.choices
            if block.id
        }

    @cached_property
    def routes(self) -> dict[str, Route]:
        return {route.id: route for route in self.config.routes}

    def route_steps(self, route: Route) -> tuple[Page, ...]:
        return tuple(page for step in route.steps if (page := self.find(step.page)))

    # Links

    def target(self, source: str, href: str, language: str) -> Target:
        """What a link written in the file `source` leads to, for a reader of `language`."""
        folder = source.rpartition("/")[0]
        key = (source if href.startswith("#") else folder, href, language)
        found = self.memory.get(key)
        if found is None:
            found = self.memory[key] = self._target(source, href, language)
        return found

    def _target(self, source: str, href: str, language: str) -> Target:
        if not is_plain_path(href):
            if href.startswith("[[") and href.endswith("]]"):
                return self.wiki_target(href[2:-2], language)
            if _HARMFUL.match(href):
                return BrokenTarget(
                    f"'{href.partition(':')[0]}:' addresses never work on a learner's page",
                    "link to a page, a file, or an https:// address",
                )
            if is_external(href):
                return ExternalTarget(href)
        path, anchor = source_target(source, href)
        if path == ".." or path.startswith("../"):
            return BrokenTarget(
                f"'{href}' leaves the course's folder",
                "only what lies in the course's folder is published; copy the file into it",
            )
        page = self._page_at(path)
        if page is not None:
            named = page.language != self.config.language
            return PageTarget(page if named else self.in_language(page, language), anchor)
        if path in self.assets:
            return AssetTarget(self.assets[path], anchor)
        return self._broken(path, href)

    def is_for_facilitators(self, source: str, href: str) -> bool:
        """Whether a link leads to a page that only the facilitator's guide has."""
        path, _ = source_target(source, href)
        return self.left_out.get(path) == "facilitator"

    def _page_at(self, path: str) -> Page | None:
        pages = self.by_source
        if path in pages:
            return pages[path]
        folder = path.rstrip("/")
        prefix = folder + "/" if folder else ""
        for name in ("index.md", "README.md", "readme.md"):
            if (page := pages.get(prefix + name)) is not None:
                return page
        return None

    def _broken(self, path: str, href: str) -> BrokenTarget:
        if path in self.left_out:
            return BrokenTarget(
                f"'{_shown(href)}' is not published",
                {
                    "draft": "it is a draft: publish it, or take the link out",
                    "facilitator": "it is for facilitators; link to it inside ::: facilitator",
                }[self.left_out[path]],
            )
        if path in self._shadowed:
            return BrokenTarget(
                f"'{_shown(href)}' is left out: another page took its place",
                "see the problem told of that file",
            )
        if path in self.includes:
            return BrokenTarget(
                f"'{_shown(href)}' is an include, not a page",
                "names that begin with _ hold includes; use ::include[…], or rename it",
            )
        folded = self._folded
        if (real := folded.get(path.casefold())) is not None:
            return BrokenTarget(
                f"no file '{_shown(href)}'",
                f"the file is called '{real}': capital and small letters count",
            )
        return BrokenTarget(
            f"no page '{_shown(href)}'" if _is_pageish(path) else f"no file '{_shown(href)}'",
            self._guess(path, rooted=href.startswith("/")),
        )

    @cached_property
    def _shadowed(self) -> frozenset[str]:
        return frozenset(nfc(page.source) for page in self.shadowed)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {path.casefold(): path for path in sorted((*self.by_source, *self.assets))}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = defaultdict(list)
        for path in sorted((*self.by_source, *self.assets)):
            names[path.rpartition("/")[2]].append(path)
        return names

    def _guess(self, path: str, *, rooted: bool) -> str:
        if f"{path.rstrip('/')}.md" in self.by_source:
            return f"write the file's ending: '{path.rstrip('/')}.md'"
        if (written := path.removesuffix(".html") + ".md") in self.by_source:
            return f"link to the source, not to what it becomes: '{written}'"
        name = path.rstrip("/").rpartition("/")[2]
        if name in self._by_name:
            return f"did you mean '{self._by_name[name][0]}'?"
        stem, dot, ending = name.rpartition(".")
        alike = {n.rpartition(".")[0]: n for n in self._by_name if n.endswith(dot + ending)}
        guess = nearest(stem or name, alike)
        if guess is not None:
            return f"did you mean '{self._by_name[alike[guess]][0]}'?"
        if rooted:
            return "check the path: it begins with /, so it counts from the course's root"
        return "check the path: it counts from the file that the link stands in"

    def wiki_target(self, name: str, language: str) -> Target:
        """What `[[name]]` means: an id, a former id, or a file's name that occurs once."""
        identity, _, anchor = name.partition("#")
        identity = identity.strip().removesuffix(".md")
        page = self.find(identity) or self._by_last_part.get(identity.casefold())
        if page is not None:
            return PageTarget(self.in_language(page, language), anchor)
        guess = nearest(identity, self.by_id)
        return BrokenTarget(
            f"no page '[[{name}]]'",
            f"did you mean '[[{guess}]]'?" if guess else "write the page's id, such as [[a/b]]",
        )

    @cached_property
    def _by_last_part(self) -> dict[str, Page]:
        found: dict[str, list[Page]] = defaultdict(list)
        for page in self.pages:
            found[page.id.rpartition("/")[2].casefold()].append(page)
            found[page.title.casefold()].append(page)
        return {name: pages[0] for name, pages in found.items() if len(set(pages_ids(pages))) == 1}

    # Edges

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every edge of the course's own language, by source, line and order of writing."""
        return _sorted(self.edges_by_page())

    def edges_where(self, wanted: Callable[[Edge], bool]) -> tuple[Edge, ...]:
        """Some of the edges, in the same order: to order a few is quicker than to order all."""
        return _sorted(filter(wanted, self.edges_by_page()))

    def edges_by_page(self) -> Iterator[Edge]:
        """Every edge, for who needs them in no order of their own: page by page."""
        return chain.from_iterable(self.edges_from.values())

    @cached_property
    def edges_from(self) -> dict[str, tuple[Edge, ...]]:
        """The edges of each page that has any, in the same order."""
        return {page.id: _sorted(edges) for page in self.pages if (edges := self.edges_of(page))}

    @cached_property
    def edges_to(self) -> dict[str, tuple[Edge, ...]]:
        """The edges to each page that has any, in the same order."""
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges_by_page():
            found[edge.target].append(edge)
        return {identity: _sorted(edges) for identity, edges in found.items()}

    def ways_from(self, identity: str, language: str, unlisted: bool = False) -> tuple[Way, ...]:
        """The ways that lead on from a page, each once, in order of writing; those to pages that
        are never listed only where `unlisted`."""
        found: dict[tuple[str, str, str | None], Way] = {}
        for edge in self.edges_from.get(identity, ()):
            page = self.by_id[edge.target]
            key = (edge.type, edge.target, edge.when)
            if (
                page.id != identity
                and key not in found
                and (unlisted or page.front.listed != "never")
            ):
                there = self.in_language(page, language)
                found[key] = Way(edge.type, edge.label, there, edge.when)
        return tuple(found.values())

    def work_out(self) -> None:
        """Find the edges of all pages now."""
        _ = self.edges_from

    def label_of(self, edge: Edge) -> str:
        """What an edge is called."""
        return edge.label or self.by_id[edge.target].title

    def edges_of(self, page: Page) -> list[Edge]:
        """The edges that a page's own file writes, in no order."""
        found = [*self._front_edges(page)]
        facts = page.document.facts
        conditions = _conditions_around(page)

        def add(
            source: str, href: str, kind: str, label: str, when: str | None, place: Place
        ) -> None:
            target = self.target(source, href, page.language)
            if isinstance(target, PageTarget) and (target.page.id != page.id or not target.anchor):
                found.append(Edge(page.id, target.page.id, kind, label, when, place))

        for link in facts.links:
            if link.relation != "guide":
                when = _around(conditions, link)
                add(link.source, link.href, link.relation, link.text, when, link.place)
        for resource in facts.resources:
            if resource.linked:
                add(resource.source, resource.href, "link", "", None, resource.place)
        for wiki in facts.wikilinks:
            href, when = f"[[{wiki.target}]]", _around(conditions, wiki)
            add(wiki.source, href, "link", wiki.text, when, wiki.place)
        for block in facts.choices:
            around = _around(conditions, block)
            for option in block.options:
                if option.href:
                    when = _both(around, option.when)
                    add(option.source, option.href, "choice", option.text, when, option.place)
        return found

    def _front_edges(self, page: Page) -> Iterator[Edge]:
        front = page.front
        for identity, place in front.builds_on:
            if (target := self.find(identity)) is not None:
                yield Edge(page.id, target.id, "builds_on", "", None, place)
        for relation, placed in front.related:
            for identity, place in placed:
                if (target := self.find(identity)) is not None:
                    yield Edge(page.id, target.id, relation, "", None, place)
        if front.requires is not None:
            text = front.requires.text
            for target in self.pages_asked(front.requires):
                yield Edge(page.id, target.id, "requires", "", text, front.requires.place)

    def pages_asked(self, asked: PlacedCondition) -> tuple[Page, ...]:
        """The pages that a condition names, or whose checkpoints it names."""
        found: dict[str, Page] = {}
        for name in asked.condition.names if asked.condition else ():
            page = None
            if name.kind == "visited":
                page = self.find(name.name)
            elif name.kind in _CONDITION_KINDS:
                home = self.checkpoint(name.name)
                page = home.page if home else None
            if page is not None:
                found[page.id] = page
        return tuple(found.values())

    def detours_to(self, page: Page) -> tuple[tuple[Page, str], ...]:
        """The places that a page is a detour from: (page, anchor)."""
        return tuple(self._detours.get(page.id, ()))

    @cached_property
    def _detours(self) -> dict[str, list[tuple[Page, str]]]:
        found: dict[str, list[tuple[Page, str]]] = defaultdict(list)
        pages = (page for page in self.pages if _turns_off(page))
        edges = (edge for page in pages for edge in self.edges_of(page) if edge.type == "detour")
        for edge in sorted(edges, key=lambda edge: edge.sort_key):
            if edge.target != edge.origin:
                page = self.by_id[edge.origin]
                anchors = {link.place: link.id for link in page.document.facts.links}
                found[edge.target].append((page, anchors.get(edge.place, "")))
        return found

    # The graph

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Ids of pages that a learner can come to from the start or by a route."""
        waiting = [self.start.id] if self.start else []
        waiting += [page.id for route in self.config.routes for page in self.route_steps(route)]
        seen = set(waiting)
        while waiting:
            for edge in self.edges_from.get(waiting.pop(), ()):
                if edge.type in LEADS_ON and edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
        return frozenset(seen)

    @cached_property
    def unreachable(self) -> tuple[str, ...]:
        if self.config.plain:
            return ()
        return tuple(sorted(page.id for page in self.pages if page.id not in self.reachable))

    @cached_property
    def dead_ends(self) -> tuple[str, ...]:
        """Pages that never have a way on and are no endings."""
        if self.config.plain:
            return ()
        return tuple(sorted(page.id for page in self.pages if self._is_dead_end(page)))

    def _is_dead_end(self, page: Page) -> bool:
        if page.front.ending or page.is_reference or page.front.unreadable:
            return False
        return not any(True for _ in self.ways_on(page))

    def ways_on(self, page: Page) -> Iterator[Edge]:
        """A page's ways on, whatever their conditions; the return from a detour is one."""
        for edge in self.edges_from.get(page.id, ()):
            if edge.type in ("builds_on", "requires") or edge.target == page.id:
                continue
            if edge.place.path == page.source and _in_front_matter(edge, page):
                continue
            if not self.by_id[edge.target].is_reference:
                yield edge
        for edge in self.edges_to.get(page.id, ()):
            if edge.type == "detour" and edge.origin != page.id:
                yield Edge(page.id, edge.origin, "link", "", None, edge.place)


def _turns_off(page: Page) -> bool:
    """Whether a page names a detour, in its text or in its front matter."""
    return page.document.turns_off or any(name == "detour" for name, _ in page.front.related)


def checkpoint_homes(page: Page) -> Iterator[CheckpointHome]:
    """The checkpoints that a page asks, and its boxes for options of the learner's own."""
    for checkpoint in page.document.facts.checkpoints:
        yield CheckpointHome(checkpoint, page)
    for block in page.document.facts.choices:
        for option in block.options:
            if option.write:
                yield CheckpointHome(written_option(option), page)


def written_option(option: Option) -> Checkpoint:
    """The checkpoint that keeps a learner's own option."""
    return Checkpoint(option.write, "write", option.label, option.text, "", "words", option.place)


def pages_ids(pages: Iterable[Page]) -> Iterator[str]:
    return (page.id for page in pages)


def _sorted(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    return tuple(sorted(edges, key=lambda edge: edge.sort_key))


def _in_front_matter(edge: Edge, page: Page) -> bool:
    """Whether an edge was written in front matter: a relation, not a link of the text."""
    related = {place for _, placed in page.front.related for _, place in placed}
    return edge.place in related


def _both(outer: str | None, own: PlacedCondition | None) -> str | None:
    """The text of two conditions that must both hold."""
    if own is None:
        return outer
    return f"({outer}) and ({own.text})" if outer else own.text


_Leading = Link | WikiLink | Choices


def _known_by(node: _Leading) -> tuple[object, ...]:
    """What tells a way from every other one of its page. It is not known by its identity: of a
    page that was remembered each is there more than once."""
    match node:
        case Link():
            return Link, node.place, node.href, node.text
        case WikiLink():
            return WikiLink, node.place, node.target, node.text
    return Choices, node.place, node.id


def _around(conditions: Mapping[tuple[object, ...], str], node: _Leading) -> str | None:
    """The text of the condition around a node; hardly any page has one."""
    return conditions.get(_known_by(node)) if conditions else None


def _conditions_around(page: Page) -> dict[tuple[object, ...], str]:
    """The condition's text for every link and block that stands inside a `when`."""
    found: dict[tuple[object, ...], str] = {}
    for block in page.document.facts.whens:
        text = " or ".join(condition.text for condition in block.conditions)
        text = f"not ({text})" if block.negated else text
        for node in nodes_in(block.body):
            if isinstance(node, (Link, WikiLink, Choices)):
                known = _known_by(node)
                outer = found.get(known)
                found[known] = f"({outer}) and ({text})" if outer else text
    return found


def nodes_in(fragment: Iterable[object]) -> Iterator[object]:
    """Every node in a fragment, those inside other nodes too."""
    for part in fragment:
        if isinstance(part, str):
            continue
        yield part
        for name in ("body", "intro", "outro", "label", "prompt", "consequence", "fallback"):
            inner = getattr(part, name, None)
            if isinstance(inner, tuple):
                yield from nodes_in(inner)
        for option in getattr(part, "options", ()):
            yield from nodes_in((*option.label, *getattr(option, "consequence", ())))
        for option in getattr(part, "headings", ()):
            yield from nodes_in(option.label)
        for below in (*getattr(part, "after", ()), *getattr(part, "turns", ())):
            yield from nodes_in(below.body)


def _shown(href: str) -> str:
    from urllib.parse import unquote

    return unquote(href)


def _is_pageish(path: str) -> bool:
    return path.endswith((".md", "/")) or "." not in path.rpartition("/")[2]


# Making one


def make_course(holdings: Holdings, *, drafts: bool, guide: bool = False) -> Course:
    """The course of what was read; drafts are in it where they are wanted, and pages for
    facilitators where it is for their guide."""
    config = holdings.config
    left_out: dict[str, str] = {}
    published: list[Page] = []
    for page in holdings.pages:
        if page.front.draft and not drafts:
            left_out[nfc(page.source)] = "draft"
        elif page.front.audience == "facilitator" and not guide:
            left_out[nfc(page.source)] = "facilitator"
        else:
            published.append(page)
    kept, shadowed = _one_per_output(_ordered(published, config))
    return Course(
        config=config,
        pages=tuple(p for p in kept if p.language == config.language),
        translations={
            language: tuple(p for p in kept if p.language == language)
            for language in config.languages
        },
        left_out=left_out,
        assets={nfc(s.path): s.path for s in holdings.sources if s.kind == "asset"},
        includes=frozenset(nfc(s.path) for s in holdings.sources if s.kind == "include"),
        shadowed=shadowed,
        gathered=holdings.gathered,
    )


def _one_per_output(pages: list[Page]) -> tuple[list[Page], tuple[Page, ...]]:
    """The pages whose file and id nobody took before them, and the others."""
    kept: list[Page] = []
    shadowed: list[Page] = []
    taken: set[tuple[str, ...]] = set()
    for page in pages:
        keys = rivals(page)
        (shadowed if taken & keys else kept).append(page)
        taken |= keys
    return kept, tuple(shadowed)


def rivals(page: Page) -> set[tuple[str, ...]]:
    """What no other page may share: the output file and, in its language, the id."""
    return {(page.file.casefold(),), (page.language, page.id.casefold())}


def _ordered(pages: list[Page], config: Config) -> list[Page]:
    ranks = {name.strip("/"): at for at, (name, _) in enumerate(config.order)}
    start = config.start or "index"
    return sorted(pages, key=lambda page: _rank(page, ranks, start))


def _rank(page: Page, ranks: Mapping[str, int], start: str) -> tuple[object, ...]:
    folder, _, name = page.source.rpartition("/")
    landing = name.casefold() in ("index.md", "readme.md")
    return (
        page.id != start,
        _listed(page.id, ranks) if ranks else 0,
        _folders(folder),
        not landing,
        _natural(name),
        page.source,
    )


def _listed(identity: str, ranks: Mapping[str, int]) -> int:
    """Where the longest part of an id that is listed stands."""
    parts = identity.split("/")
    prefixes = ("/".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((ranks[name] for name in prefixes if name in ranks), len(ranks))


@lru_cache(maxsize=1 << 12)
def _folders(path: str) -> list[list[tuple[int, int, str]]]:
    return [_natural(part) for part in path.split("/")] if path else []


_DIGITS = re.compile(r"(\d+)")


def _natural(name: str) -> list[tuple[int, int, str]]:
    """`part-2` before `part-10`."""
    pieces = _DIGITS.split(name.casefold())
    return [(0, int(p[:18]), "") if p.isdigit() and p.isascii() else (1, 0, p) for p in pieces if p]
