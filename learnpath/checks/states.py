"""What the search over states finds: nobody is stuck, and every condition makes a difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from learnpath.conditions.evaluate import Value
from learnpath.course import Course
from learnpath.filenames import CONFIG_FILE
from learnpath.problems import Place, Problem, Severity, problem
from learnpath.search import Outcome, Question, Stuck, search
from learnpath.search.space import SOMETHING
from learnpath.search.terms import Fact

_NAMED = 5
"""How many pages a message lists before it only counts them."""
_SAID = 8
"""How many facts a message says; the JSON has them all."""


def states(course: Course) -> Iterator[Problem]:
    """`stuck-state`, `impossible-choice`, `constant-condition`, `never-shown`, and the bound."""
    outcome = search(course)
    for stuck in outcome.stuck:
        yield _stuck(stuck, course)
    for question in outcome.impossible:
        yield problem(
            "impossible-choice",
            question.place,
            f"this choice is never open: no way through the course makes '{question.text}' hold",
            "change the condition, or let something on the way make it true",
        )
    for question in outcome.constant:
        what = "this choice is always open" if question.kind == "option" else "this is always shown"
        yield problem(
            "constant-condition",
            question.place,
            f"{what}: '{question.text}' holds whatever a learner did before",
            "take the condition out, or ask for something that can be otherwise",
        )
    for question in outcome.never_shown:
        yield _never_shown(question)
    yield from _open(outcome, course)


def _stuck(stuck: Stuck, course: Course) -> Problem:
    page = course.by_id[stuck.question.page]
    words = _in_words(stuck.state)
    when = f" when {words}" if words else ""
    if stuck.question.text == "return":
        when = " where it is not opened as a detour"
    trail = " → ".join(stuck.trail)
    told = problem(
        "stuck-state",
        stuck.question.place,
        f"no way on is left on '{page.title}'{when}; it comes about so: {trail}",
        "add a way on without a condition, or open one of those that are there",
    )
    return replace(told, extra={"trail": list(stuck.trail), "state": _state_json(stuck.state)})


def _never_shown(question: Question) -> Problem:
    if question.kind == "otherwise":
        message = f"this is never shown: '{question.text}' always holds here"
    else:
        message = f"this is never shown: no way through the course makes '{question.text}' hold"
    return problem(
        "never-shown",
        question.place,
        message,
        "change the condition, or take the text out",
    )


def _open(outcome: Outcome, course: Course) -> Iterator[Problem]:
    """The bound, with what was left open: never a false all-is-well."""
    if outcome.open:
        yield problem(
            "state-search-bound",
            Place(CONFIG_FILE),
            f"too many states to search them all: {outcome.steps} steps left open "
            f"{_what(outcome.open, course)}",
            "nothing needs doing; with fewer facts that depend on one another all can be proved",
            Severity.INFO,
        )
    for identity in outcome.unsearched:
        yield problem(
            "state-search-bound",
            Place(course.by_id[identity].source),
            "no way on leads to this page, only a route or a lens: its states were not searched",
            "nothing needs doing; lead to it by a choice or a link to have them proved",
            Severity.INFO,
        )


def _what(questions: list[Question], course: Course) -> str:
    stuck = list(dict.fromkeys(q.page for q in questions if q.kind == "stuck"))
    others = list(dict.fromkeys(q.page for q in questions if q.kind != "stuck"))
    parts = []
    if stuck:
        parts.append(f"whether anybody gets stuck on {_pages(stuck, course)}")
    if others:
        parts.append(f"which conditions can hold on {_pages(others, course)}")
    return ", and ".join(parts)


def _pages(identities: list[str], course: Course) -> str:
    named = ", ".join(f"'{course.by_id[identity].title}'" for identity in identities[:_NAMED])
    more = len(identities) - _NAMED
    return named + (f" and {more} more" if more > 0 else "")


# A state in words and as JSON


def _in_words(state: Mapping[Fact, Value]) -> str:
    said = [_fact_in_words(kind, name, value) for (kind, name), value in state.items()]
    if len(said) > _SAID:
        said = [*said[: _SAID - 1], f"{len(said) - _SAID + 1} more things are as they are there"]
    return ", ".join(said[:-1]) + (" and " if len(said) > 1 else "") + said[-1] if said else ""


def _fact_in_words(kind: str, name: str, value: Value) -> str:
    match kind, value:
        case "var", True:
            return f"'{name}' is on"
        case "var", False:
            return f"'{name}' is off"
        case "var", _:
            return f"'{name}' is {value}"
        case "visited", _:
            return f"'{name}' was visited" if value else f"'{name}' was not visited"
        case "chose", None:
            return f"nothing was chosen in '{name}'"
        case "chose", _:
            return f"'{value}' was chosen in '{name}'"
        case "route", None:
            return "no route was taken"
        case "route", _:
            return f"the route is '{value}'"
        case "revisited", _:
            return f"'{name}' was {'' if value else 'not '}come back to"
        case _, None:
            return f"'{name}' is not answered"
        case _:
            answered = value == SOMETHING
            return f"'{name}' is answered" + ("" if answered else f" with {value}")


def _state_json(state: Mapping[Fact, Value]) -> dict[str, Any]:
    """The state in the shape of the moments' vectors; only what matters here is in it."""
    route = state.get(("route", ""))
    return {
        "variables": _of("var", state),
        "visited": sorted(name for name, seen in _of("visited", state).items() if seen),
        "chose": {name: option for name, option in _of("chose", state).items() if option},
        "route": route,
        "answers": {name: v for name, v in _of("answer", state).items() if v is not None},
        "revisited": sorted(name for name, done in _of("revisited", state).items() if done),
    }


def _of(kind: str, state: Mapping[Fact, Value]) -> dict[str, Value]:
    return {name: value for (which, name), value in state.items() if which == kind}
