"""What a learner loads for one page, counted: it does not grow with the course."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import write_corpus
from learnpath import build_site
from weight import content_pages, first_view

MOST, REQUESTS = 25 * 1024, 5
"""Packed bytes, and the page, a style sheet and at most three scripts."""


@pytest.fixture(scope="module", params=(40, 400))
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course and one ten times as large."""
    folder = tmp_path_factory.mktemp("weight")
    write_corpus(folder / "course", request.param)
    return build_site(folder / "course", folder / "site", cached=False).output


def test_the_first_view_of_a_page_does_not_grow(site: Path) -> None:
    """Every content page, with questions and choices, at both sizes of course."""
    for file in content_pages(site):
        view = first_view(site, file)
        assert sum(view.values()) <= MOST, (file, view)
        assert len(view) <= REQUESTS, (file, view)


def test_pages_for_learners_words_do_not_grow(site: Path) -> None:
    """The journal, the trail and the plan look up the pages that a learner's words are about."""
    for name in ("journal.html", "trail.html", "plan.html", "search.html"):
        assert len((site / name).read_bytes()) < 14_000, name


def test_what_only_some_pages_need_only_they_load(site: Path) -> None:
    """The map's and the search's styles and scripts, and nothing of their data at first."""
    page = " ".join(first_view(site, content_pages(site)[0]))
    assert "/map." not in page and "search" not in page
    for name in ("map", "search"):
        own = [file for file in first_view(site, f"{name}.html") if f"assets/{name}." in file]
        assert len(own) == 2, own
    assert "assets/search/" not in " ".join(first_view(site, "search.html"))
