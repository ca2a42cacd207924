"""Numbers over time as a line chart: SVG whose lines are told apart by dashes and letters.

`model-chart.js` draws the same while a learner plays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from markupsafe import Markup
from msgspec import Struct

WIDE, HIGH = 400, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 26, 26, 34
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_LINES = 8


class Scale(Struct, frozen=True):
    """From numbers to places on the drawing."""

    start: float
    end: float
    low: float
    high: float

    def x(self, time: float) -> float:
        share = (time - self.start) / (self.end - self.start or 1)
        return _round(_LEFT + share * (WIDE - _LEFT - _RIGHT))

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low or 1)
        return _round(HIGH - _BOTTOM - share * (HIGH - _TOP - _BOTTOM))


def draw(
    times: Sequence[float], lines: Sequence[Sequence[float]], words: str, unit: str, time: str
) -> Markup:
    """A chart of these lines over these times. `words` name it; `unit` and `time` its axes."""
    scale = _scale(times, lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
        f'aria-label="{escape(words)}" viewBox="0 0 {WIDE} {HIGH}" '
        f'width="{WIDE}" height="{HIGH}">\n'
    ]
    parts += [_level(value, scale) for value in _ticks(scale.low, scale.high, 5)]
    parts += [_moment(value, scale) for value in _ticks(scale.start, scale.end, 8)]
    parts.append(
        f'<text class="chart-axis" text-anchor="end" x="{WIDE - _RIGHT}" y="{HIGH - 2}">'
        f"{escape(time)}</text>\n"
        f'<text class="chart-axis" x="2" y="12">{escape(unit)}</text>\n'
    )
    parts += [_line(at, times, line, scale) for at, line in enumerate(lines)]
    parts += [_letter(*each) for each in _letters(times, lines, scale)]
    parts.append("</svg>")
    return Markup("".join(parts))


def _scale(times: Sequence[float], lines: Sequence[Sequence[float]]) -> Scale:
    known = [value for line in lines for value in line if math.isfinite(value)] or [0.0]
    low, high = min(0.0, *known), max(0.0, *known)
    if high == low:
        high = low + 1
    step = _nice((high - low) / 4)
    low = math.floor(low / step + 1e-9) * step
    high = math.ceil(high / step - 1e-9) * step
    return Scale(times[0], times[-1], low, high)


def _nice(rough: float) -> float:
    """The next of 1, 2, 5, 10 … : a step between two numbers on an axis."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * part for part in (1, 2, 5, 10) if power * part >= rough * 0.999999)


def _ticks(low: float, high: float, most: int) -> list[float]:
    step = _nice((high - low) / most)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [at * step for at in range(first, last + 1)]


def _level(value: float, scale: Scale) -> str:
    y = scale.y(value)
    kind = "chart-zero" if abs(value) < 1e-12 else "chart-grid"
    return (
        f'<path class="{kind}" d="M{_LEFT} {y:g}H{WIDE - _RIGHT}"/>'
        f'<text text-anchor="end" x="{_LEFT - 6}" y="{y + 4:g}">{number_text(value)}</text>\n'
    )


def _moment(value: float, scale: Scale) -> str:
    x = scale.x(value)
    y = HIGH - _BOTTOM + 17
    return f'<text text-anchor="middle" x="{x:g}" y="{y}">{number_text(value)}</text>\n'


def _line(at: int, times: Sequence[float], line: Sequence[float], scale: Scale) -> str:
    d, pen = "", "M"
    for time, value in zip(times, line, strict=False):
        if not math.isfinite(value):
            pen = "M"
            continue
        d += f"{pen}{scale.x(time):g} {scale.y(value):g}"
        pen = "L"
    return f'<path class="chart-line line-{at % MOST_LINES}" d="{d}"/>\n'


def _letters(
    times: Sequence[float], lines: Sequence[Sequence[float]], scale: Scale
) -> list[tuple[int, float, float]]:
    """Where each line's letter stands: behind its end, moved down where another is there."""
    ends = []
    for at, line in enumerate(lines):
        known = [(t, v) for t, v in zip(times, line, strict=False) if math.isfinite(v)]
        if known:
            ends.append((at, scale.x(known[-1][0]) + 9, scale.y(known[-1][1]) + 4))
    ends.sort(key=lambda end: (end[2], end[0]))
    placed: list[tuple[int, float, float]] = []
    for at, x, y in ends:
        lowest = placed[-1][2] + 13 if placed else y
        placed.append((at, x, max(y, lowest)))
    over = placed[-1][2] - (HIGH - _BOTTOM + 4) if placed else 0
    return [(at, x, y - over) for at, x, y in placed] if over > 0 else placed


def _letter(at: int, x: float, y: float) -> str:
    return (
        f'<text class="chart-letter line-{at % MOST_LINES}" text-anchor="middle" '
        f'x="{_round(x):g}" y="{_round(y):g}">{LETTERS[at]}</text>\n'
    )


def number_text(value: float) -> str:
    """A number as it is read: at most three digits behind the point, and a true minus sign."""
    if not math.isfinite(value):
        return "–"
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3
    scaled = math.floor(abs(value) * 10**digits + 0.5) / 10**digits
    text = f"{scaled:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"\N{MINUS SIGN}{text}" if value < 0 and scaled else text


def _round(value: float) -> float:
    return math.floor(value * 10 + 0.5) / 10
