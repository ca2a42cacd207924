"""`learnpath rehearse`."""

from __future__ import annotations

from pathlib import Path

import click

from learnpath.build import check_course
from learnpath.cli.console import Console
from learnpath.cli.options import common, course_in, source_argument
from learnpath.making import load_theme
from learnpath.personas import Persona, read_personas
from learnpath.problems import Problem, Problems, Severity, did_you_mean
from learnpath.rehearsal_report import GENERATOR, rehearsal_json, rehearsal_text, report_page
from learnpath.rehearse import learners_of, rehearse
from learnpath.rewrite import replace_file


@click.command("rehearse")
@source_argument
@click.option("--runs", default=1000, show_default=True, type=click.IntRange(1, 1_000_000),
              help="How many walks.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=int, help="Another seed, other walks.")
@click.option("--persona", default="", help="Only this learner walks.")
@click.option("-o", "--output", default=None, type=click.Path(dir_okay=False, path_type=Path),
              help="A report with charts, as one HTML file.")  # fmt: skip
@click.option("--drafts", is_flag=True, default=False, help="With drafts.")
@common()
def rehearse_(
    source: Path,
    runs: int,
    seed: int,
    persona: str,
    output: Path | None,
    drafts: bool,
    console: Console,
) -> int:
    """Simulated learners walk the course in SOURCE: what they see, and where they get stuck."""
    root = course_in(source, console)
    if output is not None:
        _refuse_report(output)
    with console.progress() as progress:
        course = check_course(root, drafts=drafts, progress=progress).course
        if not course.pages:
            raise click.UsageError(f"there are no pages in {root} to walk through")
        problems = Problems()
        personas = read_personas(root, course, problems)
        learners = _chosen(learners_of(course, personas), persona)
        found = rehearse(course, learners, runs=runs, seed=seed, progress=progress)
    told = problems.settled(course.config.rules)
    console.problems(told, root)
    if output is not None:
        replace_file(output, report_page(found, load_theme(course)).encode())
    if console.as_json:
        console.document(rehearsal_json(found, told))
    else:
        for line in rehearsal_text(found, verbose=console.verbose):
            console.say(line)
    if output is not None:
        console.say(f"Report in {output}")
    return 1 if found.whole.stuck or _any_error(told) else 0


def _any_error(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _chosen(learners: tuple[Persona, ...], name: str) -> tuple[Persona, ...]:
    """All learners, or the one that was named."""
    known = {learner.id: learner for learner in learners}
    if not name:
        return learners
    if name not in known:
        hint = did_you_mean(name, known, "there are " + ", ".join(known))
        raise click.UsageError(f"there is no learner '{name}': {hint}")
    return (known[name],)


def _refuse_report(output: Path) -> None:
    """A report goes where nothing is, or in the place of another report."""
    if output.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"-o wants the name of an HTML file, not '{output}'")
    if output.exists() and GENERATOR.encode() not in output.read_bytes()[:4000]:
        raise click.UsageError(f"'{output}' is there already and is no report; name another file")
