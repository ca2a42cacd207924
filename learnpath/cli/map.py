"""`learnpath map`."""

from __future__ import annotations

from pathlib import Path

import click

from learnpath.build import check_course
from learnpath.cli.console import Console
from learnpath.cli.options import common, course_in, source_argument
from learnpath.exporters import FORMATS, export_map


@click.command("map")
@source_argument
@click.option("--drafts", is_flag=True, default=False, help="With drafts.")
@click.option("--language", default="", help="Another language than the course's own.")
@common(formats=FORMATS)
def map_(source: Path, drafts: bool, language: str, output_format: str, console: Console) -> int:
    """The course graph: pages and every edge between them."""
    root = course_in(source, console)
    with console.progress() as progress:
        result = check_course(root, drafts=drafts, progress=progress)
    known = (result.course.config.language, *result.course.config.languages)
    if language and language not in known:
        raise click.UsageError(
            f"the course has no language '{language}': there is {', '.join(known)}"
        )
    click.echo(export_map(result.course, output_format, language), nl=False)
    return 0
