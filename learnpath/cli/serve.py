"""`learnpath serve`."""

from __future__ import annotations

import os
import shutil
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from learnpath.cli.console import Console
from learnpath.cli.options import SurroundingsError, common, course_in, source_argument

if TYPE_CHECKING:
    from learnpath.serve.author import Spot

_VS_CODE = "vscode://file/{path}:{line}:{column}"


@click.command()
@source_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port."
)
@click.option("--open", "open_browser", is_flag=True, default=False, help="Open the browser.")
@click.option("--poll", is_flag=True, default=False,
              help="Look at the files again and again.")  # fmt: skip
@common()
def serve(
    source: Path, host: str, port: int, open_browser: bool, poll: bool, console: Console
) -> int:
    """The course in SOURCE in the browser, live: every change shows as you save."""
    from learnpath.serve import Server, ServerError

    root = course_in(source, console)
    server = Server(root, host=host, port=port, poll=poll, console=console, edit=_open_in_editor)
    try:
        server.start()
    except ServerError as error:
        raise SurroundingsError(str(error)) from error
    if open_browser:
        webbrowser.open(server.url)
    server.run()
    return 0


def _open_in_editor(spot: Spot) -> None:
    """Open a place in the editor that LEARNPATH_EDITOR names, in VS Code where that is installed,
    or else in whatever opens such files here."""
    wanted = os.environ.get("LEARNPATH_EDITOR") or (_VS_CODE if shutil.which("code") else "{path}")
    parts = {"path": spot.path.as_posix(), "line": str(spot.line), "column": str(spot.column)}
    for name, value in parts.items():
        wanted = wanted.replace("{" + name + "}", value)
    click.launch(wanted)
