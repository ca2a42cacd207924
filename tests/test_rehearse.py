"""Simulated learners: what they do, by which rules, and what is told of them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnpath.build import load_course
from learnpath.course import Course
from learnpath.deciding import unskippable, who_decides
from learnpath.moments import facts_at, gate_passed, path_to, return_of, tree_of
from learnpath.personas import Persona, read_personas
from learnpath.problems import Problem, Problems
from learnpath.rehearsal_report import bar_chart, binned, percent, report_page
from learnpath.rehearse import Chance, Walk, learners_of, rehearse, walk_through
from learnpath.scenes import Way, make_stage
from learnpath.theme import Theme
from schemas import valid
from support import ROOT, CommandLine, text_of, unbalanced, write_course

CONFIG = """\
title: The bakery
id: the-bakery
state:
  told: false
  trust: {from: -3, to: 3, start: 0}
routes:
  - {id: short, title: The short way, steps: [index, b, {page: end, minutes: 40}]}
"""
END = "---\nending: true\nminutes: 5\n---\n\nDone.\n"


def course(folder: Path, **pages: str) -> Course:
    """A course of these pages, `__` for `/`, with an ending `end` where none is given."""
    files = {f"{name.replace('__', '/')}.md": text for name, text in pages.items()}
    return load_course(write_course(folder, {"course.yml": CONFIG, "end.md": END, **files}))


def walked(made: Course, learner: Persona, seed: str = "1") -> tuple[Walk, str]:
    """One walk, and how it ended."""
    walk = Walk(make_stage(made), learner, Chance(seed), keep_log=True)
    return walk, walk_through(walk)


def who(habit: str, **fields: Any) -> Persona:
    return Persona(habit, habit, habit, **fields)


# The moments' rules


class Watched(Walk):
    """A walk that holds what it knows against the model of moments before every step."""

    def take(self, way: Way) -> None:
        agrees(self)
        super().take(way)


def agrees(walk: Walk) -> None:
    """The facts that the walk carries along are those that its log gives."""
    assert walk.log is not None
    tree = tree_of(walk.log)
    assert tree.latest is not None
    facts = facts_at(tree, tree.latest["id"], walk.stage.state)
    assert facts == walk.facts
    assert tree.latest["page"] == walk.page
    path = path_to(tree, tree.latest["id"])
    back = return_of(path)
    ways = [way.to for way in walk.ways() if way.kind == "return"]
    assert ways == ([back["page"]] if back else [])
    assert len(path) == walk.moments
    if walk.scene.gate is not None and not walk.at_gate:
        assert gate_passed(tree, path, walk.page) or not path[-1].get("gated")


NAMES = ("index", "b", "c", "d", "end")
CONDITIONS = (
    "told", "trust >= 1", "visited('b')", "answered('b-said')", "chose('c-do') == 'c-stay'",
    "route == 'short'", "count(visited('b'), visited('c'), told) >= 2", "revisited('b-said')",
)  # fmt: skip
EFFECTS = ("told", "not told", "trust + 1", "trust - 2", "trust = 3, told")


@st.composite
def option(draw: st.DrawFn, page: str, number: int) -> str:
    target = draw(st.sampled_from((*NAMES, "book", "")))
    attributes = [f"#{page}-{number}" if number else f"#{page}-stay"]
    if effect := draw(st.sampled_from((*EFFECTS, "", ""))):
        attributes.append(f'set="{effect}"')
    if condition := draw(st.sampled_from((*CONDITIONS, "", "", ""))):
        attributes.append(f'when="{condition}"')
    if draw(st.integers(0, 5)) == 0:
        attributes.append(f'write="{page}-own-{number}"')
    braces = "{" + " ".join(attributes) + "}"
    after = "\n\n  So. [A way](c.md)" if draw(st.booleans()) else ""
    link = f"[Go]({target}.md){braces}" if target else f"Stay {braces}"
    return f"- {link}{after}\n"


@st.composite
def pages(draw: st.DrawFn) -> dict[str, str]:
    """The pages of a small course in which everything may happen that a moment knows of."""
    found = {"book": "---\nkind: reference\n---\n\nA word. [More](c.md)\n", "end": END}
    for name in NAMES[:-1]:
        front = ["related: {case: [c], detour: [d]}"] if draw(st.booleans()) else []
        if draw(st.integers(0, 3)) == 0:
            front += [f"requires: {draw(st.sampled_from(CONDITIONS))}", "because: So."]
        text = "---\n" + "".join(f"{line}\n" for line in front) + "---\n\n"
        text += f"::: reflect {{#{name}-said}}\n\nWhat?\n\n:::\n\n"
        if name != "b" and draw(st.booleans()):
            text += f"::: revisit {{#{name}-again of=b-said}}\n\nNow?\n\n:::\n\n"
        if draw(st.booleans()):
            text += "See [d](d.md){rel=detour} and [book](book.md).\n\n"
        if draw(st.booleans()):
            when = draw(st.sampled_from(CONDITIONS))
            text += f"::: when {when}\n\n[Shown](end.md)\n\n:::\n\n"
        count = draw(st.integers(0, 3))
        if count:
            options = [draw(option(name, at)) for at in range(count)]
            text += f"::: choices {{#{name}-do}}\n\n{''.join(options)}\n:::\n"
        found[name] = text
    return found


@given(files=pages())
@settings(max_examples=60)
def test_a_walk_knows_what_its_log_says(
    files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """At every moment of every learner's walk the facts are those of the model of moments."""
    made = course(tmp_path_factory.mktemp("any"), **files)
    stage = make_stage(made)
    for learner in learners_of(made, ()):
        walk = Watched(stage, learner, Chance(learner.id), keep_log=True)
        outcome = walk_through(walk, most=25)
        agrees(walk)
        onward = [way for way in walk.ways() if way.leads_on]
        if outcome == "ending":
            assert walk.scene.ending
        elif outcome == "stuck":
            assert not onward and not walk.scene.ending
        else:
            assert walk.moments >= 25


# What learners do


def test_an_ending_ends_a_walk(tmp_path: Path) -> None:
    """The first ending, for all but the curious, who look at what is new behind it."""
    made = course(
        tmp_path, index="[b](b.md)", b="---\nending: Here\n---\n\n[c](c.md)", c="[end](end.md)"
    )
    for habit in ("uniform", "hurried"):
        walk, outcome = walked(made, who(habit))
        assert (walk.trail, outcome) == (["index", "b"], "ending")
    walk, outcome = walked(made, who("curious"))
    assert (walk.trail, outcome) == (["index", "b", "c", "end"], "ending")


def test_a_learner_without_a_way_on_is_stuck(tmp_path: Path) -> None:
    """Told with the shortest trail there and with what held."""
    made = course(
        tmp_path,
        index="[b](b.md) [c](c.md)",
        c="[b](b.md)",
        b='::: choices {#x}\n\n- Say it {#say set="told"}\n- [On](d.md){#on}\n\n:::',
        d='::: choices {#y}\n\n- [On](end.md){#go when="not told"}\n\n:::',
    )
    found = rehearse(made, learners_of(made, ()), runs=400, seed=1)
    stuck = found.whole.stuck["d"]
    assert stuck.trail == ("index", "b", "d")
    assert stuck.state["variables"]["told"] is True and stuck.state["chose"]["x"] == "on"
    assert stuck.state["visited"] == ["b", "index"]
    assert 0 < stuck.runs == found.whole.stuck_runs < 400
    assert list(found.whole.stuck) == ["d"]


def test_looking_something_up_is_no_way_on(tmp_path: Path) -> None:
    """Who has nothing but the glossary and cards is stuck, and was not sent there."""
    made = course(
        tmp_path,
        index="---\nrelated: {case: [end]}\n---\n\n[book](book.md)",
        book="---\nkind: reference\n---\n\nA word.",
    )
    for habit in ("uniform", "curious", "hurried"):
        walk, outcome = walked(made, who(habit))
        assert (walk.trail, outcome) == (["index"], "stuck")


def test_a_circle_is_given_up_and_told(tmp_path: Path) -> None:
    """Whoever never comes to an end has circled, and where is known."""
    made = course(tmp_path, index="[b](b.md)", b="[c](c.md)", c="[b](b.md)")
    found = rehearse(made, (who("uniform"),), runs=3, seed=1)
    assert found.whole.circled == 3 and set(found.whole.circles) == {"b", "c"}
    assert set(found.whole.steps) == {500}


def test_the_hurried_take_the_shortest_way_and_write_nothing(tmp_path: Path) -> None:
    """A closed way is given up, and an option that stays is tried where it may open one."""
    made = course(
        tmp_path,
        index="::: reflect {#q}\n\nWhat?\n\n:::\n\n[b](b.md) [end](end.md)",
        b="[end](end.md)",
    )
    walk, _ = walked(made, who("hurried"))
    assert walk.trail == ["index", "end"] and not walk.answers
    locked = course(
        tmp_path / "2",
        index='::: choices {#x}\n\n- [Out](end.md){#out when="told"}\n'
        '- Say it {#say set="told"}\n- [b](b.md)\n\n:::',
        b="[back](index.md)",
    )
    walk, outcome = walked(locked, who("hurried"))
    assert outcome == "ending" and walk.moments <= 6


def test_the_curious_open_everything(tmp_path: Path) -> None:
    """Detours, things to look up and cards, and back again; and they answer what they are asked."""
    made = course(
        tmp_path,
        index="---\nrelated: {case: [b]}\n---\n\n::: reflect {#q}\n\nWhat?\n\n:::\n\n"
        "[d](d.md){rel=detour} [book](book.md) [end](end.md)",
        b="[index](index.md)",
        d="A detour.",
        book="---\nkind: reference\n---\n\nA word.",
    )
    seen: set[str] = set()
    for seed in range(10):
        walk, outcome = walked(made, who("curious"), str(seed))
        assert outcome == "ending" and walk.answers == {"q": "…"}
        seen |= set(walk.trail)
    assert seen == {"index", "b", "d", "book", "end"}


def test_a_route_s_learner_goes_from_waypoint_to_waypoint(tmp_path: Path) -> None:
    """Past a page between, with the route as a fact and the route's own minutes."""
    made = course(
        tmp_path,
        index="[a](a.md) [c](c.md)",
        a="[b](b.md)",
        b="::: choices {#x}\n\n- [On](end.md){#on when=\"route == 'short'\"}\n\n:::",
        c="[end](end.md) [index](index.md)",
    )
    for seed in range(20):
        walk, outcome = walked(made, who("route", route="short"), str(seed))
        assert outcome == "ending" and walk.page == "end"
        assert [p for p in walk.trail if p in ("index", "b", "end")][-2:] == ["b", "end"]
        assert walk.minutes >= 40


def test_a_route_goes_on_past_an_ending_that_is_a_step(tmp_path: Path) -> None:
    """An ending is where a path may end; a route that has further steps does not."""
    made = course(
        tmp_path, index="[b](b.md)", b="---\nending: true\n---\n\n[c](c.md)", c="[end](end.md)"
    )
    for seed in range(10):
        walk, outcome = walked(made, who("route", route="short"), str(seed))
        assert (walk.page, outcome) == ("end", "ending")


def test_a_gate_that_was_passed_is_met_no_more(tmp_path: Path) -> None:
    """Coming back to its page, the learner finds it open."""
    gate = "---\nrequires: visited('end')\nbecause: So.\n---\n\n[index](index.md)"
    walk = Walk(
        make_stage(course(tmp_path, index="[b](b.md)", b=gate)), who("hurried"), Chance("1")
    )
    assert walk_through(walk, most=40) == "circled"
    assert walk.gates == 1 and walk.seen["b"] > 10


@pytest.mark.parametrize("habit", ["uniform", "curious", "hurried"])
def test_nobody_is_held_by_a_gate(habit: str, tmp_path: Path) -> None:
    """A closed gate is met, and read on at or left for what it asks for."""
    made = course(
        tmp_path,
        index="[b](b.md) [c](c.md)",
        b="---\nrequires: answered('q')\nbecause: So.\n---\n\n[end](end.md)",
        c="::: reflect {#q}\n\nWhat?\n\n:::\n\n[b](b.md)",
    )
    met = 0
    for seed in range(20):
        walk, outcome = walked(made, who(habit), str(seed))
        assert outcome == "ending"
        met += walk.gates
        if walk.trail == ["index", "b", "end"]:
            assert walk.gates == 1 and walk.visited == {"index", "b"}
    assert met


def test_what_is_out_of_sight_is_not_taken(tmp_path: Path) -> None:
    """Facilitators' links, closed options, consequences of what was not taken."""
    made = course(
        tmp_path,
        index="::: facilitator\n\n[b](b.md)\n\n::: choices {#y}\n\n- [b](b.md)\n\n:::\n\n:::\n\n"
        "::: choices {#x}\n\n"
        "- [c](c.md){#c when=\"told\" because=\"No.\"}\n- [Open](end.md){#o set=\"trust + 1\"}\n\n"
        "  So. [d](d.md)\n\n:::",
        b="B", c="C", d="[end](end.md)",
    )  # fmt: skip
    found = rehearse(made, (who("uniform"),), runs=50, seed=1)
    assert set(found.never_seen) == {"b", "c"}
    assert [o.option for o in found.never_taken] == ["c"]
    walk, _ = walked(made, who("uniform"))
    assert walk.trail[0] == "index" and walk.facts.variables["trust"] == 1
    assert found.whole.offered[0] == 0 and found.whole.taken[1] == 50


def test_a_sample_s_link_waits_for_an_answer(tmp_path: Path) -> None:
    """What is shown after one's own attempt is in sight for those who made one."""
    made = course(
        tmp_path,
        index="::: reflect {#q}\n\nWhat?\n\n::: sample\n\n[b](b.md)\n\n:::\n\n:::\n\n[end](end.md)",
        b="[end](end.md)",
    )
    walks = [walked(made, who("uniform"), str(seed))[0] for seed in range(40)]
    assert {"b" in walk.trail for walk in walks if walk.answers} == {True, False}
    assert not any("b" in walk.trail for walk in walks if not walk.answers)


def test_a_page_s_minutes_count_once_a_walk(tmp_path: Path) -> None:
    """By its front matter, or by its length at two hundred words a minute."""
    made = course(
        tmp_path, index="[d](d.md){rel=detour}" + " word" * 399, d="---\nminutes: 3\n---\n\nA."
    )
    walk = Walk(make_stage(made), who("uniform"), Chance("1"))
    assert walk_through(walk, most=9) == "circled"
    assert walk.minutes == 5


def test_every_answer_that_matters_is_given(tmp_path: Path) -> None:
    """Options, steps and numbers on both sides of what a condition asks."""
    asked = "".join(
        f"::: when answer('{what}') {test}\n\n[{target}]({target}.md)\n\n:::\n\n"
        for what, test, target in (("o", "== 'less'", "b"), ("n", "> 40", "c"), ("r", "== 5", "d"))
    )
    made = course(
        tmp_path,
        index="::: predict {#o}\n\nA?\n\n- Less {#less}\n- More {#more}\n\n:::\n\n"
        '::: predict {#n unit="crates"}\n\nB?\n\n:::\n\n::: rate {#r}\n\nC?\n\n:::\n\n'
        f"{asked}[end](end.md)",
        b="[end](end.md)", c="[end](end.md)", d="[end](end.md)",
    )  # fmt: skip
    assert rehearse(made, (who("uniform"),), runs=400, seed=1).never_seen == ()


def test_a_plain_folder_is_walked_by_previous_and_next(tmp_path: Path) -> None:
    """Its last page is where one ends."""
    made = load_course(write_course(tmp_path, {"index.md": "A", "b.md": "B", "c.md": "C"}))
    walk, outcome = walked(made, who("hurried"))
    assert (walk.trail, outcome) == (["index", "b", "c"], "ending")


# The same every time


def test_a_rehearsal_is_the_same_for_its_seed(learnpath: CommandLine) -> None:
    """Byte for byte; and another for another seed."""
    told = [
        learnpath("rehearse", ROOT, "--runs", "60", "--seed", seed, "--format", "json").out
        for seed in ("7", "7", "8")
    ]
    assert told[0] == told[1] != told[2]


def test_the_numbers_are_those_of_every_machine() -> None:
    """The first choices for a seed are pinned: a release that changes them changes every report."""
    chance = Chance("1/uniform/0")
    assert [chance.pick(range(100)) for _ in range(6)] == [63, 49, 98, 37, 50, 19]


def test_a_learner_does_not_depend_on_who_else_is_there(tmp_path: Path) -> None:
    """Adding a persona leaves everybody else's walks as they were."""
    made = course(tmp_path, index="[b](b.md) [c](c.md)", b="[c](c.md)", c="[b](b.md) [end](end.md)")
    alone = rehearse(made, (who("uniform"),), runs=20, seed=1).learners[0][1]
    other = rehearse(made, (who("hurried"), who("uniform")), runs=40, seed=1).learners[1][1]
    assert alone == other


def test_the_sample_course_is_seen_whole_and_nobody_is_stuck() -> None:
    """Over 2,000 walks every page is seen and every option taken."""
    made = load_course(ROOT / "content")
    found = rehearse(made, learners_of(made, ()), runs=2000, seed=1)
    assert found.never_seen == () and found.never_taken == ()
    assert not found.whole.stuck and not found.whole.circled


# Personas


def personas(tmp_path: Path, text: str) -> tuple[tuple[Persona, ...], tuple[Problem, ...]]:
    made = course(
        tmp_path,
        index="::: predict {#o}\n\nA?\n\n- Less {#less}\n- More {#more}\n\n:::\n\n"
        "::: rate {#r aliases=old}\n\nC?\n\n:::\n\n::: choices {#x}\n\n- [b](b.md){#go}\n\n:::",
        b="::: when answer('o') == 'less' and trust == 2 and told\n\n[end](end.md)\n\n:::",
    )
    write_course(tmp_path, {"personas/ines.yml": text})
    problems = Problems()
    return read_personas(tmp_path, made, problems), problems.settled({})


INES = """\
name: Ines, who has no time
habit: hurried
start: b
route: short
answers: {o: less, old: 4}
state: {trust: 2, told: true}
visited: [index]
chose: {x: go}
revisited: [o]
"""


def test_a_persona_begins_with_what_she_has(tmp_path: Path) -> None:
    """Answers, variables, pages, options, a route and a place; former ids are today's."""
    found, problems = personas(tmp_path, INES)
    assert problems == ()
    assert found[0].id == "ines" and found[0].answers == {"o": "less", "r": 4}
    walk, outcome = walked(load_course(tmp_path), found[0])
    assert (walk.trail, outcome) == (["b", "end"], "ending")
    assert walk.visited == {"index", "b"} and walk.chose == {"x": "go"}
    assert walk.facts.route == "short" and walk.revisited == {"o"}


def test_what_was_written_stays(tmp_path: Path) -> None:
    """An answer that is there is never written again, on that page or on another."""
    found, _ = personas(tmp_path, "habit: curious\nanswers: {o: less, r: 4}\n")
    for seed in range(6):
        walk, _ = walked(load_course(tmp_path), found[0], str(seed))
        assert walk.answers == {"o": "less", "r": 4} and "index" in walk.trail


@pytest.mark.parametrize(
    ("text", "rule", "line", "column", "words"),
    [
        ("habit: hasty", "invalid-value", 1, 8, "'habit' cannot be 'hasty'"),
        ("habit: route", "invalid-value", 1, 8, "which route"),
        ("name: A\nroute: shorter", "invalid-value", 2, 8, "did you mean 'short'"),
        ("start: nowhere", "unknown-page", 1, 8, "there is no page 'nowhere'"),
        ("visited: [index, c]", "unknown-page", 1, 18, "there is no page 'c'"),
        ("answers: {zz: 1}", "unknown-checkpoint", 1, 11, "there is no checkpoint 'zz'"),
        ("answers: {o: same}", "invalid-value", 1, 14, "one of its options: less, more"),
        ("answers: {r: 6}", "invalid-value", 1, 14, "from 1 to 5"),
        ("state: {trusty: 1}", "unknown-variable", 1, 9, "did you mean 'trust'"),
        ("state: {trust: 9}", "invalid-value", 1, 16, "from -3 to 3"),
        ("state: {told: 1}", "invalid-value", 1, 15, "true or false"),
        ("chose: {y: go}", "invalid-value", 1, 9, "block of choices 'y'"),
        ("chose: {x: stay}", "invalid-value", 1, 12, "no option 'stay'"),
        ("revisited: [zz]", "unknown-checkpoint", 1, 13, "there is no checkpoint 'zz'"),
        ("mood: bad", "unknown-key", 1, 1, "a persona has no key 'mood'"),
        ("- a", "invalid-yaml", 1, 1, "a list"),
        ("name: A: B", "invalid-yaml", 1, None, "colon"),
    ],
)
def test_what_is_wrong_with_a_persona_is_told_with_its_place(
    text: str, rule: str, line: int, column: int | None, words: str, tmp_path: Path
) -> None:
    """One problem each, in the persona's own file; what is right is kept."""
    _, problems = personas(tmp_path, text + "\n")
    assert [problem.rule for problem in problems] == [rule]
    found = problems[0]
    assert (found.path, found.line) == ("personas/ines.yml", line)
    assert column is None or found.column == column
    assert words in f"{found.message}: {found.hint}"


def test_a_persona_cannot_take_a_habit_s_name(tmp_path: Path, learnpath: CommandLine) -> None:
    """`personas/curious.yml` would be two learners with one name: told, and exit code 1."""
    course(tmp_path, index="[end](end.md)")
    write_course(tmp_path, {"personas/curious.yml": "habit: hurried\n"})
    ran = learnpath("rehearse", tmp_path, "--runs", "5")
    assert ran.code == 1 and "[duplicate-id]" in ran.err


# Who decides


@given(
    edges=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=24),
    goals=st.frozensets(st.integers(0, 7), min_size=1, max_size=3),
)
@settings(max_examples=400)
def test_what_cannot_be_skipped(edges: list[tuple[int, int]], goals: frozenset[int]) -> None:
    """Exactly the nodes without which no goal can be come to."""
    onward: dict[str, list[str]] = {}
    for here, there in edges:
        onward.setdefault(str(here), []).append(str(there))
    wanted = {str(goal) for goal in goals}

    def comes_there(without: str) -> bool:
        seen, waiting = {"0"} - {without}, ["0"] if without != "0" else []
        while waiting:
            for target in onward.get(waiting.pop(), ()):
                if target not in seen and target != without:
                    seen.add(target)
                    waiting.append(target)
        return bool(seen & wanted)

    found = unskippable(onward, "0", wanted)
    assert len(set(found)) == len(found)
    if not comes_there(""):
        assert found == ()
    else:
        assert set(found) == {str(n) for n in range(8) if not comes_there(str(n))}


def test_who_decides_for_the_course_and_each_route(tmp_path: Path) -> None:
    """What everybody meets, what is a learner's own, and the gates on the way."""
    made = course(
        tmp_path,
        index="[hall](hall.md)",
        hall="---\nrequires: answered('q')\nbecause: So.\n---\n\n[b](b.md) [c](c.md)",
        b="---\nrequires: visited('c')\n---\n\n[end](end.md)",
        c="::: reflect {#q}\n\nWhat?\n\n:::\n\n[end](end.md)",
        lost="Nobody comes here.",
    )
    found = who_decides(made)
    whole, route = found.paths
    assert found.pages == 6 and set(found.gates) == {"hall", "b"} and found.reasons == 1
    assert whole.fixed == ("index", "hall", "end") and set(whole.free) == {"b", "c"}
    assert whole.gates == ("hall",) and whole.share == 2 / 6
    assert route.id == "short" and route.fixed == ("index", "hall", "b", "end")
    assert route.gates == ("hall", "b") and route.free == ("c",)


# What is printed


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    """A course with everything to tell of: an ending, a stuck state, a circle, a lost page."""
    course(
        tmp_path,
        index="[b](b.md) [round](round.md) [end](end.md)",
        b='::: choices {#x}\n\n- [On](end.md){#on when="told"}\n\n:::',
        round="[index](round2.md)",
        round2="[round](round.md)",
        lost="---\ntitle: <Lost> & alone\n---\n\nNobody.",
    )
    return tmp_path


def test_the_document_fits_its_schema(bakery: Path, learnpath: CommandLine) -> None:
    """Exit code 1 as somebody got stuck; standard output is the one document."""
    ran = learnpath("rehearse", bakery, "--runs", "60", "--format", "json")
    assert ran.code == 1
    found = valid("rehearse", ran.out)
    assert found["runs"] == 60 == sum(learner["runs"] for learner in found["learners"])
    assert found["never_seen"] == ["lost"] and found["coverage"]["lost"] == 0
    assert found["stuck"][0]["trail"] == ["index", "b"]
    assert set(found["circled"]["pages"]) == {"round", "round2"}
    ended = sum(found["endings"].values()) + found["circled"]["share"]
    assert ended + sum(s["runs"] for s in found["stuck"]) / 60 == pytest.approx(1, abs=0.001)
    option = found["choices"][0]
    assert option["offered"] == option["taken"] == 0 and option["source"] == "b.md"
    assert found["decides"]["paths"][0]["id"] == ""


def test_the_summary_is_for_people(bakery: Path, learnpath: CommandLine) -> None:
    """Where they ended, who got stuck and how, what nobody saw or took, and who decides."""
    ran = learnpath("rehearse", bakery, "--runs", "60")
    assert ran.code == 1
    for words in (
        "60 walks through 6 pages, seed 1", "stuck on b", "by way of index → b", '"told": false',
        "Never seen: lost", "Never taken: b.md:3 On", "circling on round", "Who decides",
    ):  # fmt: skip
        assert words in ran.out, words
    assert learnpath("rehearse", bakery, "--runs", "6", "-q").out == ""


def test_nobody_stuck_is_exit_code_0(tmp_path: Path, learnpath: CommandLine) -> None:
    """Circling and pages that nobody saw are told, and no failure."""
    course(tmp_path, index="[end](end.md)", b="[end](end.md)")
    assert learnpath("rehearse", tmp_path, "--runs", "6").code == 0


def test_one_learner_alone(bakery: Path, learnpath: CommandLine) -> None:
    """`--persona` takes a persona's file name, a habit, or a route; others are guessed."""
    write_course(bakery, {"personas/ines.yml": "name: Ines\nhabit: hurried\n"})
    for name in ("ines", "hurried", "route:short"):
        ran = learnpath("rehearse", bakery, "--runs", "5", "--persona", name, "--format", "json")
        assert [learner["id"] for learner in json.loads(ran.out)["learners"]] == [name]
    ran = learnpath("rehearse", bakery, "--persona", "inez")
    assert ran.code == 2 and "did you mean 'ines'?" in ran.err


def test_an_empty_folder_has_nothing_to_walk_through(
    tmp_path: Path, learnpath: CommandLine
) -> None:
    """That is wrong usage, told in a sentence."""
    ran = learnpath("rehearse", tmp_path)
    assert ran.code == 2 and "no pages" in ran.err


# The report


def test_the_report_stands_alone(bakery: Path, learnpath: CommandLine) -> None:
    """One page without scripts, addresses or inline styles; every chart has its table."""
    report = bakery / "report.html"
    ran = learnpath("rehearse", bakery, "--runs", "60", "-o", report)
    assert f"Report in {report}" in ran.out
    html = report.read_text("utf-8")
    assert unbalanced(html) == []
    for never in ("<script", "src=", 'href="http', "style=", "url("):
        assert never not in html.partition("</style>")[2], never
    assert "default-src 'none'; style-src 'sha256-" in html.replace("&#39;", "'")
    sections = html.split("<section ")[1:]
    charts = [section for section in sections if "<svg" in section]
    assert len(charts) >= 6 and all("<table>" in section for section in charts)
    assert all('role="img"' in section and "aria-label=" in section for section in charts)
    text = text_of(html)
    for words in ("<Lost> & alone", "Where somebody got stuck", "Where they circled",
                  "Which options were taken", "Who decides", "index → b"):  # fmt: skip
        assert words in text, words


def test_the_report_s_style_is_allowed_by_its_policy(tmp_path: Path) -> None:
    """The digest in the policy is that of the style as it stands in the page."""
    made = course(tmp_path, index="[end](end.md)")
    html = report_page(rehearse(made, learners_of(made, ()), runs=5, seed=1), Theme("default"))
    style = re.search("<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"sha256-{digest}" in html.replace("&#39;", "'").replace("&#43;", "+")


def test_a_report_never_overwrites_what_is_none(bakery: Path, learnpath: CommandLine) -> None:
    """Another report may be replaced; a page or a source of the author's may not."""
    report = bakery / "report.html"
    assert learnpath("rehearse", bakery, "--runs", "50", "-o", report).code == 1
    assert learnpath("rehearse", bakery, "--runs", "60", "-o", report).code == 1
    assert "60 simulated learners" in report.read_text("utf-8")
    report.write_text("precious")
    for name in (report, bakery / "index.md", bakery / "report"):
        before = name.read_bytes() if name.exists() else None
        assert learnpath("rehearse", bakery, "-o", name).code == 2
        assert (name.read_bytes() if name.exists() else None) == before
    ran = learnpath("rehearse", bakery, "--runs", "5", "-o", bakery / "no" / "report.html")
    assert ran.code == 3 and "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("count", "total", "said"),
    [(0, 9, "0%"), (9, 9, "100%"), (1, 900, "1%"), (899, 900, "99%"), (1, 3, "33%"), (0, 0, "0%")],
)
def test_nearly_none_is_not_none(count: int, total: int, said: str) -> None:
    """Shares are rounded, but never to nothing or to all."""
    assert percent(count, total) == said


@given(numbers=st.lists(st.floats(0, 10_000), max_size=40))
def test_bins_hold_every_number(numbers: list[float]) -> None:
    """A histogram has at most twelve spans and counts everything once."""
    bins = binned(numbers)
    assert len(bins) <= 12 and sum(count for _, count in bins) == len(numbers)
    assert len({label for label, _ in bins}) == len(bins)


def test_a_chart_says_when_it_leaves_something_out() -> None:
    """Sixty bars are drawn; the table has the rest. What is written is escaped."""
    chart = bar_chart("A chart", [("<a>", 0.5)] * 61)
    assert chart.count('class="bar"') == 60 and "the first 60 of 61" in chart
    assert "<a>" not in chart and "&lt;a&gt;" in chart
    assert bar_chart("None", []) == ""
