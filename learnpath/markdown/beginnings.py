"""markdown-it's parsers, asking at each place only the rules that can begin there.

Most of a page is text, and most of what ends a run of text is no markup after all; most lines
begin with a letter; most emphasis and most links have nothing but text inside. markdown-it asks
every rule each time, and has emphasis found in three walks through all tokens; what comes out here
is the same, token for token, in about half of the time. As everywhere here, a link's token knows
where it began.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from learnpath.markdown.plainblocks import PlainBlocks

_BEGINNINGS = {
    "newline": "\n",
    "math_inline": "$",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "wikilink": "[",
    "role": ":",
    "attributes": "{",
    "link": "[",
    "image": "!",
    "footnote_ref": "[",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
}
"""The characters that each rule begins with; `text` takes everything else."""
_LABEL_END = "]"
"""No rule begins here, but a link's label is looked for from one end of text to the next."""
SIGNS = "".join(sorted({*"".join(_BEGINNINGS.values()), _LABEL_END}))
"""The characters that may be more than text."""
TEXT = f"[^{re.escape(SIGNS)}]"
"""A character that is text and nothing else."""
LETTER = r"[^\W_]"
PLAIN_ADDRESS = r"(?!//)[A-Za-z0-9./_~#-]+"
"""An address that is allowed, and written into HTML as it stands."""


# The usual cases, each as it goes on behind its first sign: what is looked for in a text has to
# begin with signs, or it is tried at every letter.

STRESSING, LINKING, CODING = "*_", "[", "`"
CODE = r"(?<=`)([^`\n ][^`\n]*)`(?!`)"
"""Code in a line that is written as it stands."""


def stressed(words: str) -> str:
    """Emphasis, or strong emphasis, of these words from letter to letter: where it can begin and
    not end, to where it can end and not begin. Has to stand first in a pattern: it counts its
    groups from one."""
    begin, end = r"""(?<=([*_]))(?<![^ \n(["'].)(\1?)""", r"""\2\1(?=[ \n.,;:!?)\]"']|\Z)"""
    return f"{begin}((?={LETTER}){words}(?<={LETTER})){end}"


def linked(name: str) -> str:
    """A link of this name to a plain address."""
    return rf"(?<=\[)({name})\]\(({PLAIN_ADDRESS})\)"


_LINES = {
    "table": "",
    "code": "",
    "math_block": "$",
    "directive": ":",
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
    "lheading": "",
    "deflist": "",
    "paragraph": "",
}
"""The characters that the line of each block begins with; empty where that may be any."""
_NO_TEXT = "".join(sorted({"=", *"".join(_LINES.values())}))
"""The characters that a line begins with that may be more than text."""


class BlockRules(Ruler[RuleFuncBlockType]):
    """The same rules as those of another ruler, as one that asks those which a line can begin.

    Raises KeyError where a rule is not known to begin anywhere.
    """

    def __init__(self, whole: Ruler[RuleFuncBlockType]) -> None:
        super().__init__()
        self.__rules__ = whole.__rules__
        self._made: dict[str, list[RuleFuncBlockType]] = {}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:  # noqa: N802, N803
        """The rules of a chain, in one."""
        made = self._made.get(chainName)
        if made is None:
            rules = super().getRules(chainName)
            names = {rule.fn: rule.name for rule in self.__rules__}
            begun = _begun([(names[rule], rule) for rule in rules])
            made = self._made[chainName] = [begun if chainName else _plain_first(begun)]
        return made


def _begun(rules: list[tuple[str, RuleFuncBlockType]]) -> RuleFuncBlockType:
    """The first of these rules, named, that takes a line; only those are asked that may."""
    rules = [
        (name, _NEXT_LINES[name](rule) if name in _NEXT_LINES else rule) for name, rule in rules
    ]
    anywhere = [rule for name, rule in rules if not _LINES[name]]
    at = {
        character: [rule for name, rule in rules if character in (_LINES[name] or character)]
        for character in {c for name, _ in rules for c in _LINES[name]}
    }

    def ask(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        begin = state.bMarks[start] + state.tShift[start]
        for rule in at.get(state.src[begin : begin + 1], anywhere):
            if rule(state, start, end, silent):
                return True
        return False

    return ask


def _plain_first(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    """The rule, where a block may be more than a plain one. A table has a head of any kind, and is
    told by the line below that, which begins with no text. Who asks for a whole block is never
    silent."""
    push = PlainBlocks(f"{_NO_TEXT}|").push

    def quick(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return push(state, start, end) or rule(state, start, end, silent)

    return quick


def _table(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    """The rule, where the next line may be the one below a table's head."""

    def quick(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        line = start + 1
        return line < end and _begins(state, line, "|-:") and rule(state, start, end, silent)

    return quick


def _lheading(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    """The rule, where a line behind some that begin with text may underline what is above it, or
    may begin something else."""

    def quick(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        line = start + 1
        while line < end and not state.isEmpty(line):
            if _begins(state, line, _NO_TEXT):
                return rule(state, start, end, silent)
            line += 1
        return False

    return quick


def _begins(state: StateBlock, line: int, characters: str) -> bool:
    """Whether a line begins with one of these."""
    begin = state.bMarks[line] + state.tShift[line]
    return state.src[begin : begin + 1] in characters


_NEXT_LINES = {"table": _table, "lheading": _lheading}
"""Blocks that may begin with any line, and are told by one of the next."""


class InlineParser(ParserInline):
    """The same rules as those of another parser, by the character they begin with.

    Raises KeyError where a rule is not known to begin anywhere, or to look at delimiters only.
    """

    def __init__(self, whole: ParserInline) -> None:
        self.ruler, self.ruler2 = whole.ruler, whole.ruler2
        for name in self.ruler2.get_active_rules():
            if name not in _OF_DELIMITERS:
                raise KeyError(name)
        self._at: dict[str, list[RuleFuncInlineType]] = {_LABEL_END: []}
        names = [name for name in self.ruler.get_active_rules() if name != "text"]
        for name, rule in zip(names, self.ruler.getRules("")[1:], strict=True):
            if name in _USUAL:
                rule = _quick(*_USUAL[name], rule)
            for character in _BEGINNINGS[name]:
                self._at.setdefault(character, []).append(rule)
        self.terminator_re = re.compile(f"[{re.escape(''.join(self._at))}]")
        self._next: Callable[..., re.Match[str] | None] = self.terminator_re.search

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """The tokens of a text; one of plain text is one token."""
        if src and not tokens and self._next(src) is None:
            tokens.append(Token("text", "", 0, content=src))
            return tokens
        state = StateInline(src, md, env, tokens)
        self.tokenize(state)
        if state.delimiters or any(meta and meta["delimiters"] for meta in state.tokens_meta):
            for rule in self.ruler2.getRules(""):
                rule(state)
        return tokens

    def tokenize(self, state: StateInline) -> None:
        """Push the tokens of the state's range."""
        src, end = state.src, state.posMax
        deepest = state.md.options["maxNesting"]
        while state.pos < end:
            pos = state.pos
            rules = self._at.get(src[pos])
            if rules is None:
                state.pos = self._text_end(src, pos, end)
                state.append_pending(src[pos : state.pos])
            elif state.level >= deepest or not _taken(rules, state, False):
                state.append_pending(src[pos])
                state.pos = pos + 1
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 - markdown-it's name for it
        """Pass over what would be one token."""
        pos = state.pos
        known = state.cache.get(pos)
        if known is not None:
            state.pos = known
            return
        if state.level >= state.md.options["maxNesting"]:
            super().skipToken(state)
            return
        rules = self._at.get(state.src[pos])
        if rules is None:
            state.pos = self._text_end(state.src, pos, state.posMax)
        else:
            state.level += 1  # nested rules count it, and make no tokens
            if not _taken(rules, state, True):
                state.pos = pos + 1
            state.level -= 1
        state.cache[pos] = state.pos

    def _text_end(self, src: str, start: int, end: int) -> int:
        found = self._next(src, start)
        return min(found.start(), end) if found is not None else end


_Push = Callable[[StateInline, re.Match[str]], None]
"""Pushes the tokens of what was found."""


def _quick(usual: re.Pattern[str], push: _Push, rule: RuleFuncInlineType) -> RuleFuncInlineType:
    """A rule, of which the usual case is found by a pattern."""

    def quick(state: StateInline, silent: bool) -> bool:
        found = usual.match(state.src, state.pos, state.posMax)
        if found is None:
            return rule(state, silent)
        if not silent:
            push(state, found)
        state.pos = found.end()
        return True

    return quick


def _emphasis(state: StateInline, found: re.Match[str]) -> None:
    """Its ends belong together, whatever stands around: the first can only begin emphasis, the
    last can only end it, and nothing between them can do either."""
    mark, again, text = found.groups()
    tag, marks = "strong" if again else "em", mark + again
    level = state.level
    if state.pending:
        state.pushPending()
    state.tokens += (
        Token(f"{tag}_open", tag, 1, markup=marks, level=level),
        Token("text", "", 0, content=text, level=level + 1),
        Token(f"{tag}_close", tag, -1, markup=marks, level=level),
    )


def _link(state: StateInline, found: re.Match[str]) -> None:
    """Found also behind just as many open brackets as may be nested, where markdown-it loses it."""
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": found[2]}
    opening.meta["offset"] = state.pos
    if found[1]:
        state.append_pending(found[1])
    state.push("link_close", "a", -1)


def _code(state: StateInline, found: re.Match[str]) -> None:
    token = state.push("code_inline", "code", 0)
    token.markup, token.content = "`", found[1]


_OF_DELIMITERS = frozenset(("balance_pairs", "strikethrough", "emphasis", "fragments_join"))
"""What looks again at all tokens of a text, for delimiters that the rules left among them."""

_USUAL: dict[str, tuple[re.Pattern[str], _Push]] = {
    "backticks": (re.compile(f"[{CODING}]{CODE}"), _code),
    "emphasis": (re.compile(f"[{STRESSING}]{stressed(f'{TEXT}+')}"), _emphasis),
    "link": (re.compile(rf"[\{LINKING}]{linked(f'{TEXT}*')}"), _link),
}
"""The usual case of a rule, and what pushes its tokens."""


def _taken(rules: list[RuleFuncInlineType], state: StateInline, silent: bool) -> bool:
    """Whether one of the rules took what stands here."""
    for rule in rules:  # noqa: SIM110 - `any` makes a generator each time
        if rule(state, silent):
            return True
    return False
