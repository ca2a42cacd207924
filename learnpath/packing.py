"""What is remembered of a page, as bytes and back: it can be read, and never be run.

Each part is read as the class that it was packed from and as no other: a file that somebody
altered may name only what may stand there, and holds no code.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from msgspec import MsgspecError
from msgspec.msgpack import Decoder, Encoder

Kind = TypeVar("Kind")

_encoder = Encoder()


class PackingError(ValueError):
    """A value that cannot be packed, or bytes that are no packed value."""


def pack(value: object) -> bytes:
    """The value as MessagePack, which tells infinity and what is no number as well. Raises
    PackingError where it cannot be told."""
    try:
        return _encoder.encode(value)
    except (MsgspecError, TypeError, OverflowError, UnicodeError, RecursionError) as error:
        raise PackingError(str(error)) from error


def unpack(kind: type[Kind], data: bytes) -> Kind:
    """The value of this kind again. Raises PackingError where the bytes are none."""
    try:
        found: Kind = _decoder(cast(Hashable, kind)).decode(data)
    except (MsgspecError, UnicodeError, RecursionError) as error:
        raise PackingError(str(error)) from error
    return found


@cache
def _decoder(kind: Any) -> Decoder[Any]:
    return Decoder(kind)
