"""Effects: what `set` may say."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnpath.problems import Place
from learnpath.story import (
    EffectError,
    Flag,
    Number,
    OneOf,
    Variable,
    effect_json,
    parse_effects,
    variable_json,
)

HERE = Place("index.md", 1, 1)


def effects(text: str) -> list[list[object]]:
    return [effect_json(effect) for effect in parse_effects(text, HERE)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("told", [["told", "=", True]]),
        ("not told", [["told", "=", False]]),
        ("told = true", [["told", "=", True]]),
        ("told = false", [["told", "=", False]]),
        ("trust + 1", [["trust", "+", 1]]),
        ("trust+1", [["trust", "+", 1]]),
        ("trust - 12", [["trust", "-", 12]]),
        ("trust = 3", [["trust", "=", 3]]),
        ("trust = -3", [["trust", "=", -3]]),
        ("trust = 0", [["trust", "=", 0]]),
        ("role = 'brewer'", [["role", "=", "brewer"]]),
        ("role=''", [["role", "=", ""]]),
        ("told, not said, trust + 1", [
            ["told", "=", True], ["said", "=", False], ["trust", "+", 1]]),
        (" told ,, said ", [["told", "=", True], ["said", "=", True]]),
        ("größe + 1", [["größe", "+", 1]]),
        ("notes", [["notes", "=", True]]),
        ("role = 'a, b'", [["role", "=", "a, b"]]),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_read(text: str, found: list[list[object]]) -> None:
    """Flags on and off, numbers up, down and set, words; in the order written."""
    assert effects(text) == found


@pytest.mark.parametrize(
    "text",
    ["trust +", "trust += 1", "trust * 2", "trust + x", "1", "role = \"x\"", "role = x",
     "a b", "trust + -1", "trust + 1.5", "role == 'x'", "told!"],
)  # fmt: skip
def test_what_is_refused(text: str) -> None:
    """The part that cannot be read is quoted, with what can be written."""
    with pytest.raises(EffectError) as caught:
        parse_effects(f"told, {text}", HERE)
    assert text in caught.value.message and caught.value.hint


@given(st.text(st.sampled_from(list("ab =+-'1,é\n")) | st.characters(), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else is raised."""
    try:
        parse_effects(text, HERE)
    except EffectError as error:
        assert error.message


@pytest.mark.parametrize(
    ("variable", "found"),
    [
        (Flag("told", HERE), {"type": "flag", "start": False, "label": "told", "show": "none"}),
        (
            Number("trust", HERE, -3, 3, 0, "Trust", "meter"),
            {"type": "number", "from": -3, "to": 3, "start": 0, "label": "Trust", "show": "meter"},
        ),
        (
            OneOf("role", HERE, {"a": "The A"}, "a"),
            {"type": "one_of", "options": {"a": "The A"}, "start": "a", "label": "role",
             "show": "none"},
        ),
    ],
)  # fmt: skip
def test_variables_as_the_page_carries_them(variable: Variable, found: dict[str, object]) -> None:
    """The declaration is plain JSON, with a label always."""
    assert variable_json(variable) == found
    assert json.loads(json.dumps(found)) == found
