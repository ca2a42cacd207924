"""What scripts look up of single pages: small files, each with what is said of a few pages.

In which file a page stands follows from its id alone, so a browser asks for the files of the
pages that it knows of, and for no others. How many files there are, `index.js` says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from zlib import crc32

from learnpath.course import Course
from learnpath.lookup.index import data, value_in
from learnpath.page import Page
from learnpath.plan import SitePlan

REVISIONS = "revs"
"""The folder, in that of the assets, that says how the words of each page stand now."""
WAYS = "ways"
"""The folder that says what each page is called, where it leads, and what leads on from it, by
language."""
ASKED = "asked"
"""The folder that says on which page each question is asked, by the id of its checkpoint."""
_REVISIONS, _WAYS, _ASKED = 128, 32, 128
"""Pages in a file of each, at most on average."""
_FROM_BEHIND = ("builds_on", "contrasts")
"""Ways that are also walked from the page that they lead to."""
_NAMED = 2
"""Where the title stands in what is said of a page, before its address."""
_APART, _UNLISTED = 1, 2
"""Pages that are not suggested; and those that are in no list."""


def looked_up(plan: SitePlan) -> dict[str, bytes]:
    """Every file of this kind, by its name in the site."""
    return {name: data for files in LOOKED_UP for name, data in files(plan).items()}


def revisions(plan: SitePlan) -> dict[str, bytes]:
    """The revisions of each page, in every language that it has; none where no trail is kept.

    Learners may have read it in any of them.
    """
    if not _with_trails(plan):
        return {}
    return revisions_of((page.id, page.rev) for page in plan.course.all_pages)


def revisions_of(pages: Iterable[tuple[str, str]]) -> dict[str, bytes]:
    """The same from the id and the revision of each page."""
    found: dict[str, set[str]] = defaultdict(set)
    for identity, rev in pages:
        found[identity].add(rev)
    return pieces(
        REVISIONS, {name: " ".join(sorted(revs)) for name, revs in found.items()}, _REVISIONS
    )


def ways(plan: SitePlan) -> dict[str, bytes]:
    """What each page is called, where it leads and what builds on it, for every language that has
    a trail: suggestions are made of it, and it says where learners' words belong."""
    course = plan.course
    behind: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for edge in course.edges_where(lambda edge: edge.type in _FROM_BEHIND):
        if edge.origin != edge.target:
            behind[edge.target].append((edge.type, edge.origin))
    files: dict[str, bytes] = {}
    for language in _with_trails(plan):
        said = {page.id: _ways_of(course, page, language, behind) for page in course.pages}
        files |= pieces(f"{WAYS}/{language}", said, _WAYS)
    return files


def _ways_of(
    course: Course, page: Page, language: str, behind: Mapping[str, list[tuple[str, str]]]
) -> list[object]:
    """Ways on, ways from behind, title, address, topics; and a number where it stands apart."""
    on = dict.fromkeys((e.type, e.target) for e in course.edges_from.get(page.id, ()))
    there = course.in_language(page, language)
    topics = [course.config.topics.get(name, name) for name, _ in page.front.topics]
    said = [[way for way in on if way[1] != page.id], behind.get(page.id, [])]
    return [*said, there.title, there.url, topics, *_apart(page)]


def _apart(page: Page) -> list[int]:
    """Nothing for a page that may be suggested to learners, who are to come to it by themselves."""
    front = page.front
    if front.listed != "true":
        return [_UNLISTED]
    return [_APART] if front.kind == "reference" or front.audience == "facilitator" else []


def asked(plan: SitePlan) -> dict[str, bytes]:
    """The page of every question, by the id of its checkpoint; by a former id, that of today as
    well. None where no trail is kept."""
    if not _with_trails(plan):
        return {}
    said: dict[str, list[str]] = {}
    for identity, home in plan.course.checkpoints.items():
        said |= {former: [home.page.id, identity] for former in home.checkpoint.aliases}
    said |= {identity: [home.page.id] for identity, home in plan.course.checkpoints.items()}
    return pieces(ASKED, said, _ASKED)


LOOKED_UP = (revisions, ways, asked)
"""What makes the files of each folder."""


def _with_trails(plan: SitePlan) -> list[str]:
    return sorted({item.language for item in plan.items.values() if item.kind == "trail"})


def pieces(folder: str, said: Mapping[str, object], many: int) -> dict[str, bytes]:
    """Files by their names: what is said of each page by its id, so many pages to a file."""
    count = 1 << (max(1, -(-len(said) // many)) - 1).bit_length()
    parts: list[dict[str, object]] = [{} for _ in range(count)]
    for identity in sorted(said):
        parts[crc32(identity.encode("utf-8", "surrogatepass")) % count][identity] = said[identity]
    files = {_file(folder, str(at)): data(folder, str(at), part) for at, part in enumerate(parts)}
    return {_file(folder, "index"): data(folder, "index", count), **files}


def renamed(page: Page, files: Collection[str], read: Callable[[str], bytes]) -> dict[str, bytes]:
    """Those of the site's files of ways that call this page otherwise than it is called now."""
    found: dict[str, bytes] = {}
    beginning = f"assets/{WAYS}/"
    for index in (f for f in files if f.startswith(beginning) and f.endswith("/index.js")):
        folder = index.removeprefix("assets/").removesuffix("/index.js")
        count = sum(file.rpartition("/")[0] == f"assets/{folder}" for file in files) - 1
        name = str(crc32(page.id.encode("utf-8", "surrogatepass")) % count)
        part = value_in(read(_file(folder, name)))
        said = part.get(page.id, ())
        if len(said) > _NAMED and said[_NAMED + 1] == page.url:
            said[_NAMED] = page.title
            found[_file(folder, name)] = data(folder, name, part)
    return found


def _file(folder: str, name: str) -> str:
    return f"assets/{folder}/{name}.js"
