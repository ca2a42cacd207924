"""`check --fix`: what it mends, byte for byte, and what it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnpath.build import check_course
from learnpath.fix import SourceText, _said, fix_course
from learnpath.rewrite import replace_file
from learnpath.write import OutputError
from support import COURSE, CommandLine, files_in, write_course

ASKED = "::: reflect {#a}\n\nB\n\n:::\n"
ASKING = "# Start\n\n::: reflect\n\nWhat do you think?\n\n:::\n"


def mended(folder: Path, files: dict[str, str | bytes]) -> dict[str, bytes]:
    """The files of a course after mending; mending again must change nothing."""
    course = write_course(folder, {"course.yml": COURSE, **files})
    list(fix_course(course))
    once = files_in(course)
    assert list(fix_course(course)) == []
    assert files_in(course) == once
    return once


def page(folder: Path, text: str | bytes, **others: str | bytes) -> bytes:
    """What becomes of one page in a course with other pages."""
    files: dict[str, str | bytes] = {"index.md": text}
    files |= {f"{name}.md": content for name, content in others.items()}
    return mended(folder, files)["index.md"]


# Checkpoint ids


@pytest.mark.parametrize(
    ("head", "after"),
    [
        ("::: reflect", "::: reflect {#what-is-it}"),
        (":::reflect", ":::reflect {#what-is-it}"),
        ("::: {reflect}", "::: {reflect} {#what-is-it}"),
        ("::::: reflect :::::", "::::: reflect {#what-is-it} :::::"),
        ('::: reflect {words="10"}', '::: reflect {#what-is-it words="10"}'),
        ("::: reflect {.wide}  ", "::: reflect {#what-is-it .wide}  "),
        ("::: reflect  ", "::: reflect {#what-is-it}  "),
        ("::: rate {steps=3}", "::: rate {#what-is-it steps=3}"),
    ],
)
def test_a_missing_checkpoint_id_is_written(head: str, after: str, tmp_path: Path) -> None:
    """The id that the message proposes, into the braces or behind the name."""
    text = f"# Start\n\n{head}\n\nWhat is it?\n\n:::\n"
    assert page(tmp_path, text).decode() == text.replace(head, after, 1)
    assert not [p for p in check_course(tmp_path).problems if p.severity == "error"]


@pytest.mark.parametrize(
    ("head", "after"),
    [
        ("```model The shelf", "```model The shelf {#the-shelf}"),
        ("- ~~~~ model The shelf  ", "- ~~~~ model The shelf {#the-shelf}  "),
        ('```model {why="So."}', '```model {#model why="So."}'),
    ],
)
def test_a_model_that_is_played_gets_an_id(head: str, after: str, tmp_path: Path) -> None:
    """What a learner plays is kept under it; a diagram may go without."""
    fence, indent = ("~~~~", "  ") if "~" in head else ("```", "")
    lines = [
        "time 0 to 5 days",
        "stock shelf = 4",
        "flow out from shelf = a",
        "slider a = 1 (0 to 5)",
    ]
    body = "".join(f"{indent}{line}\n" for line in [*lines, fence])
    text = f"# Start\n\n{head}\n{body}\n```loop\na -> b: more\n```\n"
    assert page(tmp_path, text).decode() == text.replace(head, after, 1)
    assert not [p for p in check_course(tmp_path).problems if p.severity == "error"]


def test_an_id_is_unique_in_the_course(tmp_path: Path) -> None:
    """Not one that another page, a heading, a block or a former id has."""
    taken = (
        "::: reflect {#what-is-it}\n\nA\n\n:::\n\n::: rate {#a aliases=what-is-it-2}\n\nB\n\n:::\n"
    )
    asking = "## What is it 3\n\n::: reflect\n\nWhat is it?\n\n:::\n"
    files = mended(tmp_path, {"index.md": taken, "b.md": asking, "c.md": asking})
    assert b"{#what-is-it-4}" in files["b.md"]
    assert b"{#what-is-it-5}" in files["c.md"]


def test_a_translation_gets_the_id_of_what_it_translates(tmp_path: Path) -> None:
    """A learner's words hang on one id in every language, also where none was there before."""
    config = COURSE + "languages: [en, fr]\n"
    original = "# Start\n\n::: reflect\n\nWhat is it?\n\n:::\n"
    french = "# Début\n\n::: reflect\n\nQu’est-ce ?\n\n:::\n"
    unlike = "# B\n\n::: rate\n\nCombien ?\n\n:::\n"
    files = mended(
        tmp_path,
        {"course.yml": config, "index.md": original, "index.fr.md": french,
         "b.md": original.replace("What", "Who"), "b.fr.md": unlike},
    )  # fmt: skip
    assert b"{#what-is-it}" in files["index.md"] and b"{#what-is-it}" in files["index.fr.md"]
    assert files["b.fr.md"] == unlike.encode(), "no guess, where the pages are not alike"


def test_a_checkpoint_in_an_include_is_mended_in_the_include(tmp_path: Path) -> None:
    """The file that wrote it is the file that is changed."""
    files = mended(tmp_path, {"index.md": "::include[_ask.md]\n", "_ask.md": ASKING})
    assert b"{#what-do-you-think}" in files["_ask.md"]
    assert files["index.md"] == b"::include[_ask.md]\n"


def test_a_rule_that_is_off_mends_nothing(tmp_path: Path) -> None:
    """An author who has switched the rule off is not corrected."""
    config = "title: A\nid: a\nrules: {missing-checkpoint-id: off}\n"
    assert (
        mended(tmp_path, {"course.yml": config, "index.md": ASKING})["index.md"] == ASKING.encode()
    )


# The course's id


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A course\nlanguage: en\n", "title: A course\nid: my-course\nlanguage: en\n"),
        ("# About\ntitle: A\n", "# About\ntitle: A\nid: my-course\n"),
        ("title: A", "id: my-course\ntitle: A"),
        ("title: >-\n  A\n  course\n", "id: my-course\ntitle: >-\n  A\n  course\n"),
        ("title: A\n  course\n", "id: my-course\ntitle: A\n  course\n"),
        ("---\nlanguage: en\n", "---\nid: my-course\nlanguage: en\n"),
        ("title: A\nid:\n", "title: A\nid: my-course\n"),
        ("title: A\nid: ''  # later\n", "title: A\nid: my-course  # later\n"),
        ("", "id: my-course\n"),
        ("title: A\r\nlanguage: en\r\n", "title: A\r\nid: my-course\r\nlanguage: en\r\n"),
    ],
)
def test_the_course_gets_an_id_of_its_folder(before: str, after: str, tmp_path: Path) -> None:
    """One line is added or filled in; the rest of course.yml stays byte for byte."""
    course = write_course(
        tmp_path / "My course", {"course.yml": before.encode(), "index.md": ASKED}
    )
    list(fix_course(course))
    assert (course / "course.yml").read_bytes() == after.encode()
    assert check_course(course).course.config.id == "my-course"


@pytest.mark.parametrize("config", ["{title: A}\n", "title: [\n", "- a\n", "title: A: B\n"])
def test_a_config_that_is_not_understood_is_left_alone(config: str, tmp_path: Path) -> None:
    """What cannot be read, or is written in braces, is not touched."""
    found = mended(tmp_path, {"course.yml": config, "index.md": ASKED})
    assert found["course.yml"] == config.encode()


def test_no_config_is_made(tmp_path: Path) -> None:
    """A plain folder stays one, and `content` is called after the folder around it."""
    plain = write_course(tmp_path / "plain", {"index.md": ASKED})
    assert list(fix_course(plain)) == []
    inner = write_course(
        tmp_path / "bakery" / "content",
        {"course.yml": "title: A\n", "index.md": ASKED},
    )
    list(fix_course(inner))
    assert "id: bakery" in (inner / "course.yml").read_text()


# Double brackets


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See [[b]].", "See [The *b* page](b.md)."),
        ("See [[b|that page]].", "See [that page](b.md)."),
        ("See [[ b | that ]].", "See [that](b.md)."),
        ("See [[b#part]].", "See [The *b* page](b.md#part)."),
        ("[[b]] and [[b|b]]", "[The *b* page](b.md) and [b](b.md)"),
        ("See [[sub/c]].", "See [C](sub/c.md)."),
        ("See [[sub]].", "See [Sub](sub/index.md)."),
        ("See [[odd name (1)]].", "See [Odd](odd%20name%20%281%29.md)."),
        ("See [[größe]].", "See [Größe](größe.md)."),
        ("See [[nowhere]].", "See [[nowhere]]."),
        ("`[[b]]` and ![[b]]", "`[[b]]` and ![[b]]"),
        ("```\n[[b]]\n```", "```\n[[b]]\n```"),
        ("    [[b]]", "    [[b]]"),
        ("| a |\n|---|\n| [[b\\|x]] [[b\\|x]] |", "| a |\n|---|\n| [x](b.md) [x](b.md) |"),
        ("> Some\n> [[b|b]]", "> Some\n> [b](b.md)"),
        ("## [[b|b]] {#id}", "## [[b|b]] {#id}"),
        ("[^1]\n\n[^1]: See [[b|b]].", "[^1]\n\n[^1]: See [b](b.md)."),
    ],
)
def test_double_brackets_become_links(before: str, after: str, tmp_path: Path) -> None:
    """With the page's title and its path from the file; in code and to nowhere they stay."""
    files: dict[str, str | bytes] = {
        "index.md": f"# Start\n\n{before}\n",
        "b.md": "---\ntitle: The *b* page\n---\n\n## Part\n",
        "sub/c.md": "# C\n\n[[b]] [[index|home]]\n",
        "sub/index.md": "# Sub\n",
        "odd name (1).md": "# Odd\n",
        "größe.md": "# Größe\n",
    }
    found = mended(tmp_path, files)
    expected = after.replace("[The *b* page]", r"[The \*b\* page]")
    assert found["index.md"].decode() == f"# Start\n\n{expected}\n"
    assert found["sub/c.md"].decode() == "# C\n\n[The \\*b\\* page](../b.md) [home](../index.md)\n"


def test_an_option_in_double_brackets_keeps_its_braces(tmp_path: Path) -> None:
    """Its id and condition are the link's afterwards: the graph is the same."""
    before = "::: choices {#x}\n\n- [[b]] {#go when=\"visited('b')\"}\n- [[b|Run]]\n\n:::\n"
    files: dict[str, str | bytes] = {"index.md": before, "b.md": "# B\n"}
    was = check_course(write_course(tmp_path, {"course.yml": COURSE, **files})).course
    found = mended(tmp_path, files)["index.md"].decode()
    assert "- [B](b.md){#go when=\"visited('b')\"}\n- [Run](b.md)\n" in found
    now = check_course(tmp_path).course
    titles = {page.id: page.title for page in was.pages}
    told = [
        [(e.target, e.type, e.label or titles[e.target], e.when) for e in c.edges]
        for c in (was, now)
    ]
    assert told[0] == told[1]
    assert [o.id for o in now.blocks["x"].block.options] == ["go", ""]


# Blank lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Text\n::: hint\nMore\n:::\nText", "Text\n\n::: hint\n\nMore\n\n:::\n\nText"),
        ("::: hint\n::: note\nA\n:::\n:::", "::: hint\n\n::: note\n\nA\n\n:::\n\n:::"),
        ("> ::: hint\n> A\n> :::\n> B", "> ::: hint\n>\n> A\n>\n> :::\n>\n> B"),
        ("```\n::: hint\nA\n:::\n```", "```\n::: hint\nA\n:::\n```"),
        ("~~~~ md\n::: hint\nA\n~~~\n:::\n~~~~", "~~~~ md\n::: hint\nA\n~~~\n:::\n~~~~"),
        ("<!--\n::: hint\n-->", "<!--\n::: hint\n-->"),
        ("    ::: hint\n    A", "    ::: hint\n    A"),
        ("- a\n  ::: hint\n  b\n  :::\n- c", "- a\n  ::: hint\n  b\n  :::\n- c"),
        ("Text\n::map\nText", "Text\n::map\nText"),
    ],
    ids=range(9),
)
def test_blank_lines_stand_around_fences(before: str, after: str, tmp_path: Path) -> None:
    """Outside code, and only where the page stays what it is: a tight list stays tight."""
    head = "---\ntitle: A\n---\n"
    assert page(tmp_path, f"{head}{before}\n").decode() == f"{head}{after}\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_the_mark_stay(end: str, mark: bytes, tmp_path: Path) -> None:
    """Every byte outside the edits is as it was, trailing spaces and a missing last end too."""
    text = "# S  \n\nA [[b|b]]\t\n::: reflect\nWhat is it?\n:::\nEnd"
    after = "# S  \n\nA [b](b.md)\t\n\n::: reflect {#what-is-it}\n\nWhat is it?\n\n:::\n\nEnd"
    found = page(tmp_path, mark + text.replace("\n", end).encode(), b="# B\n")
    assert found == mark + after.replace("\n", end).encode()


@pytest.mark.parametrize("data", ["Größe\n::: hint\nA\n:::\n".encode("cp1252"),
                                  "A\n::: hint\nA\n:::\n".encode("utf-16")])  # fmt: skip
def test_a_file_that_is_not_utf_8_is_left_alone(data: bytes, tmp_path: Path) -> None:
    """Its bytes are doubtful, so nothing in it is safe."""
    assert page(tmp_path, data) == data


PIECES = st.sampled_from(
    ["Text", "", "::: hint", ":::", "::: note A", "- item", "  more", "> quote", "> ::: hint",
     "> :::", "```", "~~~", "    code", "::: reflect", "::: when a", "# H", "[[b]]", "$$", "<div>",
     "</div>", "| a |", "|---|", "1. one", "  ::: hint", "  :::", "[^1]: note",
     "::: choices\n- [[b]] {#x}\n:::", "\t::: hint", "- ::: hint", "::include[_x.md]"]
)  # fmt: skip


@given(lines=st.lists(PIECES, max_size=14), end=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=80)
def test_mending_is_done_once_and_for_all(
    lines: list[str], end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On any page a second run changes nothing, and no error is there that was not before."""
    folder = tmp_path_factory.mktemp("any")
    files: dict[str, str | bytes] = {
        "index.md": "\n".join(lines).replace("\n", end).encode(),
        "b.md": "# B\n",
    }
    write_course(folder, {"course.yml": COURSE, **files})

    def errors() -> dict[str, int]:
        rules = [p.rule for p in check_course(folder).problems if p.severity == "error"]
        return {rule: rules.count(rule) for rule in rules}

    before = errors()
    mended(folder, files)
    for rule, count in errors().items():
        assert count <= before.get(rule, 0), rule


@given(lines=st.lists(PIECES.filter(lambda p: "[[" not in p and p != "::: reflect"), max_size=14))
@settings(max_examples=80)
def test_blank_lines_change_no_page(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Where only blank lines are to be mended, the page that is built is the same."""
    folder = tmp_path_factory.mktemp("any")
    text = "\n".join(lines).encode()
    found = mended(folder, {"index.md": text})["index.md"]
    assert _said("index.md", SourceText(text), []) == _said("index.md", SourceText(found), [])
    kept = [line for line in found.decode().split("\n") if line.strip(" >")]
    assert kept == [line for line in text.decode().split("\n") if line.strip(" >")]


# The command


def test_what_was_done_is_told(tmp_path: Path, learnpath: CommandLine) -> None:
    """`fixed: path:line what` for each, then the problems that are left."""
    course = write_course(
        tmp_path / "bakery",
        {"course.yml": "title: A\n", "index.md": ASKING + "\n[x](no.md) [[index|i]]\n"},
    )
    ran = learnpath("check", "--fix", course)
    assert ran.code == 1
    assert ran.out.splitlines()[:3] == [
        "fixed: course.yml:2 gave the course the id 'bakery'; it keys learners' words, "
        "so keep it for ever",
        "fixed: index.md:3 gave the checkpoint the id 'what-do-you-think'",
        "fixed: index.md:9 wrote [[index|i]] as a link to index.md",
    ]
    assert "[broken-link]" in ran.err and "[missing-checkpoint-id]" not in ran.err
    again = learnpath("check", "--fix", course)
    assert "fixed" not in again.out


def test_with_json_it_is_told_on_standard_error(tmp_path: Path, learnpath: CommandLine) -> None:
    """Standard output stays the one document."""
    course = write_course(tmp_path, {"course.yml": COURSE, "index.md": ASKING})
    ran = learnpath("check", "--fix", "--format", "json", course)
    assert ran.out.startswith("{") and "fixed:" not in ran.out
    assert "fixed: index.md:3" in ran.err


def test_check_alone_changes_nothing(tmp_path: Path, learnpath: CommandLine) -> None:
    """Without `--fix` no byte is touched."""
    course = write_course(tmp_path, {"course.yml": COURSE, "index.md": ASKING})
    before = files_in(course)
    learnpath("check", course)
    assert files_in(course) == before


def test_a_file_that_cannot_be_written_ends_with_3(
    tmp_path: Path, learnpath: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, it is as it was, and nothing lies beside it."""
    course = write_course(tmp_path, {"course.yml": COURSE, "index.md": ASKING})
    before = files_in(course)

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refused)
    ran = learnpath("check", "--fix", course)
    assert ran.code == 3
    assert "index.md" in ran.err and "Permission denied" in ran.err and "Traceback" not in ran.err
    assert files_in(course) == before


def test_a_read_only_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replacing needs the folder's permission alone; the file's own is asked all the same."""
    path = tmp_path / "a.md"
    path.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match=r"a\.md.*Permission denied"):
        replace_file(path, b"new")
    assert path.read_text() == "old"


def test_replacing_keeps_permissions_and_links(tmp_path: Path) -> None:
    """A link goes on leading to its file, which keeps its mode."""
    path, link = tmp_path / "a.md", tmp_path / "link.md"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    replace_file(link, b"new")
    assert path.read_bytes() == b"new" and link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
