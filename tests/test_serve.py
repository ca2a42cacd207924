"""The preview server, asked over the network and told of changes by the disk."""

from __future__ import annotations

import base64
import gc
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
import weakref
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from learnpath import garbage
from learnpath.assets import find_assets
from learnpath.cli.console import Console
from learnpath.course import Course
from learnpath.library import Library
from learnpath.making import checked, load_theme
from learnpath.plan import Item, SitePlan, make_plan
from learnpath.render import Renderer
from learnpath.results import CheckResult
from learnpath.serve import Server, ServerError, building, changes, generation
from learnpath.serve.address import Callers, callers_of
from learnpath.serve.building import Builder, Built
from learnpath.serve.changes import Inbox
from learnpath.serve.generation import Generation
from learnpath.serve.server import unread_generation
from learnpath.serve.tabs import NOTES, PAGE
from learnpath.serve.watching import silent_disk
from support import COURSE, ROOT, write_course

PATIENCE = 10.0
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
SCRIPT = b'<script src="/livereload.js" defer></script>\n'


class Running:
    """A server in a thread, and a browser's way of asking it."""

    def __init__(
        self, root: Path, port: int = 0, *, poll: bool = False, console: Console | None = None,
        **settings: Any,
    ) -> None:  # fmt: skip
        console = console or Console(quiet=True)
        self.server = Server(
            root, host="127.0.0.1", port=port, poll=poll, console=console, **settings
        )
        self.server.start()
        self.port = int(self.server.url.rpartition(":")[2].strip("/"))
        self._thread = threading.Thread(target=self.server.run)
        self._thread.start()
        self.settle()

    def settle(self) -> None:
        """Wait until the course has been read for the first time."""
        until(lambda: self.server.idle)

    def stop(self) -> None:
        self.server.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, Any, bytes]:
        """Status, headers and body of an answer."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()

    def page(self, path: str = "/") -> str:
        return self.ask(path)[2].decode()

    def notes(self) -> dict[str, Any]:
        notes: dict[str, Any] = json.loads(self.ask("/learnpath-notes.json")[2])
        return notes

    def digest(self, path: str) -> str:
        """What the page calls itself, as the script in it would tell."""
        return str(self.ask(path)[1]["Server-Timing"]).split('"')[1]

    def tab(self, path: str, digest: str | None = None) -> Tab:
        """A tab that shows a page."""
        shown = self.digest(path) if digest is None else digest
        return Tab(self.port, f"http://127.0.0.1:{self.port}{path}", shown)


class Tab:
    """The browser's end of a WebSocket, speaking livereload's protocol."""

    def __init__(self, port: int, url: str, digest: str, origin: str | None = None) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.status = self._greet(port, origin or f"http://127.0.0.1:{port}")
        if self.status == 101:
            hello = "http://livereload.com/protocols/official-7"
            self.send({"command": "hello", "protocols": [hello]})
            assert self.receive()["command"] == "hello"
            plugins = {"learnpath": {"digest": digest, "version": "1"}}
            self.send({"command": "info", "url": url, "plugins": plugins})

    def _greet(self, port: int, origin: str) -> int:
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET /livereload HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: {origin}\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._socket.recv(1)
        return int(head.split()[1])

    def send(self, message: object) -> None:
        text = message if isinstance(message, bytes) else json.dumps(message).encode()
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(text))
        length = struct.pack(">BBH", 0x81, 0x80 | 126, len(text))
        self._socket.sendall(length + mask + masked)

    def receive(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next message. Raises TimeoutError where none comes."""
        self._socket.settimeout(seconds)
        opcode, length = self._read(2)
        length &= 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self._read(2))
        body = self._read(length)
        if opcode & 0xF != 1:
            return self.receive(seconds)
        message: dict[str, Any] = json.loads(body)
        return message

    def told(self, seconds: float = PATIENCE) -> str:
        """What the tab is told next: a word of ours; empty where nothing comes in time."""
        try:
            return str(self.receive(seconds)["path"])
        except TimeoutError:
            return ""

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._socket.recv(count - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data

    def close(self) -> None:
        self._socket.close()


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for something that has to come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


def course(folder: Path) -> Path:
    """A small course of its own, with a link, an asset and an include."""
    return write_course(
        folder,
        {
            "course.yml": COURSE,
            "index.md": "# Start\n\nFirst words. [On](a.md) ![A dot](dot.svg)\n",
            "a.md": "# A\n\nThe words of A.\n\n::include[_shared.md]\n",
            "b/index.md": "# B\n\nA page in a folder.\n",
            "_shared.md": "Shared words.\n",
            "dot.svg": PICTURE,
        },
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return course(tmp_path / "course")


@pytest.fixture
def running(root: Path) -> Iterator[Running]:
    served = Running(root)
    yield served
    served.stop()


# What is served


def plan_of(root: Path) -> SitePlan:
    result = checked(Library(root).read(), drafts=True)
    return make_plan(result.course, load_theme(result.course), find_assets(result.course, root))


def test_every_page_is_what_the_renderer_makes(running: Running, root: Path) -> None:
    """The bytes of each served page are those that the renderer makes for a preview."""
    plan = plan_of(root)
    for file, item in plan.items.items():
        status, headers, body = running.ask(f"/{file}")
        expected = Renderer(plan, preview=True).render(item)
        assert status == 200
        assert body == expected
        assert headers["Content-Type"].startswith("text/html")


def test_files_of_theme_and_author_are_served(running: Running, root: Path) -> None:
    """Style sheets, scripts and the author's pictures come under the names that pages use."""
    plan = plan_of(root)
    for static in plan.statics.values():
        assert running.ask(f"/{static.file}")[2] == static.data
    (asset,) = plan.assets.values()
    status, headers, body = running.ask(f"/{asset.file}")
    assert (status, headers["Content-Type"], body) == (200, "image/svg+xml", PICTURE)
    status, headers, body = running.ask(f"/{asset.file}", Range="bytes=0-3")
    assert (status, body) == (206, b"<svg")
    assert running.ask(f"/{asset.file}", "HEAD")[2] == b""


def test_a_folder_answers_with_its_page(running: Running) -> None:
    """`b/` is `b/index.html`; `b` leads there, so that relative links hold."""
    assert "A page in a folder." in running.page("/b/")
    status, headers, _ = running.ask("/b")
    assert (status, headers["Location"]) == (302, "/b/")


def test_an_unknown_address_gets_the_404_page(running: Running, root: Path) -> None:
    """The rendered 404 page comes with status 404, and with the script that shows the panel."""
    status, _, body = running.ask("/x/y/z.html")
    plan = plan_of(root)
    assert status == 404
    assert SCRIPT in body
    rendered = Renderer(plan, preview=True).render(plan.items["404.html"])
    assert body.replace(SCRIPT, b"") == rendered


def test_drafts_are_shown(root: Path) -> None:
    """A draft is served: the author is the only reader."""
    write_course(root, {"draft.md": "---\ndraft: true\n---\n# A draft\n"})
    served = Running(root)
    try:
        assert "A draft" in served.page("/draft.html")
    finally:
        served.stop()


def test_the_script_is_livereloads_and_ours(running: Running) -> None:
    """One script from our own origin carries livereload's client and the preview's plugin."""
    status, headers, body = running.ask("/livereload.js")
    assert status == 200
    assert headers["Content-Type"].startswith("text/javascript")
    assert b"protocols/official-7" in body
    assert b"learnpath:page" in body


def test_any_page_can_be_shown_before_the_course_was_read(root: Path) -> None:
    """In a large course, a page that is asked for early is read alone, its links in place."""
    early = unread_generation(root)
    text = early.body("index.html").decode()
    assert "First words." in text
    assert 'href="a.html"' in text


class Waiting:
    """A stage that somebody waits before."""

    def __init__(self) -> None:
        self.told = threading.Event()

    def takes_long(self) -> None:
        self.told.set()

    def show(self, generation: Generation) -> None:
        """Not looked at."""

    def report(self, built: Built) -> None:
        """Not looked at."""


def test_a_long_reading_lets_a_page_that_is_waited_for_go_first(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where much is still to be read, it is said so once, and reading goes on when told to."""
    monkeypatch.setattr(building, "_MANY", 5)
    monkeypatch.setattr(building, "_HELD", 20.0)
    inbox, stage, done = Inbox(), Waiting(), threading.Event()
    builder = Builder(root, inbox, stage, lambda: None)

    def read() -> None:
        builder._reading("reading", 1, 9)
        done.set()

    reading = threading.Thread(target=read)
    builder._reading("reading", 0, 9)
    assert not stage.told.is_set(), "nobody waits"
    builder.hurry()
    builder._reading("reading", 5, 9)
    assert not stage.told.is_set(), "little is left"
    reading.start()
    assert stage.told.wait(5)
    assert not done.wait(0.2)
    builder.go_on()
    assert done.wait(5)
    builder._reading("reading", 2, 9)


def test_a_reading_is_not_held_for_ever(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on by itself, should nobody tell it to."""
    monkeypatch.setattr(building, "_HELD", 0.01)
    builder = Builder(root, Inbox(), Waiting(), lambda: None)
    builder.hold()
    builder._reading("reading", 1, 9)
    assert builder._free.is_set()


# Changes


def test_two_saves_in_a_row_end_with_the_second(running: Running, root: Path) -> None:
    """A save 100 ms after another is shown; the tab is told, and never left with the first."""
    tab = running.tab("/")
    (root / "index.md").write_text("# Start\n\nThe first save.\n")
    time.sleep(0.1)
    (root / "index.md").write_text("# Start\n\nThe second save.\n")
    last = ""
    while told := tab.told(0.7):
        last = running.page() if told == PAGE else last
    tab.close()
    assert "The second save." in last


def test_a_save_is_served_at_once(running: Running, root: Path) -> None:
    """A request looks at its source before it is answered, whether or not an event came."""
    for count in range(5):
        (root / "a.md").write_text(f"# A\n\nSave {count}.\n")
        assert f"Save {count}." in running.page("/a.html")


def test_an_emptied_file_is_not_shown_empty(running: Running, root: Path) -> None:
    """Programs empty a file before they write it: the moment between is not shown."""
    with (root / "a.md").open("wb") as file:
        assert "The words of A." in running.page("/a.html")
        file.write(b"# A\n\nNew words.\n")
    assert "New words." in running.page("/a.html")


def test_the_collector_stops_nobody(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a course is shown, Python does not look through all of it for garbage: of a large one
    that takes as long as ten saves. What there is is looked for while nothing happens."""

    class Circle:
        def __init__(self) -> None:
            self.own = self

    before = gc.get_threshold()
    running = Running(root)
    try:
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] > 100 * before[0]
        garbage_left = weakref.ref(Circle())
        assert garbage_left() is not None
        monkeypatch.setattr(garbage, "_MUCH", -1)
        until(lambda: garbage_left() is None)
    finally:
        running.stop()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize(
    "href", ["a.md", "a.md#b", "/a%20b.md", "b/a.md", "a.png#x.md", "b.png?x.md", "[[a.md]]"]
)
def test_what_leads_to_pages_is_no_file_of_the_author_s(tmp_path: Path, href: str) -> None:
    """A file is found by how its address ends, whatever its anchor and its question look like;
    addresses of pages are not asked where they lead."""
    root = write_course(
        tmp_path,
        {"course.yml": COURSE, "index.md": f"# A\n\n[x]({href})\n", "a.md": "# B\n"},
    )
    for picture in ("a.png", "b.png"):
        (root / picture).write_bytes(PICTURE)
    found = find_assets(checked(Library(root).read(), drafts=True).course, root)
    assert sorted(found) == [name for name in ("a.png", "b.png") if href.startswith(name)]


def test_what_is_looked_up_of_pages_is_served(running: Running) -> None:
    """How the words of each page stand, as on the built site."""
    assert "revs/index" in running.page("/assets/revs/index.js")
    assert '"a":"' in running.page("/assets/revs/0.js")


def test_a_save_during_a_build_is_built(
    running: Running, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changes while the course is read marks it as changed again."""
    under_way = threading.Event()

    def slow(*args: Any, **options: Any) -> CheckResult:
        result = checked(*args, **options)
        if not under_way.is_set():
            under_way.set()
            time.sleep(0.3)
        return result

    monkeypatch.setattr(building, "checked", slow)
    (root / "index.md").write_text("# Start\n\nBefore. [broken](x.md)\n")
    assert under_way.wait(PATIENCE)
    (root / "index.md").write_text("# Start\n\nDuring. [worse](x.md) [still](y.md)\n")
    assert "During." in running.page()
    until(lambda: running.notes()["errors"] == 2)


def test_twenty_files_at_once_are_one_build(running: Running, root: Path) -> None:
    """A flood is gathered: the first file may be built alone, and the rest together."""
    before = running.server.builds
    for count in range(20):
        (root / f"page-{count}.md").write_text(f"# Page {count}\n")
    until(lambda: "Page 19" in running.page("/page-19.html"))
    until(lambda: running.server.idle)
    time.sleep(0.3)
    assert 1 <= running.server.builds - before <= 3, "far fewer than files"


def test_a_touched_file_is_no_change(running: Running, root: Path) -> None:
    """A file whose bytes are the same is not worth a build, and no tab is told."""
    before = running.server.builds
    tab = running.tab("/a.html")
    (root / "a.md").touch()
    os.replace(shutil.copy(root / "index.md", root.with_name("index.tmp")), root / "index.md")
    time.sleep(0.4)
    assert tab.told(0.2) == ""
    tab.close()
    assert running.server.builds == before


def test_a_renamed_page_moves(running: Running, root: Path) -> None:
    """The new address answers, the old one does not, and its tab is told so."""
    tab = running.tab("/a.html")
    (root / "a.md").rename(root / "c.md")
    until(lambda: "The words of A." in running.page("/c.html"))
    assert running.ask("/a.html")[0] == 404
    assert tab.told() in (PAGE, NOTES)
    tab.close()
    until(lambda: any(note["rule"] == "broken-link" for note in running.notes()["notes"]))


def test_a_deleted_page_is_gone(running: Running, root: Path) -> None:
    """A page whose file was deleted is answered with 404, and the link to it is told."""
    (root / "a.md").unlink()
    until(lambda: running.ask("/a.html")[0] == 404)
    until(lambda: running.notes()["errors"] == 1)


def test_a_page_that_was_put_away_comes_back(running: Running, root: Path) -> None:
    """A file that leaves the folder and returns as it was is a page again, and links to it mend."""
    (root / "index.md").write_text("# Start\n\n[On](new.md)\n")
    (root / "new.md").write_text("# New\n")
    until(lambda: running.ask("/new.html")[0] == 200)
    until(lambda: running.notes()["errors"] == 0)
    away = root.with_name("away.md")
    (root / "new.md").rename(away)
    until(lambda: running.notes()["errors"] == 1)
    until(lambda: running.server.idle)
    time.sleep(0.5)  # what the file system still announces of the move
    away.rename(root / "new.md")
    until(lambda: running.ask("/new.html")[0] == 200)
    until(lambda: running.notes()["errors"] == 0)


def test_a_new_page_mends_a_link(running: Running, root: Path) -> None:
    """A problem goes away when the file that was missing comes."""
    (root / "index.md").write_text("# Start\n\n[On](new.md)\n")
    until(lambda: running.notes()["errors"] == 1)
    (root / "new.md").write_text("# New\n")
    until(lambda: running.notes()["errors"] == 0)
    assert running.ask("/new.html")[0] == 200


def test_an_include_changes_its_pages(running: Running, root: Path) -> None:
    """A change of an include is told to the tabs of the pages that it is part of, only."""
    including, other = running.tab("/a.html"), running.tab("/b/")
    (root / "_shared.md").write_text("Shared and changed.\n")
    assert including.told() == PAGE
    assert "Shared and changed." in running.page("/a.html")
    assert other.told(0.5) == ""
    including.close()
    other.close()


def test_a_change_in_a_new_folder_is_seen(running: Running, root: Path) -> None:
    """Folders that come later are watched as well."""
    write_course(root, {"later/deep/page.md": "# Later\n\nOne.\n"})
    until(lambda: "One." in running.page("/later/deep/page.html"))
    tab = running.tab("/later/deep/page.html")
    write_course(root, {"later/deep/page.md": "# Later\n\nTwo.\n"})
    assert tab.told() == PAGE
    tab.close()


def test_polling_sees_changes(root: Path) -> None:
    """With `--poll` nothing has to be announced."""
    served = Running(root, poll=True)
    try:
        tab = served.tab("/a.html")
        (root / "a.md").write_text("# A\n\nPolled.\n")
        assert tab.told() == PAGE
        tab.close()
    finally:
        served.stop()


def test_the_configuration_may_be_replaced(running: Running, root: Path) -> None:
    """`course.yml` may be written by rename; the title in every page follows."""
    tab = running.tab("/b/")
    (root / "course.new").write_text(COURSE.replace("A course", "Another name"))
    os.replace(root / "course.new", root / "course.yml")
    assert tab.told() == PAGE
    tab.close()
    assert "Another name" in running.page("/b/")


def test_a_configuration_that_is_away_for_a_moment_is_waited_for(
    running: Running, root: Path
) -> None:
    """An editor that moves the file away before it writes the new one changes nothing else."""
    seen: list[bool] = []
    tab = running.tab("/")
    (root / "course.yml").rename(root / "course.yml~")
    time.sleep(0.02)
    (root / "course.yml").write_text(COURSE.replace("A course", "Another name"))
    assert tab.told() == PAGE
    seen.append("Another name" in running.page())
    assert tab.told(0.4) == ""
    tab.close()
    assert seen == [True]


# Trouble


def test_a_failed_build_keeps_the_pages(
    running: Running, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stops a build is told in the notes over the last good pages, until one succeeds."""

    def broken(*args: Any, **options: Any) -> Course:
        raise RuntimeError("all is lost")

    with monkeypatch.context() as patch:
        patch.setattr(building, "make_course", broken)
        (root / "b" / "index.md").write_text("# B\n\nNew words.\n")
        until(lambda: running.notes()["errors"] == 1)
        assert "all is lost" in running.notes()["notes"][0]["message"]
        assert "First words." in running.page()
    (root / "b" / "index.md").write_text("# B\n\nNewer words.\n")
    until(lambda: running.notes()["errors"] == 0)
    assert "Newer words." in running.page("/b/")


def test_what_cannot_be_checked_is_shown_all_the_same(
    running: Running, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages come before problems: looking for these may take long, or fail, and stops nothing."""

    def broken(*args: Any, **options: Any) -> CheckResult:
        raise RuntimeError("no idea")

    monkeypatch.setattr(building, "checked", broken)
    (root / "index.md").rename(root / "first.md")
    (root / "a.md").write_text("# A\n\nNew words.\n")
    until(lambda: "no idea" in str(running.notes()))
    assert "New words." in running.page("/a.html")
    assert "First words." in running.page("/first.html")


def test_a_page_that_cannot_be_made_stops_no_other(
    running: Running, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last good bytes stay, the note tells which it is, and the others are served."""
    before = running.page("/a.html")

    class Failing(Renderer):
        def render(self, item: Item) -> bytes:
            if item.file == "a.html":
                raise ValueError("no such luck")
            return super().render(item)

    with monkeypatch.context() as patch:
        patch.setattr(generation, "Renderer", Failing)
        (root / "b" / "index.md").write_text("# B\n\nOther words.\n")
        until(lambda: "Other words." in running.page("/b/") and running.server.idle)
        assert running.page("/a.html") == before
        (note,) = running.notes()["notes"]
        assert "a.html" in note["message"]
        assert "no such luck" in note["message"]
    (root / "a.md").write_text("# A\n\nGood again.\n")
    until(lambda: "Good again." in running.page("/a.html"))
    until(lambda: running.notes()["errors"] == 0)


def test_errors_are_told_with_place_excerpt_and_hint(running: Running, root: Path) -> None:
    """A note has what the command line would say, and a page with errors is served all the same."""
    (root / "a.md").write_text("# A\n\nSee [the other](<b.md>) page, & <so> on.\n")
    until(lambda: running.notes()["errors"] == 1)
    (note,) = running.notes()["notes"]
    assert note["place"] == "a.md:3:5"
    assert note["excerpt"] == "See [the other](<b.md>) page, & <so> on."
    assert note["mark"] == 4
    assert note["hint"]
    assert "the other" in running.page("/a.html")


def test_the_server_outlives_its_course(running: Running, root: Path) -> None:
    """A course whose folder is deleted is shown as it was, and anew when it is back."""
    away = root.with_name("away")
    root.rename(away)
    until(lambda: running.notes()["errors"] == 1)
    until(lambda: "gone" in str(running.notes()))
    assert "First words." in running.page()
    course(root)
    (root / "index.md").write_text("# Start\n\nBack again.\n")
    until(lambda: "Back again." in running.page())
    until(lambda: running.notes()["errors"] == 0)
    tab = running.tab("/")
    (root / "index.md").write_text("# Start\n\nAnd watched.\n")
    assert tab.told() == PAGE
    tab.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text_is_survived(running: Running, root: Path) -> None:
    """A file whose name no encoding can read is told, and the rest goes on."""
    Path(os.fsdecode(os.fsencode(root) + b"/\xff\xfe.md")).write_text("# Odd\n")
    until(lambda: running.notes()["errors"] == 1)
    assert "First words." in running.page()
    (root / "index.md").write_text("# Start\n\nStill here.\n")
    assert "Still here." in running.page()


# Tabs


def test_only_tabs_whose_page_changed_are_told(running: Running, root: Path) -> None:
    """A change of one body is of no interest to the tab of another page."""
    changed, other = running.tab("/a.html"), running.tab("/")
    (root / "a.md").write_text("# A\n\nOther words.\n")
    assert changed.told() == PAGE
    assert other.told(0.5) == ""
    changed.close()
    other.close()


def test_a_tab_that_shows_an_old_page_is_told(running: Running) -> None:
    """A tab that was open while the page changed is told as soon as it says what it shows."""
    tab = running.tab("/a.html", "of-another-time")
    assert tab.told() == PAGE
    tab.close()


def test_a_tab_lives_through_a_restart(root: Path) -> None:
    """After a restart at the same port a tab is told if its page changed meanwhile, else not."""
    first = Running(root)
    shown = {path: first.digest(path) for path in ("/", "/a.html")}
    first.stop()
    (root / "a.md").write_text("# A\n\nChanged meanwhile.\n")
    second = Running(root, first.port)
    try:
        assert second.port == first.port
        changed = second.tab("/a.html", shown["/a.html"])
        same = second.tab("/", shown["/"])
        assert changed.told() == PAGE
        assert same.told(0.3) == ""
        changed.close()
        same.close()
    finally:
        second.stop()


def test_new_problems_are_told_to_every_tab(running: Running, root: Path) -> None:
    """The panel of every page learns of an error elsewhere."""
    tab = running.tab("/b/")
    (root / "a.md").write_text("# A\n\n[Nowhere](nowhere.md)\n")
    assert tab.told() == NOTES
    tab.close()


def test_a_tab_that_talks_nonsense_is_ignored(running: Running) -> None:
    """What comes over the line is never trusted: the server and the line go on."""
    tab = running.tab("/")
    for message in (b"{", b"[]", b"7", b'{"command": 7}', b'{"command": "info"}',
                    b'{"command": "info", "url": "http://[", "plugins": 3}',
                    b'{"command": "info", "url": ["x"], "plugins": {"learnpath": 1}}',
                    b'{"command": "info", "url": "http://h/%00%ff", "plugins": {}}'):  # fmt: skip
        tab.send(message)
    assert "First words." in running.page()
    tab.close()


# Who may ask


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0", "10.0.0.7"])
def test_an_unknown_host_is_refused(running: Running, host: str) -> None:
    """A name that somebody else lets point here is answered with 403, on every address."""
    for path in ("/", "/livereload.js", "/learnpath-notes.json", "/assets/x", "/livereload"):
        status, _, body = running.ask(path, Host=f"{host}:{running.port}")
        assert status == 403
        assert b"First words" not in body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8000"])
def test_our_own_names_are_answered(running: Running, host: str) -> None:
    """localhost, 127.0.0.1 and [::1] are this computer, whatever the port."""
    assert running.ask("/", Host=host)[0] == 200


def raw(port: int, request: bytes) -> bytes:
    """The first line of the answer to these bytes; empty where the line is closed."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        try:
            line.sendall(request)
            return line.recv(65536).partition(b"\r\n")[0]
        except ConnectionError:
            return b""


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /%2e%2e%2fcourse.yml HTTP/1.1",
        b"GET /../course.yml HTTP/1.1",
        b"GET /..%5ccourse.yml HTTP/1.1",
        b"GET /..\\course.yml HTTP/1.1",
        b"GET /assets/%2e%2e/course.yml HTTP/1.1",
        b"GET /assets/../../course.yml HTTP/1.1",
        b"GET /assets/%252e%252e/course.yml HTTP/1.1",
        b"GET /assets//etc/passwd HTTP/1.1",
        b"GET //etc/passwd HTTP/1.1",
        b"GET /course.yml HTTP/1.1",
        b"GET /a.md HTTP/1.1",
        b"GET /index.html%00 HTTP/1.1",
        b"GET /%ff%fe HTTP/1.1",
        b"GET /assets/%ff HTTP/1.1",
        b"GET http://evil.example/index.html HTTP/1.1",
        b"GET * HTTP/1.1",
    ],
)
def test_no_path_leads_out_of_the_plan(running: Running, request_line: bytes) -> None:
    """Only planned files have addresses: the rest is 404 or 400, and the server goes on."""
    host = f"\r\nHost: 127.0.0.1:{running.port}\r\n\r\n".encode()
    assert raw(running.port, request_line + host).split()[1] in (b"404", b"400")
    assert running.ask("/")[0] == 200


@pytest.mark.parametrize(
    "request_text",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: @\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_malformed_requests_are_survived(running: Running, request_text: bytes) -> None:
    """What is no proper request gets no page, and ends nothing but its own line."""
    answer = raw(running.port, request_text)
    assert b" 200 " not in answer
    assert running.ask("/")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_reading_is_possible(running: Running, method: str) -> None:
    """GET and HEAD, nothing else."""
    for path in ("/", "/assets/x", "/livereload.js", "/livereload"):
        assert running.ask(path, method)[0] == 405


def test_head_has_no_body(running: Running) -> None:
    """HEAD tells what GET would, without the body."""
    status, headers, body = running.ask("/", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(running.ask("/")[2])


def test_every_answer_says_how_it_may_be_used(running: Running) -> None:
    """Nothing is kept, no type is guessed, and no other site may embed it."""
    for path in ("/", "/nowhere", "/livereload.js", "/learnpath-notes.json", "/assets/none"):
        _, headers, _ = running.ask(path)
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "x://["])
def test_a_foreign_page_cannot_listen(running: Running, origin: str) -> None:
    """The WebSocket is for pages of this server; another Origin is refused."""
    tab = Tab(running.port, "", "", origin)
    tab.close()
    assert tab.status == 403


def test_an_open_server_knows_its_addresses() -> None:
    """At 0.0.0.0 plain addresses are answered, since no name can be made to mean them."""
    open_to_all, own = callers_of("0.0.0.0"), callers_of("127.0.0.1")
    assert open_to_all.may_ask("192.168.1.5:8000")
    assert open_to_all.may_ask("[fe80::1]:8000")
    assert not open_to_all.may_ask("evil.example")
    assert not own.may_ask("192.168.1.5:8000")
    assert callers_of("my.host").may_ask("MY.host:8000")
    assert not Callers(frozenset()).may_ask("")


def test_an_open_server_says_what_that_means(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--host 0.0.0.0` is warned of before anything is served."""
    server = Server(root, host="0.0.0.0", port=0, poll=False, console=Console())
    server.start()
    server.close()
    printed = capsys.readouterr()
    assert "Everybody in your network" in printed.err
    assert "http://127.0.0.1:" in printed.out


# Starting and stopping


def test_the_next_free_port_is_taken_and_said(
    running: Running, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A busy port is no failure."""
    second = Running(root, running.port, console=Console())
    second.stop()
    assert second.port > running.port
    assert f"(port {running.port} is taken)" in capsys.readouterr().out


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_other_names_of_this_computer_can_be_listened_at(root: Path, host: str) -> None:
    """The address that is said answers, by name and by IPv6."""
    server = Server(root, host=host, port=0, poll=False, console=Console(quiet=True))
    try:
        server.start()
    except ServerError as error:
        pytest.skip(f"not on this computer: {error}")
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with urllib.request.urlopen(server.url, timeout=PATIENCE) as answer:
            assert b"First words." in answer.read()
    finally:
        server.stop()
        thread.join(PATIENCE)


def test_an_address_that_is_not_ours_is_an_error(root: Path) -> None:
    """Where there is no way to listen, the message says where that was tried."""
    server = Server(root, host="192.0.2.1", port=0, poll=False, console=Console(quiet=True))
    with pytest.raises(ServerError, match=r"192\.0\.2\.1"):
        server.start()


def test_what_happens_is_said_in_a_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The address and how to stop at the start, then a line for each rebuild."""
    served = Running(root, console=Console())
    (root / "a.md").write_text("# A\n\n[Nowhere](nowhere.md)\n")
    until(lambda: served.notes()["errors"] == 1)
    served.stop()
    out = capsys.readouterr().out
    assert f"Preview  http://127.0.0.1:{served.port}/" in out
    assert str(root) in out
    assert "Ctrl-C" in out
    assert "3 pages: 0 errors" in out
    assert " a.md: 1 error, " in out


@pytest.mark.skipif(os.name != "posix", reason="there is no such signal")
def test_ctrl_c_ends_it_cleanly(root: Path) -> None:
    """Ctrl-C is how a preview ends: exit code 130, no traceback."""
    command = [sys.executable, "-m", "learnpath", "serve", str(root), "--port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    while not process.stdout.readline().startswith("Read"):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Traceback" not in errors


# The parts


def test_a_first_change_is_given_out_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a flood that does not come."""
    settled: list[Inbox] = []
    monkeypatch.setattr(Inbox, "_settle", lambda inbox: settled.append(inbox))
    (tmp_path / "a").write_text("a")
    inbox = Inbox()
    threading.Timer(0.05, inbox.put, [[str(tmp_path / "a")]]).start()
    assert inbox.take(5).paths == {str(tmp_path / "a")}
    assert not settled
    inbox.put([str(tmp_path / "a")])
    inbox.take(5)
    assert settled == [inbox], "what gathered before is a flood"


@pytest.mark.parametrize(("apart", "seconds"), [(None, changes.QUIET), (0.01, changes.LONGEST)])
def test_a_flood_settles_but_not_for_ever(
    apart: float | None, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What gathered is given out after 40 ms of quiet, and after 250 ms in any case."""
    now = 100.0
    inbox = Inbox()
    monkeypatch.setattr(time, "monotonic", lambda: now)

    def wait(rest: float) -> None:
        nonlocal now
        now += min(rest, apart or rest)
        if apart:
            inbox._last = now

    monkeypatch.setattr(inbox._changed, "wait", wait)
    inbox._last = now
    inbox._settle()
    assert now - 100.0 == pytest.approx(seconds)


def test_so_many_changes_that_some_may_be_lost_mean_everything(tmp_path: Path) -> None:
    """The system drops events silently: after very many, everything is looked at again."""
    inbox = Inbox()
    for _ in range(2001):
        inbox.put(["a"])
    assert inbox.take(1).everything


def test_disks_that_announce_nothing_are_known(tmp_path: Path) -> None:
    """Network disks and Windows folders under WSL are named, so that `--poll` can be suggested."""
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda / ext4 rw 0 0\nC:\\ /mnt/c 9p rw 0 0\nhost:/x /home/my\\040files nfs4 rw 0 0\n"
    )
    expected = {"/mnt/c/course": "9p", "/home/my files/c": "nfs4", "/home/me": ""}
    if sys.platform == "linux":
        assert {path: silent_disk(Path(path), mounts) for path in expected} == expected


def test_the_next_page_is_made_while_nothing_happens(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages that the shown one leads to, and no others; a change that comes is not kept
    waiting by more than one page."""
    made: list[str] = []
    real = Renderer.render

    def render(self: Renderer, item: Item) -> bytes:
        made.append(item.file)
        return real(self, item)

    monkeypatch.setattr(Renderer, "render", render)
    write_course(root, {"far.md": "# Far\n"})
    running = Running(root)
    try:
        running.page("/")
        until(lambda: "a.html" in made)
        until(lambda: running.server.idle)
        count = len(made)
        running.page("/a.html")
        assert len(made) == count
        assert "far.html" not in made
    finally:
        running.stop()


def test_looking_ahead_ends_when_there_is_something_to_do(root: Path) -> None:
    """No page is made for later while a change waits."""
    holdings = Library(root).read()
    shown = generation.Generation(root, plan_of(root), holdings, print)
    shown.warm(["index.html"], lambda: True)
    assert shown._made == {}
    shown.warm(["index.html"], lambda: False)
    assert {"index.html", "a.html"} <= shown._made.keys()
