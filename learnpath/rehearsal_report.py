"""A rehearsal in three forms: a document for programs, a summary, and a page with charts.

Every chart is an SVG made here, and stands above a table with the same numbers. The page carries
its style and needs no script and no network.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from markupsafe import Markup
from msgspec import Struct, to_builtins

from learnpath.deciding import Deciding, Path, who_decides
from learnpath.personas import Persona
from learnpath.problems import Problem
from learnpath.rehearse import MOST_MOMENTS, Rehearsal, Stuck, Tally, habit_words, spread
from learnpath.theme import Theme

GENERATOR = "learnpath rehearse"
"""What a report says of itself, so that no other page is ever overwritten by one."""
_MOST_BARS = 60
_BINS = 12
_STYLES = """
main{--measure:54rem}
.report p{max-inline-size:38rem}
.report .table-scroll+.table-scroll{margin-block-start:.8rem}
.chart{display:block;max-inline-size:100%;min-inline-size:36rem;font:13px/1.2 var(--sans)}
.chart text{fill:currentColor}
.chart .bar{fill:var(--accent)}
.chart .track{fill:var(--tint)}
.chart .axis{stroke:var(--edge)}
"""


# For programs


def rehearsal_json(found: Rehearsal, problems: Sequence[Problem]) -> dict[str, Any]:
    """The document that `rehearse --format json` prints."""
    whole = found.whole
    return {
        "version": 1,
        "runs": whole.runs,
        "seed": found.seed,
        "coverage": {p.id: whole.share(whole.pages[p.id]) for p in found.course.pages},
        "never_seen": list(found.never_seen),
        "stuck": [
            {"page": s.page, "state": s.state, "trail": list(s.trail), "runs": s.runs}
            for s in _stuck(whole)
        ],
        "endings": _shares(whole),
        "steps": to_builtins(spread(whole.steps)),
        "minutes": to_builtins(spread(whole.minutes)),
        "circled": {
            "share": whole.share(whole.circled),
            "pages": dict(_most(whole.circles.items())),
        },
        "choices": list(_choices_json(found)),
        "learners": [_learner_json(learner, tally) for learner, tally in found.learners],
        "decides": to_builtins(who_decides(found.course)),
        "problems": [problem.as_json() for problem in problems],
    }


def _shares(tally: Tally) -> dict[str, float]:
    return {page: tally.share(count) for page, count in sorted(tally.endings.items())}


def _stuck(tally: Tally) -> list[Stuck]:
    return [tally.stuck[page] for page in sorted(tally.stuck)]


def _most(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def _choices_json(found: Rehearsal) -> Iterator[dict[str, Any]]:
    for at, option in enumerate(found.options):
        yield {
            "page": option.page,
            "block": option.block or None,
            "option": option.option or None,
            "label": option.label,
            "to": option.to or None,
            "source": option.path,
            "line": option.line,
            "offered": found.whole.share(found.whole.offered[at]),
            "taken": found.whole.share(found.whole.taken[at]),
        }


def _learner_json(learner: Persona, tally: Tally) -> dict[str, Any]:
    return {
        "id": learner.id,
        "name": learner.name,
        "habit": learner.habit,
        "runs": tally.runs,
        "pages": len(tally.pages),
        "endings": _shares(tally),
        "stuck": tally.share(tally.stuck_runs),
        "circled": tally.share(tally.circled),
        "gates": round(tally.gates / tally.runs, 2) if tally.runs else 0.0,
        "steps": to_builtins(spread(tally.steps)),
        "minutes": to_builtins(spread(tally.minutes)),
    }


# For people


def percent(count: float, total: float) -> str:
    """A share in words: whole per cents, where neither nearly none nor nearly all is rounded."""
    if not total or not count:
        return "0%"
    if count >= total:
        return "100%"
    return f"{min(99, max(1, round(100 * count / total)))}%"


def figure(number: float) -> str:
    return f"{number:g}"


def _span(numbers: Sequence[float]) -> str:
    found = spread(numbers)
    return f"{figure(found.min)} to {figure(found.max)}, half up to {figure(found.median)}"


def rehearsal_text(found: Rehearsal, *, verbose: bool = False) -> Iterator[str]:
    """The lines of the summary."""
    whole = found.whole
    walks = "1 walk" if whole.runs == 1 else f"{whole.runs} walks"
    yield f"{walks} through {len(found.course.pages)} pages, seed {found.seed}"
    yield f"  moments  {_span(whole.steps)}"
    yield f"  minutes  {_span(whole.minutes)}"
    yield ""
    yield from _table_text(
        ("learner", "walks", "moments", "minutes", "pages", "gates", "stuck", "circled"),
        [
            (
                learner.name,
                str(tally.runs),
                figure(spread(tally.steps).median),
                figure(spread(tally.minutes).median),
                str(len(tally.pages)),
                f"{tally.gates / tally.runs if tally.runs else 0:.1f}",
                str(tally.stuck_runs),
                str(tally.circled),
            )
            for learner, tally in found.learners
        ],
    )
    yield from _outcomes_text(found)
    yield from _coverage_text(found, verbose=verbose)
    yield from _deciding_text(who_decides(found.course))


def _table_text(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    for row in (head, *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  " + "  ".join(cells)


def _outcomes_text(found: Rehearsal) -> Iterator[str]:
    whole = found.whole
    yield ""
    yield "Where they ended"
    for page, count in _most(whole.endings.items()):
        yield f"  {percent(count, whole.runs):>4}  {page}"
    if whole.circled:
        yield f"  {percent(whole.circled, whole.runs):>4}  nowhere, after {MOST_MOMENTS} moments"
        names = ", ".join(page for page, _ in _most(whole.circles.items())[:6])
        yield f"        circling on {names}"
    for stuck in _stuck(whole):
        yield f"  {percent(stuck.runs, whole.runs):>4}  stuck on {stuck.page}"
        yield f"        by way of {' → '.join(stuck.trail[-12:])}"
        yield f"        where {json.dumps(stuck.state, ensure_ascii=False)}"


def _coverage_text(found: Rehearsal, *, verbose: bool) -> Iterator[str]:
    whole = found.whole
    yield ""
    never = found.never_seen
    if never:
        yield "Never seen: " + ", ".join(never)
    else:
        rarest = min(found.course.pages, key=lambda page: whole.pages[page.id], default=None)
        if rarest is not None:
            share = percent(whole.pages[rarest.id], whole.runs)
            yield f"Every page was seen; '{rarest.id}' by the fewest: {share}"
    for option in found.never_taken:
        yield f"Never taken: {option.path}:{option.line} {option.label}"
    if verbose:
        for page in found.course.pages:
            yield f"  {percent(whole.pages[page.id], whole.runs):>4}  {page.id}"


def _deciding_text(found: Deciding) -> Iterator[str]:
    yield ""
    yield "Who decides"
    for path in found.paths:
        name = f"route {path.id}" if path.id else "the whole course"
        gates = f", {_counted(path.gates, 'gate')} among them" if path.gates else ""
        yield (
            f"  {name}: {percent(len(path.free), found.pages)} of the pages are a learner's own to "
            f"reach or skip; {_counted(path.fixed, 'page')} cannot be gone around{gates}"
        )
        yield f"    {', '.join(path.fixed)}"


def _counted(items: Sequence[object], one: str) -> str:
    return f"{len(items)} {one if len(items) == 1 else one + 's'}"


# As a page


class ColumnView(Struct, frozen=True):
    title: str
    number: bool = False


class SectionView(Struct, frozen=True):
    """A chart, and the table with the same numbers. Either may be empty."""

    id: str
    title: str
    intro: str
    chart: Markup
    columns: tuple[ColumnView, ...]
    rows: tuple[tuple[str, ...], ...]


class ReportView(Struct, frozen=True):
    title: str
    course: str
    language: str
    direction: str
    csp: str
    styles: Markup
    generator: str
    lede: str
    sections: tuple[SectionView, ...]
    guide: str = ""
    """The report stands alone: it has no site around it, and no guide."""


def report_page(found: Rehearsal, theme: Theme) -> str:
    """The report as one HTML file that needs nothing beside it."""
    styles = theme.style_text["screen"] + _STYLES
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    whole = found.whole
    lede = (
        f"{whole.runs} simulated learners (seed {found.seed}) walked through "
        f"{len(found.course.pages)} pages. {len(found.never_seen)} pages were never seen, "
        f"{whole.stuck_runs} walks got stuck, {whole.circled} went round in circles."
    )
    view = ReportView(
        title="A rehearsal",
        course=found.course.config.title or "The course",
        language="en",
        direction="ltr",
        csp=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        styles=Markup(styles),  # the theme's own
        generator=GENERATOR,
        lede=lede,
        sections=tuple(_sections(found)),
    )
    return str(theme.html("rehearsal.html", "en", site=view, report=view))


def _sections(found: Rehearsal) -> Iterator[SectionView]:
    yield _ended(found)
    yield from _stuck_sections(found)
    yield _who_walked(found)
    yield _how_long("steps", "How many moments", "moments", found.whole.steps)
    yield _how_long("minutes", "How many minutes", "minutes", found.whole.minutes)
    yield _seen(found)
    yield _options(found)
    yield _decides(found)


def _columns(*titles: str) -> tuple[ColumnView, ...]:
    """Columns; a title that begins with # has numbers."""
    return tuple(ColumnView(title.lstrip("#"), title.startswith("#")) for title in titles)


def _title(found: Rehearsal, identity: str) -> str:
    page = found.course.by_id.get(identity)
    return page.title if page else identity


def _ended(found: Rehearsal) -> SectionView:
    whole = found.whole
    rows = [
        (_title(found, page), "an ending", count) for page, count in _most(whole.endings.items())
    ]
    if whole.stuck:
        rows.append(("Stuck", "no way on was left", whole.stuck_runs))
    if whole.circled:
        rows.append(("Circled", f"given up after {MOST_MOMENTS} moments", whole.circled))
    bars = [(name, count / whole.runs) for name, _, count in rows]
    return SectionView(
        "ended",
        "Where they ended",
        "An ending is where a path may end; the curious go on while there is something new.",
        bar_chart("Where walks ended", bars),
        _columns("Where", "What", "#Walks", "#Share"),
        tuple((name, what, str(count), percent(count, whole.runs)) for name, what, count in rows),
    )


def _stuck_sections(found: Rehearsal) -> Iterator[SectionView]:
    whole = found.whole
    if whole.stuck:
        yield SectionView(
            "stuck",
            "Where somebody got stuck",
            "The shortest way there, and what held. Each is an error of the course.",
            Markup(),
            _columns("Page", "By way of", "What held", "#Walks"),
            tuple(
                (
                    _title(found, stuck.page),
                    " → ".join(stuck.trail),
                    json.dumps(stuck.state, ensure_ascii=False),
                    str(stuck.runs),
                )
                for stuck in _stuck(whole)
            ),
        )
    if whole.circled:
        most = _most(whole.circles.items())
        total = sum(whole.circles.values())
        yield SectionView(
            "circled",
            "Where they circled",
            "The pages opened in the last moments of walks that came to no end.",
            bar_chart(
                "Pages opened while circling",
                [(_title(found, page), count / total) for page, count in most],
            ),
            _columns("Page", "#Openings", "#Share"),
            tuple((_title(found, page), str(count), percent(count, total)) for page, count in most),
        )


def _who_walked(found: Rehearsal) -> SectionView:
    longest = max((spread(tally.minutes).median for _, tally in found.learners), default=0) or 1
    bars = [
        (learner.name, spread(tally.minutes).median / longest, figure(spread(tally.minutes).median))
        for learner, tally in found.learners
    ]
    return SectionView(
        "learners",
        "Who walked",
        "Moments and minutes are middle values. A page counts once a walk, with the minutes its "
        "author gave it, or by its length. " + _habits(found),
        bar_chart("Minutes of each kind of learner", bars),
        _columns("Learner", "Habit", "#Walks", "#Moments", "#Minutes", "#Pages seen",
                 "#Gates a walk", "#Stuck", "#Circled"),
        tuple(
            (
                learner.name,
                learner.habit,
                str(tally.runs),
                figure(spread(tally.steps).median),
                figure(spread(tally.minutes).median),
                percent(len(tally.pages), len(found.course.pages)),
                f"{tally.gates / tally.runs if tally.runs else 0:.1f}",
                str(tally.stuck_runs),
                str(tally.circled),
            )
            for learner, tally in found.learners
        ),
    )  # fmt: skip


def _habits(found: Rehearsal) -> str:
    """What each habit does, in a sentence."""
    words = {learner.habit: habit_words(learner) for learner, _ in found.learners}
    return "; ".join(f"{habit}: {said}" for habit, said in words.items()) + "."


def _how_long(identity: str, title: str, what: str, numbers: Sequence[float]) -> SectionView:
    bins = binned(numbers)
    most = max((count for _, count in bins), default=0) or 1
    bars = [(label, count / most, str(count)) for label, count in bins]
    return SectionView(
        identity,
        title,
        f"From {_span(numbers)} {what}.",
        bar_chart(title, bars),
        _columns(what.capitalize(), "#Walks", "#Share"),
        tuple((label, str(count), percent(count, len(numbers))) for label, count in bins),
    )


def binned(numbers: Sequence[float]) -> list[tuple[str, int]]:
    """How many numbers lie in each of at most `_BINS` equal spans of whole numbers."""
    if not numbers:
        return []
    low, high = int(min(numbers)), int(max(numbers))
    width = -(-(high - low + 1) // _BINS)
    counts = [0] * (-(-(high - low + 1) // width))
    for number in numbers:
        counts[(int(number) - low) // width] += 1
    starts = [low + at * width for at in range(len(counts))]
    return [
        (str(start) if width == 1 else f"{start}–{start + width - 1}", count)
        for start, count in zip(starts, counts, strict=True)
    ]


def _seen(found: Rehearsal) -> SectionView:
    whole = found.whole
    pages = sorted(found.course.pages, key=lambda page: whole.pages[page.id])
    bars = [(page.title, whole.pages[page.id] / whole.runs) for page in pages]
    return SectionView(
        "pages",
        "Which pages were seen",
        "The share of walks in which each page was read, the least seen first.",
        bar_chart("Pages by the share of walks that saw them", bars),
        _columns("Page", "File", "#Walks", "#Share"),
        tuple(
            (page.title, page.source, str(whole.pages[page.id]),
             percent(whole.pages[page.id], whole.runs))
            for page in pages
        ),
    )  # fmt: skip


def _options(found: Rehearsal) -> SectionView:
    whole = found.whole
    numbered = list(enumerate(found.options))
    bars = [
        (f"{_title(found, option.page)}: {option.label}",
         whole.taken[at] / whole.offered[at] if whole.offered[at] else 0.0)
        for at, option in numbered
    ]  # fmt: skip
    return SectionView(
        "choices",
        "Which options were taken",
        "The share of walks that took an option, among those to which it was open.",
        bar_chart("Options by how often they were taken", bars),
        _columns("Option", "Page", "Where", "#Open to", "#Taken by", "#Share"),
        tuple(
            (
                option.label,
                _title(found, option.page),
                f"{option.path}:{option.line}",
                str(whole.offered[at]),
                str(whole.taken[at]),
                percent(whole.taken[at], whole.offered[at]),
            )
            for at, option in numbered
        ),
    )


def _decides(found: Rehearsal) -> SectionView:
    deciding = who_decides(found.course)
    gates = _counted(deciding.gates, "gate")
    return SectionView(
        "decides",
        "Who decides",
        f"The share of the course's pages that a learner's own choices can reach or skip. "
        f"The course has {gates}, of which {deciding.reasons} say why; every gate can be read on.",
        bar_chart(
            "Share of the pages that are a learner's own to reach or skip",
            [(_path_name(path), path.share) for path in deciding.paths],
        ),
        _columns("Path", "#Free pages", "#Share", "Pages that cannot be gone around", "Gates"),
        tuple(
            (
                _path_name(path),
                str(len(path.free)),
                percent(len(path.free), deciding.pages),
                ", ".join(_title(found, page) for page in path.fixed),
                ", ".join(_title(found, page) for page in path.gates) or "none",
            )
            for path in deciding.paths
        ),
    )


def _path_name(path: Path) -> str:
    return f"Route: {path.title}" if path.id else "The whole course"


# Charts

_WIDE, _LABEL, _ROW, _BAR = 720, 300, 24, 14
_LETTERS = 42


def bar_chart(title: str, bars: Sequence[tuple[str, float] | tuple[str, float, str]]) -> Markup:
    """Lying bars: (label, length from 0 to 1, and what stands behind it; else the per cent)."""
    if not bars:
        return Markup()
    shown = bars[:_MOST_BARS]
    height = _ROW * len(shown)
    left_out = len(bars) - len(shown)
    said = title + (f" (the first {len(shown)} of {len(bars)})" if left_out else "")
    parts = [
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-label="{escape(said)}. The table below has the same numbers." '
        f'viewBox="0 0 {_WIDE} {height}" width="{_WIDE}" height="{height}">'
    ]
    for at, bar in enumerate(shown):
        label, length = bar[0], min(max(bar[1], 0.0), 1.0)
        words = bar[2] if len(bar) == 3 else percent(length, 1)
        room = _WIDE - _LABEL - 60
        y = at * _ROW
        parts.append(
            f'<text x="{_LABEL - 10}" y="{y + 16}" text-anchor="end">{escape(_short(label))}</text>'
            f'<rect class="track" x="{_LABEL}" y="{y + 5}" width="{room}" height="{_BAR}"/>'
            f'<rect class="bar" x="{_LABEL}" y="{y + 5}" width="{round(room * length, 1):g}" '
            f'height="{_BAR}"/>'
            f'<text x="{_LABEL + room + 8}" y="{y + 16}">{escape(words)}</text>'
        )
    parts.append("</svg>")
    return Markup("".join(parts))


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else label[: _LETTERS - 1].rstrip() + "…"
