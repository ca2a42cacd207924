"""Browsers, started once; sites, built once; learners, each with storage of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from browser.learner import Learner
from browser.mishaps import both_revisions
from browser.places import SAMPLE, SMALL, Site, site_of

NewLearner = Callable[..., Learner]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample course, built and served."""
    with site_of(SAMPLE, tmp_path_factory.mktemp("sample")) as site:
        yield site


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The course of this folder, with every feature on few pages, built and served."""
    with site_of(SMALL, tmp_path_factory.mktemp("small")) as site:
        yield site


@pytest.fixture(scope="session")
def revisions(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The small course as it was published, and as it was published again."""
    return both_revisions(tmp_path_factory.mktemp("revisions"))


@pytest.fixture(params=("folder", "disk"))
def place(request: pytest.FixtureRequest) -> str:
    """The two places that differ most; `everywhere` adds the root of a host."""
    return str(request.param)


@pytest.fixture
def new_learner(chromium: Browser) -> Iterator[NewLearner]:
    """Makes learners at a site's address. What went wrong at any of theirs fails the test."""
    learners: list[Learner] = []

    def make(base: str, **settings: Any) -> Learner:
        scripted = settings.get("java_script_enabled", True)
        learner = Learner(chromium.new_context(**settings), base, scripted=scripted)
        learners.append(learner)
        return learner

    yield make
    for learner in learners:
        learner.context.close()
    troubles = [trouble for learner in learners for trouble in learner.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def learner(new_learner: NewLearner, small: Site, place: str) -> Learner:
    """A learner new to the small course, at the place."""
    return new_learner(small.addresses[place])


@pytest.fixture
def visitor(new_learner: NewLearner, small: Site) -> Learner:
    """A learner new to the small course, at the root of a host."""
    return new_learner(small.addresses["root"])


@pytest.fixture
def reader(new_learner: NewLearner, small: Site) -> Learner:
    """Somebody without JavaScript at the small course."""
    return new_learner(small.addresses["root"], java_script_enabled=False)
