"""Links: every one leads somewhere, and its anchor is there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from learnpath.course import BrokenTarget, Course, PageTarget
from learnpath.page import Page
from learnpath.problems import Place, Problem, did_you_mean, problem

_NUMBERED = ("fn", "fnref")


def broken(course: Course) -> Iterator[Problem]:
    """`broken-link`, `missing-asset` and `broken-anchor`."""
    anchors = cache(_anchors)  # of most pages none is asked for
    for page in course.all_pages:
        for source, href, place, is_file in written(page):
            target = course.target(source, href, page.language)
            if isinstance(target, BrokenTarget):
                if course.is_for_facilitators(source, href) and place in _of_notes(page):
                    continue
                rule = "missing-asset" if is_file else "broken-link"
                yield problem(rule, place, target.message, target.hint)
            elif isinstance(target, PageTarget) and is_file:
                yield problem(
                    "missing-asset", place, f"'{href}' is a page, not a file", "name the file"
                )
            elif isinstance(target, PageTarget) and target.anchor:
                known = anchors(target.page)
                if target.anchor not in known and not target.anchor.startswith(_NUMBERED):
                    yield _broken_anchor(place, target, known)


def _broken_anchor(place: Place, target: PageTarget, known: dict[str, None]) -> Problem:
    return problem(
        "broken-anchor",
        place,
        f"'{target.page.source}' has no heading or block '#{target.anchor}'",
        did_you_mean(target.anchor, known, "see the page's headings, or give one an id: {#id}"),
    )


def _of_notes(page: Page) -> set[Place]:
    """Where the links stand that are for facilitators."""
    return {link.place for link in page.document.facts.links if link.relation == "guide"}


def _anchors(page: Page) -> dict[str, None]:
    return dict.fromkeys(identity for identity, _ in page.document.facts.anchors)


def written(page: Page) -> Iterator[tuple[str, str, Place, bool]]:
    """(file, address, place, whether it must be a file) of every address in a page."""
    facts = page.document.facts
    for link in facts.links:
        yield link.source, link.href, link.place, False
    for wiki in facts.wikilinks:
        yield wiki.source, f"[[{wiki.target}]]", wiki.place, False
    for block in facts.choices:
        for option in block.options:
            if option.href:
                yield option.source, option.href, option.place, False
    for image in facts.images:
        yield image.source, image.src, image.place, True
    for resource in facts.resources:
        yield resource.source, resource.href, resource.place, not resource.linked
    for media in facts.media:
        for href in (media.src, media.captions):
            if href:
                yield media.source, href, media.place, True
        if media.transcript:
            yield media.source, media.transcript, media.place, False


def self_links(course: Course) -> Iterator[Problem]:
    """`self-link`: a choice or link that leads to the page it stands on."""
    for page in course.pages:
        for edge in course.edges_from.get(page.id, ()):
            if edge.target == page.id and edge.type not in ("builds_on", "requires"):
                what = "choice" if edge.type == "choice" else "link"
                yield problem(
                    "self-link",
                    edge.place,
                    f"this {what} leads to the page it stands on",
                    "take the link out: an option without a link stays on the page"
                    if what == "choice"
                    else "link to another page, or to a heading: #heading",
                )
