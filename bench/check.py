#!/usr/bin/env python3
"""How long `check` takes on a large course: `python bench/check.py [--runs 3]`.

Two courses. *Wide*: 3,000 pages with 4,000 links and no conditions, one page of 400 choices and
one circle of 400 pages. *Flags*: thirty flags that matter, too many states to search. Each run is
a whole process, timed from outside; then the rules are timed one by one within this process.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from learnpath.checks import CHECKS
from learnpath.cores import cores
from learnpath.course import make_course
from learnpath.library import Library

PAGES = 3_000
CHOICES = 400
CIRCLE = 400


def write_wide(folder: Path, pages: int = PAGES) -> int:
    """Write the wide course; the number of links in it.

    The start offers 400 choices. The first 400 pages are a circle; each of the others leads on to
    the next, and 200 of them to another one as well.
    """
    folder.mkdir(parents=True)
    (folder / "course.yml").write_text("title: Wide\nid: wide\n", "utf-8")
    targets = [at * pages // CHOICES for at in range(CHOICES)]
    choices = "\n".join(f"- [Page {n}](p{n}.md)" for n in targets)
    start = f"# Start\n\n::: choices Where to?\n\n{choices}\n\n:::\n"
    (folder / "index.md").write_text(start, "utf-8")
    links = CHOICES
    for number in range(pages):
        onward = [(number + 1) % CIRCLE if number < CIRCLE else min(number + 1, pages - 1)]
        if number % 5 == 0:
            onward.append(number * 7 % pages)
        onward = [n for n in dict.fromkeys(onward) if n != number]
        links += len(onward)
        items = "\n".join(f"- [Page {n}](p{n}.md)" for n in onward)
        front = "---\nending: true\n---\n\n" if number == pages - 1 else ""
        text = f"{front}# Page {number}\n\nSome words.\n\n::: choices On\n\n{items}\n\n:::\n"
        if not onward:
            text = f"{front}# Page {number}\n\nThe end.\n"
        (folder / f"p{number}.md").write_text(text, "utf-8")
    return links


def write_flags(folder: Path, flags: int = 30) -> None:
    """Write a hub where each of the flags can be set, and a door that wants nearly all of them."""
    folder.mkdir(parents=True)
    names = [f"f{n}" for n in range(flags)]
    state = "".join(f"  {name}: false\n" for name in names)
    (folder / "course.yml").write_text(f"title: Flags\nid: flags\nstate:\n{state}", "utf-8")
    options = "".join(f'- [Set {name}](step.md){{#{name} set="{name}"}}\n' for name in names)
    hub = f"# Hub\n\n::: choices What now?\n\n{options}- [The door](door.md)\n\n:::\n"
    (folder / "index.md").write_text(hub, "utf-8")
    (folder / "step.md").write_text("# Step\n\n[Back](index.md)\n", "utf-8")
    wanted = f"count({', '.join(names)}) >= {flags - 2}"
    door = f'# Door\n\n::: choices What now?\n\n- [In](end.md){{#in when="{wanted}"}}\n\n:::\n'
    (folder / "door.md").write_text(door, "utf-8")
    (folder / "end.md").write_text("---\nending: true\n---\n\n# End\n", "utf-8")


def seconds(course: Path) -> tuple[float, float]:
    """Wall time of `learnpath check` in a process of its own, and what all its processes used."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "learnpath", "check", "-q", str(course)],
        check=False,
        stderr=subprocess.DEVNULL,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"check failed with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, used


def stages(course: Path) -> None:
    """Print where the time goes: reading, and each rule in the order they are asked."""
    begun = time.perf_counter()
    holdings = Library(course, jobs=cores()).read()
    print(f"| reading and parsing | {time.perf_counter() - begun:.3f} |")
    begun = time.perf_counter()
    read = make_course(holdings, drafts=False)
    print(f"| making the course | {time.perf_counter() - begun:.3f} |")
    for rule in CHECKS:
        begun = time.perf_counter()
        count = sum(1 for _ in rule(read))
        took = time.perf_counter() - begun
        if took >= 0.005:
            name = f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"
            print(f"| {name}: {count} found | {took:.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        wide, flags = Path(folder) / "wide", Path(folder) / "flags"
        links = write_wide(wide)
        write_flags(flags)
        print("| course | seconds: median (least–most) | of the processors |\n|---|---:|---:|")
        for name, course in (
            (f"{PAGES} pages, {links} links, no conditions", wide),
            ("30 flags", flags),
        ):
            results = [seconds(course) for _ in range(runs)]
            took = [wall for wall, _ in results]
            middle, used = statistics.median(took), statistics.median(cpu for _, cpu in results)
            print(f"| {name} | {middle:.2f} ({min(took):.2f}–{max(took):.2f}) | {used:.2f} |")
        print("\n| within one process, wide | seconds |\n|---|---:|")
        stages(wide)


if __name__ == "__main__":
    main()
