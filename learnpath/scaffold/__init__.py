"""`learnpath new`: a small real course to begin from. Each folder beside this file is one."""

from __future__ import annotations

import re
from pathlib import Path

_HERE = Path(__file__).parent
_ID_LINE = re.compile(r"^id: .*$", re.MULTILINE)


class ScaffoldError(Exception):
    """A course cannot be made there; the message says why."""


def template_names() -> tuple[str, ...]:
    return tuple(sorted(p.parent.name for p in _HERE.glob("*/course.yml")))


def new_course(folder: Path, template: str) -> list[str]:
    """Write the template into `folder`; its id is made of the folder's name. Never overwrites."""
    origin = _HERE / template
    files = sorted(p.relative_to(origin).as_posix() for p in origin.rglob("*") if p.is_file())
    if folder.exists() and not folder.is_dir():
        raise ScaffoldError(f"'{folder}' is a file; name a folder")
    taken = next((name for name in files if (folder / name).exists()), None)
    if taken is not None:
        raise ScaffoldError(f"'{folder / taken}' is there already; name a new folder")
    for name in files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        data = (origin / name).read_bytes()
        if name == "course.yml":
            data = _with_id(data.decode("utf-8"), folder).encode("utf-8")
        target.write_bytes(data)
    return files


def _with_id(text: str, folder: Path) -> str:
    name = folder.resolve().name.lower()
    identity = re.sub(r"[^\w-]+", "-", name).strip("-_") or "my-course"
    return _ID_LINE.sub(f"id: {identity}", text, count=1)
