"""Nothing changed since the last build: found out by looking at the files, without reading them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

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
from learnpath.filenames import MANIFEST_NAME, SKIPPED_FOLDERS, themes_folder
from learnpath.problems import Problem, Severity
from learnpath.results import BuildResult, CheckResult
from learnpath.write import Written, is_interrupted

Row = list[Any]
_UNSURE: Signature = (0, 0, 0, 0)


class LastBuild:
    """What the last build into one folder saw, and what it came to."""

    def __init__(self, root: Path, output: Path, stamp: str) -> None:
        self._root, self._output, self._stamp = root, output, stamp
        name = digest(os.fsencode(output.absolute()))[:16]
        self._path = root / FOLDER / f"last-{name}.json"
        self._inputs: dict[str, Signature] | None = None
        self._is_asked = False
        self._result: CheckResult | None = None
        data = read_json(self._path)
        self._data: dict[str, Any] = data if isinstance(data, dict) else {}

    def result(self) -> CheckResult | None:
        """What the last build found, where every file is still as it saw and left it."""
        if not self._is_asked:
            self._is_asked, self._result = True, self._unchanged()
        return self._result

    def _unchanged(self) -> CheckResult | None:
        try:
            if self._data["stamp"] != self._stamp or is_interrupted(self._output):
                return None
            if self._data["inputs"] != _rows(self.inputs()) or not self.is_whole():
                return None
            problems = self.problems()
            pages, checkpoints = int(self._data["pages"]), int(self._data["checkpoints"])
        except (KeyError, TypeError, ValueError, OSError):
            return None
        return CheckResult(problems, pages, checkpoints, not_read)

    def is_whole(self) -> bool:
        """Whether every file of the site is as it was left."""
        try:
            return all(
                left_at(os.path.join(self._output, name)) == tuple(row)
                for name, row in self._data["outputs"].items()
            )
        except OSError:
            return False

    @cached_property
    def lefts(self) -> dict[str, tuple[int, ...]]:
        """What each file of the site looked like when it was written, as far as that is known."""
        outputs = self._data.get("outputs") if self._data.get("stamp") == self._stamp else None
        found = outputs if isinstance(outputs, dict) else {}
        return {file: tuple(row) for file, row in found.items() if isinstance(row, list)}

    def left(self, file: str) -> tuple[int, ...] | None:
        """The same of one file; None where that is not known."""
        return self.lefts.get(file)

    def rewritten(self) -> frozenset[str] | None:
        """The pages that are all that changed since the last build; None where more may have."""
        try:
            if self._data["stamp"] != self._stamp or is_interrupted(self._output):
                return None
            before = {path: row for path, *row in self._data["inputs"]}
            now = {path: list(row) for path, row in self.inputs().items()}
            if before.keys() != now.keys():
                return None
            changed = frozenset(path for path, row in now.items() if row != before[path])
            return changed if changed <= self._data["keys"].keys() else None
        except (KeyError, TypeError, ValueError, OSError, AttributeError):
            return None

    def key(self, source: str) -> str:
        """Under which key the last build kept a page."""
        return str(self._data["keys"][source])

    def keys(self) -> dict[str, str]:
        """The keys of all pages, by their source."""
        return {source: str(key) for source, key in self._data["keys"].items()}

    def assets(self) -> list[Row]:
        """The author's files that the site has, as they were saved."""
        return list(self._data["assets"])

    def is_manifest_whole(self) -> bool:
        """Whether the site's list of its files is the one that the last build wrote."""
        try:
            left = left_at(os.path.join(self._output, MANIFEST_NAME))
        except OSError:
            return False
        return left == self.left(MANIFEST_NAME)

    def problems(self) -> tuple[Problem, ...]:
        """What the last build told."""
        return tuple(_problem(row) for row in self._data["problems"])

    @property
    def pages(self) -> int:
        return int(self._data["pages"])

    @property
    def checkpoints(self) -> int:
        return int(self._data["checkpoints"])

    @property
    def files(self) -> int:
        return len(self._data["outputs"]) - 1

    def inputs(self) -> dict[str, Signature]:
        """Every file of the course as it was when this was first asked."""
        if self._inputs is None:
            self._inputs = dict(_files(str(self._root), ""))
        return self._inputs

    def save(
        self,
        result: CheckResult,
        outputs: Iterable[str],
        keys: Mapping[str, str],
        assets: Iterable[Row],
        is_settled: Callable[[Signature], bool],
        same: Mapping[str, tuple[int, ...]] | None = None,
    ) -> None:
        """Remember a build; `same` are the files that it let be, with what they looked like when
        they were written. Raises OSError where that cannot be written."""
        inputs, same = self.inputs(), same or {}
        left = f"{self._output}{os.sep}"
        document = {
            "stamp": self._stamp,
            # What may still change within the same tick of the clock is looked at again.
            "inputs": _rows({p: row if is_settled(row) else _UNSURE for p, row in inputs.items()}),
            "outputs": {
                name: same.get(name) or left_at(left + name) for name in (*outputs, MANIFEST_NAME)
            },
            "problems": [_row(problem) for problem in result.problems],
            "keys": dict(keys),
            "assets": list(assets),
            "pages": result.pages,
            "checkpoints": result.checkpoints,
        }
        write_json(self._path, document)


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


def left_at(path: str) -> tuple[int, int, int]:
    """What tells whether a file of the site was touched; a further link to it does not count."""
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns, status.st_ino


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


def _rows(inputs: dict[str, Signature]) -> list[Row]:
    return [[path, *row] for path, row in inputs.items()]


def _row(problem: Problem) -> Row:
    return [
        problem.rule, str(problem.severity), problem.path, problem.line, problem.column,
        problem.message, problem.hint, dict(problem.extra),
    ]  # fmt: skip


def _problem(row: Row) -> Problem:
    rule, severity, *rest = row
    return Problem(rule, Severity(severity), *rest)


def not_read() -> Any:
    raise LookupError("the course was not read")


def theme_signature() -> str:
    """A digest of every theme's files, by size and time."""
    return digest(repr(signatures(themes_folder())).encode())
