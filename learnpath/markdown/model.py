"""```` ```model label {#id} ````: stocks and flows as text, run while the site is built."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from learnpath.document import Model
from learnpath.markdown.blocks import Head, Line, kept_under, lines_of, read_head, tell
from learnpath.markdown.builder import Builder, Part, code
from learnpath.paths import slug
from learnpath.simulation.expressions import ExpressionError
from learnpath.simulation.program import MOST_STEPS, Program, Told, compile_model
from learnpath.simulation.run import rows_of, steps_of
from learnpath.simulation.syntax import INPUTS, Clock, Declaration, Shown, is_silent, parse_line

_KEYS = ("why", "aliases")


def model(builder: Builder, token: Token) -> Iterator[Part]:
    """Build a model; where it cannot run, its text is shown as it is."""
    head = read_head(builder, token, _KEYS)
    lines = [line for line in lines_of(builder, token) if not is_silent(line.text)]
    reader = _Reader(builder, head, lines)
    program = reader.program()
    rows = reader.rows(program) if program else None
    if program is None or rows is None:
        yield code(token)
        return
    label, title = builder.title(head.label, head.place.line or 1)
    played = bool(program["inputs"])
    checkpoint = kept_under(builder, head, "model", "trace", title, label) if played else None
    shown = dict.fromkeys(name for show in program["show"] for name in show["names"])
    columns = ("time", *shown)
    builder.count_in(" ".join(shown))
    builder.shows("model")
    yield Model(
        head.attributes.id,
        label,
        title,
        json.dumps(program, ensure_ascii=False, separators=(",", ":")),
        reader.names,
        columns,
        tuple(tuple(row[name] for name in columns) for row in rows),
        token.content,
        head.place,
        checkpoint,
    )


class _Reader:
    def __init__(self, builder: Builder, head: Head, lines: Sequence[Line]) -> None:
        self._builder = builder
        self._head = head
        self._by_number = {line.number: line for line in lines}
        self._clock: Clock | None = None
        self._declared: list[Declaration] = []
        self._shown: list[Shown] = []
        self._broken = False
        for line in lines:
            self._read(line)

    def _read(self, line: Line) -> None:
        try:
            found = parse_line(line.text, line.number)
        except ExpressionError as error:
            self._broken = True
            tell(self._builder, "invalid-model", line, _clear(error, line))
            return
        if isinstance(found, Clock):
            self._clock = found
        elif isinstance(found, Shown):
            self._shown.append(found)
        else:
            self._declared.append(found)

    def program(self) -> Program | None:
        """The program; None where it cannot run, which is told."""
        if self._clock is None or not any(d.kind == "stock" for d in self._declared):
            if not self._broken:
                self._missing()
            return None
        compiled = compile_model(self._clock, self._declared, self._shown)
        for told in compiled.told:
            if not self._broken or told.rule == "unit-mismatch":
                self._tell(told)
        if self._broken or compiled.program is None:
            return None
        self._check_id()
        return compiled.program

    @property
    def names(self) -> tuple[str, ...]:
        """What is declared, in the order of writing."""
        return tuple(declaration.name for declaration in self._declared)

    def _missing(self) -> None:
        what, hint = (
            ("time", "write: time 0 to 36 weeks, step 1")
            if self._clock is None
            else ("stock", "write: stock cellar = 12 [crates]")
        )
        self._problem(f"this model has no {what}", hint)

    def _problem(self, message: str, hint: str) -> None:
        self._builder.context.problems.add("invalid-model", self._head.place, message, hint)

    def _tell(self, told: Told) -> None:
        error = ExpressionError(told.offset, told.message, told.hint)
        line = self._by_number[told.line]
        tell(self._builder, told.rule, line, _clear(error, line))

    def _check_id(self) -> None:
        played = any(d.kind in INPUTS for d in self._declared)
        if played and not self._head.attributes.id and not self._head.broken:
            proposal = slug(self._head.label) or "model"
            self._builder.context.problems.add(
                "missing-checkpoint-id",
                self._head.place,
                "this model has no id; what a learner plays is kept under it",
                f"write {{#{proposal}}} behind its title",
            )

    def rows(self, program: Program) -> list[dict[str, float]] | None:
        """One run; None where it is too long. What does not come out in numbers is told."""
        if not 1 <= steps_of(program) <= MOST_STEPS:
            steps = steps_of(program)
            self._problem(
                f"{steps} steps are more than a page can run",
                f"take a longer step or a shorter time: {MOST_STEPS} steps at most",
            )
            return None
        rows = rows_of(program)
        lost = (
            (declaration, row["time"])
            for row in rows
            for declaration in self._declared
            if math.isnan(row.get(declaration.name, 0.0))
        )
        if (first := next(lost, None)) is not None:
            self._lost(*first)
        return rows

    def _lost(self, declaration: Declaration, time: float) -> None:
        message = f"'{declaration.name}' cannot be computed at time {time:g}"
        hint = "is something divided by zero, or a root taken of less than nothing?"
        self._tell(Told("invalid-model", declaration.line, declaration.offset, message, hint))


def _clear(error: ExpressionError, line: Line) -> ExpressionError:
    """The same place, behind the spaces that stand there."""
    rest = line.text[error.offset :]
    error.offset += len(rest) - len(rest.lstrip())
    return error
