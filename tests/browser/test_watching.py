"""The tests' own watch: what must fail a test is seen. And words outlive a killed browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as BrowserError

from browser.learner import TYPED, Learner, box, saved
from browser.places import Site
from browsers import CHROMIUM

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


def attached(chromium: Browser, address: str) -> BrowserContext:
    """The browser's own context. One still starting may let the first call wait for ever."""
    for _ in range(4):
        with suppress(BrowserError):
            return chromium.browser_type.connect_over_cdp(address, timeout=8000).contexts[0]
    raise AssertionError("Chromium did not answer")


@contextmanager
def browser_of_its_own(chromium: Browser, profile: Path) -> Iterator[tuple[BrowserContext, int]]:
    """A Chromium that may be killed, with its process group."""
    program = shutil.which("chromium") or chromium.browser_type.executable_path
    command = [program, *CHROMIUM, "--headless", "--remote-debugging-port=0"]
    port = profile / "DevToolsActivePort"
    port.unlink(missing_ok=True)
    with subprocess.Popen(
        [*command, f"--user-data-dir={profile}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            until = time.monotonic() + 30
            while not (port.is_file() and port.read_text().count("\n")):
                assert time.monotonic() < until, "Chromium did not open its port"
                time.sleep(0.05)
            number = port.read_text().split()[0]
            yield attached(chromium, f"http://127.0.0.1:{number}"), process.pid
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


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
