"""Firefox, which gives every local file a storage of its own; and one journey over HTTP."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.firefox import Firefox
from browser.learner import TYPED
from browser.mortal import firefox_of_its_own
from browser.places import Site
from browser.walk import SEEDS, lives
from browsers import missing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("firefox")]


@pytest.fixture(scope="module")
def program() -> str:
    """Firefox, as the system has it."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if found is None:
        missing("Firefox is not there")
    return str(found)


@pytest.fixture(scope="module")
def window(program: str) -> Iterator[Firefox]:
    """One Firefox for the module."""
    firefox = Firefox(program)
    yield firefox
    firefox.close()


@pytest.fixture
def firefox(window: Firefox) -> Iterator[Firefox]:
    """Firefox with an empty console. What the site's pages say there fails the test."""
    window.forget()
    yield window
    errors = window.errors()
    window.go("about:blank", ready=False)
    assert not errors, errors


@pytest.fixture
def disk(small: Site, tmp_path: Path) -> str:
    """The small course in a folder where no browser has been before."""
    return shutil.copytree(small.folder, tmp_path / "a course").as_uri() + "/"


FIRST = "[data-checkpoint=first]"


def holds(firefox: Firefox, words: str) -> None:
    """Wait until the first box holds these words."""
    firefox.wait(f"document.querySelector('{FIRST} textarea').value === {json.dumps(words)}")


def in_the_journal(firefox: Firefox, words: str) -> None:
    """Wait until the journal shows these words."""
    entries = "document.querySelector('.journal-entries').textContent"
    firefox.wait(f"{entries}.includes({json.dumps(words)})")


def test_words_from_disk_stay_with_their_page_and_it_says_so(firefox: Firefox, disk: str) -> None:
    """Said before the first word; kept over a reload; not known elsewhere."""
    firefox.go(disk + "index.html")
    firefox.wait(f"document.querySelector('{FIRST} .where-kept span') !== null")
    where = firefox.text(f"{FIRST} .where-kept")
    assert "In this browser your words stay with this one page" in where
    assert "Download my words from this page" in where
    firefox.type(f"{FIRST} textarea", TYPED)
    firefox.wait(f"document.querySelector('{FIRST} .saved').textContent.startsWith('Saved in')")
    firefox.reload()
    holds(firefox, TYPED)
    assert firefox.text("span[data-answer=first]") == TYPED
    firefox.go(disk + "study.html")
    assert TYPED not in firefox.run("document.body.textContent")
    firefox.go(disk + "index.html")
    holds(firefox, TYPED)


def test_words_typed_just_before_leaving_are_kept(firefox: Firefox, disk: str) -> None:
    """Without a pause, in the middle of the box."""
    firefox.go(disk + "index.html")
    firefox.type(f"{FIRST} textarea", TYPED)
    firefox.go(disk + "garden.html")
    firefox.go(disk + "index.html")
    holds(firefox, TYPED)


def test_choices_that_cannot_be_known_stay_open_with_their_reason(
    firefox: Firefox, disk: str
) -> None:
    """A condition on another page has no answer; one on this page has."""
    firefox.go(disk + "index.html")
    assert firefox.shown("[data-option=key] .option-because")
    assert firefox.run("document.querySelector('[data-option=key] a').href") == disk + "cellar.html"
    assert not firefox.shown("[data-option=window]")
    firefox.click("[data-option=wait] summary")
    firefox.wait("!document.querySelector('[data-option=window]').hidden")
    assert firefox.shown("[data-option=window]")
    firefox.click("[data-option=key] a")
    firefox.wait("location.pathname.endsWith('/cellar.html')")


def test_text_that_cannot_be_known_is_shown_with_its_condition(firefox: Firefox, disk: str) -> None:
    """Both the `when` and the *otherwise* of a choice made on another page."""
    firefox.go(disk + "room.html")
    blocks = firefox.run(
        "[...document.querySelectorAll('.when')].map(each => [each.hidden, each.innerText])"
    )
    shown = {text.split("\n")[0] for hidden, text in blocks if not hidden}
    assert {"If you went straight in", "Otherwise", "If there is some trust"} <= shown
    assert all("guests" not in text for hidden, text in blocks if not hidden)
    firefox.click("[data-checkpoint=who] input[value=guest]")
    firefox.wait("document.body.innerText.includes('You know about guests.')")


def test_a_gate_from_disk_holds_nobody(firefox: Firefox, disk: str) -> None:
    """Whether the words were written cannot be known, so the reason and a way in are there."""
    firefox.go(disk + "study.html")
    if firefox.shown(".gate-anyway"):
        firefox.click(".gate-anyway")
    firefox.wait("!document.querySelector('.gated').hidden")
    assert firefox.shown(".gated")


@pytest.mark.parametrize("course", ["sample", "small"])
def test_every_page_from_disk_is_quiet(
    firefox: Firefox, request: pytest.FixtureRequest, course: str
) -> None:
    """No error on the console, no breach of the policy, and every page knows its state."""
    site: Site = request.getfixturevalue(course)
    for name in site.pages():
        firefox.go(site.addresses["disk"] + name, ready=name != "404.html")


def test_a_journey_over_http(firefox: Firefox, small: Site) -> None:
    """Choice, state, words, Back and the journal, as on any host."""
    base = small.addresses["folder"]
    firefox.go(base + "index.html")
    assert "kept in this browser, on this device" in firefox.text(f"{FIRST} .where-kept")
    firefox.type(f"{FIRST} textarea", TYPED)
    firefox.click("[data-option=go-in] a")
    firefox.wait("location.pathname.endsWith('/room.html')")
    firefox.wait("document.documentElement.dataset.ready === ''")
    assert firefox.text(".meters .meter-value").startswith("1 ")
    assert "Your coat is still on." in firefox.run("document.body.innerText")
    firefox.go(base + "journal.html")
    in_the_journal(firefox, TYPED)
    firefox.back()
    firefox.wait("location.pathname.endsWith('/room.html')")
    firefox.back()
    firefox.wait("location.pathname.endsWith('/index.html')")
    holds(firefox, TYPED)
    assert firefox.text(".meters .meter-value").startswith("0 ")


def test_the_watch_sees_firefox_too(firefox: Firefox, disk: str) -> None:
    """An error said, one thrown, and a breach of the policy are seen; a quiet page is quiet."""
    firefox.go(disk + "garden.html")
    assert not firefox.errors()
    firefox.run("document.body.setAttribute('style', 'color: red')")
    firefox.complains("style")
    firefox.forget()
    firefox.run("setTimeout(() => { throw new Error('thrown'); })")
    firefox.complains("thrown")
    firefox.forget()


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are a matter of POSIX")
@pytest.mark.parametrize("ending", ["in the middle of the box", "as another page opens"])
def test_what_was_said_to_be_saved_outlives_a_killed_firefox(
    program: str, small: Site, tmp_path: Path, ending: str
) -> None:
    """Killed the moment *Saved* appears, or right after the page was left, nothing is lost."""
    base = small.addresses["root"]
    with firefox_of_its_own(program, tmp_path / "profile") as (firefox, group):
        firefox.go(base + "index.html")
        firefox.type(f"{FIRST} textarea", TYPED)
        firefox.wait(f"document.querySelector('{FIRST} .saved').textContent.startsWith('Saved in')")
        if ending == "as another page opens":
            firefox.go(base + "room.html", ready=False)
        os.killpg(group, signal.SIGKILL)
    with firefox_of_its_own(program, tmp_path / "profile") as (firefox, _):
        firefox.go(base + "index.html")
        holds(firefox, TYPED)
        firefox.go(base + "journal.html")
        in_the_journal(firefox, TYPED)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are a matter of POSIX")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_walk_in_several_tabs_loses_no_word(
    program: str, revisions: list[Path], tmp_path: Path, seed: int
) -> None:
    """Typed, left, turned to, full, turned back, published anew and killed."""
    profile = tmp_path / "profile"
    lives(lambda: firefox_of_its_own(program, profile), tmp_path / "site", revisions, seed)
