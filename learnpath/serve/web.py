"""The server's side that the network sees: handlers, and who may use them.

Composed of livereload's WebSocket and script handlers and tornado's file handler. Nothing here
turns a URL into a path on the disk: only what the plan of the site names is ever answered.
"""

from __future__ import annotations

import asyncio
import json
import mimetypes
import traceback
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler
from msgspec import Struct
from tornado import web
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from learnpath.bundle import Scripts
from learnpath.serve.address import Callers
from learnpath.serve.author import AuthorError, Spot, page_document, save_persona, spot_of
from learnpath.serve.preview import HTML, Answer, asset_file
from learnpath.serve.tabs import Tabs

_BROWSER = Path(__file__).parent / "browser"
_MODULES = ("place", "swap", "wire", "panel", "author", "preview")
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": HTML,
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".webp": "image/webp",
}


class Desk(Struct, frozen=True):
    """What every handler works with."""

    tabs: Tabs
    callers: Callers
    ready: Callable[[], Awaitable[None]]
    """Returns once there is something to answer with."""
    complain: Callable[[str], None]
    edit: Callable[[Spot], None]
    """Opens a place in the author's editor."""


class Guarded(web.RequestHandler):
    """GET and HEAD, for callers we know, with headers that keep the answer where it belongs."""

    SUPPORTED_METHODS = ("GET", "HEAD")
    desk: Desk

    def initialize(self, desk: Desk) -> None:
        self.desk = desk

    def set_default_headers(self) -> None:
        self.set_header("Server", "learnpath")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def prepare(self) -> None:
        if not self.desk.callers.may_ask(self.request.host):
            raise web.HTTPError(403, reason="Forbidden Host")
        if not self.request.path.startswith("/"):
            raise web.HTTPError(400)

    def compute_etag(self) -> str | None:
        return None

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_default_headers()
        self.finish(f"{status_code} {self._reason}\n")

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if value is not None and not isinstance(value, web.HTTPError):
            self.desk.complain("".join(traceback.format_exception(typ, value, tb)))


class PageHandler(Guarded):
    """Every page of the course, and the 404 page for everything else."""

    async def get(self) -> None:
        await self.desk.ready()
        await self._send(await self.desk.tabs.answer(self.request.path))

    head = get

    async def _send(self, answer: Answer) -> None:
        self.set_status(answer.status)
        if answer.location:
            self.set_header("Location", answer.location)
        self.set_header("Content-Type", answer.kind)
        # The one header of its own answer that a page can read: it knows what it shows.
        self.set_header("Server-Timing", f'learnpath;desc="{answer.digest}"')
        await self.finish(answer.body)


class NotesHandler(Guarded):
    """What is wrong with the course, for the panel."""

    async def get(self) -> None:
        await self.desk.ready()
        self.set_header("Content-Type", "application/json; charset=utf-8")
        await self.finish(self.desk.tabs.preview.notes_now().document())

    head = get


class AuthorHandler(Guarded):
    """Where a page stands in the course, for the author's panel: `?page=` is the page's path."""

    async def get(self) -> None:
        await self.desk.ready()
        preview = self.desk.tabs.preview
        generation, file = preview.generation, preview.file_at(self.get_query_argument("page", "/"))
        if generation is None or file is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        await self.finish(page_document(preview.root, generation, file))

    head = get


class WishHandler(Guarded, WebSocketHandler):
    """The author's wishes that change or open a file. Only pages of this server may have any."""

    def prepare(self) -> None:
        super().prepare()
        if not self.check_origin(self.request.headers.get("Origin", "")):
            raise web.HTTPError(403, reason="Forbidden Origin")

    def check_origin(self, origin: str) -> bool:
        return self.desk.callers.may_connect(origin, self.request.host)

    def on_message(self, message: str | bytes) -> None:
        wish = _command(message)
        try:
            said = {"said": self._grant(wish)}
        except AuthorError as error:
            said = {"error": str(error)}
        self.write_message(json.dumps({**said, "wish": wish.get("wish")}, ensure_ascii=False))

    def _grant(self, wish: dict[str, Any]) -> str:
        preview = self.desk.tabs.preview
        if wish.get("wish") == "open":
            self.desk.edit(spot_of(preview.root, str(wish.get("place"))))
            return "opened"
        persona = wish.get("persona")
        if wish.get("wish") == "save" and isinstance(persona, dict) and preview.generation:
            return save_persona(preview.root, preview.generation.plan.course, persona)
        raise AuthorError("this is no wish that can be granted")


class AssetHandler(Guarded, web.StaticFileHandler):
    """The theme's files, and those of the author's that a page uses, with ranges for video."""

    def initialize(self, desk: Desk) -> None:  # type: ignore[override]
        Guarded.initialize(self, desk)
        web.StaticFileHandler.initialize(self, str(desk.tabs.preview.root))

    async def get(self, path: str = "", include_body: bool = True) -> None:  # noqa: ARG002
        await self.desk.ready()
        preview = self.desk.tabs.preview
        file = asset_file(self.request.path)
        source = preview.asset(file)
        data = await asyncio.to_thread(preview.static, file) if source is None else None
        if data is None and source is None:
            data = await asyncio.to_thread(preview.looked_up, file)
        if data is not None:
            self.set_header("Content-Type", kind_of(file))
            await self.finish(data)
        elif source is not None:
            await super().get(source, include_body)
        else:
            raise web.HTTPError(404)

    async def head(self, path: str = "") -> None:
        await self.get(path, include_body=False)

    def get_content_type(self) -> str:
        return kind_of(self.path)

    def should_return_304(self) -> bool:
        return False

    def compute_etag(self) -> str | None:
        return None


class ScriptHandler(Guarded, LiveReloadJSHandler):  # type: ignore[misc]
    """livereload's script, and after it the preview's own."""

    def get(self) -> None:
        super().get()
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.write(b"\n;" + browser_script())

    head = get


class SocketHandler(Guarded, LiveReloadHandler):  # type: ignore[misc]
    """The line to a tab. livereload answers the greeting; who waits is this server's affair."""

    def prepare(self) -> None:
        super().prepare()
        origin = self.request.headers.get("Origin")
        if origin is not None and not self.check_origin(origin):
            raise web.HTTPError(403, reason="Forbidden Origin")

    def check_origin(self, origin: str) -> bool:
        return self.desk.callers.may_connect(origin, self.request.host)

    def on_message(self, message: str | bytes) -> None:
        command = _command(message)
        if command.get("command") == "hello":
            super().on_message(message)
        elif command.get("command") == "info":
            self._joined(command)

    def _joined(self, info: dict[str, Any]) -> None:
        path = _path_of(info.get("url"))
        if path:
            self.desk.tabs.joined(self, path, _digest_in(info))

    def on_close(self) -> None:
        self.desk.tabs.left(self)

    def send(self, message: dict[str, Any]) -> None:
        try:
            self.write_message(message)
        except WebSocketClosedError:
            self.desk.tabs.left(self)


def _command(message: str | bytes) -> dict[str, Any]:
    try:
        data = json.loads(message)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _path_of(url: object) -> str:
    """The path of a tab's address, as the browser would ask for it."""
    try:
        return urlsplit(url).path if isinstance(url, str) else ""
    except ValueError:
        return ""


def _digest_in(info: dict[str, Any]) -> str:
    """What the preview's plugin says of the page that it is in."""
    plugins = info.get("plugins")
    own = plugins.get("learnpath") if isinstance(plugins, dict) else None
    digest = own.get("digest") if isinstance(own, dict) else None
    return digest if isinstance(digest, str) else ""


def kind_of(file: str) -> str:
    """The media type of a file, by its name, the same on every system for what matters."""
    ending = Path(file).suffix.lower()
    return _KINDS.get(ending) or mimetypes.guess_type(file)[0] or "application/octet-stream"


@cache
def browser_script() -> bytes:
    """The preview's own script: modules in one classic file, as a theme's are."""
    sources = {name: (_BROWSER / f"{name}.js").read_text("utf-8") for name in _MODULES}
    return Scripts({"preview": _MODULES}, sources).text("preview", {}).encode()


def _log_nothing(_: web.RequestHandler) -> None:
    """A line a request is not what an author looks for."""


def application(desk: Desk) -> web.Application:
    """The whole server, to be listened with."""
    own = {"desk": desk}
    return web.Application(
        [
            (r"/livereload", SocketHandler, own),
            (r"/livereload\.js", ScriptHandler, own),
            (r"/learnpath-notes\.json", NotesHandler, own),
            (r"/learnpath-author\.json", AuthorHandler, own),
            (r"/learnpath-wishes", WishHandler, own),
            (r"/assets/.*", AssetHandler, own),
            (r".*", PageHandler, own),
        ],
        log_function=_log_nothing,
        websocket_max_message_size=64 * 1024,
        websocket_ping_interval=20,
    )
