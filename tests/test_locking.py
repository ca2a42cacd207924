"""Those who want the same folder come one after the other, on every system."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType

import pytest

from learnpath import locking

Alone = Callable[[Path], AbstractContextManager[None]]


@pytest.fixture(params=["this system", "Windows"])
def alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Alone:
    """The lock of this system, and that of Windows over a stand-in for its C library."""
    if request.param == "this system" or sys.platform == "win32":
        return locking.alone
    monkeypatch.setitem(sys.modules, "msvcrt", _msvcrt())
    monkeypatch.setattr(sys, "platform", "win32")
    spec = importlib.util.spec_from_file_location("locking_on_windows", locking.__file__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Alone = module.alone
    return found


def _msvcrt() -> ModuleType:
    """What Windows' locks of bytes do, by the locks of this system."""
    import fcntl

    module = ModuleType("msvcrt")
    module.LK_NBLCK, module.LK_UNLCK = 2, 0  # type: ignore[attr-defined]

    def locking_(handle: int, mode: int, _: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_UN if mode == 0 else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PermissionError from None

    module.locking = locking_  # type: ignore[attr-defined]
    return module


def test_a_second_one_waits(tmp_path: Path, alone: Alone) -> None:
    """Nobody begins before the one before has ended, and no file is left."""
    told: list[str] = []
    first_is_in, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with alone(tmp_path / "site"):
            first_is_in.set()
            go_on.wait(5)
            told.append("first")

    def second() -> None:
        first_is_in.wait(5)
        with alone(tmp_path / "site"):
            told.append("second")

    threads = [threading.Thread(target=work) for work in (second, first)]
    for thread in threads:
        thread.start()
    threads[0].join(0.3)
    assert told == []
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert told == ["first", "second"]
    assert list(tmp_path.iterdir()) == []


def test_a_failure_lets_the_next_one_in(tmp_path: Path, alone: Alone) -> None:
    """An error inside ends the lock."""
    with pytest.raises(ValueError, match="stop"), alone(tmp_path / "new" / "site"):
        raise ValueError("stop")
    with alone(tmp_path / "new" / "site"):
        assert (tmp_path / "new").is_dir()
