"""The map as a drawing: layered by how far a page lies from the start, the same every time.

A page's row is the least number of steps to it; inside a row, pages stand near those that lead
to them. A course too large for one sheet is drawn part by part, and its parts as a whole. A
drawing shows the same edges as the list beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup
from msgspec import Struct

from learnpath.atlas import MOST_PAGES, Overview, Sheet
from learnpath.course import LEADS_ON
from learnpath.page import Card

_WIDE, _HIGH, _GAP_X, _GAP_Y = 168, 52, 26, 58
_ROW = 7
"""Most nodes in a row before it is broken."""
_BETWEEN = "\0"
"""Hardly ever stands in a title, an id or an address."""
_LINE = 19
"""Characters in a line of a node's title."""


class DrawnNode(Struct, frozen=True):
    id: str
    title: str
    url: str
    classes: str
    kind: str
    page: str
    """Id of the page that it leads to."""


class DrawnEdge(Struct, frozen=True):
    origin: str
    target: str
    type: str


def draw_pages(
    pages: Sequence[Card], ways: Mapping[str, Sequence[tuple[str, Card]]], start: str
) -> Markup:
    """These pages, every way that leaves them, and the pages outside that those ways lead to.

    `ways` are, by the id of a page, the (type, page) of each way from it; `start` is the id of
    the page where the course begins. Empty where there is too little to draw.
    """
    inside = {page.id for page in pages}
    shown = {page.id: page for page in pages}
    edges: dict[DrawnEdge, None] = {}
    for page in pages:
        for type_, target in ways.get(page.id, ()):
            edges[DrawnEdge(page.id, target.id, type_)] = None
            shown.setdefault(target.id, target)
    if len(shown) < 2:
        return Markup()
    nodes = [
        DrawnNode(
            page.id,
            page.title,
            page.url,
            _classes(page, start, outside=page.id not in inside),
            page.kind,
            page.id,
        )
        for page in shown.values()
    ]
    return _svg(nodes, list(edges), start if start in inside else pages[0].id)


def draw_sheets(overview: Overview, url: Callable[[Sheet], str]) -> Markup:
    """The sheets of a large course's map, with a line where a page of one leads to one of another.

    Empty where they are too many to be read.
    """
    sheets = overview.sheets
    if not 2 <= len(sheets) <= MOST_PAGES:
        return Markup()
    nodes = [
        DrawnNode(
            f"/{sheet.name}", f"{sheet.title} ({sheet.pages})", url(sheet), "node group", "", ""
        )
        for sheet in sheets
    ]
    edges = [DrawnEdge(f"/{origin}", f"/{target}", "link") for origin, target in overview.ways]
    return _svg(nodes, edges, f"/{overview.start}")


def _classes(page: Card, start: str, *, outside: bool) -> str:
    names = ["node"]
    if page.id == start:
        names.append("node-start")
    if page.ending:
        names.append("node-ending")
    if page.kind:
        names.append(f"kind-{page.kind}")
    if outside:
        names.append("node-outside")
    return " ".join(names)


# Layout


def layout(
    nodes: Sequence[str], edges: Sequence[DrawnEdge], start: str
) -> dict[str, tuple[int, int]]:
    """Where each node stands: (column, row). Rows are distance from the start."""
    onward = _neighbours(edges, LEADS_ON)
    rows = _broken_rows(_layers(nodes, onward, start))
    back: dict[str, list[str]] = defaultdict(list)
    for origin, targets in onward.items():
        for target in targets:
            back[target].append(origin)
    # Once and downwards: more sweeps save few crossings, and one new page would move all others.
    _sweep(rows, back)
    widest = max((len(row) for row in rows), default=0)
    return {
        name: (2 * at + widest - len(row), depth)
        for depth, row in enumerate(rows)
        for at, name in enumerate(row)
    }


def _neighbours(edges: Sequence[DrawnEdge], types: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if edge.type in types:
            found[edge.origin].append(edge.target)
    return found


def _layers(
    nodes: Sequence[str], onward: Mapping[str, Sequence[str]], start: str
) -> list[list[str]]:
    """Nodes by distance from the start; those that nothing leads to come last."""
    known = set(nodes)
    layers: list[list[str]] = []
    seen: set[str] = set()
    layer = [start] if start in known else list(nodes[:1])
    while layer:
        layers.append(layer)
        seen.update(layer)
        following: dict[str, None] = {}
        for name in layer:
            for target in onward.get(name, ()):
                if target in known and target not in seen:
                    following[target] = None
        layer = list(following)
    rest = [name for name in nodes if name not in seen]
    return [*layers, rest] if rest else layers


def _broken_rows(layers: list[list[str]]) -> list[list[str]]:
    rows: list[list[str]] = []
    for layer in layers:
        parts = -(-len(layer) // _ROW)
        size = -(-len(layer) // parts)
        rows += [layer[at : at + size] for at in range(0, len(layer), size)]
    return rows


def _sweep(rows: list[list[str]], neighbours: Mapping[str, Sequence[str]]) -> None:
    """Order each row by the mean place of its neighbours in the rows before it."""
    place: dict[str, float] = {}
    for row in rows:
        at = {name: index for index, name in enumerate(row)}
        means = {}
        for name in row:
            known = [place[n] for n in neighbours.get(name, ()) if n in place]
            means[name] = sum(known) / len(known) if known else (at[name] + 0.5) / len(row)
        row.sort(key=lambda name: (means[name], at[name]))
        for index, name in enumerate(row):
            place[name] = (index + 0.5) / len(row)


# SVG


def _svg(nodes: Sequence[DrawnNode], edges: Sequence[DrawnEdge], start: str) -> Markup:
    grid = layout([node.id for node in nodes], edges, start)
    columns = max(column for column, _ in grid.values())
    rows = max(row for _, row in grid.values())
    width = (columns // 2 + 1) * (_WIDE + _GAP_X) + (columns % 2) * (_WIDE + _GAP_X) // 2 + _GAP_X
    height = (rows + 1) * (_HIGH + _GAP_Y)
    place = {name: _corner(column, row) for name, (column, row) in grid.items()}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">\n'
    ]
    names = dict(zip(grid, _escaped(list(grid)), strict=True))
    parts += [
        _edge(
            names[edge.origin],
            names[edge.target],
            edge.type,
            _curve(*place[edge.origin], *place[edge.target]),
        )
        for edge in edges
        if edge.origin in place and edge.target in place
    ]
    pages = _escaped([node.page for node in nodes])
    urls, titles = _escaped([node.url for node in nodes]), _escaped([node.title for node in nodes])
    parts += map(_node, nodes, [place[node.id] for node in nodes], pages, urls, titles)
    parts.append("</svg>")
    return Markup("".join(parts))


def _escaped(texts: Sequence[str]) -> list[str]:
    """Texts as HTML: all together, for to look for each sign in each of them takes longer."""
    found = escape(_BETWEEN.join(texts)).split(_BETWEEN)
    return found if len(found) == len(texts) else [escape(text) for text in texts]


def _corner(column: int, row: int) -> tuple[int, int]:
    return (
        _GAP_X + column * (_WIDE + _GAP_X) // 2,
        _GAP_Y // 2 + row * (_HIGH + _GAP_Y),
    )


def _edge(origin: str, target: str, kind: str, curve: str) -> str:
    return f'<path class="edge edge-{kind}" data-from="{origin}" data-to="{target}" d="{curve}"/>\n'


def _curve(ax: int, ay: int, bx: int, by: int) -> str:
    """From box to box: down from the lower side, up beside the boxes, or under a row."""
    half = _WIDE // 2
    if by > ay:
        y, z, bend = ay + _HIGH, by, max((by - ay - _HIGH) // 2, 20)
        return f"M{ax + half} {y}C{ax + half} {y + bend} {bx + half} {z - bend} {bx + half} {z}"
    if by == ay:
        y, bend = ay + _HIGH, 26
        return f"M{ax + half} {y}C{ax + half} {y + bend} {bx + half} {y + bend} {bx + half} {y}"
    side = _WIDE if bx >= ax else 0
    out = 30 if side else -30
    y, z = ay + _HIGH // 2, by + _HIGH // 2
    return f"M{ax + side} {y}C{ax + side + out} {y} {bx + side + out} {z} {bx + side} {z}"


def _node(node: DrawnNode, corner: tuple[int, int], page: str, url: str, title: str) -> str:
    """A node in its place; its page, address and title are HTML."""
    x, y = corner
    leads = f' data-page="{page}"' if page else ""
    lines = _lines(node.title)
    first = y + _HIGH // 2 + 5 - (len(lines) - 1) * 8
    texts = "".join(
        f'<tspan x="{x + _WIDE // 2}" y="{first + 17 * at}">{line}</tspan>'
        for at, line in enumerate(lines)
    )
    return (
        f'<a href="{url}"{leads} data-edge="map"><g class="{node.classes}">'
        f"<title>{title}</title>{_shape(node.kind, x, y)}"
        f'<text text-anchor="middle">{texts}</text></g></a>\n'
    )


def _shape(kind: str, x: int, y: int) -> str:
    """Kinds are told apart by shape, not by colour."""
    w, h = _WIDE, _HIGH
    match kind:
        case "problem":  # corners cut off, as on a warning plate
            d = f"M{x + 12} {y}h{w - 24}l12 12v{h - 24}l-12 12h-{w - 24}l-12 -12v-{h - 24}z"
        case "experience":  # pointed on both sides: something that moves
            d = f"M{x + 14} {y}h{w - 28}l14 {h // 2}l-14 {h // 2}h-{w - 28}l-14 -{h // 2}z"
        case "dialogue":  # leaning, as a speech
            d = f"M{x + 16} {y}h{w - 16}l-16 {h}h-{w - 16}z"
        case "case":  # a sheet with a turned corner
            d = f"M{x} {y}h{w - 14}l14 14v{h - 14}h-{w}z"
        case "reference":  # a book's back
            d = f"M{x} {y}h{w}v{h}h-{w}zM{x + 9} {y}v{h}"
        case "reflection":  # a leaf: two corners round, two pointed
            d = f"M{x} {y}h{w - 24}a24 24 0 0 1 24 24v{h - 24}h-{w - 24}a24 24 0 0 1 -24 -24z"
        case _:
            radius = {"idea": h // 2, "tool": 0}.get(kind, 9)
            return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{radius}"/>'
    return f'<path d="{d}"/>'


@lru_cache(maxsize=1 << 12)
def _lines(title: str) -> list[str]:
    """A title on at most two lines, as HTML. One page stands on several sheets."""
    return [escape(line) for line in _broken(title)]


def _broken(title: str) -> list[str]:
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) >= _LINE:
            if len(lines) == 2:
                lines[-1] = lines[-1][: _LINE - 1].rstrip() + "…"
                return lines
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [line if len(line) <= _LINE + 2 else line[: _LINE + 1] + "…" for line in lines]
