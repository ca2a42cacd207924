"""The command line as a whole. Exit codes: 0 done, 1 the course has errors, 2 wrong usage, 3 the
environment failed, 130 interrupted."""

from __future__ import annotations

import importlib
import json
import os
import sys
from contextlib import suppress
from typing import NoReturn

import click

import learnpath
from learnpath.cli.options import SurroundingsError
from learnpath.garbage import collect_seldom
from learnpath.problems import did_you_mean
from learnpath.write import OutputError

COMMANDS = {
    "new": "new",
    "serve": "serve",
    "build": "build",
    "check": "check",
    "map": "map_",
    "rehearse": "rehearse_",
    "freeze": "freeze",
    "export": "export",
    "gather": "gather",
}
"""Command → its name in the module of `learnpath.cli` that is called like the command."""


class _Commands(click.Group):
    """The commands, each loaded when it is called: one must not wait for what the others need."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        return load_command(name) if name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Guesses at a command that is not there."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            hint = did_you_mean(args[0], COMMANDS, "`learnpath --help` lists them")
            ctx.fail(f"there is no command '{args[0]}': {hint}")
        return super().resolve_command(ctx, args)


def load_command(name: str) -> click.Command:
    """The command of that name."""
    command: click.Command = getattr(
        importlib.import_module(f"learnpath.cli.{name}"), COMMANDS[name]
    )
    return command


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = sys.argv[1:]
    if arguments[:1] != ["build"]:
        sys.exit(run(arguments))
    collect_seldom()
    code = run(arguments)
    if code > 1:  # it was broken off, and may have left something to be ended
        sys.exit(code)
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End the process as it is. To take a large course apart first, and to look for garbage in it,
    would take longer than a small edit."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):  # nobody reads it any more
                stream.flush()
    os._exit(code)


def run(arguments: list[str]) -> int:
    """The exit code of a command line."""
    try:
        return cli.main(arguments, prog_name="learnpath", standalone_mode=False) or 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return _failed(arguments, 2, error.format_message())
    except (SurroundingsError, OutputError) as error:
        click.echo(f"learnpath: {error}", err=True)
        return _failed(arguments, 3, str(error))
    except OSError as error:
        message = f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
        click.echo(f"learnpath: {message}", err=True)
        return _failed(arguments, 3, message)


def _failed(arguments: list[str], code: int, message: str) -> int:
    """With `--format json` a failure is a document, too."""
    if any(
        argument == "--format=json" or arguments[at : at + 2] == ["--format", "json"]
        for at, argument in enumerate(arguments)
    ):
        click.echo(json.dumps({"version": 1, "error": message}, ensure_ascii=False))
    return code


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(learnpath.__version__, prog_name="learnpath")
def cli() -> None:
    """Courses that learners find their own way through, from plain files.

    Begin with `learnpath new my-course`, then `learnpath serve my-course --open`.
    """
