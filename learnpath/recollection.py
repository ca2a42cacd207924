"""What the files of one site were made from: kept from build to build."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from learnpath.answers import Question, page_path, question_in, text_of
from learnpath.cache import FOLDER, Cache, digest, read_json, write_json
from learnpath.config import Config
from learnpath.keeping import remembered_page
from learnpath.library import edition_key, settings_of
from learnpath.page import Card, Page
from learnpath.plan import Item, SitePlan
from learnpath.recording import Recorder, about, in_words
from learnpath.records import Note, Record, records_in
from learnpath.theme import Theme

_SHORT = 60


class Made(Struct, frozen=True, array_like=True):
    """One file: where its record lies, what it is by itself, the digest of its bytes, and the
    numbers of the pages that it was asked about."""

    chunk: str
    own: str
    content: str
    shows: tuple[int, ...]


class Known(Struct, frozen=True, array_like=True):
    """A page as the last build knew it, and the cache's key for it."""

    language: str
    id: str
    source: str
    key: str
    digest: str
    rev: str


class _Site(Struct, frozen=True):
    """What the last build of a site left; pages have the numbers in which they stand."""

    stamp: str
    theme: dict[str, str]
    titles: tuple[str, ...]
    by_title: bool
    pages: dict[str, Known]
    files: dict[str, Made]


class _Cards(Struct, frozen=True):
    """What pages show on others, each with the page's edition, by file: much less to be read than
    the pages."""

    stamp: str
    cards: dict[str, tuple[str, Card]]


class Recollection:
    """The files of a site by name, and what each was made from."""

    def __init__(self, root: Path, output: Path, stamp: str, cache: Cache) -> None:
        name = digest(os.fsencode(output.absolute()))[:16]
        self._path = root / FOLDER / f"site-{name}.json"
        self._cards_path = root / FOLDER / f"cards-{name}.json"
        self._stamp, self._cache = stamp, cache
        self._files: dict[str, Made] = {}
        self._records: dict[str, Mapping[str, Record]] = {}
        self._same: dict[Note, bool] = {}
        self._new: dict[str, Made] = {}
        self._changed = False
        self.pages: dict[str, Known] = {}
        """The pages of the last build, by file."""
        self.names: dict[str, str] = {}
        """What the theme's files are called."""
        self.titles: tuple[str, ...] = ()
        """The titles that stand in the plan itself: of parts of the map, of redirects."""
        self.links_by_title = False
        """Whether a link may find its page by the page's title."""
        self._load()

    def _load(self) -> None:
        site = read_json(self._path, _Site)
        if site is None or site.stamp != self._stamp:
            return
        self.pages, self._files = site.pages, site.files
        self.titles, self.links_by_title, self.names = site.titles, site.by_title, site.theme

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The numbers of pages, by file: those of the last build, then what is new."""
        return {file: number for number, file in enumerate(self.pages)}

    # What the last build made

    def content(self, file: str) -> str:
        """The digest of the bytes that a file had when it was made."""
        return self._files[file].content

    def own(self, file: str) -> str:
        """What a file was by itself."""
        return self._files[file].own

    def record(self, file: str) -> Record | None:
        """What a file was made from; None where that is not known."""
        made = self._files.get(file)
        return self._chunk(made.chunk).get(file) if made is not None else None

    def _chunk(self, key: str) -> Mapping[str, Record]:
        found = self._records.get(key)
        if found is None:
            kept = self._cache.find(key)
            found = self._records[key] = records_in(kept[1]) if kept is not None else {}
        return found

    def page(self, file: str) -> Page | None:
        """A page as the last build read it; None where that is not to be had."""
        known = self.pages.get(file)
        for key in (known.key, _edition(known)) if known else ():
            page = remembered_page(self._cache, key)
            if page is not None and known and page.digest == known.digest:
                return page
        return None

    def glance(self, file: str, name: str) -> object:
        """What a page answered to one of `AT_A_GLANCE`; None where that is not to be had."""
        known = self.pages.get(file)
        if known is None:
            return None
        if name == "source":
            return known.source
        edition, card = self._cards.get(file, ("", None))
        if card is not None and edition == _edition(known):
            return card if name == "card" else getattr(card, name)
        page = self.page(file)
        return getattr(page, name) if page is not None else None

    @property
    def has_cards(self) -> bool:
        """Whether it is known what pages show on others; they would all be read for it."""
        return bool(self._cards)

    @cached_property
    def _cards(self) -> dict[str, tuple[str, Card]]:
        found = read_json(self._cards_path, _Cards)
        return found.cards if found is not None and found.stamp == self._stamp else {}

    def showing(self, before: Page, after: Page) -> Iterator[tuple[str, str]]:
        """The files that show something of a page which is not what it was, each with why."""
        about = text_of(page_path(after.language, after.id, after.file))
        number = self._numbers.get(after.file)
        files = (file for file, made in self._files.items() if number in made.shows)
        known: dict[str, str] = {}
        for file in files:
            record = self.record(file)
            names = dict(record.notes).get(about, "[]") if record is not None else ""
            if names not in known:
                known[names] = _change(before, after, names) if names else "it is not known"
            if known[names]:
                yield file, known[names]

    # Whether it would be the same today

    def reason(self, item: Item, recorder: Recorder) -> str:
        """Why a file has to be made; empty where it would be the same."""
        made = self._files.get(item.file)
        if made is None:
            return "it is new"
        if made.own != own_of(item):
            return (
                f"{item.page.source} changed" if item.page is not None else "the plan of it changed"
            )
        record = self.record(item.file)
        if record is None:
            return "it is not known what it was made from"
        for note in record.notes:
            if not self._is_same(note, recorder):
                return self._difference(note, recorder)
        return ""

    def _is_same(self, note: Note, recorder: Recorder) -> bool:
        same = self._same.get(note)
        if same is None:
            about = _is_about_a_page(note)
            same = self._same[note] = (
                self._says_the_same(note, recorder)
                if about
                else recorder.answer(note[0]) == note[1]
            )
        return same

    def _says_the_same(self, note: Note, recorder: Recorder) -> bool:
        """Whether a page says of itself what it said; one with the same bytes is not asked."""
        now, file = recorder.page(note[0]), str(question_in(note[0])[3])
        if now is None:
            return False
        known = self.pages.get(file)
        if known is not None and (known.source, known.digest) == (now.source, now.digest):
            return True
        before = self.page(file)
        return before is not None and not _change(before, now, note[1])

    def _difference(self, note: Note, recorder: Recorder) -> str:
        question = question_in(note[0])
        if not _is_about_a_page(note):
            return _differs(in_words(question), note[1], recorder.answer(note[0]))
        now, before = recorder.page(note[0]), self.page(str(question[3]))
        if now is None or before is None:
            return f"{question[3]} changed"
        return _change(before, now, note[1])

    # What this build made

    def keep(self, file: str) -> None:
        """A file stays as it was made."""
        self._new[file] = self._files[file]

    def keep_others(self) -> None:
        """All of the last build's files stay but those that were made now; and all records."""
        self._new = self._files | self._new
        self._cache.use({made.chunk for made in self._new.values()})

    def made_again(self, file: str, own: str, content: str) -> None:
        """A file was made of what its record has, which holds for it as before: what it is by
        itself, and its content's digest."""
        self._new[file] = replace(self._files[file], own=own, content=content)

    def note(self, made: Sequence[tuple[str, str, str, tuple[str, ...]]], record: bytes) -> None:
        """Files were made, after every file had its `reason`: of each its name, what it is by
        itself, its content's digest and the pages it shows; and the record of them all."""
        self._changed = True
        chunk = digest(record)
        self._cache.keep(chunk, record, {})
        for file, own, content, shows in made:
            numbers = tuple(self._numbers.setdefault(page, len(self._numbers)) for page in shows)
            self._new[file] = Made(chunk, own, content, numbers)

    def save(self, plan: SitePlan, keys: Mapping[str, str]) -> None:
        """Write it for the next build, with the cache's keys for the plan's pages by source.
        Raises OSError where that cannot be done."""
        pages = {p.file: known_page(p, keys.get(p.source, "")) for p in plan.course.all_pages}
        self.titles, self.names = _titles_in(plan), _names_in(plan)
        self.links_by_title = any(page.document.links_by_title for page in plan.course.all_pages)
        if self._changed or self._new.keys() != self._files.keys() or pages != self.pages:
            self._write(pages)
            self._write_cards({page.file: page.card for page in plan.course.all_pages}, pages, {})

    def save_again(self, pages: Mapping[str, Known], cards: Mapping[str, Card]) -> None:
        """The same where only these pages changed, and what these show on others."""
        self._write({**self.pages, **pages})
        if cards:
            self._write_cards(cards, pages, self._cards)

    def _write_cards(
        self,
        cards: Mapping[str, Card],
        pages: Mapping[str, Known],
        others: dict[str, tuple[str, Card]],
    ) -> None:
        """The cards of these pages, besides others. A page that could not be remembered has no
        key, by which it would be known again."""
        new = {file: (_edition(pages[file]), cards[file]) for file in cards if pages[file].key}
        write_json(self._cards_path, _Cards(self._stamp, others | new))

    def _write(self, pages: dict[str, Known]) -> None:
        files = self._new if list(pages) == list(self._numbers) else self._renumbered(pages)
        theme, titles, by_title = self.names, self.titles, self.links_by_title
        write_json(self._path, _Site(self._stamp, theme, titles, by_title, pages, files))

    def _renumbered(self, pages: Iterable[str]) -> dict[str, Made]:
        """The files that were made, with the numbers that these pages have now."""
        at = {file: number for number, file in enumerate(pages)}
        now = {number: at[file] for file, number in self._numbers.items() if file in at}
        return {
            file: replace(made, shows=tuple([now[page] for page in made.shows if page in now]))
            for file, made in self._new.items()
        }


def site_stamp(salt: str, theme: Theme, config: Config) -> str:
    """What every file of a site depends on, besides what is asked for it."""
    parts = (salt, theme.fingerprint, type(theme).__name__, repr(settings_of(Path(), config)))
    return digest(*(part.encode() for part in parts))


def _edition(known: Known) -> str:
    return edition_key(known.key, known.digest)


def known_page(page: Page, key: str) -> Known:
    """A page as the next build is to know it."""
    return Known(page.language, page.id, page.source, key, page.digest, page.rev)


def _names_in(plan: SitePlan) -> dict[str, str]:
    """What the files of the theme are called that pages may name."""
    theme = plan.theme
    for language in plan.course.spoken:
        for bundle in plan.bundles:
            theme.script_name(bundle, language)
    for style in theme.style_names:
        theme.style_name(style)
    return dict(theme.names)


def _titles_in(plan: SitePlan) -> tuple[str, ...]:
    found = {part.title for parts in plan.parts.values() for part in parts}
    found |= {item.title for item in plan.items.values()}
    found |= {plan.chrome(language).title for language in plan.course.spoken}
    found |= {path.title for path in plan.deciding.paths}
    return tuple(sorted(found))


def own_of(item: Item) -> str:
    """What a file is by itself: its page's bytes, or what the plan says of it."""
    page = item.page
    return page.digest if page is not None else digest(text_of(item).encode("utf-8", "replace"))


def _is_about_a_page(note: Note) -> bool:
    return note[0].startswith('["page",')


def _change(before: Page, after: Page, names: str) -> str:
    """What a page answers otherwise of what was asked about it; empty where it is all the same."""
    path = page_path(after.language, after.id, after.file)
    for name, was, is_ in zip(
        question_in(names), about(before, names), about(after, names), strict=True
    ):
        if was != is_:
            question = cast(Question, name)
            if question == ("card",):  # its fields are called as what they are of
                question, was, is_ = _first_other(before.card, after.card)
            return _differs(in_words((*path, *question)), was, is_)
    return ""


def _first_other(before: Card, after: Card) -> tuple[Question, str, str]:
    """Of two cards that differ the first field that does, with what it was and is."""
    for name in Card.__struct_fields__:
        was, is_ = text_of(getattr(before, name)), text_of(getattr(after, name))
        if was != is_:
            break
    return (name,), was, is_


def _differs(what: str, was: str, is_: str) -> str:
    """What changed, in words; of two long answers, from shortly before they begin to differ."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(was, is_, strict=False))
    start = max(sum(1 for _ in alike) - _SHORT // 3, 0)
    return f"{what} was {_in_short(was, start)}, is {_in_short(is_, start)}"


def _in_short(answer: str, start: int) -> str:
    if len(answer) <= _SHORT:
        return answer
    shown = answer[start : start + _SHORT]
    return f"{'…' if start else ''}{shown}{'…' if start + _SHORT < len(answer) else ''}"
