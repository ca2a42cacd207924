"""`learnpath freeze`."""

from __future__ import annotations

from pathlib import Path

import click

from learnpath.build import load_course
from learnpath.cli.console import Console, counted
from learnpath.cli.options import common, course_in, source_argument
from learnpath.filenames import LEDGER_FILE
from learnpath.ledger import frozen, orphans, read_ledger
from learnpath.problems import Problems, Severity
from learnpath.rewrite import replace_file


@click.command()
@source_argument
@common()
def freeze(source: Path, console: Console) -> int:
    """Record the ids now published in SOURCE, which `check` guards ever after."""
    root = course_in(source, console)
    problems = Problems()
    course = load_course(root, drafts=True)
    if not course.config.id:
        raise click.UsageError(
            "learners' words are kept under the course's id: give course.yml one"
        )
    ledger = read_ledger(root, problems)
    if any(found.severity is Severity.ERROR for found in problems.all()):
        console.problems(problems.settled({}), root)
        return 1
    path = root / LEDGER_FILE
    known = path.read_text("utf-8") if ledger is not None else ""
    new = frozen(known, ledger, course)
    if new.text != known:
        replace_file(path, new.text.encode())
    if ledger is not None:
        problems.extend(orphans(ledger, course))
    console.problems(problems.settled({}), root)
    pages = counted(len(new.pages), "new page")
    console.say(f"{LEDGER_FILE}: {pages}, {counted(len(new.checkpoints), 'new checkpoint')}")
    if console.as_json:
        added = {"pages": list(new.pages), "checkpoints": list(new.checkpoints)}
        console.document({"version": 1, "ledger": LEDGER_FILE, "added": added})
    return 1 if problems.all() else 0
