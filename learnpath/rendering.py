"""Many planned files → their bytes, in this process or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from learnpath.contents import Made, digested
from learnpath.garbage import few_collections
from learnpath.plan import Item, SitePlan
from learnpath.recording import Recorder
from learnpath.records import Record, pack_records
from learnpath.render import Renderer

_WORTH_A_POOL = 300
"""Fewer files than this are made sooner than other processes start."""
_CHUNK = 32
_RECORDED = 96
"""Files after which what was asked for them is forgotten."""


class Rendered(Struct, frozen=True):
    """A file, what it holds, and the files of the pages that were asked about for it."""

    file: str
    made: Made
    shows: tuple[str, ...] = ()


class Batch(Struct, frozen=True):
    """Some files, and the record of what was asked for them."""

    files: tuple[Rendered, ...]
    record: bytes = b""


_Render = Callable[[Sequence[str]], Batch]
_process: _Render | None = None
"""What a process renders with; set once, when it begins."""


def render_all(
    plan: SitePlan,
    files: Sequence[str],
    *,
    jobs: int,
    record: bool = True,
    meanwhile: Callable[[], bool] | None = None,
) -> Iterator[Batch]:
    """These files of the plan, in this order. `meanwhile` is what there is to do while other
    processes make them, step by step; where none do, it is not done."""
    chunks = [files[at : at + _CHUNK] for at in range(0, len(files), _CHUNK)]
    if jobs <= 1 or len(files) < _WORTH_A_POOL:
        with few_collections():
            yield from map(_renderer(plan, record), chunks)
        return
    from learnpath.workers import in_order  # not loaded for a few files

    plan.work_out()
    given = (plan, record)
    yield from in_order(_render, chunks, jobs=jobs, begin=_begin, given=given, meanwhile=meanwhile)


def recorded(recorder: Recorder, items: Sequence[Item]) -> Batch:
    """Items as they are made, each by a renderer of its own, so that nothing it asks is known
    from another."""
    rendered = []
    for item in items:
        plan, seen = recorder.recorded(item)
        rendered.append((item, Renderer(plan).render(seen), recorder.asked))
    # In a stage of its own, as pages are read in stages: what that needs is at hand for all then.
    files, records = [], []
    for item, data, asked in rendered:
        notes, shows = recorder.notes(item, asked)
        files.append(Rendered(item.file, digested(data), shows))
        records.append((item.file, Record(recorder.item_text(item), tuple(notes))))
    return Batch(tuple(files), pack_records(records))


def _renderer(plan: SitePlan, record: bool) -> _Render:
    if record:
        return _recording(plan)
    renderer = Renderer(plan)
    return lambda files: Batch(
        tuple([Rendered(file, digested(renderer.render(plan.items[file]))) for file in files])
    )


def _recording(plan: SitePlan) -> _Render:
    """A recorder knows all that it was ever asked. Pages ask much of the same, so one does for
    many of them; and another one takes over before that is as large as the course."""
    recorder, done = Recorder(plan), 0

    def render(files: Sequence[str]) -> Batch:
        nonlocal recorder, done
        if done >= _RECORDED:
            recorder.forget()
            recorder, done = Recorder(plan), 0
        done += len(files)
        return recorded(recorder, [plan.items[file] for file in files])

    return render


def _begin(plan: SitePlan, record: bool) -> None:
    global _process
    _process = _renderer(plan, record)


def _render(files: Sequence[str]) -> Batch:
    assert _process is not None
    return _process(files)
