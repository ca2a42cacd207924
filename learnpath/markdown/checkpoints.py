"""Checkpoints: a prompt, what a learner is given to answer with, and what comes after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from msgspec import Struct

from learnpath.document import (
    After,
    Checkpoint,
    CheckpointOption,
    Fragment,
    PlacedCondition,
    Turn,
)
from learnpath.markdown.attributes import Attributes
from learnpath.markdown.builder import Builder, Part, matching
from learnpath.markdown.choices import first_list, head_place, list_items
from learnpath.markdown.directives import CLOSE, OPEN, Directive
from learnpath.paths import slug
from learnpath.problems import Place

_LISTS = ("bullet_list_open", "ordered_list_open")
_HEAD = re.compile(r"([^:\n]{1,80}):\s+")
_MINUTES = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?")
_WORDS = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
_MAX_STEPS = 11
_ASKING = ("reflect", "predict", "rate", "goal")
_MISSING = {
    "rank": ("fewer than two items", "write them as a list: - The item {#item}"),
    "sort": (
        "headings with items",
        "write a list of headings, and a list of items under a heading",
    ),
    "dialogue": ("no turns", "write them as a list: - Minutes 0–5, both: …"),
}


def checkpoint(
    builder: Builder,
    directive: Directive,
    tokens: Sequence[Token],
    _earlier: tuple[PlacedCondition, ...],
) -> Iterator[Part]:
    """Build a checkpoint of the kind that the directive names."""
    place = head_place(builder, directive)
    prompt_tokens, after_blocks = _split_after(tokens)
    prompt_tokens, items = _split_list(directive, prompt_tokens)
    prompt_text = (
        _text(builder, prompt_tokens)
        or directive.label
        or _text(builder, [token for item in items for token in item])
    )
    arranged = _arrange(builder, directive, items)
    prompt: Fragment = builder.fragment(prompt_tokens)
    if directive.label:
        prompt = ("<p>", *builder.phrase(directive.label, directive.line), "</p>\n", *prompt)
    reader = _Head(builder, directive, place)
    steps = reader.number("steps", 5) if directive.name == "rate" else 0
    found = Checkpoint(
        reader.identity(prompt_text),
        directive.name,
        prompt,
        prompt_text,
        directive.attributes.get("why"),
        _form(directive, arranged.options),
        place,
        directive.attributes.ids("aliases"),
        arranged.options,
        steps,
        directive.attributes.get("from"),
        directive.attributes.get("to"),
        directive.attributes.get("unit"),
        reader.words(),
        directive.attributes.get("of"),
        reader.place("of") if "of" in directive.attributes.values else None,
        tuple(_after(builder, head, inner) for head, inner in after_blocks),
        arranged.headings,
        arranged.turns,
    )
    reader.check(found)
    reader.check_list(found)
    if not builder.page.guide:
        builder.page.checkpoints.append(found)
    yield found


def _split_after(
    tokens: Sequence[Token],
) -> tuple[list[Token], list[tuple[Directive, Sequence[Token]]]]:
    """The prompt's tokens, and each sample and reveal with the tokens inside it."""
    prompt: list[Token] = []
    after: list[tuple[Directive, Sequence[Token]]] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == OPEN and token.meta["directive"].name in ("sample", "reveal"):
            end = matching(tokens, at, OPEN, CLOSE)
            after.append((token.meta["directive"], tokens[at + 1 : end]))
            at = end
        else:
            prompt.append(token)
        at += 1
    return prompt, after


_LISTED = ("predict", "rank", "sort", "dialogue")
"""Checkpoints whose first list is not part of the prompt."""


class _Arranged(Struct, frozen=True):
    """What a checkpoint's list was made into."""

    options: tuple[CheckpointOption, ...] = ()
    headings: tuple[CheckpointOption, ...] = ()
    turns: tuple[Turn, ...] = ()


def _split_list(
    directive: Directive, tokens: list[Token]
) -> tuple[list[Token], list[Sequence[Token]]]:
    """The tokens without the checkpoint's list, and the tokens of each of the list's items."""
    kinds = _LISTS[:1] if directive.name == "predict" else _LISTS
    start = first_list(tokens, *kinds) if directive.name in _LISTED else None
    if start is None:
        return tokens, []
    end = matching(tokens, start, tokens[start].type, tokens[start].type.replace("open", "close"))
    return tokens[:start] + tokens[end + 1 :], list(list_items(tokens[start : end + 1]))


def _arrange(builder: Builder, directive: Directive, items: list[Sequence[Token]]) -> _Arranged:
    if directive.name == "dialogue":
        return _Arranged(turns=tuple(_turn(builder, item) for item in items))
    options = tuple(_option(builder, item) for item in items)
    if directive.name != "sort":
        return _Arranged(options)
    inner = (_option(builder, below) for item in items for below in _below(item))
    return _Arranged(tuple(inner), headings=options)


def _below(item: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The items of the list inside an item."""
    start = first_list(item, *_LISTS)
    if start is not None:
        kind = item[start].type
        end = matching(item, start, kind, kind.replace("open", "close"))
        yield from list_items(item[start : end + 1])


def _turn(builder: Builder, item: Sequence[Token]) -> Turn:
    """`Minutes 0–5, both: …` → the words before the colon, the minutes in them, and the rest."""
    inline = item[1] if len(item) > 1 and item[1].type == "inline" else None
    first = next(iter(builder.children(inline)), None) if inline is not None else None
    match = _HEAD.match(first.content) if first is not None and first.type == "text" else None
    if first is None or match is None:
        return Turn("", 0, 0, builder.fragment(item))
    first.content = first.content[match.end() :]
    minutes = _MINUTES.search(match[1])
    low, high = (int(minutes[1]), int(minutes[2] or minutes[1])) if minutes else (0, 0)
    if high < low:
        builder.context.problems.add(
            "invalid-value",
            builder.token_place(inline or item[0]),
            f"the minutes {low} to {high} run backwards",
            f"write the earlier one first: Minutes {high}–{low}",
        )
    return Turn(match[1].strip(), low, max(low, high), builder.fragment(item))


def _option(builder: Builder, item: Sequence[Token]) -> CheckpointOption:
    inline = next((token for token in item if token.type == "inline"), None)
    if inline is None:
        return CheckpointOption("", builder.fragment(item), "")
    attributes: Attributes = inline.meta.get("attributes") or Attributes()
    text = builder.plain(inline)
    return CheckpointOption(attributes.id or slug(text), builder.inline(inline), text)


_ARRANGED = {"rank": "order", "sort": "groups"}


def _form(directive: Directive, options: tuple[CheckpointOption, ...]) -> str:
    if directive.name == "rate":
        return "scale"
    if directive.name in _ARRANGED:
        return _ARRANGED[directive.name]
    if options:
        return "options"
    return "number" if directive.name == "predict" and directive.attributes.get("unit") else "words"


def _after(builder: Builder, directive: Directive, inner: Sequence[Token]) -> After:
    return After(directive.name, directive.label, builder.fragment(inner))


def _text(builder: Builder, tokens: Sequence[Token]) -> str:
    texts = [builder.plain(token) for token in tokens if token.type == "inline"]
    return " ".join(text.strip() for text in texts if text.strip())


class _Head:
    """Reads the attributes on a checkpoint's fence line."""

    def __init__(self, builder: Builder, directive: Directive, place: Place) -> None:
        self._builder = builder
        self._directive = directive
        self._place = place

    def place(self, key: str) -> Place:
        directive = self._directive
        offset = directive.text.find(f"{key}=")
        column = self._builder.context.column(directive.line, directive.text, max(offset, 0))
        return self._builder.context.place(directive.line, column)

    def identity(self, prompt: str) -> str:
        given = self._directive.attributes.id
        if given:
            self._builder.anchor(given, self._place)
            return given
        proposal = "-".join(slug(prompt).split("-")[:4]) or self._directive.name
        if not self._directive.broken:
            self._builder.context.problems.add(
                "missing-checkpoint-id",
                self._place,
                "this checkpoint has no id; a learner's words hang on it for ever",
                f"write ::: {self._directive.name} {{#{proposal}}}",
            )
        identity = self._builder.unused(proposal)
        self._builder.anchor(identity, self._place)
        return identity

    def number(self, key: str, default: int) -> int:
        text = self._directive.attributes.get(key)
        if not text:
            return default
        if text.isdigit() and 2 <= int(text) <= _MAX_STEPS:
            return int(text)
        self._invalid(key, f"'{text}' is no number of steps", f"write {key}={default}")
        return default

    def words(self) -> tuple[int, int]:
        text = self._directive.attributes.get("words")
        if not text:
            return (0, 0)
        if match := _WORDS.fullmatch(text.strip()):
            if match[2] is None:
                return (0, int(match[1]))
            low, high = sorted((int(match[1]), int(match[2])))
            return (low, high)
        self._invalid("words", f"'{text}' is no number of words", 'write words="30-120"')
        return (0, 0)

    def check(self, found: Checkpoint) -> None:
        """A revisit must say of what, and anything else must ask something."""
        if self._directive.name in _ASKING and not found.prompt and not self._directive.broken:
            self._builder.context.problems.add(
                "invalid-value",
                self._place,
                "nothing is asked here",
                "write the question below this line",
            )
        name, values = self._directive.name, self._directive.attributes.values
        if name == "revisit" and not values.get("of") and not self._directive.broken:
            self._builder.context.problems.add(
                "unknown-checkpoint",
                self._place,
                "this revisit does not say what it comes back to",
                'name the checkpoint: of="its-id"',
            )

    def check_list(self, found: Checkpoint) -> None:
        """What has to be put in order, sorted or talked through has to be there."""
        name = self._directive.name
        there = {
            "rank": len(found.options) > 1,
            "sort": len(found.headings) > 1 and bool(found.options),
            "dialogue": bool(found.turns),
        }
        if not there.get(name, True) and not self._directive.broken:
            what, hint = _MISSING[name]
            self._builder.context.problems.add(
                "invalid-value", self._place, f"this {name} has {what}", hint
            )
        for options in (found.options, found.headings):
            self._doubles(options)

    def _doubles(self, options: tuple[CheckpointOption, ...]) -> None:
        seen: set[str] = set()
        for option in options:
            if option.id in seen:
                self._builder.context.problems.add(
                    "duplicate-id",
                    self._place,
                    f"two items of this {self._directive.name} have the id '{option.id}'",
                    "give each an id of its own: - Words {#id}",
                )
            seen.add(option.id)

    def _invalid(self, key: str, message: str, hint: str) -> None:
        self._builder.context.problems.add("invalid-value", self.place(key), message, hint)
