"""A program, run: Euler, or Runge and Kutta's fourth order where the model asks for it.

`model-run.js` does the same in the browser; tests/vectors/models.json holds for both. What cannot
be computed (a division by zero) is not a number from there on, and never an exception.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from learnpath.simulation.expressions import Tree

Program = Mapping[str, Any]
Values = dict[str, float]
_NAN = math.nan
_NEARLY = 1e-9


class Run:
    """One run, standing at one moment: `values` are those of the moment, inputs included."""

    def __init__(self, program: Program, inputs: Mapping[str, float] | None = None) -> None:
        self._program = program
        self._start, self._end, self._step, self._method, _ = program["time"]
        self.inputs: Values = {name: value for name, _, value, *_ in program["inputs"]}
        self.inputs.update(inputs or {})
        self.at = 0
        """How many steps were made."""
        self._stocks: Values = {}
        self._pipes: dict[str, list[float]] = {}
        self._begin()
        self.values = self._look(self._stocks, self.time)

    @property
    def time(self) -> float:
        return float(self._start + self.at * self._step)

    @property
    def steps(self) -> int:
        """How many steps there are in all."""
        return steps_of(self._program)

    def change(self, inputs: Mapping[str, float]) -> None:
        """Decide otherwise, from this moment on."""
        self.inputs.update(inputs)
        self.values = self._look(self._stocks, self.time)

    def advance(self) -> None:
        """Go on by one step."""
        changed = self._changed()
        for name, what, *_ in self._program["delays"]:
            pipe = self._pipes[name]
            pipe.append(_value(what, self.values, self._program, self.time))
            pipe.pop(0)
        self._stocks = changed
        self.at += 1
        self.values = self._look(self._stocks, self.time)

    def _begin(self) -> None:
        """First values, each asked for when it is needed: the program has no circle."""
        formulas = dict(self._program["order"])
        formulas |= {name: first for name, first, _ in self._program["stocks"]}
        formulas |= {name: first for name, _, _, first in self._program["delays"]}
        known = _Lazy(formulas, self._program, self._start, self.inputs)
        for name, *_ in self._program["stocks"]:
            self._stocks[name] = known[name]
        for name, _, long, _ in self._program["delays"]:
            time = _value(long, known, self._program, self._start)
            ratio = time / self._step
            count = max(math.floor(ratio + 0.5), 1) if math.isfinite(ratio) else 1
            self._pipes[name] = [known[name]] * min(count, self.steps + 1)

    def _look(self, stocks: Mapping[str, float], time: float) -> Values:
        values = {**self.inputs, **stocks}
        values |= {name: pipe[0] for name, pipe in self._pipes.items()}
        for name, tree in self._program["order"]:
            values[name] = _value(tree, values, self._program, time)
        return values

    def _changed(self) -> Values:
        if self._method != "rk4":
            return self._moved(self._slopes(self.values, self.time), self._step)
        step, half, time = self._step, self._step / 2, self.time
        one = self._slopes(self.values, time)
        two = self._slopes(self._look(self._moved(one, half), time + half), time + half)
        three = self._slopes(self._look(self._moved(two, half), time + half), time + half)
        four = self._slopes(self._look(self._moved(three, step), time + step), time + step)
        mean = {n: (one[n] + 2 * two[n] + 2 * three[n] + four[n]) / 6 for n in self._stocks}
        return self._moved(mean, step)

    def _slopes(self, values: Mapping[str, float], time: float) -> Values:
        program = self._program
        return {name: _value(tree, values, program, time) for name, _, tree in program["stocks"]}

    def _moved(self, slopes: Mapping[str, float], by: float) -> Values:
        return {name: value + by * slopes[name] for name, value in self._stocks.items()}


class _Lazy(dict[str, float]):
    """Values that are computed when they are first asked for."""

    def __init__(
        self,
        formulas: Mapping[str, Tree],
        program: Program,
        time: float,
        inputs: Mapping[str, float],
    ) -> None:
        super().__init__(inputs)
        self._formulas, self._program, self._time = formulas, program, time

    def __missing__(self, name: str) -> float:
        self[name] = _value(self._formulas[name], self, self._program, self._time)
        return self[name]


def steps_of(program: Program) -> int:
    """How many steps a run has."""
    start, end, step = (float(part) for part in program["time"][:3])
    return math.floor((end - start) / step + _NEARLY)


def rows_of(
    program: Program,
    inputs: Mapping[str, float] | None = None,
    decisions: Sequence[Mapping[str, float]] = (),
) -> list[Values]:
    """Every moment of a run, `time` among its values. `decisions` are those of each moment."""
    run = Run(program, inputs)
    rows = []
    for at in range(run.steps + 1):
        if at < len(decisions):
            run.change(decisions[at])
        rows.append({**run.values, "time": run.time})
        if at < run.steps:
            run.advance()
    return rows


# Values


def _value(tree: Tree, values: Mapping[str, float], program: Program, time: float) -> float:
    if not isinstance(tree, list):
        return float(tree)
    operator = tree[0]
    if operator == "var":
        return values[str(tree[1])]
    if operator == "time":
        return time
    if operator == "if":
        chosen = tree[2] if _value(tree[1], values, program, time) else tree[3]
        return _value(chosen, values, program, time)
    if operator == "table":
        points = program["tables"][tree[1]]
        return _looked_up(points, _value(tree[2], values, program, time))
    arguments = [_value(part, values, program, time) for part in tree[1:]]
    if any(math.isnan(argument) for argument in arguments):
        return _NAN
    if operator in _TIMED:
        return _TIMED[str(operator)](time, *arguments)
    return _OPERATORS[str(operator)](*arguments)


def _looked_up(points: Sequence[Sequence[float]], x: float) -> float:
    """Between two points on the line between them, outside at the last."""
    if math.isnan(x):
        return _NAN
    if x <= points[0][0]:
        return float(points[0][1])
    for (ax, ay), (bx, by) in pairwise(points):
        if x <= bx:
            return float(ay + (by - ay) * (x - ax) / (bx - ax))
    return float(points[-1][1])


def _guarded(work: Callable[..., float]) -> Callable[..., float]:
    def compute(*arguments: float) -> float:
        try:
            found = work(*arguments)
        except (ValueError, ZeroDivisionError, OverflowError):
            return _NAN
        return found if math.isfinite(found) else _NAN

    return compute


_OPERATORS: dict[str, Callable[..., float]] = {
    "+": _guarded(lambda a, b: a + b),
    "-": _guarded(lambda a, b: a - b),
    "*": _guarded(lambda a, b: a * b),
    "/": _guarded(lambda a, b: a / b),
    "^": _guarded(math.pow),
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "and": lambda a, b: float(bool(a) and bool(b)),
    "or": lambda a, b: float(bool(a) or bool(b)),
    "not": lambda a: float(not a),
    "min": min,
    "max": max,
    "abs": abs,
    "floor": lambda a: float(math.floor(a)),
    "round": lambda a: float(math.floor(a + 0.5)),
    "sqrt": _guarded(math.sqrt),
    "exp": _guarded(math.exp),
    "ln": _guarded(math.log),
    "sin": _guarded(math.sin),
    "cos": _guarded(math.cos),
}

_TIMED: dict[str, Callable[..., float]] = {
    "step": lambda now, height, at: height if now >= at - _NEARLY else 0.0,
    "pulse": lambda now, height, at, long: (
        height if at - _NEARLY <= now < at + long - _NEARLY else 0.0
    ),
    "ramp": lambda now, slope, start, end: slope * (min(max(now, start), end) - start),
}
