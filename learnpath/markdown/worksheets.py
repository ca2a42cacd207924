"""Worksheets: a few plain checkpoints that belong together, so that an assumption can be seen.

`::: ladder`, `::: left-hand-column`, `::: predict-observe-explain` and `::: then-now`. Each part is
a checkpoint of its own, called by the worksheet's id and the part's name: `late-assumed`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from html import escape

from markdown_it.token import Token
from msgspec.structs import replace

from learnpath.document import Checkpoint, PlacedCondition
from learnpath.markdown.attributes import Attributes
from learnpath.markdown.builder import Builder, Part, matching
from learnpath.markdown.checkpoints import checkpoint
from learnpath.markdown.choices import first_list, head_place, list_items
from learnpath.markdown.directives import OPEN, Directive
from learnpath.paths import slug
from learnpath.strings import Strings

Earlier = tuple[PlacedCondition, ...]

PARTS = {
    "ladder": ("concluded", "assumed", "meant", "picked", "happened"),
    "left-hand-column": ("said", "thought", "ask"),
    "predict-observe-explain": ("predicted", "observed", "explained"),
    "then-now": ("now", "changed"),
}
"""What each worksheet asks, in order: the names end the ids of its checkpoints, for ever."""
_LISTS = ("bullet_list_open", "ordered_list_open")


def worksheet(
    builder: Builder, directive: Directive, tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """Build a worksheet of the kind that the directive names."""
    sheet = _Sheet(builder, directive)
    builder.shows("worksheet")
    identity = sheet.id
    name = escape(f"{identity}-name")
    yield f'<div class="worksheet worksheet-{directive.name}" id="{escape(identity)}"'
    yield f' role="group" aria-labelledby="{name}">\n'
    yield f'<p class="worksheet-name" id="{name}">{escape(sheet.words("name"), quote=False)}</p>\n'
    match directive.name:
        case "predict-observe-explain":
            yield from sheet.observation(tokens)
        case "then-now":
            yield from sheet.then_now(tokens)
        case _:
            yield from sheet.questions(tokens)
    yield "</div>\n"


class _Sheet:
    """Makes the checkpoints of one worksheet."""

    def __init__(self, builder: Builder, directive: Directive) -> None:
        self._builder = builder
        self._directive = directive
        self.id = self._identity()
        self._names: set[str] = set()

    def _identity(self) -> str:
        place = head_place(self._builder, self._directive)
        identity = self._directive.attributes.id
        if not identity:
            proposal = "-".join(slug(self._directive.label).split("-")[:4]) or "assumption"
            if not self._directive.broken:
                self._builder.context.problems.add(
                    "missing-checkpoint-id",
                    place,
                    "this worksheet has no id; a learner's words hang on it for ever",
                    f"write ::: {self._directive.name} {{#{proposal}}}",
                )
            identity = self._builder.unused(proposal)
        self._builder.anchor(identity, place)
        return identity

    def words(self, part: str) -> str:
        """What the theme asks for a part, in the page's language."""
        language = self._builder.context.quotes or "en"
        return _strings(language).text(f"worksheet.{self._directive.name}.{part}")

    def questions(self, tokens: Sequence[Token]) -> Iterator[Part]:
        """An introduction, then a question each; the author's own list of them stands for ours."""
        start = first_list(tokens, *_LISTS)
        if start is None:
            yield from self._intro(tokens)
            yield '<div class="worksheet-parts">\n'
            for part in PARTS[self._directive.name]:
                yield from self.part("reflect", part, self.words(part))
        else:
            kind = tokens[start].type
            end = matching(tokens, start, kind, kind.replace("open", "close"))
            yield from self._intro([*tokens[:start], *tokens[end + 1 :]])
            yield '<div class="worksheet-parts">\n'
            for item in list_items(tokens[start : end + 1]):
                yield from self._item(item)
        yield "</div>\n"

    def _item(self, item: Sequence[Token]) -> Iterator[Part]:
        inline = next((token for token in item if token.type == "inline"), None)
        attributes: Attributes | None = inline.meta.get("attributes") if inline else None
        text = self._builder.plain(inline) if inline else ""
        name = (attributes.id if attributes else "") or slug(text) or "part"
        if name in self._names:
            self._builder.context.problems.add(
                "duplicate-id",
                self._builder.token_place(inline or item[0]),
                f"two parts of this worksheet have the id '{name}'",
                "give each an id of its own: - The question {#id}",
            )
            name = self._builder.unused(f"{self.id}-{name}").removeprefix(f"{self.id}-")
        self._names.add(name)
        shown = [_shown(token) for token in item]
        yield from self.part("reflect", name, "", shown)

    def _intro(self, tokens: Sequence[Token]) -> Iterator[Part]:
        yield '<div class="worksheet-intro">\n'
        if self._directive.label:
            yield "<p>"
            yield from self._builder.phrase(self._directive.label, self._directive.line)
            yield "</p>\n"
        yield from self._builder.fragment(tokens)
        yield "</div>\n"

    def observation(self, tokens: Sequence[Token]) -> Iterator[Part]:
        """The prediction with what can be observed behind it, then what was seen, and why."""
        for token in tokens:
            if token.type == OPEN and token.meta["directive"].name == "observe":
                head = token.meta["directive"]
                token.meta["directive"] = replace(
                    head, name="reveal", label=head.label or self.words("observe")
                )
        yield '<div class="worksheet-parts">\n'
        yield from self.part("predict", "predicted", self._directive.label, tokens)
        for part in ("observed", "explained"):
            yield from self.part("reflect", part, self.words(part))
        yield "</div>\n"

    def then_now(self, tokens: Sequence[Token]) -> Iterator[Part]:
        """The earlier words beside a new box, and what made the difference."""
        label = self._directive.label or ("" if tokens else self.words("now"))
        yield '<div class="worksheet-parts">\n'
        yield from self.part("revisit", "now", label, tokens)
        yield from self.part("reflect", "changed", self.words("changed"))
        yield "</div>\n"

    def part(
        self, kind: str, name: str, label: str, tokens: Sequence[Token] = ()
    ) -> Iterator[Part]:
        """One checkpoint. What the fence says of `of` and `unit` is for the first one."""
        given = self._directive.attributes
        values = {"aliases": " ".join(f"{old}-{name}" for old in given.ids("aliases"))}
        for key in ("of", "unit") if kind in ("revisit", "predict") else ():
            if key in given.values:
                values[key] = given.values[key]
        if name == PARTS[self._directive.name][0]:
            values["why"] = given.get("why")
        head = replace(
            self._directive,
            name=kind,
            label=label,
            attributes=Attributes(id=f"{self.id}-{name}", values=values),
        )
        before = len(self._builder.page.checkpoints)
        for found in checkpoint(self._builder, head, tokens, ()):
            assert isinstance(found, Checkpoint)
            whole = replace(found, sheet=self.id)
            self._builder.page.checkpoints[before:] = (
                [whole] if len(self._builder.page.checkpoints) > before else []
            )
            yield whole


def _shown(token: Token) -> Token:
    """A paragraph of a tight list as one that is seen."""
    if token.type not in ("paragraph_open", "paragraph_close") or not token.hidden:
        return token
    return token.copy(hidden=False)


@cache
def _strings(language: str) -> Strings:
    from learnpath.theme import Theme  # it takes longer to import than most pages to parse

    return Theme("default").strings(language)
