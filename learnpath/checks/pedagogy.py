"""What no other tool asks: whether the choices are real, and whether anybody is asked to think."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from learnpath.course import LEADS_ON, Course, PageTarget, checkpoint_homes
from learnpath.document import Choices, Option
from learnpath.problems import Place, Problem, problem


def fake_choices(course: Course) -> Iterator[Problem]:
    """`fake-choice`: several options, one place, and nothing that differs."""
    if course.config.plain:
        return
    for page in course.pages:
        for block in page.document.facts.choices:
            if len(block.options) > 1 and _is_fake(block, course, page.language):
                yield problem(
                    "fake-choice",
                    block.place,
                    "every option leads to the same place and changes nothing",
                    "let an option lead elsewhere, show a consequence, or set something",
                )


def _is_fake(block: Choices, course: Course, language: str) -> bool:
    return len({_outcome(option, course, language) for option in block.options}) == 1


def _outcome(option: Option, course: Course, language: str) -> object:
    if option.consequence or option.effects or option.write:
        return id(option)
    target = course.target(option.source, option.href, language) if option.href else None
    return target.page.id if isinstance(target, PageTarget) else option.href


def gates_without_reason(course: Course) -> Iterator[Problem]:
    """`gate-without-reason`: a gate that does not say why."""
    for page in course.pages:
        if page.front.requires is not None and not page.front.because:
            yield problem(
                "gate-without-reason",
                page.front.requires.place,
                "this gate does not tell the learner why it is there",
                "write because: and the reason, in a sentence to the learner",
            )


def paths_without_checkpoint(course: Course) -> Iterator[Problem]:
    """`path-without-checkpoint`: an ending that can be come to without being asked a thing."""
    start = course.start
    if course.config.plain or start is None:
        return
    asking = {page.id for page in course.pages if any(True for _ in checkpoint_homes(page))}
    came_from: dict[str, str] = {start.id: ""}
    waiting = deque([start.id] if start.id not in asking else [])
    while waiting:
        identity = waiting.popleft()
        page = course.by_id[identity]
        if page.front.ending:
            yield problem(
                "path-without-checkpoint",
                Place(page.source),
                "a path ends here on which nothing is asked: " + _path(identity, came_from),
                "put a checkpoint on one of these pages",
            )
        for edge in course.edges_from.get(identity, ()):
            onward = edge.type in LEADS_ON and edge.target not in came_from
            if onward and edge.target not in asking:
                came_from[edge.target] = identity
                waiting.append(edge.target)


def _path(identity: str, came_from: dict[str, str]) -> str:
    names = [identity]
    while came_from[names[-1]]:
        names.append(came_from[names[-1]])
    return " → ".join(reversed(names))
