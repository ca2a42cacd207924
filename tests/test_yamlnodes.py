"""YAML: the 1.2 core schema, with places, and nothing that surprises."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from learnpath import yamlnodes
from learnpath.problems import Problem, Problems
from learnpath.yamlnodes import Mapping, Node, read_yaml, resolve_scalar


def read(text: str, first_line: int = 1) -> tuple[Node | None, tuple[Problem, ...]]:
    problems = Problems()
    return read_yaml(text, "course.yml", problems, first_line), problems.all()


def plain(node: Node | None) -> Any:
    """A node without its places."""
    if node is None:
        return None
    if isinstance(node.value, tuple):
        return [plain(item) for item in node.value]
    if isinstance(node.value, Mapping):
        return {key: plain(value) for key, value in node.value.entries.items()}
    return node.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nUll", "nUll"),
        ("true", True), ("True", True), ("FALSE", False), ("tRUE", "tRUE"),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("n", "n"),
        ("1", 1), ("-1", -1), ("+1", 1), ("010", 10), ("0o7", 7), ("0o8", "0o8"), ("0xFf", 255),
        ("-0x1", "-0x1"), ("0b1", "0b1"), ("1_000", "1_000"), ("12:30:45", "12:30:45"),
        ("1e3", 1000.0), ("1.", 1.0), (".5", 0.5), ("-1.5E-3", -0.0015), ("1.2.3", "1.2.3"),
        (".", "."), ("e3", "e3"), ("1e", "1e"), ("٣", "٣"), ("2024-01-01", "2024-01-01"),
        ("<<", "<<"), ("=", "="), ("9" * 30, float("9" * 30)),
    ],
)  # fmt: skip
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    """No Norway, no octal by accident, no sexagesimals, no dates."""
    found = resolve_scalar(text)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [(".inf", math.inf), ("-.inf", -math.inf), ("+.Inf", math.inf), (".INF", math.inf)],
)
def test_infinities_are_numbers(text: str, value: float) -> None:
    """The core schema has them."""
    assert resolve_scalar(text) == value


def test_not_a_number_is_a_number() -> None:
    """The core schema has it."""
    found = resolve_scalar(".nan")
    assert isinstance(found, float) and math.isnan(found)


@given(st.text(max_size=40))
@example("9" * 5000)
@example("1e999")
def test_any_scalar_has_a_value(text: str) -> None:
    """Nothing is raised, however long or odd a scalar is."""
    resolve_scalar(text)


def test_quoted_scalars_are_texts() -> None:
    """Quotes and blocks make a text of anything."""
    node, problems = read("a: '1'\nb: \"true\"\nc: |\n  12\nd: >-\n  null\ne: ''\n")
    assert plain(node) == {"a": "1", "b": "true", "c": "12\n", "d": "null", "e": ""}
    assert not problems


def test_places_are_the_file_s() -> None:
    """Lines count from the file's first, columns from 1 in code points."""
    node, _ = read("é: 学\nlist:\n  - a\n  - {k: v}\n", first_line=10)
    assert node is not None and isinstance(node.value, Mapping)
    assert (node.value.places["é"].line, node.value.places["é"].column) == (10, 1)
    assert (node.value.entries["é"].place.line, node.value.entries["é"].place.column) == (10, 4)
    items = node.value.entries["list"].value
    assert isinstance(items, tuple)
    assert [(i.place.line, i.place.column) for i in items] == [(12, 5), (13, 5)]


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n...\n"])
def test_nothing_is_nothing(text: str) -> None:
    """An empty document is no mistake."""
    node, problems = read(text)
    assert plain(node) is None and not problems


@pytest.mark.parametrize(
    ("text", "rule", "line", "column", "said"),
    [
        ("title: Foo: Bar", "invalid-yaml", 1, None, "colon"),
        ("a: 1\ntitle: Foo: Bar\nb: 2", "invalid-yaml", 2, None, "colon"),
        ("a:\n\tb: 1", "invalid-yaml", 2, 1, "tab"),
        ("a: 1\na: 2", "duplicate-key", 2, 1, "twice"),
        ("a: {b: 1, b: 2}", "duplicate-key", 1, 11, "twice"),
        ("a: &x 1\nb: *x", "invalid-yaml", 2, 4, "alias"),
        ("a: *x", "invalid-yaml", 1, 4, "alias"),
        ("a: !!int 1", "invalid-yaml", 1, None, "tag"),
        ("a: !custom 1", "invalid-yaml", 1, None, "tag"),
        ("a: [1, 2", "invalid-yaml", None, None, ""),
        ("a: 'x", "invalid-yaml", 1, 4, "quoted text"),
        ("a: @x", "invalid-yaml", 1, 4, "cannot begin"),
        ("a: `x`", "invalid-yaml", 1, 4, "cannot begin"),
        ("a: %x", "invalid-yaml", 1, 4, ""),
        ("{[a]: b}", "invalid-yaml", 1, 2, "key must be a word"),
        ("a: 1\n b: 2", "invalid-yaml", 2, None, ""),
        ("a: 1\n---\nb: 2", "invalid-yaml", 2, None, ""),
        ("[" * 100 + "]" * 100, "nesting-limit", 1, None, "nested"),
        ("- " * 100 + "x", "nesting-limit", 1, None, "nested"),
        ("\n".join(" " * i + "a:" for i in range(100)), "nesting-limit", None, None, "nested"),
        ("\n".join(" " * i + "a:" for i in range(1300)), "nesting-limit", None, None, "nested"),
        ("a: " + "x" * 1_100_000, "nesting-limit", 1, None, "larger"),
        ("a: \x00", "invalid-yaml", 1, None, "character"),
        ("x\x85y: [", "invalid-yaml", None, None, ""),
    ],
)
@pytest.mark.parametrize("loader", [yamlnodes._Loader, yaml.BaseLoader], ids=["fast", "pure"])
def test_mistakes_have_places(
    text: str,
    rule: str,
    line: int | None,
    column: int | None,
    said: str,
    loader: type,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each mistake is told at its place, in an author's words, with what to do; where PyYAML was
    built without its C library, too."""
    monkeypatch.setattr(yamlnodes, "_Loader", loader)
    _, problems = read(text, first_line=1)
    assert [problem.rule for problem in problems] == [rule]
    (problem,) = problems
    assert said in problem.message and problem.hint
    assert line is None or problem.line == line
    assert column is None or problem.column == column


def test_an_alias_bomb_is_harmless() -> None:
    """Ten levels of ten aliases each are not walked."""
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 11)
    )
    _, problems = read(bomb)
    assert 0 < len(problems) < 200


@given(st.text(st.sampled_from(list("ab:-[]{}\"'|>#&*!%@`, \t\n?~é\\")), max_size=60))
def test_any_text_is_read_or_told(text: str) -> None:
    """Nothing is raised, what cannot be read is told, and every place lies inside the text."""
    node, problems = read(text)
    lines = text.split("\n")
    for problem in problems:
        assert problem.line is not None and 1 <= problem.line <= len(lines)
        assert problem.column is None or 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.message and problem.hint
    if node is None and not problems:
        assert all(line.strip() == "" or line.lstrip()[0] in "#-." for line in lines)


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("ab é:#-'\"\n1", max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abé", min_size=1), inner),
    max_leaves=10,
)


@given(_values)
def test_json_is_yaml(value: object) -> None:
    """Whatever JSON says is read as JSON reads it."""
    import json

    node, problems = read(json.dumps(value))
    assert not problems
    assert plain(node) == value
