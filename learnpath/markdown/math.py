"""TeX → MathML, at build time."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from learnpath.markdown.context import Context
from learnpath.problems import Place


def math_html(tex: str, context: Context, place: Place, *, block: bool) -> str:
    """MathML of a formula; one that cannot be read is shown as written, and told."""
    try:
        return _converted(tex, "block" if block else "inline")
    except Exception as error:  # the converter raises many kinds, none of them its own
        context.problems.add(
            "invalid-value",
            place,
            f"this formula cannot be read: {type(error).__name__}",
            "check its braces and commands; write \\$ for a dollar sign",
        )
        return f"<code>{escape(tex)}</code>"


@lru_cache(maxsize=256)
def _converted(tex: str, display: str) -> str:
    from latex2mathml.converter import convert  # a course without formulas never loads it

    return str(convert(tex, display=display))
