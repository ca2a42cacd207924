"""Raw HTML in a page: what it refers to is found, what must not run is taken out.

`html: true` lets everything else through, `sanitised` only what is listed here, `false` shows
the tags as text. The page's content security policy is the second fence behind this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from learnpath.document import Resource
from learnpath.markdown.context import Context
from learnpath.paths import is_external
from learnpath.problems import Place

_PIECE = re.compile(
    r"<!--.*?(?:-->|$)"
    r"|<(?P<drop>script|style|template|base|meta|link|object|embed|iframe)\b[^<>]*>"
    r"|</(?P<close>[A-Za-z][\w:-]*)\s*>"
    r"|<(?P<open>[A-Za-z][\w:-]*)(?P<attributes>(?:\"[^\"]*\"|'[^']*'|[^'\"<>])*)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""", re.DOTALL
)
_ADDRESSES = {"src", "href", "poster"}
_SAFE_TAGS = frozenset(
    """a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt
    em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby
    s samp section small source span strong sub summary sup table tbody td tfoot th thead time tr
    u ul var wbr audio video track""".split()  # noqa: SIM905
)
_SAFE_ATTRIBUTES = frozenset(
    """id class title lang dir href src poster alt width height colspan rowspan scope headers open
    datetime cite start type reversed value controls kind srclang label loading role tabindex
    aria-label aria-hidden aria-describedby""".split()  # noqa: SIM905
)
_HARMFUL_SCHEME = re.compile(r"\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)


def raw_html(html: str, context: Context, place: Place) -> Iterator[str | Resource]:
    """The pieces of one raw HTML token, in order."""
    if context.html == "false":
        yield escape(html, quote=False)
        return
    at = 0
    unclosed: set[str] = set()
    while (match := _PIECE.search(html, at)) is not None:
        yield html[at : match.start()]
        at = _behind(match, html, unclosed)
        line = place.line or 0
        here = Place(place.path, line + html.count("\n", 0, match.start()))
        yield from _piece(match, context, here)
    yield html[at:]


def _behind(match: re.Match[str], html: str, unclosed: set[str]) -> int:
    """The offset behind a tag; behind its content, where that is left out with it.

    `unclosed` remembers names that are closed nowhere any more: looking again and again would
    take quadratic time.
    """
    name = (match["drop"] or "").lower()
    if not name or name in unclosed:
        return match.end()
    end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(html, match.end())
    if end is None:
        unclosed.add(name)
        return match.end()
    return end.end()


def anchors_in(html: str) -> Iterator[str]:
    """The ids and names that raw HTML gives to places of the page."""
    for tag in _PIECE.finditer(html):
        for match in _ATTRIBUTE.finditer(tag["attributes"] or ""):
            named = match[1].lower() == "name" and tag["open"].lower() == "a"
            value = match[2] or match[3] or match[4]
            if value and (named or match[1].lower() == "id"):
                yield unescape(value)


def _piece(match: re.Match[str], context: Context, place: Place) -> Iterator[str | Resource]:
    if match["drop"]:
        context.problems.add(
            "inline-style",
            place,
            f"<{match['drop'].lower()}> never runs on a learner's page and is left out",
            "remove it; a theme is the place for styles and scripts",
        )
    elif match["close"]:
        if _allowed(match["close"], context):
            yield match.group()
    elif match["open"] and _allowed(match["open"], context):
        yield f"<{match['open']}"
        yield from _attributes(match["attributes"], context, place)
        yield " />" if match["attributes"].rstrip().endswith("/") else ">"


def _allowed(tag: str, context: Context) -> bool:
    return context.html == "true" or tag.lower() in _SAFE_TAGS


def _attributes(text: str, context: Context, place: Place) -> Iterator[str | Resource]:
    for match in _ATTRIBUTE.finditer(text):
        name = match[1].lower()
        value = next((group for group in match.groups()[1:] if group is not None), None)
        if name == "style" or name.startswith("on"):
            context.problems.add(
                "inline-style",
                place,
                f"the attribute {name}= never works on a learner's page and is left out",
                "use a class, and a theme that styles it",
            )
        elif context.html == "sanitised" and name not in _SAFE_ATTRIBUTES:
            continue
        elif value is None:
            yield f" {name}"
        elif name in _ADDRESSES:
            yield from _address(name, unescape(value), context, place)
        elif name == "srcset":
            yield from _candidates(unescape(value), place)
        else:
            yield f' {name}="{escape(unescape(value))}"'


def _candidates(value: str, place: Place) -> Iterator[str | Resource]:
    """The pictures that a `srcset` chooses from: address, then width or density."""
    yield ' srcset="'
    for at, candidate in enumerate(part.split() for part in value.split(",") if part.strip()):
        if is_external(candidate[0]):
            continue
        yield ", " if at else ""
        yield Resource(candidate[0], place, False, place.path or "")
        yield "".join(f" {escape(size)}" for size in candidate[1:])
    yield '"'


def _address(name: str, value: str, context: Context, place: Place) -> Iterator[str | Resource]:
    if _HARMFUL_SCHEME.match(value) and not (name == "src" and value.startswith("data:image/")):
        return
    yield f' {name}="'
    if is_external(value) or value.startswith("#"):
        if name != "href" and not value.startswith("#"):
            context.problems.add(
                "external-resource",
                place,
                f"'{value}' is fetched from somewhere else, which a learner's page never does",
                "put the file beside the page",
            )
        yield escape(value)
    else:
        yield Resource(value, place, name == "href", place.path or "")
    yield '"'
