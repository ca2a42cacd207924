"""The tests' own watch: what must fail a test is seen. And words outlive a killed browser."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.learner import TYPED, Learner, box, saved
from browser.mortal import browser_of_its_own
from browser.places import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium-words")]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        ("console", "console.error('a mistake')"),
        ("uncaught", "setTimeout(() => { throw new Error('a mistake'); })"),
        ("failed request", "fetch('no-such-file').catch(() => 0)"),
        ("request beyond the site", "(new Image()).src = 'http://127.0.0.1:9/pixel.gif'"),
        ("console", "document.body.setAttribute('style', 'color: red')"),
        ("console", "try { document.body.innerHTML = '<b>x</b>' } catch {}"),
    ],
)
def test_the_watch_sees(visitor: Learner, trouble: str, code: str) -> None:
    """Errors said and thrown, requests that fail or leave the site, breaches of the policy."""
    tab = visitor.open("garden.html")
    assert not visitor.troubles
    tab.evaluate(f"() => {{ {code}; }}")
    for _ in range(50):
        if visitor.troubles:
            break
        tab.wait_for_timeout(20)
    if trouble != "request beyond the site":
        assert visitor.troubles
        assert visitor.troubles[0].startswith(trouble)
    else:  # The policy stops it before it leaves; that, too, is a trouble.
        assert visitor.troubles
    visitor.troubles.clear()


def opened(context: BrowserContext, base: str) -> Page:
    """The first page, with its state applied."""
    tab = context.new_page()
    tab.goto(base + "index.html")
    expect(tab.locator("html")).to_have_attribute("data-ready", "")
    return tab


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are a matter of POSIX")
def test_what_was_said_to_be_saved_outlives_a_killed_browser(
    chromium: Browser, small: Site, tmp_path: Path
) -> None:
    """Killed the moment *Saved* appears, in the middle of the box, nothing is lost."""
    base = small.addresses["root"]
    with browser_of_its_own(chromium, tmp_path) as (context, group):
        tab = opened(context, base)
        box(tab, "first").press_sequentially(TYPED)
        saved(tab, "first")
        os.killpg(group, signal.SIGKILL)
    with browser_of_its_own(chromium, tmp_path) as (context, group):
        expect(box(opened(context, base), "first")).to_have_value(TYPED)
