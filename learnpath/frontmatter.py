"""A page's file → its front matter, typed, and where its body begins."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from learnpath.conditions.syntax import ConditionError, parse
from learnpath.document import RELATIONS, PlacedCondition
from learnpath.fields import Fields
from learnpath.paths import nfc
from learnpath.problems import Place, Problems
from learnpath.values import Value
from learnpath.yamlnodes import Mapping, read_yaml

KINDS = (
    "problem", "case", "idea", "tool", "experience", "dialogue", "reflection", "reference",
)  # fmt: skip

HELP = ("full", "folded", "away")

Placed = tuple[str, Place]


class FrontMatter(Value, frozen=True):
    """What the block between the two `---` says of a page."""

    title: str = ""
    summary: str = ""
    kind: str = ""
    topics: tuple[Placed, ...] = ()
    minutes: int = 0
    audience_words: str = ""
    skip_if: str = ""
    builds_on: tuple[Placed, ...] = ()
    requires: PlacedCondition | None = None
    because: str = ""
    related: tuple[tuple[str, tuple[Placed, ...]], ...] = ()
    objectives: tuple[str, ...] = ()
    ending: str = ""
    """The ending's text, or 'true'; empty where the page is no ending."""
    listed: str = "true"
    help: str = "folded"
    """How hints and worked examples come: full (open), folded, or away."""
    audience: str = "learner"
    draft: bool = False
    id: str = ""
    id_place: Place | None = None
    aliases: tuple[Placed, ...] = ()
    facilitator: str = ""
    date: str = ""
    unreadable: bool = False
    """The YAML is broken, so that nothing is known of what it says."""
    unknown: tuple[Placed, ...] = ()
    """Keys that learnpath does not know, told once for a plain folder."""


class SplitPage(Struct, frozen=True):
    yaml: str | None
    yaml_line: int
    body: str
    body_line: int
    """The file's line, from 1, on which the body begins."""


def split_page(text: str) -> SplitPage:
    """Part a file at its front matter, if it has one."""
    first, _, rest = text.partition("\n")
    if first.rstrip() != "---":
        return SplitPage(None, 1, text, 1)
    lines = rest.split("\n")
    for index, line in enumerate(lines):
        if line.rstrip() in ("---", "..."):
            yaml = "\n".join(lines[:index])
            return SplitPage(yaml, 2, "\n".join(lines[index + 1 :]), index + 3)
    return SplitPage(None, 1, text, 1)


def read_front_matter(
    split: SplitPage, path: str, problems: Problems, *, plain: bool
) -> FrontMatter:
    """The typed front matter; what is wrong in it is told, and its default stands."""
    if split.yaml is None:
        if split.body.startswith("---\n") and not plain:
            problems.add(
                "invalid-yaml",
                Place(path, 1, 1),
                "the front matter that begins here never ends",
                "put a line with --- after its last key",
            )
        return FrontMatter()
    root = read_yaml(split.yaml, path, problems, split.yaml_line)
    if root is None:
        return FrontMatter(unreadable=bool(split.yaml.strip()))
    if not isinstance(root.value, Mapping):
        problems.add(
            "invalid-yaml",
            root.place,
            f"front matter wants `key: value` lines, and this is {root.kind}",
            "write title: …, or leave a blank line before a rule of ---",
        )
        return FrontMatter()
    return _front_matter(Fields(root.value, root.place, problems), problems, plain=plain)


def _front_matter(fields: Fields, problems: Problems, *, plain: bool) -> FrontMatter:
    found = FrontMatter(
        title=fields.text("title"),
        summary=fields.text("summary"),
        kind=fields.word("kind", KINDS) if not plain else "",
        topics=fields.placed_texts("topics"),
        minutes=fields.integer("minutes", 0, low=1),
        audience_words=fields.text("for"),
        skip_if=fields.text("skip_if"),
        builds_on=fields.placed_texts("builds_on"),
        requires=_condition(fields, "requires", problems),
        because=fields.text("because"),
        related=_related(fields),
        objectives=fields.texts("objectives"),
        ending=_ending(fields),
        listed=_listed(fields),
        help=fields.word("help", HELP, "folded"),
        audience=fields.word("audience", ("learner", "facilitator"), "learner"),
        draft=fields.boolean("draft", False),
        id=nfc(fields.text("id").strip("/ ")),
        id_place=fields.place("id"),
        aliases=fields.placed_texts("aliases"),
        facilitator=fields.text("facilitator"),
        date=fields.text("date"),
        unknown=(),
    )
    if plain:
        unknown = tuple((key, fields.key_place(key)) for key in fields.unknown())
        return replace(found, unknown=unknown)
    fields.report_unknown("front matter")
    return found


def _condition(fields: Fields, key: str, problems: Problems) -> PlacedCondition | None:
    text = fields.text(key)
    if not text:
        return None
    place = fields.place(key)
    try:
        return PlacedCondition(text, place, parse(text))
    except ConditionError as error:
        column = place.column + error.offset if place.column is not None else None
        problems.add(
            "invalid-condition", Place(place.path, place.line, column), error.message, error.hint
        )
        return PlacedCondition(text, place, None)


def _related(fields: Fields) -> tuple[tuple[str, tuple[Placed, ...]], ...]:
    inner = fields.mapping("related")
    if inner is None:
        return ()
    found = tuple((relation, inner.placed_texts(relation)) for relation in RELATIONS)
    inner.report_unknown("related")
    return found


def _ending(fields: Fields) -> str:
    node = fields.node("ending")
    if node is not None and isinstance(node.value, bool):
        return "true" if node.value else ""
    return fields.text("ending")


def _listed(fields: Fields) -> str:
    node = fields.node("listed")
    if node is not None and isinstance(node.value, bool):
        return "true" if node.value else "never"
    return fields.word("listed", ("true", "visited", "never"), "true")
