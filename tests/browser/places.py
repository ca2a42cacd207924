"""Where a site is read from: a host's root, a folder of a host, or a disk."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from learnpath.build import build_site
from support import ROOT

SAMPLE = ROOT / "content"
SMALL = Path(__file__).parent / "course"
everywhere = pytest.mark.parametrize("place", ["root", "folder", "disk"])
_SUBFOLDER = "some/where"


@dataclass(frozen=True)
class Site:
    """A built site, and the address of its folder for each place."""

    folder: Path
    addresses: dict[str, str]

    def files(self) -> dict[str, str]:
        """The text of every HTML file, by its name in the site."""
        paths = sorted(self.folder.rglob("*.html"))
        return {p.relative_to(self.folder).as_posix(): p.read_text("utf-8") for p in paths}

    def pages(self) -> list[str]:
        """The HTML files that stay, by name: those that lead on by themselves are left out."""
        return [name for name, text in self.files().items() if 'http-equiv="refresh"' not in text]


class _Handler(SimpleHTTPRequestHandler):
    """As a plain host does it: keeps connections, serves the site's own 404 page, logs nothing."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def end_headers(self) -> None:
        """Browsers ask again each time: without a word from the host they guess how long a file
        stays as it is, and an author of the tests publishes again within seconds."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        missing = Path(self.directory) / "404.html"
        if code != 404 or not missing.is_file():
            super().send_error(code, message, explain)
            return
        body = missing.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes a connection half-way is no error of the site's."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a port of its own; gives the address of its root."""
    with _Server(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def site_of(course: Path, place: Path) -> Iterator[Site]:
    """Build a course below `place`, and serve it from everywhere."""
    folder = place / "host" / _SUBFOLDER
    result = build_site(course, folder, jobs=1)
    assert not result.checked.errors, result.checked.problems
    with served(folder) as root, served(place / "host") as host:
        disk = folder.as_uri() + "/"
        yield Site(folder, {"root": root, "folder": f"{host}{_SUBFOLDER}/", "disk": disk})
