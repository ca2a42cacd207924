"""One line of a `loop` block → a link between two variables, or the author's name of a circle.

    link = variable "->" variable ":" ("more" | "less" | "+" | "-") ["," "after a delay"]
    name = ("R" | "B") number ":" words

`less` means that a rise in the first brings a fall in the second. Empty lines and lines that
begin with `#` say nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from learnpath.problems import GrammarError, did_you_mean
from learnpath.values import Value

MOST_VARIABLES = 24
"""More than these cannot be drawn so that anybody would read them."""
MOST_LINKS = 60
MOST_LETTERS = 60

_ARROW = re.compile(r"\s*(?:-+>|=+>|→|⟶)\s*")
_SIGNS = {
    "more": 1, "+": 1, "less": -1, "-": -1, "\N{MINUS SIGN}": -1, "\N{EN DASH}": -1,
}  # fmt: skip
_DELAYS = ("after a delay", "after delay", "with a delay", "delayed", "later", "||")
_NAMED = re.compile(r"\s*([RB][1-9][0-9]*)\s*:\s*(.*?)\s*$", re.IGNORECASE)
_FORM = "write: orders -> stock: more, after a delay"


class CausalLink(Value, frozen=True):
    """A rise in `origin` brings a rise (`sign` 1) or a fall (-1) in `target`."""

    origin: str
    target: str
    sign: int
    delayed: bool = False


class CircleName(Value, frozen=True):
    """The author's words for a circle, `R1: Success feeds itself`; `offset` is where they begin."""

    circle: str
    words: str
    offset: int


class LinkError(GrammarError):
    """A line that is neither. `offset` counts code points from the line's beginning."""


def is_silent(line: str) -> bool:
    """Whether a line says nothing: empty, or a remark."""
    return not line.strip() or line.lstrip().startswith("#")


def parse_line(line: str) -> CausalLink | CircleName:
    """What one line says; raises LinkError with the place where reading stopped."""
    named = _NAMED.match(line)
    if named is None:
        return parse_link(line)
    words = unicodedata.normalize("NFC", " ".join(named[2].split()))
    if not words or len(words) > MOST_LETTERS:
        raise LinkError(
            named.start(2),
            f"a name of {len(words)} letters" if words else f"{named[1]} is given no name",
            f"say in a few words what goes round, {MOST_LETTERS} letters at most",
        )
    return CircleName(named[1].upper(), words, named.start(2))


def parse_link(line: str) -> CausalLink:
    """The link of one line; raises LinkError with the place where reading stopped."""
    arrows = list(_ARROW.finditer(line))
    if not arrows:
        raise LinkError(_start(line), "this line has no arrow", _FORM)
    if len(arrows) > 1:
        raise LinkError(
            arrows[1].start(), "a second arrow in one line", "write each link on a line of its own"
        )
    arrow = arrows[0]
    target, sign, delay = _parts(line, arrow.end())
    link = CausalLink(
        _variable(line[: arrow.start()], 0),
        _variable(line[slice(*target)], target[0]),
        _sign(line[slice(*sign)], sign[0], target[1]),
        _delay(line[slice(*delay)], delay[0]),
    )
    if link.origin.casefold() == link.target.casefold():
        raise LinkError(
            target[0],
            f"'{link.target}' acts on itself",
            "name what lies between: a circle needs two variables at least",
        )
    return link


def _parts(line: str, start: int) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Where the target, the sign and the delay stand: from the arrow's end on."""
    colon = line.find(":", start)
    comma = line.find(",", colon if colon >= 0 else start)
    end = comma if comma >= 0 else len(line)
    delay = (end + 1, len(line)) if comma >= 0 else (len(line), len(line))
    if colon >= 0:
        return (start, colon), (colon + 1, end), delay
    match = re.search(r"\s*[+\-−–]\s*$", line[start:end])
    cut = start + match.start() if match else end
    return (start, cut), (cut, end), delay


def _variable(text: str, offset: int) -> str:
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        raise LinkError(offset, "a variable is missing beside the arrow", _FORM)
    if len(name) > MOST_LETTERS:
        raise LinkError(
            offset,
            f"a name of {len(name)} letters",
            f"a variable is a few words: {MOST_LETTERS} letters at most",
        )
    return name


def _sign(text: str, offset: int, end: int) -> int:
    word = " ".join(text.split()).casefold()
    if not word:
        raise LinkError(
            end,
            "it does not say whether there will be more or less",
            f"end it with ': more' or ': less'; {_FORM}",
        )
    if word not in _SIGNS:
        hint = did_you_mean(word, ("more", "less"), "write more or less (+ and - are read too)")
        raise LinkError(offset + _start(text), f"'{text.strip()}' is neither more nor less", hint)
    return _SIGNS[word]


def _delay(text: str, offset: int) -> bool:
    words = " ".join(text.split()).casefold()
    if not words:
        return False
    if words in _DELAYS:
        return True
    raise LinkError(
        offset + _start(text),
        f"'{text.strip()}' is not understood behind the comma",
        "write 'after a delay', or nothing",
    )


def _start(text: str) -> int:
    return len(text) - len(text.lstrip())


def variables_of(links: Iterable[CausalLink]) -> tuple[str, ...]:
    """The variables in order of first writing. Names that differ only in case are one."""
    found: dict[str, str] = {}
    for link in links:
        for name in (link.origin, link.target):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def is_drawable(links: Sequence[CausalLink]) -> bool:
    """Whether a drawing of these links could be read."""
    return len(variables_of(links)) <= MOST_VARIABLES and len(links) <= MOST_LINKS


def as_first_written(link: CausalLink, before: Sequence[CausalLink]) -> CausalLink:
    """The link with its variables spelled as they were first."""
    known = {name.casefold(): name for name in variables_of([*before, link])}
    return CausalLink(
        known[link.origin.casefold()], known[link.target.casefold()], link.sign, link.delayed
    )


def text_of(link: CausalLink) -> str:
    """The link as it is written."""
    sign = "more" if link.sign > 0 else "less"
    return f"{link.origin} -> {link.target}: {sign}" + (", after a delay" if link.delayed else "")
