"""`::: name … :::` and `::name[…]{…}` as block syntax.

Nobody counts colons. A block rule makes each fence line a token of its own; a core rule then
pairs them: a named fence opens, a bare one closes the innermost that is open under the same
parent (list item, quote, table of contents). What stays open is closed there, and told.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from msgspec import Struct

from learnpath.markdown.attributes import (
    Attributes,
    AttributesError,
    looks_meant,
    parse_attributes,
)
from learnpath.markdown.context import Context, context_of
from learnpath.markdown.plainblocks import OPENED

_NAME = r"[A-Za-z][\w-]*"
_OPEN = re.compile(rf"(:{{3,}})[ \t]*(?:\{{({_NAME})\}}|({_NAME}))")
_LEAF = re.compile(rf"::({_NAME})(?=[\[{{\s]|$)")
_TWO_COLONS = re.compile(rf"::[ \t]+({_NAME})")
_BARE = re.compile(r":{3,}[ \t]*")
_INTERRUPTS: RuleOptionsType = {
    "alt": ["paragraph", "reference", "blockquote", "list", "table", "footnote_def"]
}

MAX_DEPTH = 30
OPEN, CLOSE, LEAF = "directive_open", "directive_close", "directive_leaf"


class Directive(Struct, frozen=True):
    """The head of a directive: what stands on its fence line."""

    name: str
    label: str
    attributes: Attributes
    line: int
    """The line in the file, from 1."""
    text: str
    """The fence line as written, for columns."""
    broken: bool = False
    """Whether its braces could not be read."""


def directives_plugin(md: MarkdownIt) -> None:
    """Teach the parser block directives."""
    md.block.ruler.before("fence", "directive", _directive_rule, _INTERRUPTS)
    md.core.ruler.after("block", "directive_pairs", _pair)


def _directive_rule(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    at = state.bMarks[start] + state.tShift[start]
    if state.src[at : at + 2] != "::" or state.is_code_block(start):
        return False
    text = state.src[at : state.eMarks[start]].rstrip()
    opening, leaf = _OPEN.match(text), _LEAF.fullmatch(text) or _LEAF.match(text)
    if _BARE.fullmatch(text):
        kind, name, rest = CLOSE, "", ""
    elif opening:
        kind, name, rest = OPEN, opening[2] or opening[3], text[opening.end() :]
    elif (short := _TWO_COLONS.match(text)) and not context_of(state.env).plain:
        kind, name, rest = OPEN, short[1], text[short.end() :]
    elif leaf:
        kind, name, rest = LEAF, leaf[1], text[leaf.end() :]
    else:
        return False
    if silent:
        return True
    state.line = start + 1
    token = state.push(kind, "", 0)
    token.map = [start, start + 1]
    token.hidden = True
    token.block = True
    if _TWO_COLONS.match(text):
        context = context_of(state.env)
        context.add(
            "unclosed-directive",
            context.line(start),
            context.column(context.line(start), text, 0),
            f"'{name}' opens with two colons; a block opens with three",
            f"write ::: {name}",
        )
    if kind != LEAF and not state.level:  # what opens in a list or a quote ends with that
        opened = state.env.get(OPENED, 0)
        state.env[OPENED] = opened + 1 if kind == OPEN else max(opened - 1, 0)
    if kind != CLOSE:
        token.meta["directive"] = _head(context_of(state.env), name, rest, text, start)
    return True


def _head(context: Context, name: str, rest: str, text: str, start: int) -> Directive:
    line = context.line(start)
    label = ""
    stripped = rest.lstrip()
    if stripped.startswith("["):
        label, rest = _bracketed(stripped)
    brace = next((at for at, c in enumerate(rest) if c == "{" and looks_meant(rest, at)), -1)
    attributes, broken = Attributes(), False
    if brace >= 0:
        offset = text.rfind(rest)
        try:
            attributes, end = parse_attributes(rest, brace)
            if rest[end:].strip(" :"):
                raise AttributesError(end, "text after the braces", "put the braces last")
        except AttributesError as error:
            context.problem("invalid-attributes", line, text, offset + error.offset, error)
            broken = True
        rest = rest[:brace]
    label = label or rest.strip().strip(":").strip()
    return Directive(name, label, attributes, line, text, broken)


def _bracketed(text: str) -> tuple[str, str]:
    """`[label]rest` → (label, rest), brackets inside the label counted."""
    depth = 0
    for index, character in enumerate(text):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if depth == 0:
            return text[1:index], text[index + 1 :]
    return text[1:], ""


def _pair(state: StateCore) -> None:
    if "::" not in state.src or _is_paired(state.tokens):
        return
    context = context_of(state.env)
    paired: list[Token] = []
    parents: list[list[Token]] = [[]]
    for token in state.tokens:
        if token.type == OPEN:
            parents[-1].append(token)
            if sum(map(len, parents)) > MAX_DEPTH:
                _too_deep(token, context)
                continue
        elif token.type == CLOSE:
            if not parents[-1]:
                context.add(
                    "unclosed-directive",
                    context.line(token.map[0] if token.map else 0),
                    1,
                    "a ::: that closes nothing",
                    "remove it, or open a block above it: `::: name`",
                )
                continue
            if parents[-1].pop().meta.get("too_deep"):
                continue
        elif token.nesting == 1:
            parents.append([])
        elif token.nesting == -1 and len(parents) > 1:
            _close_all(parents.pop(), paired, context)
        elif token.type == "html_block" and ":::" in token.content:
            _swallowed(token, context)
        paired.append(token)
    _close_all(parents[0], paired, context)
    state.tokens = paired


def _is_paired(tokens: list[Token]) -> bool:
    """Whether every fence has its other one, and none stands in a list or a quote."""
    depth = 0
    for token in tokens:
        step = _STEPS.get(token.type)
        if step is None:
            continue
        depth += step
        if token.level or not 0 <= depth <= MAX_DEPTH:
            return False
    return depth == 0


_STEPS = {OPEN: 1, CLOSE: -1, "html_block": MAX_DEPTH + 1}
"""How much deeper a token leads; a block of HTML may have swallowed a fence."""


def _too_deep(token: Token, context: Context) -> None:
    """Leave a fence out, and show what is in it: walking deeper would end the build."""
    directive: Directive = token.meta["directive"]
    token.meta["too_deep"] = True
    context.add(
        "nesting-limit",
        directive.line,
        context.column(directive.line, directive.text, 0),
        f"blocks are nested deeper than {MAX_DEPTH} levels; this fence is left out",
        "close the blocks above with ::: lines",
    )


def _close_all(still_open: list[Token], paired: list[Token], context: Context) -> None:
    for token in reversed(still_open):
        if token.meta.get("too_deep"):
            continue
        directive: Directive = token.meta["directive"]
        context.add(
            "unclosed-directive",
            directive.line,
            context.column(directive.line, directive.text, 0),
            f"'::: {directive.name}' is never closed",
            "put a line with ::: after its last line",
        )
        paired.append(Token(CLOSE, "", 0))


def _swallowed(token: Token, context: Context) -> None:
    for index, line in enumerate(token.content.splitlines()):
        if line.lstrip().startswith(":::"):
            context.add(
                "unclosed-directive",
                context.line((token.map or [0])[0] + index),
                1,
                "this ::: stands inside an HTML block and is not read",
                "leave a blank line between the HTML and the :::",
            )
