"""Soup: whatever an author writes, reading it ends, raises nothing, and tells places that are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import ParserInline
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import text_join
from markdown_it.token import Token

from learnpath import build_site
from learnpath.conditions.syntax import Condition
from learnpath.document import Document
from learnpath.frontmatter import read_front_matter, split_page
from learnpath.markdown.builder import _opening
from learnpath.markdown.context import Context
from learnpath.markdown.parser import parse, parser, renderer
from learnpath.markdown.prose import pieces_of
from learnpath.markdown.read import read_document
from learnpath.markdown.registry import DIRECTIVES
from learnpath.problems import RULES, Problem, Problems
from learnpath.source import decode
from support import COURSE, text_of, unbalanced, write_course

INCLUDES = {"_a.md": "::: details\n\n::include[_b.md]\n", "_b.md": "::include[_a.md]\n\n:::\n\n{#x"}

_words = st.sampled_from(
    ["word", "हि", "学习", "é", "e\u0301", "🚀", "\u202e", "\u00a0", "&amp;", "1"]
)
_inline = st.sampled_from(
    ["[x](a.md)", "[x](a.md){#i when=\"told\"}", "[x](a.md) {#b}", "![p](p.png)", "![](x.png){.w}",
     "[[a]]", "[[a|b]]", "[[", "]]", "`", "``", "*", "**", "_", "~~", "$x$", "$$", "[^1]", "<b>",
     "</b>", "<!--", "-->", "<script>", "{#id}", "{#id .c k=v}", "{k=“v”}", "{", "}", "[", "]", "(",
     ")", ":state[x]{of=\"trust\"}", ":answer[y]", ":state[", "\\", "|", "https://x.example",
     "<a href='b.md'>", "&", "<", "\"", "'", "{when='a", "{{ x }}"]
)  # fmt: skip
_heads = st.sampled_from(
    [f"::: {name}" for name in DIRECTIVES] + [f"::{name}" for name in DIRECTIVES]
    + [":::", "::::::", "::: ", "::::", ":::{tip}", ":::details[x]{#y}", "::include[_a.md]",
       "::include[_a.md#r]", "::include[", "::: when told", "::: when", "::: otherwise",
       "::: choices {#c}", "::: reflect {#r", "::: reflect {#r} more", "::: unknown {#u a=b}",
       "::nothing[x]{y=z}"]
)  # fmt: skip
_starts = st.sampled_from(
    ["", "", "- ", "  ", "    ", "> ", "1. ", "# ", "## ", "\t", "- [ ] ", ": ", "[^1]: ", "| a |",
     "|---|", "```", "~~~", "---", "===", "<div>", "</div>", "> [!NOTE]", "<!-- begin r -->", "$$"]
)  # fmt: skip
_line = st.builds(
    lambda start, second, body: start + second + " ".join(body),
    _starts, _starts, st.lists(_words | _inline | _heads, max_size=4),
) | st.just("")  # fmt: skip
soup = st.lists(_line, max_size=14).map("\n".join)


def read(
    text: str, *, html: str = "true", quotes: str = "en"
) -> tuple[Document, tuple[Problem, ...]]:
    problems = Problems()
    split = split_page(text)
    read_front_matter(split, "a.md", problems, plain=False)
    document = read_document(
        "a.md", text, split.body, split.body_line, INCLUDES.get, html=html, quotes=quotes
    )
    return document, (*problems.all(), *document.problems)


def lines_of(path: str | None, text: str) -> list[str]:
    assert path is not None
    return {"a.md": text, **INCLUDES}[path].split("\n")


def hold_places(text: str, problems: tuple[Problem, ...]) -> None:
    """Every problem's place lies in its file."""
    for problem in problems:
        lines = lines_of(problem.path, text)
        assert problem.rule in RULES
        assert problem.message and problem.hint
        assert problem.line is not None and 1 <= problem.line <= len(lines), problem
        if problem.column is not None:
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, problem


@pytest.mark.parametrize("item", ["1. word\n", "* a\n", "[^n]: x\n", ": y\n", "text\n# head\n"])
def test_twice_as_many_lines_are_twice_the_work(item: str) -> None:
    """However many items follow each other without an empty line."""
    asked: list[int] = []

    def counted(state: StateBlock, line: int) -> bool:
        asked.append(line)
        return is_empty(state, line)

    is_empty = StateBlock.isEmpty
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StateBlock, "isEmpty", counted)
        read(item * 300)
        few = len(asked)
        read(item * 600)
    assert len(asked) - few < 2.5 * few


@settings(max_examples=200)
@given(soup)
@example("::: choices {#x}\n> - [a](b.md)\n:::\n")
@example("::: choices {#x}\nTerm\n: - [a](b.md)\n:::\n")
@example("::: choices\n\n- \n\n:::")
@example("::: choices\n- ::: when told\n- x\n:::")
@example("::: choices\n\n- # heading\n- > quote\n- ```\n  code\n  ```\n- - nested\n\n:::")
@example("::: predict\n\n- \n-\n\n:::")
@example("---\ntitle: x\n---\n::: reflect {#a\n")
@example("# {#x}")
@example("::: when")
@example("[^1]: ::: details\n\n[^1]")
@example(": ::: details")
@example("\n".join(["- " * 60 + "x"] * 3))
def test_any_soup_is_read(text: str) -> None:
    """Markdown soup with directives, braces and brackets raises nothing, and every problem's
    place lies in the file."""
    document, problems = read(text)
    hold_places(text, problems)
    facts = document.facts
    places = [link.place for link in facts.links] + [image.place for image in facts.images]
    places += [block.place for block in facts.choices] + [
        asked.place for asked in facts.checkpoints
    ]
    for place in places:
        lines = lines_of(place.path, text)
        assert place.line is not None and 1 <= place.line <= len(lines)
    for block in facts.choices:
        for option in block.options:
            if option.when is not None and option.when.condition is not None:
                assert isinstance(option.when.condition, Condition)
    assert document.words >= 0


@settings(max_examples=40)
@given(soup, st.sampled_from(["true", "sanitised", "false"]))
def test_reading_is_the_same_twice(text: str, html: str) -> None:
    """Nothing of one reading is left over for the next."""
    first, second = read(text, html=html), read(text, html=html)
    assert first[0].body == second[0].body
    assert first[0].facts == second[0].facts
    assert first[1] == second[1]


@settings(max_examples=60)
@given(soup.filter(lambda text: "<" not in text))
def test_text_outside_of_markup_is_kept(text: str) -> None:
    """A sentence after the soup, with blank lines and closers between, is on the page; or
    something that was left open and swallowed it."""
    text += "\n\n~~~\n~~~\n\nkept-sentence\n"
    document, _problems = read(text)
    shown = repr((document.heading, document.body))
    assert "kept-sentence" in shown or "::: " in text or "[^1]" in text


@settings(max_examples=20)
@given(st.lists(soup, min_size=1, max_size=3))
def test_any_soup_is_built(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """A course of soup builds: every page is there, and its tags are balanced where the author
    wrote no HTML."""
    folder: Path = tmp_path_factory.mktemp("soup")
    config = COURSE + "state: {told: false, trust: {from: 0, to: 3}}\nhtml: false\n"
    pages = {f"p{at}.md": text for at, text in enumerate(texts)}
    write_course(folder / "course", {"course.yml": config, "_a.md": INCLUDES["_a.md"], **pages})
    result = build_site(folder / "course", folder / "site", jobs=1)
    for name in pages:
        html = (result.output / name.replace(".md", ".html")).read_text("utf-8")
        assert not unbalanced(html), name
        assert text_of(html)


@settings(max_examples=100)
@given(st.binary(max_size=40))
@example(b"\xff\xfe")
@example(b"\xff\xfeA")
@example(b"\xef\xbb\xbf")
@example(b"\x81\x8d")
@example(b"---\r\ntitle: \xe9\r\n---\r\n")
def test_any_bytes_are_decoded(data: bytes) -> None:
    """Any bytes become text without carriage returns, and the problem's place lies in it."""
    problems = Problems()
    text = decode(data, "a.md", problems)
    assert "\r" not in text
    hold_places(text, problems.all())


MARKS = ["*", "**", "_", "__", "***", "~~", "a", "é", "b c", "1", " ", "\n", ".", "(", ")", "[",
         "]", "!", "![", "](x.md)", "[y](z.md#a)", "{.c}", "\\", "`", "``", "`d`", "\u0301",
         "\u00a0", "—"]  # fmt: skip


LINES = ["| a | b |", "|:-:|-:|", "| `c` | [d](e.md) |", "|f||", "| g \\| h |", "", "", "", "a",
         "- a", "- b *c*", "* d", "- [e](f.md)", "- [ ] g", "- [h]: i", "  j",
         " - k", "  - l", "# l", "#m", "## n #", "> - o", "> p", ">", "> > - q", "| q |", "|---|",
         "-|-", ": r", "~ s", "[t]: u", "v]: w", "[x", "*y* z", "**a** b", "`c` d", "__", "***",
         "12 e", "12. f", "12", "[^1]: g", "    h", "\t- i", "-  j", "-\tk", "===", "- - -", ":::",
         "::: aside"]  # fmt: skip
"""Lines that begin alike and are different blocks, or end one."""


def every_rule_asked() -> MarkdownIt:
    """The same parser with markdown-it's own way through lines and what stands in them."""
    ours, whole = parser("en"), ParserInline()
    assert type(ours.inline) is not ParserInline
    whole.ruler, whole.ruler2 = ours.inline.ruler, ours.inline.ruler2
    md = parser.__wrapped__("en")
    md.inline = whole
    blocks = Ruler[RuleFuncBlockType]()
    blocks.__rules__ = md.block.ruler.__rules__
    md.block.ruler = blocks
    md.core.ruler.at("text_join", text_join)
    return md


def tokens_of(md: MarkdownIt, text: str) -> tuple[list[Token], tuple[Problem, ...]]:
    context = Context("a.md", text.split("\n"), 1, Problems(), False, "true", lambda _: None)
    with nothing_usual():
        tokens = md.parse(text, {"learnpath": context, "learnpath_line": 0})
    return without_empty_texts([*in_parts(tokens)]), context.problems.all()


def in_parts(tokens: Sequence[Token]) -> Iterator[Token]:
    """A block that is one token, as the tokens that it stands for."""
    listed: Token | None = None
    for at, token in enumerate(tokens):
        listed = token if token.type == "bullet_list_open" else listed
        if token.type != "inline" or not token.tag:
            yield token
            continue
        assert token.map is not None
        level, tag, lines = token.level, token.tag, [*token.map]
        if tag in ("th", "td"):
            yield Token(f"{tag}_open", tag, 1, token.attrs, level=level, block=True)
            token.tag, token.level, token.attrs = "", level + 1, {}
            yield token
            yield Token(f"{tag}_close", tag, -1, level=level, block=True)
            continue
        if tag == "li":
            assert listed is not None and listed.map is not None
            is_last = tokens[at + 1].type == "bullet_list_close"
            lines = [lines[0], listed.map[1]] if is_last else lines
            mark = listed.markup
            yield Token("list_item_open", "li", 1, map=lines, level=level, markup=mark, block=True)
            level += 1
        kind, mark = ("heading", "#" * int(tag[1])) if tag[0] == "h" else ("paragraph", "")
        inner, hidden = "p" if tag == "li" else tag, tag == "li"
        around = {"level": level, "markup": mark, "block": True, "hidden": hidden}
        yield Token(f"{kind}_open", inner, 1, map=[*token.map], **around)  # type: ignore[arg-type]
        token.tag, token.level = "", level + 1
        yield token
        yield Token(f"{kind}_close", inner, -1, **around)  # type: ignore[arg-type]
        if tag == "li":
            assert listed is not None
            mark = listed.markup
            yield Token("list_item_close", "li", -1, level=level - 1, markup=mark, block=True)


@contextmanager
def nothing_usual() -> Iterator[None]:
    """Every text has tokens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("learnpath.markdown.parser.pieces_of", lambda text, *, curly: None)
        yield


def without_empty_texts(tokens: list[Token]) -> list[Token]:
    """Of the second mark of strong emphasis markdown-it leaves an empty text."""
    for token in tokens:
        if token.children is not None:
            token.children = without_empty_texts(token.children)
    return [token for token in tokens if token.type != "text" or token.content]


@given(
    soup
    | st.text("[]()!`*_~$\\\n:{}<>&;#^ ab\"'", max_size=40)
    | st.text("*_*_ ab.(\n", max_size=40)
    | st.text("=-|:> a1.\n\n\t", max_size=40)
    | st.lists(st.sampled_from(MARKS), max_size=14).map("".join)
    | st.lists(st.sampled_from(LINES), max_size=9).map("\n".join)
)
@example("### a | b\n-|-\n")
@example("> - a\n\n\nb\n")
@example("> - a\n>\n\n\nb\n")
@example("- > - a\n  >\n\n\n  b\n")
@example("> | a\n>|---|\n")
@example("> - a\n- b\n")
@example("- a\n- b\n\n  c\n\n* d\n\n* e\n")
@example("- a\n  - b\n- c\n - d\n")
@example("a\n\n~ b\n\n[c\nd]: e\n\n12) f\n12 g\n")
@example("a | b\n:-|-\nc | d\n\n| e |\n|---|\n\nf | g\n-|-\n")
@example("a\nb\n===\n\nc\n---\n\n> d\n> -\n\n- e\n  =\n")
@example("| a | b | c | d |\n|:-:|-:|:-|-|\n| `e` | [f](g.md) | | |\n\n|h|\n| - |\n")
@example("|a|b|\n|-|-|\n|c|\n\n|a|b|\n|-|-|\n|c\\|d|\n\n|a|b|\n|-|-|-|\n")
@example("|a|\n|-|\n    |b|\n\n|a|\n|-|\nb\n\n|a|\n\n> |a|\n> |-|\n> |b|\n")
@example("**a** *b*, _c_ __d__ _e_a f_g_ *h i*j*")
@example("[a *b **c** d*](e.md)")
@example("[^1](b.md) [^1] [l](//M.Example/a) ` a ` ` ` `b``\n\n[^1]: c\n")
@example("*a **b** _c_* *d*\u0301 *e*f")
@example("[*a*](b.md) [c *d*](e.md) [f](g.md)*h* [^i](j.md) [](k.md) [l](//m) *n*{.o} [p](q){.r}")
@example("[a *b](c) d* ![e [f](g)](h) `[i]` ~~j~~ [[k]] :state[l]{of=m} <n> &amp; [^1] $o$")
@example("[" * 120 + "x" + "]" * 120 + "(y)")
@example("".join("[" * depth + "[x](y) *z*\n\n" for depth in (98, 99, 101, 102)))
@example("![**a** *b* `c` [d](e)](f) ![__g__](h)")
@settings(max_examples=300, deadline=None)
def test_asking_only_rules_that_can_begin_here_finds_the_same(text: str) -> None:
    """Token for token, what markdown-it finds when it asks every rule at every character."""
    assert tokens_of(parser("en"), text) == tokens_of(every_rule_asked(), text)


PROSE = [
    "word",
    "it's",
    "'",
    "o'",
    "'n",
    " ",
    " ",
    "\n",
    " \n",
    "\n\t",
    "*a*",
    "**b c**",
    "*d'e*",
    "_f_",
    "__g__",
    "*h>i*",
    "`j`",
    "`k' <l> & m`",
    "`` n ``",
    "`o `",
    "`\u00a0`",
    "`p\t`",
    "[o](p.md)",
    "[q r's](../s#t)",
    "[ u](v.md)",
    "[w >](x.md)",
    "![y](z.png)",
    "[](a.md)",
    "!",
    "! ",
    ":",
    ":state[b](c.md)",
    ": d",
    ".",
    "(",
    ")",
    '"',
    ">",
    "é",
    "\u00a0",
    "*",
    "_",
    "{#e}",
    "- ",
    "# ",
    "> ",
    "| ",
]


@given(
    st.lists(st.sampled_from(PROSE), max_size=14).map("".join), st.sampled_from(["", "en", "de"])
)
@example("*a* **b c**, (_d_) `e > f` [g *h*](i.md): it's [j's](k.md#l)\nm > n", "en")
@example("a [b](c.md) `[d](e.md)` [d](e.md) **f** [g](h.md)\ni [j](k.md)", "en")
@example("it's\na *heading*\n===\n\ntext", "en")
@example("![a](b.png) !`c` ![*d*](e.md) :state[f](g.md) \"h\" *'i'* 'j *k*'s", "en")
@example(
    "# it's *a* title\n\n- [b's](c.md) d\n- **e**\n\n| f's | *g* |\n|---|---|\n| `h` | i |", "de"
)
@settings(max_examples=400, deadline=None)
def test_usual_text_is_written_as_its_tokens_are(text: str, language: str) -> None:
    """Taken apart by a pattern or by markdown-it: the same HTML, links, places and words."""
    found, problems = read(text, quotes=language)
    with nothing_usual():
        wanted, wanted_problems = read(text, quotes=language)
    for part in ("heading", "heading_text", "heading_id", "body", "facts", "words"):
        assert getattr(found, part) == getattr(wanted, part), part
    assert problems == wanted_problems


FENCES = [
    "::: aside\n",
    "::: choices\n",
    ":::\n",
    ":::: reflect\n",
    "::::\n",
    "::journal\n",
    "- a\n",
    "  ::: aside\n",
    "  :::\n",
    "> ::: aside\n",
    "> :::\n",
    "<div>\n:::\n</div>\n",
    "text\n",
    "\n",
]


@given(
    soup | st.lists(st.sampled_from([*LINES, *FENCES, "![a](b.png)"]), max_size=12).map("\n".join)
)
@example("# a\n\n## b\n\n## b {#c}\n\n- d\n- e\n\nf\n\n![g](h.png)\n\n::journal\n\ni\n")
@example(
    ":::\n\na\n\n::: aside\n\n## b\n\n- c\n\n:::\n\nd\n\n- e\n\n- f\n\n> g\n\nh[^1]\n\n[^1]: i\n"
)
@example("a[^1]\n\n[^1]: b\n\n    c\n\nd\n: e\n")
@example("::: choices\n\n> :::\n\n- f\n\n:::\n\n> ::: aside\n\n- g\n")
@settings(max_examples=300, deadline=None)
def test_a_block_that_is_one_token_says_what_its_parts_say(text: str) -> None:
    """At the top of a page, where nobody asks for the parts: the same HTML, facts and problems."""
    found, problems = read(text, quotes="en")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("learnpath.markdown.plainblocks._is_at_top", lambda _: False)
        wanted, wanted_problems = read(text, quotes="en")
    for part in ("heading", "heading_text", "heading_id", "body", "facts", "words"):
        assert getattr(found, part) == getattr(wanted, part), part
    assert problems == wanted_problems


OPTIONS = ["[a](b.md)", *PROSE, ' {when="a"}', '  {set="b', "\t {x", '{because="c"}']


@given(st.lists(st.lists(st.sampled_from(OPTIONS), max_size=5).map("".join), max_size=4))
@example(['[a](b.md)  {when="a', '[a](b.md)\t {when="a"}', '[a](b.md){when="a"}'])
@example(
    [
        "[b's > c](d.md)",
        "[e](f.md#g)",
        "**[h](i.md)**",
        "[j](k.md) l",
        "[](m.md)",
        "n",
        "o [p](q.md)",
    ]
)
@settings(max_examples=200, deadline=None)
def test_an_option_that_is_one_link_is_read_as_any_other(options: list[str]) -> None:
    """From what its text was taken apart to, or from markdown-it's tokens."""
    text = "::: choices Where?\n\n" + "".join(f"- {option}\n" for option in options) + "\n:::\n"
    found, problems = read(text, quotes="en")
    with nothing_usual():
        wanted, wanted_problems = read(text, quotes="en")
    assert (found.body, found.facts, found.words) == (wanted.body, wanted.facts, wanted.words)
    assert problems == wanted_problems


@given(st.lists(st.sampled_from(FENCES), max_size=16).map("".join))
@example("::: aside\n" * 31 + "text\n" + ":::\n" * 31)
@example("::: aside\n" * 30 + "text\n" + ":::\n" * 30)
@example("::: aside\n\n<div>\n:::\n</div>\n\n:::\n")
@settings(max_examples=300, deadline=None)
def test_fences_that_belong_together_are_found_at_once(text: str) -> None:
    """Looked through once, or one by one: the same blocks and the same problems."""
    found, problems = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("learnpath.markdown.directives._is_paired", lambda _: False)
        wanted, wanted_problems = read(text)
    assert (found.body, found.facts, problems) == (wanted.body, wanted.facts, wanted_problems)


@given(soup)
@example("- a\n  > b\n- c\n\n  d\n-\n\n1. e\n   - f\n\n> [!NOTE]\n> g\n\nh\n: i\n")
@example("j[^1]\n\n[^1]: k\n")
@example("| a | b |\n|---|--:|\n| c | d |\n\n> # e\n>\n> ***\n")
@settings(max_examples=200, deadline=None)
def test_blocks_open_as_in_markdown_it(text: str) -> None:
    """Where they have no attributes, and whatever follows, or nothing."""
    context = Context("a.md", text.split("\n"), 1, Problems(), False, "true", lambda _: None)
    tokens = [*in_parts(parse(text, context))]
    for at, token in enumerate(tokens):
        if token.nesting == 1 and token.tag and not token.attrs:
            for those in (tokens, tokens[: at + 1], tokens[at:]):
                here = those.index(token)
                written = renderer().renderToken(those, here, parser().options, {})
                assert _opening(those, here) == written


def test_most_text_is_usual() -> None:
    """Apostrophes, ends of lines, and links to other pages among it."""
    text = "It's *a* **word**, `code` and\na [link's](../b.md#c): nothing > usual!"
    for curly in (True, False):
        assert pieces_of(text, curly=curly) is not None
        assert pieces_of(f"{text} & more", curly=curly) is None
