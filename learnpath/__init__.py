"""learnpath: courses that learners find their own way through, from plain files."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from learnpath.build import build_site, check_course, load_course
    from learnpath.course import Course
    from learnpath.problems import Problem, Severity
    from learnpath.results import BuildResult, CheckResult

__version__ = "0.1.0"

__all__ = [
    "BuildResult",
    "CheckResult",
    "Course",
    "Problem",
    "Severity",
    "__version__",
    "build_site",
    "check_course",
    "load_course",
]

_HOMES = {
    "Course": "course",
    "Problem": "problems",
    "Severity": "problems",
    "BuildResult": "results",
    "CheckResult": "results",
}


def __getattr__(name: str) -> object:
    """What is exported, loaded when it is asked for: a build with nothing to do needs little."""
    if name not in __all__:
        raise AttributeError(f"learnpath has no {name}")
    module = importlib.import_module(f"learnpath.{_HOMES.get(name, 'build')}")
    return getattr(module, name)
