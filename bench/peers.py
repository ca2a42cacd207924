#!/usr/bin/env python3
"""learnpath beside its peers, in one run: `python bench/peers.py [--pages 100 1000] [--runs 3]`.

The same bodies for every tool, each in the form that the tool asks for, with the theme that it
brings (Hugo and Eleventy bring none: they get one of a dozen lines). Tools are found on the
path; what is not there is said, and what takes longer than `--patience` is not asked for more.
Each build is a whole process, timed from outside; memory is that of all its processes together.
Writes `peers.md`, a table with ratios, and `peers.svg`, cost against size, into `--into`.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import corpus
import plot
from learnpath.cache import FOLDER

Convert = Callable[[str, int], str]
WHAT = ("cold", "nothing changed", "one body edited")
_SAMPLES = 0.1
"""Seconds between two looks at the memory of a build, at least."""
_SPARING = 40
"""How many times as long as a look took the next one is waited for: to look slows a build down."""


@dataclass(frozen=True)
class Peer:
    """One tool: how its site lies on the disk, and the command that builds it."""

    name: str
    program: str
    arguments: tuple[str, ...]
    content: str
    """The folder of its pages, seen from the site's."""
    pictures: str
    convert: Convert
    set_up: Callable[[Path], object]
    remade: tuple[str, ...]
    """What a cold build begins without."""

    @property
    def command(self) -> list[str] | None:
        found = shutil.which(self.program)
        return [found, *self.arguments] if found else None


@dataclass(frozen=True)
class Result:
    """What builds of one kind came to: seconds of each, and megabytes at the most."""

    seconds: tuple[float, ...]
    megabytes: float

    @property
    def middle(self) -> float:
        return statistics.median(self.seconds)


# The pages in each tool's form


def plain(text: str) -> str:
    """A page without what only learnpath knows: choices are a list, questions paragraphs."""
    text = re.sub(r"^::: choices (.*)$", r"\1", text, flags=re.MULTILINE)
    return re.sub(r"^:::.*\n?", "", text, flags=re.MULTILINE)


def relative(text: str, _: int) -> str:
    return plain(text)


def absolute(text: str, number: int) -> str:
    """Links as addresses from the root, for tools that do not resolve those to files."""
    return _linked(plain(text), number, "](/{})", "](/pictures/{})")


def by_filename(text: str, number: int) -> str:
    """Links and front matter as Pelican reads them."""
    text = _linked(plain(text), number, "]({{filename}}/{}.md)", "]({{static}}/pictures/{})")
    return text.replace("---\n", "", 1).replace("---\n", "", 1).lstrip("\n")


def _linked(text: str, number: int, page: str, picture: str) -> str:
    folder = corpus.source_of(number).partition("/")[0] if number >= 0 else ""

    def link(match: re.Match[str]) -> str:
        return page.format(os.path.normpath(os.path.join(folder, match[1])))

    text = re.sub(r"\]\((?!/)([^)]*)\.md\)", link, text)
    return re.sub(r"\]\((?:\.\./)?pictures/([^)]*)\)", lambda m: picture.format(m[1]), text)


# What each tool wants besides


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def hugo_site(site: Path, *, index: bool = False) -> None:
    home = '["HTML", "JSON"]' if index else '["HTML"]'
    _write(
        site / "hugo.toml",
        'title = "Peers"\nbaseURL = "https://example.org/"\ndisableKinds = ["RSS"]\n'
        f"[outputs]\nhome = {home}\n",
    )
    layouts = site / "layouts" / "_default"
    _write(
        layouts / "baseof.html",
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>'
        '<meta name="description" content="{{ .Params.summary }}"></head><body><header>'
        '<a href="/">Start</a></header><main>{{ block "main" . }}{{ end }}</main></body></html>',
    )
    for name in ("single.html", "list.html"):
        _write(
            layouts / name,
            '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ range .Params.topics }}'
            '<a href="/topics/{{ . | urlize }}/">{{ . }}</a>{{ end }}'
            '{{ if .IsNode }}<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}'
            "</a></li>{{ end }}</ul>{{ end }}{{ end }}",
        )
    _write(
        layouts / "index.json",
        "[{{ range $i, $p := site.RegularPages }}{{ if $i }},{{ end }}"
        '{{ dict "url" .RelPermalink "title" .Title "text" .Plain | jsonify }}{{ end }}]',
    )


def hugo_with_index(site: Path) -> None:
    hugo_site(site, index=True)


def eleventy_site(site: Path) -> None:
    _write(
        site / "eleventy.config.js",
        "module.exports = (config) => {\n"
        '  config.addPassthroughCopy({ pictures: "pictures" });\n'
        '  config.addGlobalData("layout", "base.njk");\n'
        '  return { dir: { input: "content", includes: "../_includes", output: "_site" } };\n};\n',
    )
    _write(
        site / "_includes" / "base.njk",
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>'
        '<meta name="description" content="{{ summary }}"></head><body><header>'
        '<a href="/">Start</a></header><main><h1>{{ title }}</h1>{{ content | safe }}</main>'
        "</body></html>",
    )


def pelican_site(site: Path) -> None:
    _write(
        site / "pelicanconf.py",
        'SITENAME = "Peers"\nPATH = "content"\nPAGE_PATHS = ["."]\nARTICLE_PATHS = []\n'
        'STATIC_PATHS = ["pictures"]\nTIMEZONE = "UTC"\nTHEME = "simple"\n'
        'PAGE_URL = PAGE_SAVE_AS = "{slug}.html"\nSLUGIFY_SOURCE = "basename"\n'
        "DIRECT_TEMPLATES = []\nFEED_ALL_ATOM = CATEGORY_FEED_ATOM = None\n",
    )


def mkdocs_site(site: Path) -> None:
    _write(
        site / "mkdocs.yml",
        "site_name: Peers\nsite_url: https://example.org/\n"
        "theme:\n  name: material\n  font: false\n  features: [navigation.prune]\n"
        "markdown_extensions: [footnotes, tables, attr_list, pymdownx.highlight]\n",
    )


LEARNPATH = Peer(
    "learnpath", sys.executable, ("-m", "learnpath", "build", "course", "-o", "site", "-q"),
    "course", "course/pictures", lambda text, _: text, lambda _: None,
    ("site", f"course/{FOLDER}"),
)  # fmt: skip
PEERS = (
    LEARNPATH,
    Peer("Hugo", "hugo", ("--quiet",), "content", "static/pictures", absolute, hugo_site,
         ("public", "resources")),
    Peer("Hugo, with an index", "hugo", ("--quiet",), "content", "static/pictures", absolute,
         hugo_with_index, ("public", "resources")),
    Peer("Eleventy", "eleventy", ("--quiet",), "content", "pictures", absolute, eleventy_site,
         ("_site",)),
    Peer("Pelican", "pelican", ("-q", "-s", "pelicanconf.py", "-o", "output"), "content",
         "content/pictures", by_filename, pelican_site, ("output", "__pycache__")),
    Peer("MkDocs with Material", "mkdocs", ("build", "-q"), "docs", "docs/pictures", relative,
         mkdocs_site, ("site",)),
    Peer("Zensical", "zensical", ("build",), "docs", "docs/pictures", relative, mkdocs_site,
         ("site", ".cache")),
)  # fmt: skip


def lay_out(peer: Peer, course: Path, site: Path, pages: int) -> Path:
    """Write a corpus in a tool's form; the answer is the page that will be edited."""
    shutil.copytree(course / "pictures", site / peer.pictures)
    peer.set_up(site)
    content = site / peer.content
    content.mkdir(exist_ok=True)
    if peer is LEARNPATH:
        shutil.copy(course / "course.yml", content)
    start = (course / "index.md").read_text("utf-8")
    home = "_index.md" if peer.program == "hugo" else "index.md"
    _write(content / home, peer.convert(start, -1))
    for number in range(pages):
        source = corpus.source_of(number)
        _write(content / source, peer.convert((course / source).read_text("utf-8"), number))
    return content / corpus.source_of(pages // 2)


# Measuring


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """(seconds, megabytes of all processes together at the most) of one build."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    most = [0.0]
    ended = threading.Event()
    watching = threading.Thread(target=_watch, args=(process.pid, most, ended))
    watching.start()
    _, words = process.communicate()
    seconds = time.perf_counter() - begun
    ended.set()
    watching.join()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{words.decode(errors='replace')[-2000:]}")
    return seconds, most[0]


def _watch(session: int, most: list[float], ended: threading.Event) -> None:
    pause = _SAMPLES
    while not ended.wait(pause):
        begun = time.perf_counter()
        most[0] = max(most[0], sum(map(_megabytes, _processes(session))))
        pause = max(_SAMPLES, _SPARING * (time.perf_counter() - begun))


def _processes(session: int) -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                words = Path(f"/proc/{name}/stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue
            if int(words[3]) == session:
                found.append(int(name))
    return found


def _megabytes(process: int) -> float:
    """A process's share of memory: what it shares with others is counted in parts."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    match = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
    return int(match[1]) / 1024 if match else 0.0


def measure(
    peer: Peer, course: Path, room: Path, pages: int, *, runs: int, patience: float
) -> dict[str, Result]:
    """What a tool's builds of so many pages took, by what was changed before them."""
    command = peer.command
    assert command is not None
    site = room / f"{peer.name} {pages}"
    edited = lay_out(peer, course, site, pages)
    time.sleep(2.5)  # files as old as an author's: what was just written is looked at twice

    def gone() -> None:
        put_aside(room, [site / name for name in peer.remade])

    def touched() -> None:
        with edited.open("a", encoding="utf-8") as file:
            file.write("\nOne more line.\n")

    def left_alone() -> None:
        """Nothing changes."""

    found: dict[str, Result] = {}
    for what, prepare in zip(WHAT, (gone, left_alone, touched), strict=True):
        results = []
        for _ in range(runs):
            prepare()
            results.append(timed(command, site))
            if sum(seconds for seconds, _ in results) > patience:
                break
        if not _is_whole(site / peer.remade[0], pages):
            raise SystemExit(f"{peer.name} did not make every page")
        found[what] = Result(tuple(s for s, _ in results), max(m for _, m in results))
        if found[what].middle > patience and peer is not LEARNPATH:
            break  # who takes that long once is not asked again
    return found


def put_aside(room: Path, folders: list[Path]) -> None:
    """Move folders away. Nothing is deleted while there is something to measure: for minutes
    ext4 passes by each file number that has just become free, one by one, for every new file, so
    that whoever builds after a large folder was deleted takes several times as long to write."""
    for folder in folders:
        if folder.exists():
            folder.rename(tempfile.mkdtemp(dir=room) + "/aside")


def _is_whole(made: Path, pages: int) -> bool:
    return sum(1 for _ in made.rglob("*.html")) >= pages


# What is told

Found = dict[tuple[str, int], dict[str, Result]]


def table(found: Found, sizes: list[int], said: list[str]) -> str:
    """Seconds, and in brackets how many times learnpath's."""
    lines = [
        f"{_machine()}, {date.today():%B %Y}. Median seconds of a new process each; in brackets, "
        "how many times as long as learnpath in the same run; then megabytes of all processes "
        "together at the most.",
        "",
        "| pages | tool | cold | nothing changed | one body edited | MB |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for pages in sizes:
        own = found[LEARNPATH.name, pages]
        for peer in PEERS:
            results = found.get((peer.name, pages))
            if results is not None:
                cells = [
                    f"{results[what].middle:.2f} ({results[what].middle / own[what].middle:.2g})"
                    if what in results
                    else "not asked"
                    for what in WHAT
                ]
                most = max(result.megabytes for result in results.values())
                lines.append(f"| {pages} | {peer.name} | {' | '.join(cells)} | {most:.0f} |")
    return "\n".join([*lines, "", *said, ""])


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    return f"{platform.system()}, {cores} cores, Python {platform.python_version()}"


def versions(peers: list[Peer]) -> str:
    """Each tool's own word of its version."""
    said: list[str] = []
    for peer in {p.program: p for p in reversed(peers) if p is not LEARNPATH}.values():
        option = "version" if peer.program == "hugo" else "--version"
        done = subprocess.run([peer.program, option], capture_output=True, text=True, check=False)
        match = re.search(r"\d+\.\d+(\.\d+)?", done.stdout)
        said.insert(0, f"{peer.name} {match[0] if match else '?'}")
    return "Versions: " + ", ".join(said) + "."


def _guess(found: Found, peer: Peer, pages: int) -> float:
    """The seconds that a tool will take at least, by what it took for fewer pages."""
    before = [n for name, n in found if name == peer.name]
    if not before:
        return 0
    return found[peer.name, max(before)]["cold"].middle * pages / max(before)


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as for users: modules are compiled once
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--patience", type=float, default=60, help="seconds a tool may take")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent / "results")
    options = parser.parse_args()
    here = [peer for peer in PEERS if peer.command]
    said = [versions(here)]
    said += [f"{p.name} is not installed here." for p in PEERS if p not in here]
    with tempfile.TemporaryDirectory() as room:
        compare(Path(room), here, said, options)
    print((options.into / "peers.md").read_text("utf-8"))


def compare(room: Path, here: list[Peer], said: list[str], options: argparse.Namespace) -> None:
    """Ask each tool for each size, and keep what is known after each."""
    found: Found = {}
    for pages in options.pages:
        course = room / f"corpus {pages}"
        corpus.write_corpus(course, pages)
        for peer in list(here):
            guess = _guess(found, peer, pages)
            if guess > options.patience and peer is not LEARNPATH:
                said.append(f"{peer.name} was not asked for {pages} pages: about {guess:.0f} s.")
                here.remove(peer)
                continue
            found[peer.name, pages] = measure(
                peer, course, room, pages, runs=options.runs, patience=options.patience
            )
            cold = found[peer.name, pages]["cold"].middle
            print(f"{peer.name}, {pages} pages: {cold:.2f} s cold", file=sys.stderr)
        keep(found, options.pages, said, options.into)


def keep(found: Found, sizes: list[int], said: list[str], into: Path) -> None:
    """Write the table and the plot of what is known so far."""
    into.mkdir(parents=True, exist_ok=True)
    measured = [pages for pages in sizes if (LEARNPATH.name, pages) in found]
    (into / "peers.md").write_text(table(found, measured, said), "utf-8")
    curves = {
        peer.name: {n: r["cold"].middle for (name, n), r in found.items() if name == peer.name}
        for peer in PEERS
    }
    svg = plot.growth({name: curve for name, curve in curves.items() if len(curve) > 1})
    (into / "peers.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
