"""What an edit costs, counted and not timed: a regression fails here on any machine."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment
from msgspec.structs import replace

from corpus import source_of, write_corpus
from learnpath import (
    build_site,
    contents,
    exchange,
    filenames,
    packing,
    recollection,
    rendering,
    theme,
    unchanged,
)
from learnpath import cache as cache_module
from learnpath.answers import Question, Reader, question_in
from learnpath.assets import find_assets
from learnpath.build import load_course
from learnpath.cache import FOLDER, Cache
from learnpath.contents import write_new
from learnpath.keeping import Head, remembered_page
from learnpath.lookup.text import in_tags
from learnpath.making import load_theme
from learnpath.page import Page
from learnpath.plan import Item, SitePlan, make_plan
from learnpath.recording import Recorder
from learnpath.records import records_in
from learnpath.rendering import Batch, recorded
from learnpath.results import BuildResult
from support import ROOT, files_in

PAGES = 60
EDITED = source_of(30)


@dataclass(frozen=True)
class Counts:
    """What one build did."""

    rendered: int
    """Pages whose HTML was made."""
    read: int
    """Pages' files that were opened."""
    compiled: int
    """Templates that were compiled."""
    unpacked: int
    """Pages of which more was unpacked than their heads: links, questions, text."""


class Meter:
    """Counts what builds do, as if each were a process of its own."""

    def __init__(self, root: Path, themes: Path, patch: pytest.MonkeyPatch) -> None:
        self.root, self.themes = root, themes
        self._patch = patch
        self._opened: list[str] = []
        self._compiled: list[object] = []
        self._unpacked: set[int] = set()
        self._counting = True
        sys.addaudithook(self._notice)
        real_compile, real_part = Environment.compile, packing.unpack

        def compiled(environment: Environment, source: str, *more: object) -> object:
            self._compiled.append(source)
            return real_compile(environment, source, *more)  # type: ignore[call-overload]

        def unpack(kind: type[object], data: bytes) -> object:
            value = real_part(kind, data)
            if kind is not Head:
                self._unpacked.add(id(value))
            return value

        patch.setattr(Environment, "compile", compiled)
        patch.setattr("learnpath.keeping.unpack", unpack)

    def _notice(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._counting and event == "open" and isinstance(arguments[0], (str, bytes)):
            path = os.fsdecode(arguments[0])
            if path.startswith(str(self.root) + os.sep) and path.endswith(".md"):
                self._opened.append(path)

    def build(self) -> tuple[BuildResult, Counts]:
        self._opened.clear()
        self._compiled.clear()
        self._unpacked.clear()
        self._patch.setattr(theme, "_loaded", {})
        result = build_site(self.root, self.root.parent / "site", jobs=1)
        read, compiled = len(set(self._opened)), len(self._compiled)
        return result, Counts(result.rendered, read, compiled, len(self._unpacked))

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def end(self) -> None:
        self._counting = False


@pytest.fixture
def meter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Meter]]:
    """A course of so many pages that was built once, and what counts further builds."""
    monkeypatch.setattr(cache_module, "_RACY", -(10**18))  # as if no file were new
    themes = tmp_path / "themes"
    shutil.copytree(filenames.themes_folder(), themes)
    for module in (theme, unchanged):
        monkeypatch.setattr(module, "themes_folder", lambda: themes)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # no compiled template is kept
    meters: list[Meter] = []

    def make(pages: int) -> Meter:
        root = tmp_path / f"of-{pages}" / "course"
        write_corpus(root, pages)
        meters.append(Meter(root, themes, monkeypatch))
        meters[-1].build()
        return meters[-1]

    yield make
    for one in meters:
        one.end()


def test_nothing_costs_nothing(meter: Callable[[int], Meter]) -> None:
    """No page is made, no page opened, no template compiled, nothing remembered unpacked."""
    result, counts = meter(PAGES).build()
    assert astuple(counts) == (0, 0, 0, 0)
    assert result.files.written == 0


@pytest.mark.parametrize("pages", [PAGES, 4 * PAGES])
def test_a_body_costs_the_same_in_any_course(pages: int, meter: Callable[[int], Meter]) -> None:
    """One page is made and one read; of the others, however many, hardly anything is unpacked."""
    of = meter(pages)
    of.edit(EDITED, "\n## ", "\nHarbourmaster.\n\n## ")
    result, counts = of.build()
    assert (counts.rendered, counts.read) == (1, 1)
    assert counts.compiled <= 16
    assert counts.unpacked <= 16
    assert result.files.written <= 6  # the page, and what finds its words


def test_a_title_costs_those_that_show_it(meter: Callable[[int], Meter]) -> None:
    """The page, and the few others on which its title stands; one file is read."""
    of = meter(PAGES)
    of.edit(EDITED, "title: ", "title: Another ")
    _, counts = of.build()
    assert counts.read == 1
    assert 1 <= counts.rendered <= 4
    assert counts.unpacked <= 24


def test_what_a_sheet_of_the_map_shows_is_known_without_reading_pages(
    meter: Callable[[int], Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sheet is made again for one title; of the other pages on it none is read for that, however
    often. Where what is known of them was damaged, it is known again after one build."""
    of = meter(4 * PAGES)
    read: list[str] = []

    def counted(cache: Cache, key: str) -> Page | None:
        read.append(key)
        return remembered_page(cache, key)

    monkeypatch.setattr(recollection, "remembered_page", counted)

    def retitled() -> int:
        read.clear()
        of.edit(EDITED, "title: ", "title: Another ")
        result, _ = of.build()
        sheets = [file for file in result.reasons if file.startswith("map/")]
        assert sheets
        made = [(of.root.parent / "site" / sheet).read_text("utf-8") for sheet in sheets]
        assert all("Another" in sheet for sheet in made)
        return len(read)

    assert retitled() < 20
    [cards] = (of.root / FOLDER).glob("cards-*.json")
    assert b"Another" in cards.read_bytes()
    cards.write_bytes(b"damaged")
    retitled()
    assert retitled() < 20
    assert retitled() < 20
    clean = build_site(of.root, of.root.parent / "clean", cached=False, jobs=1).output
    assert files_in(of.root.parent / "site") == files_in(clean)


def test_an_answer_is_read_once_for_a_file(
    meter: Callable[[int], Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a page asks seven times, as the words around it, is taken out of its record once."""
    of = meter(PAGES)
    answered: list[tuple[int, Question]] = []
    readers: list[Reader] = []  # so that no two are one after the other in the same place
    real = Reader.answer

    def answer(reader: Reader, path: Question, text: str) -> object:
        readers.append(reader)
        answered.append((id(reader), path))
        return real(reader, path, text)

    monkeypatch.setattr(Reader, "answer", answer)
    of.edit(EDITED, "title: ", "title: Another ")
    of.build()
    assert len(answered) == len(set(answered)) > PAGES


def test_the_configuration_costs_those_that_show_it(meter: Callable[[int], Meter]) -> None:
    """The course's title stands on every page; no page is parsed again for it."""
    of = meter(PAGES)
    of.edit("course.yml", f"title: {PAGES} pages", "title: A course")
    _, counts = of.build()
    assert counts.rendered == PAGES + 1
    assert counts.read == 0


def test_a_template_costs_every_page_and_no_parsing(meter: Callable[[int], Meter]) -> None:
    """Every page is made, each template compiled once, and no page read."""
    of = meter(PAGES)
    footer = of.themes / "default" / "templates" / "page.html"
    footer.write_text(footer.read_text("utf-8") + "{# changed #}\n", "utf-8")
    _, counts = of.build()
    assert counts.rendered == PAGES + 1
    assert counts.read == 0
    assert counts.compiled <= 40


def test_what_every_page_shows_is_one_question(tmp_path: Path) -> None:
    """Of a page's questions those that are not about its links stay few."""
    write_corpus(tmp_path / "course", PAGES)
    course = load_course(tmp_path / "course")
    plan = make_plan(course, load_theme(course), {})
    recorder = Recorder(plan)
    item = next(item for item in plan.items.values() if item.page and item.page.id != "index")
    [record] = records_in(recorded(recorder, [item]).record).values()
    asked = [question_in(question) for question, _ in record.notes]
    general = [q for q in asked if q[0] == "plan" and q[1:3] != ("course", "target")]
    assert len(general) <= 26


class Standing(Recorder):
    """A recorder in which something stands for a page's own page as for any other."""

    def recorded(self, item: Item) -> tuple[SitePlan, Item]:
        plan, _ = super().recorded(item)
        page = self.seen((), item.page)
        return plan, replace(item, page=page)


@pytest.mark.parametrize("course", [ROOT / "content", ROOT / "tests" / "browser" / "course"])
def test_a_page_is_read_as_it_is_while_it_is_made(course: Path) -> None:
    """Nothing of what it says itself would be noted, so nothing has to stand for it: the file and
    its record are the same as if something did."""
    whole = load_course(course)
    plan = make_plan(whole, load_theme(whole), find_assets(whole, course))
    pages = [item for item in plan.items.values() if item.page is not None]
    for item in pages:
        assert Recorder(plan).recorded(item)[1].page is item.page
        stood, own = recorded(Standing(plan), [item]), recorded(Recorder(plan), [item])
        assert (stood.files, records_in(stood.record)) == (own.files, records_in(own.record))
    assert len(pages) > 5


def collected(work: Callable[[], object]) -> int:
    """How many objects only a collector finds out to be of no use, after some work."""
    work()  # templates are loaded, once
    gc.collect()
    gc.disable()
    try:
        work()
        return gc.collect()
    finally:
        gc.enable()


def test_what_was_recorded_is_let_go_of_without_a_collector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands for values leaves no circles behind, of which large courses would make millions:
    at the most the last of many recorders is left."""
    write_corpus(tmp_path / "course", PAGES)
    course = load_course(tmp_path / "course")
    plan = make_plan(course, load_theme(course), {})

    def left(files: int) -> int:
        monkeypatch.setattr(rendering, "_RECORDED", files)
        monkeypatch.setattr(rendering, "_CHUNK", 1)
        return collected(lambda: list(rendering.render_all(plan, list(plan.items), jobs=1)))

    assert left(8) < left(2 * len(plan.items)) / 3


def test_what_was_recalled_is_let_go_of_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of files that are made again without the course, nothing is left to a collector."""
    monkeypatch.setattr(cache_module, "_RACY", -(10**18))  # as if no file were new
    write_corpus(tmp_path / "course", PAGES)
    build_site(tmp_path / "course", tmp_path / "site", jobs=1)
    monkeypatch.setattr("learnpath.making.make_course", None)  # it is not put together
    source = tmp_path / "course" / EDITED

    def retitle() -> None:
        text = source.read_text("utf-8")
        source.write_text(text.replace("title: ", "title: Again ", 1), "utf-8")
        again = build_site(tmp_path / "course", tmp_path / "site", jobs=1)
        assert "map.html" in again.reasons
        assert again.rendered < PAGES / 2

    assert collected(retitle) < 500


def test_reading_leaves_nothing_to_a_collector(tmp_path: Path) -> None:
    """Tokens, nodes and pages go when they are no longer needed."""
    write_corpus(tmp_path / "course", PAGES)
    assert collected(lambda: load_course(tmp_path / "course")) < 500


def test_each_file_is_digested_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it was made; what is written, listed and remembered goes by that."""
    digested: list[bytes] = []

    def counted(data: bytes) -> object:
        digested.append(data)
        return sha256(data)

    monkeypatch.setattr(contents, "hashlib", SimpleNamespace(sha256=counted))
    write_corpus(tmp_path / "course", PAGES)
    built = build_site(tmp_path / "course", tmp_path / "site", jobs=1)
    assert len(digested) == built.files.written


def test_a_search_is_made_while_pages_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has little to do while others make pages; none of it is left for afterwards."""
    written: list[str] = []

    def slowly(recorder: Recorder, items: Sequence[Item]) -> Batch:
        time.sleep(0.03)
        return recorded(recorder, items)

    def noted(path: str, data: bytes) -> None:
        written.append(path.partition("learnpath-new/")[2])
        write_new(path, data)

    monkeypatch.setattr(exchange, "write_new", noted)
    monkeypatch.setattr(rendering, "_CHUNK", 4)
    monkeypatch.setattr(rendering, "_WORTH_A_POOL", 1)
    monkeypatch.setattr(rendering, "recorded", slowly)
    write_corpus(tmp_path / "course", PAGES)
    told: list[int] = []

    def progress(stage: str, done: int, _: int) -> None:
        if stage == "writing":
            told.append(done)

    build_site(tmp_path / "course", tmp_path / "site", jobs=2, progress=progress)
    last_page = max(at for at, file in enumerate(written) if file.endswith(".html"))
    assert "assets/search/en/index.js" in written[:last_page]
    assert "assets/revs/index.js" in written[:last_page]
    assert told == list(range(1, len(told) + 1))
    assert len(told) > PAGES


def test_what_a_page_says_is_taken_apart_once(tmp_path: Path) -> None:
    """For the search and for its revision, however many pages are read side by side; its headings
    are taken apart once more, before it and in it."""
    write_corpus(tmp_path / "course", PAGES)
    in_tags.cache_clear()
    build_site(tmp_path / "course", tmp_path / "site", jobs=1)
    assert in_tags.cache_info().misses <= 3 * (PAGES + 1)


def test_a_map_asks_three_things_of_each_page(tmp_path: Path) -> None:
    """Which language it is in, where it leads, and what it says itself, however many ways lead
    from it."""
    write_corpus(tmp_path / "course", PAGES)
    course = load_course(tmp_path / "course")
    plan = make_plan(course, load_theme(course), {})
    [item] = [item for item in plan.items.values() if item.kind == "map"]
    [record] = records_in(recorded(Recorder(plan), [item]).record).values()
    assert sum(len(course.ways_from(page.id, "en")) for page in course.pages) > 5 * PAGES
    assert len(record.notes) <= 3 * len(course.pages) + 25
