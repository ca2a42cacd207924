"""Where the fence lines of directives stand: what the parser reads as one, and nothing else."""

from __future__ import annotations

from learnpath.markdown.context import Context
from learnpath.markdown.directives import CLOSE, OPEN
from learnpath.markdown.parser import parse
from learnpath.problems import Problems


def fence_lines(body: str) -> tuple[int, ...]:
    """The lines of a body, from 0, that open or close a directive; those in code are none."""
    context = Context("", body.split("\n"), 1, Problems(), True, "true", lambda _: None)
    return tuple(
        token.map[0]
        for token in parse(body, context)
        if token.type in (OPEN, CLOSE) and token.map is not None
    )
