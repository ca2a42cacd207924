"""Worksheets: `ladder`, `left-hand-column`, `predict-observe-explain` and `then-now`."""

from __future__ import annotations

from pathlib import Path

import pytest

from learnpath.build import build_site, check_course
from learnpath.fix import fix_course
from learnpath.markdown.worksheets import PARTS
from learnpath.theme import Theme
from support import CommandLine, write_course

FRONT = "---\nending: true\n---\n\n"
ALL = """\
::: ladder {#late why="It will come back." aliases="tardy"}

Something that you are *sure* of.

:::

::: left-hand-column {#talk}
:::

::: predict-observe-explain {#loaf}

What does it weigh when it has cooled?

- More {#more}
- Less {#less}

::: observe

Less: 930 g.

:::

:::

::: then-now {#again of="late-concluded"}

And today?

:::
"""


def course(tmp_path: Path, text: str, config: str = "") -> Path:
    files: dict[str, str | bytes] = {
        "course.yml": f"title: C\nid: c\n{config}",
        "index.md": FRONT + text,
    }
    return write_course(tmp_path / "course", files)


def test_each_part_is_a_plain_checkpoint_under_an_id_that_stays(tmp_path: Path) -> None:
    """The worksheet's id and the part's name; kinds as if they had been written one by one."""
    result = check_course(course(tmp_path, ALL))
    assert not result.problems
    found = {i: home.checkpoint for i, home in result.course.checkpoints.items()}
    sheets = {"late": "ladder", "talk": "left-hand-column", "loaf": "predict-observe-explain"}
    sheets["again"] = "then-now"
    assert list(found) == [f"{i}-{part}" for i, name in sheets.items() for part in PARTS[name]]
    kinds = {found[i].kind for i in found if i.startswith(("late", "talk"))}
    assert kinds == {"reflect"}
    assert found["loaf-predicted"].kind == "predict"
    assert [option.id for option in found["loaf-predicted"].options] == ["more", "less"]
    assert [after.kind for after in found["loaf-predicted"].after] == ["reveal"]
    assert (found["again-now"].kind, found["again-now"].of) == ("revisit", "late-concluded")
    assert found["again-now"].prompt_text == "And today?"
    assert found["late-concluded"].why == "It will come back."
    assert found["late-assumed"].why == ""
    assert found["late-assumed"].aliases == ("tardy-assumed",)


def test_conditions_and_the_ledger_know_the_parts(tmp_path: Path, learnpath: CommandLine) -> None:
    """As they know any checkpoint; a part that vanishes orphans answers."""
    asks = "answer('loaf-predicted') == 'less' and answered('tardy-assumed')"
    root = course(tmp_path, f"{ALL}\n::: when {asks}\n\nYes.\n\n:::\n")
    assert not check_course(root).problems
    assert learnpath("freeze", root).code == 0
    text = (root / "index.md").read_text()
    (root / "index.md").write_text(text.replace("left-hand-column {#talk}", "details Talk"))
    told = [p.message for p in check_course(root).problems if p.rule == "orphaned-answers"]
    assert len(told) == 3
    assert "'talk-said'" in told[0]


def test_the_authors_own_questions_stand_for_ours(tmp_path: Path) -> None:
    """A list in a ladder or a left-hand column is what is asked, each item under its own id."""
    text = "::: ladder {#l}\n\nDown:\n\n- I *believe* … {#believe}\n- I saw … {#saw}\n\n:::\n"
    result = check_course(course(tmp_path, text))
    assert not result.problems
    prompts = {i: h.checkpoint.prompt_text for i, h in result.course.checkpoints.items()}
    assert prompts == {"l-believe": "I believe …", "l-saw": "I saw …"}


def test_it_asks_in_the_language_of_the_page(tmp_path: Path) -> None:
    """The theme's words for it exist in every language that it has."""
    root = course(tmp_path, "::: ladder {#l}\n:::\n", "language: de\n")
    found = check_course(root).course.checkpoints["l-assumed"].checkpoint.prompt_text
    assert found == "Was haben Sie auf dem Weg dorthin vorausgesetzt?"
    strings = Theme("default").strings("ar")
    for name, parts in PARTS.items():
        wanted = parts[1:] if name == "predict-observe-explain" else parts
        assert all(strings.text(f"worksheet.{name}.{part}") for part in ("name", *wanted))


def test_without_scripts_and_on_paper_all_of_it_is_there(tmp_path: Path) -> None:
    """Each question with lines to write on, the observation in something to unfold."""
    root = course(tmp_path, ALL)
    build_site(root, tmp_path / "site", jobs=1)
    html = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert html.count('<div class="lines"') == 12
    assert html.count('role="group" aria-labelledby="late-name"') == 1
    assert "<summary>See what happens</summary>" in html
    assert html.index("Less: 930 g.") < html.index('id="loaf-observed"')


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_worksheet_without_an_id_gets_one(name: str, tmp_path: Path) -> None:
    """It is told with a proposal, and `check --fix` writes it."""
    of = ' {of="first"}' if name == "then-now" else ""
    text = f"::: reflect {{#first}}\n\nWhat?\n\n:::\n\n::: {name} About rain{of}\n\nRain.\n\n:::\n"
    root = course(tmp_path, text)
    told = [p for p in check_course(root).problems if p.rule == "missing-checkpoint-id"]
    assert [p.hint for p in told] == [f"write ::: {name} {{#about-rain}}"]
    list(fix_course(root))
    assert not check_course(root).problems
    assert "about-rain-" + PARTS[name][0] in check_course(root).course.checkpoints


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("::: then-now {#a}\n\nWhat?\n\n:::", "unknown-checkpoint"),
        ('::: then-now {#a of="nobody"}\n\nWhat?\n\n:::', "unknown-checkpoint"),
        ("::: observe\n\nIt rains.\n\n:::", "unknown-directive"),
        ('::: ladder {#a steps="3"}\n:::', "unknown-key"),
        ("::: ladder {#a}\n\n- One {#x}\n- Two {#x}\n\n:::", "duplicate-id"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, rule: str, tmp_path: Path) -> None:
    """And the page is made all the same."""
    first = "::: reflect {#first}\n\nWhat?\n\n:::\n\n"
    problems = check_course(course(tmp_path, first + text)).problems
    assert rule in {p.rule for p in problems}
    assert all(p.line for p in problems)
