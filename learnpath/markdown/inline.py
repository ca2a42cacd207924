"""Inline syntax: attributes after a link, `[[page]]`, `:name[text]{…}`, and trailing braces."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.image import image as _image
from markdown_it.rules_inline.link import link as _link
from markdown_it.token import Token

from learnpath.markdown.attributes import (
    Attributes,
    AttributesError,
    closing_brace,
    looks_meant,
    parse_attributes,
)
from learnpath.markdown.context import Context, context_of
from learnpath.markdown.directives import CLOSE, OPEN
from learnpath.problems import nearest

_CLOSERS = frozenset(("link_close", "image", "code_inline"))
_WIKI = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")
_ROLE = re.compile(r":([A-Za-z][\w-]*)\[")
ROLES = ("state", "answer")
_LISTING = frozenset(("choices", "predict", "rank", "sort", "dialogue", "ladder",
                      "left-hand-column", "predict-observe-explain"))  # fmt: skip


def inline_plugin(md: MarkdownIt) -> None:
    """Teach the parser learnpath's inline syntax."""
    ruler = md.inline.ruler
    ruler.at("link", _placed_link)
    ruler.at("image", _placed_image)
    ruler.before("link", "wikilink", _wikilink)
    ruler.before("link", "role", _role)
    ruler.before("link", "attributes", _attributes)
    md.core.ruler.before("inline", "trailing_attributes", _trailing)


def _placed_link(state: StateInline, silent: bool) -> bool:
    return _placed(state, silent, _link, "link_open")


def _placed_image(state: StateInline, silent: bool) -> bool:
    return _placed(state, silent, _image, "image")


def _placed(state: StateInline, silent: bool, rule, kind: str) -> bool:  # type: ignore[no-untyped-def]
    """Run markdown-it's rule and note on its token where it began."""
    start, before = state.pos, len(state.tokens)
    if not rule(state, silent):
        return False
    if not silent:
        for token in state.tokens[before:]:
            if token.type == kind and "offset" not in token.meta:
                token.meta["offset"] = start
                break
    return True


def _wikilink(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[[", state.pos):
        return False
    match = _WIKI.match(state.src, state.pos)
    if match is None or state.src.startswith("(", match.end()):
        return False
    if not silent:
        token = state.push("wikilink", "", 0)
        token.content = match[1].strip()
        token.meta = {"text": (match[2] or "").strip(), "offset": state.pos}
    state.pos = match.end()
    return True


def _role(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != ":":
        return False
    match = _ROLE.match(state.src, state.pos)
    if match is None:
        return False
    if state.pos and (state.src[state.pos - 1].isalnum() or state.src[state.pos - 1] == ":"):
        return False
    end = state.md.helpers.parseLinkLabel(state, match.end() - 1)
    if end < 0:
        return False
    attributes, after, broken = Attributes(), end + 1, False
    if match[1] not in ROLES:
        if state.src.startswith("{", after) and not silent:
            _unknown_role(state, match[1])
        return False
    if state.src.startswith("{", after):
        attributes, after, broken = _read_braces(state, after, silent)
    if not silent:
        token = state.push("role", "", 0)
        token.content = state.src[match.end() : end]
        token.meta = {
            "name": match[1],
            "attributes": attributes,
            "offset": state.pos,
            "broken": broken,
        }
    state.pos = after
    return True


def _unknown_role(state: StateInline, name: str) -> None:
    guess = nearest(name, ROLES)
    place = context_of(state.env).at(state.env["learnpath_line"], state.src, state.pos)
    context_of(state.env).problems.add(
        "unknown-directive",
        place,
        f"there is no directive '{name}' inside a line; it is shown as it is written",
        f"did you mean '{guess}'?" if guess else "there are " + ", ".join(ROLES),
    )


def _attributes(state: StateInline, silent: bool) -> bool:
    """Braces right behind a link, an image or code belong to it."""
    if state.src[state.pos] != "{" or silent or not state.tokens:
        return False
    last = state.tokens[-1]
    if last.type not in _CLOSERS or not looks_meant(state.src, state.pos):
        return False
    if state.pending:
        if last.type == "link_close" and not state.pending.strip():
            _report(
                state,
                state.pos,
                "a space stands before these braces, so they belong to nothing",
                "write {…} right behind the link, without a space",
            )
            _opening(state, last).meta["broken"] = True
            state.pos = closing_brace(state.src, state.pos)
            return True
        return False
    attributes, after, broken = _read_braces(state, state.pos, silent)
    token = _opening(state, last)
    token.meta["attributes"] = attributes
    token.meta["braces"] = state.pos
    token.meta["broken"] = broken
    state.pos = after
    return True


def _read_braces(state: StateInline, start: int, silent: bool) -> tuple[Attributes, int, bool]:
    try:
        attributes, after = parse_attributes(state.src, start)
    except AttributesError as error:
        if not silent:
            _report(state, error.offset, error.message, error.hint)
        return Attributes(), closing_brace(state.src, start), True
    return attributes, after, False


def _report(state: StateInline, offset: int, message: str, hint: str) -> None:
    context = context_of(state.env)
    place = context.at(state.env["learnpath_line"], state.src, offset)
    context.problems.add("invalid-attributes", place, message, hint)


def _opening(state: StateInline, last: Token) -> Token:
    """The token that attributes behind `last` belong to: its opening one."""
    if last.nesting != -1:
        return last
    depth = 0
    wanted = last.type.replace("_close", "_open")
    for token in reversed(state.tokens):
        depth += (token.type == last.type) - (token.type == wanted)
        if depth == 0:
            return token
    return last


def _trailing(state: StateCore) -> None:
    """Take `{#id …}` off the end of headings, and of list items inside a block that lists."""
    if "{" not in state.src:
        return
    context = context_of(state.env)
    listing: list[bool] = []
    previous: Token | None = None
    before: Token | None = None
    for token in state.tokens:
        if token.type == OPEN:
            listing.append(token.meta["directive"].name in _LISTING)
        elif token.type == CLOSE and listing:
            listing.pop()
        elif token.type == "inline" and previous is not None and "{" in token.content:
            item = before is not None and before.type == "list_item_open" and any(listing[-1:])
            if previous.type == "heading_open" or item:
                _take_trailing(token, context)
        before, previous = previous, token


def _take_trailing(token: Token, context: Context) -> None:
    line, newline, rest = token.content.partition("\n")
    start = next((at + 1 for at in _starts(line) if looks_meant(line, at + 1)), -1)
    if start < 0:
        return
    first = (token.map or [0])[0]
    if line[:start].rstrip().endswith(")") and line.startswith("["):
        return  # a link with space before its braces: the inline rule tells it
    try:
        attributes, after = parse_attributes(line, start)
    except AttributesError as error:
        context.problems.add(
            "invalid-attributes",
            context.at(first, token.content, error.offset),
            error.message,
            error.hint,
        )
        attributes, after = Attributes(), closing_brace(line, start)
        token.meta["broken"] = True
    if line[after:].strip():
        token.meta.pop("broken", None)
        return
    token.meta["attributes"] = attributes
    token.meta["braces"] = start
    token.meta["line"] = line
    token.content = line[: start - 1].rstrip() + newline + rest


def _starts(line: str) -> list[int]:
    return [at for at in range(len(line) - 1) if line[at] in " \t" and line[at + 1] == "{"]
