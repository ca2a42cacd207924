"""JSON as short text and back, at msgspec's speed; with Python's own where that gives up."""

from __future__ import annotations

import json
from typing import Any

from msgspec import MsgspecError
from msgspec.json import Decoder, Encoder

_encode, _decode = Encoder().encode, Decoder().decode


def json_text(value: object) -> str:
    """JSON as it stands in an attribute or a script: without spaces, letters as they are."""
    try:
        return _encode(value).decode()
    except (MsgspecError, ValueError, OverflowError, TypeError):  # half a character, a huge number
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_value(text: str) -> Any:
    """What `json_text` wrote. Raises ValueError where that is no JSON."""
    try:
        return _decode(text)
    except (MsgspecError, ValueError):  # half a character, which `json` writes and reads
        return json.loads(text)
