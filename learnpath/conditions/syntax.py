"""Text → tree.

    condition  = or
    or         = and { "or" and }
    and        = not { "and" not }
    not        = "not" not | comparison
    comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
    sum        = unary { ("+" | "-") unary }
    unary      = "-" unary | primary
    primary    = number | 'text' | name | call | "(" condition ")"
    call       = ("visited" | "answered" | "answer" | "revisited" | "chose") "(" 'id' ")"
               | "count" "(" condition { "," condition } ")"

A tree is plain JSON, so that the page in the browser reads the same thing: numbers and strings
are themselves, everything else is a list of an operator and its arguments.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from learnpath.grammar import Token, TokenReader
from learnpath.problems import GrammarError
from learnpath.values import Value

Tree = str | int | float | list[Any]
"""A list is an operator and its trees."""
_Rule = Callable[[], Tree]

ASKING = ("visited", "answered", "answer", "revisited", "chose")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_WORDS = ("and", "or", "not")

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|'(?P<text>[^']*)'"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<operator>==|!=|<=|>=|[<>+\-(),])"
    r"|(?P<space>\s+)"
    r"|(?P<wrong>.)",
    re.DOTALL,
)


class ConditionError(GrammarError):
    """A condition that cannot be read. `offset` counts code points from its beginning."""


class Name(Value, frozen=True):
    """A name or id that a condition mentions, with where: kind is var, route or one of ASKING."""

    kind: str
    name: str
    offset: int


class Condition(Value, frozen=True):
    """A parsed condition: its text, its tree, and the names in it in order of writing."""

    text: str
    tree: Tree
    names: tuple[Name, ...]


def parse(text: str) -> Condition:
    """Parse `text`; raises ConditionError with the place where reading stopped."""
    parser = _Parser(_tokens(text), len(text))
    return Condition(text, parser.whole(), tuple(parser.names))


def _tokens(text: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "wrong":
            raise ConditionError(match.start(), *_wrong_character(match.group()))
        if kind != "space":
            text = unicodedata.normalize("NFC", match.group(kind))
            kind = "word" if kind == "name" and text in _WORDS else kind
            found.append(Token(kind, text, match.start()))
    return found


def _wrong_character(character: str) -> tuple[str, str]:
    if character == "'":
        return "a text is not closed", "put a single quote ' on both sides of it"
    if character in '"“”‘’„':
        return f"a text in a condition stands in single quotes, not in {character}", "write 'text'"
    if character == "=":
        return "one = does not compare", "write == to ask whether two things are equal"
    if character in "&|!":
        return f"'{character}' is not read here", "write and, or, not"
    return f"'{character}' means nothing in a condition", "remove it"


class _Parser(TokenReader):
    error = ConditionError
    what = "condition"
    shorten = "keep what it asks in a variable"

    def __init__(self, tokens: list[Token], end: int) -> None:
        super().__init__(tokens, end)
        self.names: list[Name] = []

    def whole(self) -> Tree:
        if not self._tokens:
            raise ConditionError(0, "the condition is empty", "write one, or remove the attribute")
        tree = self._or()
        if (token := self.peek()) is not None:
            self.fail(f"'{token.text}' is not expected here", "join two conditions by and or or")
        return tree

    def _or(self) -> Tree:
        left = self._and()
        while self.take("or"):
            left = self._joined("or", left, self._and())
        return left

    def _and(self) -> Tree:
        left = self._not()
        while self.take("and"):
            left = self._joined("and", left, self._not())
        return left

    def _not(self) -> Tree:
        if self.take("not"):
            return ["not", self.deeper(self._not)]
        return self._comparison()

    def _comparison(self) -> Tree:
        left = self._sum()
        operator = self.take(*COMPARISONS)
        if operator is None:
            return left
        tree: Tree = [operator.text, left, self._sum()]
        if (token := self.peek()) is not None and token.text in COMPARISONS:
            self.fail("comparisons cannot be chained", "write `a < b and b < c`")
        return tree

    def _sum(self) -> Tree:
        left = self._unary()
        while (operator := self.take("+", "-")) is not None:
            left = self._joined(operator.text, left, self._unary())
        return left

    def _joined(self, operator: str, left: Tree, right: Tree) -> Tree:
        self.join()
        return [operator, left, right]

    def _unary(self) -> Tree:
        if self.take("-") is not None:
            return ["neg", self.deeper(self._unary)]
        return self._primary()

    def _primary(self) -> Tree:
        token = self.peek()
        if token is None:
            raise ConditionError(self._end, "the condition ends too early", "finish it")
        self._at += 1
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.kind == "text":
            return token.text
        if token.kind == "name":
            return self._named(token)
        if token.text == "(":
            tree = self.deeper(self._or)
            self.expect(")")
            return tree
        self._at -= 1
        return self.fail(f"'{token.text}' is not expected here", "a name, a number or a 'text'")

    def _named(self, token: Token) -> Tree:
        following = self.peek()
        called = following is not None and following.text == "(" and following.kind == "operator"
        if not called:
            if token.text in ASKING or token.text == "count":
                self.fail(f"'{token.text}' needs parentheses", f"write {token.text}('id')")
            kind = "route" if token.text == "route" else "var"
            self.names.append(Name(kind, token.text, token.offset))
            return ["route"] if kind == "route" else ["var", token.text]
        if token.text == "count":
            return self._count()
        if token.text not in ASKING:
            self._at -= 1
            self.fail(
                f"there is no '{token.text}(…)'",
                "there are " + ", ".join(ASKING) + " and count",
            )
        return self._asking(token)

    def _asking(self, token: Token) -> Tree:
        self.expect("(")
        argument = self.peek()
        if argument is None or argument.kind != "text":
            self.fail(f"'{token.text}' asks about an id in quotes", f"write {token.text}('id')")
        self._at += 1
        self.expect(")")
        self.names.append(Name(token.text, argument.text, argument.offset))
        return [token.text, argument.text]

    def _count(self) -> Tree:
        self.expect("(")
        arguments = [self.deeper(self._or)]
        while self.take(",") is not None:
            arguments.append(self.deeper(self._or))
        self.expect(")")
        return ["count", *arguments]
