"""Small module sources → the classic script that ships.

Module scripts do not load from disk, so what ships is one classic file a bundle. Its making is
plain: import lines and the word `export` go, the sources follow each other inside one function,
and what other bundles import is put on `learnpath`, where they find it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import rjsmin

from learnpath.jsontext import json_text

Bundles = Mapping[str, Sequence[str]]
"""Bundle → its modules, in order. The first bundle is on every page, before the others."""

_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"\./([\w-]+)\.js";[^\S\n]*\n?', re.MULTILINE)
_EXPORT = re.compile(
    r"^export\s+((?:async\s+)?function\*?|const|let|class)\s+([A-Za-z_$][\w$]*)", re.MULTILINE
)
_DECLARED = re.compile(
    r"^(?:export\s+)?(?:async\s+)?(?:function\*?|const|let|class)\s+([A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
_UNREAD = re.compile(r"^(?:import|export)\b[^\n]*", re.MULTILINE)
_LITERAL = re.compile(r'"([\w.-]+)"')
_PREFIX = re.compile(r"`([\w.-]+)\$\{")
_FORMS = (".one", ".other")


class BundleError(Exception):
    """A theme's scripts cannot be put together: the message says which and why."""


def bundle(
    name: str, bundles: Bundles, sources: Mapping[str, str], words: Mapping[str, str]
) -> str:
    """One classic script: the modules of bundle `name`, with those of the words they say."""
    modules = bundles[name]
    _refuse_doubles(modules, sources)
    _refuse_strangers(name, bundles, sources)
    exported = _exported(modules, sources)
    offered = sorted(exported & _wanted_elsewhere(name, bundles, sources))
    wanted = sorted(_imported_from_outside(modules, sources))
    own_words = words_of(name, bundles, sources, words)
    parts = [
        '(()=>{"use strict";const learnpath=globalThis.learnpath??={};',
        f"Object.assign(learnpath.strings??={{}},{_json(own_words)});" if own_words else "",
        f"const {{{','.join(wanted)}}}=learnpath;" if wanted else "",
        *(_body(module, _source(module, sources)) for module in modules),
        f"Object.assign(learnpath,{{{','.join(offered)}}});" if offered else "",
        "})();",
    ]
    return str(rjsmin.jsmin("\n".join(parts)))


def words_of(
    name: str, bundles: Bundles, sources: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, str]:
    """The words that a bundle says itself; what nobody is seen to say goes with the first."""
    first = next(iter(bundles))
    texts = {n: tuple(_source(m, sources) for m in modules) for n, modules in bundles.items()}
    sayers = _sayers(tuple(texts.items()), tuple(words))
    if name == first:
        mine = [key for key, names in sayers.items() if first in names or not names]
    else:
        mine = [key for key, names in sayers.items() if name in names and first not in names]
    return {key: words[key] for key in sorted(mine)}


_Said = tuple[frozenset[str], tuple[str, ...]]
"""The words that scripts say, and how those begin that they put together."""


def _says(said: _Said, key: str) -> bool:
    for form in _FORMS:
        key = key.removesuffix(form)
    whole, beginnings = said
    return key in whole or key.startswith(beginnings)


@cache
def _sayers(
    texts: tuple[tuple[str, tuple[str, ...]], ...], keys: tuple[str, ...]
) -> dict[str, frozenset[str]]:
    """The bundles that say each word: the same for all bundles and languages of a theme."""
    said = {name: _said(those) for name, those in texts}
    return {key: frozenset(n for n, spoken in said.items() if _says(spoken, key)) for key in keys}


@cache
def _said(texts: tuple[str, ...]) -> _Said:
    whole = frozenset(word for text in texts for word in _LITERAL.findall(text))
    return whole, tuple({start for text in texts for start in _PREFIX.findall(text)})


def _body(module: str, source: str) -> str:
    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub("", source))
    if (left := _UNREAD.search(body)) is not None:
        raise BundleError(f"{module}.js: this form is not bundled: {left[0].strip()}")
    return body


def _exported(modules: Iterable[str], sources: Mapping[str, str]) -> set[str]:
    return {match[2] for m in modules for match in _EXPORT.finditer(_source(m, sources))}


def _refuse_doubles(modules: Iterable[str], sources: Mapping[str, str]) -> None:
    """The modules of a bundle share one scope, so a name may stand for one thing only."""
    homes: dict[str, str] = {}
    for module in modules:
        for name in _DECLARED.findall(_source(module, sources)):
            if homes.setdefault(name, module) != module:
                raise BundleError(
                    f"two modules of one bundle declare '{name}': {homes[name]}.js and {module}.js"
                )


def _refuse_strangers(name: str, bundles: Bundles, sources: Mapping[str, str]) -> None:
    """No other bundle than the first is sure to be there, so nothing is imported from one."""
    there = {*bundles[name], *next(iter(bundles.values()))}
    for module in bundles[name]:
        for _, origin in _imports(module, _source(module, sources)):
            if origin not in there:
                raise BundleError(
                    f"{module}.js imports from {origin}.js, which is neither in the bundle "
                    f"'{name}' nor in the first one"
                )


def _imported_from_outside(modules: Sequence[str], sources: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    for module in modules:
        for names, origin in _imports(module, _source(module, sources)):
            if origin not in modules:
                found.update(names)
    return found


@cache
def _imports(module: str, source: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The names that a module imports, each time with the module that they are of."""
    found = []
    for match in _IMPORT.finditer(source):
        if " as " in match[1]:
            raise BundleError(f"{module}.js: names are imported as they are: {match[1]}")
        found.append((tuple(_names(match[1])), match[2]))
    return tuple(found)


def _wanted_elsewhere(name: str, bundles: Bundles, sources: Mapping[str, str]) -> set[str]:
    others = (modules for other, modules in bundles.items() if other != name)
    return {wanted for modules in others for wanted in _imported_from_outside(modules, sources)}


def _source(name: str, sources: Mapping[str, str]) -> str:
    if name not in sources:
        raise BundleError(f"there is no script '{name}.js'")
    return sources[name]


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _json(words: Mapping[str, str]) -> str:
    return json_text(dict(words)).replace("<", "\\u003c")
