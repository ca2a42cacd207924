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
    program = _Reader(builder, head, lines).program()
    if program is None:
        yield code(token)
        return
    yield _node(builder, head, program, token.content)


def _node(builder: Builder, head: Head, program: Program, source: str) -> Model:
    label, title = builder.title(head.label, head.place.line or 1)
    played = bool(program["inputs"])
    checkpoint = kept_under(builder, head, "model", "trace", title, label) if played else None
    text = json.dumps(program, ensure_ascii=False, separators=(",", ":"))
    return Model(head.attributes.id, label, title, text, source, head.place, checkpoint)


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
        return compiled.program if self._runs(compiled.program) else None

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

    def _runs(self, program: Program) -> bool:
        """Whether it can be run, and comes out in numbers."""
        if not 1 <= steps_of(program) <= MOST_STEPS:
            steps = steps_of(program)
            self._problem(
                f"{steps} steps are more than a page can run",
                f"take a longer step or a shorter time: {MOST_STEPS} steps at most",
            )
            return False
        for row in rows_of(program):
            for declaration in self._declared:
                if math.isnan(row.get(declaration.name, 0.0)):
                    self._lost(declaration, row["time"])
                    return True
        return True

    def _lost(self, declaration: Declaration, time: float) -> None:
        message = f"'{declaration.name}' cannot be computed at time {time:g}"
        hint = "is something divided by zero, or a root taken of less than nothing?"
        self._tell(Told("invalid-model", declaration.line, declaration.offset, message, hint))


def _clear(error: ExpressionError, line: Line) -> ExpressionError:
    """The same place, behind the spaces that stand there."""
    rest = line.text[error.offset :]
    error.offset += len(rest) - len(rest.lstrip())
    return error
