"""Many planned files → their bytes, in this process or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from learnpath.plan import SitePlan
from learnpath.recording import Question, Recorder
from learnpath.render import Renderer
from learnpath.workers import few_collections, in_order

_WORTH_A_POOL = 300
"""Fewer files than this are made sooner than other processes start."""
_CHUNK = 32


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file, its bytes, and what was asked of the plan for it, with the answers in short."""

    file: str
    data: bytes
    asked: Sequence[tuple[Question, str]]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Files as they cross between processes: each question once."""

    questions: list[tuple[Question, str]]
    files: list[tuple[str, bytes, list[int]]]


_process: Callable[[str], Rendered] | None = None
"""What a process renders with; set once, when it begins."""


def render_all(
    plan: SitePlan, files: Sequence[str], *, jobs: int, record: bool = True
) -> Iterator[Rendered]:
    """Each of these files of the plan, in this order."""
    if jobs <= 1 or len(files) < _WORTH_A_POOL:
        with few_collections():
            yield from map(_renderer(plan, record), files)
        return
    chunks = [files[at : at + _CHUNK] for at in range(0, len(files), _CHUNK)]
    for made in in_order(_render, chunks, jobs=jobs, begin=_begin, given=(plan, record)):
        for file, data, asked in made.files:
            yield Rendered(file, data, [made.questions[at] for at in asked])


def render(recorder: Recorder, file: str) -> Rendered:
    """One file, by a renderer of its own, so that nothing it asks is known from another."""
    item = recorder.plan.items[file]
    plan, seen = recorder.recorded(item)
    data = Renderer(plan).render(seen)
    return Rendered(file, data, [(q, recorder.answer(q)) for q in recorder.questions(item)])


def _renderer(plan: SitePlan, record: bool) -> Callable[[str], Rendered]:
    if record:
        return partial(render, Recorder(plan))
    renderer = Renderer(plan)
    return lambda file: Rendered(file, renderer.render(plan.items[file]), ())


def _begin(plan: SitePlan, record: bool) -> None:
    global _process
    _process = _renderer(plan, record)


def _render(files: Sequence[str]) -> _Chunk:
    assert _process is not None
    at: dict[tuple[Question, str], int] = {}
    made = []
    for file in files:
        rendered = _process(file)
        asked = [at.setdefault(question, len(at)) for question in rendered.asked]
        made.append((file, rendered.data, asked))
    return _Chunk(list(at), made)
