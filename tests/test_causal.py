"""Causal-loop diagrams: lines read, circles found and named, drawings that nothing overlaps in."""

from __future__ import annotations

import itertools
import json
import random
import re
import time

import pytest

from learnpath.causal.circles import MOST_TOLD, circles_in
from learnpath.causal.drawing import draw, place_boxes, ring_order, wrapped
from learnpath.causal.likeness import are_alike, lookalikes
from learnpath.causal.syntax import (
    MOST_LINKS,
    CausalLink,
    CircleName,
    LinkError,
    as_first_written,
    is_drawable,
    parse_line,
    parse_link,
    text_of,
    variables_of,
)
from support import TESTS, UPDATE


def links_of(text: str) -> list[CausalLink]:
    """The links of a text in which `;` parts lines."""
    found: list[CausalLink] = []
    for line in text.split(";"):
        found.append(as_first_written(parse_link(line), found))
    return found


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("a -> b: more", CausalLink("a", "b", 1)),
        ("a -> b: +", CausalLink("a", "b", 1)),
        ("a -> b +", CausalLink("a", "b", 1)),
        ("a → b: less", CausalLink("a", "b", -1)),
        ("a --> b −", CausalLink("a", "b", -1)),
        ("  a  few   words ->b:LESS , After a delay ", CausalLink("a few words", "b", -1, True)),
        ("well-being -> turn-over -", CausalLink("well-being", "turn-over", -1)),
        ("a -> b - c: more", CausalLink("a", "b - c", 1)),
    ],
)
def test_a_line_is_a_link(line: str, link: CausalLink) -> None:
    """Arrows, signs and delays in each way that is read; hyphens in names stay."""
    assert parse_link(line) == link
    assert parse_link(text_of(link)) == link


@pytest.mark.parametrize(
    ("line", "offset"),
    [("a b", 0), ("a -> b", 6), ("a -> b: mor", 8), ("-> b: more", 0), ("a -> a: more", 5)],
)
def test_a_bad_line_says_where(line: str, offset: int) -> None:
    """The offset is where reading stopped."""
    with pytest.raises(LinkError) as caught:
        parse_link(line)
    assert caught.value.offset == offset
    assert caught.value.hint


def test_a_line_names_a_circle_or_is_a_link() -> None:
    """Whatever the words are; a variable may have the name of a circle."""
    assert parse_line(" r1 : more ->  more") == CircleName("R1", "more -> more", 6)
    assert parse_line("R1 -> B2: more") == CausalLink("R1", "B2", 1)
    for line in ("R1:", "B2: " + "w" * 61):
        with pytest.raises(LinkError):
            parse_line(line)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("orders", "order", True),
        ("full cupboards", "full  cupboard", True),
        ("turn-over", "turnover", True),
        ("teh queue", "the queue", True),
        ("trust", "trist", True),
        ("hat", "heat", False),
        ("stock 1", "stock 2", False),
        ("week 11", "week 12", False),
        ("ward A", "ward B", False),
        ("sheets", "orders", False),
        ("orders", "disorders", False),
    ],
)
def test_names_are_alike_that_differ_in_a_letter(one: str, other: str, *, alike: bool) -> None:
    """Or in spaces and hyphens; short names and numbers are left alone."""
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("orders -> queue: +; queue -> order: -", [("order", "orders")]),
        ("order -> queue: +; queue -> orders: -; orders -> hope: +", [("order", "orders")]),
        ("order -> orders: +", []),
        ("order -> a: +; a -> orders: +; a -> order: -; orders -> b: +", []),
    ],
)
def test_a_variable_that_stands_once_may_be_a_slip(text: str, found: list[object]) -> None:
    """The later of two; not where both are used again, nor where one acts on the other."""
    assert list(lookalikes(links_of(text))) == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a -> b: more; b -> a: more", {"R1": "ab"}),
        ("a -> b: more; b -> a: less", {"B1": "ab"}),
        ("a -> b: less; b -> a: less", {"R1": "ab"}),
        ("a -> b: more; b -> c: less", {}),
        ("a->b:+; b->a:-; b->c:+; c->a:+; c->b:-", {"B1": "ab", "R1": "abc", "B2": "bc"}),
        ("a -> B: more; b -> A: more", {"R1": "aB"}),
    ],
)
def test_circles_are_found_and_named(text: str, names: dict[str, str]) -> None:
    """Reinforcing with an even number of turnings, in the order in which lines close them."""
    circles = circles_in(links_of(text)).told
    assert {c.name: "".join(link.origin for link in c.links) for c in circles} == names


def _by_trying(links: list[CausalLink]) -> set[frozenset[CausalLink]]:
    """Every circle of a small diagram, by trying all orders of all its variables."""
    by_ends = {(link.origin, link.target): link for link in links}
    found = set()
    for size in range(2, len(variables_of(links)) + 1):
        for way in itertools.permutations(variables_of(links), size):
            ends = list(zip(way, (*way[1:], way[0]), strict=True))
            if all(pair in by_ends for pair in ends):
                found.add(frozenset(by_ends[pair] for pair in ends))
    return found


def test_no_circle_is_missed_and_none_told_twice() -> None:
    """Against plain trying, on a hundred small diagrams."""
    chance = random.Random(5)
    for _ in range(100):
        pairs = [(a, b) for a in "abcde" for b in "abcde" if a != b and chance.random() < 0.3]
        links = [CausalLink(a, b, chance.choice((1, -1))) for a, b in pairs]
        circles = circles_in(links)
        expected = _by_trying(links)
        assert len(circles.told) + circles.more == len(expected)
        assert {frozenset(c.links) for c in circles.told} <= expected
        assert not circles.open


def test_what_has_too_many_circles_ends_soon() -> None:
    """Everything acts on everything: some are told, and that there are more."""
    names = [f"v{i}" for i in range(24)]
    links = [CausalLink(a, b, 1) for a in names for b in names if a != b]
    began = time.perf_counter()
    circles = circles_in(links)
    svg = draw(names, links[:MOST_LINKS], circles_in(links[:MOST_LINKS]).told, "All", "")
    assert time.perf_counter() - began < 10
    assert not is_drawable(links)
    assert len(circles.told) == MOST_TOLD
    assert circles.open
    assert svg.endswith("</svg>")


def test_boxes_never_overlap() -> None:
    """Whatever the names, and however many."""
    chance = random.Random(7)
    for count in range(1, 25):
        names = [f"{'word ' * chance.randint(1, 6)}{i}" for i in range(count)]
        boxes = list(place_boxes(names).values())
        for a, b in itertools.combinations(boxes, 2):
            apart = abs(a.x - b.x) >= a.half + b.half or abs(a.y - b.y) >= a.high + b.high
            assert apart, (count, a.lines, b.lines)


def test_the_longest_circle_is_the_ring() -> None:
    """Its variables stand in their order, so that it reads as a circle."""
    links = links_of("a->b:+;b->c:+;c->d:-;d->a:+;b->d:+")
    ring = ring_order(variables_of(links), links, circles_in(links).told)
    assert "".join(ring) in ("abcd", "bcda", "cdab", "dabc")


def test_a_drawing_tells_nothing_by_colour_alone_and_has_no_style() -> None:
    """Signs are shapes, a delay is a mark, and the drawing has a name and no inline style."""
    links = links_of('a "<&>" -> b: more, after a delay; b -> a "<&>": less')
    circles = circles_in(links).told
    svg = draw(variables_of(links), links, circles, 'A "<title>"', "Two.")
    assert svg == draw(variables_of(links), links, circles, 'A "<title>"', "Two.")
    assert 'role="img" aria-label="A &quot;&lt;title&gt;&quot;. Two"' in svg
    assert svg.count('class="causal-delay"') == 1
    signs = re.findall(r'class="causal-link (\w+)".*?class="causal-sign" d="([^"]+)"', svg)
    assert [(kind, d.count("M")) for kind, d in signs] == [("more", 2), ("less", 1)]
    assert "style=" not in svg
    assert "<&" not in svg


def test_names_are_wrapped_and_marks_take_no_room() -> None:
    """Lines of fifteen letters, counted as they are seen."""
    assert wrapped("fear of running out") == ("fear of running", "out")
    assert wrapped("Donaudampfschifffahrtsgesellschaft") == ("Donaudampfschifffahrtsgesellschaft",)


# The vectors that the browser's drawing is held to

VECTORS = TESTS / "vectors" / "loops.json"
_DIAGRAMS = {
    "two": "a->b:+;b->a:-",
    "the winter": "fear of running out->orders:more,after a delay;"
    "orders->share of the biggest:+;"
    "share of the biggest->sheets for honest wards:-;"
    "sheets for honest wards->fear of running out:-;"
    "orders->full cupboards:+,later;full cupboards->fear of running out:-",
    "no circle": "rain->umbrellas:+;umbrellas->wet hats:-;wind->umbrellas:-",
    "many": ";".join(
        f"v{i}->v{(3 * i + 1) % 8}:{'-' if i % 3 else '+'}" for i in range(8) if i != 5
    )
    + ";v0->v5:+;v5->v6:-;v6->v0:+;v2->v1:+",
    "scripts": "恐れ->注文:+;注文->在庫:-;在庫->恐れ:-;हिन्दी->注文:+",
}


def _vectors() -> list[dict[str, object]]:
    vectors: list[dict[str, object]] = []
    for name, text in _DIAGRAMS.items():
        links = links_of(text)
        circles = circles_in(links)
        svg = draw(variables_of(links), links, circles.told, name, "")
        shapes = svg.replace(' xmlns="http://www.w3.org/2000/svg"', "").replace("\n", "")
        told = {c.name: [link.origin for link in c.links] for c in circles.told}
        lines = [text_of(link) for link in links]
        vectors.append({"name": name, "lines": lines, "circles": told, "svg": shapes})
    return vectors


def test_the_vectors_are_what_is_drawn() -> None:
    """tests/vectors/loops.json, which tests/js holds the browser's drawing to."""
    made = json.dumps(_vectors(), ensure_ascii=False, indent=1) + "\n"
    if UPDATE:
        VECTORS.write_text(made, "utf-8")
    assert VECTORS.read_text("utf-8") == made
