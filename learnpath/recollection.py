"""What the files of one site were made from: kept from build to build."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from learnpath.cache import FOLDER, digest, read_json, write_json
from learnpath.packing import packed, unpacked
from learnpath.plan import Item
from learnpath.recording import Question, Recorder, in_words, short


@dataclass(frozen=True, slots=True)
class Made:
    """One file: what its own page is, what was asked for it, and the digest of its bytes."""

    own: str
    questions: tuple[int, ...]
    content: str


class Recollection:
    """The files of a site by name, and the answers to what was asked for them."""

    def __init__(self, root: Path, output: Path, stamp: str) -> None:
        name = digest(os.fsencode(output.absolute()))[:16]
        self._path = root / FOLDER / f"site-{name}.json"
        self._stamp = stamp
        self._questions: list[Question] = []
        self._answers: list[str] = []
        self._files: dict[str, Made] = {}
        self._same: dict[int, bool] = {}
        self._new: dict[str, Made] = {}
        self._changed = False
        self._load()

    def _load(self) -> None:
        data = read_json(self._path)
        if not isinstance(data, dict) or data.get("stamp") != self._stamp:
            return
        try:
            questions = unpacked(data["questions"])
            answers = [str(answer) for answer in data["answers"]]
            files = {
                name: Made(own, tuple(asked), content)
                for name, (own, asked, content) in data["files"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError):
            return
        if len(questions) == len(answers):
            self._questions, self._answers, self._files = list(questions), answers, files

    def reason(self, item: Item, recorder: Recorder) -> str:
        """Why a file has to be made; empty where it would be the same."""
        made = self._files.get(item.file)
        if made is None:
            return "it is new"
        if made.own != _own(item):
            return (
                f"{item.page.source} changed" if item.page is not None else "the plan of it changed"
            )
        for at in made.questions:
            if not self._is_same(at, recorder):
                return self._difference(at, recorder)
        return ""

    def _is_same(self, at: int, recorder: Recorder) -> bool:
        same = self._same.get(at)
        if same is None:
            same = recorder.answer(self._questions[at]) == self._answers[at]
            self._same[at] = same
        return same

    def _difference(self, at: int, recorder: Recorder) -> str:
        question = self._questions[at]
        return f"{in_words(question)} was {self._answers[at]}, is {recorder.answer(question)}"

    def content(self, file: str) -> str:
        """The digest of the bytes that a file had when it was made."""
        return self._files[file].content

    # What this build made

    def keep(self, file: str) -> None:
        """A file stays as it was made."""
        self._new[file] = self._files[file]

    def note(self, item: Item, asked: Iterable[tuple[Question, str]], content: str) -> None:
        """A file was made, after every file had its `reason`."""
        self._changed = True
        questions = tuple(self._place(question, answer) for question, answer in asked)
        self._new[item.file] = Made(_own(item), questions, content)

    @cached_property
    def _at(self) -> dict[Question, int]:
        return {question: at for at, question in enumerate(self._questions)}

    def _place(self, question: Question, answer: str) -> int:
        at = self._at.get(question)
        if at is None:
            at = self._at[question] = len(self._questions)
            self._questions.append(question)
            self._answers.append(answer)
        self._answers[at] = answer
        return at

    def save(self) -> None:
        """Write it for the next build. Raises OSError where that cannot be done."""
        if not self._changed and self._new.keys() == self._files.keys():
            return
        used = sorted({at for made in self._new.values() for at in made.questions})
        place = {at: new for new, at in enumerate(used)}
        document = {
            "stamp": self._stamp,
            "questions": packed(tuple(self._questions[at] for at in used)),
            "answers": [self._answers[at] for at in used],
            "files": {
                file: [made.own, [place[at] for at in made.questions], made.content]
                for file, made in self._new.items()
            },
        }
        write_json(self._path, document)


def _own(item: Item) -> str:
    """What a file is by itself: its page's bytes, or what the plan says of it."""
    page = item.page
    return f"{page.source} {page.digest}" if page is not None else short(item)
