"""What pages are made of: values that never change, and cross to disk and to other processes."""

from __future__ import annotations

from msgspec import Struct


class Value(Struct, frozen=True, array_like=True):
    """Remembered as the list of its fields: whoever reads it knows which class it is of."""


class Tagged(Struct, frozen=True, array_like=True, tag=True):
    """The same where several classes may stand, with the name of its own first."""
