"""Broken courses: a folder each, with exactly what `learnpath check` says of it.

`LEARNPATH_UPDATE=1` rewrites the `expected.txt` files; read the difference before you keep it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from learnpath import check_course
from learnpath.paths import page_file, page_id
from learnpath.problems import PLAIN_OFF, RULES, Problems
from learnpath.source import decode
from support import TESTS, UPDATE, Built, CommandLine, case_folders, text_of, unbalanced

BROKEN = list(case_folders("broken"))
_KEPT = re.compile(r"kept-\w+")
_ID = re.compile(r"^id: *(.+)$", re.MULTILINE)
_UNSEEN = re.compile(r"^(?:draft: true|audience: facilitator)$", re.MULTILINE)

NOT_YET_PINNED: frozenset[str] = frozenset(
    (
        "orphaned-answers", "stale-translation", "stuck-state", "impossible-choice",
        "constant-condition", "never-shown", "unbalanced-branches", "external-link",
        "state-search-bound",
    )
)  # fmt: skip
"""Rules without a broken course. Take one out here when its course comes."""

broken = pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)


@broken
def test_check_tells_exactly_this(folder: Path, learnpath: CommandLine) -> None:
    """Place, excerpt, caret, rule and hint of every problem are pinned to the letter."""
    expected = folder / "expected.txt"
    told = learnpath("check", "--no-color", folder / "course").err
    if UPDATE:
        expected.write_text(told, "utf-8", newline="\n")
    assert told == expected.read_bytes().decode("utf-8")


@broken
def test_exit_codes(folder: Path, learnpath: CommandLine) -> None:
    """Errors end with 1, warnings alone with 0, warnings under --strict with 1."""
    course = folder / "course"
    found = json.loads(learnpath("check", "--format", "json", course).out)
    errors, warnings = found["summary"]["errors"], found["summary"]["warnings"]
    assert learnpath("check", "-q", course).code == (1 if errors else 0)
    assert learnpath("check", "-q", "--strict", course).code == (1 if errors or warnings else 0)


@broken
def test_every_problem_has_a_place_and_a_hint(folder: Path, learnpath: CommandLine) -> None:
    """A problem names its file, a line and column that are in it, and says what to do."""
    course = folder / "course"
    for problem in json.loads(learnpath("check", "--format", "json", course).out)["problems"]:
        assert problem["rule"] in RULES
        assert problem["path"], problem
        assert problem["message"].strip() and problem["hint"].strip(), problem
        assert problem["hint"] != problem["message"]
        path = course / problem["path"]
        if problem["line"] is None:
            assert problem["column"] is None
            continue
        lines = decode(path.read_bytes(), problem["path"], Problems()).split("\n")
        assert 1 <= problem["line"] <= len(lines)
        if problem["column"] is not None:
            assert 1 <= problem["column"] <= len(lines[problem["line"] - 1]) + 1


@broken
def test_build_keeps_every_page_and_every_text(folder: Path, built: Built) -> None:
    """A page that can be built is built, whatever else is wrong; its `kept-…` words are on it."""
    course, result = folder / "course", built(folder / "course")
    site = result.output
    assert result.checked.problems == check_course(course).problems
    included = {
        word for path in course.rglob("_*") if path.is_file() for word in _KEPT.findall(_text(path))
    }
    seen: set[str] = set()
    for page in sorted(course.rglob("*.md")):
        name = page.relative_to(course).as_posix()
        text = _text(page)
        if any(part.startswith("_") for part in name.split("/")) or _UNSEEN.search(text):
            continue
        given = _ID.search(text)
        landing = page.name in ("index.md", "README.md") and given is None
        identity = given[1] if given else page_id(name)
        html = site / page_file(identity, landing=landing)
        if "lost-" in text and not html.is_file():
            continue
        shown = html.read_text("utf-8")
        assert not unbalanced(shown), name
        read = text_of(shown)
        seen.update(_KEPT.findall(read))
        lost = set(_KEPT.findall(text)) - set(_KEPT.findall(read))
        assert not lost, f"{name} lost {sorted(lost)}"
    assert included <= seen


def _text(path: Path) -> str:
    return decode(path.read_bytes(), path.name, Problems())


def test_every_rule_has_its_broken_course() -> None:
    """Each rule that exists is shown by some course; a new rule comes with one."""
    pinned = set()
    for folder in BROKEN:
        found = (folder / "expected.txt").read_bytes().decode("utf-8")
        pinned.update(
            re.findall(r"^\S.*: (?:error|warning): .* \[([a-z-]+)\]$", found, re.MULTILINE)
        )
    assert pinned | NOT_YET_PINNED == set(RULES)
    assert not pinned & NOT_YET_PINNED


def test_no_broken_course_is_empty() -> None:
    """A folder without an expectation, or a file beside the course, is a mistake."""
    for folder in sorted((TESTS / "broken").iterdir()):
        assert sorted(p.name for p in folder.iterdir()) == ["course", "expected.txt"]


def test_rules_that_a_plain_folder_has_off_exist() -> None:
    """The rules that say nothing of a plain folder are rules."""
    assert set(RULES) >= PLAIN_OFF
