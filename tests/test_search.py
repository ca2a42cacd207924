"""The search over states: courses worked out by hand, and random ones walked by brute force."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings

from learnpath import check_course, load_course
from learnpath.course import Course
from learnpath.search import Outcome, search
from support import TESTS, write_course
from walker import Found, Item, Spec, TooMany, Walker, When, Block, specs, write


def course_of(spec: Spec) -> Course:
    with TemporaryDirectory() as folder:
        return load_course(write_course(Path(folder), write(spec)))


# Brute force


def _numbered(items: tuple[Item, ...], count: list[int]) -> list[tuple[str, int]]:
    """The conditions of a page in order of writing, numbered as the walker numbers them."""
    found: list[tuple[str, int]] = []
    for item in items:
        if isinstance(item, When):
            count[0] += 1
            found.append(("when", count[0]))
            found += _numbered(item.body, count)
            if item.otherwise is not None:
                count[0] += 1
                found.append(("otherwise", count[0]))
                found += _numbered(item.otherwise, count)
        elif isinstance(item, Block):
            for option in item.options:
                if option.when:
                    count[0] += 1
                    found.append(("option", count[0]))
    return found


def told(course: Course, spec: Spec, outcome: Outcome) -> dict[str, set[tuple[str, str, int]]]:
    """The findings by the walker's numbers: places in the order of writing."""
    numbers: dict[tuple[str, str, int | None], tuple[str, str, int]] = {}
    for page in spec.pages:
        lines = write(spec)[f"{page.id}.md"].split("\n")
        marks = [
            (at, "when" if line.startswith("::: when") else "otherwise")
            if line.startswith(":::")
            else (at, "option")
            for at, line in enumerate(lines, start=1)
            if line.startswith(("::: when", "::: otherwise")) or " when=" in line
        ]
        for (line, kind), (expected, number) in zip(
            marks, _numbered(page.items, [0]), strict=True
        ):
            assert kind == expected
            numbers[kind, page.id, line] = (kind, page.id, number)
    return {
        rule: {numbers[q.kind, q.page, q.place.line] for q in questions}
        for rule, questions in (
            ("impossible", outcome.impossible),
            ("constant", outcome.constant),
            ("never", outcome.never_shown),
        )
    }


def expected(found: Found, free: Found) -> dict[str, set[tuple[str, str, int]]]:
    never = {key for key in found.failed - found.held if key not in free.held}
    always = {key for key in found.held - found.failed if key not in free.failed}
    return {
        "impossible": {key for key in never if key[0] == "option"},
        "constant": {key for key in always if key[0] != "otherwise"},
        "never": {key for key in never if key[0] != "option"},
    }


@settings(max_examples=250)
@given(specs())
def test_the_search_agrees_with_brute_force(spec: Spec) -> None:
    """On all four findings, and on the length of the shortest trail."""
    try:
        found = Walker(spec).run()
        free = Walker(spec, freedoms=True).run()
    except TooMany:
        assume(False)
    course = course_of(spec)
    outcome = search(course)
    assert not outcome.open
    dead = set(course.dead_ends)
    stuck = {page: length for page, length in found.stuck.items() if page not in dead}
    assert {s.question.page: len(s.trail) for s in outcome.stuck} == stuck
    assert told(course, spec, outcome) == expected(found, free)
