"""The one place that configures markdown-it."""

from __future__ import annotations

import re
from functools import cache
from operator import attrgetter

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore, smartquotes, text_join
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from learnpath.garbage import few_collections
from learnpath.markdown.beginnings import PLAIN_ADDRESS, BlockRules, InlineParser
from learnpath.markdown.context import Context
from learnpath.markdown.directives import directives_plugin
from learnpath.markdown.inline import inline_plugin
from learnpath.markdown.prose import pieces_of

MAX_NESTING = 100


_QUOTES = {
    "de": "„“‚‘",
    "fr": ["«\N{NBSP}", "\N{NBSP}»", "‹\N{NBSP}", "\N{NBSP}›"],
    "es": "«»“”",
    "it": "«»“”",
    "pt": "“”‘’",
    "nl": "“”‘’",
    "pl": "„”‚’",
    "ru": "«»„“",
    "uk": "«»„“",
    "cs": "„“‚‘",
    "sv": "””’’",
    "da": "”“’‘",
    "nb": "«»‘’",
    "fi": "””’’",
    "ar": "«»“”",
}
"""How a language quotes, and quotes inside quotes; others as in English."""


@cache
def parser(language: str = "") -> MarkdownIt:
    """CommonMark with tables, strikethrough, task lists, alerts, footnotes, definition lists,
    math, and learnpath's own syntax; straight quotes become the language's own, where one is
    given."""
    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING, "tasklists": True, "alerts": True})
    md.enable(["table", "strikethrough"])
    if language:
        md.options["typographer"] = True
        md.options["quotes"] = _QUOTES.get(language.partition("-")[0], "“”‘’")
        md.enable("smartquotes")
    md.use(footnote_plugin, inline=False)
    md.use(deflist_plugin)
    md.use(dollarmath_plugin, allow_digits=False, allow_blank_lines=False, double_inline=True)
    md.use(directives_plugin)
    md.use(inline_plugin)
    md.core.ruler.disable("normalize")  # a source has one kind of line end
    md.core.ruler.at("inline", _inline_with_lines)
    md.core.ruler.at("smartquotes", _curl_quotes)
    md.core.ruler.at("text_join", _join_escapes)
    md.inline = InlineParser(md.inline)
    md.block.ruler = BlockRules(md.block.ruler)
    md.normalizeLink = _normal  # type: ignore[method-assign]
    return md


_PLAIN_LINK = re.compile(f"(?:{PLAIN_ADDRESS})?")


def _normal(url: str) -> str:
    """An address as it is written into HTML; one that is a plain path stays as it is."""
    return url if _PLAIN_LINK.fullmatch(url) else normalizeLink(url)


def renderer() -> RendererHTML:
    """What renders the tokens that need no rule of ours."""
    found = parser().renderer
    assert isinstance(found, RendererHTML)
    return found


def parse(text: str, context: Context) -> list[Token]:
    """The block tokens of a body; problems go to the context."""
    env = {"learnpath": context, "learnpath_line": 0}
    with few_collections():
        tokens = parser(context.quotes).parse(text.replace("\0", "\N{REPLACEMENT CHARACTER}"), env)
    deepest = max(map(attrgetter("level"), tokens), default=0)
    if deepest >= MAX_NESTING - 1:
        first = next((t.map[0] for t in tokens if t.level == deepest and t.map), 0)
        context.add(
            "nesting-limit",
            context.line(first),
            None,
            f"lists and quotes are nested deeper than {MAX_NESTING} levels; the rest is lost",
            "flatten this part of the page",
        )
    return tokens


def _inline_with_lines(state: StateCore) -> None:
    """markdown-it's inline stage, with the block's line at hand for problems and places. Usual
    text is taken apart and has no children; who wants some asks `Builder.children`."""
    line = 0
    curly = bool(state.md.options["typographer"])
    for token in state.tokens:
        if token.map:
            line = token.map[0]
        if token.type == "inline":
            token.meta["line_index"] = line
            pieces = pieces_of(token.content, curly=curly)
            if pieces is not None:
                token.meta["pieces"], token.children = pieces, None
                continue
            state.env["learnpath_line"] = line
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _curl_quotes(state: StateCore) -> None:
    """markdown-it's stage that makes straight quotes the language's own, where there are any."""
    if '"' in state.src or "'" in state.src:
        smartquotes(_parsed(state))


def _join_escapes(state: StateCore) -> None:
    """markdown-it's stage that joins escaped signs with the text around, where there are any."""
    if "\\" in state.src or "&" in state.src:
        text_join(_parsed(state))


def _parsed(state: StateCore) -> StateCore:
    """The same with those tokens alone that are not of usual text."""
    tokens = [token for token in state.tokens if token.children]
    return StateCore(state.src, state.md, state.env, tokens)


def parse_inline(text: str, line: int, context: Context) -> list[Token]:
    """The inline tokens of a short text that stands in the body's line `line`, from 0."""
    md = parser(context.quotes)
    children: list[Token] = []
    env = {"learnpath": context, "learnpath_line": line}
    md.inline.parse(text, md, env, children)
    if context.quotes:
        token = Token("inline", "", 0, content=text, children=children)
        smartquotes(StateCore(text, md, env, [token]))
    return children
