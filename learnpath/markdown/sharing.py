"""`::: share` and `::gather`: words that learners give to each other, by their own hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from learnpath.document import Gathering, PlacedCondition, Sharing
from learnpath.markdown.builder import Builder, Part
from learnpath.markdown.choices import head_place
from learnpath.markdown.directives import Directive

Earlier = tuple[PlacedCondition, ...]


def share(
    builder: Builder, directive: Directive, tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """`::: share label {of="…"}`, around the author's words on where to send the file."""
    builder.shows("share")
    place = head_place(builder, directive)
    given = directive.attributes
    if given.id:
        builder.anchor(given.id, place)
    label = builder.phrase(directive.label, directive.line) if directive.label else ()
    body = builder.fragment(tokens)
    if not body and not directive.broken:
        builder.context.problems.add(
            "invalid-value",
            place,
            "this share does not say where the file goes",
            "write below it, in your own words: Send the file to …",
        )
    node = Sharing(
        given.id, label, directive.attributes.ids("of"), given.get("consent"), body, place
    )
    if not builder.page.guide:
        builder.page.shared.append(node)
    yield node


def gather(
    builder: Builder, directive: Directive, _tokens: Sequence[Token], _earlier: Earlier
) -> Iterator[Part]:
    """`::gather{of="…"}`: what was shared of these checkpoints."""
    builder.shows("share")
    place = head_place(builder, directive)
    node = Gathering(directive.attributes.ids("of"), place)
    if not node.of and not directive.broken:
        builder.context.problems.add(
            "invalid-attributes",
            place,
            "::gather does not say of which checkpoints",
            '::gather{of="its-id"}',
        )
    if not builder.page.guide:
        builder.page.shared.append(node)
    yield node
