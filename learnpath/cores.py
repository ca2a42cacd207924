"""How much may be done at once here."""

from __future__ import annotations

import os
import sys
import threading


def cores() -> int:
    """How many processes are worth starting here."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def forks() -> bool:
    """Whether other processes begin with all that this one has. Forking is quickest, and sound
    only while there is one thread."""
    return sys.platform.startswith("linux") and threading.active_count() == 1
