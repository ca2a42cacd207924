"""The interface's words: one catalogue a language, from the theme."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

_RIGHT_TO_LEFT = frozenset(
    "ar arc ckb dv fa he iw ks ps sd syr ug ur yi".split()  # noqa: SIM905
)
_SCRIPT_PREFIX = "js."


class Strings(Struct, frozen=True, dict=True):
    """One language's words. A key that the language lacks is taken from English."""

    code: str
    words: Mapping[str, str]
    known: bool = True
    """Whether the theme has a catalogue for this language at all."""

    @property
    def direction(self) -> str:
        return direction_of(self.code)

    def text(self, key: str, **values: object) -> str:
        """The text of a key with `{name}` filled in; `n=` chooses between .one and .other."""
        template = self.words.get(key)
        if template is None and "n" in values:
            form = "one" if values["n"] == 1 else "other"
            template = self.words.get(f"{key}.{form}")
        if template is None:
            raise KeyError(f"the catalogue has no text '{key}'")
        for name, value in values.items():
            template = template.replace("{" + name + "}", str(value))
        return template

    @cached_property
    def for_scripts(self) -> Mapping[str, str]:
        """What the scripts say, without the prefix of its keys."""
        return {
            key.removeprefix(_SCRIPT_PREFIX): text
            for key, text in sorted(self.words.items())
            if key.startswith(_SCRIPT_PREFIX)
        }


def direction_of(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
