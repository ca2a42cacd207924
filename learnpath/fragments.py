"""Fragments → HTML: every node in them answered for one page."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from html import escape

from markupsafe import Markup

from learnpath import views
from learnpath.cards import Cards
from learnpath.conditions.check import canonical
from learnpath.conditions.syntax import Tree
from learnpath.course import (
    AssetTarget,
    BrokenTarget,
    ExternalTarget,
    PageTarget,
    Target,
    written_option,
)
from learnpath.document import (
    Aside,
    Checkpoint,
    CheckpointOption,
    Choices,
    Fragment,
    Gathering,
    Image,
    Inline,
    Link,
    Loop,
    Media,
    Model,
    Node,
    Option,
    PlacedCondition,
    Resource,
    Sharing,
    When,
    Widget,
    WikiLink,
)
from learnpath.jsontext import json_text
from learnpath.page import Page
from learnpath.site import Site
from learnpath.story import effect_json

_NEVER: Tree = 0
"""The tree of a condition that cannot be read: closed, and never silently lost."""
_NOTHING = Markup()


class FragmentRenderer:
    """Renders the fragments of one page, for itself or for another file that shows them."""

    def __init__(self, site: Site, cards: Cards, page: Page, file: str = "") -> None:
        self._site = site
        self._cards = cards
        self._course = site.course
        self._page = page
        self._file = file or page.file
        self._language = page.language
        self._at_home = self._file == page.file
        self._words = site.words(page.language)
        self._t = site.strings(page.language).text
        self._lookups = 0
        self._blocks = 0

    def _is_here(self, page: Page) -> bool:
        """Whether it is the page that is being made; what stands for a page is not the page."""
        return self._at_home and page.file == self._file

    def html(self, fragment: Fragment) -> Markup:
        if not fragment:  # most options have no consequence, and most blocks nothing around them
            return _NOTHING
        return Markup("".join([p if isinstance(p, str) else self._node(p) for p in fragment]))

    def _node(self, node: Node) -> str:
        match node:
            case Link():
                return self._link(node)
            case WikiLink():
                return self._wikilink(node)
            case Image():
                return self._image(node)
            case Resource():
                return self._resource(node)
            case Choices():
                return self._partial("choices", block=self.choices(node))
            case Checkpoint():
                return self._partial("checkpoint", checkpoint=self.checkpoint(node))
            case When():
                return self._partial("when", when=self._when(node))
            case _:
                return self._block(node)

    def _block(
        self, node: Aside | Media | Inline | Loop | Model | Widget | Sharing | Gathering
    ) -> str:
        match node:
            case Aside():
                return self._aside(node)
            case Media():
                return self._media(node)
            case Inline():
                return self._inline(node)
            case Loop():
                return self._loop(node)
            case Model():
                return self._model(node)
            case Sharing():
                return self._sharing(node)
            case Gathering():
                return self._gathering(node)
            case Widget():
                return self._widget(node)

    # What draws these is not loaded for pages that have none.

    def _loop(self, node: Loop) -> str:
        from learnpath.causal_words import loop_view

        kept = self.checkpoint(node.checkpoint) if node.checkpoint else None
        strings = self._site.strings(self._language)
        return self._partial("loop", loop=loop_view(node, self.html(node.label), kept, strings))

    def _model(self, node: Model) -> str:
        from learnpath.model_words import model_view

        kept = self.checkpoint(node.checkpoint) if node.checkpoint else None
        strings = self._site.strings(self._language)
        return self._partial("model", model=model_view(node, self.html(node.label), kept, strings))

    def _partial(self, name: str, **context: object) -> str:
        return self._site.partial(name, self._page, **context)

    # Links

    def address(self, source: str, href: str) -> str:
        """The address of a link or file as this page writes it; empty where it leads nowhere."""
        return self._address_of(self._course.target(source, href, self._language))

    def _address_of(self, target: Target) -> str:
        match target:
            case PageTarget(page, anchor):
                if anchor and self._is_here(page):
                    return f"#{anchor}"
                return self._site.relative(self._file, page.url, anchor)
            case AssetTarget(path, anchor):
                asset = self._site.assets.get(path)
                if asset is None:
                    return ""
                return self._site.relative(self._file, asset.url, anchor)
            case ExternalTarget(href):
                return href
            case _:
                return ""

    def _link(self, link: Link) -> str:
        attributes = self._link_attributes(link.source, link.href, link.relation)
        if link.id:
            attributes = f' id="{escape(link.id)}"' + attributes
        if link.title:
            attributes += f' title="{escape(link.title)}"'
        opening = f"<a{_with_classes(attributes, link.classes)}>"
        if not link.is_bare:
            return opening
        target = self._course.target(link.source, link.href, self._language)
        return opening + escape(self._name_of(target))

    def _name_of(self, target: Target) -> str:
        """What a link is called in which nothing stands: as what it leads to."""
        match target:
            case PageTarget(page, anchor):
                headings = page.document.facts.headings if anchor else ()
                named = (heading.text for heading in headings if heading.id == anchor)
                return next(named, "") or page.title
            case AssetTarget(path, _):
                return path.rpartition("/")[2]
            case ExternalTarget(href):
                return href.removeprefix("mailto:").removeprefix("tel:")
            case _:
                return ""

    def _wikilink(self, link: WikiLink) -> str:
        href = f"[[{link.target}]]"
        target = self._course.target(link.source, href, self._language)
        text = link.text
        if not text:
            text = target.page.title if isinstance(target, PageTarget) else link.target
        return f"<a{self._link_attributes(link.source, href, 'link')}>{escape(text)}</a>"

    def _link_attributes(self, source: str, href: str, relation: str) -> str:
        target = self._course.target(source, href, self._language)
        if isinstance(target, BrokenTarget):
            return ' class="broken-link"'
        address = escape(self._address_of(target))
        if isinstance(target, PageTarget):
            return self._to_page(target.page, address, relation)
        external = isinstance(target, ExternalTarget)
        return f' href="{address}"' + (' rel="external noopener"' if external else "")

    def _to_page(self, page: Page, address: str, relation: str) -> str:
        """The attributes of a link to a page."""
        if self._is_here(page):
            return f' href="{address or "#"}"'
        name = escape(page.id)
        if not page.is_reference:
            return f' href="{address}" data-page="{name}" data-edge="{relation}"'
        place = ""
        if relation == "link":
            self._lookups += 1
            place = f' id="look-{self._lookups}"'
        return f'{place} href="{address}" data-page="{name}" data-edge="detour"'

    def _resource(self, resource: Resource) -> str:
        return escape(self.address(resource.source, resource.href))

    # Pictures

    def _image(self, image: Image) -> str:
        if not image.figure:
            identity = f' id="{escape(image.id)}"' if image.id else ""
            return self._picture(image, _with_classes(identity, image.classes))
        picture = self._picture(image, "")
        caption = self.html(image.caption)
        caption = Markup("\n<figcaption>{}</figcaption>").format(caption) if caption else Markup()
        identity = f' id="{escape(image.id)}"' if image.id else ""
        return f"<figure{_with_classes(identity, image.classes)}>{picture}{caption}</figure>\n"

    def _picture(self, image: Image, attributes: str) -> str:
        target = self._course.target(image.source, image.src, self._language)
        if isinstance(target, ExternalTarget) and not image.src.startswith("data:image/"):
            text = escape(image.alt or image.src)
            return f'<a href="{escape(image.src)}" rel="external noopener">{text}</a>'
        address = self._address_of(target)
        if not address:
            return f'<span class="missing-image">{escape(image.alt)}</span>'
        size = ""
        if isinstance(target, AssetTarget):
            asset = self._site.assets[target.path]
            if asset.width and asset.height:
                size = f' width="{asset.width}" height="{asset.height}"'
        plain = "" if image.figure else f' title="{escape(image.title)}"' if image.title else ""
        return (
            f'<img{attributes} src="{escape(address)}" alt="{escape(image.alt)}"{plain}{size}'
            f' loading="lazy" decoding="async">'
        )

    # Branching

    def choices(self, block: Choices) -> views.ChoicesView:
        self._blocks += 1
        return views.ChoicesView(
            block.id,
            block.id or f"#{self._blocks}",
            self.html(block.label),
            self.html(block.intro),
            tuple(self._option(option) for option in block.options),
            self.html(block.outro),
        )

    def _option(self, option: Option) -> views.OptionView:
        target = self._course.target(option.source, option.href, self._language)
        identity = target.page.id if isinstance(target, PageTarget) and option.href else ""
        when, words, because = "", "", option.because
        if option.when is not None:
            tree = self._tree(option.when)
            when = json_text(tree)
            words = self._if(tree) if tree is not _NEVER else ""
            if tree is _NEVER:
                because = self._t("choices.unreadable")
        label = self.html(option.label)
        effects = tuple(e for e in option.effects if e.variable in self._course.config.state)
        return views.OptionView(
            id=option.id,
            label=label if label.strip() else Markup(escape(self._name_of(target))),
            url=self._address_of(target) if option.href else "",
            external=isinstance(target, ExternalTarget),
            when=when,
            when_words=words,
            because=because,
            effects=json_text([effect_json(effect) for effect in effects]) if effects else "",
            effects_words=tuple(self._words.effect(effect) for effect in effects),
            consequence=self.html(option.consequence),
            write=self.checkpoint(written_option(option)) if option.write else None,
            visited_id=identity,
            target=self._named(option, target),
        )

    def _named(self, option: Option, target: Target) -> str:
        """The title of the page an option leads to: what it would have met."""
        if not option.href or not isinstance(target, PageTarget):
            return ""
        page = target.page
        return page.title if page.listed == "true" and page.title != option.text else ""

    def _tree(self, placed: PlacedCondition) -> Tree:
        """The condition's tree, or one that never holds where it cannot be read."""
        if placed.condition is None:
            return _NEVER
        return canonical(placed.condition.tree, self._course)

    def _if(self, tree: Tree) -> str:
        return self._t("words.if", condition=self._words.condition(tree))

    def _when(self, block: When) -> views.WhenView:
        trees = [self._tree(condition) for condition in block.conditions]
        whole = trees[0]
        for tree in trees[1:]:
            whole = ["or", whole, tree]
        if block.negated:
            words = block.words or self._t("words.otherwise")
            return views.WhenView(json_text(["not", whole]), words, self.html(block.body))
        words = block.words or ("" if whole is _NEVER else self._if(whole))
        return views.WhenView(json_text(whole), words, self.html(block.body))

    # Checkpoints

    def checkpoint(self, found: Checkpoint) -> views.CheckpointView:
        first = self._course.checkpoint(found.of) if found.of else None
        asked = self._course.asked(found)
        earlier_url = ""
        if first is not None:
            home = self._course.in_language(first.page, self._language)
            here = home.id == self._page.id and self._at_home
            anchor = f"#{first.checkpoint.id}"
            url = self._site.relative(self._file, home.url, "")
            earlier_url = anchor if here else url + anchor
        return views.CheckpointView(
            id=found.id,
            kind=found.kind,
            aliases=found.aliases,
            prompt=self.html(found.prompt),
            prompt_text=found.prompt_text,
            why=found.why,
            form=asked.form,
            options=self._options(_mixed(asked) if asked.form == "groups" else asked.options),
            headings=self._options(asked.headings),
            turns=tuple(
                views.TurnView(turn.head, turn.start, turn.end, self.html(turn.body))
                for turn in found.turns
            ),
            steps=asked.steps,
            low=asked.low,
            high=asked.high,
            unit=asked.unit,
            words_from=found.words[0],
            words_to=found.words[1],
            of=first.checkpoint.id if first else "",
            earlier_prompt=_paragraph(first.checkpoint.prompt_text) if first else Markup(),
            earlier_url=earlier_url,
            after=tuple(
                views.RevealView(after.kind, after.label, self.html(after.body))
                for after in found.after
            ),
        )

    def _options(
        self, options: Iterable[CheckpointOption]
    ) -> tuple[views.CheckpointOptionView, ...]:
        return tuple(views.CheckpointOptionView(o.id, self.html(o.label)) for o in options)

    # The rest

    def _aside(self, aside: Aside) -> str:
        if aside.kind == "facilitator" and not self._site.plan.guide:
            return ""
        return self._partial("aside", aside=self.aside(aside))

    def aside(self, aside: Aside) -> views.AsideView:
        label, body = self.html(aside.label), self.html(aside.body)
        helps = aside.kind in ("hint", "example")
        opened = helps and self._page.front.help == "full"
        return views.AsideView(aside.kind, label, aside.id, body, opened)

    def _media(self, media: Media) -> str:
        def local(href: str) -> str:
            return self.address(media.source, href) if href else ""

        target = self._course.target(media.source, media.src, self._language)
        elsewhere = isinstance(target, ExternalTarget)
        embeddable = media.kind == "embed" and _host(media.src) in self._course.config.embeds
        text = escape(media.title or media.src)
        if elsewhere and not embeddable:
            return f'<p><a href="{escape(media.src)}" rel="external noopener">{text}</a></p>\n'
        if not elsewhere and not local(media.src):
            return f"<p>{text}</p>\n"
        view = views.MediaView(
            media.kind,
            media.title,
            media.src if elsewhere else local(media.src),
            local(media.captions),
            local(media.transcript),
            _host(media.src) if elsewhere else "",
            media.id,
        )
        return self._partial("media", media=view)

    def _inline(self, node: Inline) -> str:
        kind, of = ("state", node.of) if node.kind == "state" else ("answer", node.of)
        if kind == "answer":
            home = self._course.checkpoint(of)
            of = home.checkpoint.id if home else of
        name = "state" if kind == "state" else "own-words"
        return f'<span class="{name}" data-{kind}="{escape(of)}">{self.html(node.fallback)}</span>'

    def _sharing(self, block: Sharing) -> str:
        homes = (self._course.checkpoint(identity) for identity in block.of)
        of = tuple(home.checkpoint.id for home in homes if home)
        label, body = self.html(block.label), self.html(block.body)
        view = views.SharingView(block.id, label, of, block.consent, body)
        return self._partial("share", share=view)

    def _gathering(self, block: Gathering) -> str:
        """The guide shows nothing of it: it never has a learner's word."""
        if self._site.plan.guide:
            return ""
        found = [one for identity in block.of for one in self._course.given(identity)]
        consents = tuple(dict.fromkeys(one.consent for one in found))
        asks = len(block.of) > 1
        given = tuple(
            views.GivenView(
                tuple(line for line in one.text.split("\n") if line.strip()),
                one.prompt if asks else "",
                one.name,
                one.consent if len(consents) > 1 else "",
            )
            for one in found
        )
        view = views.GatheringView(given, consents[0] if len(consents) == 1 else "")
        return self._partial("gathered", gathered=view)

    def _widget(self, widget: Widget) -> str:
        match widget.kind:
            case "map":
                view = self._cards.map_view(self._file, self._language)
                return self._partial("map", map=view, notes={})
            case "routes":
                routes = self._cards.route_views(self._file, self._language)
                return self._partial("routes", routes=routes) if routes else ""
            case _:
                return self._partial("journal")


def _mixed(found: Checkpoint) -> list[CheckpointOption]:
    """The items of a `sort`, the same way each time, with no trace of where the author put them."""
    return sorted(found.options, key=lambda option: blake2b(option.id.encode()).digest())


def _with_classes(attributes: str, classes: tuple[str, ...]) -> str:
    return attributes + (f' class="{escape(" ".join(classes))}"' if classes else "")


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text)


def _host(url: str) -> str:
    return url.partition("//")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
