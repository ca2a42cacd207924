"""The search over states: courses worked out by hand, and random ones walked by brute force."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings

from learnpath import check_course, load_course
from learnpath.course import Course
from learnpath.search import Outcome, search
from support import TESTS, write_course
from walker import Block, Found, Item, Spec, TooMany, Walker, When, specs, write


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
        for (line, kind), (expected, number) in zip(marks, _numbered(page.items, [0]), strict=True):
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


# Ground truth

RULES = ("stuck-state", "impossible-choice", "constant-condition", "never-shown",
         "state-search-bound")  # fmt: skip
COURSES = sorted(path.parent for path in (TESTS / "ground_truth").glob("*/expected.json"))


@pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)
def test_ground_truth(folder: Path) -> None:
    """All that was worked out by hand is found, and nothing else; `at` is part of the line."""
    found = []
    for problem in check_course(folder / "course").problems:
        if problem.rule in RULES:
            assert problem.path and problem.hint
            line = (folder / "course" / problem.path).read_text("utf-8").split("\n")
            text = line[problem.line - 1] if problem.line else None
            found.append((problem.rule, problem.path, text, dict(problem.extra)))
    expected = json.loads((folder / "expected.json").read_text("utf-8"))["findings"]
    unmet = list(found)
    for finding in expected:
        rule, path, at = finding.pop("rule"), finding.pop("path"), finding.pop("at")
        match = next(
            (
                f
                for f in unmet
                if f[:2] == (rule, path) and (f[2] is None if at is None else at in (f[2] or ""))
            ),
            None,
        )
        assert match is not None, (rule, path, at, found)
        assert match[3] == finding
        unmet.remove(match)
    assert not unmet
