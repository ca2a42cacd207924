"""Small module sources → the classic script that ships.

Module scripts do not load from disk, so what ships is one classic file a bundle. Its making is
plain: import lines and the word `export` go, the sources follow each other inside one function,
and what they export is put on `learnpath`, where the next bundle finds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

import rjsmin

_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"\./([\w-]+)\.js";[^\S\n]*\n?', re.MULTILINE)
_EXPORT = re.compile(
    r"^export\s+((?:async\s+)?function\*?|const|let|class)\s+([A-Za-z_$][\w$]*)", re.MULTILINE
)


class BundleError(Exception):
    """A theme's scripts cannot be put together: the message says which and why."""


def bundle(
    names: Sequence[str], sources: Mapping[str, str], words: Mapping[str, str] | None = None
) -> str:
    """One classic script from the modules `names`, in order.

    `words` go in front as `learnpath.strings`, for the bundle that every page loads first.
    """
    parts = ['(()=>{"use strict";const learnpath=globalThis.learnpath??={};']
    if words is not None:
        parts.append(f"learnpath.strings={_json(words)};")
    exported: list[str] = []
    wanted: dict[str, None] = {}
    bodies = []
    for name in names:
        source = _source(name, sources)
        for match in _IMPORT.finditer(source):
            if match[2] not in names:
                wanted.update(dict.fromkeys(_names(match[1])))
        exported += [match[2] for match in _EXPORT.finditer(source)]
        bodies.append(_EXPORT.sub(r"\1 \2", _IMPORT.sub("", source)))
    if len(set(exported)) != len(exported):
        double = sorted({name for name in exported if exported.count(name) > 1})
        raise BundleError(f"two modules of one bundle export the same name: {', '.join(double)}")
    if wanted:
        parts.append(f"const {{{','.join(sorted(wanted))}}}=learnpath;")
    parts += bodies
    if exported:
        parts.append(f"Object.assign(learnpath,{{{','.join(sorted(exported))}}});")
    parts.append("})();")
    return str(rjsmin.jsmin("\n".join(parts)))


def _source(name: str, sources: Mapping[str, str]) -> str:
    if name not in sources:
        raise BundleError(f"there is no script '{name}.js'")
    return sources[name]


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _json(words: Mapping[str, str]) -> str:
    return json.dumps(dict(words), ensure_ascii=False, separators=(",", ":")).replace(
        "<", "\\u003c"
    )
