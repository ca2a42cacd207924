"""A causal-loop diagram in words: its links as sentences, its circles told all the way round."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from learnpath.causal.circles import Circle, Circles, circles_in
from learnpath.causal.drawing import draw
from learnpath.causal.syntax import CausalLink, is_drawable, variables_of
from learnpath.document import Loop
from learnpath.strings import Strings
from learnpath.views import CheckpointView, CircleView, LoopView

_WAYS = {1: "rise", -1: "fall"}


_SAID = (
    "rise.rise", "rise.fall", "fall.rise", "fall.fall", "late", "reinforcing", "balancing",
    "reinforcing.does", "balancing.does", "swings", "none", "drawn",
)  # fmt: skip
"""What the scripts say as the page does, with its places still open."""


def loop_view(
    loop: Loop, label: Markup, checkpoint: CheckpointView | None, strings: Strings
) -> LoopView:
    """What a template sees of a diagram."""
    variables = variables_of(loop.links)
    circles = circles_in(loop.links)
    names = dict(loop.names)
    drawing = Markup()
    if is_drawable(loop.links):
        title = loop.text or strings.text("loop.drawing")
        words = strings.text("loop.drawn", variables=len(variables), links=len(loop.links))
        drawing = draw(variables, loop.links, circles.told, title, words)
    return LoopView(
        loop.id,
        label,
        drawing,
        tuple(sentence(link, 1, strings) for link in loop.links),
        tuple(_circle(circle, names.get(circle.name, ""), strings) for circle in circles.told),
        _rest(circles, strings),
        checkpoint,
        _diagram(loop, strings) if checkpoint else "",
    )


def _diagram(loop: Loop, strings: Strings) -> str:
    links = [[link.origin, link.target, link.sign, int(link.delayed)] for link in loop.links]
    words = {key: strings.text(f"loop.{key}") for key in _SAID}
    words["title"] = loop.text or strings.text("loop.drawing")
    return json.dumps(
        {"links": links, "names": dict(loop.names), "words": words}, ensure_ascii=False
    )


def sentence(link: CausalLink, way: int, strings: Strings) -> str:
    """What a rise (`way` 1) or a fall (-1) in a link's first variable brings."""
    key = f"loop.{_WAYS[way]}.{_WAYS[way * link.sign]}"
    text = strings.text(key, origin=link.origin, target=link.target)
    return (strings.text("loop.late", sentence=text) if link.delayed else text) + "."


def _circle(circle: Circle, title: str, strings: Strings) -> CircleView:
    kind = "reinforcing" if circle.reinforcing else "balancing"
    outcome = strings.text(f"loop.{kind}.does")
    if circle.delayed and not circle.reinforcing:
        outcome += " " + strings.text("loop.swings")
    way = circle.way if strings.direction == "ltr" else circle.way.replace(" → ", " ← ")
    steps = tuple(_steps(circle.links, strings))
    return CircleView(circle.name, title, circle.reinforcing, way, steps, outcome)


def _steps(links: Sequence[CausalLink], strings: Strings) -> Iterator[str]:
    """Each link in turn, beginning with a rise: a fall is passed on as a fall."""
    way = 1
    for link in links:
        yield sentence(link, way, strings)
        way *= link.sign


def _rest(circles: Circles, strings: Strings) -> str:
    if circles.more or circles.open:
        key = "loop.more.open" if circles.open else "loop.more"
        return strings.text(key, n=circles.more)
    return "" if circles.told else strings.text("loop.none")
