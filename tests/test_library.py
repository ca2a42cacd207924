"""Reading a course again and again: each file parsed once, and again when its bytes change."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from learnpath import library
from learnpath.cache import read_signed, signature
from learnpath.document import Document
from learnpath.library import Library
from learnpath.markdown.context import Context
from learnpath.markdown.read import document_in_stages
from learnpath.stages import InStages
from support import COURSE, write_course


@pytest.mark.parametrize("changed", ["a.md", "_part.md"])
def test_a_save_while_a_page_is_read_is_found(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that was written again while it was parsed is parsed again at the next reading."""
    root = write_course(tmp_path, {"a.md": "# A\n\nEarlier.\n\n::include[_part.md]\n",
                                   "_part.md": "The part.\n"})  # fmt: skip
    parse = document_in_stages

    def saved_meanwhile(context: Context, body: str) -> InStages[Document]:
        document = yield from parse(context, body)
        (root / changed).write_text("# A\n\nLater.\n")
        return document

    reader = Library(root)
    with monkeypatch.context() as patch:
        patch.setattr(library, "document_in_stages", saved_meanwhile)
        reader.read()
    assert reader.read().parsed == 1
    assert reader.read().parsed == 0


def test_who_waits_for_others_has_something_to_do(tmp_path: Path) -> None:
    """Once, while they read; not where nobody else does."""
    write_course(tmp_path, {"course.yml": COURSE, **{f"p{n}.md": f"# {n}\n" for n in range(160)}})
    done: list[int] = []
    for jobs in (1, 2):
        reader = Library(tmp_path, jobs=jobs)
        assert len(reader.read(meanwhile=partial(done.append, jobs)).pages) == 160
    assert done == [2]


def test_what_makes_a_site_is_loaded_after_reading_began() -> None:
    """Processes that read begin without it."""
    told = "import sys, learnpath.build; print({'jinja2', 'pygments'} & {*sys.modules})"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_a_file_is_read_to_its_end_whatever_its_size_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a disk gives a file in pieces, or it grew since it was looked at."""
    file = tmp_path / "a.md"
    real = os.read
    for text in (b"", b"a", b"abcdefghij" * 5):
        file.write_bytes(text)
        assert read_signed(str(file)) == (signature(file.stat()), text)
        with monkeypatch.context() as patch:
            patch.setattr(os, "read", lambda number, size: real(number, min(size, 3)))
            assert read_signed(str(file))[1] == text
    seen = file.stat()
    file.write_bytes(b"abcdefghij" * 7)
    monkeypatch.setattr(os, "fstat", lambda _: seen)
    assert read_signed(str(file)) == (signature(seen), b"abcdefghij" * 7)
    with pytest.raises(OSError, match="nowhere"):
        read_signed(str(tmp_path / "nowhere.md"))
