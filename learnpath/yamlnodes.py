"""Raw YAML ends here: text → placed nodes, YAML 1.2 core scalars, no surprises.

PyYAML composes the nodes (exact marks, C speed); what it would do silently is refused:
duplicate keys, aliases and tags are problems, `no` stays a word, `010` stays ten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml
from msgspec import Struct

from learnpath.problems import Place, Problems

Scalar = str | int | float | bool | None

try:
    _Loader: type = yaml.CBaseLoader
except AttributeError:  # PyYAML built without libyaml: slower, the same answers
    _Loader = yaml.BaseLoader

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DEEP_LINE = re.compile(rf"^[ ]*(?:[-?:][ ]+){{{MAX_DEPTH}}}", re.MULTILINE)
_TOO_DEEP = (f"this YAML is nested deeper than {MAX_DEPTH} levels", "flatten it")
_STANDARD_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
_INTEGER_DIGITS = 18
_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:[-/][a-z0-9]+)*")
"""Words that need no quotes, as long as they are not `true`, `null` and their like."""


class Node(Struct, frozen=True):
    """One YAML value: a scalar, a tuple of nodes, or a mapping, with where it is written."""

    value: Scalar | tuple[Node, ...] | Mapping
    place: Place
    text: str = ""
    """A scalar as the author wrote it."""

    @property
    def kind(self) -> str:
        """The value's kind in words that an author understands."""
        match self.value:
            case None:
                return "nothing"
            case bool():
                return "true or false"
            case int() | float():
                return "a number"
            case str():
                return "a text"
            case tuple():
                return "a list"
            case _:
                return "a mapping"


class Mapping(Struct, frozen=True):
    """A YAML mapping: keys in the order of writing, each with its place."""

    entries: dict[str, Node]
    places: dict[str, Place]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)


def read_yaml(text: str, path: str, problems: Problems, first_line: int = 1) -> Node | None:
    """The document in `text`, or None where it is empty or cannot be read.

    `first_line` is the file's line on which `text` begins, so that every place is the file's.
    """
    if (too_much := _too_much(text)) is not None:
        problems.add("nesting-limit", Place(path, first_line), *too_much)
        return None
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        _report(error, text, path, first_line, problems)
        return None
    except RecursionError:  # only the reader in pure Python gives up this way
        problems.add("nesting-limit", Place(path, first_line), *_TOO_DEEP)
        return None
    except (yaml.YAMLError, ValueError) as error:
        problems.add(
            "invalid-yaml",
            Place(path, first_line),
            f"this is not readable as YAML: {str(error).splitlines()[0]}",
            "look for control characters that were pasted in, and remove them",
        )
        return None
    if root is None:
        return None
    return _Reader(text, path, first_line, problems).node(root)


def resolve_scalar(text: str) -> Scalar:
    """A plain scalar by the YAML 1.2 core schema."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if len(text) <= _INTEGER_DIGITS:
        if _INT.fullmatch(text):
            return int(text)
        if _OCTAL.fullmatch(text):
            return int(text[2:], 8)
        if _HEX.fullmatch(text):
            return int(text[2:], 16)
    if _FLOAT.fullmatch(text) or _NO_FINITE.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def written_scalar(value: object, *, quoted: bool = False) -> str:
    """A scalar as `read_yaml` reads it back, whatever is in it: JSON is YAML.

    Words that need no quotes get none, unless `quoted`. Raises TypeError for what is no scalar.
    """
    if not isinstance(value, str | int | float):
        raise TypeError(f"{value!r} is neither words nor a number")
    text = str(value)
    plain = not quoted and isinstance(value, str) and _PLAIN.fullmatch(text)
    if plain and resolve_scalar(text) == text:
        return text
    return json.dumps(value, ensure_ascii=False)


def _too_much(text: str) -> tuple[str, str] | None:
    """Why this text is not given to the parser at all, which runs out of stack on it."""
    if len(text) > MAX_BYTES:
        return (
            f"this YAML is larger than {MAX_BYTES // 1000} kB",
            "keep course.yml and front matter short; put content into pages",
        )
    depth = deepest = 0
    if text.count("[") + text.count("{") > MAX_DEPTH:
        for character in text:
            if character in "[{":
                depth += 1
                deepest = max(deepest, depth)
            elif character in "]}":
                depth -= 1
    if deepest > MAX_DEPTH or _DEEP_LINE.search(text):
        return _TOO_DEEP
    return None


class _Reader:
    def __init__(self, text: str, path: str, first_line: int, problems: Problems) -> None:
        self._text = text
        self._path = path
        self._first_line = first_line
        self._problems = problems
        self._seen: set[int] = set()
        self._aliases: list[yaml.Mark] | None = None

    def node(self, raw: yaml.Node, depth: int = 0) -> Node:
        place = self._place(raw)
        if depth > MAX_DEPTH:
            self._problems.add("nesting-limit", place, *_TOO_DEEP)
            return Node(None, place)
        if id(raw) in self._seen:
            self._problems.add(
                "invalid-yaml",
                self._next_alias(),
                "YAML aliases (`*name`) are not read here",
                "write the value out in both places",
            )
            return Node(None, place)
        self._seen.add(id(raw))
        if raw.tag not in _STANDARD_TAGS:
            self._problems.add(
                "invalid-yaml",
                place,
                f"the YAML tag '{raw.tag}' is not read here",
                "remove the tag; numbers, texts and true/false are recognised by themselves",
            )
        if isinstance(raw, yaml.ScalarNode):
            value = resolve_scalar(raw.value) if not raw.style else raw.value
            return Node(value, place, raw.value)
        if isinstance(raw, yaml.SequenceNode):
            return Node(tuple(self.node(item, depth + 1) for item in raw.value), place)
        return Node(self._mapping(raw, depth + 1), place)

    def _mapping(self, raw: yaml.Node, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        places: dict[str, Place] = {}
        for raw_key, raw_value in raw.value:
            place = self._place(raw_key)
            if not isinstance(raw_key, yaml.ScalarNode):
                self._problems.add(
                    "invalid-yaml", place, "a key must be a word", "write `key: value`"
                )
                continue
            key = raw_key.value
            value = self.node(raw_value, depth)
            if key in entries:
                self._problems.add(
                    "duplicate-key",
                    place,
                    f"'{key}' is given twice; first in line {places[key].line}",
                    "keep one of the two",
                )
                continue
            entries[key] = value
            places[key] = place
        return Mapping(entries, places)

    def _place(self, raw: yaml.Node) -> Place:
        return self._at(raw.start_mark)

    def _at(self, mark: yaml.Mark) -> Place:
        return Place(self._path, mark.line + self._first_line, mark.column + 1)

    def _next_alias(self) -> Place:
        """Where the next alias stands: a composed node knows only its anchor's place."""
        if self._aliases is None:
            tokens = yaml.scan(self._text, Loader=_Loader)
            self._aliases = [t.start_mark for t in tokens if isinstance(t, yaml.AliasToken)]
        return self._at(self._aliases.pop(0)) if self._aliases else Place(self._path)


_COLON_IN_VALUE = re.compile(r"^(\s*(?:- )?)([\w-]+):[ ]+([^'\"\[{|>#&*!\s].*:(?:[ ].*)?)$")


_STARRED = re.compile(r"^\s*(?:- )?(?:[\w-]+:[ ]+)?[*&]")


def _report(
    error: yaml.MarkedYAMLError, text: str, path: str, first_line: int, problems: Problems
) -> None:
    quoting = "while scanning a quoted" in (error.context or "")
    mark = error.context_mark if quoting else error.problem_mark or error.context_mark
    index = mark.line if mark else 0
    column = mark.column + 1 if mark else None
    lines = text.splitlines() or [""]
    if index >= len(lines):  # the reader gave up behind the end
        index, column = len(lines) - 1, len(lines[-1]) + 1
    line = lines[index]
    place = Place(path, index + first_line, column)
    if "maximum nesting depth" in (error.problem or ""):  # PyYAML from 6.0.4 on has its own limit
        problems.add("nesting-limit", place, *_TOO_DEEP)
        return
    problems.add("invalid-yaml", place, *_explain(error, line))


def _explain(error: yaml.MarkedYAMLError, line: str) -> tuple[str, str]:
    said = (error.problem or error.context or "it cannot be read").strip()
    if "\t" in line and ("'\\t'" in said or line.lstrip(" ").startswith("\t")):
        return "YAML cannot be indented with a tab", "replace the tab by two spaces"
    if match := _COLON_IN_VALUE.match(line):
        _, key, value = match.groups()
        return (
            f"the value of '{key}' has a colon in it, which YAML takes for another key",
            f'quote the value: {key}: "{value}"',
        )
    if "found unexpected end of stream" in said or "while scanning a quoted" in (
        error.context or ""
    ):
        return "a quoted text is not closed", "put the closing quote at the end of the value"
    if "cannot start any token" in said:
        return f"a value cannot begin like this: {said}", "quote the value"
    if "undefined alias" in said or "alphabetic or numeric" in said or _STARRED.match(line):
        return "YAML takes a value that begins with * or & for an alias", "quote the value"
    return (
        f"this is not readable as YAML: {said}",
        "check the indentation (two spaces a level), and quote texts with : # or quotes in them",
    )
