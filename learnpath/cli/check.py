"""`learnpath check`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec.structs import replace

from learnpath.build import check_course, summary_json
from learnpath.cli.console import Console
from learnpath.cli.options import common, course_in, exit_code, source_argument, verdict
from learnpath.fix import fix_course
from learnpath.problems import RULES, Severity, did_you_mean
from learnpath.results import CheckResult


@click.command()
@source_argument
@click.option("--strict", is_flag=True, default=False, help="Warnings fail, too.")
@click.option("--drafts", is_flag=True, default=False, help="Check drafts as if published.")
@click.option("--rule", "rules", multiple=True, metavar="ID=LEVEL", help="error, warning or off.")
@click.option("--fix", is_flag=True, default=False, help="First mend what can be mended safely.")
@common()
def check(
    source: Path, strict: bool, drafts: bool, rules: tuple[str, ...], fix: bool, console: Console
) -> int:
    """Every problem of the course in SOURCE, with its place and what to do."""
    root = course_in(source, console)
    levels = _levels(rules)
    for fixed in fix_course(root) if fix else ():
        console.say(str(fixed))
    with console.progress() as progress:
        result = check_course(root, drafts=drafts, rules=levels, progress=progress)
    result = _with_external_links(result, root, levels)
    console.problems(result.problems, root)
    if console.as_json:
        console.document(summary_json(result))
    console.say(verdict(result, console))
    return exit_code(result, strict=strict)


def _with_external_links(result: CheckResult, root: Path, levels: dict[str, str]) -> CheckResult:
    """The result, and where `external-link` was asked for also what it found."""
    level = {**result.course.config.rules, **levels}.get("external-link", "off")
    if level == "off":
        return result
    from learnpath.external import check_external

    today = datetime.now(UTC).date()
    found = check_external(result.course, root, today=today, level=Severity(level))
    both = sorted((*result.problems, *found), key=lambda problem: problem.sort_key)
    return replace(result, problems=tuple(both))


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
