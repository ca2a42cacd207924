"""A learner at a browser: their own storage, their tabs, and everything that went wrong there."""

from __future__ import annotations

import re

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

TYPED = "A table, and nobody at it."


class Learner:
    """One browser context, watched from its first request on.

    Any message of an error or a warning on the console (a breach of the content security policy is
    one), any uncaught error, failed request, or request beyond the site is a `trouble`.
    """

    def __init__(self, context: BrowserContext, base: str, *, scripted: bool = True) -> None:
        self.context = context
        self.base = base
        self.scripted = scripted
        self.troubles: list[str] = []
        context.set_default_timeout(10_000)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._trouble("uncaught", str(error.error)))
        context.on("request", self._asked)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def _trouble(self, kind: str, what: str) -> None:
        self.troubles.append(f"{kind}: {what}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self._trouble("console", f"{message.text} ({message.location})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self._trouble("request beyond the site", request.url)

    def _failed(self, request: Request) -> None:
        # A page that is left stops what it was loading, and a download is no navigation.
        if request.failure != "net::ERR_ABORTED":
            self._trouble("failed request", f"{request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._trouble("failed request", f"{response.url} {response.status}")

    def open(self, path: str) -> Page:
        """A new tab at a page of the site."""
        tab = self.context.new_page()
        self.go(tab, path)
        return tab

    def go(self, tab: Page, path: str) -> None:
        """Type the address of a page into a tab."""
        tab.goto(self.base + path)
        self.arrive(tab, path)

    def arrive(self, tab: Page, path: str) -> None:
        """Wait until a page is there, with its state applied."""
        expect(tab).to_have_url(self.base + path)
        if self.scripted and tab.locator("#learnpath-page").count():
            expect(tab.locator("html")).to_have_attribute("data-ready", "")

    def follow(self, tab: Page, label: str, path: str) -> None:
        """Follow the link of that name, and wait for where it leads."""
        link(tab, label).click()
        self.arrive(tab, path)


def link(tab: Page, label: str) -> Locator:
    """The link in the page's main part that has exactly this name."""
    return tab.locator("main").get_by_role("link", name=label, exact=True)


def checkpoint(tab: Page, name: str) -> Locator:
    """The section of a checkpoint."""
    return tab.locator(f'[data-checkpoint="{name}"]')


def box(tab: Page, name: str) -> Locator:
    """The box of a checkpoint that is answered in words or by a number."""
    return checkpoint(tab, name).locator("textarea, input[type=number]")


def write(tab: Page, name: str, words: str) -> None:
    """Write into a checkpoint, leave its box, and wait until the words are said to be saved."""
    box(tab, name).fill(words)
    box(tab, name).blur()
    saved(tab, name)


def pick(tab: Page, name: str, label: str) -> None:
    """Pick an option or a step of a checkpoint, and wait until that is said to be saved."""
    checkpoint(tab, name).get_by_role("radio", name=label, exact=True).check()
    saved(tab, name)


def saved(tab: Page, name: str) -> None:
    """Wait until a checkpoint says that its words are on the disk."""
    expect(checkpoint(tab, name).locator(".saved")).to_contain_text(re.compile("^Saved in "))


def option(tab: Page, name: str) -> Locator:
    """The list item of an option, by its id."""
    return tab.locator(f'[data-choices] [data-option="{name}"]')


def take(tab: Page, name: str) -> None:
    """Take an option that stays on the page."""
    option(tab, name).locator("summary").first.click()
    expect(option(tab, name)).to_have_attribute("data-taken", "")


def meter(tab: Page, label: str) -> Locator:
    """What the meter of a variable says."""
    return tab.locator(".meters .meter", has_text=label).locator(".meter-value")


def stands(tab: Page, label: str, value: int, low: int = -2, high: int = 2) -> None:
    """Expect the meter of a number to show this, in words and with a true minus sign."""
    low_, high_, now = (str(each).replace("-", "\N{MINUS SIGN}") for each in (low, high, value))
    expect(meter(tab, label)).to_have_text(f"{now} (between {low_} and {high_})")


def press_until(tab: Page, key: str, selector: str, most: int = 80) -> None:
    """Press a key until the focus is on what the selector says. Every stop must be visible."""
    for _ in range(most):
        tab.keyboard.press(key)
        assert tab.evaluate(_FOCUS_SHOWS), f"no visible focus on {tab.evaluate(_FOCUSED)}"
        if tab.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with {key}")


_FOCUSED = "document.activeElement.outerHTML.slice(0, 120)"

# An outline, on the element itself or on what stands for it: the card around a card's link, the
# label around a radio button, the shape in a drawing. At the page's end the focus leaves the page.
_FOCUS_SHOWS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return true;
  const drawn = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  const styles = [getComputedStyle(at), getComputedStyle(at, '::after')];
  const label = at.closest('label');
  if (label) styles.push(getComputedStyle(label));
  if (styles.some(drawn)) return true;
  const shape = at.querySelector('.node > *');
  return !!shape && parseFloat(getComputedStyle(shape).strokeWidth) >= 4;
}"""
