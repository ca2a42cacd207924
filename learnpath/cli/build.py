"""`learnpath build`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from learnpath.cli.console import Console, counted
from learnpath.cli.options import common, course_in, exit_code, source_argument, verdict
from learnpath.cores import cores
from learnpath.garbage import few_collections
from learnpath.paths import is_site_url
from learnpath.results import BuildResult, build_json
from learnpath.unchanged import Memory

_kept: list[object] = []
"""The last result and what it was made from: they are not taken apart where the process ends."""


@click.command()
@source_argument
@click.option("-o", "--output", default=Path("site"), type=click.Path(path_type=Path),
              show_default=True, help="Where the site goes.")  # fmt: skip
@click.option("--clean", is_flag=True, default=False, help="Write every file anew.")
@click.option("--force", is_flag=True, default=False,
              help="Write into a folder that holds other files, and keep them.")  # fmt: skip
@click.option("--strict", is_flag=True, default=False, help="Warnings fail, too.")
@click.option("--drafts", is_flag=True, default=False, help="Publish drafts, too.")
@click.option("--base-url", default="", help="Where the site will be, for sitemap and 404.")
@click.option("--jobs", default=None, type=click.IntRange(1), help="Processes to use.")
@click.option("--explain", is_flag=True, default=False, help="Say why each file was made.")
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
    explain: bool,
    verify: bool,
    console: Console,
) -> int:
    """The site of the course in SOURCE, after every check."""
    root = course_in(source, console)
    options: dict[str, Any] = {"drafts": drafts, "base_url": base_url, "jobs": jobs}
    _refuse_inside(root, output)
    if base_url and not is_site_url(base_url):
        raise click.UsageError(f"--base-url wants https://example.org/course/, not '{base_url}'")
    with few_collections():
        memory = Memory(root, output, drafts=drafts, base_url=base_url)
        result = None if clean else memory.unchanged() or _mended(memory, jobs)
    if result is None:
        from learnpath.build import build_site  # not loaded where there is nothing to do

        with console.progress() as progress:
            result = build_site(
                root, output, force=force, clean=clean, progress=progress, memory=memory, **options
            )
    _kept[:] = [result, memory]
    console.problems(result.checked.problems, root)
    if console.as_json:
        console.document(build_json(result, explain=explain))
    console.say(verdict(result.checked, console))
    console.say(_built(result))
    if result.trouble:
        console.tell(result.trouble)
    if explain:
        for file, reason in result.reasons.items():
            console.say(f"{file}: {reason}")
    if verify and (found := _differences(root, result, options)):
        console.warn("The site differs from a build from nothing: " + ", ".join(found[:10]))
        return 1
    return exit_code(result.checked, strict=strict)


def _mended(memory: Memory, jobs: int | None) -> BuildResult | None:
    from learnpath.build import mended_site  # not loaded where there is nothing to do

    return mended_site(memory, cores() if jobs is None else jobs)


def _differences(root: Path, result: BuildResult, options: dict[str, Any]) -> list[str]:
    from learnpath.verify import differences

    return differences(root, result, **options)


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
