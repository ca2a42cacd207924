"""What state means over time: the tree of moments, computed from a learner's log, never stored.

A moment is a page opened, an option taken that stays on its page, a route taken or left, or a run
begun afresh. The same model runs in the browser (`static/js/moments.js` and `runs.js`);
`tests/vectors/` holds both to it. Entries are the log's own JSON objects; `state` is the course's
declarations as a page carries them (`story.variable_json`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any

from msgspec import Struct, field

from learnpath.conditions.evaluate import Facts, Value

Entry = Mapping[str, Any]
Declarations = Mapping[str, Mapping[str, Any]]

_MOMENTS = ("opened", "chose", "route", "run")


class MomentTree(Struct):
    """A learner's whole log, in order."""

    moments: dict[str, Entry] = field(default_factory=dict)
    children: dict[str | None, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    latest: Entry | None = None
    """The moment last come to, or gone back to on the trail."""
    passed: set[str] = field(default_factory=set)
    """Moments whose gate was passed."""
    on_paper: set[str] = field(default_factory=set)
    """Pages whose gate was answered on paper: a fact of the learner."""
    versions: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    """Every answer under its present id, oldest first."""
    names: dict[str, str] = field(default_factory=dict)
    """What the learner calls a run, by the moment it begins with; the last name holds."""


def tree_of(
    log: Iterable[Entry], aliases: Mapping[str, Mapping[str, str]] | None = None
) -> MomentTree:
    """The tree of a log in any order; `aliases` are former ids of `pages` and `checkpoints`."""
    former = aliases or {}
    pages, checkpoints = former.get("pages", {}), former.get("checkpoints", {})
    tree = MomentTree()
    for entry in sorted(log, key=lambda entry: (entry["seq"], entry["at"], entry["id"])):
        kind = entry["type"]
        if kind == "answer":
            tree.versions[checkpoints.get(entry["key"], entry["key"])].append(entry)
        elif kind == "passed":
            tree.passed.add(entry["moment"])
            if entry.get("how") == "paper" and entry["moment"] in tree.moments:
                tree.on_paper.add(tree.moments[entry["moment"]]["page"])
        elif kind == "named":
            tree.names[entry["moment"]] = entry.get("name", "")
        elif kind == "back":
            tree.latest = tree.moments.get(entry["moment"], tree.latest)
        elif kind in _MOMENTS:
            page = entry.get("page", "")
            moment = {**entry, "page": pages.get(page, page)}
            tree.moments[entry["id"]] = moment
            tree.children[entry.get("parent")].append(moment)
            tree.latest = moment
    return tree


def path_to(tree: MomentTree, identity: str | None) -> list[Entry]:
    """The moments from the root to this one; a circle in a damaged log ends."""
    found: dict[str, Entry] = {}
    while identity in tree.moments and identity not in found:
        assert identity is not None
        found[identity] = tree.moments[identity]
        identity = found[identity].get("parent")
    return list(found.values())[::-1]


def opening_of(path: Sequence[Entry]) -> Entry | None:
    """The moment at which the present page was opened. Options taken on it come after."""
    return next((moment for moment in reversed(path) if moment["type"] == "opened"), None)


def facts_at(tree: MomentTree, identity: str | None, state: Declarations) -> Facts:
    """Both kinds of fact at a moment: what belongs to the path, and what to the learner.

    The present opening of a page does not make it visited, and neither do options taken on it.
    """
    path = path_to(tree, identity)
    opening = opening_of(path)
    variables: dict[str, Value] = {name: declared["start"] for name, declared in state.items()}
    visited: set[str] = set()
    chose: dict[str, str] = {}
    route: str | None = None
    for moment in path:
        by = moment.get("by")
        block, option = (
            (moment.get("key"), moment.get("option"))
            if by is None
            else (by.get("block"), by.get("option"))
        )
        if block and option:
            chose[block] = option
        effects = (by or {}).get("effects")
        effects = moment.get("effects") if effects is None else effects
        apply_effects(variables, effects or (), state)
        route = _route(moment, route)
        if moment is not opening and _counts(tree, moment):
            visited.add(moment["page"])
    answers = {key: versions[-1].get("value", "") for key, versions in tree.versions.items()}
    revisited = {
        versions[-1]["of"]
        for versions in tree.versions.values()
        if versions[-1].get("of") and str(versions[-1].get("value", "")).strip()
    }
    return Facts(variables, visited, chose, route, answers, revisited)


def _route(moment: Entry, before: str | None) -> str | None:
    """The route after a moment: only taking and leaving one change it."""
    taken = (moment.get("by") or {}).get("route")
    found: str | None = moment.get("route", before) if taken is None else taken
    return found


def _counts(tree: MomentTree, moment: Entry) -> bool:
    """Whether a moment makes its page visited: not where only the gate was seen."""
    if moment["type"] != "opened":
        return False
    return not moment.get("gated") or moment["id"] in tree.passed


def apply_effects(
    variables: MutableMapping[str, Value], effects: Iterable[Sequence[Any]], state: Declarations
) -> None:
    """Effects in the order written; a number stays in its range after each.

    What the course does not declare, or declares otherwise, is left alone.
    """
    for name, sign, value in effects:
        declared = state.get(name)
        if declared is None:
            continue
        kind, before = declared["type"], variables.get(name)
        if kind == "number":
            if _is_number(value) and (sign == "=" or _is_number(before)):
                base = 0 if sign == "=" else before
                wanted = base - value if sign == "-" else base + value
                variables[name] = min(declared["to"], max(declared["from"], wanted))
        elif sign == "=" and (
            isinstance(value, bool) if kind == "flag" else value in declared["options"]
        ):
            variables[name] = value


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def gate_passed(tree: MomentTree, path: Sequence[Entry], page: str) -> bool:
    """Whether this page's gate was passed on the path, or on paper at any time."""
    if page in tree.on_paper:
        return True
    return any(moment["page"] == page and moment["id"] in tree.passed for moment in path)


def taken_here(path: Sequence[Entry]) -> list[tuple[str, str]]:
    """The options taken since the present page was opened, as (block, option)."""
    found: list[tuple[str, str]] = []
    for moment in reversed(path):
        if moment["type"] == "opened":
            break
        if moment["type"] == "chose":
            found.append((moment["key"], moment["option"]))
    return found[::-1]


def runs_of(tree: MomentTree) -> dict[str, list[str]]:
    """Every run's moments by the one it begins with: a root, or where a branch was given a name."""
    begins: dict[str, str] = {}
    for identity in tree.moments:
        way: dict[str, None] = {}
        at = identity
        # Up to a beginning; in a damaged log, until the circle closes.
        while at not in way and at not in begins:
            way[at] = None
            parent = tree.moments[at].get("parent")
            if parent not in tree.moments or tree.names.get(at):
                break
            at = parent
        begins.update(dict.fromkeys(way, begins.get(at, at)))
    runs: dict[str, list[str]] = defaultdict(list)
    for identity in tree.moments:
        runs[begins[identity]].append(identity)
    return dict(runs)


def return_of(path: Sequence[Entry]) -> Entry | None:
    """Where a detour returns to. Detours nest; any other step ends them."""
    still_open: list[Entry] = []
    place: Entry | None = None
    for moment in path:
        if moment["type"] != "opened":
            continue
        edge = (moment.get("by") or {}).get("edge")
        if edge == "detour" and place is not None:
            still_open.append(place)
        elif edge == "return":
            del still_open[-1:]
        else:
            still_open.clear()
        place = moment
    return still_open[-1] if still_open else None
