#!/usr/bin/env python3
"""How long builds take: `python bench/build.py [--pages 100 1000] [--runs 5]`.

Each run is a whole process, timed from outside, with the operating system's own count of its
memory. A copy of the program is run, whose theme can be edited. Prints one table in Markdown:
medians, with the least and the most.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from corpus import source_of, write_corpus
from learnpath.cache import FOLDER
from peers import put_aside

SHOWN_BY = 200
"""Pages that show the title which is edited."""
FOOTER = "themes/default/templates/partials/footer.html"
"""The template that is edited, which every page has."""


def run(program: Path, course: Path, site: Path) -> tuple[float, float]:
    """(seconds, MB at the most in one process) of one build."""
    command = [sys.executable, "-m", "learnpath", "build", str(course), "-o", str(site), "-q"]
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=program)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"the build failed: {' '.join(command)}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def copied(folder: Path) -> Path:
    """A copy of the program with its themes; Python takes it from the folder that it is run in."""
    root = Path(__file__).resolve().parent.parent
    for name in ("learnpath", "themes"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def measured(
    runs: int, prepare: Callable[[], object], program: Path, course: Path, site: Path
) -> str:
    results = []
    for _ in range(runs):
        prepare()
        results.append(run(program, course, site))
    seconds = [second for second, _ in results]
    memory = max(megabytes for _, megabytes in results)
    middle = statistics.median(seconds)
    return f"{middle:.2f} ({min(seconds):.2f}–{max(seconds):.2f}) | {memory:.0f}"


def show_title(course: Path, source: str, shown_by: int) -> None:
    """Have so many pages link to a page by its title."""
    pages = [path for path in sorted(course.glob("part-*/*.md")) if path != course / source]
    for path in pages[:: max(1, len(pages) // shown_by)][:shown_by]:
        path.write_text(f"{path.read_text('utf-8')}\nSee [](/{source}).\n", "utf-8")


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as for users: modules are compiled once
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print("| pages | what | seconds: median (least–most) | MB, largest process |")
    print("|---:|---|---|---:|")
    for pages in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            program = copied(Path(folder) / "program")
            course, site = Path(folder) / "course", Path(folder) / "site"
            write_corpus(course, pages)
            show_title(course, source_of(pages // 2), SHOWN_BY)
            run(program, course, site)  # what is compiled once, modules and templates, is compiled
            time.sleep(2.5)  # as old as an author's files: new ones are looked at twice
            edited = course / source_of(pages // 2)

            def gone(site: Path = site, course: Path = course) -> None:
                put_aside(site.parent, [site, course / FOLDER])

            def touched(edited: Path = edited) -> None:
                edited.write_text(edited.read_text("utf-8") + "\nOne more line.\n", "utf-8")

            def retitled(edited: Path = edited) -> None:
                text = edited.read_text("utf-8")
                edited.write_text(text.replace("\ntitle: ", "\ntitle: Another ", 1), "utf-8")

            def renamed(config: Path = course / "course.yml") -> None:
                text = config.read_text("utf-8")
                config.write_text(text.replace("title: ", "title: Another ", 1), "utf-8")

            def restyled(template: Path = program / FOOTER) -> None:
                template.write_text(template.read_text("utf-8") + "<p>Edited.</p>\n", "utf-8")

            for what, prepare in (
                ("from cold", gone),
                ("nothing changed", lambda: None),
                ("one page edited", touched),
                (f"a title edited that {min(SHOWN_BY, pages)} pages show", retitled),
                ("the course's title edited, which all pages show", renamed),
                ("a template edited that all pages have", restyled),
            ):
                figures = measured(options.runs, prepare, program, course, site)
                print(f"| {pages} | {what} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
