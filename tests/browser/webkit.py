"""WebKitGTK, driven by its own WebDriver, with a profile that outlives it: it may be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

from browser.firefox import free_port

WINDOW = Path(__file__).with_name("webkit_window.py")
PROGRAMS = ("WebKitWebDriver", "Xvfb", "dbus-run-session")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class WebKit:
    """A window of WebKitGTK. It speaks in selectors, as the one of Firefox does."""

    def __init__(self, driver: str, profile: Path) -> None:
        self._driver = driver
        options = {"binary": str(WINDOW), "args": [str(profile)]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._session = ""
        opened = self._ask("POST", "", {"capabilities": wanted})
        self._session = f"/{opened['sessionId']}"

    def _ask(self, method: str, path: str, data: object = None) -> Any:
        request = urllib.request.Request(
            f"{self._driver}/session{self._session}{path}",
            method=method,
            data=None if data is None else json.dumps(data).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise AssertionError(error.read().decode()) from None

    def go(self, url: str, *, ready: bool = True) -> None:
        """Open a page, and wait until its state is applied."""
        self._ask("POST", "/url", {"url": url})
        if ready:
            self.wait("document.documentElement.dataset.ready === ''")

    def new_tab(self) -> str:
        """One window more, of the same profile, and its name; it is the one that is driven then."""
        name = str(self._ask("POST", "/window/new", {"type": "tab"})["handle"])
        self.turn_to(name)
        return name

    @property
    def tab(self) -> str:
        """The name of the window that is driven."""
        return str(self._ask("GET", "/window"))

    def turn_to(self, tab: str) -> None:
        self._ask("POST", "/window", {"handle": tab})

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self._ask("POST", "/execute/sync", {"script": f"return {script};", "args": []})

    def wait(self, script: str, seconds: float = 20) -> None:
        """Wait until an expression in the page is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(AssertionError):
                if self.run(script):
                    return
            time.sleep(0.05)
        raise AssertionError(f"not within {seconds} s: {script}")

    def element(self, selector: str) -> str:
        found = self._ask("POST", "/element", {"using": "css selector", "value": selector})
        return f"/element/{found[_ELEMENT]}"

    def text(self, selector: str) -> str:
        return str(self._ask("GET", f"{self.element(selector)}/text"))

    def click(self, selector: str) -> None:
        """As a script clicks: what lies below the window's edge is out of the pointer's reach."""
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def type(self, selector: str, words: str) -> None:
        self._ask("POST", f"{self.element(selector)}/value", {"text": words})


def absent() -> str:
    """Which of its parts this machine lacks; empty where it has all."""
    lacking = [name for name in PROGRAMS if shutil.which(name) is None]
    bindings = "import gi; gi.require_version('WebKit2', '4.1')"
    if subprocess.call(["/usr/bin/python3", "-c", bindings], stderr=subprocess.DEVNULL):
        lacking.append("the GTK bindings of Python")
    return ", ".join(lacking)


@contextmanager
def webkit_of_its_own(profile: Path) -> Iterator[tuple[WebKit, int]]:
    """A WebKitGTK that may be killed, with its process group: screen, driver and window."""
    port, screen = free_port(), profile.with_name("screen")
    command = (
        f'Xvfb -displayfd 3 -screen 0 1280x1024x24 -nolisten tcp 3>"{screen}" & '
        f'until [ -s "{screen}" ]; do sleep 0.05; done; export DISPLAY=":$(cat "{screen}")"; '
        f"exec dbus-run-session WebKitWebDriver --port={port}"
    )
    screen.unlink(missing_ok=True)
    with subprocess.Popen(
        ["/bin/sh", "-c", command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "NO_AT_BRIDGE": "1"},
    ) as process:
        try:
            yield WebKit(_answering(f"http://127.0.0.1:{port}"), profile), process.pid
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _answering(driver: str) -> str:
    """The driver's address, once it answers."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(URLError, ConnectionError), urllib.request.urlopen(f"{driver}/status"):
            return driver
        time.sleep(0.1)
    raise AssertionError("WebKitWebDriver did not answer")
