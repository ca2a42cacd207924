"""Help that fades: hints in steps, worked examples, and how much of it lies open."""

from __future__ import annotations

from pathlib import Path

import pytest

from learnpath.build import build_site, check_course
from learnpath.guide import build_guide
from support import write_course

HELP = "::: example\n\nSo.\n\n:::\n\n::: hint\n\nOne.\n\n:::\n\n::: hint\n\nTwo.\n\n:::\n"


def page(tmp_path: Path, front: str, text: str = HELP) -> str:
    files: dict[str, str | bytes] = {
        "course.yml": "title: C\nid: c\n",
        "index.md": f"---\nending: true\n{front}---\n\n{text}\n::: reflect {{#x}}\n\nX?\n\n:::\n",
    }
    root = write_course(tmp_path / "course", files)
    assert not check_course(root).problems
    build_site(root, tmp_path / "site", jobs=1)
    return (tmp_path / "site" / "index.html").read_text("utf-8")


@pytest.mark.parametrize(("level", "opened"), [("", 0), ("folded", 0), ("full", 3), ("away", 0)])
def test_the_author_says_how_help_comes(level: str, opened: int, tmp_path: Path) -> None:
    """Open or folded, and all of it is in the page whatever is said."""
    html = page(tmp_path, f"help: {level}\n" if level else "")
    assert html.count('class="fold hint"') == 2
    assert html.count('class="fold example"') == 1
    assert html.count('" open>') == opened
    assert f'data-help="{level or "folded"}"' in html
    assert "<summary>A worked example</summary>" in html


def test_a_page_without_help_has_no_switch_and_loads_nothing_for_it(tmp_path: Path) -> None:
    """Details are no help: they stay as they are."""
    html = page(tmp_path, "help: full\n", "::: details More\n\nSo.\n\n:::\n")
    assert "data-help" not in html
    assert "assets/help." not in html
    assert '" open>' not in html


def test_a_level_that_there_is_not_is_told(tmp_path: Path) -> None:
    """With those that there are."""
    files: dict[str, str | bytes] = {
        "course.yml": "title: C\nid: c\n",
        "index.md": "---\nending: true\nhelp: ful\n---\n\n::: reflect {#x}\n\nX?\n\n:::\n",
    }
    (told,) = check_course(write_course(tmp_path, files)).problems
    assert (told.rule, told.line) == ("invalid-value", 3)
    assert "full" in told.hint


def test_the_guide_has_no_switch(tmp_path: Path) -> None:
    """A facilitator sees all of it."""
    page(tmp_path, "help: away\n")
    build_guide(tmp_path / "course", tmp_path / "guide")
    pages = [path.read_text("utf-8") for path in (tmp_path / "guide").rglob("*.html")]
    assert any("Two." in html for html in pages)
    assert not any("data-help" in html for html in pages)
