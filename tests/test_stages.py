"""Work in stages, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from markdown_it.token import Token

from learnpath.document import Fragment
from learnpath.library import Library
from learnpath.markdown.builder import Builder
from learnpath.markdown.context import Context
from learnpath.markdown.parser import parse
from learnpath.stages import InStages, at_once, side_by_side
from support import write_course


def work(name: str, stages: int, seen: list[str]) -> InStages[str]:
    for stage in range(stages):
        seen.append(f"{name}{stage}")
        yield
    return name


def test_all_come_to_a_stage_before_any_goes_on() -> None:
    """However many stages each has; the results are in order."""
    seen: list[str] = []
    assert side_by_side(work(*one, seen) for one in (("a", 2), ("b", 0), ("c", 3))) == [*"abc"]
    assert seen == ["a0", "c0", "a1", "c1", "c2"]
    assert at_once(work("d", 2, seen)) == "d"
    assert side_by_side(()) == []


def test_an_error_in_a_stage_is_raised() -> None:
    """Nothing is swallowed."""

    def wrong() -> InStages[str]:
        yield
        raise KeyError

    with pytest.raises(KeyError):
        side_by_side((work("a", 3, []), wrong()))


def test_a_large_page_waits_for_no_other_with_all_that_it_was_taken_apart_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What eight large pages come to at once would be a thousand times their text."""
    text = "- one\n- two\n\n" * 3000
    write_course(tmp_path, {f"p{n}.md": f"# {n}\n\n{text if n % 2 else ''}" for n in range(8)})
    live: list[int] = []
    most: list[int] = []

    def counted(body: str, context: Context) -> list[Token]:
        live.append(len(body) > len(text))
        most.append(sum(live))
        return parse(body, context)

    def built(self: Builder, tokens: Sequence[Token]) -> Fragment:
        live.pop()
        return fragment(self, tokens)

    fragment = Builder.fragment
    monkeypatch.setattr("learnpath.markdown.read.parse", counted)
    monkeypatch.setattr(Builder, "fragment", built)
    Library(tmp_path).read()
    assert max(most) == 1
