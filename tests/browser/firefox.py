"""Firefox, as Debian has it: driven by Marionette, which Playwright cannot do."""

from __future__ import annotations

import gc
import socket
import time
import warnings
from collections.abc import Callable
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # What it imports is deprecated; that is not ours.
    from marionette_driver.errors import MarionetteException
    from marionette_driver.marionette import Marionette

_ERRORS = """
const { nsIScriptError } = Ci;
const errors = Services.console.getMessageArray()
  .filter((each) => each instanceof nsIScriptError && !(each.flags & nsIScriptError.warningFlag))
  .map((each) => [each.sourceName, each.errorMessage]);
const said = Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage).getEvents()
  .filter((each) => ["error", "assert"].includes(each.level))
  .map((each) => [each.filename, [...each.arguments].map(String).join(" ")]);
return errors.concat(said);
"""
_FORGET = """
Services.console.reset();
Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage).clearEvents();
"""
PREFERENCES = {
    "security.fileuri.strict_origin_policy": True,
    "intl.accept_languages": "en",
    "app.normandy.enabled": False,
    "ui.prefersReducedMotion": 1,  # a click does not wait for a page that is still gliding there
}


class Firefox:
    """A window of Firefox. It speaks in selectors; `Any` where Marionette has no types.

    Either a program to start, or the port of one that runs already.
    """

    def __init__(self, program: str | None, port: int | None = None) -> None:
        started = {"bin": program, "headless": True, "prefs": PREFERENCES} if program else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Each port it tries in vain stays an open socket.
            self._client: Any = Marionette(port=port or free_port(), **started)
            self._client.start_session()
            gc.collect()
        self._client.timeout.implicit = 0

    def close(self) -> None:
        """Close the window, end the program, remove its profile."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._client.cleanup()
            del self._client
            gc.collect()

    def forget(self) -> None:
        """Empty the console."""
        self._chrome(_FORGET)

    def errors(self) -> list[str]:
        """What the site's pages said on the console; what Firefox says of itself is left out."""
        found = self._chrome(_ERRORS)
        return [f"{place}: {text}" for place, text in found if not _own(str(place or ""))]

    def complains(self, of: str) -> None:
        """Wait until an error speaks of this: a page's process tells it later than it happens."""
        until(lambda: any(of in each for each in self.errors()), f"an error: {of}", 10)

    def _chrome(self, script: str) -> Any:
        """What Firefox itself says; while its window is busy with a page it may not be asked."""
        answers: list[Any] = []

        def asked() -> bool:
            with self._client.using_context("chrome"):
                answers.append(self._client.execute_script(script))
            return True

        until(asked, "an answer of Firefox itself", 10)
        return answers[-1]

    def go(self, url: str, *, ready: bool = True) -> None:
        """Open a page, and wait until its state is applied."""
        self._client.navigate(url)
        if ready:
            self.wait("document.documentElement.dataset.ready === ''")

    def reload(self) -> None:
        self._client.refresh()
        self.wait("document.documentElement.dataset.ready === ''")

    def back(self) -> None:
        self._client.go_back()

    @property
    def url(self) -> str:
        return str(self._client.get_url())

    def new_tab(self) -> str:
        """One tab more, and its name; it is the one that is driven then."""
        name = str(self._client.open(type="tab", focus=True)["handle"])
        self.turn_to(name)
        return name

    @property
    def tab(self) -> str:
        """The name of the tab that is driven."""
        return str(self._client.current_window_handle)

    def turn_to(self, tab: str) -> None:
        self._client.switch_to_window(tab)

    def run(self, script: str, *arguments: Any) -> Any:
        """The value of an expression in the page."""
        return self._client.execute_script(f"return {script};", script_args=list(arguments))

    def wait(self, script: str, seconds: float = 10) -> None:
        """Wait until an expression in the page is true."""
        until(lambda: bool(self.run(script)), script, seconds)

    def element(self, selector: str) -> Any:
        return self._client.find_element("css selector", selector)

    def text(self, selector: str) -> str:
        return str(self.element(selector).text)

    def shown(self, selector: str) -> bool:
        return bool(self.element(selector).is_displayed())

    def click(self, selector: str) -> None:
        self.element(selector).click()

    def type(self, selector: str, words: str) -> None:
        self.element(selector).send_keys(words)


def free_port() -> int:
    """A port nobody uses. On the usual one, two runs would drive one another's windows."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _own(place: str) -> bool:
    return place.startswith(("resource:", "chrome:", "moz-")) or not place


def until(holds: Callable[[], bool], what: str, seconds: float) -> None:
    """Ask again and again, for at most so many seconds. A page on its way out or in may refuse."""
    end = time.monotonic() + seconds
    refused = ""
    while time.monotonic() < end:
        try:
            if holds():
                return
        except MarionetteException as error:
            refused = f" ({error})"
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}{refused}")
