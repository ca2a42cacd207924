"""How much may be done at once here."""

from __future__ import annotations

import os


def cores() -> int:
    """How many processes are worth starting here."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
