"""Tokens → a document: HTML with nodes in it, and the facts of the page.

One builder a file; an include gets a builder of its own over the same `Gathered` facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

from markdown_it.token import Token
from msgspec import Struct, field

from learnpath.document import (
    RELATIONS,
    Aside,
    Checkpoint,
    Choices,
    Facts,
    Fragment,
    Gathering,
    Heading,
    Image,
    Inline,
    Link,
    Media,
    Node,
    PlacedCondition,
    Resource,
    Sharing,
    When,
    Widget,
    WikiLink,
)
from learnpath.markdown.attributes import Attributes
from learnpath.markdown.code import code_block
from learnpath.markdown.context import Context
from learnpath.markdown.directives import CLOSE, LEAF, OPEN, Directive
from learnpath.markdown.math import math_html
from learnpath.markdown.parser import parse_inline, parser, renderer
from learnpath.markdown.prose import said, written
from learnpath.markdown.rawhtml import anchors_in, raw_html
from learnpath.paths import is_external, slug
from learnpath.problems import Place, nearest

Part = str | Node
ALERTS = ("note", "tip", "important", "warning", "caution")
_ALIGNED = re.compile(r"text-align:(left|right|center)")


class Gathered(Struct):
    """What a page's files add up to while they are read."""

    headings: list[Heading] = field(default_factory=list)
    anchors: dict[str, Place] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    wikilinks: list[WikiLink] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    choices: list[Choices] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    whens: list[When] = field(default_factory=list)
    inlines: list[Inline] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    widgets: list[Widget] = field(default_factory=list)
    shared: list[Sharing | Gathering] = field(default_factory=list)
    helps: int = 0
    """How many hints and worked examples there are."""
    blocks: set[str] = field(default_factory=set)
    includes: list[str] = field(default_factory=list)
    words: int = 0
    guide: int = 0
    """How many facilitator's blocks are open: what is in them is for the guide only."""
    footnotes: set[int] = field(default_factory=set)
    detours: int = 0
    included: int = 0
    """How many includes were followed: files that include files multiply."""

    def facts(self) -> Facts:
        return Facts(
            tuple(self.headings),
            tuple(self.anchors.items()),
            tuple(self.links),
            tuple(self.wikilinks),
            tuple(self.images),
            tuple(self.resources),
            tuple(self.choices),
            tuple(self.checkpoints),
            tuple(self.whens),
            tuple(self.inlines),
            tuple(self.media),
            tuple(self.widgets),
            tuple(self.shared),
            self.helps,
            tuple(sorted(self.blocks)),
        )


class Builder:
    """Builds the fragments of one file."""

    def __init__(
        self,
        context: Context,
        gathered: Gathered,
        directives: dict[str, Entry],
        fences: dict[str, FenceHandler],
    ) -> None:
        self.context = context
        self.page = gathered
        self.directives = directives
        self.fences = fences
        self._renderer = renderer()
        self._options = parser().options

    # Blocks

    def fragment(self, tokens: Sequence[Token]) -> Fragment:
        """The HTML of block tokens, nodes in their places."""
        return merged(self._blocks(tokens))

    def _blocks(self, tokens: Sequence[Token]) -> list[Part]:
        found: list[Part] = []
        at = 0
        earlier: tuple[PlacedCondition, ...] = ()
        while at < len(tokens):
            token = tokens[at]
            kind = token.type
            if (plain := _PLAIN_BLOCKS.get(kind)) is not None:
                found.append(plain(token))
                earlier = ()
                at += 1
                continue
            if kind == OPEN:
                end = matching(tokens, at, OPEN, CLOSE)
                parts = self._directive(token.meta["directive"], tokens[at + 1 : end], earlier)
                earlier = _chain(earlier, parts)
                found += parts
                at = end + 1
                continue
            earlier = ()
            if kind == "inline":
                found += self._whole(tokens, at) if token.tag else self._line(token)
            elif kind == "paragraph_open" and not _is_figure(tokens, at):
                found.append(self._default(tokens, at))
            elif kind == "paragraph_open":
                picture, line = tokens[at + 1].children[0], tokens[at + 1]  # type: ignore[index]
                found.append(self._image(picture, line, figure=True))
                at += 2
            elif kind == LEAF:
                found += self._directive(token.meta["directive"], (), ())
            elif kind == "alert_open":
                end = matching(tokens, at, "alert_open", "alert_close")
                found.append(self._alert(tokens[at + 1 : end], str(token.meta["kind"]).lower()))
                at = end
            elif kind == "footnote_open" and token.meta["id"] not in self.page.footnotes:
                at = matching(tokens, at, "footnote_open", "footnote_close")
            elif kind == "html_block":
                found += self._raw(token.content, self.token_place(token))
            elif kind == "fence" and (handler := self._fence(token)) is not None:
                found += handler(self, token)
            else:
                found.append(self._block(tokens, at))
            at += 1
        return found

    def _whole(self, tokens: Sequence[Token], at: int) -> list[Part]:
        """The HTML of a block that is one token."""
        token = tokens[at]
        if token.tag == "p" and _is_picture(token.children):
            return [self._image(token.children[0], token, figure=True)]  # type: ignore[index]
        if token.tag in _NAMED:
            opening = self._heading(token, token)
        elif token.tag in _CELLS:
            opening = _cell(token)
        else:
            opening = f"{_behind(tokens, at)}<{token.tag}>"
        return [opening, *self._line(token), f"</{token.tag}>\n"]

    def _block(self, tokens: Sequence[Token], at: int) -> str:
        """The HTML of a token that is text alone."""
        token = tokens[at]
        match token.type:
            case "heading_open":
                return self._heading(token, tokens[at + 1])
            case "fence":
                return code(token)
            case "footnote_open":
                return f'<li id="fn{token.meta["id"] + 1}" class="footnote">'
            case "dt_open":
                return f'<dt id="{escape(self._term_id(tokens[at + 1]))}">'
            case "math_block" | "math_block_label":
                return math_html(token.content, self.context, self.token_place(token), block=True)
            case "table_close":
                return self._default(tokens, at) + "</div>\n"
            case "table_open":
                return '<div class="table-scroll" tabindex="0">' + self._default(tokens, at)
            case _:
                return self._default(tokens, at)

    def _fence(self, token: Token) -> FenceHandler | None:
        """What reads a fenced block, where it is no code; a plain folder's is always code."""
        name = token.info.split(None, 1)[:1]
        return self.fences.get(name[0]) if name and not self.context.plain else None

    def _default(self, tokens: Sequence[Token], at: int) -> str:
        if tokens[at].nesting == 1 and not tokens[at].attrs:
            return _opening(tokens, at)
        return self._renderer.renderToken(tokens, at, self._options, {})

    def _directive(
        self, directive: Directive, inner: Sequence[Token], earlier: tuple[PlacedCondition, ...]
    ) -> list[Part]:
        entry = self.directives.get(directive.name)
        if entry is None:
            self._unknown(directive)
            return [*self._label(directive), *self._blocks(inner)]
        self._check_keys(directive, entry.keys)
        return list(entry.handler(self, directive, inner, earlier))

    def _label(self, directive: Directive) -> Iterator[Part]:
        """A label that no handler takes up is shown: nothing that was written is lost."""
        if directive.label:
            yield "<p>"
            yield from self.phrase(directive.label, directive.line)
            yield "</p>\n"

    def _check_keys(self, directive: Directive, known: tuple[str, ...]) -> None:
        for key in directive.attributes.values:
            if key in known:
                continue
            guess = nearest(key, known)
            listed = "there are " + ", ".join(known) if known else "it takes none but an #id"
            self.context.add(
                "unknown-key",
                directive.line,
                self.context.column(directive.line, f"{key}=", 0),
                f"'{directive.name}' has no attribute '{key}'",
                f"did you mean '{guess}'?" if guess else listed,
            )

    def _unknown(self, directive: Directive) -> None:
        guess = nearest(directive.name, self.directives)
        self.context.add(
            "unknown-directive",
            directive.line,
            self.context.column(directive.line, directive.name, 0),
            f"there is no directive '{directive.name}'; its content is shown as it is",
            f"did you mean '{guess}'?"
            if guess
            else "there are " + ", ".join(sorted(self.directives)),
        )

    def _alert(self, inner: Sequence[Token], kind: str) -> Aside:
        end = next(i for i, token in enumerate(inner) if token.type == "alert_title_close")
        return Aside(kind, (), "", self.fragment(inner[end + 1 :]))

    def _heading(self, token: Token, inline: Token) -> str:
        identity = self.heading_id(token, inline)
        return f'<{token.tag} id="{escape(identity)}">'

    def heading_id(self, token: Token, inline: Token) -> str:
        """The id of a heading, remembered: the author's own, or one made of its text."""
        text = self.plain(inline)
        attributes: Attributes | None = inline.meta.get("attributes")
        place = self.token_place(token)
        given = attributes.id if attributes else ""
        identity = given or self.unused(slug(text) or "section")
        self.anchor(identity, place)
        self.page.headings.append(Heading(int(token.tag[1]), identity, text, place))
        return identity

    def unused(self, name: str) -> str:
        """`name`, or `name-1`, `name-2` … : the first that is no anchor of this page yet."""
        count = self.context.slugs.get(name, 0)
        candidate = f"{name}-{count}" if count else name
        while candidate in self.page.anchors:
            count += 1
            candidate = f"{name}-{count}"
        self.context.slugs[name] = count + 1
        return candidate

    def anchor(self, identity: str, place: Place) -> None:
        """Remember an id; the same id twice on a page is a problem."""
        if self.page.guide:
            return
        first = self.page.anchors.get(identity)
        if first is None:
            self.page.anchors[identity] = place
            return
        where = f"line {first.line}" if first.path == place.path else f"{first.path}:{first.line}"
        self.context.problems.add(
            "duplicate-id",
            place,
            f"the id '{identity}' is used twice on this page; first in {where}",
            "give one of the two another id",
        )

    def _raw(self, html: str, place: Place) -> Iterator[Part]:
        for identity in anchors_in(html) if not self.page.guide else ():
            self.page.anchors.setdefault(identity, place)
        for piece in raw_html(html, self.context, place):
            if isinstance(piece, Resource) and not self.page.guide:
                self.page.resources.append(piece)
            yield piece

    def _term_id(self, inline: Token) -> str:
        identity = self.unused(slug(self.plain(inline)) or "term")
        self.anchor(identity, self.token_place(inline))
        return identity

    def token_place(self, token: Token) -> Place:
        """Where a token stands in its file."""
        index = token.map[0] if token.map else line_index(token)
        return self.context.place(self.context.line(index))

    # Inline

    def inline(self, token: Token) -> Fragment:
        """The HTML of an inline token; what a learner reads in it is counted."""
        return merged(self._line(token))

    def _line(self, token: Token) -> Sequence[Part]:
        if token.children is None:
            self.count_in(token.content)  # no mark and no address is a word of its own
            return self._written(token)
        self.count(token.children)
        return self._inline(token.children, token)

    def children(self, token: Token) -> list[Token]:
        """An inline token's own tokens. Usual text has none until they are asked for."""
        if token.children is None:
            token.children = parse_inline(token.content, line_index(token), self.context)
        return token.children

    def plain(self, token: Token) -> str:
        """What a reader reads of an inline token."""
        if token.children is None:
            return said(token.meta["pieces"])
        return plain_text(token.children)

    def _written(self, token: Token) -> Sequence[Part]:
        def link(offset: int, name: str, address: str) -> Link:
            place = self.context.at(line_index(token), token.content, offset)
            relation = "guide" if self.page.guide else "link"
            link = Link(address, place, name, relation, source=self.source_of(address))
            self.page.links.append(link)
            return link

        return written(token.meta["pieces"], link)

    def count(self, children: Sequence[Token]) -> None:
        """Add to the words that a learner reads."""
        self.count_in(plain_text(children))

    def shows(self, block: str) -> None:
        """Remember that learners see a block that has styles of its own."""
        if not self.page.guide:
            self.page.blocks.add(block)

    def count_in(self, text: str) -> None:
        """Add the words of a text to those that a learner reads."""
        if not self.page.guide:
            self.page.words += len(text.split())

    def phrase(self, text: str, line: int, *, counted: bool = True) -> Fragment:
        """The HTML of a short text with inline markup; `line` is the file's, from 1."""
        token = self._phrase(text, line)
        return self.inline(token) if counted else self.inline_parts(self.children(token), token)

    def title(self, text: str, line: int) -> tuple[Fragment, str]:
        """The HTML of a short text with inline markup, and the same without."""
        token = self._phrase(text, line)
        return self.inline(token), self.plain(token)

    def _phrase(self, text: str, line: int) -> Token:
        index = line - self.context.first_line
        token = Token("inline", "", 0, content=text, map=[index, index + 1])
        token.meta["line_index"] = index
        token.children = parse_inline(text, index, self.context)
        return token

    def inline_parts(self, children: Sequence[Token], token: Token) -> Fragment:
        """The HTML of some of an inline token's children."""
        return merged(self._inline(children, token))

    def _inline(self, children: Sequence[Token], token: Token) -> list[Part]:
        found: list[Part] = []
        for at, child in enumerate(children):
            kind = child.type
            if kind == "text":
                found.append(escape(child.content, quote=False))
            elif (rule := _INLINE.get(kind)) is not None:
                found.append(rule(self, child, token))
            elif kind == "link_open":
                found.append(self._link(children, at, token))
            elif kind == "html_inline":
                found += self._raw(child.content, self._place(child, token))
            else:
                found.append(self._default_inline(children, at))
        return found

    def _math(self, child: Token, token: Token) -> Part:
        return math_html(child.content, self.context, self._place(child, token), block=False)

    def _inline_image(self, child: Token, token: Token) -> Part:
        return self._image(child, token, figure=False)

    def _default_inline(self, children: Sequence[Token], at: int) -> str:
        token = children[at]
        rule = self._renderer.rules.get(token.type)
        if rule is not None:
            return str(rule(children, at, self._options, {}))
        attributes: Attributes | None = token.meta.get("attributes")
        if attributes:
            if attributes.id:
                token.attrSet("id", attributes.id)
            if attributes.classes:
                token.attrSet("class", " ".join(attributes.classes))
        return self._renderer.renderToken(children, at, self._options, {})

    def _place(self, child: Token, token: Token, offset: int | None = None) -> Place:
        first = line_index(token)
        at = child.meta.get("offset") if offset is None else offset
        if at is None:
            return self.context.place(self.context.line(first))
        return self.context.at(first, token.content, at)

    def _link(self, children: Sequence[Token], at: int, token: Token) -> Part:
        link = self.link_at(children, at, token)
        self.page.links.append(link)
        return link

    def link_at(self, children: Sequence[Token], at: int, token: Token) -> Link:
        """The link that opens at `at`, with its relation checked."""
        opening = children[at]
        end = matching(children, at, "link_open", "link_close")
        attributes: Attributes = opening.meta.get("attributes") or Attributes()
        place = self._place(opening, token)
        self._check_link_keys(attributes, place)
        relation = "guide" if self.page.guide else self._relation(attributes, place)
        identity = attributes.id
        if relation == "detour" and not identity:
            self.page.detours += 1
            identity = self.unused(f"detour-{self.page.detours}")
        if identity and relation != "guide":
            self.anchor(identity, place)
        inside = children[at + 1 : end]
        is_bare = all(child.type == "text" and not child.content.strip() for child in inside)
        return Link(
            str(opening.attrs.get("href", "")),
            place,
            "" if is_bare else plain_text(inside),
            relation,
            str(opening.attrs.get("title", "")),
            identity,
            attributes.classes,
            self.source_of(str(opening.attrs.get("href", ""))),
            is_bare,
        )

    def source_of(self, href: str) -> str:
        """The file that an address counts from: a bare `#place` means the page, not its include."""
        including = self.context.including
        return including[0] if including and href.startswith("#") else self.context.path

    def _check_link_keys(self, attributes: Attributes, place: Place) -> None:
        for key in attributes.values if not self.context.plain else ():
            if key != "rel":
                chosen = key in ("when", "set", "because", "write")
                self.context.problems.add(
                    "unknown-key",
                    place,
                    f"a link has no attribute '{key}'",
                    "write it as an option in ::: choices, or put it inside ::: when"
                    if chosen
                    else "a link takes #id, .class and rel=",
                )

    def _relation(self, attributes: Attributes, place: Place) -> str:
        relation = attributes.get("rel")
        if not relation:
            return "link"
        if relation in RELATIONS:
            return relation
        guess = nearest(relation, RELATIONS)
        self.context.problems.add(
            "invalid-value",
            place,
            f"'{relation}' is no relation between pages",
            f"did you mean '{guess}'?" if guess else "there are " + ", ".join(RELATIONS),
        )
        return "link"

    def _image(self, child: Token, token: Token, *, figure: bool) -> Part:
        attributes: Attributes = child.meta.get("attributes") or Attributes()
        place = self._place(child, token)
        src = str(child.attrs.get("src", ""))
        title = str(child.attrs.get("title", ""))
        image = Image(
            src,
            plain_text(child.children or ()),
            title,
            place,
            figure,
            attributes.id,
            attributes.classes,
            self.phrase(title, place.line or 1) if figure and title else (),
            self.context.path,
        )
        if attributes.id:
            self.anchor(attributes.id, place)
        if is_external(src) and not src.startswith("data:image/"):
            self.context.problems.add(
                "external-resource",
                place,
                f"the picture '{src}' lies somewhere else; a learner's page never fetches it",
                "put the file beside the page; until then the page shows a link",
            )
        if not self.page.guide:
            self.page.images.append(image)
        return image

    def _wikilink(self, child: Token, token: Token) -> Part:
        place = self._place(child, token)
        link = WikiLink(child.content, child.meta["text"], place, self.context.path)
        if not self.page.guide:
            self.page.wikilinks.append(link)
        return link

    def _role(self, child: Token, token: Token) -> Part:
        place = self._place(child, token)
        attributes: Attributes = child.meta["attributes"]
        fallback = self.phrase(child.content, place.line or 1, counted=False)
        of = attributes.get("of")
        if not of and not child.meta["broken"]:
            name = child.meta["name"]
            self.context.problems.add(
                "invalid-attributes",
                place,
                f":{name}[…] does not say of what",
                f':{name}[text]{{of="name"}}',
            )
        node = Inline(child.meta["name"], of, fallback, place)
        if of:
            self.page.inlines.append(node)
        return node

    def _footnote_ref(self, child: Token) -> str:
        number, again = child.meta["id"] + 1, child.meta["subId"]
        if not self.page.guide:
            self.page.footnotes.add(child.meta["id"])
        suffix = f"-{again}" if again else ""
        return (
            f'<sup class="footnote-ref"><a href="#fn{number}" id="fnref{number}{suffix}"'
            f' role="doc-noteref">{number}</a></sup>'
        )


def code(token: Token) -> str:
    """The HTML of a block of code."""
    language = token.info.split(None, 1)[0] if token.info.strip() else ""
    return code_block(token.content, language.strip("{}."))


def _list_item(token: Token) -> str:
    if "checked" not in token.meta:
        return "<li>"
    mark = "\N{BALLOT BOX WITH CHECK}" if token.meta["checked"] else "\N{BALLOT BOX}"
    return f'<li class="task-list-item"><span class="task">{mark}\ufe0e</span> '


def _cell(token: Token) -> str:
    match = _ALIGNED.search(str(token.attrs.get("style", "")))
    return f'<{token.tag} class="align-{match[1]}">' if match else f"<{token.tag}>"


def _footnote_return(token: Token) -> str:
    number, again = token.meta["id"] + 1, token.meta["subId"]
    suffix = f"-{again}" if again else ""
    return (
        f' <a href="#fnref{number}{suffix}" class="footnote-return" role="doc-backlink">'
        f"\N{LEFTWARDS ARROW WITH HOOK}\ufe0e</a>"
    )


def _closing(token: Token) -> str:
    """The end of a block, as markdown-it's renderer writes it."""
    return "" if token.hidden else f"</{token.tag}>\n"


def _opening(tokens: Sequence[Token], at: int) -> str:
    """The beginning of a block without attributes, as markdown-it's renderer writes it."""
    token = tokens[at]
    if token.hidden:
        return ""
    before = _behind(tokens, at)
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    stays = following is not None and (
        (following.type == "inline" and not following.tag)
        or following.hidden
        or (following.nesting == -1 and following.tag == token.tag)
    )
    return f"{before}<{token.tag}>" if stays else f"{before}<{token.tag}>\n"


def _behind(tokens: Sequence[Token], at: int) -> str:
    """What stands before the beginning of a block: what is hidden ends no line."""
    return "\n" if at and tokens[at - 1].hidden else ""


_NAMED = frozenset(f"h{level}" for level in range(1, 7))
"""Blocks that have an id."""
_CELLS = ("th", "td")

_CLOSED = (
    "paragraph", "heading", "bullet_list", "ordered_list", "list_item", "blockquote", "thead",
    "tbody", "tr", "th", "td",
)  # fmt: skip

_PLAIN_BLOCKS: dict[str, Callable[[Token], str]] = {
    **{f"{kind}_close": _closing for kind in _CLOSED},
    "code_block": code,
    "list_item_open": _list_item,
    "th_open": _cell,
    "td_open": _cell,
    "footnote_block_open": lambda _: '<section class="footnotes" role="doc-endnotes">\n<ol>\n',
    "footnote_block_close": lambda _: "</ol>\n</section>\n",
    "footnote_close": lambda _: "</li>\n",
    "footnote_anchor": _footnote_return,
}
"""Block tokens whose HTML needs nothing but themselves: they are asked for before all others."""

_INLINE: dict[str, Callable[[Builder, Token, Token], Part]] = {
    "softbreak": lambda *_: "\n",
    "em_open": lambda *_: "<em>",
    "strong_open": lambda *_: "<strong>",
    "em_close": lambda *_: "</em>",
    "strong_close": lambda *_: "</strong>",
    "link_close": lambda *_: "</a>",
    "footnote_ref": lambda builder, child, _: builder._footnote_ref(child),
    "code_inline": lambda _, child, __: f"<code>{escape(child.content, quote=False)}</code>",
    "image": Builder._inline_image,
    "wikilink": Builder._wikilink,
    "role": Builder._role,
    "math_inline": Builder._math,
    "math_inline_double": Builder._math,
    "footnote_anchor": lambda _, child, __: _footnote_return(child),
}

Handler = Callable[
    [Builder, Directive, Sequence[Token], tuple[PlacedCondition, ...]], Iterator[Part] | list[Part]
]

FenceHandler = Callable[[Builder, Token], Iterator[Part]]
"""Reads a fenced block that is no code."""


class Entry(Struct, frozen=True):
    """A directive: what builds it, and the attributes it reads."""

    handler: Handler
    keys: tuple[str, ...] = ()


def matching(tokens: Sequence[Token], at: int, opening: str, closing: str) -> int:
    """The index of the token that closes the one at `at`."""
    depth = 0
    for index in range(at, len(tokens)):
        kind = tokens[index].type
        depth += (kind == opening) - (kind == closing)
        if depth == 0:
            return index
    return len(tokens) - 1


def line_index(token: Token) -> int:
    """The body's line, from 0, in which an inline token begins."""
    return int(token.meta.get("line_index", 0))


def plain_text(children: Sequence[Token]) -> str:
    """What a reader reads of inline tokens."""
    words: list[str] = []
    for child in children:
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type == "wikilink":
            words.append(child.meta["text"] or child.content)
        elif child.type == "role":
            words.append(child.content)
        elif child.type == "image":
            words.append(plain_text(child.children or ()))
    return "".join(words)


def merged(parts: Sequence[Part]) -> Fragment:
    """A fragment in which neighbouring texts are one text."""
    try:  # most are all text, and that is found out quickest like this
        text = "".join(parts)  # type: ignore[arg-type]
    except TypeError:
        pass
    else:
        return (text,) if text else ()
    found: list[Part] = []
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        if texts:
            found.append("".join(texts))
            texts = []
        found.append(part)
    if texts and (text := "".join(texts)):
        found.append(text)
    return tuple(found)


def _chain(
    earlier: tuple[PlacedCondition, ...], parts: Sequence[Part]
) -> tuple[PlacedCondition, ...]:
    """The conditions that an `otherwise` after these parts stands against."""
    if len(parts) == 1 and isinstance(parts[0], When) and not parts[0].negated:
        return earlier + parts[0].conditions
    return ()


def _is_figure(tokens: Sequence[Token], at: int) -> bool:
    return not tokens[at].hidden and _is_picture(tokens[at + 1].children)


def _is_picture(children: Sequence[Token] | None) -> bool:
    return children is not None and len(children) == 1 and children[0].type == "image"
