"""Work in stages, side by side."""

from __future__ import annotations

import pytest

from learnpath.stages import InStages, at_once, side_by_side


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
