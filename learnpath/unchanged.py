"""Nothing changed since the last build: found out by looking at the files, without reading them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct

from learnpath.cache import (
    FOLDER,
    Signature,
    digest,
    read_json,
    salt,
    signature,
    signatures,
    write_json,
)
from learnpath.contents import Look, left_at
from learnpath.filenames import MANIFEST_NAME, SKIPPED_FOLDERS, themes_folder
from learnpath.problems import Problem, Severity
from learnpath.results import BuildResult, CheckResult
from learnpath.write import Written, is_interrupted

Row = list[Any]
_UNSURE: Signature = (0, 0, 0, 0)


class _Seen(Struct, frozen=True):
    """What the last build saw, and what it came to."""

    stamp: str
    inputs: dict[str, Signature]
    outputs: dict[str, Look]
    problems: list[Row]
    keys: dict[str, str]
    assets: list[Row]
    pages: int
    checkpoints: int


_NOTHING = _Seen("", {}, {}, [], {}, [], 0, 0)
"""Of a build that is not known, or was another program's."""


class LastBuild:
    """What the last build into one folder saw, and what it came to."""

    def __init__(self, root: Path, output: Path, stamp: str) -> None:
        self._root, self._output, self._stamp = root, output, stamp
        name = digest(os.fsencode(output.absolute()))[:16]
        self._path = root / FOLDER / f"last-{name}.json"
        self._inputs: dict[str, Signature] | None = None
        self._is_asked = False
        self._result: CheckResult | None = None
        seen = read_json(self._path, _Seen)
        self._seen = seen if seen is not None and seen.stamp == stamp else _NOTHING

    def result(self) -> CheckResult | None:
        """What the last build found, where every file is still as it saw and left it."""
        if not self._is_asked:
            self._is_asked, self._result = True, self._unchanged()
        return self._result

    def _unchanged(self) -> CheckResult | None:
        seen = self._seen
        if seen is _NOTHING or is_interrupted(self._output):
            return None
        try:
            if seen.inputs != self.inputs() or not self.is_whole():
                return None
            problems = self.problems()
        except (TypeError, ValueError, OSError):
            return None
        return CheckResult(problems, seen.pages, seen.checkpoints, not_read)

    def is_whole(self) -> bool:
        """Whether every file of the site is as it was left."""
        site = f"{self._output}{os.sep}"
        try:
            return all(left_at(site + name) == left for name, left in self.looks.items())
        except OSError:
            return False

    @property
    def looks(self) -> Mapping[str, Look]:
        """What each file of the site looked like when it was written, as far as that is known."""
        return self._seen.outputs

    def look(self, file: str) -> Look | None:
        """The same of one file; None where that is not known."""
        return self.looks.get(file)

    def rewritten(self) -> frozenset[str] | None:
        """The pages that are all that changed since the last build; None where more may have."""
        seen = self._seen
        if seen is _NOTHING or is_interrupted(self._output):
            return None
        try:
            now = self.inputs()
        except OSError:
            return None
        if seen.inputs.keys() != now.keys():
            return None
        changed = frozenset(path for path, row in now.items() if row != seen.inputs[path])
        return changed if changed <= seen.keys.keys() else None

    def key(self, source: str) -> str:
        """Under which key the last build kept a page."""
        return self.keys()[source]

    def keys(self) -> Mapping[str, str]:
        """The keys of all pages, by their source."""
        return self._seen.keys

    def assets(self) -> list[Row]:
        """The author's files that the site has, as they were saved."""
        return self._seen.assets

    def is_manifest_whole(self) -> bool:
        """Whether the site's list of its files is the one that the last build wrote."""
        try:
            left = left_at(os.path.join(self._output, MANIFEST_NAME))
        except OSError:
            return False
        return left == self.look(MANIFEST_NAME)

    def problems(self) -> tuple[Problem, ...]:
        """What the last build told."""
        return tuple(_problem(row) for row in self._seen.problems)

    @property
    def pages(self) -> int:
        return self._seen.pages

    @property
    def checkpoints(self) -> int:
        return self._seen.checkpoints

    @property
    def files(self) -> int:
        return len(self.looks) - 1

    def inputs(self) -> dict[str, Signature]:
        """Every file of the course as it was when this was first asked."""
        if self._inputs is None:
            found = _files(str(self._root), "")
            self._inputs = {_in_unicode(path): row for path, row in found}
        return self._inputs

    def save(
        self,
        result: CheckResult,
        outputs: Iterable[str],
        keys: Mapping[str, str],
        assets: Iterable[Row],
        settled: int,
        same: Mapping[str, Look] | None = None,
    ) -> None:
        """Remember a build; `same` are the files that it let be, with what they looked like when
        they were written. What was touched after `settled` may still change within the same tick
        of the clock, and is looked at again. Raises OSError where that cannot be written."""
        same = same or {}
        site = f"{self._output}{os.sep}"
        seen = _Seen(
            self._stamp,
            {
                path: row if row[1] < settled and row[2] < settled else _UNSURE
                for path, row in self.inputs().items()
            },
            {name: same.get(name) or left_at(site + name) for name in (*outputs, MANIFEST_NAME)},
            [_row(problem) for problem in result.problems],
            dict(keys),
            list(assets),
            result.pages,
            result.checkpoints,
        )
        write_json(self._path, seen)


class Memory:
    """All that earlier builds of one course into one folder left, by the options they had."""

    def __init__(self, source: Path, output: Path, *, drafts: bool, base_url: str) -> None:
        self._begun = time.perf_counter()
        self.source, self.output = source, output
        self.salt = salt()
        self.spare = source / FOLDER / "spare-site"
        options = repr((drafts, base_url))
        stamp = digest(self.salt.encode(), options.encode(), theme_signature().encode())
        self.last = LastBuild(source, output, stamp)

    def unchanged(self) -> BuildResult | None:
        """What a build comes to that has nothing to do; None where there is something.

        The course itself was not read for it.
        """
        found = self.last.result()
        if found is None:
            return None
        files = Written(0, self.last.files, 0)
        seconds = time.perf_counter() - self._begun
        return BuildResult(found, self.output, found.pages, 0, files, seconds)


def _files(root: str, folder: str) -> Iterable[tuple[str, Signature]]:
    with os.scandir(os.path.join(root, folder)) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith("."):
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not entry.is_dir():
                yield path, signature(entry.stat())
            elif entry.name not in SKIPPED_FOLDERS and not os.path.exists(
                os.path.join(entry.path, MANIFEST_NAME)
            ):
                if entry.is_symlink():
                    raise OSError("a folder that is a link is read, not looked at")
                yield from _files(root, path)


def _row(problem: Problem) -> Row:
    return [
        problem.rule, str(problem.severity), problem.path, problem.line, problem.column,
        problem.message, problem.hint, dict(problem.extra),
    ]  # fmt: skip


def _in_unicode(path: str) -> str:
    """A path as it can be written down; one that is not UTF-8 is no page's and no asset's, but it
    is told of."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return f"\0{os.fsencode(path).hex()}"
    return path


def _problem(row: Row) -> Problem:
    rule, severity, *rest = row
    return Problem(rule, Severity(severity), *rest)


def not_read() -> NoReturn:
    raise LookupError("the course was not read")


def theme_signature() -> str:
    """A digest of every theme's files, by size and time."""
    return digest(repr(signatures(themes_folder())).encode())
