"""What no other tool asks: whether the choices are real, and whether anybody is asked to think."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from learnpath.course import LEADS_ON, Course, PageTarget, checkpoint_homes
from learnpath.document import Choices, Option
from learnpath.page import Page
from learnpath.problems import Place, Problem, problem


def fake_choices(course: Course) -> Iterator[Problem]:
    """`fake-choice`: several options, one place, and nothing that differs."""
    if course.config.plain:
        return
    for page in course.pages:
        for block in page.document.facts.choices:
            if len(block.options) > 1 and _is_fake(block, course, page.language):
                yield problem(
                    "fake-choice",
                    block.place,
                    "every option leads to the same place and changes nothing",
                    "let an option lead elsewhere, show a consequence, or set something",
                )


def _is_fake(block: Choices, course: Course, language: str) -> bool:
    first, *others = block.options
    outcome = _outcome(first, course, language)
    return all(_outcome(option, course, language) == outcome for option in others)


def _outcome(option: Option, course: Course, language: str) -> object:
    if option.consequence or option.effects or option.write:
        return id(option)
    target = course.target(option.source, option.href, language) if option.href else None
    return target.page.id if isinstance(target, PageTarget) else option.href


def gates_without_reason(course: Course) -> Iterator[Problem]:
    """`gate-without-reason`: a gate that does not say why."""
    for page in course.pages:
        if page.front.requires is not None and not page.front.because:
            yield problem(
                "gate-without-reason",
                page.front.requires.place,
                "this gate does not tell the learner why it is there",
                "write because: and the reason, in a sentence to the learner",
            )


def paths_without_checkpoint(course: Course) -> Iterator[Problem]:
    """`path-without-checkpoint`: an ending that can be come to without being asked a thing."""
    start = course.start
    if course.config.plain or start is None:
        return
    asking = {page.id for page in course.pages if any(True for _ in checkpoint_homes(page))}
    came_from: dict[str, str] = {start.id: ""}
    waiting = deque([start.id] if start.id not in asking else [])
    while waiting:
        identity = waiting.popleft()
        page = course.by_id[identity]
        if page.front.ending:
            yield problem(
                "path-without-checkpoint",
                Place(page.source),
                "a path ends here on which nothing is asked: " + _path(identity, came_from),
                "put a checkpoint on one of these pages",
            )
        for edge in course.edges_from.get(identity, ()):
            onward = edge.type in LEADS_ON and edge.target not in came_from
            if onward and edge.target not in asking:
                came_from[edge.target] = identity
                waiting.append(edge.target)


_TIMES = 4
_PAGES = 8


def unbalanced_branches(course: Course) -> Iterator[Problem]:
    """`unbalanced-branches`: options of one block after which the course is much longer or shorter.

    From each option's page the shortest way to an ending is counted in pages, conditions left out
    of account. Told where the longest is more than four times the shortest *and* more than eight
    pages longer: one of the two alone is how courses are, an early ending beside a story, or two
    long stories. What comes back to the page of the choice is a look around and no branch, and
    what reaches no ending has no length; neither is compared.
    """
    if course.config.plain:
        return
    before = _backward(course)
    lengths = _lengths(course, before, without="")
    for page in course.pages:
        # Where all that a page's options lead to is about as long, its blocks are not looked at.
        edges = course.edges_from.get(page.id, ())
        chosen = [edge.target for edge in edges if edge.type == "choice"]
        if not _differ(chosen, lengths):
            continue
        for block in page.document.facts.choices:
            targets = _targets(block, page, course)
            if not _differ(targets, lengths):
                continue
            own = _lengths(course, before, without=page.id)
            if _differ(targets, own):
                found = sorted((own[target], target) for target in targets if target in own)
                (least, short), (most, long) = found[0], found[-1]
                yield problem(
                    "unbalanced-branches",
                    block.place,
                    f"by '{course.by_id[short].title}' an ending is {_pages(least)} away, "
                    f"by '{course.by_id[long].title}' {_pages(most)}",
                    "let the short branch do more, or lead the long one to an ending sooner",
                )


def _differ(pages: Iterable[str], lengths: Mapping[str, int]) -> bool:
    """Whether some of these pages are much further from an ending than others."""
    known = [lengths[page] for page in pages if page in lengths]
    if len(known) < 2:
        return False
    least, most = min(known), max(known)
    return most > _TIMES * least and most - least > _PAGES


def _pages(number: int) -> str:
    return "one page" if number == 1 else f"{number} pages"


def _targets(block: Choices, page: Page, course: Course) -> list[str]:
    """The pages that a block's options lead to, each once."""
    found: dict[str, None] = {}
    for option in block.options:
        target = course.target(option.source, option.href, page.language) if option.href else None
        if isinstance(target, PageTarget) and target.page.id != page.id:
            found[target.page.id] = None
    return list(found)


def _backward(course: Course) -> dict[str, list[str]]:
    """Page → the pages from which a way on leads to it."""
    found: dict[str, list[str]] = {}
    for page in course.pages:
        lenses = {place for _, placed in page.front.related for _, place in placed}
        for edge in course.edges_from.get(page.id, ()):
            if edge.type not in LEADS_ON or edge.place in lenses:
                continue
            found.setdefault(edge.target, []).append(page.id)
            if edge.type == "detour":
                found.setdefault(page.id, []).append(edge.target)
    return found


def _lengths(course: Course, before: dict[str, list[str]], *, without: str) -> dict[str, int]:
    """Page → pages to be opened to the nearest ending, itself counted, not passing `without`."""
    found = {page.id: 1 for page in course.pages if page.front.ending and page.id != without}
    waiting = deque(found)
    while waiting:
        identity = waiting.popleft()
        for origin in before.get(identity, ()):
            if origin not in found and origin != without:
                found[origin] = found[identity] + 1
                waiting.append(origin)
    return found


def _path(identity: str, came_from: dict[str, str]) -> str:
    names = [identity]
    while came_from[names[-1]]:
        names.append(came_from[names[-1]])
    return " → ".join(reversed(names))
