"""The author's side of a page: its place in the graph, its conditions, who could stand there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from learnpath.conditions.check import canonical
from learnpath.course import Course, Edge
from learnpath.document import PlacedCondition
from learnpath.page import Page
from learnpath.paths import slug
from learnpath.personas import FOLDER, HABITS, Persona, persona_text, read_persona, read_personas
from learnpath.problems import Place, Problems
from learnpath.rewrite import replace_file
from learnpath.serve.generation import Generation
from learnpath.write import OutputError

_OPENED = frozenset((".md", ".yml", ".yaml"))


class AuthorError(Exception):
    """What the author asked for cannot be done; the message says why and what to do."""


class Spot(Struct, frozen=True):
    """A place in a file, as an editor takes it: counted from 1."""

    path: Path
    line: int
    column: int


def page_document(root: Path, generation: Generation, file: str) -> bytes:
    """The JSON for the panel over the page at an output file."""
    course = generation.plan.course
    item = generation.plan.items.get(file)
    page = item.page if item else None
    data = {
        "page": _page(course, page) if page else None,
        "pages": [_link(course, other.id) for other in course.pages],
        "routes": [{"id": route.id, "title": route.title} for route in course.config.routes],
        "personas": [
            _persona(course, persona) for persona in read_personas(root, course, Problems())
        ],
    }
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")


def _page(course: Course, page: Page) -> dict[str, Any]:
    return {
        **_link(course, page.id),
        "source": page.source,
        "start": course.start is not None and course.start.id == page.id,
        "ending": page.front.ending or "",
        "unreachable": page.id in course.unreachable,
        "deadEnd": page.id in course.dead_ends,
        "in": [_edge(course, e, e.origin) for e in course.edges_to.get(page.id, ())],
        "out": [_edge(course, e, e.target) for e in course.edges_from.get(page.id, ())],
        "conditions": list(_conditions(course, page)),
    }


def _link(course: Course, identity: str) -> dict[str, str]:
    page = course.by_id[identity]
    return {"id": identity, "title": page.title, "url": "/" + page.url}


def _edge(course: Course, edge: Edge, other: str) -> dict[str, Any]:
    there = _link(course, other)
    return {**there, "type": edge.type, "when": edge.when or "", "place": _place(edge.place)}


def _place(place: Place) -> str:
    parts = (place.path, place.line, place.column)
    return ":".join(str(part) for part in parts if part is not None)


def _conditions(course: Course, page: Page) -> Iterator[dict[str, Any]]:
    """Every condition on the page, in order of writing, with what it decides."""
    facts = page.document.facts
    found = [("content", when.words, when.conditions, when.negated) for when in facts.whens]
    if page.front.requires:
        found.append(("gate", page.title, (page.front.requires,), False))
    for block in facts.choices:
        found += [("choice", o.text, (o.when,), False) for o in block.options if o.when]
    found.sort(key=lambda one: (one[2][0].place.line or 0, one[2][0].place.column or 0))
    for kind, label, conditions, negated in found:
        yield {
            "kind": "otherwise" if negated else kind,
            "label": label,
            "text": _together([condition.text for condition in conditions], negated=negated),
            "tree": _tree(course, conditions, negated=negated),
            "place": _place(conditions[0].place),
        }


def _together(texts: list[str], *, negated: bool) -> str:
    whole = " or ".join(texts) if len(texts) == 1 else " or ".join(f"({text})" for text in texts)
    return f"not ({whole})" if negated else whole


def _tree(course: Course, conditions: tuple[PlacedCondition, ...], *, negated: bool) -> Any:
    """The tree of what is decided; None where a condition cannot be read."""
    whole: Any = None
    for placed in conditions:
        if placed.condition is None:
            return None
        tree = canonical(placed.condition.tree, course)
        whole = tree if whole is None else ["or", whole, tree]
    return ["not", whole] if negated else whole


def _persona(course: Course, persona: Persona) -> dict[str, Any]:
    return {
        "id": persona.id,
        "name": persona.name,
        "start": persona.start,
        "route": persona.route,
        "answers": dict(persona.answers),
        "state": dict(persona.state),
        "visited": [_link(course, identity) for identity in persona.visited],
        "chose": dict(persona.chose),
        "revisited": list(persona.revisited),
    }


def save_persona(root: Path, course: Course, data: dict[str, Any]) -> str:
    """Write a learner's state as a persona file of its own; the file's path in the course.

    Raises AuthorError where it says what the course does not have, or cannot be written.
    """
    name = str(data.get("name") or "").strip()
    if not name:
        raise AuthorError("give the learner a name")
    try:
        text = persona_text(name, data)
    except (TypeError, ValueError) as error:
        raise AuthorError(f"this is no state of a learner: {error}") from error
    path = _free_name(root, slug(name) or "learner")
    problems = Problems()
    read_persona(text, path, name, course, problems)
    if wrong := problems.all():
        raise AuthorError(f"{wrong[0].message}: {wrong[0].hint}")
    try:
        replace_file(root / path, text.encode(), folder=True)
    except OutputError as error:
        raise AuthorError(str(error)) from error
    return path


def _free_name(root: Path, base: str) -> str:
    """A file of the personas' folder that is not there yet: nothing is ever overwritten."""
    count = 1
    name = base
    while name in HABITS or (root / FOLDER / f"{name}.yml").exists():
        count += 1
        name = f"{base}-{count}"
    return f"{FOLDER}/{name}.yml"


def spot_of(root: Path, place: str) -> Spot:
    """The file and place that `path:line:column` names. Raises AuthorError outside the course."""
    path, *numbers = place.split(":")
    line, column = [*_counted(numbers), 1, 1][:2]
    found = (root / path).resolve()
    if not (path and found.is_relative_to(root.resolve()) and found.suffix in _OPENED):
        raise AuthorError(f"'{place}' is no place in this course")
    if not found.is_file():
        raise AuthorError(f"there is no file '{path}' any more")
    return Spot(found, line, column)


def _counted(numbers: Iterable[str]) -> list[int]:
    return [max(int(number), 1) for number in numbers if number.isdecimal()]
