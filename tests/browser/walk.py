"""A short random walk in any browser that can be driven: several tabs, words in some of them."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

SEEDS = range(int(os.environ.get("LEARNPATH_FAITH", "1")))
BOXES = {"index.html": "first", "room.html": "next-words", "garden.html": ""}
"""Pages of the small course, with a box for words that lies there."""


class Window(Protocol):
    """What Firefox and WebKitGTK have in common as they are driven here."""

    @property
    def tab(self) -> str: ...
    def new_tab(self) -> str: ...
    def turn_to(self, tab: str) -> None: ...
    def go(self, url: str) -> None: ...
    def run(self, script: str) -> Any: ...
    def wait(self, script: str) -> None: ...
    def type(self, selector: str, words: str) -> None: ...


class Walk:
    """A learner in a browser; `told` is all that a page has said is saved."""

    def __init__(self, window: Window, base: str, seed: int) -> None:
        self.window, self.base = window, base
        self.chance = random.Random(seed)
        self.told: set[str] = set()
        self.deeds: list[str] = []
        self.pages = {window.tab: ""}
        self.open_page()

    def open_page(self) -> None:
        """Any page, whatever is in the box of this one."""
        page = self.chance.choice(list(BOXES))
        self.window.go(self.base + page)
        self.pages[self.window.tab] = page

    def open_tab(self) -> None:
        """One tab more, up to three."""
        if len(self.pages) < 3:
            self.pages[self.window.new_tab()] = ""
            self.open_page()

    def turn(self) -> None:
        """To any of the tabs, and the words there go on."""
        self.window.turn_to(self.chance.choice(list(self.pages)))

    def write(self) -> None:
        """Add to the box; most often wait for what the page says of it."""
        while not (name := BOXES[self.pages[self.window.tab]]):
            self.open_page()
        section = f"document.querySelector('[data-checkpoint={name}]')"
        self.window.type(f"[data-checkpoint={name}] textarea", f" words-{len(self.deeds)}x")
        if self.chance.random() < 0.7:
            self.window.wait(f"{section}.querySelector('.saved').textContent.startsWith('Saved')")
            self.told |= set(self.window.run(f"{section}.querySelector('textarea').value").split())

    def walk(self, steps: int) -> None:
        """So many deeds. Writing comes most often."""
        often: list[tuple[Callable[[], None], int]] = [
            (self.write, 6),
            (self.open_page, 2),
            (self.open_tab, 2),
            (self.turn, 3),
        ]
        for _ in range(steps):
            deed = self.chance.choices([each for each, _ in often], [n for _, n in often])[0]
            self.deeds.append(deed.__name__)
            deed()


def missing_words(window: Window, base: str, told: set[str]) -> set[str]:
    """What was said to be saved and is in no version that the journal shows."""
    window.go(base + "journal.html")
    window.wait("document.querySelector('[data-order=time]') !== null")
    window.run("document.querySelector('[data-order=time]').click()")
    entries = "document.querySelector('.journal-entries').textContent"
    # A long journal is drawn a little at a time.
    with suppress(AssertionError):
        window.wait(f"{json.dumps(sorted(told))}.every((each) => {entries}.includes(each))")
    return {word for word in told if word not in str(window.run(entries))}
