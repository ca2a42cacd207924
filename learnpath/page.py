"""One page: its file, its front matter and its document, in one value."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from learnpath.document import Document
from learnpath.frontmatter import FrontMatter
from learnpath.paths import PageId, is_landing, page_file, url_of
from learnpath.problems import Problem
from learnpath.source import SourceFile

_WORDS_A_MINUTE = 200


class Card(Struct, frozen=True):
    """A page as it is shown on other pages: map, topics, related, routes."""

    id: str
    title: str
    url: str
    """From the site's root; where a page shows it, from there."""
    summary: str
    kind: str
    """One of the page kinds, or empty."""
    minutes: int
    """Zero where the author gave none."""
    listed: str
    """'true', or 'visited' for a page that is shown only after a visit."""
    ending: bool
    draft: bool


class Page(Struct, frozen=True, eq=False):
    """One page in one language: a node of the course graph."""

    id: PageId
    language: str
    source: str
    file: str
    """The output file, `/` between its parts."""
    front: FrontMatter
    document: Document
    digest: str
    """Of the source's bytes and of every include's."""
    problems: tuple[Problem, ...]
    """What reading it found."""
    rev: str = ""
    """Of its words alone: it stays the same until a learner would read something else."""

    @property
    def title(self) -> str:
        """Front matter's title; else the opening heading; else the file's name."""
        return self.front.title or self.document.heading_text or _from_name(self.source)

    @property
    def listed(self) -> str:
        """Whether others show it: 'true', 'visited' or 'never'."""
        return self.front.listed

    @property
    def url(self) -> str:
        return url_of(self.file)

    @property
    def minutes(self) -> float:
        """How long the page takes: as its author says, or as long as reading it does."""
        return float(self.front.minutes) or self.document.words / _WORDS_A_MINUTE

    @property
    def card(self) -> Card:
        """What other pages show of it."""
        front = self.front
        return Card(
            self.id, self.title, self.url, front.summary, front.kind, front.minutes, self.listed,
            bool(front.ending), front.draft,
        )  # fmt: skip

    @property
    def is_reference(self) -> bool:
        return self.front.kind == "reference"


def translated(own: Card, card: Card) -> Card:
    """A page's card in another language: what its translation need not say again is as in the
    course's own."""
    return replace(card, kind=card.kind or own.kind, ending=card.ending or own.ending)


def output_file(
    source: SourceFile, front: FrontMatter, language: str, main: str
) -> tuple[str, str]:
    """The page's id and its output file."""
    identity = front.id or source.id
    own = (
        source.path if not source.language else source.path.replace(f".{source.language}.md", ".md")
    )
    landing = is_landing(own) and not front.id and source.id == _folder_id(own)
    prefix = "" if language == main else f"{language}/"
    return identity, page_file(identity, landing=landing, prefix=prefix)


def _folder_id(path: str) -> str:
    return path.rpartition("/")[0] or "index"


def _from_name(source: str) -> str:
    stem = source.removesuffix(".md")
    name = stem.rpartition("/")[2]
    if name.casefold() in ("index", "readme"):
        name = stem.rpartition("/")[0].rpartition("/")[2] or "Start"
    return title_from_name(name)


def title_from_name(name: str) -> str:
    """`01-first_steps` → `First steps`."""
    name = re.sub(r"^\d+[-_. ]+(?=\S)", "", name)
    words = re.sub(r"[-_]+", " ", name).strip() or name
    return words[:1].upper() + words[1:]
