"""How often threads of this process take turns."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_wishes: list[float] = []
_usual = 0.0
"""What it was before the first wish."""


@contextmanager
def quick_turns(seconds: float) -> Iterator[None]:
    """Have another thread's turn come after so many seconds at most. Several may wish for it, and
    end in any order: the shortest wish holds, and Python's own interval when the last one ends."""
    global _usual
    with _lock:
        if not _wishes:
            _usual = sys.getswitchinterval()
        _wishes.append(seconds)
        sys.setswitchinterval(min(_wishes))
    try:
        yield
    finally:
        with _lock:
            _wishes.remove(seconds)
            sys.setswitchinterval(min(_wishes, default=_usual))
