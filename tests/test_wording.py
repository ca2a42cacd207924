"""Whether a page's words changed, and the small files that say so of each page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus import write_corpus
from learnpath import build_site, load_course
from learnpath.lookup.pieces import pieces
from learnpath.lookup.wording import plainly
from support import files_in, write_course

PAGE = """---
title: The harbour
summary: Where boats wait.
---

# The harbour

It is “late”, and the [boats](a.md) wait -- for *whom*?

::: reflect {#why}

Why do they wait?

::: sample

For the tide.

:::

:::

::: when answered(why)

You know.

:::

::: choices Where to? {#where}

- [Home](a.md){#home}
- Stay {#stay}

  It gets dark.

:::

::: facilitator

Let them wait.

:::
"""


def revision(root: Path, text: str, configuration: str = "") -> str:
    files = {"index.md": text, "a.md": "# A\n\n[back](index.md)\n"}
    write_course(root, {**files, "course.yml": f"id: words\n{configuration}"})
    return load_course(root).by_id["index"].rev


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It is", "It was"),
        ("title: The harbour", "title: The port"),
        ("Where boats wait.", "Where boats rest."),
        ("Why do they wait?", "What do they wait for?"),
        ("For the tide.", "For the wind."),
        ("You know.", "You know it."),
        ("Stay {", "Remain {"),
        ("It gets dark.", "It gets cold."),
        ("[Home]", "[Back home]"),
    ],
)
def test_other_words_are_another_revision(old: str, new: str, tmp_path: Path) -> None:
    """In the text, the prompts, the options, what follows them, and under conditions."""
    assert old in PAGE
    assert revision(tmp_path / "a", PAGE) != revision(tmp_path / "b", PAGE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(a.md)", "(index.md#the-harbour)"),
        ("“late”", '"late"'),
        ("“late”", "«late»"),
        (" -- ", " — "),
        ("*whom*", "**whom**"),
        ("boats](a.md) wait", "boats](a.md)\nwait"),
        ("Let them wait.", "Say nothing."),
        ("title: The harbour", "title: The harbour\nkind: case\ntopics: [sea]\nminutes: 4"),
        ("answered(why)", "visited(a)"),
        ("#stay", "#stay-here"),
    ],
)
def test_what_is_read_the_same_is_the_same_revision(old: str, new: str, tmp_path: Path) -> None:
    """An address, typography, a condition, what front matter sorts by, the facilitator's part."""
    assert old in PAGE
    assert revision(tmp_path / "a", PAGE) == revision(tmp_path / "b", PAGE.replace(old, new))


def test_menus_and_theme_are_no_words_of_a_page(tmp_path: Path) -> None:
    """What the course is called and how it is ordered is told on every page, and of none."""
    one = revision(tmp_path / "a", PAGE)
    assert one == revision(tmp_path / "b", PAGE, "title: Another\norder: [a, index]\n")
    assert len(one) == 8


def test_signs_of_many_kinds_read_alike() -> None:
    """Quotation marks, dashes, invisible signs and spaces of every width."""
    assert plainly("« Où ? »  dit‑elle…") == plainly('"Où ?" dit-elle...')
    assert plainly("re\u00adword\u200bed") == plainly("reworded")
    assert plainly("It's not") != plainly("It's now")


def said_in(site: Path) -> dict[str, str]:
    """Page → its revisions, of all files of a site that say them."""
    found: dict[str, str] = {}
    for path in sorted((site / "assets" / "revs").glob("[0-9]*.js")):
        found |= json.loads(path.read_text("utf-8").partition(",")[2].removesuffix(");\n"))
    return found


def test_a_file_says_little_however_large_the_course(tmp_path: Path) -> None:
    """Some hundred pages to a file at most; each page stands where its id says, and once."""
    parts = pieces("revs", {f"part/page-{at}": "abcdefgh" for at in range(10_000)}, 128)
    assert len(parts) == 129
    assert max(map(len, parts.values())) < 5_000
    assert b",128);" in parts["assets/revs/index.js"]


def test_an_edit_of_one_page_rewrites_one_file_of_revisions(tmp_path: Path) -> None:
    """And an edit that changes no word writes none."""
    root, site = tmp_path / "course", tmp_path / "site"
    write_corpus(root, 300)
    build_site(root, site, jobs=1)
    before = files_in(site)
    page = next(path for path in sorted(root.rglob("page-*.md")) if "\n## " in path.read_text())
    text = page.read_text("utf-8")
    page.write_text(text.replace("\n## ", "\nHarbourmaster.\n\n## ", 1), "utf-8")
    build_site(root, site, jobs=1)
    after = files_in(site)
    changed = [name for name in after if before.get(name) != after[name]]
    assert len([name for name in changed if "/revs/" in name]) == 1, changed
    page.write_text(text.replace("\n## ", "\nHarbourmaster.  \n\n## ", 1), "utf-8")
    build_site(root, site, jobs=1)
    last = files_in(site)
    assert not [name for name in last if "/revs/" in name and last[name] != after[name]]
    assert said_in(site).keys() == {page.id for page in load_course(root).pages}


def test_a_plain_folder_keeps_no_trail_and_has_no_revisions(tmp_path: Path) -> None:
    """It has nobody to tell."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "index.md").write_text("# One\n")
    site = build_site(tmp_path / "notes", tmp_path / "site").output
    assert not (site / "assets" / "revs").exists()
