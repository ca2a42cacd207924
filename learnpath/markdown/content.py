"""The other blocks: conditions on content, boxes, includes, media, and widgets."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from markdown_it.token import Token

from learnpath.document import Aside, Media, PlacedCondition, When, Widget
from learnpath.markdown.builder import Builder, Part
from learnpath.markdown.choices import head_place, placed_condition
from learnpath.markdown.code import code_block
from learnpath.markdown.context import Context
from learnpath.markdown.directives import Directive
from learnpath.markdown.parser import parse
from learnpath.paths import is_external
from learnpath.problems import Place, did_you_mean

Earlier = tuple[PlacedCondition, ...]
MOST_INCLUDES = 500


def when(
    builder: Builder, directive: Directive, tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """`::: when CONDITION {words="…"}`."""
    place = head_place(builder, directive)
    text = directive.label
    column = builder.context.column(directive.line, text, 0)
    condition = placed_condition(builder, text, Place(place.path, directive.line, column))
    block = When(
        (condition,),
        False,
        directive.attributes.get("words"),
        builder.fragment(tokens),
        place,
    )
    builder.page.whens.append(block)
    yield block


def otherwise(
    builder: Builder, directive: Directive, tokens: Sequence[Token], earlier: Earlier
) -> Iterator[Part]:
    """`::: otherwise`: holds where none of the `when` blocks right before it does."""
    place = head_place(builder, directive)
    if not earlier:
        builder.context.problems.add(
            "invalid-condition",
            place,
            "this 'otherwise' follows no 'when'",
            "put it right behind a ::: when block",
        )
        yield from builder.fragment(tokens)
        return
    words = directive.attributes.get("words")
    block = When(earlier, True, words, builder.fragment(tokens), place)
    builder.page.whens.append(block)
    yield block


def box(
    builder: Builder, directive: Directive, tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """`::: details label`, `::: hint`, `::: example`, and the alerts under their own names."""
    builder.page.helps += directive.name in ("hint", "example") and not builder.page.guide
    identity = directive.attributes.id
    if identity:
        builder.anchor(identity, head_place(builder, directive))
    label = builder.phrase(directive.label, directive.line) if directive.label else ()
    yield Aside(directive.name, label, identity, builder.fragment(tokens))


def facilitator(
    builder: Builder, directive: Directive, tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """`::: facilitator`: for the guide, never on a learner's page."""
    builder.page.guide += 1
    body = builder.fragment(tokens)
    builder.page.guide -= 1
    label = builder.phrase(directive.label, directive.line) if directive.label else ()
    yield Aside("facilitator", label, "", body)


def stray_after(
    builder: Builder, directive: Directive, tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """A sample or reveal outside a checkpoint: shown, and told."""
    builder.context.add(
        "unknown-directive",
        directive.line,
        builder.context.column(directive.line, directive.text, 0),
        f"'::: {directive.name}' stands outside a checkpoint",
        "put it inside a ::: reflect or ::: predict, or use ::: details",
    )
    yield Aside("details", (directive.label,), "", builder.fragment(tokens))


def widget(
    builder: Builder, directive: Directive, _tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """`::map`, `::journal`, `::routes`."""
    node = Widget(directive.name, head_place(builder, directive))
    builder.page.widgets.append(node)
    yield node


def media(
    builder: Builder, directive: Directive, _tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """`::video`, `::audio`, `::embed`."""
    place = head_place(builder, directive)
    given = directive.attributes
    node = Media(
        directive.name,
        directive.label,
        given.get("src"),
        given.get("captions"),
        given.get("transcript"),
        given.id,
        place,
        builder.context.path,
    )
    if given.id:
        builder.anchor(given.id, place)
    _check_media(builder.context, node)
    if not builder.page.guide:
        builder.page.media.append(node)
    yield node


def _check_media(context: Context, node: Media) -> None:
    problems = context.problems
    name = node.kind
    if not node.src:
        problems.add(
            "invalid-attributes", node.place, f"::{name} has no src", f'::{name}[title]{{src="…"}}'
        )
    elif name == "embed":
        host = urlsplit(node.src).hostname or ""
        if host not in context.embeds:
            problems.add(
                "external-resource",
                node.place,
                f"the host '{host}' may not be embedded; the page shows a link instead",
                f"add it to course.yml: embeds: [{host}]",
            )
    elif is_external(node.src):
        problems.add(
            "external-resource",
            node.place,
            f"'{node.src}' lies somewhere else; a learner's page never fetches it",
            "put the file beside the page; until then the page shows a link",
        )
    if name in ("video", "audio") and node.src and not (node.captions or node.transcript):
        problems.add(
            "missing-captions",
            node.place,
            f"this {name} has neither captions nor a transcript",
            'add captions="file.vtt" or transcript="file.md"',
        )


def include(
    builder: Builder, directive: Directive, _tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """`::include[file.md]` or `::include[file.md#region]`."""
    context = builder.context
    place = head_place(builder, directive)
    name, _, region = directive.label.partition("#")
    candidates = _candidates(context, name.strip())
    builder.page.includes += candidates
    found = _find(context, candidates)
    if found is None:
        folder = posixpath.dirname(context.path)
        context.problems.add(
            "missing-include",
            place,
            f"there is no file '{name}' to include",
            f"the path counts from this file (or from the course's root): {folder or '.'}/",
        )
        return
    path, text = found
    if path == context.path or path in context.including:
        chain = " → ".join((*context.including, context.path, path))
        context.problems.add(
            "include-circle", place, f"files include each other: {chain}", "break the circle"
        )
        return
    builder.page.included += 1
    if builder.page.included > MOST_INCLUDES:
        context.problems.add(
            "nesting-limit",
            place,
            f"a page takes in more than {MOST_INCLUDES} includes; the rest is left out",
            "let the included files include less",
        )
        return
    first = 1
    if region:
        cut = _region(text, region.strip())
        if cut is None:
            context.problems.add(
                "missing-include",
                place,
                f"'{path}' has no region '{region}'",
                did_you_mean(
                    region, _REGION_NAME.findall(text), f"mark it: <!-- begin {region} -->"
                ),
            )
            return
        first, text = cut
    if not path.endswith(".md"):
        yield code_block(text, path.rpartition(".")[2])
        return
    yield from _included(builder, path, text, first)


_REGION_NAME = re.compile(r"<!--\s*begin\s+([\w-]+)\s*-->")


def _region(text: str, name: str) -> tuple[int, str] | None:
    """The named region's first line (from 1) and its text."""
    lines = text.split("\n")
    mark = re.compile(rf"\s*<!--\s*(begin|end)\s+{re.escape(name)}\s*-->\s*$")
    marks = [(i, m[1]) for i, line in enumerate(lines) if (m := mark.match(line))]
    start = next((i for i, kind in marks if kind == "begin"), None)
    if start is None:
        return None
    end = next((i for i, kind in marks if kind == "end" and i > start), len(lines))
    return start + 2, "\n".join(lines[start + 1 : end])


def _candidates(context: Context, name: str) -> list[str]:
    """An include counts from the file it stands in; failing that, from the course's root."""
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(context.path), name))
    paths = dict.fromkeys((beside, posixpath.normpath(name.lstrip("/"))))
    return [path for path in paths if not path.startswith("..") and path != "."]


def _find(context: Context, candidates: list[str]) -> tuple[str, str] | None:
    for path in candidates:
        text = context.read(path)
        if text is not None:
            return path, text
    return None


def _included(builder: Builder, path: str, text: str, first: int) -> Iterator[Part]:
    outer = builder.context
    lines = [""] * (first - 1) + text.split("\n")
    context = Context(
        path,
        lines,
        first,
        outer.problems,
        outer.plain,
        outer.html,
        outer.read,
        (*outer.including, outer.path),
        outer.slugs,
        outer.embeds,
        outer.quotes,
    )
    inner = Builder(context, builder.page, builder.directives, builder.fences)
    yield from inner.fragment(parse(text, context))
