"""markdown-it's parsers, asking at each place only the rules that can begin there.

Most of a page is text, and most of what ends a run of text is no markup after all; most lines
begin with a letter. markdown-it asks every rule each time; what comes out here is the same, in
about two thirds of the time.
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
            made = self._made[chainName] = [_begun([(names[rule], rule) for rule in rules])]
        return made


def _begun(rules: list[tuple[str, RuleFuncBlockType]]) -> RuleFuncBlockType:
    """The first of these rules, named, that takes a line; only those are asked that may."""
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


class InlineParser(ParserInline):
    """The same rules as those of another parser, by the character they begin with.

    Raises KeyError where a rule is not known to begin anywhere.
    """

    def __init__(self, whole: ParserInline) -> None:
        self.ruler, self.ruler2 = whole.ruler, whole.ruler2
        self._at: dict[str, list[RuleFuncInlineType]] = {_LABEL_END: []}
        names = [name for name in self.ruler.get_active_rules() if name != "text"]
        for name, rule in zip(names, self.ruler.getRules("")[1:], strict=True):
            for character in _BEGINNINGS[name]:
                self._at.setdefault(character, []).append(rule)
        self.terminator_re = re.compile(f"[{re.escape(''.join(self._at))}]")
        self._next: Callable[..., re.Match[str] | None] = self.terminator_re.search

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """The tokens of a text; one of plain text is one token."""
        if not src or tokens or self._next(src) is not None:
            return super().parse(src, md, env, tokens)
        tokens.append(Token("text", "", 0, content=src))
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


def _taken(rules: list[RuleFuncInlineType], state: StateInline, silent: bool) -> bool:
    """Whether one of the rules took what stands here."""
    for rule in rules:  # noqa: SIM110 - `any` makes a generator each time
        if rule(state, silent):
            return True
    return False
