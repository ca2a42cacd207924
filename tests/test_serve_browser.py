"""The preview server in a real browser: what an author sees after a save."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from learnpath import theme
from learnpath.filenames import themes_folder
from learnpath.serve import server as serving
from support import COURSE, write_course
from test_serve import Running, until

pytestmark = pytest.mark.browser

_CHECKPOINT = "::: reflect {#thoughts}\nWhat do you think?\n:::\n"
_LONG = "".join(f"Paragraph {count} of many, to scroll by.\n\n" for count in range(60))


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(
        tmp_path / "course",
        {
            "course.yml": COURSE,
            "index.md": f"# Start\n\nFirst words.\n\n{_CHECKPOINT}\n{_LONG}The end.\n",
            "other.md": "# Other\n\nOther words.\n",
        },
    )


@pytest.fixture
def running(root: Path) -> Iterator[Running]:
    served = Running(root)
    yield served
    served.stop()


class Seen:
    """A tab, how often it loaded, and what its console complained of."""

    def __init__(self, browser: Browser, running: Running, path: str = "/") -> None:
        self.page: Page = browser.new_context().new_page()
        self.loads = 0
        self.complaints: list[str] = []
        self.page.on("load", lambda _: self._loaded())
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self._said(line.type, line.text))
        with self.page.expect_websocket() as line:
            self.page.goto(f"http://127.0.0.1:{running.port}{path}")
        line.value.wait_for_event("framereceived")
        # The page learns, beside itself, what it was made from; then it can swap.
        self.page.wait_for_load_state("networkidle")

    def _loaded(self) -> None:
        self.loads += 1

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def value(self, script: str) -> Any:
        return self.page.evaluate(script)

    def shows(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text, timeout=10_000)

    def panel(self) -> Any:
        return self.page.locator("#learnpath-preview-panel section")

    def close(self) -> None:
        self.page.context.close()


@pytest.fixture
def seen(browser: Browser, running: Running) -> Iterator[Seen]:
    tab = Seen(browser, running)
    yield tab
    tab.close()


READ = """(() => {
    const block = [...document.querySelectorAll("main p, main h2, main form")].find(
        (element) => element.getBoundingClientRect().bottom > 0);
    return { text: block.textContent, top: block.getBoundingClientRect().top };
})()"""


def read_at_the_top(seen: Seen) -> dict[str, Any]:
    """The text at the top of the window, and its distance from there in pixels."""
    found: dict[str, Any] = seen.value(READ)
    return found


def change(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_a_changed_paragraph_is_swapped_in_place(seen: Seen, root: Path) -> None:
    """The text changes without a reload: scroll position, focus and half-typed words stay."""
    box = seen.page.locator("textarea").first
    box.fill("Half a tho")
    seen.value("document.querySelector('textarea').mine = true")
    seen.value("scrollTo(0, 600)")
    change(root / "index.md", "First words.", "Second words, and more.")
    seen.shows("Second words, and more.")
    assert seen.loads == 1
    assert seen.value("document.querySelector('textarea').mine")
    assert seen.value("document.activeElement.localName") == "textarea"
    assert box.input_value() == "Half a tho"
    assert abs(seen.value("scrollY") - 600) < 100
    change(root / "index.md", "Second words, and more.", "Third words.\n\nAnd a paragraph.")
    seen.shows("And a paragraph.")
    assert seen.loads == 1
    assert seen.complaints == []


def test_a_changed_checkpoint_reloads_and_keeps_the_place(seen: Seen, root: Path) -> None:
    """Where scripts are at work the page is loaded again: what was typed and seen stays."""
    seen.page.locator("textarea").first.fill("Half a tho")
    seen.value("document.querySelector('textarea').setSelectionRange(4, 6)")
    seen.page.locator(".saved").first.filter(has_text=re.compile(r"\w")).wait_for()
    seen.value("scrollTo(0, 600)")
    place = read_at_the_top(seen)
    change(root / "index.md", "What do you think?", "What do you really think?")
    seen.shows("What do you really think?")
    expect(seen.page.locator("textarea").first).to_have_value("Half a tho", timeout=10_000)
    expect(seen.page.locator("textarea").first).to_be_focused()
    assert seen.loads == 2
    assert seen.value("document.querySelector('textarea').selectionStart") == 4
    seen.page.wait_for_timeout(300)  # whatever moves the page after it was loaded has done so
    assert abs(read_at_the_top(seen)["top"] - place["top"]) < 3
    assert read_at_the_top(seen)["text"] == place["text"]
    assert seen.complaints == []


def test_the_second_of_two_saves_is_on_screen(seen: Seen, root: Path) -> None:
    """Two saves 100 ms apart end with the second one shown."""
    change(root / "index.md", "First words.", "The first save.")
    time.sleep(0.1)
    change(root / "index.md", "The first save.", "The second save.")
    seen.shows("The second save.")
    seen.page.wait_for_timeout(400)
    seen.shows("The second save.")


_WATCH = """(text) => {
  window.seenAt = 0;
  const look = () => {
    if (!document.body.innerText.includes(text)) return requestAnimationFrame(look);
    window.seenAt = performance.timeOrigin + performance.now();
  };
  look();
}"""


def test_a_save_is_on_screen_soon(seen: Seen, root: Path) -> None:
    """A save is on the screen at once, not when somebody polls next (bench/reload.py measures)."""
    times = []
    shown = "First words."
    for count in range(5):
        seen.page.evaluate(_WATCH, f"Save {count}.")
        begun = time.time() * 1000
        change(root / "index.md", shown, f"Save {count}.")
        shown = f"Save {count}."
        until(lambda: seen.value("window.seenAt"))
        times.append(seen.value("window.seenAt") - begun)
        seen.page.wait_for_timeout(150)
    assert sorted(times)[2] < 1000


def test_errors_are_shown_over_every_page(
    browser: Browser, running: Running, seen: Seen, root: Path
) -> None:
    """The panel tells place, line and hint as text, on the 404 page too, until all is mended."""
    missing = Seen(browser, running, "/no/such/page.html")
    change(root / "other.md", "Other words.", "[<b>Gone</b> & away](gone.md)")
    for tab in (seen, missing):
        expect(tab.panel()).to_contain_text("1 error", timeout=10_000)
        expect(tab.panel()).to_contain_text("other.md:3:1")
        expect(tab.panel()).to_contain_text("[<b>Gone</b> & away](gone.md)")
        expect(tab.panel().locator("b")).to_have_count(0)
        expect(tab.panel().locator(".hint")).to_have_count(1)
    later = Seen(browser, running, "/other.html")
    expect(later.panel()).to_contain_text("1 error", timeout=10_000)
    later.close()
    change(root / "other.md", "gone.md", "index.md")
    for tab in (seen, missing):
        expect(tab.panel()).to_have_count(0, timeout=10_000)
    assert seen.loads == 1
    assert seen.complaints == []
    missing.close()


def test_warnings_are_folded(seen: Seen, root: Path) -> None:
    """A warning does not cover the page: it is a line to be opened."""
    change(root / "course.yml", "rules: {dead-end: off, unreachable-page: off}",
           "rules: {dead-end: off, unreachable-page: warning}")  # fmt: skip
    expect(seen.panel().locator("summary")).to_have_text("1 warning", timeout=10_000)
    expect(seen.panel().locator("li")).not_to_be_visible()


def test_a_missing_page_appears_when_it_is_written(
    browser: Browser, running: Running, root: Path
) -> None:
    """A tab at an address that answers 404 shows the page as soon as there is one."""
    tab = Seen(browser, running, "/later.html")
    write_course(root, {"later.md": "# Later\n\nHere at last.\n"})
    tab.shows("Here at last.")
    tab.close()


def test_a_style_changes_without_a_reload(
    browser: Browser, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of the theme's CSS alone is put in place; a change of its templates is loaded."""
    themes = tmp_path / "themes"
    shutil.copytree(themes_folder(), themes)
    monkeypatch.setattr(theme, "themes_folder", lambda: themes)
    monkeypatch.setattr(serving, "themes_folder", lambda: themes)
    running = Running(root)
    tab = Seen(browser, running)
    sheet = themes / "default" / "static" / "css" / "base.css"
    sheet.write_text(sheet.read_text("utf-8") + "\nmain { outline: 3px solid rgb(1, 2, 3); }\n")
    expect(tab.page.locator("main")).to_have_css("outline-color", "rgb(1, 2, 3)", timeout=10_000)
    expect(tab.page.locator("head link[rel=stylesheet]")).to_have_count(2)
    assert tab.loads == 1
    footer = themes / "default" / "templates" / "partials" / "footer.html"
    footer.write_text(footer.read_text("utf-8") + "\n<p>Below everything</p>\n")
    expect(tab.page.locator("body")).to_contain_text("Below everything", timeout=10_000)
    assert tab.complaints == []
    tab.close()
    running.stop()


def test_a_tab_goes_on_after_a_restart(browser: Browser, root: Path) -> None:
    """An open tab finds the server again at its port, and shows what changed meanwhile."""
    first = Running(root)
    tab = Seen(browser, first)
    first.stop()
    change(root / "index.md", "First words.", "Written in between.")
    second = Running(root, first.port)
    assert second.port == first.port
    tab.shows("Written in between.")
    change(root / "index.md", "Written in between.", "And after.")
    tab.shows("And after.")
    tab.close()
    second.stop()


def test_the_server_s_silence_is_told(browser: Browser, root: Path) -> None:
    """When the server is gone for some seconds, the page says so."""
    running = Running(root)
    tab = Seen(browser, running)
    running.stop()
    expect(tab.panel()).to_contain_text("does not answer", timeout=10_000)
    tab.close()
