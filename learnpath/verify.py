"""A build held against one from nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from learnpath.build import build_site
from learnpath.results import BuildResult
from learnpath.write import read_manifest


def differences(source: Path, result: BuildResult, **options: Any) -> list[str]:
    """What differs between a site and one built anew: file names, and `problems`."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = build_site(source, Path(folder) / "site", cached=False, **options)
        found = [
            name
            for name in sorted({*read_manifest(result.output), *read_manifest(fresh.output)})
            if _bytes(result.output / name) != _bytes(fresh.output / name)
        ]
    return found + (["problems"] if fresh.checked.problems != result.checked.problems else [])


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
