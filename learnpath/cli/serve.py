"""`learnpath serve`."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from learnpath.cli.console import Console
from learnpath.cli.options import SurroundingsError, common, course_in, source_argument


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
    server = Server(root, host=host, port=port, poll=poll, console=console)
    try:
        server.start()
    except ServerError as error:
        raise SurroundingsError(str(error)) from error
    if open_browser:
        webbrowser.open(server.url)
    server.run()
    return 0
