"""A theme that shows what the core hands to themes, and nothing of its own.

A page comes out as its author's HTML, with each view (a choice, a checkpoint, a card) written as
an element of that name. Expectations made of it pin the core, and no edit of a real theme
changes them.
"""

from __future__ import annotations

import textwrap
from html import escape
from typing import Any

from jinja2 import Template
from markupsafe import Markup
from msgspec import Struct

from learnpath.theme import Theme

_NOT_SHOWN = frozenset(("site", "head", "drawing", "styles"))
"""Whole contexts and drawings; a page's language and title are shown by themselves."""


class _View:
    """Stands in the place of a template."""

    def render(self, **context: Any) -> str:
        return "".join(
            shown(name, value) for name, value in context.items() if name not in _NOT_SHOWN
        )


class PlainTheme(Theme):
    """The default theme's words, with no templates."""

    def template(self, name: str, language: str) -> Template:
        return _View()  # type: ignore[return-value]

    def html(self, name: str, language: str, **context: Any) -> Markup:
        site, head = context["site"], context["head"]
        attributes = {
            "lang": site.language, "dir": site.direction, "title": head.title,
            "canonical": head.canonical,
        }  # fmt: skip
        languages = "".join(
            shown("in", language) for language in site.languages if not language.current
        )
        inner = languages + _View().render(**context)
        return Markup(_element(name.removesuffix(".html"), attributes, inner))


def shown(name: str, value: Any) -> str:
    """A value as an element; nothing, where it says nothing."""
    if isinstance(value, (tuple, list)):
        return "".join(shown(_singular(name), item) for item in value)
    if not value and value != 0:
        return ""
    if not isinstance(value, Struct):
        return _element(name, {}, value if isinstance(value, Markup) else escape(str(value)))
    attributes, inner = {}, ""
    for field in value.__struct_fields__:
        part = getattr(value, field)
        if field in _NOT_SHOWN:
            continue
        if isinstance(part, (Markup, tuple, list, Struct)):
            inner += shown(field, part)
        elif part:
            attributes[field] = str(part)
    return _element(name, attributes, inner)


def _singular(name: str) -> str:
    if name in ("asks", "effects_words"):
        return name
    return "alias" if name == "aliases" else name.removesuffix("s")


def _element(name: str, attributes: dict[str, str], inner: str) -> str:
    head = name + "".join(
        f' {key}="{escape(value, quote=False)}"' for key, value in attributes.items() if value
    )
    inner = inner.strip("\n")
    if not inner:
        return f"<{head}/>\n"
    if "\n" not in inner and len(head) + len(inner) < 90:
        return f"<{head}>{inner}</{name}>\n"
    return f"<{head}>\n{_indented(inner)}\n</{name}>\n"


def _indented(text: str) -> str:
    return text if "<pre" in text else textwrap.indent(text, "  ")
