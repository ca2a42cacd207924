"""Every directive, in one list. A new one is a handler and a line here."""

from __future__ import annotations

from learnpath.markdown.builder import ALERTS, Handler
from learnpath.markdown.checkpoints import KINDS, checkpoint
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

DIRECTIVES: dict[str, Handler] = {
    "choices": choices,
    "when": when,
    "otherwise": otherwise,
    **dict.fromkeys(KINDS, checkpoint),
    "sample": stray_after,
    "reveal": stray_after,
    **dict.fromkeys(("details", "hint", *ALERTS), box),
    "facilitator": facilitator,
    "include": include,
    **dict.fromkeys(("video", "audio", "embed"), media),
    **dict.fromkeys(("map", "journal", "routes"), widget),
}
