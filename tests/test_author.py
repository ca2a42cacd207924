"""The author's panel: what the server tells of a page, and the wishes that it grants."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from learnpath.build import build_site, load_course
from learnpath.personas import persona_text, read_persona
from learnpath.problems import Problems
from learnpath.serve.author import AuthorError, Spot, spot_of
from support import write_course
from test_serve import PATIENCE, Running

PAGES = {
    "course.yml": "title: C\nid: c\nstate:\n  trust: {from: -3, to: 3, start: 0}\n  told: false\n"
    "routes:\n  - id: short\n    title: Short\n    steps: [index, door]\n",
    "index.md": "# Start\n\n::: reflect {#first}\n\nWhat?\n\n:::\n\n"
    "::: choices Where to? {#where}\n\n- [The door](door.md){#door}\n"
    "- [The end](end.md){#end when=\"trust >= 2 and answered('first')\""
    ' because="Not yet."}\n\n:::\n',
    "door.md": "# Door\n\n::: when trust >= 2\n\nThey trust you.\n\n:::\n\n::: otherwise\n\n"
    "They do not.\n\n:::\n\n[On](end.md)\n",
    "end.md": "---\nending: true\n---\n\n# End\n",
    "personas/ines.yml": "name: Ines\nvisited: [index]\nstate: {trust: 3}\nanswers: {first: Less}\n"
    "chose: {where: door}\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course", PAGES)


class Edited(Running):
    """A server whose author's editor only remembers what it was asked to open."""

    def __init__(self, root: Path) -> None:
        self.opened: list[Spot] = []
        super().__init__(root, edit=self.opened.append)


@pytest.fixture
def running(root: Path) -> Iterator[Edited]:
    served = Edited(root)
    yield served
    served.stop()


def told(running: Running, path: str) -> dict[str, Any]:
    status, _, body = running.ask(f"/learnpath-author.json?page={path}")
    assert status == 200
    found: dict[str, Any] = json.loads(body)
    return found


def wish(running: Running, message: object, origin: str | None = None) -> dict[str, Any]:
    """Send one wish over a socket of its own, as a page of the server does."""
    with socket.create_connection(("127.0.0.1", running.port), PATIENCE) as line:
        return _wish(line, running.port, message, origin)


def _wish(line: socket.socket, port: int, message: object, origin: str | None) -> dict[str, Any]:
    key = base64.b64encode(os.urandom(16)).decode()
    shown = f"http://127.0.0.1:{port}" if origin is None else origin
    line.sendall(
        f"GET /learnpath-wishes HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Version: 13\r\n{f'Origin: {shown}' if shown else 'X: y'}\r\n\r\n".encode()
    )
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(1)
    status = int(head.split()[1])
    if status != 101:
        return {"status": status}
    body = json.dumps(message).encode()
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(body))
    line.sendall(struct.pack(">BBH", 0x81, 0x80 | 126, len(body)) + mask + masked)
    first = line.recv(2)
    length = first[1] & 0x7F
    if length == 126:
        (length,) = struct.unpack(">H", line.recv(2))
    answer: dict[str, Any] = json.loads(line.recv(length))
    return answer


def test_a_page_is_told_with_its_ways_and_conditions(running: Edited) -> None:
    """Each edge and condition has its place; what `otherwise` waits for is the opposite."""
    start, door = told(running, "/")["page"], told(running, "/door.html")["page"]
    assert start["start"] and start["source"] == "index.md"
    assert [(way["type"], way["id"], way["place"]) for way in start["out"]] == [
        ("choice", "door", "index.md:11:3"),
        ("choice", "end", "index.md:12:3"),
    ]
    assert [condition["text"] for condition in start["conditions"]] == [
        "trust >= 2 and answered('first')"
    ]
    assert [(c["kind"], c["text"]) for c in door["conditions"]] == [
        ("content", "trust >= 2"),
        ("otherwise", "not (trust >= 2)"),
    ]
    assert door["conditions"][1]["tree"] == ["not", [">=", ["var", "trust"], 2]]
    assert [way["id"] for way in door["in"]] == ["index"]


def test_learners_are_told_as_their_files_say(running: Edited) -> None:
    """Every persona, with all that has to be written for somebody to stand in for them."""
    (ines,) = told(running, "/map.html")["personas"]
    assert ines["name"] == "Ines"
    assert ines["visited"] == [{"id": "index", "title": "Start", "url": "/index.html"}]
    assert ines["state"] == {"trust": 3}
    assert ines["chose"] == {"where": "door"}


def test_a_page_that_is_not_there_is_not_told(running: Edited) -> None:
    """An address outside the plan has no panel."""
    assert running.ask("/learnpath-author.json?page=/../course.yml")[0] == 404


def test_a_state_is_saved_as_a_persona(running: Edited, root: Path) -> None:
    """The file reads back as the same learner, and a second one never takes its place."""
    facts = {
        "name": "Ines: no time",
        "state": {"trust": -1, "told": True},
        "visited": ["index"],
        "chose": {"where": "door"},
        "answers": {"first": 'Less, "perhaps"\nor: more # so'},
        "route": "short",
        "revisited": [],
    }
    assert wish(running, {"wish": "save", "persona": facts})["said"] == "personas/ines-no-time.yml"
    assert (
        wish(running, {"wish": "save", "persona": facts})["said"] == "personas/ines-no-time-2.yml"
    )
    problems = Problems()
    text = (root / "personas/ines-no-time.yml").read_text("utf-8")
    found = read_persona(text, "p.yml", "p", load_course(root), problems)
    assert problems.all() == ()
    assert (found.name, found.route, found.visited) == ("Ines: no time", "short", ("index",))
    assert (found.answers, found.chose) == (facts["answers"], facts["chose"])
    assert found.state == {"trust": -1, "told": True}


@pytest.mark.parametrize(
    ("persona", "said"),
    [
        ({"name": " "}, "give the learner a name"),
        ({"name": "A", "visited": ["nowhere"]}, "there is no page 'nowhere'"),
        ({"name": "A", "state": {"trust": 99}}, "'trust' cannot be '99'"),
        ({"name": "A", "answers": {"first": ["x"]}}, "no state of a learner"),
        ({"name": "A", "visited": "index"}, "no state of a learner"),
        ({"name": "A", "answers": {"first\nhabit: hurried": "x"}}, "there is no checkpoint"),
    ],
)
def test_a_state_that_the_course_does_not_have_is_not_saved(
    persona: dict[str, Any], said: str, running: Edited, root: Path
) -> None:
    """What is wrong is told, and no file is made."""
    assert said in wish(running, {"wish": "save", "persona": persona})["error"]
    assert [path.name for path in (root / "personas").iterdir()] == ["ines.yml"]


def test_a_place_is_opened_in_the_editor(running: Edited, root: Path) -> None:
    """A file of the course, at its line and column; no other file."""
    assert wish(running, {"wish": "open", "place": "door.md:3:5"})["said"] == "opened"
    assert running.opened == [Spot((root / "door.md").resolve(), 3, 5)]
    for place in ("../secret.md", "/etc/passwd", "", "gone.md:1", "course.yml/../../x.md"):
        assert "error" in wish(running, {"wish": "open", "place": place})
    assert len(running.opened) == 1


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_only_pages_of_the_server_may_wish(origin: str, running: Edited) -> None:
    """Another origin, or none, is refused before anything is read."""
    assert wish(running, {"wish": "open", "place": "door.md"}, origin) == {"status": 403}
    assert running.opened == []


@pytest.mark.parametrize("message", [None, [], {"wish": "burn"}, {"wish": "save", "persona": 1}])
def test_a_wish_that_makes_no_sense_is_answered(message: object, running: Edited) -> None:
    """And the server goes on."""
    assert "error" in wish(running, message)
    assert running.ask("/")[0] == 200


def test_a_place_without_numbers_is_the_beginning_of_its_file(root: Path) -> None:
    """Notes on a whole file open at its first letter."""
    assert spot_of(root, "door.md") == Spot((root / "door.md").resolve(), 1, 1)
    with pytest.raises(AuthorError):
        spot_of(root, "personas")


def test_what_yaml_would_take_for_something_else_is_quoted() -> None:
    """Words stay words: `true`, `null`, numbers, colons and line ends."""
    text = persona_text("true", {"answers": {"null": "12", "a": "x: y", "b": "null"}})
    assert text.splitlines() == ['name: "true"', "answers:", '  "null": "12"', '  a: "x: y"',
                                 '  b: "null"']  # fmt: skip


def test_a_published_site_has_no_panel(root: Path, tmp_path: Path) -> None:
    """Nothing of it is in a build: no script of the preview, no word of where files lie."""
    build_site(root, tmp_path / "site", jobs=1)
    for path in (tmp_path / "site").rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            assert b"livereload" not in text and b"learnpath-author.json" not in text
            assert str(root).encode() not in text


# In a browser


class Author:
    """An author who looks at a page of the preview, with the panel open."""

    def __init__(self, browser: Browser, running: Running, path: str) -> None:
        self.page: Page = browser.new_context().new_page()
        self.page.set_default_timeout(10_000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"http://127.0.0.1:{running.port}{path}")
        self.page.get_by_role("button", name="Author’s panel").click()
        self.panel = self.page.get_by_role("complementary", name="Author's panel")
        expect(self.panel).to_be_visible()


@pytest.mark.browser
def test_the_panel_shows_why_and_lets_it_be_changed(
    chromium: Browser, running: Edited, root: Path
) -> None:
    """A condition says whether it holds and why; another value, and the page follows."""
    author = Author(chromium, running, "/door.html")
    expect(author.panel).to_contain_text("✗ does not hold content trust >= 2")
    expect(author.panel).to_contain_text("trust is 0")
    expect(author.page.get_by_text("They do not.")).to_be_visible()
    author.panel.get_by_label("trust").fill("3")
    author.panel.get_by_label("trust").blur()
    expect(author.panel).to_contain_text("✓ holds content trust >= 2")
    expect(author.page.get_by_text("They trust you.")).to_be_visible()
    author.panel.get_by_label("Name of the learner").fill("Ada")
    author.panel.get_by_role("button", name="Save this state").click()
    expect(author.panel.get_by_role("status")).to_have_text("saved as personas/ada.yml")
    assert "trust: 3" in (root / "personas" / "ada.yml").read_text("utf-8")
    author.panel.get_by_role("button", name="door.md:3:10").first.click()
    expect(author.panel.get_by_role("status")).to_have_text("opened in your editor")
    assert running.opened[-1].line == 3
    assert author.errors == []
    author.page.context.close()


@pytest.mark.browser
def test_any_page_is_seen_as_any_learner_sees_it(chromium: Browser, running: Edited) -> None:
    """With their variables, words and trail; and again as somebody new."""
    author = Author(chromium, running, "/")
    closed = author.page.locator("[data-option=end]")
    expect(closed).to_have_attribute("data-closed", "")
    author.panel.get_by_label("Learner", exact=True).select_option("ines")
    author.panel.get_by_role("button", name="Go").click()
    expect(closed).not_to_have_attribute("data-closed", "")
    expect(author.panel).to_contain_text("Answered: first")
    author.panel.get_by_label("Page", exact=True).select_option("door")
    author.panel.get_by_role("button", name="Go").click()
    expect(author.page.get_by_text("They do not.")).to_be_visible()
    author.panel.get_by_label("Learner", exact=True).select_option("ines")
    author.panel.get_by_role("button", name="Go").click()
    expect(author.page.get_by_text("They trust you.")).to_be_visible()
    expect(author.panel).to_contain_text("Visited: index")
    assert author.errors == []
    author.page.context.close()
