"""Braces: `{#id .class key=value key="a value" flag}`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnpath.markdown.attributes import (
    AttributesError,
    closing_brace,
    looks_meant,
    parse_attributes,
)


@pytest.mark.parametrize(
    ("text", "identity", "classes", "values"),
    [
        ("{}", "", (), {}),
        ("{ }", "", (), {}),
        ("{#a}", "a", (), {}),
        ("{#a-b_c:1}", "a-b_c:1", (), {}),
        ("{#学习}", "学习", (), {}),
        ("{.x .y-z}", "", ("x", "y-z"), {}),
        ("{a=b}", "", (), {"a": "b"}),
        ('{a="b c"}', "", (), {"a": "b c"}),
        ("{a='b c'}", "", (), {"a": "b c"}),
        ('{a=""}', "", (), {"a": ""}),
        ("{a=''}", "", (), {"a": ""}),
        ('{a="}"}', "", (), {"a": "}"}),
        ("{a='\"'}", "", (), {"a": '"'}),
        ("""{when="visited('a') and b >= 1"}""", "", (), {"when": "visited('a') and b >= 1"}),
        ("{flag}", "", (), {"flag": "true"}),
        ("{#a .b c=d e}", "a", ("b",), {"c": "d", "e": "true"}),
        ("{c=d#a}", "", (), {"c": "d#a"}),
        ("{a=b\n  c=d}", "", (), {"a": "b", "c": "d"}),
        ("{words=30-120}", "", (), {"words": "30-120"}),
        ("{src=https://example.org/?a=b}", "", (), {"src": "https://example.org/?a=b"}),
        ("{a=1 a=2}", "", (), {"a": "2"}),
        ("{data-x=1}", "", (), {"data-x": "1"}),
    ],
)
def test_what_is_read(
    text: str, identity: str, classes: tuple[str, ...], values: dict[str, str]
) -> None:
    """Id, classes, keys with bare or quoted values, and flags, in any order."""
    found, end = parse_attributes(text, 0)
    assert (found.id, found.classes, found.values) == (identity, classes, values)
    assert end == len(text)
    assert bool(found) == bool(identity or classes or values)


@pytest.mark.parametrize(
    ("text", "offset", "said"),
    [
        ("{#a", 0, "not closed"),
        ("{", 0, "not closed"),
        ('{a="b}', 3, "not closed"),
        ("{a='b}", 3, "not closed"),
        ("{a=}", 3, "missing"),
        ("{a= b}", 3, "missing"),
        ("{a=“b”}", 3, "curly quotes"),
        ("{#a when=‘b’}", 9, "curly quotes"),
        ("{a «b»}", 3, "curly quotes"),
        ("{#a {b}}", 4, "not expected"),
        ("{=b}", 1, "not expected"),
        ("{a=b, c=d}", 4, None),
        ("{#}", 1, "not expected"),
        ("{.1 ;}", 4, "not expected"),
    ],
)
def test_what_is_wrong(text: str, offset: int, said: str | None) -> None:
    """The place is the very character, and the hint says what to write."""
    if said is None:  # a comma belongs to a bare value
        assert parse_attributes(text, 0)[0].values == {"a": "b,", "c": "d"}
        return
    with pytest.raises(AttributesError, match=said) as caught:
        parse_attributes(text, 0)
    assert caught.value.offset == offset
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("{#a}", True),
        ("{ #a}", True),
        ("{.a}", True),
        ("{a=b}", True),
        ("{a = b}", True),
        ("{a=“b”}", True),
        ("{1, 2}", False),
        ("{a}", False),
        ("{}", False),
        ("{a, b}", False),
        ("{.5}", False),
        ("{# a}", False),
        ("{{ x }}", False),
        ("{% if x == 1 %}", False),
        ("{x | x = 1}", False),
    ],
)
def test_what_was_meant(text: str, meant: bool) -> None:
    """A brace of a text is no attribute: sets, templates and formulas stay what they are."""
    assert looks_meant(text, 0) is meant


def test_offsets_tell_where_values_begin() -> None:
    """A condition's problem is found at its very character."""
    text = 'x {#id when="told"}'
    found, _ = parse_attributes(text, 2)
    assert text[found.offsets["when"] :].startswith('told"')
    assert text[found.offsets["#"] :].startswith("id")


@given(st.text("ab{}#.= \"'“”\n,:-1é", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else is raised, the places lie inside the text, and reading ends behind a brace."""
    text = "{" + text
    try:
        found, end = parse_attributes(text, 0)
    except AttributesError as error:
        assert 0 <= error.offset <= len(text)
        assert error.message and error.hint
        assert 0 < closing_brace(text, 0) <= len(text)
    else:
        assert text[end - 1] == "}"
        assert all(0 <= offset <= len(text) for offset in found.offsets.values())


_ids = st.from_regex(r"[a-zé][a-zé0-9-]{0,8}", fullmatch=True)
_quotable = st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=20)


@given(_ids, st.dictionaries(_ids, _quotable, max_size=4))
def test_what_is_written_is_read(identity: str, values: dict[str, str]) -> None:
    """Any values but those with the quote in them come back as they were."""
    written = f"{{#{identity} " + " ".join(f'{k}="{v}"' for k, v in values.items()) + "}"
    found, end = parse_attributes(written, 0)
    assert (found.id, found.values, end) == (identity, values, len(written))
