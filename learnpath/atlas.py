"""The sheets of the map: a course too large for one sheet is shown part by part.

Parts are the course's folders; a folder that is itself too large is parted by its folders, then
by its pages' first topic, and in the end by the order of pages. The same pages always make the
same parts, and a new page changes the part that it lies in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from learnpath.course import LEADS_ON, Course, Edge
from learnpath.page import Page
from learnpath.paths import slug

MOST_PAGES = 150
"""Above this many pages one sheet can no longer be read."""
MOST_NAMED = 3000
"""Above this many pages the map as a whole names its sheets, and only they name the pages."""
_RUN = 100
"""Pages on a sheet where neither folders nor topics part them."""


class Part(Struct, frozen=True):
    """One sheet. `name` is its file name on the map, unique in the course."""

    name: str
    title: str
    pages: tuple[Page, ...]


class Sheet(Struct, frozen=True):
    """A part as the map as a whole shows it."""

    name: str
    title: str
    pages: int


class Overview(Struct, frozen=True):
    """The map of a course that has several sheets."""

    sheets: tuple[Sheet, ...]
    ways: tuple[tuple[str, str], ...]
    """Names of sheets between which a way leads on."""
    start: str
    """The name of the sheet that the course begins on."""


def overview_of(course: Course, parts: Sequence[Part]) -> Overview:
    """What the whole map shows of its parts, of which there are some."""
    home = {page.id: part.name for part in parts for page in part.pages}

    def leads_across(edge: Edge) -> bool:
        if edge.type not in LEADS_ON or edge.origin not in home or edge.target not in home:
            return False
        return home[edge.origin] != home[edge.target]

    across = course.edges_where(leads_across)
    return Overview(
        tuple(Sheet(part.name, part.title, len(part.pages)) for part in parts),
        tuple(dict.fromkeys((home[edge.origin], home[edge.target]) for edge in across)),
        home.get(course.start.id if course.start else "", parts[0].name),
    )


def mapped(course: Course) -> tuple[Page, ...]:
    """The pages that the map shows, in their order."""
    return tuple(page for page in course.pages if page.listed != "never")


def place_on_map(page: Page) -> str:
    """The anchor of a page on the map, as it stands in an address."""
    return quote(f"at-{page.id}")


def parts_of(course: Course, language: str) -> tuple[Part, ...]:
    """The map's sheets in their order; empty where the whole map is one sheet."""
    pages = mapped(course)
    if len(pages) <= MOST_PAGES:
        return ()
    return _named(_parted(course, language, pages, 0))


def _parted(course: Course, language: str, pages: Sequence[Page], depth: int) -> list[Part]:
    for key in (_folder(depth), _topic):
        groups: dict[str, list[Page]] = defaultdict(list)
        for page in pages:
            groups[key(page)].append(page)
        if len(groups) > 1:
            break
    else:
        return _runs(course, language, pages)
    deeper = depth + 1 if key is not _topic else depth
    found: list[Part] = []
    for name, members in groups.items():
        if len(members) <= MOST_PAGES:
            title = _title(course, language, name, members, by_topic=key is _topic)
            found.append(Part(slug(name), title, tuple(members)))
        elif key is _topic:
            found += _runs(course, language, members)
        else:
            found += _parted(course, language, members, deeper)
    return found


def _folder(depth: int) -> Callable[[Page], str]:
    """The folder that a page lies in, at most so many folders deep below the first."""

    def of(page: Page) -> str:
        return "/".join(page.source.split("/")[:-1][: depth + 1])

    return of


def _topic(page: Page) -> str:
    return page.front.topics[0][0] if page.front.topics else ""


def _runs(course: Course, language: str, pages: Sequence[Page]) -> list[Part]:
    runs = [pages[at : at + _RUN] for at in range(0, len(pages), _RUN)]
    found = []
    for run in runs:
        first, last = (course.in_language(page, language).title for page in (run[0], run[-1]))
        found.append(Part(slug(run[0].id), f"{first} – {last}", tuple(run)))
    return found


def _title(
    course: Course, language: str, name: str, pages: Sequence[Page], *, by_topic: bool
) -> str:
    if by_topic and name:
        return course.config.topics.get(name, name)
    return folder_title(course, language, name) or course.in_language(pages[0], language).title


def folder_title(course: Course, language: str, folder: str) -> str:
    """What a folder is called: its landing page's title, or its name; the root has none."""
    if not folder:
        return ""
    landing = course.by_id.get(folder)
    if landing is not None:
        return course.in_language(landing, language).title
    name = folder.rpartition("/")[2].replace("-", " ").replace("_", " ")
    return name[:1].upper() + name[1:]


def _named(parts: list[Part]) -> tuple[Part, ...]:
    """The parts, each with a name of its own."""
    taken: set[str] = set()
    found = []
    for part in parts:
        base = name = part.name or "start"
        count = 1
        while name in taken:
            count += 1
            name = f"{base}-{count}"
        taken.add(name)
        found.append(replace(part, name=name))
    return tuple(found)
