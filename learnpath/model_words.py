"""A small model as a page shows it: its one run, with charts and the same in numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from learnpath.document import Model
from learnpath.simulation.chart import LETTERS, MOST_LINES, draw, number_text
from learnpath.strings import Strings
from learnpath.views import (
    ChartView,
    CheckpointView,
    InputView,
    LineView,
    ModelView,
    RunView,
)

_MOST_ROWS = 61
"""A longer table is thinned out, its last row kept."""

Rows = Sequence[dict[str, float]]


def model_view(
    model: Model, label: Markup, checkpoint: CheckpointView | None, strings: Strings
) -> ModelView:
    """What a template sees of a model."""
    program = json.loads(model.program)
    start, end, _, _, unit = program["time"]
    rows = [dict(zip(model.columns, row, strict=True)) for row in model.rows]
    parts = {
        after: [show["names"] for show in program["show"] if show["after"] is after]
        for after in (False, True)
    }
    return ModelView(
        model.id,
        label,
        checkpoint,
        model.program,
        number_text(start),
        number_text(end),
        unit,
        tuple(_input(each, program) for each in program["inputs"]),
        _run(parts[False], rows, program, strings),
        _run(parts[True], rows, program, strings) if parts[True] else None,
        model.source.strip("\n"),
    )


def _input(each: Sequence[Any], program: dict[str, Any]) -> InputView:
    name, kind, value, low, high, _ = each
    numbers = (number_text(value), number_text(low), number_text(high))
    return InputView(name, *numbers, program["units"].get(name, ""), kind == "decision")


def _run(
    shows: Sequence[Sequence[str]], rows: Rows, program: dict[str, Any], strings: Strings
) -> RunView:
    charts = [
        _chart(names, rows, program, strings)
        for show in shows
        for names in _by_unit(show, program["units"])
    ]
    names = list(dict.fromkeys(name for show in shows for name in show))
    units = program["units"]
    head = [f"{name} ({units[name]})" if units.get(name) else name for name in names]
    step = -(-len(rows) // _MOST_ROWS)
    kept = [row for at, row in enumerate(rows) if at % step == 0 or at == len(rows) - 1]
    table = (tuple(number_text(row[name]) for name in ("time", *names)) for row in kept)
    time = program["time"][4] or strings.text("model.time")
    return RunView(tuple(charts), (time, *head), tuple(table))


def _by_unit(names: Sequence[str], units: dict[str, str]) -> list[list[str]]:
    """Names that can share an axis: those of one unit, not too many."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(units.get(name, ""), []).append(name)
    return [
        those[at : at + MOST_LINES]
        for those in found.values()
        for at in range(0, len(those), MOST_LINES)
    ]


def _chart(
    names: Sequence[str], rows: Rows, program: dict[str, Any], strings: Strings
) -> ChartView:
    unit = program["units"].get(names[0], "")
    words = strings.text("model.chart", names=", ".join(names))
    times = [row["time"] for row in rows]
    lines = [[row[name] for row in rows] for name in names]
    drawing = draw(times, lines, words, unit, program["time"][4])
    legend = (LineView(LETTERS[at], name, at) for at, name in enumerate(names))
    return ChartView(drawing, unit, tuple(legend))
