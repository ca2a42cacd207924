"""The course graph in other forms: one format a function, behind one table."""

from __future__ import annotations

import json
from collections.abc import Callable

from learnpath.course import Course
from learnpath.drawing import draw_pages
from learnpath.page import Card, translated

_ARROWS = {"choice": "==>", "detour": "-.->", "builds_on": "-.->", "requires": "-.->"}


def export_map(course: Course, form: str, language: str = "") -> str:
    """The graph as text, json, svg, mermaid or dot."""
    return _FORMATS[form](course, language or course.config.language)


def map_data(course: Course, language: str) -> dict[str, object]:
    """The document that `map --format json` prints."""
    return {
        "version": 1,
        "start": course.start.id if course.start else None,
        "pages": [
            {
                "id": page.id,
                "title": page.title,
                "url": page.url,
                "source": page.source,
                "kind": page.front.kind or None,
                "language": page.language,
                "topics": [topic for topic, _ in page.front.topics],
                "minutes": page.front.minutes or None,
                "words": page.document.words,
                "ending": page.front.ending or None,
                "listed": page.front.listed,
                "checkpoints": [c.id for c in page.document.facts.checkpoints],
            }
            for page in sorted(
                (course.in_language(p, language) for p in course.pages), key=lambda p: p.id
            )
        ],
        "edges": [
            {
                "from": edge.origin,
                "to": edge.target,
                "type": edge.type,
                "label": course.label_of(edge),
                "when": edge.when,
                "source": edge.place.path,
                "line": edge.place.line,
            }
            for edge in course.edges
        ],
        "routes": [
            {"id": route.id, "steps": [page.id for page in course.route_steps(route)]}
            for route in course.config.routes
        ],
        "unreachable": list(course.unreachable),
        "dead_ends": list(course.dead_ends),
    }


def _json(course: Course, language: str) -> str:
    return json.dumps(map_data(course, language), ensure_ascii=False, indent=2) + "\n"


def _text(course: Course, language: str) -> str:
    lines = []
    for page in course.pages:
        marks = [mark for mark, on in (
            ("start", course.start is page),
            ("ending", bool(page.front.ending)),
            ("unreachable", page.id in course.unreachable),
            ("dead end", page.id in course.dead_ends),
        ) if on]  # fmt: skip
        title = course.in_language(page, language).title
        lines.append(f"{page.id}: {title}" + (f" ({', '.join(marks)})" if marks else ""))
        for edge in course.edges_from.get(page.id, ()):
            when = f"  [if {edge.when}]" if edge.when else ""
            lines.append(f"    {edge.type:<12} {edge.target}{when}")
    return "\n".join(lines) + "\n"


def _svg(course: Course, language: str) -> str:
    ways = {
        page.id: [
            (way.type, _card(course, way.target.id, language))
            for way in course.ways_from(page.id, language, unlisted=True)
        ]
        for page in course.pages
    }
    cards = [_card(course, page.id, language) for page in course.pages]
    drawing = draw_pages(cards, ways, course.start.id if course.start else "")
    style = (
        "<style>.node>*{fill:#fff;stroke:#555}.node text{fill:#111!important;stroke:none!important}"
        ".edge{fill:none;stroke:#999}.edge-choice{stroke:#222;stroke-width:2}"
        ".edge-detour{stroke-dasharray:2 4}.edge-builds_on,.edge-requires{stroke-dasharray:9 4}"
        "text{font:14px sans-serif}</style>"
    )
    head, mark, rest = str(drawing).partition(">\n")
    return head + mark + style + rest + "\n"


def _card(course: Course, identity: str, language: str) -> Card:
    own = course.by_id[identity]
    return translated(own.card, course.in_language(own, language).card)


def _mermaid(course: Course, language: str) -> str:
    names = {page.id: f"p{at}" for at, page in enumerate(course.pages)}
    lines = ["flowchart TD"]
    for page in course.pages:
        title = course.in_language(page, language).title.replace('"', "#quot;")
        lines.append(f'    {names[page.id]}["{title}"]')
    for edge in course.edges:
        arrow = _ARROWS.get(edge.type, "-->")
        label = "" if edge.type in ("choice", "link") else f"|{edge.type}|"
        lines.append(f"    {names[edge.origin]} {arrow}{label} {names[edge.target]}")
    return "\n".join(lines) + "\n"


def _dot(course: Course, language: str) -> str:
    lines = ["digraph course {", "    node [shape=box, style=rounded];"]
    for page in course.pages:
        title = course.in_language(page, language).title
        lines.append(f"    {_quoted(page.id)} [label={_quoted(title)}];")
    for edge in course.edges:
        style = "solid" if edge.type == "choice" else "dashed"
        lines.append(
            f"    {_quoted(edge.origin)} -> {_quoted(edge.target)} "
            f"[label={_quoted(edge.type)}, style={style}];"
        )
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_FORMATS: dict[str, Callable[[Course, str], str]] = {
    "text": _text,
    "json": _json,
    "svg": _svg,
    "mermaid": _mermaid,
    "dot": _dot,
}
FORMATS = tuple(_FORMATS)
