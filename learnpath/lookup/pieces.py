"""What scripts look up of single pages: small files, each with what is said of a few pages.

In which file a page stands follows from its id alone, so a browser asks for the files of the
pages that it knows of, and for no others. How many files there are, `index.js` says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from zlib import crc32

from learnpath.lookup.index import data
from learnpath.plan import SitePlan

REVISIONS = "revs"
"""The folder, in that of the assets, that says how the words of each page stand now."""
_MANY = 128
"""Pages in a file of revisions, at most on average."""


def revisions(plan: SitePlan) -> dict[str, bytes]:
    """The revisions of each page, in every language that it has; none where no trail is kept.

    Learners may have read it in any of them.
    """
    if not any(item.kind == "trail" for item in plan.items.values()):
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    for page in plan.course.all_pages:
        found[page.id].add(page.rev)
    return pieces(REVISIONS, {name: " ".join(sorted(revs)) for name, revs in found.items()}, _MANY)


def pieces(folder: str, said: Mapping[str, object], many: int) -> dict[str, bytes]:
    """Files by their names: what is said of each page by its id, so many pages to a file."""
    count = 1 << (max(1, -(-len(said) // many)) - 1).bit_length()
    parts: list[dict[str, object]] = [{} for _ in range(count)]
    for identity in sorted(said):
        parts[crc32(identity.encode("utf-8", "surrogatepass")) % count][identity] = said[identity]
    files = {_file(folder, str(at)): data(folder, str(at), part) for at, part in enumerate(parts)}
    return {_file(folder, "index"): data(folder, "index", count), **files}


def is_revision(file: str) -> bool:
    """Whether a file of the site says revisions."""
    return file.startswith(f"assets/{REVISIONS}/")


def _file(folder: str, name: str) -> str:
    return f"assets/{folder}/{name}.js"
