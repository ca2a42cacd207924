"""`learnpath new`: each template is a small real course that checks clean and explains itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from learnpath.build import check_course
from learnpath.scaffold import template_names
from support import CommandLine, text_of

DESIGNS = ("case-library", "inquiry", "scenario", "workshop")


def test_there_is_a_template_for_each_design() -> None:
    """A plain one, and one for each way of teaching that the documentation names."""
    assert template_names() == tuple(sorted((*DESIGNS, "course")))


@pytest.mark.parametrize("template", template_names())
def test_a_template_checks_clean_and_builds(
    template: str, tmp_path: Path, learnpath: CommandLine
) -> None:
    """With `--strict`, the states searched, as a site and as a facilitator's guide."""
    course = tmp_path / "my-course"
    assert learnpath("new", str(course), "--template", template).code == 0
    ran = learnpath("check", str(course), "--strict")
    assert ran.code == 0, ran.err
    assert learnpath("build", str(course), "-o", str(tmp_path / "site"), "--strict").code == 0
    assert learnpath("export", "guide", str(course), "-o", str(tmp_path / "guide")).code == 0


@pytest.mark.parametrize("template", template_names())
def test_simulated_learners_come_to_every_page(
    template: str, tmp_path: Path, learnpath: CommandLine
) -> None:
    """Nobody is ever stuck, and no page is there for nothing."""
    learnpath("new", str(tmp_path / "c"), "--template", template)
    ran = learnpath("rehearse", str(tmp_path / "c"), "--runs", "200", "--seed", "1")
    assert ran.code == 0, ran.err


@pytest.mark.parametrize("template", DESIGNS)
def test_a_template_explains_itself(template: str, tmp_path: Path, learnpath: CommandLine) -> None:
    """Most of its pages say how they are made, and the first one does."""
    learnpath("new", str(tmp_path / "c"), "--template", template)
    pages = check_course(tmp_path / "c").course.pages
    told = [p.id for p in pages if "page is made" in (tmp_path / "c" / p.source).read_text("utf-8")]
    assert "index" in told
    assert len(told) >= len(pages) / 2


def test_what_a_workshop_says_to_its_leader_is_in_the_guide_alone(
    tmp_path: Path, learnpath: CommandLine
) -> None:
    """Its notes add up to ninety minutes there, and are nowhere on the site."""
    learnpath("new", str(tmp_path / "c"), "--template", "workshop")
    learnpath("export", "guide", str(tmp_path / "c"), "-o", str(tmp_path / "guide"))
    learnpath("build", str(tmp_path / "c"), "-o", str(tmp_path / "site"))
    front = text_of((tmp_path / "guide/index.html").read_text("utf-8"))
    assert "about 90 minutes" in front
    assert "Chairs in a ring" in (tmp_path / "guide/the-room.html").read_text("utf-8")
    assert not (tmp_path / "site/the-room.html").exists()
