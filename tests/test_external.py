"""External links: asked about on request, politely, and told only where they are gone."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from learnpath.build import load_course
from learnpath.external import MEMORY, Reply, ask_host, check_external, external_links
from learnpath.problems import Problem, Severity
from support import COURSE, CommandLine, write_course

TODAY = date(2026, 11, 25)


class Host(ThreadingHTTPServer):
    """A host on this machine: what each path answers, and what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str]] = []
        self.at_once = self.most = 0
        self.lock = threading.Lock()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_HEAD(self) -> None:
        with self.server.lock:
            self.server.asked.append((self.command, self.path))
            self.server.at_once += 1
            self.server.most = max(self.server.most, self.server.at_once)
        status = int(self.path.split("-")[1])
        if self.command == "HEAD" and "headless" in self.path:
            status = 405
        with self.server.lock:
            self.server.at_once -= 1
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", "/it-200")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def found(root: Path, today: date = TODAY, **settings: object) -> list[Problem]:
    course = load_course(root)
    level = Severity.WARNING
    return list(check_external(course, root, today=today, level=level, pause=0, **settings))  # type: ignore[arg-type]


def linking(folder: Path, *urls: str) -> Path:
    links = "\n\n".join(f"See [it]({url})." for url in urls)
    return write_course(folder, {"course.yml": COURSE, "index.md": f"# Start\n\n{links}\n"})


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/it-200", None),
        ("/it-301", None),
        ("/it-403", None),
        ("/headless-200", None),
        ("/it-404", "is not there any more (404)"),
        ("/it-410", "is not there any more (410)"),
        ("/headless-404", "is not there any more (404)"),
        ("/it-429", "is busy (429)"),
        ("/it-503", "is busy (503)"),
    ],
)
def test_what_a_host_answers(path: str, told: str | None, host: Host, tmp_path: Path) -> None:
    """Gone is told with its place; busy as information; there, moved or private not at all."""
    root = linking(tmp_path, host.url("/first-200"), host.url(path))
    problems = found(root)
    if told is None:
        assert problems == []
        return
    (problem,) = problems
    assert told in problem.message
    assert (problem.path, problem.line, problem.column) == ("index.md", 5, 5)
    assert problem.severity is (Severity.INFO if "busy" in told else Severity.WARNING)


def test_a_host_is_asked_one_thing_at_a_time(host: Host, tmp_path: Path) -> None:
    """And once only, however often a page is linked to, and with whatever anchor."""
    urls = [host.url(f"/p{n}-200") for n in range(6)]
    found(linking(tmp_path, *urls, *urls, f"{urls[0]}#part"))
    assert host.most == 1
    assert sorted(host.asked) == [("HEAD", f"/p{n}-200") for n in range(6)]


def test_what_was_there_is_not_asked_again_within_a_week(host: Host, tmp_path: Path) -> None:
    """What was gone is asked each time: it may have been mended."""
    root = linking(tmp_path, host.url("/a-200"), host.url("/b-404"))
    assert len(found(root)) == len(found(root, TODAY + timedelta(days=6))) == 1
    asked: dict[str, int] = defaultdict(int)
    for method, path in host.asked:
        asked[path] += method == "HEAD"
    assert asked == {"/a-200": 1, "/b-404": 2}
    found(root, TODAY + timedelta(days=7))
    assert ("HEAD", "/a-200") in host.asked[-3:]


@pytest.mark.parametrize(
    "text", ["", "nothing", "[]", '{"links": 1}', '{"links": {"x": "soon"}}', '{"links": {"x": 1}}']
)
def test_a_memory_that_cannot_be_read_is_begun_anew(text: str, host: Host, tmp_path: Path) -> None:
    """It only saves questions, so whatever is in it does no harm."""
    root = linking(tmp_path, host.url("/a-200"))
    (root / MEMORY).parent.mkdir()
    (root / MEMORY).write_text(text)
    assert found(root) == []
    assert list(json.loads((root / MEMORY).read_text())["links"]) == [host.url("/a-200")]


def test_without_a_network_that_is_said_once(tmp_path: Path) -> None:
    """Not each link is called broken where no host answered at all."""
    root = linking(tmp_path, "https://a.example/", "https://b.example/")
    (problem,) = found(root, ask=lambda _: Reply(0, "no such host"))
    assert problem.message == "no external link could be asked: a.example: no such host"
    assert problem.severity is Severity.WARNING


def test_a_host_that_is_gone_is_told(host: Host, tmp_path: Path) -> None:
    """Where others answer, the silence of one is its own."""
    root = linking(tmp_path, host.url("/a-200"), "http://127.0.0.1:9/")
    (problem,) = found(root)
    assert problem.message.startswith("no answer from '127.0.0.1': ")
    assert problem.line == 5


def test_only_the_web_is_asked(tmp_path: Path) -> None:
    """Mail, telephones and files are no pages; links in includes and choices are."""
    text = (
        "# Start\n\n[a](mailto:a@example.org) [b](tel:1) [c](index.md) [d](HTTP://Example.org/x#y)\n\n"
        "::: choices Where?\n\n- [Out](https://example.org/out)\n- [In](index.md#a)\n\n:::\n"
    )
    root = write_course(tmp_path, {"course.yml": COURSE, "index.md": text})
    urls = external_links(load_course(root))
    assert {url.lower() for url in urls} == {"http://example.org/x", "https://example.org/out"}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/ü ö", "http://[::1", "http://a b/", "http://:x"]
)
def test_no_address_is_too_odd_to_ask(url: str) -> None:
    """It gets no answer, and the reason is said."""
    reply = ask_host(url)
    assert reply.status == 0
    assert reply.trouble


def test_the_command_asks_only_where_it_is_told_to(
    host: Host, tmp_path: Path, learnpath: CommandLine
) -> None:
    """By the rule's level, on the command line or in course.yml; `build` never does."""
    root = linking(tmp_path / "c", host.url("/a-404"))
    assert "external-link" not in learnpath("check", root).err
    learnpath("build", root, "-o", tmp_path / "site")
    assert host.asked == []
    ran = learnpath("check", root, "--rule", "external-link=error")
    assert ran.code == 1
    assert "[external-link]" in ran.err
    (root / "course.yml").write_text("title: C\nid: c\nrules: {external-link: warning}\n")
    ran = learnpath("check", root, "--format", "json")
    assert ran.code == 0
    told = {p["rule"]: p["severity"] for p in json.loads(ran.out)["problems"]}
    assert told["external-link"] == "warning"
