"""Moments: what holds at each, by the vectors that the page in the browser is held to as well."""

from __future__ import annotations

import json
from typing import Any

import pytest

from learnpath.moments import (
    facts_at,
    gate_passed,
    opening_of,
    path_to,
    return_of,
    runs_of,
    taken_here,
    tree_of,
)
from support import TESTS

VECTORS: list[dict[str, Any]] = json.loads((TESTS / "vectors" / "moments.json").read_text("utf-8"))[
    "vectors"
]
RUNS: list[dict[str, Any]] = json.loads((TESTS / "vectors" / "runs.json").read_text("utf-8"))[
    "vectors"
]
LINK = {"edge": "link"}


class Log:
    """Writes entries as a browser would."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def add(self, kind: str, identity: str, **fields: Any) -> Log:
        seq = len(self.entries) + 1
        entry = {"v": 1, "id": identity, "seq": seq, "at": "", "moment": identity, "type": kind}
        self.entries.append({**entry, **fields})
        return self

    def opened(
        self, identity: str, page: str, parent: str | None = None, by: object = None, **more: Any
    ) -> Log:
        return self.add("opened", identity, page=page, parent=parent, by=by, gated=False, **more)

    def chose(self, identity: str, page: str, parent: str, key: str, option: str) -> Log:
        return self.add(
            "chose", identity, page=page, parent=parent, key=key, option=option, effects=[]
        )


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_what_holds_at_a_moment(vector: dict[str, Any]) -> None:
    """The facts of each vector, whose name says why."""
    tree = tree_of(vector["log"], vector.get("aliases"))
    facts = facts_at(tree, vector["moment"], vector["state"])
    found = {
        "variables": facts.variables,
        "visited": sorted(facts.visited),
        "chose": facts.chose,
        "route": facts.route,
        "answers": facts.answers,
        "revisited": sorted(facts.revisited),
    }
    assert found == vector["facts"]
    for name, value in vector["facts"]["variables"].items():
        assert type(found["variables"][name]) is type(value)  # type: ignore[index]


def test_a_circle_in_a_damaged_log_ends() -> None:
    """Two moments that name each other as parents are a path of two."""
    tree = tree_of(Log().opened("m1", "a", "m2").opened("m2", "b", "m1").entries)
    assert len(path_to(tree, "m1")) == 2


def test_options_count_as_taken_here_since_the_page_was_last_opened() -> None:
    """Opening the page again makes its options new."""
    log = Log().opened("m1", "a").chose("m2", "a", "m1", "x", "y")
    tree = tree_of(log.opened("m3", "a", "m2", LINK).chose("m4", "a", "m3", "x", "z").entries)
    assert taken_here(path_to(tree, "m2")) == [("x", "y")]
    assert taken_here(path_to(tree, "m4")) == [("x", "z")]
    opening = opening_of(path_to(tree, "m4"))
    assert opening is not None and opening["id"] == "m3"


def test_a_detour_returns_to_its_place() -> None:
    """Through detours of its own, until another way is taken."""
    detour, back = {"edge": "detour"}, {"edge": "return"}
    log = Log().opened("m1", "a").opened("m2", "d", "m1", detour).opened("m3", "e", "m2", detour)
    log.opened("m4", "d", "m3", back).opened("m5", "a", "m4", back).opened("m6", "z", "m3", LINK)
    tree = tree_of(log.entries)
    places = [return_of(path_to(tree, f"m{n}")) for n in range(1, 7)]
    assert [place and place["page"] for place in places] == [None, "a", "d", "a", None, None]


@pytest.mark.parametrize(("how", "elsewhere"), [("anyway", False), ("paper", True)])
def test_a_gate_that_was_passed_stays_open(how: str, elsewhere: bool) -> None:
    """On the path it was passed on; for the learner, where it was answered on paper."""
    log = Log().opened("m1", "a")
    log.add("opened", "m2", page="g", parent="m1", by=LINK, gated=True)
    log.add("passed", "p", how=how)
    log.entries[-1]["moment"] = "m2"
    tree = tree_of(log.opened("m3", "g", "m2", LINK).opened("m4", "g", "m1", LINK).entries)
    assert gate_passed(tree, path_to(tree, "m3"), "g")
    assert gate_passed(tree, path_to(tree, "m4"), "g") is elsewhere
    assert not gate_passed(tree, path_to(tree, "m4"), "a")


@pytest.mark.parametrize("vector", RUNS, ids=[vector["name"] for vector in RUNS])
def test_which_run_a_moment_belongs_to(vector: dict[str, Any]) -> None:
    """The runs of each vector, whose name says why, and the moment last come to."""
    tree = tree_of(vector["log"])
    found = sorted(sorted(moments) for moments in runs_of(tree).values())
    assert found == sorted(sorted(moments) for moments in vector["runs"].values())
    assert tree.latest is not None
    assert tree.latest["id"] == vector["latest"]
