"""learnpath: courses that learners find their own way through, from plain files."""

from learnpath.build import BuildResult, CheckResult, build_site, check_course, load_course
from learnpath.course import Course
from learnpath.problems import Problem, Severity

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
