"""The right side of a model's line → a tree, with its unit.

    expression = or
    or         = and { "or" and }
    and        = not { "and" not }
    not        = "not" not | comparison
    comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
    sum        = product { ("+" | "-") product }
    product    = unary { ("*" | "/") unary }
    unary      = "-" unary | power
    power      = primary [ "^" unary ]
    primary    = number | name | function "(" expression { "," expression } ")" | "(" expression ")"

A tree is plain JSON, so that the page in the browser reads the same thing: numbers are
themselves, everything else is a list of an operator and its arguments. Names may have spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from learnpath.grammar import Token, TokenReader
from learnpath.problems import GrammarError, did_you_mean
from learnpath.simulation.units import Unit, times, unit_text

Tree = float | int | str | list["Tree"]
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "min": (2, 9), "max": (2, 9), "if": (3, 3), "abs": (1, 1), "sqrt": (1, 1), "exp": (1, 1),
    "ln": (1, 1), "sin": (1, 1), "cos": (1, 1), "floor": (1, 1), "round": (1, 1),
    "step": (2, 2), "pulse": (3, 3), "ramp": (3, 3), "delay": (3, 3), "delay3": (2, 3),
    "smooth": (2, 3),
}  # fmt: skip
"""Each function, with the least and the most arguments that it takes."""
MEMORIES = ("delay", "delay3", "smooth")
"""Functions that remember: their value now does not hang on what is put into them now."""
WORDS = ("and", "or", "not", "time", "if")
_OPERATOR = re.compile(r"==|!=|<=|>=|[<>+\-*/^(),×·÷−]")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+")
_WORD = re.compile(r"[^\W\d][\w']*")
_WORDS = re.compile(r"[^\W\d][\w']*(?:\s+[^\W\d][\w']*)*")
_SAME = {"×": "*", "·": "*", "÷": "/", "−": "-"}


class ExpressionError(GrammarError):
    """An expression that cannot be read. `offset` counts code points from its beginning."""


class Names(Struct, frozen=True):
    """What an expression may speak of: variables and tables, with their units where given."""

    variables: Mapping[str, Unit | None]
    tables: Mapping[str, Unit | None]
    time: Unit


class Term(Struct, frozen=True):
    """A part of an expression. `unit` is None where it is not known."""

    tree: Tree
    unit: Unit | None
    literal: bool = False
    """A bare number: it fits any unit it is added to."""
    offset: int = 0


class Expression(Struct):
    """What was read: its tree, its unit, and where units do not fit."""

    term: Term
    mismatches: list[ExpressionError] = field(default_factory=list)


def parse(text: str, names: Names) -> Expression:
    """Parse `text`; raises ExpressionError with the place where reading stopped."""
    parser = _Parser(_tokens(text, names), len(text), names)
    term = parser.whole()
    return Expression(term, parser.mismatches)


def _tokens(text: str, names: Names) -> list[Token]:
    known = _known(names)
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _token(text, at, known)
        found.append(token)
    return found


def _known(names: Names) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """One pattern for all names, longest first, and each name by its folded form."""
    folded = {name.casefold(): name for name in (*names.variables, *names.tables)}
    parts = [
        r"\s+".join(map(re.escape, name.split())) for name in sorted(folded, key=len, reverse=True)
    ]
    pattern = re.compile(rf"(?:{'|'.join(parts)})(?![\w'])", re.IGNORECASE) if parts else None
    return pattern, folded


def _token(
    text: str, at: int, known: tuple[re.Pattern[str] | None, dict[str, str]]
) -> tuple[Token, int]:
    pattern, folded = known
    if match := _NUMBER.match(text, at):
        return Token("number", match[0], at), match.end()
    if match := _OPERATOR.match(text, at):
        return Token("operator", _SAME.get(match[0], match[0]), at), match.end()
    if pattern is not None and (match := pattern.match(text, at)):
        name = folded.get(" ".join(match[0].casefold().split()))
        if name is not None:
            return Token("name", name, at), match.end()
    if match := _WORD.match(text, at):
        word = match[0].casefold()
        if word in FUNCTIONS or word in WORDS:
            return Token("word", word, at), match.end()
        whole = _WORDS.match(text, at)
        meant = whole[0] if whole else match[0]
        hint = did_you_mean(
            meant, [*folded.values(), *FUNCTIONS], "declare it on a line of its own"
        )
        raise ExpressionError(at, f"there is no '{meant}' in this model", hint)
    if text[at] == "=":
        raise ExpressionError(at, "one = does not compare", "write == to ask whether two are equal")
    raise ExpressionError(at, f"'{text[at]}' means nothing in an expression", "remove it")


class _Parser(TokenReader):
    error = ExpressionError
    what = "expression"
    shorten = "put a part on a line of its own"

    def __init__(self, tokens: list[Token], end: int, names: Names) -> None:
        super().__init__(tokens, end)
        self._names = names
        self.mismatches: list[ExpressionError] = []

    def whole(self) -> Term:
        if not self._tokens:
            self.fail("the expression is empty", "write a number or a calculation")
        term = self._or()
        if (token := self.peek()) is not None:
            self.fail(f"'{token.text}' is not expected here", "put + - * or / between two things")
        return term

    # Rules, loosest first

    def _or(self) -> Term:
        return self._logical("or", self._and)

    def _and(self) -> Term:
        return self._logical("and", self._not)

    def _logical(self, word: str, rule: Callable[[], Term]) -> Term:
        left = rule()
        while self.take(word):
            self.join()
            left = Term([word, left.tree, rule().tree], (), offset=left.offset)
        return left

    def _not(self) -> Term:
        if (token := self.take("not")) is not None:
            return Term(["not", self.deeper(self._not).tree], (), offset=token.offset)
        return self._comparison()

    def _comparison(self) -> Term:
        left = self._sum()
        operator = self.take(*COMPARISONS)
        if operator is None:
            return left
        right = self._sum()
        self._same(left, right, operator.offset, "compared with")
        return Term([operator.text, left.tree, right.tree], (), offset=left.offset)

    def _sum(self) -> Term:
        left = self._product()
        while (operator := self.take("+", "-")) is not None:
            self.join()
            right = self._product()
            verb = "added to" if operator.text == "+" else "taken from"
            unit = self._same(left, right, operator.offset, verb)
            literal = left.literal and right.literal
            left = Term([operator.text, left.tree, right.tree], unit, literal, left.offset)
        return left

    def _product(self) -> Term:
        left = self._unary()
        while (operator := self.take("*", "/")) is not None:
            self.join()
            right = self._unary()
            unit = None
            if left.unit is not None and right.unit is not None:
                unit = times(left.unit, right.unit, 1 if operator.text == "*" else -1)
            literal = left.literal and right.literal
            left = Term([operator.text, left.tree, right.tree], unit, literal, left.offset)
        return left

    def _unary(self) -> Term:
        if (token := self.take("-")) is not None:
            inner = self.deeper(self._unary)
            return Term(["-", 0, inner.tree], inner.unit, inner.literal, token.offset)
        return self._power()

    def _power(self) -> Term:
        base = self._primary()
        if self.take("^") is None:
            return base
        exponent = self.deeper(self._unary)
        unit: Unit | None = () if base.unit == () else None
        if base.unit is not None and isinstance(exponent.tree, int):
            unit = times((), base.unit, exponent.tree)
        return Term(["^", base.tree, exponent.tree], unit, base.literal, base.offset)

    def _primary(self) -> Term:
        token = self.peek()
        if token is None:
            self.fail("something is missing at the end", "a name, a number or a ( )")
        self._at += 1
        if token.kind == "number":
            value = float(token.text)
            tree = int(value) if value.is_integer() and abs(value) < 1e15 else value
            return Term(tree, (), literal=True, offset=token.offset)
        if token.kind == "name":
            return self._name(token)
        if token.text == "time":
            return Term(["time"], self._names.time, offset=token.offset)
        if token.text in FUNCTIONS:
            return self._call(token)
        if token.text == "(":
            term = self.deeper(self._or)
            self.expect(")")
            return term
        self._at -= 1
        return self.fail(f"'{token.text}' is not expected here", "a name, a number or a ( )")

    def _name(self, token: Token) -> Term:
        if token.text in self._names.tables:
            if not (following := self.peek()) or following.text != "(":
                self.fail(f"'{token.text}' is a table", f"ask it: {token.text}(…)")
            (argument,) = self._arguments(token.text, 1, 1)
            unit = self._names.tables[token.text]
            return Term(["table", token.text, argument.tree], unit, offset=token.offset)
        return Term(["var", token.text], self._names.variables[token.text], offset=token.offset)

    def _call(self, token: Token) -> Term:
        arguments = self._arguments(token.text, *FUNCTIONS[token.text])
        unit = self._unit_of(token, arguments)
        tree: Tree = [token.text, *(argument.tree for argument in arguments)]
        return Term(tree, unit, offset=token.offset)

    def _arguments(self, name: str, least: int, most: int) -> list[Term]:
        self.expect("(")
        found = [self.deeper(self._or)]
        while self.take(","):
            found.append(self.deeper(self._or))
        self.expect(")")
        if not least <= len(found) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            self._at -= 1
            self.fail(
                f"'{name}' takes {wanted} values, not {len(found)}", _HOW.get(name, "see them")
            )
        return found

    # Units

    def _unit_of(self, token: Token, arguments: list[Term]) -> Unit | None:
        first, *others = arguments
        match token.text:
            case "min" | "max":
                unit = first.unit
                for other in others:
                    unit = self._same(first, other, other.offset, "compared with")
                return unit
            case "if":
                return self._same(others[0], others[1], others[1].offset, "put in the place of")
            case "exp" | "ln" | "sin" | "cos":
                if first.unit:
                    self._tell(first.offset, f"'{token.text}' takes a bare number", first)
                return ()
            case "sqrt":
                return () if first.unit == () else None
            case "step" | "pulse" | "delay" | "delay3" | "smooth":
                for other in others[: 2 if token.text == "pulse" else 1]:
                    self._is_time(other)
                if token.text in MEMORIES and len(others) == 2:
                    self._same(first, others[1], others[1].offset, "put in the place of")
                return None if first.literal else first.unit
            case "ramp":
                return times(first.unit, self._names.time) if first.unit is not None else None
        return first.unit

    def _is_time(self, term: Term) -> None:
        if term.unit is not None and not term.literal and term.unit != self._names.time:
            self._tell(term.offset, f"a time in {unit_text(self._names.time)} is wanted here", term)

    def _tell(self, offset: int, message: str, term: Term) -> None:
        unit = unit_text(term.unit or ())
        self.mismatches.append(
            ExpressionError(offset, f"{message}, and this is in {unit}", "divide or multiply")
        )

    def _same(self, left: Term, right: Term, offset: int, verb: str) -> Unit | None:
        """The unit that both have; where they differ, that is told."""
        if left.literal or right.literal:
            return right.unit if left.literal else left.unit
        if left.unit is None or right.unit is None:
            return left.unit if right.unit is None else right.unit
        if left.unit != right.unit:
            one, other = unit_text(right.unit), unit_text(left.unit)
            self.mismatches.append(
                ExpressionError(
                    offset,
                    f"{one} cannot be {verb} {other}",
                    "multiply or divide by what turns the one into the other",
                )
            )
        return left.unit


_HOW = {
    "if": "write if(condition, then, otherwise)",
    "step": "write step(height, when)",
    "pulse": "write pulse(height, when, how long)",
    "ramp": "write ramp(slope, from when, until when)",
    "delay": "write delay(what, how long, what comes out at first)",
    "delay3": "write delay3(what, how long)",
    "smooth": "write smooth(what, how long)",
    "min": "write min(this, that)",
    "max": "write max(this, that)",
}
