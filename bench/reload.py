#!/usr/bin/env python3
"""From saving a page to seeing it: `python bench/reload.py [--pages 1000] [--saves 10]`.

Starts the preview server over a generated course, opens one page in Chromium, appends a line to
its source again and again, and waits for the line on the screen. Prints one table in Markdown.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from corpus import source_of, write_corpus

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def address(process: subprocess.Popen[str]) -> str:
    """The URL that the server prints once it can be asked."""
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        if match := re.search(r"http://\S+", line):
            return match[0]
    raise SystemExit("the server did not start:\n" + "".join(lines))


def saves(url: str, course: Path, pages: int, count: int) -> list[float]:
    """Milliseconds from each save to its words on the screen."""
    source = course / source_of(pages // 2)
    path = source.relative_to(course).with_suffix(".html").as_posix()
    text = source.read_text("utf-8")
    waits = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        page = browser.new_page()
        page.goto(url + path)
        page.wait_for_timeout(1500)
        for number in range(count + 1):
            word = f"saved-for-the-{number}-th-time"
            begun = time.perf_counter()
            source.write_text(f"{text}\n\n{word}\n", "utf-8")
            page.wait_for_function(
                "word => document.body.innerText.includes(word)", arg=word, polling=5
            )
            waits.append((time.perf_counter() - begun) * 1000)
            page.wait_for_timeout(400)
        browser.close()
    return waits[1:]  # the first save warms everything up


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1000])
    parser.add_argument("--saves", type=int, default=10)
    options = parser.parse_args()
    print(
        "| pages | seconds until the server answers | ms from save to screen: median (least–most) |"
    )
    print("|---:|---:|---|")
    for pages in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            course = Path(folder) / "course"
            write_corpus(course, pages)
            command = [sys.executable, "-m", "learnpath", "serve", str(course), "--port", "0"]
            begun = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            try:
                url = address(process)
                ready = time.perf_counter() - begun
                waits = saves(url, course, pages, options.saves)
            finally:
                process.terminate()
                process.wait()
            middle = statistics.median(waits)
            print(f"| {pages} | {ready:.2f} | {middle:.0f} ({min(waits):.0f}–{max(waits):.0f}) |")


if __name__ == "__main__":
    main()
