"""Fixtures for every test."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from browsers import chromium_started
from learnpath import BuildResult, build_site
from support import Built, CommandLine

settings.register_profile(
    "learnpath",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("learnpath")


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where templates are kept once they are compiled, apart from what users have."""
    folder = tmp_path_factory.mktemp("compiled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "learnpath.templates.cache_from_source", lambda _: str(folder / "templates.pyc")
        )
        yield folder


@pytest.fixture
def learnpath(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line, run in this process."""
    return CommandLine(capsys)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a process: Playwright cannot be started twice in one."""
    with chromium_started() as browser:
        yield browser


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site of a course folder, built once for all tests that only look at it."""

    @cache
    def build(course: Path) -> BuildResult:
        return build_site(course, tmp_path_factory.mktemp("built") / "site", jobs=1)

    return build
