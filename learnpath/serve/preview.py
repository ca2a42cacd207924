"""What is shown now: the last good generation, its notes, and the answer to every address."""

from __future__ import annotations

import hashlib
import threading
import traceback
from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import unquote_to_bytes

from msgspec import Struct, field

from learnpath.lookup.index import SEARCH_FOLDER
from learnpath.paths import url_of
from learnpath.serve.generation import Generation
from learnpath.serve.notes import Note, Notes, failure

HTML = "text/html; charset=utf-8"
_REMEMBERED = 5000
_NEAR = 8
"""How many of the pages asked for last are looked around from."""
_SCRIPT = b'<script src="/livereload.js" defer></script>\n'


class Answer(Struct, frozen=True):
    """What an address is answered with. An asset is named, and read by who sends it."""

    status: int
    body: bytes = b""
    kind: str = HTML
    digest: str = ""
    """Of a page's bytes; the same as long as the page looks the same."""
    location: str = ""
    file: str = ""


class Preview(Struct):
    """Answers from the last good generation. May be asked from several threads at once."""

    root: Path
    generation: Generation | None = None
    notes: Notes = field(default_factory=Notes)
    on_failure: Callable[[], None] = lambda: None
    _good: dict[str, bytes] = field(default_factory=dict)
    """The last bytes of each page that was asked for."""
    _failures: dict[str, Note] = field(default_factory=dict)
    _served: dict[str, str] = field(default_factory=dict)
    _statics: dict[str, bytes] = field(default_factory=dict)
    _assets: dict[str, str] = field(default_factory=dict)
    _warmed: tuple[Generation, list[str]] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def show(self, generation: Generation) -> None:
        """Answer from this generation from now on."""
        statics = {s.file: s.data for s in generation.plan.statics.values()}
        with self._lock:
            self.generation = generation
            self._failures.clear()
            # Names carry their content, so a page that was sent a moment ago finds its files.
            self._statics |= statics
            self._assets |= generation.assets

    def show_unread(self, generation: Generation) -> None:
        """The same until the course is read: of the theme's files only those asked for are made.
        The generation to come has them all, under the same names."""
        with self._lock:
            if self.generation is None:
                self.generation = generation

    def notes_now(self) -> Notes:
        """The course's notes, after those of pages that could not be made."""
        notes = self.notes
        for note in list(self._failures.values()):
            notes = notes.with_failure(note)
        return notes

    def static(self, file: str) -> bytes | None:
        """A file of the theme."""
        generation = self.generation
        if file in self._statics or generation is None:
            return self._statics.get(file)
        found = generation.plan.statics.get(file)
        return found.data if found is not None else None

    def looked_up(self, file: str) -> bytes | None:
        """A data file that scripts load. Making the first of the search's takes a while."""
        generation = self.generation
        if generation is None:
            return None
        found = generation.searches if file.startswith(f"{SEARCH_FOLDER}/") else generation.pieces
        return found.get(file)

    def asset(self, file: str) -> str | None:
        """The path in the course of an author's file, by its name on the site."""
        return self._assets.get(file)

    def file_at(self, path: str) -> str | None:
        """The output file at a URL's path; None where none is planned."""
        file = _file(path)
        generation = self.generation
        return file if generation is not None and file in generation.plan.items else None

    def last_served(self, path: str) -> str:
        return self._served.get(path, "")

    def sources_of(self, path: str) -> frozenset[str]:
        """The course's files that the page at an address is written in."""
        generation = self.generation
        file = _file(path)
        if generation is None or file is None:
            return frozenset()
        return generation.sources_of(file)

    def answer(self, path: str, *, sent: bool = True) -> Answer:
        """The answer to a URL's path as it came. `sent` is for one that goes to a browser."""
        answer = self._answer(path)
        if sent:
            if len(self._served) > _REMEMBERED:
                self._served.clear()
            self._served.pop(path, None)  # the last one asked for stands last
            self._served[path] = answer.digest
        return answer

    def warm(self, busy: Callable[[], bool]) -> None:
        """Make the pages that lie near those that were asked for last, once a generation."""
        generation, paths = self.generation, list(self._served)[-_NEAR:]
        if generation is None or self._warmed == (generation, paths):
            return
        generation.warm(filter(None, map(_file, paths)), busy)
        self._warmed = (generation, paths)

    def _answer(self, path: str) -> Answer:
        generation = self.generation
        if generation is None:
            return _page(503, _waiting(self.notes_now()))
        file = _file(path)
        items = generation.plan.items
        if file is not None and file in items:
            return self._made(generation, file)
        if file is not None and f"{file}/index.html" in items:
            location = f"/{url_of(file)}/"
            return Answer(302, location=location, digest=location)
        return self._missing(generation)

    def _made(self, generation: Generation, file: str) -> Answer:
        kind = HTML if file.endswith(".html") else "application/xml; charset=utf-8"
        try:
            body = self._good[file] = generation.body(file)
        except Exception as error:  # whatever is in a page, the server goes on
            return self._failed(file, kind, error)
        self._recovered(file)
        return _page(200, body, kind, file)

    def _failed(self, file: str, kind: str, error: Exception) -> Answer:
        words = traceback.format_exception_only(error)[-1].strip()
        note = failure(f"{file} could not be made: {words}", "undo what was changed last")
        if self._failures.get(file) != note:
            self._failures[file] = note
            self.on_failure()
        if file in self._good:
            return _page(200, self._good[file], kind, file)
        return _page(500, _waiting(self.notes_now()))

    def _recovered(self, file: str) -> None:
        if self._failures.pop(file, None) is not None:
            self.on_failure()

    def _missing(self, generation: Generation) -> Answer:
        made = self._made(generation, "404.html")
        return _page(404, _with_script(made.body))


def _page(status: int, body: bytes, kind: str = HTML, file: str = "") -> Answer:
    digest = hashlib.blake2b(body, digest_size=10).hexdigest()
    return Answer(status, body, kind, digest, file=file)


def _file(path: str) -> str | None:
    """The output file that a URL's path names, decoded once; None where it names none."""
    if not path.startswith("/"):
        return None
    try:
        name = unquote_to_bytes(path[1:]).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return f"{name}index.html" if not name or name.endswith("/") else name


def asset_file(path: str) -> str:
    """The name on the site of an asset's URL path; empty where it names none."""
    return _file(path) or ""


def _with_script(body: bytes) -> bytes:
    """The 404 page is shown at any depth: its script has to be named from the root."""
    relative = b'<script src="livereload.js" defer></script>\n'
    if relative in body:
        return body.replace(relative, _SCRIPT)
    return body.replace(b"</head>", _SCRIPT + b"</head>", 1)


def _waiting(notes: Notes) -> bytes:
    """A page for when there is none; the first good build replaces it."""
    said = "".join(f"<p>{escape(note.message)}</p><p>{escape(note.hint)}</p>"
                   for note in notes.shown[:5])  # fmt: skip
    head = (
        b'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        b'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        b"script-src 'self'; connect-src 'self' ws: wss:\">\n"
        b"<title>learnpath</title>\n" + _SCRIPT + b"</head>\n<body>\n<main>\n"
        b"<h1>There is nothing to show yet</h1>\n"
    )
    return head + said.encode("utf-8", "replace") + b"\n</main>\n</body>\n</html>\n"
