"""The blocks that most of a page is made of, without asking a rule of markdown-it's: headings,
paragraphs, tables, and short lists whose items are a line each. What comes out is the same, token
for token; what may be another thing is left to the rules.

Where nothing stands around them, nobody asks for the beginning and the end of such a block: it is
one token then, an inline one with the block's tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

OPENED = "learnpath_open"
"""In the parser's environment: how many directives are open that stand in nothing else."""
_HEADING = re.compile(r"(#{1,6})[ \t]([^#\n]+)")
_BULLETS = "*+-"
_BAR = "|"
_ROW = re.compile(r"\|([^\\\n]*)\|[ \t]*")
_BELOW_HEADS = re.compile(r"\|((?:[ \t]*:?-+:?[ \t]*\|)+)[ \t]*")
_Attributes = dict[str, str | int | float]
_ALIGNED = {(True, True): "center", (True, False): "left", (False, True): "right"}
"""How a column is aligned, by the colons at the ends of what is below its head."""
_LABEL = "["
"""Begins a text, unless something says that it begins a reference, a footnote or a task."""
_LABEL_END = "]:"
_WORDS = re.compile(r"[*_`]{1,2}[^\W_]|[0-9]+[^0-9.)\n]")
"""Text as well: emphasis, code, or a number, where a list, a rule or a fence could begin."""
_CODE = 4
"""Columns by which code is indented."""
_INDENT = " \t"
_DEFINING = (": ", ":\t", "~ ", "~\t")
"""What is above a line that begins with one of these is a term."""
_BELOW_HEAD = ("|", "-", ":")


class PlainBlocks:
    """Pushes the tokens of blocks that can only be what they seem to be. `no_text` are the
    characters that a line begins with that may be more than text."""

    def __init__(self, no_text: str) -> None:
        self._no_text = frozenset((*no_text, ""))

    def push(self, state: StateBlock, line: int, end: int) -> bool:
        """Whether the block that begins with this line was such a one, which is then pushed. What
        it is part of, if anything, ends before the line `end`; the text may go on."""
        if state.sCount[line] - state.blkIndent >= _CODE:
            return False
        begin = state.bMarks[line] + state.tShift[line]
        if self._is_text(state.src, begin):
            return self._paragraph(state, line, begin)
        sign = state.src[begin]
        if sign == "#":
            return not _is_above_table(state, line) and _heading(state, line, begin)
        if sign == _BAR:
            return _is_at_top(state) and _table(state, line, end)
        return sign in _BULLETS and self._list(state, line, end)

    def _is_text(self, src: str, at: int) -> bool:
        """Whether text begins here; if with a label, it may be more."""
        sign = src[at : at + 1]
        return sign not in self._no_text or sign == _LABEL or _WORDS.match(src, at) is not None

    def _paragraph(self, state: StateBlock, line: int, begin: int) -> bool:
        after, last = line + 1, state.lineMax
        if _defines_label(state, line, begin):
            return False
        while after < last and not state.isEmpty(after):
            at = state.bMarks[after] + state.tShift[after]
            if not self._is_text(state.src, at) or _defines_label(state, after, at):
                return False
            after += 1
        if after == line + 1:
            if after + 1 < last and _defines(state, after + 1):
                return False
            content = mdTrim(state.src[begin : state.eMarks[line]])
        else:
            content = mdTrim(state.getLines(line, after, state.blkIndent, False))
        state.line = after
        state.tokens += _paragraph(content, [line, after], state.level, _is_at_top(state))
        return True

    def _list(self, state: StateBlock, line: int, end: int) -> bool:
        if state.level + 2 >= state.md.options["maxNesting"]:
            return False
        sign = state.src[state.bMarks[line] + state.tShift[line]]
        texts: list[str] = []
        after = line
        while after < state.lineMax and not state.isEmpty(after):
            text = self._item(state, after, sign)
            if not text or state.sCount[after] != state.sCount[line]:
                return False
            texts.append(text)
            after += 1
        # One empty line is passed by whoever asks for blocks; what follows, while there is more.
        following = state.skipEmptyLines(after + 1) if after + 1 < end else min(after + 1, end)
        if following < end and _goes_on(state, following, sign, state.sCount[line] + 2):
            return False
        state.line = following
        state.tokens += _items(texts, sign, [line, following], state.level, _is_at_top(state))
        return True

    def _item(self, state: StateBlock, line: int, sign: str) -> str:
        """The text of a line that is an item; empty where it may be another thing."""
        begin = state.bMarks[line] + state.tShift[line]
        text = state.src[begin + 2 : state.eMarks[line]]
        if not state.src.startswith(f"{sign} ", begin) or not self._is_text(text, 0):
            return ""
        is_more = text[0] in _INDENT or _LABEL_END in text or text[2:3] == "]"
        return "" if is_more else text


def _defines_label(state: StateBlock, line: int, begin: int) -> bool:
    """Whether a label may end in a line; it need not have begun there."""
    return state.src.find(_LABEL_END, begin, state.eMarks[line]) >= 0


def _defines(state: StateBlock, line: int) -> bool:
    begin = state.bMarks[line] + state.tShift[line]
    return state.src[begin : begin + 2] in _DEFINING


def _is_above_table(state: StateBlock, line: int) -> bool:
    """Whether the next line may be the one below a table's head, whatever that looks like."""
    begin = state.bMarks[line + 1] + state.tShift[line + 1]
    return state.src[begin : begin + 1] in _BELOW_HEAD


def _goes_on(state: StateBlock, line: int, sign: str, indent: int) -> bool:
    """Whether a list may go on with a line behind an empty one."""
    is_in = state.sCount[line] >= indent
    return is_in or state.src[state.bMarks[line] + state.tShift[line]] == sign


def _heading(state: StateBlock, line: int, begin: int) -> bool:
    found = _HEADING.fullmatch(state.src, begin, state.eMarks[line])
    if found is None:
        return False
    marks, content = found.groups()
    tag, level = f"h{len(marks)}", state.level
    state.line = line + 1
    lines, text = [line, line + 1], mdTrim(content)
    if _is_at_top(state) and tag != "h1" and "{" not in text:  # its braces are taken off
        state.tokens.append(_inline(text, lines, level, tag))
        return True
    state.tokens += (
        Token("heading_open", tag, 1, {}, lines, level, None, "", marks, "", {}, True),
        _inline(text, [*lines], level + 1),
        Token("heading_close", tag, -1, {}, None, level, None, "", marks, "", {}, True),
    )
    return True


def _table(state: StateBlock, line: int, end: int) -> bool:
    """A table of which every row begins and ends with a bar, and has as many cells."""
    rows: list[list[str]] = []
    after = line
    while after < end and not state.isEmpty(after):
        begin = state.bMarks[after] + state.tShift[after]
        shape = _BELOW_HEADS if after == line + 1 else _ROW
        found = shape.fullmatch(state.src, begin, state.eMarks[after])
        if found is None or state.sCount[after] >= _CODE:
            return False
        rows.append(found[1].split(_BAR))
        after += 1
    if len(rows) < 2:
        return False
    head, (*columns, _), *body = rows
    if any(len(row) != len(columns) for row in (head, *body)):
        return False
    state.line = after
    state.tokens += _rows(head, [_attributes(mdTrim(one)) for one in columns], body, line, after)
    return True


def _attributes(below: str) -> _Attributes:
    """Those of a column's cells."""
    aligned = _ALIGNED.get((below[0] == ":", below[-1] == ":"))
    return {"style": f"text-align:{aligned}"} if aligned else {}


def _rows(
    head: list[str],
    columns: list[_Attributes],
    body: list[list[str]],
    line: int,
    end: int,
) -> list[Token]:
    """The tokens of a table, in which each cell is one."""
    top = [line, line + 1]
    found = [_opens("table", [line, end], 0), _opens("thead", top, 1)]
    found += [*_row(head, "th", columns, line), _closes("thead", 1)]
    if body:
        found.append(_opens("tbody", [line + 2, end], 1))
        for at, cells in enumerate(body, start=line + 2):
            found += _row(cells, "td", columns, at)
        found.append(_closes("tbody", 1))
    found.append(_closes("table", 0))
    return found


def _row(cells: list[str], tag: str, columns: list[_Attributes], line: int) -> Iterator[Token]:
    yield _opens("tr", [line, line + 1], 2)
    for cell, attributes in zip(cells, columns, strict=True):
        token = _inline(mdTrim(cell), [line, line + 1], 3, tag)
        token.attrs = attributes
        yield token
    yield _closes("tr", 2)


def _opens(tag: str, lines: list[int], level: int) -> Token:
    return Token(f"{tag}_open", tag, 1, {}, lines, level, None, "", "", "", {}, True)


def _closes(tag: str, level: int) -> Token:
    return Token(f"{tag}_close", tag, -1, {}, None, level, None, "", "", "", {}, True)


def _is_at_top(state: StateBlock) -> bool:
    """Whether nothing stands around a block."""
    return not state.level and not state.env.get(OPENED)


# All fields are given, in their order: half of what a token takes is to find out that they are not.


def _paragraph(content: str, lines: list[int], level: int, is_whole: bool) -> tuple[Token, ...]:
    if is_whole:
        return (_inline(content, lines, level, "p"),)
    return _parts_of_paragraph(content, lines, level, is_hidden=False)


def _parts_of_paragraph(
    content: str, lines: list[int], level: int, *, is_hidden: bool
) -> tuple[Token, ...]:
    return (
        Token("paragraph_open", "p", 1, {}, lines, level, None, "", "", "", {}, True, is_hidden),
        _inline(content, [*lines], level + 1),
        Token("paragraph_close", "p", -1, {}, None, level, None, "", "", "", {}, True, is_hidden),
    )


def _inline(content: str, lines: list[int], level: int, tag: str = "") -> Token:
    return Token("inline", tag, 0, {}, lines, level, [], content, "", "", {}, True)


def _items(
    texts: list[str], sign: str, lines: list[int], level: int, is_whole: bool
) -> list[Token]:
    """The tokens of a list whose items are a line each, from the first of its lines on."""
    tag, [line, following] = "bullet_list", lines
    found = [Token(f"{tag}_open", "ul", 1, {}, lines, level, None, "", sign, "", {}, True)]
    for at, text in enumerate(map(mdTrim, texts), start=line):
        if is_whole:
            found.append(_inline(text, [at, at + 1], level + 1, "li"))
        else:
            end = following if at == line + len(texts) - 1 else at + 1
            found += _parts_of_item(text, sign, [at, end], level + 1)
    found.append(Token(f"{tag}_close", "ul", -1, {}, None, level, None, "", sign, "", {}, True))
    return found


def _parts_of_item(text: str, sign: str, lines: list[int], level: int) -> tuple[Token, ...]:
    return (
        Token("list_item_open", "li", 1, {}, lines, level, None, "", sign, "", {}, True),
        *_parts_of_paragraph(text, [lines[0], lines[0] + 1], level + 1, is_hidden=True),
        Token("list_item_close", "li", -1, {}, None, level, None, "", sign, "", {}, True),
    )
