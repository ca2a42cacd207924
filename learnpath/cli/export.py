"""`learnpath export`."""

from __future__ import annotations

from pathlib import Path

import click

from learnpath.cli.console import Console
from learnpath.cli.options import common, course_in, exit_code, source_argument, verdict
from learnpath.guide import build_guide
from learnpath.results import build_json


@click.command()
@click.argument("form", type=click.Choice(("guide",)))
@source_argument
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path),
              help="Where it goes.")  # fmt: skip
@click.option("--force", is_flag=True, default=False,
              help="Write into a folder that holds other files, and keep them.")  # fmt: skip
@click.option("--drafts", is_flag=True, default=False, help="With drafts.")
@common()
def export(
    form: str, source: Path, output: Path, force: bool, drafts: bool, console: Console
) -> int:
    """The course in another FORM: `guide` is the facilitator's guide, a site of its own."""
    root = course_in(source, console)
    if root.resolve().is_relative_to(output.resolve()):
        raise click.UsageError(f"the {form} cannot be written over the course: {output}")
    with console.progress() as progress:
        result = build_guide(root, output, drafts=drafts, force=force, progress=progress)
    console.problems(result.checked.problems, root)
    if console.as_json:
        console.document(build_json(result))
    console.say(verdict(result.checked, console))
    console.say(f"Facilitator's guide made. Open {output / 'index.html'}")
    return exit_code(result.checked, strict=False)
