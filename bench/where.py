#!/usr/bin/env python3
"""Where the time of a build goes: `python bench/where.py [--pages 1000] [--what cold]`.

Looks at the build's stack every few milliseconds, in one process, and counts each look for the
innermost module of learnpath's that is at work; what libraries do counts for who called them.
Prints one table in Markdown, with the functions that were at work longest.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path
from types import FrameType

from corpus import source_of, write_corpus
from learnpath import build_site

WHAT = ("cold", "body", "title")
_EVERY = 0.002
"""Seconds between two looks."""
_LEAST = 0.01
"""Shares below this are told together."""
_OURS = Path(sys.modules["learnpath"].__file__ or "").parent
_THEME = _OURS.parent / "themes"


@cache
def module_of(file: str) -> str:
    """Our module that a file is; empty for others'."""
    path = Path(file)
    if path.is_relative_to(_THEME):
        return "themes"
    return path.relative_to(_OURS).with_suffix("").as_posix() if path.is_relative_to(_OURS) else ""


def at_work(frame: FrameType | None) -> tuple[str, str]:
    """(module, function) of the innermost frame that is ours."""
    while frame is not None:
        if module := module_of(frame.f_code.co_filename):
            return module, frame.f_code.co_name
        frame = frame.f_back
    return "", ""


class Looks:
    """Counts what the main thread is doing, whenever the system's clock rings."""

    def __init__(self) -> None:
        self.found: Counter[tuple[str, str]] = Counter()

    def __enter__(self) -> Looks:
        signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, _EVERY)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _look(self, _: int, frame: FrameType | None) -> None:
        self.found[at_work(frame)] += 1
        signal.setitimer(signal.ITIMER_REAL, _EVERY)


def built(course: Path, site: Path) -> None:
    build_site(course, site, jobs=1)


def looked_at(pages: int, what: str) -> tuple[Looks, float]:
    """A build of that kind, looked at; and its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        course, site = Path(folder) / "course", Path(folder) / "site"
        write_corpus(course, pages)
        if what != "cold":
            time.sleep(2.5)  # as old as an author's files: new ones are looked at twice
            built(course, site)
            edited = course / source_of(pages // 2)
            text = edited.read_text("utf-8")
            title = text.replace("\ntitle: ", "\ntitle: Another ", 1)
            edited.write_text(title if what == "title" else text + "\nOne more line.\n", "utf-8")
        begun = time.perf_counter()
        with Looks() as looks:
            built(course, site)
        return looks, time.perf_counter() - begun


def table(looks: Looks) -> list[str]:
    total = sum(looks.found.values())
    modules: Counter[str] = Counter()
    for (module, _), count in looks.found.items():
        modules[module] += count
    rows = ["| module | share | mostly in |", "|---|---:|---|"]
    rest = 0.0
    for module, count in modules.most_common():
        share = count / total
        if share < _LEAST:
            rest += share
            continue
        inside = Counter({name: n for (m, name), n in looks.found.items() if m == module})
        names = ", ".join(f"`{name}`" for name, _ in inside.most_common(3))
        rows.append(f"| `{module}` | {share:.0%} | {names} |")
    return [*rows, f"| others | {rest:.0%} | |"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--what", choices=WHAT, default="cold")
    options = parser.parse_args()
    looks, seconds = looked_at(options.pages, options.what)
    print(f"{options.pages:,} pages, {options.what}, one process: {seconds:.1f} s\n")
    print("\n".join(table(looks)))


if __name__ == "__main__":
    main()
