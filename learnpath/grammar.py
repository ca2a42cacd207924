"""What the small languages share: tokens taken one by one, and bounds on how deep and how long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NoReturn, TypeVar

from msgspec import Struct

from learnpath.problems import GrammarError

MAX_DEPTH = 50
MAX_JOINTS = 200
"""More operators in a row than this would make trees too deep to walk."""

_T = TypeVar("_T")


class Token(Struct, frozen=True):
    """A piece of text. Those of the kinds `operator` and `word` are the language's own."""

    kind: str
    text: str
    offset: int


class TokenReader:
    """Reads tokens from left to right; what it cannot read, it refuses with the place."""

    error: ClassVar[type[GrammarError]]
    what: ClassVar[str]
    shorten: ClassVar[str]
    """What to do about a text that is too deep or too long."""

    def __init__(self, tokens: Sequence[Token], end: int) -> None:
        self._tokens = tokens
        self._end = end
        self._at = 0
        self._depth = 0
        self._joints = 0

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self, *texts: str) -> Token | None:
        """The next token, if it is one of the language's own with one of these texts."""
        token = self.peek()
        if token is not None and token.kind in ("operator", "word") and token.text in texts:
            self._at += 1
            return token
        return None

    def expect(self, text: str) -> None:
        if self.take(text) is None:
            self.fail(f"a '{text}' is missing", f"put '{text}' here")

    def deeper(self, rule: Callable[[], _T]) -> _T:
        """Read by a rule that may come back here."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.fail(f"nested deeper than {MAX_DEPTH} levels", self.shorten)
        found = rule()
        self._depth -= 1
        return found

    def join(self) -> None:
        """Count an operator between two things."""
        self._joints += 1
        if self._joints > MAX_JOINTS:
            self.fail(f"the {self.what} is too long", self.shorten)

    def fail(self, message: str, hint: str) -> NoReturn:
        """Refuse what comes next."""
        token = self.peek()
        raise self.error(token.offset if token else self._end, message, hint)
