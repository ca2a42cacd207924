"""The invariant of learners' words: no text that was said to be saved is missing from the export.

Random sequences of what learners, browsers and authors do, against the plainest model there is:
the set of all words a page has said are saved. `LEARNPATH_FAITH=20` walks more of them.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.learner import box, checkpoint
from browser.mishaps import FULL_DATABASE, FULL_DISK, JOIN, clock_off_by, publish
from browser.mortal import browser_of_its_own
from browser.places import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("chromium-words"),
    pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are a matter of POSIX"),
]

WALKS = int(os.environ.get("LEARNPATH_FAITH", "3"))
STEPS = 25
PAGES = {"index.html": ["first", "first-look"], "room.html": ["next-words"], "study.html": []}


class Life:
    """A learner's browser, an author, and what went wrong between them."""

    def __init__(self, chromium: Browser, place: Path, revisions: list[Path], seed: int) -> None:
        self.chance = random.Random(seed)
        self.chromium = chromium
        self.profile = place / "profile"
        self.site = place / "site"
        self.revisions = revisions
        self.told: set[str] = set()
        self.steps: list[str] = []
        self.count = 0
        self.small_store = False
        self.browser = ExitStack()
        self.publish(0)

    def publish(self, revision: int) -> None:
        """What stands at the address is this revision, at once and whole."""
        publish(self.site, self.revisions[revision])

    def start(self, base: str) -> None:
        """Open the browser, with one tab."""
        self.base = base
        context, self.group = self.browser.enter_context(
            browser_of_its_own(self.chromium, self.profile)
        )
        self.context: BrowserContext = context
        context.set_default_timeout(10_000)
        self.tabs: list[Page] = []
        self.new_tab()

    def kill(self) -> None:
        """The browser ends at once, wherever it is, and is started again."""
        if self.small_store:
            # As the page says, the small store is less safe: browsers write it seconds later.
            self.tabs[0].wait_for_timeout(5000)
        os.killpg(self.group, signal.SIGKILL)
        self.browser.close()
        self.start(self.base)

    # What a learner does.

    def new_tab(self) -> None:
        """One tab more, at any page."""
        tab = self.context.new_page()
        self.tabs.append(tab)
        self.go(tab)

    def go(self, tab: Page) -> None:
        """To any page, whatever is in the boxes of this one."""
        tab.on("dialog", lambda dialog: dialog.accept())
        tab.goto(self.base + self.chance.choice(list(PAGES)))
        expect(tab.locator("html")).to_have_attribute("data-ready", "")

    def go_on(self) -> None:
        """Leave a page by its address, or load it again."""
        tab = self.chance.choice(self.tabs)
        if self.chance.random() < 0.5:
            self.go(tab)
        else:
            tab.reload()
            expect(tab.locator("html")).to_have_attribute("data-ready", "")

    def close_tab(self) -> None:
        """One tab less, and always one left."""
        if len(self.tabs) > 1:
            self.tabs.pop(self.chance.randrange(len(self.tabs))).close()

    def write(self) -> None:
        """Write something new into a box, or add to it; most often wait for what the page says."""
        tab = self.chance.choice(self.tabs)
        names = [n for path, all_ in PAGES.items() if tab.url.endswith(path) for n in all_]
        names = [name for name in names if box(tab, name).count()]
        if not names:
            return
        tab.bring_to_front()
        name = self.chance.choice(names)
        self.count += 1
        words = f"words-{self.count}x"
        if self.chance.random() < 0.5:
            box(tab, name).fill(words)
        else:
            box(tab, name).press_sequentially(f" {words}")
        if self.chance.random() < 0.3:
            box(tab, name).blur()
        if self.chance.random() < 0.7:
            self.listen(tab, name)

    def listen(self, tab: Page, name: str) -> None:
        """What the page says of these words. Said to be saved, they are never to be missing."""
        status = checkpoint(tab, name).locator(".saved")
        expect(status).to_contain_text(re.compile(r"^Saved in|could not save"))
        if status.inner_text().startswith("Saved in"):
            self.told |= set(box(tab, name).input_value().split())
            self.small_store |= "small store" in status.inner_text()

    # What happens to a browser, and to a course.

    def fill_disk(self) -> None:
        """An open page can no longer write to its database, or to nothing at all."""
        code = self.chance.choice([FULL_DATABASE, FULL_DISK])
        self.chance.choice(self.tabs).evaluate(f"void ({code})")

    def join(self) -> None:
        """A page puts its lines together, three in a record."""
        self.chance.choice(self.tabs).evaluate(JOIN)

    def turn_clock(self) -> None:
        """The clock of one tab is wrong from now on, by hours or days, most often back."""
        hours = self.chance.choice([-100, -25, -2, 30])
        tab = self.chance.choice(self.tabs)
        tab.evaluate(f"void ({clock_off_by(hours)})")

    def revise(self) -> None:
        """The author publishes the other revision."""
        self.publish(self.chance.randrange(len(self.revisions)))

    def step(self) -> None:
        """Anything of all this. Writing comes most often."""
        deeds: list[tuple[Callable[[], None], int]] = [
            (self.write, 12),
            (self.go_on, 4),
            (self.new_tab, 2),
            (self.close_tab, 1),
            (self.kill, 2),
            (self.fill_disk, 1),
            (self.turn_clock, 1),
            (self.join, 2),
            (self.revise, 2),
        ]
        deed = self.chance.choices([each for each, _ in deeds], [often for _, often in deeds])[0]
        self.steps.append(deed.__name__)
        deed()

    def export(self) -> str:
        """The journal's file, as a new tab gives it out."""
        tab = self.context.new_page()
        tab.goto(self.base + "journal.html")
        with tab.expect_download() as caught:
            tab.get_by_role("button", name=re.compile("^Download everything")).first.click()
        caught.value.save_as(self.site.with_name("journal.json"))
        data = json.loads(self.site.with_name("journal.json").read_text("utf-8"))
        tab.close()
        return " ".join(str(entry.get("value")) for entry in data["log"] + data["drafts"])


@pytest.fixture
def life(chromium: Browser, revisions: list[Path], tmp_path: Path, seed: int) -> Iterator[Life]:
    """A life from this seed, in a browser of its own."""
    life = Life(chromium, tmp_path, revisions, seed)
    with served(life.site) as base, life.browser:
        life.start(base)
        yield life


@pytest.mark.parametrize("seed", range(WALKS))
def test_no_word_that_was_said_to_be_saved_is_missing_from_the_export(life: Life) -> None:
    """Whatever was typed, closed, killed, filled up, turned back and published in between."""
    for _ in range(STEPS):
        life.step()
    life.kill()
    kept = life.export().split()
    assert life.told, "nothing was ever said to be saved"
    assert life.told <= set(kept), (sorted(life.told - set(kept)), life.steps)


@pytest.mark.parametrize("seed", [0])
def test_words_replaced_right_after_they_were_said_to_be_saved_stay_in_the_journal(
    life: Life,
) -> None:
    """Nobody has to wait for a version: the announcement alone is the promise."""
    [tab] = life.tabs
    tab.goto(life.base + "index.html")
    box(tab, "first").press_sequentially("kept")
    life.listen(tab, "first")
    box(tab, "first").fill("other")
    life.listen(tab, "first")
    life.kill()
    assert {"kept", "other"} <= set(life.export().split())
