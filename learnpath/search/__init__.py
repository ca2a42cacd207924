"""The search over a learner's states, as `semantics.md` defines it."""

from learnpath.search.find import LIMIT, Outcome, Stuck, search
from learnpath.search.model import Question

__all__ = ["LIMIT", "Outcome", "Question", "Stuck", "search"]
