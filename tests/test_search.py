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
from schemas import valid
from support import TESTS, CommandLine, write_course
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


@settings(max_examples=120)
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


def test_there_is_enough_ground_truth() -> None:
    """Courses with findings, clean look-alikes, and every rule in some course."""
    findings = [json.loads((f / "expected.json").read_text("utf-8"))["findings"] for f in COURSES]
    assert len(COURSES) >= 30
    assert sum(not found for found in findings) >= 12
    assert {f["rule"] for found in findings for f in found} == set(RULES) - {"state-search-bound"}


def test_each_part_is_searched_apart() -> None:
    """Three wings of seven flags have two million states together; each is proved in few steps."""
    outcome = search(load_course(TESTS / "ground_truth" / "independent-parts" / "course"))
    assert not outcome.open
    assert outcome.steps < 60_000


# The bound


def _flags(count: int, wanted: int) -> dict[str, str]:
    """A hub where each flag can be set, and a door that wants so many of them."""
    names = [f"f{n}" for n in range(count)]
    state = "".join(f"  {name}: false\n" for name in names)
    options = "".join(f'- [Set](step.md){{#o-{name} set="{name}"}}\n' for name in names)
    door = (
        f'- [In](end.md){{#in when="count({", ".join(names)}) >= {wanted}"}}\n'
        f'- [Back](index.md){{#back when="not ({" and ".join(names)})"}}\n'
    )
    return {
        "course.yml": f"title: T\nid: t\nstate:\n{state}",
        "index.md": f"# Hub\n\n::: choices\n\n{options}- [Door](door.md)\n\n:::\n",
        "step.md": "# Step\n\n[Back](index.md)\n",
        "door.md": f"# Door\n\n::: choices\n\n{door}\n:::\n",
        "end.md": "---\nending: true\n---\n\n# End\n",
    }


def test_thirty_flags_report_the_bound(tmp_path: Path) -> None:
    """A course too large to search says so, with what was left open, and does not hang."""
    course = load_course(write_course(tmp_path, _flags(30, 28)))
    begun = time.process_time()
    outcome = search(course)
    assert time.process_time() - begun < 10
    assert not outcome.stuck and not outcome.impossible
    assert {(q.kind, q.page) for q in outcome.open} == {("stuck", "door"), ("option", "door")}
    bound = [p for p in check_course(tmp_path).problems if p.rule == "state-search-bound"]
    assert [(p.severity, p.path) for p in bound] == [("info", "course.yml")]
    assert "gets stuck on 'Door'" in bound[0].message
    assert re.search(r"\d+ steps", bound[0].message)


def test_what_is_found_within_the_bound_is_told(tmp_path: Path) -> None:
    """A stuck state that is met is real, however much else was left open."""
    files = _flags(30, 28)
    files["index.md"] += "\n[Trap](trap.md)\n"
    files["trap.md"] = '# Trap\n\n::: choices\n\n- [On](end.md){when="f0 and f29"}\n\n:::\n'
    outcome = search(load_course(write_course(tmp_path, files)))
    assert [(s.question.page, s.trail) for s in outcome.stuck] == [("trap", ("index", "trap"))]
    assert {q.page for q in outcome.open} == {"door"}


def test_steps_are_counted_and_not_timed(tmp_path: Path) -> None:
    """The same course has the same findings after the same number of steps."""
    course = load_course(write_course(tmp_path, _flags(14, 12)))
    for limit in (1, 10, 1_000, 20_000):
        first, second = search(course, limit), search(course, limit)
        assert first.steps == second.steps
        assert [q.place for q in first.open] == [q.place for q in second.open]
        assert first.open


def test_a_smaller_bound_never_finds_otherwise(tmp_path: Path) -> None:
    """Whatever the bound, what is told is told by the whole search too."""
    for name in ("clamped", "hub-runs-dry", "answer-options", "key-behind-a-door", "count"):
        course = load_course(TESTS / "ground_truth" / name / "course")
        whole = search(course)
        for limit in range(0, 400, 7):
            part = search(course, limit)
            told = {(s.question.page) for s in part.stuck}
            assert told <= {s.question.page for s in whole.stuck}
            for mine, theirs in (
                (part.impossible, whole.impossible),
                (part.constant, whole.constant),
                (part.never_shown, whole.never_shown),
            ):
                assert {q.place for q in mine} <= {q.place for q in theirs}
            missing = {s.question.page for s in whole.stuck} - told
            assert missing <= {q.page for q in part.open if q.kind == "stuck"}


def test_a_page_that_no_way_on_leads_to_is_named(tmp_path: Path) -> None:
    """Only the route goes there: what happens there was not searched, and that is told."""
    files = {
        "course.yml": "title: T\nid: t\nstate: {told: false}\n"
        "routes: [{id: r, title: R, steps: [index, far]}]\n",
        "index.md": '::: choices\n\n- [On](end.md){set="told"}\n- [No](end.md)\n\n:::\n',
        "far.md": '::: choices\n\n- [On](end.md){when="told"}\n\n:::\n',
        "end.md": "---\nending: true\n---\n\nEnd.\n",
    }
    found = check_course(write_course(tmp_path, files)).problems
    told = [(p.rule, p.path) for p in found if p.rule in RULES]
    assert told == [("state-search-bound", "far.md")]


def test_numbers_that_cannot_be_told_apart_are_left_open(tmp_path: Path) -> None:
    """Two free numbers compared with each other are beyond the search, and that is told."""
    ask = "::: predict {#%s unit=kg}\n\nHow much?\n\n:::\n\n"
    files = {
        "course.yml": "title: T\nid: t\n",
        "index.md": ask % "a" + ask % "b" + "::: when answer('a') < answer('b')\n\nMore.\n\n:::\n",
    }
    found = check_course(write_course(tmp_path, files)).problems
    assert [p.rule for p in found if p.rule in RULES] == ["state-search-bound"]


def test_a_plain_folder_is_not_searched(tmp_path: Path) -> None:
    """Without a course.yml the rules about branching are off."""
    never = "visited('b') and not visited('b')"
    body = f'[On](b.md)\n\n::: choices\n\n- [On](b.md){{when="{never}"}}\n\n:::\n'
    files = {"index.md": body, "b.md": "B.\n"}
    rules = {p.rule for p in check_course(write_course(tmp_path / "plain", files)).problems}
    assert not rules & set(RULES)
    files["course.yml"] = "title: T\nid: t\n"
    rules = {p.rule for p in check_course(write_course(tmp_path / "course", files)).problems}
    assert "impossible-choice" in rules


def test_the_sample_course_is_proved() -> None:
    """Nothing is found in the sample course, and nothing was left open."""
    outcome = search(load_course(TESTS.parent / "content"))
    assert not (outcome.stuck or outcome.impossible or outcome.constant or outcome.never_shown)
    assert not outcome.open and not outcome.unsearched
    assert 0 < outcome.steps < 50_000


def test_a_stuck_state_in_json(tmp_path: Path, learnpath: CommandLine) -> None:
    """The document keeps to its schema, and carries the trail and the state."""
    course = TESTS / "ground_truth" / "hub-runs-dry" / "course"
    document = valid("check", learnpath("check", "--format", "json", course).out)
    (found,) = (p for p in document["problems"] if p["rule"] == "stuck-state")
    assert found["severity"] == "error"
    assert found["trail"] == ["index", "a", "index", "b", "index"]
    assert found["state"]["visited"] == ["a", "b"]
    assert "'a' was visited and 'b' was visited" in found["message"]


def test_a_long_chain_of_blocks(tmp_path: Path) -> None:
    """An `otherwise` may stand against hundreds of blocks, and a trail be thousands of pages."""
    files = {
        "course.yml": "title: T\nid: t\nstate: {told: false}\n",
        "index.md": "[On](p0.md)\n\n" + "::: when told\n\nA.\n\n:::\n\n" * 400
        + "::: otherwise\n\nB.\n\n:::\n",
        "end.md": '::: choices\n\n- [On](index.md){when="told"}\n\n:::\n',
    }  # fmt: skip
    for number in range(1_500):
        target = f"p{number + 1}" if number < 1_499 else "end"
        files[f"p{number}.md"] = f"[On]({target}.md){{rel=detour}}\n"
    outcome = search(load_course(write_course(tmp_path, files)))
    assert not outcome.open
    assert len(outcome.never_shown) == 400
    assert not outcome.stuck  # every page was opened as a detour, and returns


# Branches out of balance


def _branches(long: int, short: int, *, back: bool = False) -> dict[str, str]:
    files = {
        "course.yml": "title: T\nid: t\n",
        "index.md": "::: choices Where?\n\n- [Long](l0.md)\n- [Short](s0.md)\n\n:::\n",
    }
    for name, count in (("l", long), ("s", short)):
        for n in range(count):
            files[f"{name}{n}.md"] = f"[On]({name}{n + 1}.md)\n"
        files[f"{name}{count}.md"] = "---\nending: true\n---\n\nEnd.\n"
    if back:
        files[f"l{long}.md"] = "[Back](index.md)\n"
    return files


@pytest.mark.parametrize(
    ("long", "short", "back", "told"),
    [
        (12, 1, False, True),
        (9, 0, False, True),
        (8, 0, False, False),  # nine pages and one: eight more
        (7, 0, False, False),  # four times as long, and only seven pages more
        (30, 8, False, False),  # long, and both of them
        (12, 0, True, False),  # comes back to the choice: a look around
    ],
)
def test_unbalanced_branches(long: int, short: int, back: bool, told: bool, tmp_path: Path) -> None:
    """More than four times as long and more than eight pages longer, to the nearest ending."""
    problems = check_course(write_course(tmp_path, _branches(long, short, back=back))).problems
    found = [p for p in problems if p.rule == "unbalanced-branches"]
    assert bool(found) == told
    if told:
        assert (found[0].path, found[0].line) == ("index.md", 1)
        assert f"{long + 1} pages" in found[0].message


def test_unbalanced_branches_of_an_include(tmp_path: Path) -> None:
    """Options that stand in another file are the page's."""
    files = _branches(12, 1)
    files |= {"_where.md": files["index.md"], "index.md": "::include[_where.md]\n"}
    problems = check_course(write_course(tmp_path, files)).problems
    assert [p.path for p in problems if p.rule == "unbalanced-branches"] == ["_where.md"]
