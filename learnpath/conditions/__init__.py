"""The little language of conditions: parsed at build time, evaluated without effects."""

from learnpath.conditions.evaluate import Facts, evaluate, holds
from learnpath.conditions.syntax import ConditionError, Tree, parse

__all__ = ["ConditionError", "Facts", "Tree", "evaluate", "holds", "parse"]
