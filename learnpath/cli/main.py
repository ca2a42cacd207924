"""The commands. Exit codes: 0 done, 1 the course has errors, 2 wrong usage, 3 the environment
failed, 130 interrupted."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

import learnpath
from learnpath.build import (
    BuildResult,
    CheckResult,
    build_json,
    build_site,
    check_course,
    find_course,
    load_theme,
    summary_json,
)
from learnpath.cli.console import Console, counted
from learnpath.config import is_site_url
from learnpath.exporters import FORMATS, export_map
from learnpath.fix import fix_course
from learnpath.personas import Persona, read_personas
from learnpath.problems import RULES, Problem, Problems, Severity, did_you_mean
from learnpath.rehearsal_report import GENERATOR, rehearsal_json, rehearsal_text, report_page
from learnpath.rehearse import learners_of, rehearse
from learnpath.rewrite import replace_file
from learnpath.scaffold import ScaffoldError, new_course, template_names
from learnpath.verify import differences
from learnpath.write import OutputError

Command = Callable[..., int | None]


class SurroundingsError(Exception):
    """Something outside the course failed: the disk, a port, a tool. Exit code 3."""


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run(sys.argv[1:]))


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


_source = click.argument(
    "source",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(learnpath.__version__, prog_name="learnpath")
def cli() -> None:
    """Courses that learners find their own way through, from plain files.

    Begin with `learnpath new my-course`, then `learnpath serve my-course --open`.
    """


@cli.command()
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
    program = _as_called()
    console.say(f"  {program} serve {folder} --open    to see it, and every change as you save")
    console.say(f"  {program} build {folder}           to make the site")
    if console.as_json:
        console.document({"version": 1, "folder": str(folder), "files": files})
    return 0


def _course_in(source: Path, console: Console) -> Path:
    """The course's folder; said, where it is not the one that was named."""
    root = find_course(source)
    if root != source:
        console.say(f"Course: {root}")
    return root


def _as_called() -> str:
    """How this program was called, so that the next command can be copied."""
    called = sys.argv[0]
    if called.endswith("__main__.py"):
        return "python -m learnpath"
    on_path = str(Path(called).parent) in os.environ.get("PATH", "").split(os.pathsep)
    return "learnpath" if on_path or os.sep not in called else called


@cli.command()
@_source
@click.option("--strict", is_flag=True, default=False, help="Warnings fail, too.")
@click.option("--drafts", is_flag=True, default=False, help="Check drafts as if published.")
@click.option("--rule", "rules", multiple=True, metavar="ID=LEVEL", help="error, warning or off.")
@click.option("--fix", is_flag=True, default=False, help="First mend what can be mended safely.")
@common()
def check(
    source: Path, strict: bool, drafts: bool, rules: tuple[str, ...], fix: bool, console: Console
) -> int:
    """Every problem of the course in SOURCE, with its place and what to do."""
    root = _course_in(source, console)
    levels = _levels(rules)
    for fixed in fix_course(root) if fix else ():
        console.say(str(fixed))
    with console.progress() as progress:
        result = check_course(root, drafts=drafts, rules=levels, progress=progress)
    console.problems(result.problems, root)
    if console.as_json:
        console.document(summary_json(result))
    console.say(_verdict(result, console))
    return _exit_code(result, strict=strict)


def _levels(rules: tuple[str, ...]) -> dict[str, str]:
    levels = {}
    for text in rules:
        rule, _, level = text.partition("=")
        if rule not in RULES:
            hint = did_you_mean(rule, RULES, "`learnpath check` prints the rule of each problem")
            raise click.UsageError(f"there is no rule '{rule}': {hint}")
        if level not in ("error", "warning", "off"):
            raise click.UsageError(f"--rule {rule}= wants error, warning or off, not '{level}'")
        levels[rule] = level
    return levels


def _verdict(result: CheckResult, console: Console) -> str:
    course = result.course
    pages = counted(len(course.all_pages), "page")
    checkpoints = counted(len(course.checkpoints), "checkpoint")
    if not result.errors and not result.warnings:
        return console.style("✓", fg="green") + f" {pages}, {checkpoints}: nothing to mend"
    errors, warnings = counted(result.errors, "error"), counted(result.warnings, "warning")
    return f"{pages}, {checkpoints}: {errors}, {warnings}"


def _exit_code(result: CheckResult, *, strict: bool) -> int:
    return 1 if result.errors or (strict and result.warnings) else 0


@cli.command()
@_source
@click.option("-o", "--output", default=Path("site"), type=click.Path(path_type=Path),
              show_default=True, help="Where the site goes.")  # fmt: skip
@click.option("--clean", is_flag=True, default=False, help="Write every file anew.")
@click.option("--force", is_flag=True, default=False,
              help="Write into a folder that holds other files, and keep them.")  # fmt: skip
@click.option("--strict", is_flag=True, default=False, help="Warnings fail, too.")
@click.option("--drafts", is_flag=True, default=False, help="Publish drafts, too.")
@click.option("--base-url", default="", help="Where the site will be, for sitemap and 404.")
@click.option("--jobs", default=None, type=click.IntRange(1), help="Processes to use.")
@click.option("--verify", is_flag=True, default=False,
              help="Build once more beside it, from nothing, and compare.")  # fmt: skip
@common()
def build(
    source: Path,
    output: Path,
    clean: bool,
    force: bool,
    strict: bool,
    drafts: bool,
    base_url: str,
    jobs: int | None,
    verify: bool,
    console: Console,
) -> int:
    """The site of the course in SOURCE, after every check."""
    root = _course_in(source, console)
    options: dict[str, Any] = {"drafts": drafts, "base_url": base_url, "jobs": jobs}
    _refuse_inside(root, output)
    if base_url and not is_site_url(base_url):
        raise click.UsageError(f"--base-url wants https://example.org/course/, not '{base_url}'")
    with console.progress() as progress:
        result = build_site(root, output, force=force, clean=clean, progress=progress, **options)
    console.problems(result.checked.problems, root)
    if console.as_json:
        console.document(build_json(result))
    console.say(_verdict(result.checked, console))
    console.say(_built(result))
    if verify and (found := differences(root, result, **options)):
        console.warn("The site differs from a build from nothing: " + ", ".join(found[:10]))
        return 1
    return _exit_code(result.checked, strict=strict)


def _refuse_inside(root: Path, output: Path) -> None:
    if root.resolve().is_relative_to(output.resolve()):
        raise click.UsageError(
            f"the site cannot be written over the course: -o {output} holds {root}"
        )


def _built(result: BuildResult) -> str:
    files = result.files
    total = files.written + files.unchanged
    return (
        f"Site in {result.output}: {counted(total, 'file')} ({files.written} new or changed, "
        f"{files.removed} removed) in {result.seconds:.2f} s"
    )


@cli.command("map")
@_source
@click.option("--drafts", is_flag=True, default=False, help="With drafts.")
@click.option("--language", default="", help="Another language than the course's own.")
@common(formats=FORMATS)
def map_(source: Path, drafts: bool, language: str, output_format: str, console: Console) -> int:
    """The course graph: pages and every edge between them."""
    root = _course_in(source, console)
    with console.progress() as progress:
        result = check_course(root, drafts=drafts, progress=progress)
    known = (result.course.config.language, *result.course.config.languages)
    if language and language not in known:
        raise click.UsageError(
            f"the course has no language '{language}': there is {', '.join(known)}"
        )
    click.echo(export_map(result.course, output_format, language), nl=False)
    return 0


@cli.command("rehearse")
@_source
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
    root = _course_in(source, console)
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


@cli.command()
@_source
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

    root = _course_in(source, console)
    server = Server(root, host=host, port=port, poll=poll, console=console)
    try:
        server.start()
    except ServerError as error:
        raise SurroundingsError(str(error)) from error
    if open_browser:
        webbrowser.open(server.url)
    server.run()
    return 0
