"""`::: choices`: a list whose items are the ways on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from markdown_it.token import Token

from learnpath.conditions.syntax import ConditionError, parse
from learnpath.document import Choices, Option, PlacedCondition
from learnpath.markdown.attributes import Attributes
from learnpath.markdown.builder import (
    Builder,
    Part,
    line_index,
    matching,
    merged,
    plain_text,
)
from learnpath.markdown.directives import CLOSE, OPEN, Directive
from learnpath.markdown.prose import only_link
from learnpath.problems import Place, nearest
from learnpath.story import Effect, EffectError, parse_effects

_STRAY = re.compile(r"\{(?:#[^\s#{}]|(?:set|when|because|write)=)")
_KEYS = ("set", "when", "because", "write")


def choices(
    builder: Builder,
    directive: Directive,
    tokens: Sequence[Token],
    _earlier: tuple[PlacedCondition, ...],
) -> Iterator[Part]:
    place = head_place(builder, directive)
    split = first_list(tokens, *_LISTS)
    if split is None:
        builder.context.problems.add(
            "invalid-value",
            place,
            "these choices have no options",
            "write each as an item of a list: - [What it says](page.md)",
        )
        yield from builder.fragment(tokens)
        return
    end = matching(tokens, split, tokens[split].type, tokens[split].type.replace("open", "close"))
    if directive.attributes.id:
        builder.anchor(directive.attributes.id, place)
    label = builder.phrase(directive.label, directive.line) if directive.label else ()
    block = Choices(
        directive.attributes.id,
        label,
        directive.label,
        builder.fragment(tokens[:split]),
        tuple(_option(builder, item) for item in list_items(tokens[split : end + 1])),
        builder.fragment(tokens[end + 1 :]),
        place,
    )
    if not builder.page.guide:
        builder.page.choices.append(block)
    yield block


_LISTS = ("bullet_list_open", "ordered_list_open")


def first_list(tokens: Sequence[Token], *kinds: str) -> int | None:
    """The index of the first list that stands in nothing else: no directive, no quote."""
    depth = 0
    for index, token in enumerate(tokens):
        if depth == 0 and token.type in kinds:
            return index
        depth += token.nesting + (token.type == OPEN) - (token.type == CLOSE)
    return None


def head_place(builder: Builder, directive: Directive) -> Place:
    """Where a directive's fence line begins."""
    column = builder.context.column(directive.line, directive.text, 0)
    return builder.context.place(directive.line, column)


def list_items(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens inside each item of a list."""
    at = 1
    while at < len(tokens) - 1:
        end = matching(tokens, at, "list_item_open", "list_item_close")
        yield tokens[at + 1 : end]
        at = end + 1


def _option(builder: Builder, item: Sequence[Token]) -> Option:
    inline = item[1] if len(item) > 1 and item[1].type == "inline" else None
    rest = item[3:] if inline is not None else item
    if inline is None:
        place = builder.context.place(builder.context.line((item[0].map or [0])[0]) if item else 1)
        return Option("", (), "", "", place, None, "", (), "", builder.fragment(rest))
    usual = inline.children is None and "attributes" not in inline.meta
    alone = only_link(inline.meta["pieces"]) if usual else None
    if alone is not None:  # as most are
        html, name, address = alone
        builder.count_in(name)
        reader = _AttributeReader(builder, inline, Attributes(), inline.content)
        return reader.option((html,), name, address, rest)
    text = builder.plain(inline)
    if _STRAY.search(text):
        line = builder.context.line(line_index(inline))
        no_link = "](" in text
        builder.context.add(
            "invalid-attributes",
            line,
            builder.context.column(line, "](" if no_link else "{", 0),
            "this is no link: there is a space in its address"
            if no_link
            else "these braces belong to nothing and are shown as they are",
            "write the address in <>: [Text](<a page.md>)"
            if no_link
            else "write {…} right behind the link, or at the end of the item's first line",
        )
        inline.meta["broken"] = True
    children = _unwrapped(builder.children(inline))
    opening = children[0] if children and children[0].type == "link_open" else None
    wiki = children[0] if children and children[0].type == "wikilink" else None
    if opening is not None:
        return _linked(builder, inline, children, opening, rest)
    attributes: Attributes = inline.meta.get("attributes") or Attributes()
    reader = _AttributeReader(builder, inline, attributes, str(inline.meta.get("line", "")))
    href = wiki.content if wiki else ""
    if wiki is None:
        builder.count(children)
        label = builder.inline_parts(children, inline)
        return reader.option(label, plain_text(children), href, rest)
    text = wiki.meta["text"]
    builder.count(children)
    label = (escape(text), *builder.inline_parts(children[1:], inline)) if text else ()
    return reader.option(label, text, f"[[{href}]]", rest)


def _unwrapped(children: list[Token]) -> list[Token]:
    """The children of an emphasis that is all of the item: `**[x](a.md)**` is a link, too."""
    children = [child for child in children if child.type != "text" or child.content]
    while len(children) > 2 and children[0].type in ("em_open", "strong_open", "s_open"):
        first = children[0]
        if matching(children, 0, first.type, first.type.replace("open", "close")) + 1 < len(
            children
        ):
            break
        children = children[1:-1]
    return children


def _linked(
    builder: Builder,
    inline: Token,
    children: Sequence[Token],
    opening: Token,
    rest: Sequence[Token],
) -> Option:
    end = matching(children, 0, "link_open", "link_close")
    attributes: Attributes = opening.meta.get("attributes") or Attributes()
    if opening.meta.get("broken") or not attributes:
        inline.meta["broken"] = opening.meta.get("broken", False)
    reader = _AttributeReader(builder, inline, attributes, inline.content)
    builder.count(children)
    label = builder.inline_parts([*children[1:end], *children[end + 1 :]], inline)
    text = plain_text(children[1:end]).strip()
    return reader.option(label, text, str(opening.attrs.get("href", "")), rest)


class _AttributeReader:
    """Reads one option's braces."""

    def __init__(self, builder: Builder, inline: Token, given: Attributes, text: str) -> None:
        self._builder = builder
        self._inline = inline
        self._given = given
        self._text = text
        self._first = line_index(inline)

    def option(
        self,
        label: tuple[Part, ...],
        text: str,
        href: str,
        rest: Sequence[Token],
    ) -> Option:
        given = self._given
        self._unknown_keys()
        return Option(
            given.id,
            merged(label),
            text,
            href,
            self._place(),
            self._when(),
            given.get("because"),
            self._effects(),
            given.get("write"),
            self._builder.fragment(rest),
            self._builder.source_of(href),
        )

    def _place(self, key: str = "") -> Place:
        offset = self._given.offsets.get(key, 0)
        if "line" in self._inline.meta and self._text:
            context = self._builder.context
            line = context.line(self._first)
            return context.place(line, context.column(line, self._text, offset))
        return self._builder.context.at(self._first, self._text, offset)

    def _when(self) -> PlacedCondition | None:
        if self._inline.meta.get("broken"):
            return PlacedCondition("", self._place(), None)
        if "when" not in self._given.values:
            return None
        return placed_condition(self._builder, self._given.get("when"), self._place("when"))

    def _effects(self) -> tuple[Effect, ...]:
        text = self._given.get("set")
        if not text:
            return ()
        return effects(self._builder, text, self._place("set"))

    def _unknown_keys(self) -> None:
        for key in self._given.values:
            if key not in _KEYS:
                guess = nearest(key, _KEYS)
                self._builder.context.problems.add(
                    "unknown-key",
                    self._place(f"{key}="),
                    f"an option has no attribute '{key}'",
                    f"did you mean '{guess}'?" if guess else "there are " + ", ".join(_KEYS),
                )


def placed_condition(builder: Builder, text: str, place: Place) -> PlacedCondition:
    """Parse a condition; one that cannot be read is a problem at its very character."""
    try:
        return PlacedCondition(text, place, parse(text))
    except ConditionError as error:
        column = place.column + error.offset if place.column is not None else None
        builder.context.problems.add(
            "invalid-condition",
            Place(place.path, place.line, column),
            error.message,
            error.hint,
        )
        return PlacedCondition(text, place, None)


def effects(builder: Builder, text: str, place: Place) -> tuple[Effect, ...]:
    """Parse the effects in a `set`; what cannot be read is told and has no effect."""
    try:
        return parse_effects(text, place)
    except EffectError as error:
        builder.context.problems.add("invalid-condition", place, error.message, error.hint)
        return ()
