"""Every directive and every fenced block that is no code, in two lists. A new one is a handler and
a line here."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.token import Token

from learnpath.markdown.builder import ALERTS, Builder, Entry, FenceHandler, Part
from learnpath.markdown.checkpoints import checkpoint
from learnpath.markdown.choices import choices
from learnpath.markdown.content import (
    box,
    facilitator,
    include,
    media,
    otherwise,
    stray_after,
    when,
    widget,
)
from learnpath.markdown.sharing import gather, share
from learnpath.markdown.worksheets import worksheet


def _loop(builder: Builder, token: Token) -> Iterator[Part]:
    from learnpath.markdown.loop import loop  # with all that is drawn: on few pages, if any

    return loop(builder, token)


def _model(builder: Builder, token: Token) -> Iterator[Part]:
    from learnpath.markdown.model import model  # with all that is run

    return model(builder, token)


_ASKING = ("words", "why", "aliases")

DIRECTIVES: dict[str, Entry] = {
    "choices": Entry(choices),
    "when": Entry(when, ("words",)),
    "otherwise": Entry(otherwise, ("words",)),
    "reflect": Entry(checkpoint, _ASKING),
    "predict": Entry(checkpoint, (*_ASKING, "unit")),
    "rate": Entry(checkpoint, ("why", "aliases", "steps", "from", "to")),
    "revisit": Entry(checkpoint, (*_ASKING, "of")),
    **dict.fromkeys(("rank", "sort", "goal", "dialogue"), Entry(checkpoint, _ASKING)),
    **dict.fromkeys(("ladder", "left-hand-column"), Entry(worksheet, ("why", "aliases"))),
    "predict-observe-explain": Entry(worksheet, ("why", "aliases", "unit")),
    "then-now": Entry(worksheet, ("why", "aliases", "of")),
    **dict.fromkeys(("sample", "reveal", "observe"), Entry(stray_after)),
    **dict.fromkeys(("details", "hint", "example", *ALERTS), Entry(box)),
    "facilitator": Entry(facilitator),
    "include": Entry(include),
    **dict.fromkeys(("video", "audio"), Entry(media, ("src", "captions", "transcript"))),
    "embed": Entry(media, ("src",)),
    "share": Entry(share, ("of", "consent")),
    "gather": Entry(gather, ("of",)),
    **dict.fromkeys(("map", "journal", "routes"), Entry(widget)),
}

FENCES: dict[str, FenceHandler] = {"loop": _loop, "model": _model}
