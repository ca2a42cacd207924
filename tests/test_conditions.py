"""Conditions: the shared vectors, what is refused and where, and laws that hold for all."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from learnpath.conditions import ConditionError, Facts, Tree, evaluate, holds, parse
from learnpath.conditions.syntax import ASKING, COMPARISONS
from learnpath.grammar import MAX_DEPTH
from support import ROOT, TESTS, node

VECTORS: list[dict[str, Any]] = json.loads(
    (TESTS / "vectors" / "conditions.json").read_text("utf-8")
)["vectors"]


def facts_of(given: dict[str, Any]) -> Facts:
    return Facts(
        variables=given["variables"],
        visited=frozenset(given["visited"]),
        chose=given["chose"],
        route=given["route"],
        answers=given["answers"],
        revisited=frozenset(given["revisited"]),
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"])
def test_the_shared_vectors(vector: dict[str, Any]) -> None:
    """Text, tree and value are the same here as in the browser."""
    tree = parse(vector["text"]).tree
    assert tree == vector["tree"]
    assert holds(tree, facts_of(vector["facts"])) is vector["value"]


def test_there_are_vectors_for_every_operator() -> None:
    """No operator of the language is without a vector."""
    operators: set[str] = set()

    def walk(tree: Tree) -> None:
        if isinstance(tree, list):
            operators.add(str(tree[0]))
            for argument in tree[1:]:
                walk(argument)

    for vector in VECTORS:
        walk(vector["tree"])
    wanted = {*ASKING, *COMPARISONS, "and", "or", "not", "+", "-", "neg", "count", "var", "route"}
    assert wanted <= operators


@pytest.mark.parametrize(
    ("text", "offset", "said"),
    [
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ("a and", 5, "too early"),
        ("and a", 0, "not expected"),
        ("a b", 2, "not expected"),
        ("(a", 2, "missing"),
        ("a)", 1, "not expected"),
        ("a = 1", 2, "one ="),
        ("a = = 1", 2, "one ="),
        ('a == "x"', 5, "single quotes"),
        ("a == ‘x’", 5, "single quotes"),
        ("a == 'x", 5, "not closed"),
        ("a && b", 2, "not read"),
        ("a || b", 2, "not read"),
        ("!a", 0, "not read"),
        ("1 < a < 3", 6, "chained"),
        ("visited", 7, "parentheses"),
        ("visited(a)", 8, "quotes"),
        ("visited('a', 'b')", 11, "missing"),
        ("visited()", 8, "quotes"),
        ("seen('a')", 0, "no 'seen(…)'"),
        ("count()", 6, "not expected"),
        ("count(a,)", 8, "not expected"),
        ("a @ b", 2, "means nothing"),
        ("1.", 1, "means nothing"),
        ("a == 'é' x", 9, "not expected"),
    ],
)
def test_what_is_refused_and_where(text: str, offset: int, said: str) -> None:
    """The place is the very character; the message quotes and the hint proposes."""
    with pytest.raises(ConditionError, match=said.replace("(", r"\(").replace(")", r"\)")) as found:
        parse(text)
    assert found.value.offset == offset
    assert found.value.hint


@pytest.mark.parametrize(
    "nested", ["(" * 500 + "a" + ")" * 500, "not " * 500 + "a", "-" * 500 + "1"]
)
def test_depth_is_limited(nested: str) -> None:
    """A condition nested without end is refused, not a crash."""
    with pytest.raises(ConditionError, match="nested"):
        parse(nested)


@pytest.mark.parametrize("joint", [" or ", " and ", " + "])
@pytest.mark.parametrize("parts", [100, 5000])
def test_long_conditions_are_no_crash(joint: str, parts: int) -> None:
    """A hundred parts are read; thousands may be refused, but what is read can be evaluated and
    written into a page."""
    text = joint.join(f"visited('p{i}')" for i in range(parts))
    try:
        condition = parse(text)
    except ConditionError:
        assert parts > 100
        return
    assert len(condition.names) == parts
    assert json.loads(json.dumps(condition.tree)) == condition.tree
    holds(condition.tree, Facts())


def test_names_are_in_order_with_their_places() -> None:
    """The names of a condition are told in the order of writing, with what they ask."""
    text = "visited('a') and b > answer('c') or route == 'd'"
    names = parse(text).names
    assert [(n.kind, n.name) for n in names] == [
        ("visited", "a"), ("var", "b"), ("answer", "c"), ("route", "route"),
    ]  # fmt: skip
    for name in names:
        assert text[name.offset :].lstrip("'").startswith(name.name)


# Laws

_name = st.sampled_from(["told", "trust", "role", "größe"])
_id = st.sampled_from(["a", "a/b", "a b", "é", ""])
_leaf: st.SearchStrategy[Tree] = st.one_of(
    st.integers(0, 9),
    st.sampled_from(["x", "brewer", ""]),
    st.just(["route"]),
    st.builds(lambda name: ["var", name], _name),
    st.builds(lambda kind, name: [kind, name], st.sampled_from(ASKING), _id),
)


def _deeper(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    pair = st.sampled_from(["and", "or", "+", "-", *COMPARISONS])
    return st.one_of(
        st.builds(lambda operator, a, b: [operator, a, b], pair, inner, inner),
        st.builds(lambda operator, a: [operator, a], st.sampled_from(["not", "neg"]), inner),
        st.builds(lambda arguments: ["count", *arguments], st.lists(inner, min_size=1, max_size=3)),
    )


trees: st.SearchStrategy[Tree] = st.recursive(_leaf, _deeper, max_leaves=12)
_values = st.one_of(st.booleans(), st.integers(-3, 3), st.sampled_from(["", "x", "brewer"]))
facts = st.builds(
    Facts,
    variables=st.dictionaries(_name, _values),
    visited=st.frozensets(_id),
    chose=st.dictionaries(_id, st.sampled_from(["x", "y"])),
    route=st.sampled_from([None, "x"]),
    answers=st.dictionaries(_id, st.sampled_from(["", " ", "x", 0, 3, 2.5])),
    revisited=st.frozensets(_id),
)


def written(tree: Tree) -> str:
    """A condition's text, with every parenthesis there can be."""
    if isinstance(tree, str):
        return f"'{tree}'"
    if not isinstance(tree, list):
        return str(tree)
    operator, *arguments = tree
    match operator:
        case "var":
            return str(arguments[0])
        case "route":
            return "route"
        case "not":
            return f"(not {written(arguments[0])})"
        case "neg":
            return f"(-{written(arguments[0])})"
        case "count":
            return f"count({', '.join(map(written, arguments))})"
        case _ if operator in ASKING:
            return f"{operator}('{arguments[0]}')"
        case _:
            return f"({written(arguments[0])} {operator} {written(arguments[1])})"


@given(trees)
def test_what_is_written_is_read(tree: Tree) -> None:
    """Text made of a tree parses to that tree."""
    assert parse(written(tree)).tree == tree


@given(trees)
def test_trees_are_json(tree: Tree) -> None:
    """What the page in the browser gets is the same tree."""
    assert json.loads(json.dumps(tree)) == tree


@given(trees, facts)
def test_conditions_are_total(tree: Tree, known: Facts) -> None:
    """Every tree has a value for all facts, and asking changes nothing."""
    first = evaluate(tree, known)
    assert first is None or isinstance(first, (bool, int, float, str))
    assert evaluate(tree, known) == first
    assert isinstance(holds(tree, known), bool)


@given(trees, trees, facts)
def test_logic_is_logic(one: Tree, other: Tree, known: Facts) -> None:
    """not, and, or are those of logic, and always true or false."""
    assert evaluate(["not", one], known) is (not holds(one, known))
    assert evaluate(["and", one, other], known) is (holds(one, known) and holds(other, known))
    assert evaluate(["or", one, other], known) is (holds(one, known) or holds(other, known))
    assert evaluate(["count", one, other], known) == holds(one, known) + holds(other, known)


@given(trees, trees, facts)
def test_comparisons_with_the_unknown_are_false(one: Tree, other: Tree, known: Facts) -> None:
    """Where a side is not known, no comparison holds, not even !=; else == and != are opposites."""
    unknown = evaluate(one, known) is None or evaluate(other, known) is None
    results = {op: evaluate([op, one, other], known) for op in COMPARISONS}
    if unknown:
        assert not any(results.values())
    else:
        assert results["=="] is not results["!="]
        assert not (results["<"] and results[">"])
        assert results["<="] is (results["<"] or (results[">="] and results["<="]))


@given(st.text(st.sampled_from(list("ab'()<>=!+-,. 1é\n")) | st.characters(), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else is raised, and the place lies inside the text."""
    try:
        condition = parse(text)
    except ConditionError as error:
        assert 0 <= error.offset <= len(text)
        assert error.message and error.hint
    else:
        assert condition.text == text


def test_the_depth_that_is_allowed_can_be_evaluated() -> None:
    """What the parser lets through, nothing behind it fails on."""
    text = "(" * (MAX_DEPTH - 1) + "told" + ")" * (MAX_DEPTH - 1)
    assert holds(parse(text).tree, Facts(variables={"told": True}))


# The two evaluators


@pytest.fixture(scope="module")
def in_the_page() -> Iterator[Callable[[Tree, Facts], Any]]:
    """What the evaluator in the browser's code makes of a tree: [its value, whether it holds]."""
    answering = [node(), str(ROOT / "tests" / "js" / "answer.mjs")]
    with subprocess.Popen(
        answering, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        asking, answers = process.stdin, process.stdout
        assert asking is not None
        assert answers is not None

        def ask(tree: Tree, known: Facts) -> Any:
            lists = {key: sorted(getattr(known, key)) for key in ("visited", "revisited")}
            line = json.dumps([tree, {**asdict(known), **lists}])
            asking.write(line + "\n")
            asking.flush()
            return json.loads(answers.readline())

        yield ask
        asking.close()


@settings(max_examples=1500)
@given(tree=trees, known=facts)
def test_the_page_and_the_build_agree(
    tree: Tree, known: Facts, in_the_page: Callable[[Tree, Facts], Any]
) -> None:
    """Any condition comes to the same in any state, in Python and in the browser's code."""
    value = evaluate(tree, known)
    assert in_the_page(tree, known) == [value, holds(tree, known)]
    assert type(in_the_page(tree, known)[0]) is type(value) or isinstance(value, float)


def test_a_text_is_no_word_of_the_language() -> None:
    """What stands in quotes joins nothing and closes nothing."""
    for text in ("told 'and' told", "(told ')'", "told '==' 1"):
        with pytest.raises(ConditionError):
            parse(text)
