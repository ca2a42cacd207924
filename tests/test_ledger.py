"""The ledger: what was published is recorded once and guarded ever after."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from learnpath.build import check_course
from learnpath.problems import Problem
from support import CommandLine, write_course

LEDGER = "course.ledger.yml"
PAGES = {
    "course.yml": "title: C\nid: c\n",
    "index.md": "# Start\n\n::: reflect {#first}\n\nWhat do you expect?\n\n:::\n\n[On](shop.md)\n",
    "shop.md": "---\nending: true\n---\n\n# Shop\n\n::: rate {#sure}\n\nHow sure?\n\n:::\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course", PAGES)


def told(root: Path) -> list[Problem]:
    return [p for p in check_course(root).problems if p.rule == "orphaned-answers"]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_first_freeze_records_every_id(root: Path, learnpath: CommandLine) -> None:
    """Pages and checkpoints in the course's order, numbered, with the questions as asked."""
    ran = learnpath("freeze", root)
    assert (ran.code, ran.out) == (0, f"{LEDGER}: 2 new pages, 2 new checkpoints\n")
    assert (root / LEDGER).read_text("utf-8").splitlines()[-7:] == [
        "retired: []",
        "pages:",
        "  index: 1",
        "  shop: 2",
        "checkpoints:",
        '  first: {number: 1, prompt: "What do you expect?"}',
        '  sure: {number: 2, prompt: "How sure?"}',
    ]
    assert told(root) == []


def test_a_later_freeze_only_adds(root: Path, learnpath: CommandLine) -> None:
    """Comments, order and numbers stay; a second freeze of the same course changes no byte."""
    learnpath("freeze", root)
    edit(root / LEDGER, "pages:", "# Ours.\npages:")
    before = (root / LEDGER).read_text("utf-8").splitlines()
    (root / "a.md").write_text('# A\n\n::: goal {#aim}\n\nYour "aim": what is it?\n\n:::\n')
    edit(root / "index.md", "What do you expect?", "What do you really expect?")
    ran = learnpath("freeze", root, "--format", "json")
    assert json.loads(ran.out) == {
        "version": 1,
        "ledger": LEDGER,
        "added": {"pages": ["a"], "checkpoints": ["aim"]},
    }
    after = (root / LEDGER).read_text("utf-8").splitlines()
    assert [line for line in after if line in before] == before
    assert [line for line in after if line not in before] == [
        "  a: 3",
        '  aim: {number: 3, prompt: "Your “aim”: what is it?"}',
    ]
    frozen = (root / LEDGER).read_bytes()
    assert learnpath("freeze", root).code == 0
    assert (root / LEDGER).read_bytes() == frozen


def test_a_vanished_checkpoint_is_an_error(root: Path, learnpath: CommandLine) -> None:
    """Told at its line in the ledger, with where the question seems to have gone."""
    learnpath("freeze", root)
    edit(root / "index.md", "#first", "#hunch")
    (problem,) = told(root)
    assert (problem.path, problem.line, problem.column) == (LEDGER, 10, 3)
    assert (
        problem.message == "learners have answered 'first', and no checkpoint has that id any more"
    )
    assert "'hunch' asks the same" in problem.hint
    assert 'aliases="first"' in problem.hint
    assert learnpath("check", root).code == 1
    assert learnpath("freeze", root).code == 1


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("index.md", "#first}", '#hunch aliases="first"}'),
        (LEDGER, "retired: []", "retired: [first]"),
    ],
)
def test_answers_are_kept_by_an_alias_or_given_up_in_so_many_words(
    file: str, old: str, new: str, root: Path, learnpath: CommandLine
) -> None:
    """Either makes the error go."""
    learnpath("freeze", root)
    edit(root / "index.md", "{#first}", "{#hunch}")
    if file == "index.md":
        edit(root / "index.md", "{#hunch}", "{" + new)
    else:
        edit(root / LEDGER, old, new)
    assert told(root) == []


def test_a_vanished_page_is_an_error(root: Path, learnpath: CommandLine) -> None:
    """Until another page says that it was this one."""
    learnpath("freeze", root)
    (root / "shop.md").rename(root / "counter.md")
    edit(root / "index.md", "shop.md", "counter.md")
    (problem,) = told(root)
    assert "'shop'" in problem.message
    assert "aliases: [shop]" in problem.hint
    edit(root / "counter.md", "ending: true", "ending: true\naliases: [shop]")
    assert told(root) == []


def test_a_draft_keeps_its_answers(root: Path, learnpath: CommandLine) -> None:
    """A page that is withdrawn for a while is not gone."""
    learnpath("freeze", root)
    edit(root / "shop.md", "ending: true", "ending: true\ndraft: true")
    assert told(root) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("- a\n", "invalid-yaml"),
        ("pages: [a]\n", "invalid-value"),
        ("pages:\n  index: one\n", "invalid-value"),
        ("pages:\n  index: 1\n  index: 2\n", "duplicate-key"),
        ("pages: {\n", "invalid-yaml"),
        ("chekpoints: {}\n", "unknown-key"),
        ("version: 0\n", "invalid-value"),
    ],
)
def test_a_ledger_that_cannot_be_read_is_told(
    text: str, rule: str, root: Path, learnpath: CommandLine
) -> None:
    """With its place; freezing then changes nothing, unless it is only a word too many."""
    (root / LEDGER).write_text(text)
    assert rule in {p.rule for p in check_course(root).problems if p.path == LEDGER}
    ran = learnpath("freeze", root)
    if rule != "unknown-key":
        assert ran.code == 1
        assert (root / LEDGER).read_text() == text


@pytest.mark.parametrize("text", ["", "version: 1\n", "checkpoints:\npages:\n", "pages: {}\n"])
def test_a_ledger_with_little_in_it_is_filled(
    text: str, root: Path, learnpath: CommandLine
) -> None:
    """Whatever of it is there already, in whatever order."""
    (root / LEDGER).write_text(text)
    if text == "pages: {}\n":
        return
    assert learnpath("freeze", root).code == 0
    assert told(root) == []
    assert [p for p in check_course(root).problems if p.path == LEDGER] == []
    text = (root / LEDGER).read_text()
    assert "  shop: 2\n" in text
    assert '  sure: {number: 2, prompt: "How sure?"}\n' in text


def test_a_course_without_an_id_cannot_be_frozen(tmp_path: Path, learnpath: CommandLine) -> None:
    """There is nothing that learners' words could hang on."""
    root = write_course(tmp_path, {"course.yml": "title: C\n", "index.md": "# Start\n"})
    ran = learnpath("freeze", root)
    assert ran.code == 2
    assert not (root / LEDGER).exists()


# Mended


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("::: reflect {#hunch}", '::: reflect {#hunch aliases="first"}'),
        ('::: reflect {#hunch aliases="old"}', '::: reflect {#hunch aliases="first old"}'),
        ("::: reflect {#hunch aliases=old}", '::: reflect {#hunch aliases="first old"}'),
    ],
)
def test_a_plain_rename_is_mended(
    line: str, becomes: str, root: Path, learnpath: CommandLine
) -> None:
    """The one new checkpoint that asks the very same says what it was called."""
    learnpath("freeze", root)
    text = (root / "index.md").read_text()
    (root / "index.md").write_text(text.replace("::: reflect {#first}", line))
    assert learnpath("check", "--fix", root).code == 0
    assert becomes in (root / "index.md").read_text()
    assert told(root) == []


def test_a_rename_that_is_in_doubt_is_left_alone(root: Path, learnpath: CommandLine) -> None:
    """Where two new ones ask the same, or the words are others."""
    learnpath("freeze", root)
    edit(root / "index.md", "{#first}", "{#hunch}")
    text = (root / "index.md").read_text()
    asked = text[text.index("::: reflect {#hunch}") :].split("\n:::\n")[0] + "\n:::\n"
    (root / "index.md").write_text(text + "\n" + asked.replace("#hunch", "#guess"))
    learnpath("check", "--fix", root)
    assert "aliases" not in (root / "index.md").read_text()


def test_a_worksheet_is_renamed_as_one(root: Path, learnpath: CommandLine) -> None:
    """One alias on its fence keeps the answers to all of its parts."""
    sheet = "\n::: ladder {#late}\n:::\n"
    (root / "index.md").write_text((root / "index.md").read_text() + sheet)
    learnpath("freeze", root)
    edit(root / "index.md", "{#late}", "{#tardy}")
    assert len(told(root)) == 5
    learnpath("check", "--fix", root)
    assert '::: ladder {#tardy aliases="late"}' in (root / "index.md").read_text()
    assert told(root) == []


def test_a_page_that_was_moved_is_mended(root: Path, learnpath: CommandLine) -> None:
    """The one new page that has its name in another folder; a page under a new name is in doubt."""
    learnpath("freeze", root)
    (root / "town").mkdir()
    (root / "shop.md").rename(root / "town" / "shop.md")
    edit(root / "index.md", "shop.md", "town/shop.md")
    learnpath("check", "--fix", root)
    assert (root / "town" / "shop.md").read_text().startswith("---\naliases: [shop]\n")
    assert told(root) == []
