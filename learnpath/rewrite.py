"""One file written whole, or left as it was: an author's source, a report."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from learnpath.write import OutputError


def replace_file(path: Path, data: bytes, *, folder: bool = False) -> None:
    """Put `data` in the place of what is at `path`, or make the file, and with `folder` its folder.

    A kill at any moment leaves the old bytes or the new ones. Permissions stay, and a link goes
    on leading to its file. Raises OutputError where that cannot be done; nothing is changed then.
    """
    real = Path(os.path.realpath(path))
    beside = real.with_name(f".{real.name}.learnpath-new")
    try:
        known = real.exists()
        if known and not os.access(real, os.W_OK):
            raise PermissionError(13, "Permission denied")
        if folder:
            beside.parent.mkdir(exist_ok=True)
        beside.write_bytes(data)
        try:
            if known:
                shutil.copymode(real, beside)
            os.replace(beside, real)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        said = error.strerror or str(error)
        raise OutputError(f"cannot write '{path}': {said}; it is as it was") from error
