"""The law: a build that remembers equals one that does not, byte for byte.

Whatever an author does between two builds. Run more of it by `LEARNPATH_LAW=2000 python -m pytest
tests/test_incremental_law.py`: that many scripts of edits instead of a few.
"""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from learnpath import build_site, theme, unchanged
from learnpath.cache import FOLDER
from learnpath.filenames import MANIFEST_NAME, themes_folder
from support import files_in

SCRIPTS = int(os.environ.get("LEARNPATH_LAW", "12"))
_OPTIONS: dict[str, Any] = {"drafts": False, "base_url": ""}

NAMES = ("index", "a", "b", "c", "part/index", "part/d", "part/e", "part/readme", "z")
LANGUAGES = ("", ".de")
FRONT = (
    "",
    "title: Another title",
    "title: Öl & <b>",
    "summary: In short.",
    "kind: reference",
    "topics: [bread]",
    "topics: [bread, water]",
    "builds_on: [a]",
    "builds_on: [gone]",
    "requires: answered(why)",
    "aliases: [old]",
    "listed: visited",
    "listed: never",
    "ending: Well done.",
    "draft: true",
    "minutes: 7",
    "id: other",
    "contrasts: [b]",
    "detour: [part/d]",
    "audience: facilitator",
    "nonsense: 1",
    "title: [",
    "date: 2026-11-25",
)
BODY = (
    "Words.",
    "# A heading",
    "## Section",
    "[to a](a.md)",
    "[to b](/b.md#section)",
    "[](c.md)",
    "[](/b.md#section), [ ](/p.png)",
    "## Section, anew {#section}",
    "[lost](nowhere.md)",
    "[[part/d]]",
    "[[old]]",
    "[[Another title]]",
    "[d](/part/d.md)",
    "[turn](/part/e.md){rel=detour}",
    "![p](/p.png)",
    "![](/missing.png)",
    "[file](/paper.pdf)",
    "::include[/_note.md]",
    "::include[_note.md]",
    "::: reflect {#why}\n\nWhy?\n\n:::",
    "::: reflect {#why}\n\nWhy so?\n\n:::",
    "::: revisit {#again of=why}\n\nAnd now?\n\n:::",
    "::: when answered(why)\n\nYou know.\n\n:::\n\n::: otherwise\n\nNot yet.\n\n:::",
    "::: when visited(part/d)\n\nSeen.\n\n:::",
    "::: when visited(b)\n\n[C](/c.md), then [[part/e]].\n\n:::",
    "::: when answered(why)\n\n- [B](/b.md)\n\n:::\n\n::: otherwise\n\n::routes\n\n:::",
    "::: choices Where?\n\n- [A](/a.md)\n- [E](/part/e.md)\n\n:::",
    '::: choices What? {#what}\n\n- [[b]]\n- [D](/part/d.md){#go set="trust = 1"}\n\n:::',
    "::map",
    "::journal",
    "::routes",
    ":answer[yours]{of=why}",
    ":state[so]{of=trust}",
    "> [!NOTE]\n> Mind.",
    "[^1]\n\n[^1]: A note.",
    "::: unknown\n\nx\n\n:::",
    "[abroad](https://example.org)",
    "| a |\n|---|\n| 1 |",
)
CONFIG = (
    "title: A course",
    "title: Another course",
    "language: en",
    "languages: [de]",
    "description: All of it.",
    "start: a",
    "order: [b, a]",
    "authors: [Ines]",
    "licence: CC0",
    "driving_question: why",
    "url: https://example.org/c/",
    "topics: {bread: On bread}",
    "topics: {water: Wet}",
    "routes: [{id: quick, title: Quick, steps: [a, part/d]}]",
    "state: {trust: 0}",
    "state: {trust: false}",
    "rules: {dead-end: error}",
    "rules: {unreachable-page: off}",
    "exclude: ['part/*']",
    "html: sanitised",
    "embeds: [video.example.org]",
    "theme: nowhere",
    "oops: [",
)
SHARED = ("_note.md", "part/_note.md")
ASSETS = ("p.png", "paper.pdf", "missing.png", "part/p.png")


def picture(size: int) -> bytes:
    rows = b"".join(b"\0" + b"\7" * size for _ in range(size))

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))


def page(front: list[str], body: list[str]) -> str:
    lines = "\n".join(dict.fromkeys(front))
    return (f"---\n{lines}\n---\n\n" if lines else "") + "\n\n".join(body) + "\n"


pages = st.builds(
    page,
    st.lists(st.sampled_from(FRONT).filter(bool), max_size=3),
    st.lists(st.sampled_from(BODY), max_size=4),
)
paths = st.builds(
    lambda name, language: f"{name}{language}.md",
    st.sampled_from(NAMES),
    st.sampled_from(LANGUAGES),
)


class Law(RuleBasedStateMachine):
    """An author at work, who builds after every few steps."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="law-"))
        self.root = self.folder / "course"
        self.site = self.folder / "site"
        self.themes = self.folder / "themes"
        self.past: list[dict[str, bytes]] = []
        shutil.copytree(themes_folder(), self.themes)
        self.patch = pytest.MonkeyPatch()
        for module in (theme, unchanged):
            self.patch.setattr(module, "themes_folder", lambda: self.themes)
        self.write("course.yml", "title: A course\nid: law\n")
        self.write("index.md", "# Start\n\n[to a](a.md)\n")
        self.write("a.md", "# A\n\n[on](part/d.md)\n")
        self.write("part/d.md", "# D\n\n::: reflect {#why}\n\nWhy?\n\n:::\n")
        self.options = dict(_OPTIONS)
        self.dirty = True

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name: str, content: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.dirty = True

    def sources(self) -> dict[str, bytes]:
        return {n: d for n, d in files_in(self.root).items() if not n.startswith(FOLDER)}

    # What an author does

    @rule(path=paths, text=pages)
    def edit(self, path: str, text: str) -> None:
        self.write(path, text)

    @rule(path=paths, line=st.sampled_from(BODY))
    def append(self, path: str, line: str) -> None:
        found = self.root / path
        if found.is_file():
            self.write(path, found.read_bytes() + f"\n{line}\n".encode())

    @rule(path=paths, times=st.integers(1, 3))
    def reword(self, path: str, times: int) -> None:
        """Other words, as many as before, and nothing else."""
        found = self.root / path
        if found.is_file():
            text = found.read_text("utf-8")
            words = ("Terms.", "Words.") if "Words." not in text else ("Words.", "Terms.")
            self.write(
                path, text.replace(*words, times) if words[0] in text else f"{text}\nWords.\n"
            )

    @rule(path=paths, title=st.sampled_from(("Another title", "A", "Öl & <b>", "Bread")))
    def retitle(self, path: str, title: str) -> None:
        """Another title in front matter, and nothing else."""
        found = self.root / path
        if found.is_file():
            text = found.read_text("utf-8")
            front, said, body = text.partition("\n---\n")
            if not said:
                front, body = "---", text
            lines = [line for line in front.split("\n") if not line.startswith("title:")]
            self.write(path, "\n".join((*lines, f"title: {title}")) + f"\n---\n{body}")

    @rule(old=paths, new=paths)
    def rename(self, old: str, new: str) -> None:
        if (self.root / old).is_file():
            (self.root / new).parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.root / old, self.root / new)
            self.dirty = True

    @rule(path=paths | st.sampled_from(SHARED + ASSETS))
    def delete(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)
        self.dirty = True

    @rule(path=st.sampled_from(SHARED), body=st.lists(st.sampled_from(BODY), max_size=3))
    def share(self, path: str, body: list[str]) -> None:
        self.write(path, "\n\n".join(body))

    @rule(path=st.sampled_from(ASSETS), size=st.integers(1, 3))
    def paint(self, path: str, size: int) -> None:
        self.write(path, picture(size))

    @rule(lines=st.lists(st.sampled_from(CONFIG), max_size=5))
    def configure(self, lines: list[str]) -> None:
        keys = {line.partition(":")[0]: line for line in lines}
        self.write("course.yml", "\n".join(["id: law", *keys.values()]))

    @rule()
    def remove_the_configuration(self) -> None:
        (self.root / "course.yml").unlink(missing_ok=True)
        self.dirty = True

    @rule(url=st.sampled_from(("", "https://example.org/")), drafts=st.booleans())
    def choose_options(self, url: str, drafts: bool) -> None:
        self.options = {"base_url": url, "drafts": drafts}
        self.dirty = True

    @rule()
    def stash(self) -> None:
        self.past.append(self.sources())

    @precondition(lambda self: self.past)
    @rule()
    def revert(self) -> None:
        old = self.past.pop()
        for name in self.sources().keys() - old.keys():
            (self.root / name).unlink()
        for name, data in old.items():
            self.write(name, data)

    # What happens to a theme, to a site, to the memory

    @rule(
        name=st.sampled_from(("page.html", "partials/footer.html", "partials/card.html")),
        words=st.sampled_from(("", "<p>More</p>", "<p>Else</p>")),
    )
    def change_a_template(self, name: str, words: str) -> None:
        path = self.themes / "default" / "templates" / name
        mark = "{# law #}"
        path.write_text(path.read_text("utf-8").partition(mark)[0] + mark + words, "utf-8")
        self.dirty = True

    @rule(colour=st.sampled_from(("red", "blue")))
    def change_a_style(self, colour: str) -> None:
        path = self.themes / "default" / "static" / "css" / "base.css"
        path.write_text(path.read_text("utf-8") + f"\np {{ color: {colour} }}\n", "utf-8")
        self.dirty = True

    @rule(which=st.floats(0, 0.99), gone=st.booleans())
    def touch_the_site(self, which: float, gone: bool) -> None:
        names = sorted(files_in(self.site)) if self.site.is_dir() else []
        names = [name for name in names if name != MANIFEST_NAME]  # without it the site is nobody's
        if names:
            path = self.site / names[int(which * len(names))]
            if gone:
                path.unlink()
            else:
                path.write_bytes(b"touched")
            self.dirty = True

    @rule(
        which=st.floats(0, 0.99),
        where=st.floats(0, 0.99),
        how=st.sampled_from(("cut", "flip", "gone", "emptied")),
    )
    def damage_the_memory(self, which: float, where: float, how: str) -> None:
        folder = self.root / FOLDER
        names = sorted(files_in(folder)) if folder.is_dir() else []
        if not names:
            return
        path = folder / names[int(which * len(names))]
        content = path.read_bytes()
        at = int(where * len(content))
        match how:
            case "cut":
                path.write_bytes(content[:at])
            case "flip" if content:
                path.write_bytes(content[:at] + bytes((content[at] ^ 4,)) + content[at + 1 :])
            case "gone":
                path.unlink()
            case _:
                path.write_bytes(b"")
        self.dirty = True

    @rule()
    def lose_the_memory(self) -> None:
        shutil.rmtree(self.root / FOLDER, ignore_errors=True)
        self.dirty = True

    @precondition(lambda self: os.name != "nt")
    @rule(wait=st.floats(0.2, 0.7))
    def kill_a_build(self, wait: float) -> None:
        command = [sys.executable, "-m", "learnpath", "build", str(self.root), "-o", str(self.site)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            time.sleep(wait)
            run.send_signal(signal.SIGKILL)
        self.dirty = True

    @rule()
    def build_again(self) -> None:
        self.dirty = True

    # The law

    @invariant()
    def remembered_equals_clean(self) -> None:
        if not self.dirty:
            return
        self.dirty = False
        again = build_site(self.root, self.site, jobs=1, force=True, **self.options)
        clean_site = self.folder / "clean"
        clean = build_site(
            self.root, clean_site, jobs=1, force=True, clean=True, cached=False, **self.options
        )
        assert files_in(self.site) == files_in(clean_site)
        assert again.checked.problems == clean.checked.problems
        assert (again.pages, again.checked.checkpoints) == (clean.pages, clean.checked.checkpoints)
        assert again.trouble == ""


Law.TestCase.settings = settings(
    max_examples=SCRIPTS,
    stateful_step_count=20,
    deadline=None,
    derandomize=SCRIPTS <= 12,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate] if SCRIPTS <= 12 else list(Phase),
)
TestLaw = pytest.mark.xdist_group("law")(Law.TestCase)
