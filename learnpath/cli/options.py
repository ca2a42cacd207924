"""What the commands share: their common options, their course, their exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from learnpath.cli.console import Console, counted
from learnpath.results import CheckResult, find_course

Command = Callable[..., int | None]


class SurroundingsError(Exception):
    """Something outside the course failed: the disk, a port, a tool. Exit code 3."""


def common(*, formats: tuple[str, ...] = ("text", "json")) -> Callable[[Command], Command]:
    """The options that every command takes; they arrive as one `console`."""

    def decorate(command: Command) -> Command:
        @wraps(command)
        def wrapper(
            *args: Any,
            quiet: bool,
            verbose: bool,
            no_color: bool,
            output_format: str,
            **kwargs: Any,
        ) -> int | None:
            console = Console(quiet, verbose, output_format == "json", not no_color)
            if formats != ("text", "json"):
                kwargs["output_format"] = output_format
            return command(*args, console=console, **kwargs)

        for option in (
            click.option("-q", "--quiet", is_flag=True, default=False, help="Say only problems."),
            click.option("-v", "--verbose", is_flag=True, default=False, help="Say more."),
            click.option(
                "--no-color", is_flag=True, default=False, help="No colours (or NO_COLOR)."
            ),
            click.option(
                "--format",
                "output_format",
                type=click.Choice(formats),
                default=formats[0],
                help="text for people, json for programs.",
            ),
        ):
            wrapper = option(wrapper)
        return wrapper

    return decorate


source_argument = click.argument(
    "source",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)


def course_in(source: Path, console: Console) -> Path:
    """The course's folder; said, where it is not the one that was named."""
    root = find_course(source)
    if root != source:
        console.say(f"Course: {root}")
    return root


def as_called() -> str:
    """How this program was called, so that the next command can be copied."""
    called = sys.argv[0]
    if called.endswith("__main__.py"):
        return "python -m learnpath"
    on_path = str(Path(called).parent) in os.environ.get("PATH", "").split(os.pathsep)
    return "learnpath" if on_path or os.sep not in called else called


def verdict(result: CheckResult, console: Console) -> str:
    pages = counted(result.pages, "page")
    checkpoints = counted(result.checkpoints, "checkpoint")
    if not result.errors and not result.warnings:
        return console.style("✓", fg="green") + f" {pages}, {checkpoints}: nothing to mend"
    errors, warnings = counted(result.errors, "error"), counted(result.warnings, "warning")
    return f"{pages}, {checkpoints}: {errors}, {warnings}"


def exit_code(result: CheckResult, *, strict: bool) -> int:
    return 1 if result.errors or (strict and result.warnings) else 0
