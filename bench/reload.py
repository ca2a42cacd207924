#!/usr/bin/env python3
"""From saving a page to seeing it: `python bench/reload.py [--pages 1000 10000] [--saves 10]`.

Starts the preview server over a generated course, without and with what an earlier one left;
appends a line to a page's source again and again, and waits until the server gives it out, and
until it stands on the screen of a Chromium. VitePress, where it is on the path, does the same with
the same bodies, at up to `--peer-pages` pages. Prints one table in Markdown.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import peers
from corpus import source_of, write_corpus

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_PATIENCE = 600
"""Seconds that a server may take to answer."""


@dataclass(frozen=True)
class Server:
    """A preview server over one folder. `gives_text`: the page that it gives out has the words.
    `read`: how it begins to say that it has read everything, where it says so."""

    name: str
    command: list[str]
    folder: Path
    source: Path
    path: str
    gives_text: bool
    read: str = ""


def learnpath(folder: Path, pages: int, port: int) -> Server:
    write_corpus(folder, pages)
    source = folder / source_of(pages // 2)
    path = source.relative_to(folder).with_suffix(".html").as_posix()
    command = [sys.executable, "-m", "learnpath", "serve", str(folder), "--port", str(port)]
    return Server("learnpath", command, folder, source, path, gives_text=True, read="Read ")


def vitepress(folder: Path, pages: int, port: int) -> Server | None:
    program = shutil.which("vitepress")
    if program is None:
        return None
    write_corpus(folder / "course", pages)
    site = folder / "site"
    for number in range(pages):
        text = (folder / "course" / source_of(number)).read_text("utf-8")
        page = site / source_of(number)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(peers.relative(text, number), "utf-8")
    shutil.copytree(folder / "course" / "pictures", site / "pictures")
    (site / "index.md").write_text("# Start\n", "utf-8")
    config = site / ".vitepress" / "config.mjs"
    config.parent.mkdir()
    config.write_text("export default { title: 'Peers', ignoreDeadLinks: true }\n", "utf-8")
    source = site / source_of(pages // 2)
    path = source.relative_to(site).with_suffix(".html").as_posix()
    command = [program, "dev", str(site), "--port", str(port), "--strictPort"]
    return Server("VitePress", command, site, source, path, gives_text=False)


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def given(url: str) -> str:
    """What the server gives out; empty where it does not answer."""
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:
            return str(answer.read().decode("utf-8", "replace"))
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return ""


@contextmanager
def running(server: Server, url: str) -> Iterator[float]:
    """The server at work, once it has read everything, with the seconds until it gave out the
    page."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        with said.open("w") as file:
            process = subprocess.Popen(server.command, stdout=file, stderr=subprocess.DEVNULL)

        def until(is_so: Callable[[], object]) -> None:
            while not is_so():
                if process.poll() is not None or time.perf_counter() - begun > _PATIENCE:
                    raise SystemExit(f"{server.name} did not start: {' '.join(server.command)}")
                time.sleep(0.01)

        try:
            until(lambda: given(url))
            took = time.perf_counter() - begun
            until(lambda: server.read in said.read_text("utf-8", "replace"))
            yield took
        finally:
            process.terminate()
            process.wait()


def saves_to_server(server: Server, url: str, count: int) -> list[float]:
    """Milliseconds from each save to its words in what the server gives out."""
    return [
        _waited(server, f"given-out-{number}", lambda word: _until_given(url, word))
        for number in range(count + 1)
    ][1:]  # the first save warms everything up


def saves_to_screen(server: Server, url: str, count: int, page: Page) -> list[float]:
    """Milliseconds from each save to its words on the screen."""
    page.goto(url)
    page.wait_for_timeout(1500)

    def shown(word: str) -> None:
        page.wait_for_function(
            "word => document.body.innerText.includes(word)", arg=word, polling=5
        )

    waits = [_waited(server, f"on-the-screen-{number}", shown) for number in range(count + 1)]
    return waits[1:]


def _waited(server: Server, word: str, wait: Callable[[str], object]) -> float:
    text = server.source.read_text("utf-8")
    begun = time.perf_counter()
    server.source.write_text(f"{text}\n\n{word}\n", "utf-8")
    wait(word)
    took = (time.perf_counter() - begun) * 1000
    time.sleep(0.4)
    return took


def _until_given(url: str, word: str) -> None:
    while word not in given(url):
        time.sleep(0.002)


def row(server: Server, port: int, pages: int, count: int, page: Page) -> str:
    url = f"http://127.0.0.1:{port}/{server.path}"
    with running(server, url) as cold:
        pass  # what it read is remembered
    with running(server, url) as warm:
        served = saves_to_server(server, url, count) if server.gives_text else []
        screen = saves_to_screen(server, url, count, page)
    return (
        f"| {pages:,} | {server.name} | {cold:.2f} | {warm:.2f} | {told(served)} | {told(screen)} |"
    )


def told(waits: list[float]) -> str:
    if not waits:
        return "–"
    return f"{statistics.median(waits):.0f} ({min(waits):.0f}–{max(waits):.0f})"


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as for users: modules are compiled once
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1000])
    parser.add_argument("--saves", type=int, default=10)
    parser.add_argument("--peer-pages", type=int, default=1000)
    options = parser.parse_args()
    print(
        "| pages | | s until a page is given out, cold | warm "
        "| ms from save to given out: median (least–most) | to the screen |"
    )
    print("|---:|---|---:|---:|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        for pages in options.pages:
            for make in (learnpath, vitepress):
                if make is vitepress and pages > options.peer_pages:
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    port = free_port()
                    server = make(Path(folder), pages, port)
                    if server is None:
                        print(f"| {pages:,} | VitePress is not on the path | | | | |")
                        continue
                    page = browser.new_page()
                    print(row(server, port, pages, options.saves, page), flush=True)
                    page.close()
        browser.close()


if __name__ == "__main__":
    main()
