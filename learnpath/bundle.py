"""Small module sources → the classic script that ships.

Module scripts do not load from disk, so what ships is one classic file a bundle. Its making is
plain: import lines and the word `export` go, the sources follow each other inside one function,
and what other bundles import is put on `learnpath`, where they find it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

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


class Scripts:
    """The modules of a theme, and the bundles that they are put together to."""

    def __init__(self, bundles: Bundles, sources: Mapping[str, str]) -> None:
        """`sources` are the modules' texts by their names."""
        self._bundles, self._sources = bundles, sources
        self._first = next(iter(bundles))
        self._known: dict[str, _Module] = {}
        self._said: dict[tuple[str, ...], dict[str, list[str]]] = {}

    def text(self, name: str, words: Mapping[str, str]) -> str:
        """One classic script: the modules of a bundle, with those of the words they say. Raises
        BundleError."""
        modules = self._modules(name)
        self._refuse_doubles(modules)
        self._refuse_strangers(name, modules)
        exported = {one for module in modules for one in module.exports}
        offered = sorted(exported & self._wanted_elsewhere(name))
        wanted = sorted(self._from_outside[name])
        own_words = self.words_of(name, words)
        parts = [
            '(()=>{"use strict";const learnpath=globalThis.learnpath??={};',
            f"Object.assign(learnpath.strings??={{}},{_json(own_words)});" if own_words else "",
            f"const {{{','.join(wanted)}}}=learnpath;" if wanted else "",
            *(module.body for module in modules),
            f"Object.assign(learnpath,{{{','.join(offered)}}});" if offered else "",
            "})();",
        ]
        return str(rjsmin.jsmin("\n".join(parts)))

    def words_of(self, name: str, words: Mapping[str, str]) -> dict[str, str]:
        """The words that a bundle says itself; what nobody is seen to say goes with the first."""
        keys = tuple(words)
        if keys not in self._said:
            self._said[keys] = self._shared_out(keys)
        return {key: words[key] for key in sorted(self._said[keys][name])}

    def _modules(self, name: str) -> list[_Module]:
        return [self._module(module) for module in self._bundles[name]]

    def _module(self, name: str) -> _Module:
        if name not in self._known:
            if name not in self._sources:
                raise BundleError(f"there is no script '{name}.js'")
            self._known[name] = _Module(name, self._sources[name])
        return self._known[name]

    @cached_property
    def _from_outside(self) -> dict[str, set[str]]:
        """What the modules of each bundle import from those of others."""
        return {
            name: {
                wanted
                for module in self._modules(name)
                for names, origin in module.imports
                if origin not in modules
                for wanted in names
            }
            for name, modules in self._bundles.items()
        }

    def _wanted_elsewhere(self, name: str) -> set[str]:
        return set().union(*(those for one, those in self._from_outside.items() if one != name))

    def _refuse_doubles(self, modules: Iterable[_Module]) -> None:
        """The modules of a bundle share one scope, so a name may stand for one thing only."""
        homes: dict[str, str] = {}
        for module in modules:
            for name in module.declares:
                if homes.setdefault(name, module.name) != module.name:
                    raise BundleError(
                        f"two modules of one bundle declare '{name}': "
                        f"{homes[name]}.js and {module.name}.js"
                    )

    def _refuse_strangers(self, name: str, modules: Iterable[_Module]) -> None:
        """No other bundle than the first is sure to be there, so nothing is imported from one."""
        there = {*self._bundles[name], *self._bundles[self._first]}
        for module in modules:
            for _, origin in module.imports:
                if origin not in there:
                    raise BundleError(
                        f"{module.name}.js imports from {origin}.js, which is neither in the "
                        f"bundle '{name}' nor in the first one"
                    )

    def _shared_out(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The words of these keys that each bundle says, and the first one not already."""
        stems = {key: _stem(key) for key in keys}
        says = {name: self._says(name, set(stems.values())) for name in self._bundles}
        first, anybody = says[self._first], set().union(*says.values())
        found = {
            name: [key for key, stem in stems.items() if stem in those and stem not in first]
            for name, those in says.items()
        }
        found[self._first] = [
            key for key, stem in stems.items() if stem in first or stem not in anybody
        ]
        return found

    def _says(self, name: str, stems: set[str]) -> set[str]:
        modules = self._modules(name)
        beginnings = tuple({one for module in modules for one in module.beginnings})
        whole = {one for module in modules for one in module.literals}
        return {stem for stem in stems if stem in whole or stem.startswith(beginnings)}


class _Module:
    """One module's text, and what there is in it."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self._source = name, source

    @cached_property
    def exports(self) -> list[str]:
        return [match[2] for match in _EXPORT.finditer(self._source)]

    @cached_property
    def declares(self) -> list[str]:
        return _DECLARED.findall(self._source)

    @cached_property
    def imports(self) -> list[tuple[list[str], str]]:
        """The names that it imports, each time with the module that they are of."""
        found = []
        for match in _IMPORT.finditer(self._source):
            if " as " in match[1]:
                raise BundleError(f"{self.name}.js: names are imported as they are: {match[1]}")
            found.append((_names(match[1]), match[2]))
        return found

    @cached_property
    def literals(self) -> list[str]:
        """What may be words that it says."""
        return _LITERAL.findall(self._source)

    @cached_property
    def beginnings(self) -> list[str]:
        """How the words may begin that it puts together."""
        return _PREFIX.findall(self._source)

    @cached_property
    def body(self) -> str:
        """The text without its imports, and without the word `export`."""
        body = _EXPORT.sub(r"\1 \2", _IMPORT.sub("", self._source))
        if (left := _UNREAD.search(body)) is not None:
            raise BundleError(f"{self.name}.js: this form is not bundled: {left[0].strip()}")
        return body


def _stem(key: str) -> str:
    """The key that a script says, of all forms of a word."""
    for form in _FORMS:
        key = key.removesuffix(form)
    return key


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _json(words: Mapping[str, str]) -> str:
    return json_text(dict(words)).replace("<", "\\u003c")
