"""The one grammar of `{#id .class key=value key="a value" flag}`."""

from __future__ import annotations

import re

from msgspec import Struct, field

from learnpath.paths import nfc
from learnpath.problems import GrammarError

_SPACE = re.compile(r"[ \t\n]*")
_NAME = re.compile(r"[^\W\d][\w:.-]*")
_ID = re.compile(r"#([^\s#.{}\"'“”‘’=]+)")
_CLASS = re.compile(r"\.([\w-]+)")
_BARE = re.compile(r"[^\s{}\"'“”‘’]+")
_CURLY = "“”‘’„‚«»"
_MEANT = re.compile(r"\{[ \t]*(?:#[^\s#]|\.[A-Za-z]|[^\W\d][\w-]*[ \t]*=)")


class Attributes(Struct, frozen=True):
    """What stood in the braces. `offsets` tells where each value begins in the text given,
    and under `key=` where the key does."""

    id: str = ""
    classes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.id or self.classes or self.values)

    def get(self, key: str, default: str = "") -> str:
        return self.values.get(key, default)

    def ids(self, key: str) -> tuple[str, ...]:
        """The ids listed there, set apart by spaces or commas."""
        return tuple(self.get(key).replace(",", " ").split())


class AttributesError(GrammarError):
    """Braces that cannot be read as attributes."""


def looks_meant(text: str, start: int) -> bool:
    """Whether the `{` at `start` was meant to open attributes, not just a brace in a text."""
    return _MEANT.match(text, start) is not None


def parse_attributes(text: str, start: int) -> tuple[Attributes, int]:
    """The attributes whose `{` stands at `start`, and the offset after their `}`."""
    identity = ""
    classes: list[str] = []
    values: dict[str, str] = {}
    offsets: dict[str, int] = {}
    at = start + 1
    while True:
        at = _skip_space(text, at)
        if at >= len(text):
            raise AttributesError(start, "the braces are not closed", "put a } at their end")
        if text[at] == "}":
            return Attributes(identity, tuple(classes), values, offsets), at + 1
        if match := _ID.match(text, at):
            identity, offsets["#"] = nfc(match[1]), match.start(1)
            at = match.end()
        elif match := _CLASS.match(text, at):
            classes.append(match[1])
            at = match.end()
        elif match := _NAME.match(text, at):
            key, at = match[0], match.end()
            offsets[f"{key}="] = match.start()
            value, offset, at = _value(text, at)
            values[key], offsets[key] = value, offset
        else:
            raise AttributesError(at, *_wrong(text[at]))


def closing_brace(text: str, start: int) -> int:
    """The offset after the `}` that most likely closes unreadable braces, on the same line."""
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    found = text.find("}", start, line_end)
    return found + 1 if found >= 0 else line_end


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int) -> tuple[str, int, int]:
    """The value after a key: (value, its offset, the offset behind it). A lone key is true."""
    if text[at : at + 1] != "=":
        return "true", at, at
    at += 1
    quote = text[at : at + 1]
    if quote in ("'", '"'):
        end = text.find(quote, at + 1)
        if end < 0:
            raise AttributesError(at, "a quoted value is not closed", f"put a {quote} at its end")
        return text[at + 1 : end], at + 1, end + 1
    if match := _BARE.match(text, at):
        return match[0], at, match.end()
    if quote in ("", "}", " ", "\n"):
        raise AttributesError(at, "a value is missing after =", 'write key="value"')
    raise AttributesError(at, *_wrong(quote))


def _wrong(character: str) -> tuple[str, str]:
    if character in _CURLY:
        return (
            f"curly quotes ({character}) are read as letters",
            "use straight quotes \" or ' inside braces",
        )
    return f"'{character}' is not expected inside braces", 'write {#id key="value"}'
