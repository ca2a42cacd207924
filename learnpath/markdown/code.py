"""Code, coloured at build time."""

from __future__ import annotations

from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer


def code_block(code: str, language: str) -> str:
    """A block of code; the language's name is the first word after the fence."""
    lexed = _highlighted(code, language) if language else None
    name = f' class="language-{escape(language)}"' if language else ""
    return (
        f'<div class="highlight"><pre tabindex="0"><code{name}>'
        f"{lexed if lexed is not None else escape(code, quote=False)}</code></pre></div>\n"
    )


@lru_cache(maxsize=512)
def _highlighted(code: str, language: str) -> str | None:
    lexer = _lexer(language)
    if lexer is None:
        return None
    from pygments import highlight  # not loaded for pages without code, which most are

    return str(highlight(code, lexer, _formatter()))


@cache
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


@cache
def _formatter() -> HtmlFormatter[str]:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)
