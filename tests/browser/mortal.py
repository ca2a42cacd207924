"""Browsers of their own, with a profile that outlives them: they may be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Error as BrowserError

from browser.firefox import PREFERENCES, Firefox, free_port
from browsers import CHROMIUM


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


@contextmanager
def firefox_of_its_own(program: str, profile: Path) -> Iterator[tuple[Firefox, int]]:
    """A Firefox that may be killed, with its process group."""
    profile.mkdir(exist_ok=True)
    port = free_port()
    preferences = {**PREFERENCES, "marionette.port": port, "datareporting.policy.firstRunURL": ""}
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines) + "\n", "utf-8")
    with subprocess.Popen(
        [program, "--marionette", "--headless", "--no-remote", "--profile", str(profile)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            yield Firefox(None, port), process.pid
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
