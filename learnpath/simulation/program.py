"""Declarations → a program: what to compute in which order, as plain JSON.

Smoothing and the third-order delay become stocks of their own, so that two simulators need to
know nothing but stocks, fixed delays and an order of formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from learnpath.problems import did_you_mean
from learnpath.simulation.expressions import (
    Expression,
    ExpressionError,
    Names,
    Tree,
    parse,
)
from learnpath.simulation.syntax import INPUTS, Clock, Declaration, Shown, named
from learnpath.simulation.units import times, unit_text

MOST_STEPS = 2_000
Program = dict[str, Any]
_FORMULAS = ("flow", "constant", "auxiliary")


class Told(Struct, frozen=True):
    """What is wrong with a model: the rule, the line's number, the offset in it, and the words."""

    rule: str
    line: int
    offset: int
    message: str
    hint: str


class Compiled(Struct):
    """A program, or None where it cannot run, and what is told of it."""

    program: Program | None
    told: list[Told] = field(default_factory=list)


def compile_model(
    clock: Clock, declarations: Sequence[Declaration], shown: Sequence[Shown]
) -> Compiled:
    """Make a program of a model's lines."""
    return _Compiler(clock, declarations, shown).compiled()


class _Compiler:
    def __init__(
        self, clock: Clock, declarations: Sequence[Declaration], shown: Sequence[Shown]
    ) -> None:
        self._clock = clock
        self._all = declarations
        self._by_name = named(declarations)
        self._shown = shown
        self._told: list[Told] = []
        self._trees: dict[str, Tree] = {}
        self._stocks: list[list[Any]] = []
        self._delays: list[list[Any]] = []
        self._hidden = 0

    def compiled(self) -> Compiled:
        self._doubles()
        self._read_formulas()
        self._connect()
        order = self._order()
        shows = self._shows()
        fatal = any(told.rule != "unit-mismatch" for told in self._told)
        if fatal or order is None:
            return Compiled(None, self._told)
        return Compiled(self._program(order, shows), self._told)

    def _program(self, order: Sequence[str], shows: list[dict[str, Any]]) -> Program:
        clock = self._clock
        tables = {d.name: [list(p) for p in d.points] for d in self._all if d.kind == "table"}
        return {
            "time": [clock.start, clock.end, clock.step, clock.method, clock.unit_text],
            "inputs": [
                [d.name, d.kind, float(d.formula), d.low, d.high, d.by]
                for d in self._all
                if d.kind in INPUTS
            ],
            "tables": tables,
            "stocks": self._stocks,
            "delays": self._delays,
            "order": [[name, self._trees[name]] for name in order],
            "show": shows,
            "units": {d.name: d.unit_text for d in self._all if d.unit_text},
        }

    def _tell(
        self, rule: str, where: Declaration | Shown, offset: int, message: str, hint: str
    ) -> None:
        self._told.append(Told(rule, where.line, offset, message, hint))

    def _doubles(self) -> None:
        for declaration in self._all:
            first = self._by_name[declaration.name.casefold()]
            if first is not declaration:
                self._tell(
                    "invalid-model",
                    declaration,
                    0,
                    f"'{declaration.name}' is declared twice; first in line {first.line}",
                    "give one of the two another name",
                )

    # Formulas

    def _read_formulas(self) -> None:
        variables = {d.name: d.unit for d in self._by_name.values() if d.kind != "table"}
        tables = {d.name: d.unit for d in self._by_name.values() if d.kind == "table"}
        names = Names(variables, tables, self._clock.unit)
        for declaration in self._by_name.values():
            if declaration.kind in ("table", *INPUTS):
                continue
            try:
                expression = parse(declaration.formula, names)
            except ExpressionError as error:
                at = declaration.offset + error.offset
                self._tell("invalid-model", declaration, at, error.message, error.hint)
                continue
            self._check_unit(declaration, expression)
            self._trees[declaration.name] = self._lowered(expression.term.tree)

    def _check_unit(self, declaration: Declaration, expression: Expression) -> None:
        for error in expression.mismatches:
            at = declaration.offset + error.offset
            self._tell("unit-mismatch", declaration, at, error.message, error.hint)
        term = expression.term
        if expression.mismatches or term.literal or None in (term.unit, declaration.unit):
            return
        if term.unit != declaration.unit:
            found, said = unit_text(term.unit or ()), unit_text(declaration.unit or ())
            self._tell(
                "unit-mismatch",
                declaration,
                declaration.offset + term.offset,
                f"this comes out in {found}, and '{declaration.name}' is said to be in {said}",
                "mend the formula, or the unit in the brackets",
            )

    def _lowered(self, tree: Tree) -> Tree:
        """The tree with what remembers turned into stocks and delays of its own."""
        if not isinstance(tree, list) or tree[0] in ("var", "time"):
            return tree
        head = tree[:2] if tree[0] == "table" else tree[:1]
        parts = [self._lowered(part) for part in tree[len(head) :]]
        match tree[0]:
            case "delay":
                return self._remembering(self._delays, *parts)
            case "smooth":
                what, long, *first = parts
                name = self._new_name()
                state: Tree = ["var", name]
                change: Tree = ["/", ["-", what, state], long]
                self._stocks.append([name, first[0] if first else what, change])
                return state
            case "delay3":
                return self._third_order(*parts)
        return [*head, *parts]

    def _remembering(self, where: list[list[Any]], what: Tree, long: Tree, first: Tree) -> Tree:
        name = self._new_name()
        where.append([name, what, long, first])
        return ["var", name]

    def _third_order(self, what: Tree, long: Tree, first: Tree | None = None) -> Tree:
        third: Tree = ["/", long, 3]
        start: Tree = ["*", what if first is None else first, third]
        coming = what
        for _ in range(3):
            name = self._new_name()
            going: Tree = ["/", ["var", name], third]
            self._stocks.append([name, start, ["-", coming, going]])
            coming = going
        return coming

    def _new_name(self) -> str:
        self._hidden += 1
        return f"·{self._hidden}"

    # Flows and stocks

    def _connect(self) -> None:
        changes: dict[str, Tree] = {d.name: 0 for d in self._all if d.kind == "stock"}
        for flow in (d for d in self._all if d.kind == "flow"):
            slipped = False
            for end, operator in ((flow.origin, "-"), (flow.target, "+")):
                stock = self._by_name.get(end.casefold())
                if stock is None or stock.kind != "stock":
                    slipped = self._slipped(flow, end) or slipped
                    continue
                self._flow_unit(flow, stock)
                changes[stock.name] = [operator, changes[stock.name], ["var", flow.name]]
            if not slipped and not self._touches(flow):
                self._tell(
                    "invalid-model",
                    flow,
                    0,
                    f"the flow '{flow.name}' changes no stock",
                    "name a stock behind from or to, or make it an auxiliary",
                )
        own = [[n, self._trees[n], change] for n, change in changes.items() if n in self._trees]
        self._stocks = [*own, *self._stocks]

    def _touches(self, flow: Declaration) -> bool:
        ends = (self._by_name.get(end.casefold()) for end in (flow.origin, flow.target))
        return any(end is not None and end.kind == "stock" for end in ends)

    def _slipped(self, flow: Declaration, end: str) -> bool:
        """An end that is no stock is the world outside; one that nearly is was a slip."""
        stocks = [d.name for d in self._all if d.kind == "stock"]
        guess = did_you_mean(end, stocks, "") if end else ""
        if guess:
            self._tell("invalid-model", flow, 0, f"there is no stock '{end}'", guess)
        return bool(guess)

    def _flow_unit(self, flow: Declaration, stock: Declaration) -> None:
        if flow.unit is None or stock.unit is None:
            return
        wanted = times(stock.unit, self._clock.unit, -1)
        if flow.unit != wanted:
            self._tell(
                "unit-mismatch",
                flow,
                0,
                f"'{flow.name}' is in {unit_text(flow.unit)}, and '{stock.name}' changes by "
                f"{unit_text(wanted)}",
                "a flow's unit is its stock's, divided by the unit of time",
            )

    # Order

    def _order(self) -> list[str] | None:
        """Formulas so that each comes after what it needs; None where that goes round."""
        formulas = [d.name for d in self._by_name.values() if d.kind in _FORMULAS]
        needs = {name: _names_in(self._trees.get(name, 0)) for name in formulas}
        order = self._sorted(needs, "now")
        starts = dict(needs)
        starts |= {str(stock[0]): _names_in(stock[1]) for stock in self._stocks}
        starts |= {str(delay[0]): _names_in(delay[3]) for delay in self._delays}
        if order is not None and self._sorted(starts, "at the start") is None:
            return None
        return order

    def _sorted(self, needs: Mapping[str, frozenset[str]], when: str) -> list[str] | None:
        order: list[str] = []
        done: set[str] = set()
        for start in needs:
            way: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(needs[start])))]
            on_way = {start}
            while way:
                name, rest = way[-1]
                following = next((n for n in rest if n in needs and n not in done), None)
                if following is None:
                    way.pop()
                    on_way.discard(name)
                    if name not in done:
                        done.add(name)
                        order.append(name)
                elif following in on_way:
                    self._circle([n for n, _ in way], following, when)
                    return None
                else:
                    on_way.add(following)
                    way.append((following, iter(sorted(needs[following]))))
        return order

    def _circle(self, way: Sequence[str], back: str, when: str) -> None:
        round_ = [name for name in way[way.index(back) :] if not name.startswith("·")]
        first = self._by_name[round_[0].casefold()]
        told = " → ".join([*round_, round_[0]])
        self._tell(
            "algebraic-circle",
            first,
            first.offset,
            f"each needs the other's value {when} before its own is known: {told}",
            "put a stock, a delay or smooth(…) somewhere on the circle",
        )

    # What is shown

    def _shows(self) -> list[dict[str, Any]]:
        shows = []
        for shown in self._shown:
            names = [d.name for n in shown.names if (d := self._shown_one(shown, n)) is not None]
            if names:
                shows.append({"names": names, "after": shown.after})
        if not shows:
            stocks = [d.name for d in self._all if d.kind == "stock"]
            shows = [{"names": stocks, "after": False}] if stocks else []
        return shows

    def _shown_one(self, shown: Shown, name: str) -> Declaration | None:
        declaration = self._by_name.get(name.casefold())
        if declaration is not None and declaration.kind != "table":
            return declaration
        known = [d.name for d in self._all if d.kind != "table"]
        hint = did_you_mean(name, known, "show what a line of the model declares")
        self._tell("invalid-model", shown, shown.offset, f"there is no '{name}' to show", hint)
        return None


def _names_in(tree: Tree) -> frozenset[str]:
    if not isinstance(tree, list):
        return frozenset()
    if tree[0] == "var":
        return frozenset((str(tree[1]),))
    return frozenset().union(*(_names_in(part) for part in tree[1:]))
