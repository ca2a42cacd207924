"""`learnpath new`."""

from __future__ import annotations

from pathlib import Path

import click

from learnpath.cli.console import Console, counted
from learnpath.cli.options import as_called, common
from learnpath.scaffold import ScaffoldError, new_course, template_names


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--template", default="course", type=click.Choice(template_names()), help="Which.")
@common()
def new(folder: Path, template: str, console: Console) -> int:
    """Make a course of your own in FOLDER, to begin from."""
    try:
        files = new_course(folder, template)
    except ScaffoldError as error:
        raise click.UsageError(str(error)) from error
    console.say(f"Made {counted(len(files), 'file')} in {folder}. Now:")
    program = as_called()
    console.say(f"  {program} serve {folder} --open    to see it, and every change as you save")
    console.say(f"  {program} build {folder}           to make the site")
    if console.as_json:
        console.document({"version": 1, "folder": str(folder), "files": files})
    return 0
