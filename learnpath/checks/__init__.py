"""What can be wrong with a whole course: one rule a function, all of them in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from learnpath.checks import graph, links, names, pedagogy, states
from learnpath.course import Course
from learnpath.problems import Problem

Check = Callable[[Course], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    names.unknown_front_matter_keys,
    names.double_outputs,
    names.double_ids,
    names.unknown_ids,
    names.course_id,
    names.conditions,
    names.effects,
    names.unused_variables,
    names.missing_alternatives,
    links.broken,
    links.self_links,
    graph.unreachable_pages,
    graph.dead_ends,
    graph.prerequisite_circles,
    pedagogy.fake_choices,
    pedagogy.gates_without_reason,
    pedagogy.paths_without_checkpoint,
    pedagogy.unbalanced_branches,
    states.states,
)
