"""Cost against size, as an SVG drawing: both axes by powers of ten, one line a tool."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape

WIDTH, HEIGHT = 820, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 250, 44, 52
Scale = Callable[[float], float]
Point = tuple[float, float]
COLOURS = ("#0b6e4f", "#b3261e", "#7a5195", "#1f5fa8", "#a15c00", "#4b5563", "#9d174d")


def growth(curves: dict[str, dict[int, float]]) -> str:
    """The drawing of tool → pages → seconds, with every value as text."""
    sizes = sorted({pages for curve in curves.values() for pages in curve})
    costs = [seconds for curve in curves.values() for seconds in curve.values()]
    if not costs:
        return ""
    low, high = _decades(min(costs), max(costs))
    across = _scale(sizes[0], sizes[-1], LEFT, WIDTH - RIGHT)
    up = _scale(low, high, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' font-family="system-ui, sans-serif" font-size="13">',
        "<title>Seconds of a build from nothing, by the number of pages</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="15" fill="#111">Seconds of a build from nothing,'
        " by pages; both axes by powers of ten</text>",
    ]
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        parts += _line(10.0**power, up)
    for pages in sizes:
        x = across(pages)
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle" fill="#444">'
            f"{pages:,}</text>"
        )
    lines = {
        name: [(across(pages), up(curve[pages])) for pages in sorted(curve)]
        for name, curve in curves.items()
    }
    labels = _labels({name: points[-1] for name, points in lines.items()})
    for colour, (name, curve) in zip(COLOURS, curves.items(), strict=False):
        parts += _curve(name, curve, lines[name], colour, labels[name])
    return "\n".join([*parts, "</svg>", ""])


def _decades(low: float, high: float) -> tuple[float, float]:
    return 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high))


def _scale(low: float, high: float, start: float, end: float) -> Scale:
    span = math.log10(high / low) or 1.0
    return lambda value: start + (end - start) * math.log10(value / low) / span


def _line(seconds: float, up: Scale) -> list[str]:
    y = up(seconds)
    return [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>',
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#444">{seconds:g} s</text>',
    ]


def _apart(wanted: dict[str, float], least: float = 17) -> dict[str, float]:
    """Heights near the wanted ones, so far from each other that words do not overlap."""
    placed: dict[str, float] = {}
    last = -math.inf
    for name, y in sorted(wanted.items(), key=lambda pair: pair[1]):
        last = placed[name] = max(y, last + least)
    return placed


def _labels(ends: dict[str, Point]) -> dict[str, Point]:
    """Where the words of each line stand: beside its end; above it, where others go on."""
    found: dict[str, Point] = {}
    furthest = max(x for x, _ in ends.values())
    for at in {x for x, _ in ends.values()}:
        wanted = {name: y for name, (x, y) in ends.items() if x == at}
        placed = _apart(wanted)
        up = max(placed.values()) - min(wanted.values()) + 10 if at < furthest else 0
        found |= {name: (at + 20, y - up) for name, y in placed.items()}
    return found


def _curve(
    name: str,
    curve: dict[int, float],
    points: list[Point],
    colour: str,
    label: Point,
) -> list[str]:
    own = name == "learnpath"
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last, (x, y) = points[-1], label
    words = f"{name}, {curve[max(curve)]:.3g} s"
    weight = ' font-weight="bold"' if own else ""
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}"'
        f' stroke-width="{4 if own else 2}"/>',
        *(_dot(*point, 5 if own else 3, colour) for point in points),
        f'<line x1="{last[0] + 6:.1f}" y1="{last[1]:.1f}" x2="{x - 4:.1f}" y2="{y:.1f}"'
        f' stroke="{colour}"/>',
        f'<text x="{x:.1f}" y="{y + 4:.1f}" fill="{colour}"{weight}>{escape(words)}</text>',
    ]


def _dot(x: float, y: float, radius: int, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'
