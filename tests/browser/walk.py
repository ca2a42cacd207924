"""A random walk in any browser that can be driven: several tabs, words in some of them, and what
happens to disks, clocks and courses meanwhile."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Protocol

from browser.mishaps import FULL_DATABASE, FULL_DISK, JOIN, clock_off_by, publish
from browser.places import served

SEEDS = range(int(os.environ.get("LEARNPATH_FAITH", "1")))
STEPS = 12
BOXES = {"index.html": ["first", "first-look"], "room.html": ["next-words"], "garden.html": []}
"""Pages of the small course, with the boxes that lie there in one revision or the other."""
_SMALL_STORE = 6
"""Seconds after which a browser has written what it keeps in its small store."""


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
    """A learner in a browser; `told` is all that a page has said is saved. `publish` puts one
    revision of the course or the other at the address."""

    def __init__(
        self,
        window: Window,
        base: str,
        chance: random.Random,
        publish: Callable[[int], None],
        told: set[str],
    ) -> None:
        self.window, self.base, self.publish = window, base, publish
        self.chance, self.told = chance, told
        self.small_store = False
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
        """Add to a box, if there is one; most often wait for what the page says of it."""
        for name in BOXES[self.pages[self.window.tab]]:
            section = f"document.querySelector('[data-checkpoint={name}]')"
            if not self.window.run(f"{section} !== null"):
                continue
            self.window.type(
                f"[data-checkpoint={name}] textarea", f" words-{self.chance.randrange(10**6)}x"
            )
            if self.chance.random() < 0.7:
                self.listen(section)

    def listen(self, section: str) -> None:
        """What the page says of these words. Said to be saved, they are never to be missing."""
        said = f"{section}.querySelector('.saved').textContent"
        self.window.wait(f"/^Saved in|could not save/.test({said})")
        status = str(self.window.run(said))
        if status.startswith("Saved in"):
            self.told |= set(self.window.run(f"{section}.querySelector('textarea').value").split())
            self.small_store |= "small store" in status

    def fill_disk(self) -> None:
        """This page can no longer write to its database, or to nothing at all."""
        self.window.run(f"void ({self.chance.choice([FULL_DATABASE, FULL_DISK])})")

    def turn_clock(self) -> None:
        """The clock of this tab is wrong from now on, by hours or days, most often back."""
        self.window.run(f"void ({clock_off_by(self.chance.choice([-100, -25, -2, 30]))})")

    def join(self) -> None:
        """This page puts its lines together, three in a record."""
        self.window.run(JOIN)

    def revise(self) -> None:
        """The author publishes the other revision, or the same once more."""
        self.publish(self.chance.randrange(2))

    def end(self) -> None:
        """As the page says, the small store is less safe: browsers write it seconds later."""
        if self.small_store:
            time.sleep(_SMALL_STORE)

    def walk(self, steps: int) -> None:
        """So many deeds. Writing comes most often."""
        often: list[tuple[Callable[[], None], int]] = [
            (self.write, 8),
            (self.open_page, 2),
            (self.open_tab, 2),
            (self.turn, 3),
            (self.fill_disk, 1),
            (self.turn_clock, 1),
            (self.join, 2),
            (self.revise, 1),
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


def lives(
    browser: Callable[[], AbstractContextManager[tuple[Window, int]]],
    site: Path,
    revisions: Sequence[Path],
    seed: int,
) -> None:
    """A walk, killed in the middle and at its end: all said to be saved is in the journal."""
    chance, told, deeds = random.Random(seed), set[str](), list[str]()
    publish(site, revisions[0])
    with served(site) as base:
        for _ in range(2):
            with browser() as (window, group):
                walk = Walk(window, base, chance, lambda at: publish(site, revisions[at]), told)
                walk.walk(STEPS)
                walk.end()
                os.killpg(group, signal.SIGKILL)
            deeds += [*walk.deeds, "killed"]
        assert told, deeds
        with browser() as (window, _):
            assert not missing_words(window, base, told), deeds
