"""Units as products of names: `crates/week` is crates once and weeks minus once."""

from __future__ import annotations

import re
from collections import Counter

Unit = tuple[tuple[str, int], ...]
"""Names with their exponents, by name; empty for a bare number."""

_TOKEN = re.compile(
    r"\s*(?:(?P<name>(?:[^\W\d]|[%€$£¥°])[^\s*/·×^()\d]*)"
    r"|(?P<one>1)|(?P<op>[*/·×])|\^(?P<power>-?\d))"
)


class UnitError(Exception):
    """A unit that cannot be read."""


def parse_unit(text: str) -> Unit:
    """`crates/week`, `m^2`, `1`; a name in the plural is the same as in the singular."""
    found: Counter[str] = Counter()
    at, way, last = 0, 1, ""
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise UnitError(text[at:].strip())
        if match["name"]:
            last = _singular(match["name"])
            found[last] += way
        elif match["power"] and last:
            found[last] += way * (int(match["power"]) - 1)
        elif match["op"]:
            way = -1 if match["op"] == "/" else 1
        at = match.end()
    return _unit(found)


def times(a: Unit, b: Unit, power: int = 1) -> Unit:
    """a · b, or a · b to a power."""
    found = Counter(dict(a))
    for name, exponent in b:
        found[name] += power * exponent
    return _unit(found)


def unit_text(unit: Unit) -> str:
    """A unit as one writes it."""
    above = "*".join(_power(name, exponent) for name, exponent in unit if exponent > 0)
    below = "".join(f"/{_power(name, -exponent)}" for name, exponent in unit if exponent < 0)
    return f"{above or '1'}{below}"


def _power(name: str, exponent: int) -> str:
    return name if exponent == 1 else f"{name}^{exponent}"


def _singular(name: str) -> str:
    return name[:-1] if len(name) > 2 and name.endswith("s") and name[-2] != "s" else name


def _unit(found: Counter[str]) -> Unit:
    return tuple(sorted((name, exponent) for name, exponent in found.items() if exponent))
