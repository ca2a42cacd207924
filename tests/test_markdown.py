"""Single rules of the syntax that no whole course shows as plainly, and what must not be slow."""

from __future__ import annotations

import time

import pytest

from learnpath.document import Choices, Document, When
from learnpath.markdown.read import read_document


def read(text: str, **files: str) -> Document:
    return read_document("index.md", text, text, 1, {f"{k}.md": v for k, v in files.items()}.get)


def rules(document: Document) -> list[tuple[str, int | None]]:
    return [(problem.rule, problem.line) for problem in document.problems]


def block_of(text: str) -> Choices:
    (block,) = read(f"::: choices {{#c}}\n\n{text}\n\n:::\n").facts.choices
    return block


@pytest.mark.parametrize(
    "option",
    [
        "- [x](a.md){#i when=“told”}",
        '- [x](a.md) {#i when="told"}',
        '- [x](a.md){#i when="told}',
        "- [x](a.md){#i when=told",
        '- [x](a.md){#i when="told ="}',
        '- [x](a.md){#i when=""}',
        "- stay {#i when=“told”}",
        "- stay {#i when=told",
    ],
)
def test_a_condition_is_never_silently_lost(option: str) -> None:
    """Braces or a condition that cannot be read: told, and the choice has a condition that is
    never met."""
    document = read(f"::: choices\n\n{option}\n\n:::\n")
    (found,) = document.facts.choices[0].options
    assert found.when is not None and found.when.condition is None
    assert {line for _, line in rules(document)} == {3}


@pytest.mark.parametrize("key", ["when=\"visited('b')\"", "set=told", "because=x", "write=x"])
def test_an_option_s_attribute_elsewhere_is_told(key: str) -> None:
    """What only an option can have does nothing on an ordinary link, and that is told."""
    assert rules(read(f"Text [x](a.md){{{key}}}.\n"))


@pytest.mark.parametrize(
    ("fences", "kinds"),
    [
        ("::: when a\n:::\n\n::: otherwise\n:::", [False, True]),
        ("::: when a\n:::\n::: when b\n:::\n::: otherwise\n:::", [False, False, True]),
        ("::: when a\n\n::: when b\n:::\n\n:::\n\n::: otherwise\n:::", [False, False, True]),
    ],
)
def test_otherwise_stands_against_what_is_right_before_it(fences: str, kinds: list[bool]) -> None:
    """Several `when` in a row make one chain; what is inside them does not count."""
    document = read(fences + "\n")
    assert sorted(when.negated for when in document.facts.whens) == sorted(kinds)
    last = [node for node in document.body if isinstance(node, When)][-1]
    outer = [node for node in document.body if isinstance(node, When)][:-1]
    assert [c.text for c in last.conditions] == [w.conditions[0].text for w in outer]
    assert not rules(document)


def test_the_first_list_holds_the_options() -> None:
    """Text and lists after it stand after the block's options."""
    block = block_of("Intro.\n\n- [x](a.md)\n- y\n\n  - nested\n\nOutro.\n\n1. z")
    assert [option.text for option in block.options] == ["x", "y"]
    assert "nested" in str(block.options[1].consequence)
    assert "Intro" in str(block.intro) and "Outro" in str(block.outro) and "z" in str(block.outro)


@pytest.mark.parametrize("mark", ["", "[!NOTE]\n> ", "> "])
def test_a_list_in_a_quote_has_no_options(mark: str) -> None:
    """It is what somebody else said, or an aside: told, and shown as it was written."""
    text = f"> {mark}- [On](b.md)\n"
    document = read(f"::: choices\n\n{text}\n:::\n")
    assert [rule for rule, _ in rules(document)] == ["invalid-value"]
    shown, written = ([type(part) for part in one.body] for one in (document, read(text)))
    assert shown == written
    [block] = read(f"::: choices\n\n{text}\n- [Or](c.md)\n\n:::\n").facts.choices
    assert [option.href for option in block.options] == ["c.md"]


@pytest.mark.parametrize("option", ["- **[x](a.md)**", "- *[x](a.md){#i}*", "- ~~[x](a.md)~~"])
def test_an_emphasised_link_is_a_way(option: str) -> None:
    """A link in bold or italics is an option with a way, like a plain one."""
    assert [found.href for found in block_of(option).options] == ["a.md"]


@pytest.mark.parametrize(
    "option",
    ["- ", "- ```\n  x\n  ```", "- > x", "- # x", "- ::: hint\n  x\n  :::"],
)
def test_odd_items_are_options_without_a_way(option: str) -> None:
    """An item that does not begin with text is shown, not lost."""
    (found,) = block_of(f"{option}\n").options
    assert found.href == ""
    assert option == "- " or "x" in str((found.label, found.consequence))


def test_a_region_ends_where_it_ends() -> None:
    """A named region is what stands between its marks, its lines counted in its own file."""
    note = "Out.\n<!-- begin a -->\nIn [x](gone.md).\n<!-- end a -->\nOut.\n"
    document = read("::include[n.md#a]\n", n=note)
    assert "In" in str(document.body) and "Out" not in str(document.body)
    (link,) = document.facts.links
    assert (link.place.path, link.place.line, link.place.column) == ("n.md", 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "::: details\n\n" * 300 + "x\n\n" + ":::\n\n" * 300,
        "::: when told\n\n" * 300 + "x\n",
        "::: reflect {#a}\n" * 300,
        "> " * 300 + "x",
        "\n".join("  " * i + "- x" for i in range(200)),
        "*" * 3000 + "x" + "*" * 3000,
        "[" * 3000 + "x" + "](a)" * 3000,
    ],
    ids=["details", "when", "reflect", "quotes", "lists", "stars", "links"],
)
def test_depth_is_told_not_a_crash(text: str) -> None:
    """However deep blocks are nested, reading ends, and where something was left out it is told."""
    document = read(text)
    assert "x" in str(document.body) or "nesting-limit" in dict(rules(document))


@pytest.mark.parametrize(
    ("before", "broken", "times"),
    [
        ("<div>\n", "<a b=", 4000),
        ("<div>\n", "<script>", 1500),
        ("<div>\n", "<!--", 3000),
        ("", "[", 3000),
        ("", ":state[", 1000),
        ("", "[[", 3000),
        ("", "*a **b ", 3000),
        ("# x ", "{#a ", 3000),
        ("<a ", "b='", 3000),
    ],
    ids=["tags", "scripts", "comments", "brackets", "roles", "wiki", "stars", "braces", "quotes"],
)
def test_nothing_an_author_writes_is_slow(before: str, broken: str, times: int) -> None:
    """Four times the broken markup takes about four times as long; sixteen would be every pair."""
    quarter = _seconds(before + broken * (times // 4))
    assert _seconds(before + broken * times) < 8 * quarter + 0.1


def _seconds(text: str) -> float:
    """What reading takes at best, of the processor."""
    spent = []
    for _ in range(2):
        begun = time.process_time()
        read(text)
        spent.append(time.process_time() - begun)
    return min(spent)


def test_includes_do_not_multiply() -> None:
    """Files that each include the next eight times are stopped, and told."""
    files = {f"n{i}": f"::include[n{i + 1}.md]\n\n" * 8 for i in range(5)} | {"n5": "x\n"}
    begun = time.process_time()
    document = read("::include[n0.md]\n", **files)
    assert time.process_time() - begun < 5
    assert "nesting-limit" in dict(rules(document))


def test_footnotes_of_facilitators_alone_are_theirs() -> None:
    """What only their notes refer to is on no learner's page, in no count and among no links."""
    notes = "[^1]: secret [b](c.md)\n[^2]: open [d](e.md)\n"
    document = read(f"::: facilitator\nX[^1]\n:::\n\ntext[^2]\n\n{notes}")
    assert "secret" not in str([part for part in document.body if isinstance(part, str)])
    assert "open" in str(document.body)
    assert [link.href for link in document.facts.links] == ["e.md"]
    assert document.words == len(["text", "open", "d"])
