"""What checks and builds come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from learnpath.problems import Problem, Severity
from learnpath.write import Written

if TYPE_CHECKING:
    from learnpath.course import Course


class CheckResult(Struct, frozen=True, eq=False, dict=True):
    """A course and everything that is wrong with it."""

    problems: tuple[Problem, ...]
    pages: int
    checkpoints: int
    find: Callable[[], Course]

    @cached_property
    def course(self) -> Course:
        """The course; read only now, where nothing had changed since an earlier build."""
        return self.find()

    @property
    def errors(self) -> int:
        return sum(p.severity is Severity.ERROR for p in self.problems)

    @property
    def warnings(self) -> int:
        return sum(p.severity is Severity.WARNING for p in self.problems)


class BuildResult(Struct, frozen=True):
    """What a build did. `seconds` is wall time; `pages` counts source pages."""

    checked: CheckResult
    output: Path
    pages: int
    rendered: int
    """How many of the pages had to be made; the others were as they were."""
    files: Written
    seconds: float
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why each file was made, where that was asked for."""
    trouble: str = ""
    """Why nothing could be remembered for the next build, if so."""


def find_course(source: Path) -> Path:
    """The course's folder: the one named, or its `content` where only that has a course."""
    inner = source / "content"
    if not (source / "course.yml").is_file() and (inner / "course.yml").is_file():
        return inner
    return source


def build_json(result: BuildResult, *, explain: bool = False) -> dict[str, object]:
    """The document that `build --format json` prints."""
    return {
        "version": 1,
        "pages": result.pages,
        "rendered": result.rendered,
        "written": result.files.written,
        "unchanged": result.files.unchanged,
        "removed": result.files.removed,
        "seconds": round(result.seconds, 3),
        "problems": [p.as_json() for p in result.checked.problems],
        **({"made": dict(result.reasons)} if explain else {}),
    }
