"""WebKitGTK: what was said to be saved is there again, whatever becomes of the browser."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from browser.learner import TYPED
from browser.places import Site
from browser.walk import SEEDS, lives
from browser.webkit import WebKit, absent, webkit_of_its_own
from browsers import missing

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("webkit"),
    pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are a matter of POSIX"),
]

FIRST = "[data-checkpoint=first]"


@pytest.fixture(autouse=True)
def there() -> None:
    """WebKitGTK with all that drives it."""
    if lacking := absent():
        missing(f"WebKitGTK cannot be driven: {lacking} is not there")


def written(webkit: WebKit, words: str) -> None:
    """Type into the first box, and wait until the words are said to be saved."""
    webkit.type(f"{FIRST} textarea", words)
    webkit.wait(f"document.querySelector('{FIRST} .saved').textContent.startsWith('Saved in')")


def holds(webkit: WebKit, words: str) -> None:
    """Wait until the first box holds these words."""
    webkit.wait(f"document.querySelector('{FIRST} textarea').value === {json.dumps(words)}")


def journal(webkit: WebKit, base: str) -> str:
    """All that the journal shows, every version of it."""
    webkit.go(base + "journal.html")
    webkit.wait("document.querySelector('[data-order=time]') !== null")
    webkit.click("[data-order=time]")
    return str(webkit.run("document.querySelector('.journal-entries').textContent"))


@pytest.mark.parametrize("place", ["root", "disk"])
def test_a_journey_in_webkit(small: Site, tmp_path: Path, place: str) -> None:
    """Choice, state, words left without a pause, and the journal: on a host and from disk."""
    base = small.addresses[place]
    with webkit_of_its_own(tmp_path / "profile") as (webkit, _):
        webkit.go(base + "index.html")
        assert "kept in this browser, on this device" in webkit.text(f"{FIRST} .where-kept")
        webkit.type(f"{FIRST} textarea", TYPED)
        webkit.click("[data-option=go-in] a")
        webkit.wait("location.pathname.endsWith('/room.html')")
        webkit.wait("document.documentElement.dataset.ready === ''")
        webkit.wait("document.querySelector('.meters .meter-value')?.textContent.startsWith('1 ')")
        assert TYPED in journal(webkit, base)


@pytest.mark.parametrize("ending", ["in the middle of the box", "as another page opens"])
def test_what_was_said_to_be_saved_outlives_a_killed_webkit(
    small: Site, tmp_path: Path, ending: str
) -> None:
    """Killed the moment *Saved* appears, or right after the page was left, nothing is lost."""
    base = small.addresses["root"]
    told: list[str] = []
    for time in ("One", "Two", "Three"):
        with webkit_of_its_own(tmp_path / "profile") as (webkit, group):
            webkit.go(base + "index.html")
            if told:
                holds(webkit, "".join(told))
            told.append(f"{time} table. ")
            written(webkit, told[-1])
            if ending == "as another page opens":
                webkit.go(base + "room.html", ready=False)
            os.killpg(group, signal.SIGKILL)
    with webkit_of_its_own(tmp_path / "profile") as (webkit, _):
        webkit.go(base + "index.html")
        holds(webkit, "".join(told))
        assert "".join(told).strip() in journal(webkit, base)


def test_two_windows_of_webkit_agree(small: Site, tmp_path: Path) -> None:
    """Words of one appear in the other at once; a box in use is not written over."""
    base = small.addresses["root"]
    with webkit_of_its_own(tmp_path / "profile") as (webkit, _):
        webkit.go(base + "index.html")
        one = webkit.tab
        other = webkit.new_tab()
        webkit.go(base + "index.html")
        written(webkit, TYPED)
        webkit.turn_to(one)
        holds(webkit, TYPED)
        written(webkit, " And a chair.")
        webkit.turn_to(other)
        webkit.wait(f"document.querySelector('{FIRST} .saved').textContent.includes('another tab')")
        holds(webkit, TYPED)
        text = journal(webkit, base)
        assert TYPED in text and "And a chair." in text


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_walk_in_windows_loses_no_word(
    revisions: list[Path], tmp_path: Path, seed: int
) -> None:
    """Typed, left, turned to, full, turned back, published anew and killed."""
    profile = tmp_path / "profile"
    lives(lambda: webkit_of_its_own(profile), tmp_path / "site", revisions, seed)
