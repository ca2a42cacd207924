"""A causal-loop diagram as SVG: variables on a ring, links as arcs, the same every time.

Nothing is told by colour alone: signs stand in discs, a delay is two strokes across a link, a
circle is a name inside a turning arrow. `causal-drawing.js` draws the same for a learner.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from markupsafe import Markup
from msgspec import Struct

from learnpath.causal.circles import Circle
from learnpath.causal.syntax import CausalLink

_LETTER, _LINE, _WRAP = 8.1, 19, 15
_MOST_WORK = 3_000_000
_DISC, _BADGE = 10, 21
_PHONE = 470
"""A wider drawing is not shrunk to the width of a phone: its letters would be too small."""

Point = tuple[float, float]


class Box(Struct, frozen=True):
    """A variable's place: its centre, half its width and height, and its name's lines."""

    x: float
    y: float
    half: float
    high: float
    lines: tuple[str, ...]

    def holds(self, point: Point, margin: float) -> bool:
        return (
            abs(point[0] - self.x) <= self.half + margin
            and abs(point[1] - self.y) <= self.high + margin
        )


class Arc(Struct, frozen=True):
    """A link's curve between the borders of two boxes: two ends and the control point."""

    start: Point
    control: Point
    end: Point

    def at(self, t: float) -> Point:
        return _between(
            _between(self.start, self.control, t), _between(self.control, self.end, t), t
        )

    def direction(self, t: float) -> Point:
        x = (1 - t) * (self.control[0] - self.start[0]) + t * (self.end[0] - self.control[0])
        y = (1 - t) * (self.control[1] - self.start[1]) + t * (self.end[1] - self.control[1])
        length = math.hypot(x, y) or 1.0
        return x / length, y / length

    @property
    def length(self) -> float:
        return math.dist(self.start, self.control) + math.dist(self.control, self.end)

    def beside(self, t: float, away: float) -> Point:
        (x, y), (dx, dy) = self.at(t), self.direction(t)
        return x + dy * away, y - dx * away


# Where the variables stand


def ring_order(
    variables: Sequence[str], links: Sequence[CausalLink], circles: Sequence[Circle]
) -> list[str]:
    """The variables around the ring, so that few links cross and most are short."""
    longest = max(circles, key=lambda circle: len(circle.links), default=None)
    ring = [link.origin for link in longest.links] if longest else []
    for name in variables:
        if name not in ring:
            ring = min(
                ([*ring[:at], name, *ring[at:]] for at in range(1, len(ring) + 1)),
                key=lambda tried: _cost(tried, links),
                default=[name],
            )
    if len(ring) ** 2 * len(links) ** 2 > _MOST_WORK:
        return ring
    return _improved(ring, links)


def _improved(ring: list[str], links: Sequence[CausalLink]) -> list[str]:
    best = _cost(ring, links)
    better = True
    while better:
        better = False
        for one in range(1, len(ring)):
            for other in range(one + 1, len(ring)):
                ring[one], ring[other] = ring[other], ring[one]
                cost = _cost(ring, links)
                if cost < best:
                    best, better = cost, True
                else:
                    ring[one], ring[other] = ring[other], ring[one]
    return ring


def _cost(ring: Sequence[str], links: Sequence[CausalLink]) -> int:
    """Crossings first, then lengths; a neighbour on the way of the clock is the shortest."""
    place = {name: at for at, name in enumerate(ring)}
    chords = []
    cost = 0
    for link in links:
        a, b = place.get(link.origin), place.get(link.target)
        if a is None or b is None:
            continue
        way = (b - a) % len(ring)
        cost += 2 * min(way, len(ring) - way) + (way > len(ring) // 2)
        chords.append((min(a, b), max(a, b)))
    for at, (a, b) in enumerate(chords):
        cost += 12 * sum((a < c < b < d) or (c < a < d < b) for c, d in chords[:at])
    return cost


def place_boxes(ring: Sequence[str]) -> dict[str, Box]:
    """A box for each variable on an ellipse that is just large enough."""
    count = len(ring)
    wide = min(max(62.0 + 22 * count, 112.0), 190.0)
    high = max(0.8 * wide, 26.0 * count)
    turns = [2 * math.pi * at / count for at in range(count)]
    boxes: dict[str, Box] = {}
    for _ in range(60):
        places = [(_round(wide * math.sin(t)), _round(-high * math.cos(t))) for t in turns]
        boxes = {name: _box(name, *place) for name, place in zip(ring, places, strict=True)}
        if not _overlap(list(boxes.values())):
            break
        wide, high = wide * 1.03, high * 1.05
    return boxes


def _box(name: str, x: float, y: float) -> Box:
    lines = wrapped(name)
    half = max(max(_columns(line) for line in lines) * _LETTER / 2 + 11, 30)
    return Box(x, y, _round(half), len(lines) * _LINE / 2 + 7, lines)


def wrapped(name: str) -> tuple[str, ...]:
    """A name in lines of about equal length; a word longer than a line keeps its line."""
    lines: list[str] = []
    for word in name.split():
        if lines and _columns(lines[-1]) + 1 + _columns(word) <= _WRAP:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _columns(text: str) -> float:
    """How wide a text is, in letters: marks take no room, and ideographs take two."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    marks = sum(unicodedata.category(c) in ("Mn", "Me", "Cf") for c in text)
    return len(text) + wide - marks


def _overlap(boxes: Sequence[Box]) -> bool:
    return any(
        abs(a.x - b.x) < a.half + b.half + 26 and abs(a.y - b.y) < a.high + b.high + 26
        for at, a in enumerate(boxes)
        for b in boxes[:at]
    )


# Links and circles


def arcs_of(
    links: Sequence[CausalLink], ring: Sequence[str], boxes: Mapping[str, Box]
) -> list[Arc]:
    """A curve for each link: outside the ring to the next, inside it to all others."""
    place = {name: at for at, name in enumerate(ring)}
    both = {(link.origin, link.target) for link in links}
    arcs = []
    for link in links:
        a, b = boxes[link.origin], boxes[link.target]
        next_one = (place[link.target] - place[link.origin]) % len(ring) == 1
        mutual = (link.target, link.origin) in both
        arcs.append(_arc(a, b, next_one=next_one, mutual=mutual))
    return arcs


def _arc(a: Box, b: Box, *, next_one: bool, mutual: bool) -> Arc:
    middle = ((a.x + b.x) / 2, (a.y + b.y) / 2)
    away = (b.y - a.y, a.x - b.x)  # to the left of the way from a to b
    if next_one:
        control = _moved(middle, away, 0.34 if mutual else 0.22)
    else:
        inward = _between(middle, (0.0, 0.0), 0.3)
        control = _moved(inward, away, 0.22 if mutual else 0.06)
    start, end = (a.x, a.y), (b.x, b.y)
    whole = Arc(start, control, end)
    steps = [step / 200 for step in range(201)]
    first = next((t for t in steps if not a.holds(whole.at(t), 3)), 0.0)
    last = next((t for t in reversed(steps) if not b.holds(whole.at(t), 6)), 1.0)
    if last <= first:
        first, last = 0.3, 0.7
    inner = _between(_between(start, control, first), _between(control, end, first), last)
    return Arc(whole.at(first), inner, whole.at(last))


def sign_places(arcs: Sequence[Arc], boxes: Sequence[Box]) -> list[Point]:
    """Where each link's sign stands: beside its end, on the side where there is more room."""
    samples = [[arc.at(t / 16) for t in range(17)] for arc in arcs]
    places: list[Point] = []
    for at, arc in enumerate(arcs):
        others = [point for other, those in enumerate(samples) if other != at for point in those]
        best, most = arc.beside(0.8, 15), -1.0
        for back in (27, 40):
            for side in (15, -15):
                place = arc.beside(max(1 - back / max(arc.length, back), 0.5), side)
                room = min(
                    [math.dist(place, point) for point in others]
                    + [math.dist(place, other) - _DISC for other in places]
                    + [_beyond(box, place) for box in boxes],
                    default=99.0,
                )
                if min(room, _DISC + 6) > most + 1:
                    best, most = place, min(room, _DISC + 6)
        places.append((_round(best[0]), _round(best[1])))
    return places


def _beyond(box: Box, point: Point) -> float:
    """How far a point lies outside a box; negative inside it."""
    return max(abs(point[0] - box.x) - box.half, abs(point[1] - box.y) - box.high)


def badge_places(
    circles: Sequence[Circle],
    boxes: Mapping[str, Box],
    arcs: Mapping[CausalLink, Arc],
    signs: Sequence[Point],
) -> list[Point]:
    """Where each circle's name stands: in its middle, or as near to it as there is room."""
    taken: list[Point] = []
    points = [arc.at(t / 12) for arc in arcs.values() for t in range(13)]
    points += signs
    for circle in circles:
        middles = [arcs[link].at(0.5) for link in circle.links]
        middle = (
            sum(x for x, _ in middles) / len(middles),
            sum(y for _, y in middles) / len(middles),
        )
        taken.append(_free_place(middle, list(boxes.values()), points, taken))
    return taken


def _free_place(
    middle: Point, boxes: Sequence[Box], points: Sequence[Point], taken: Sequence[Point]
) -> Point:
    for x, y in _around(middle):
        if any(box.holds((x, y), _BADGE + 4) for box in boxes):
            continue
        if any(math.dist((x, y), other) < 2 * _BADGE + 6 for other in taken):
            continue
        if all(math.dist((x, y), point) >= _BADGE + 6 for point in points):
            return _round(x), _round(y)
    return _round(middle[0]), _round(middle[1])


def _around(middle: Point) -> Iterator[Point]:
    yield middle
    for ring in range(1, 26):
        for step in range(16):
            turn = 2 * math.pi * step / 16
            yield middle[0] + 9 * ring * math.sin(turn), middle[1] - 9 * ring * math.cos(turn)


def _clockwise(circle: Circle, boxes: Mapping[str, Box]) -> bool:
    area = 0.0
    for link in circle.links:
        a, b = boxes[link.origin], boxes[link.target]
        area += a.x * b.y - b.x * a.y
    return area >= 0


# SVG


def draw(
    variables: Sequence[str],
    links: Sequence[CausalLink],
    circles: Sequence[Circle],
    title: str,
    words: str,
) -> Markup:
    """The diagram. `title` names it and `words` say, where it cannot be seen, what it shows."""
    ring = ring_order(variables, links, circles)
    boxes = place_boxes(ring)
    arcs = arcs_of(links, ring, boxes)
    by_link = dict(zip(links, arcs, strict=True))
    signs = sign_places(arcs, list(boxes.values()))
    badges = badge_places(circles, boxes, by_link, signs)
    left, top, width, height = _frame(list(boxes.values()), arcs, [*signs, *badges])
    wide = ' class="causal-wide"' if width > _PHONE else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg"{wide} role="img" '
        f'aria-label="{escape(f"{title}. {words}".strip(". "))}" '
        f'viewBox="{left} {top} {width} {height}" width="{width}" height="{height}">\n'
    ]
    parts += [_link(*each) for each in zip(links, arcs, signs, strict=True)]
    parts += [_variable(box) for box in boxes.values()]
    parts += [
        _badge(circle, place, clockwise=_clockwise(circle, boxes))
        for circle, place in zip(circles, badges, strict=True)
    ]
    parts.append("</svg>")
    return Markup("".join(parts))


def _frame(
    boxes: Sequence[Box], arcs: Sequence[Arc], badges: Sequence[Point]
) -> tuple[int, int, int, int]:
    spots = [(box.x - box.half, box.y - box.high) for box in boxes]
    spots += [(box.x + box.half, box.y + box.high) for box in boxes]
    spots += [arc.at(t / 6) for arc in arcs for t in range(7)]
    for x, y in badges:
        spots += [(x - _BADGE, y - _BADGE), (x + _BADGE, y + _BADGE)]
    left, top = (math.floor(min(spot[i] for spot in spots)) - 6 for i in (0, 1))
    right, bottom = (math.ceil(max(spot[i] for spot in spots)) + 6 for i in (0, 1))
    return left, top, right - left, bottom - top


def _link(link: CausalLink, arc: Arc, place: Point) -> str:
    sign = "more" if link.sign > 0 else "less"
    x, y = place
    return (
        f'<g class="causal-link {sign}"><path class="causal-line" d="{_curve(arc)}"/>'
        f'<path class="causal-tip" d="{_tip(arc)}"/>{_strokes(arc) if link.delayed else ""}'
        f'<circle class="causal-disc" cx="{_round(x):g}" cy="{_round(y):g}" r="{_DISC}"/>'
        f'<path class="causal-sign" d="{_glyph(link.sign, x, y)}"/></g>\n'
    )


def _curve(arc: Arc) -> str:
    end = arc.beside(1, 0)
    dx, dy = arc.direction(1)
    return f"M{_pair(arc.start)}Q{_pair(arc.control)} {_pair((end[0] - 6 * dx, end[1] - 6 * dy))}"


def _tip(arc: Arc) -> str:
    (x, y), (dx, dy) = arc.end, arc.direction(1)
    back = (x - 11 * dx, y - 11 * dy)
    return (
        f"M{_pair((x, y))}L{_pair((back[0] + 5.5 * dy, back[1] - 5.5 * dx))}"
        f"L{_pair((back[0] - 5.5 * dy, back[1] + 5.5 * dx))}z"
    )


def _strokes(arc: Arc) -> str:
    """The mark of a delay: two strokes across the middle."""
    d = ""
    for shift in (-3.5, 3.5):
        t = 0.38 + shift / max(arc.length, 20)
        d += f"M{_pair(arc.beside(t, 8))}L{_pair(arc.beside(t, -8))}"
    return f'<path class="causal-delay" d="{d}"/>'


def _glyph(sign: int, x: float, y: float) -> str:
    across = f"M{_pair((x - 5, y))}L{_pair((x + 5, y))}"
    return across + (f"M{_pair((x, y - 5))}L{_pair((x, y + 5))}" if sign > 0 else "")


def _variable(box: Box) -> str:
    first = box.y + 5 - (len(box.lines) - 1) * _LINE / 2
    texts = "".join(
        f'<tspan x="{box.x:g}" y="{_round(first + _LINE * at):g}">{escape(line)}</tspan>'
        for at, line in enumerate(box.lines)
    )
    return (
        f'<g class="causal-variable"><rect x="{_round(box.x - box.half):g}" '
        f'y="{_round(box.y - box.high):g}" width="{_round(2 * box.half):g}" '
        f'height="{_round(2 * box.high):g}" rx="8"/><text text-anchor="middle">{texts}</text></g>\n'
    )


def _badge(circle: Circle, place: Point, *, clockwise: bool) -> str:
    """A circle's name inside an arrow that turns as the circle does."""
    x, y = place
    way = 1 if clockwise else -1
    a, b = (math.radians(degrees) * way for degrees in (30, 330))
    r = _BADGE - 3
    start = (x + r * math.sin(a), y - r * math.cos(a))
    end = (x + r * math.sin(b), y - r * math.cos(b))
    dx, dy = way * math.cos(b), way * math.sin(b)
    tip = (
        f"M{_pair((end[0] + 6 * dx, end[1] + 6 * dy))}L{_pair((end[0] + 5 * dy, end[1] - 5 * dx))}"
        f"L{_pair((end[0] - 5 * dy, end[1] + 5 * dx))}z"
    )
    return (
        f'<g class="causal-circle"><path class="causal-turn" '
        f'd="M{_pair(start)}A{r} {r} 0 1 {1 if clockwise else 0} {_pair(end)}"/>'
        f'<path class="causal-tip" d="{tip}"/>'
        f'<text text-anchor="middle" x="{x:g}" y="{y + 5:g}">{circle.name}</text></g>\n'
    )


def _between(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def _moved(point: Point, way: Point, share: float) -> Point:
    return point[0] + way[0] * share, point[1] + way[1] * share


def _round(value: float) -> float:
    """To tenths, halves up: the same in both languages."""
    return math.floor(value * 10 + 0.5) / 10


def _pair(point: Point) -> str:
    return f"{_round(point[0]):g} {_round(point[1]):g}"
