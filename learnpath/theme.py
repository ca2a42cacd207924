"""A theme: its templates, its words, and the files that its pages load. Only here is Jinja."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from typing import Any
from urllib.parse import quote

import rcssmin
import yaml
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    compiler,
)
from jinja2.bccache import Bucket
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup
from msgspec import Struct

from learnpath.bundle import Bundles, bundle, words_of
from learnpath.cache import read_checked, remove_files, write_checked
from learnpath.filenames import themes_folder
from learnpath.strings import Strings

_FALLBACK_LANGUAGE = "en"
_OURS = f"template.{sys.implementation.cache_tag}-"
"""How the names of what this Python compiled begin."""


class StaticFile(Struct, frozen=True):
    """A file that the theme gives every site, named by its content."""

    file: str
    data: bytes


class ThemeError(Exception):
    """A theme cannot be used; the message says why."""


def theme_names() -> tuple[str, ...]:
    folder = themes_folder()
    return tuple(sorted(p.parent.name for p in folder.glob("*/theme.yml")))


class _Compiled(BytecodeCache):
    """Compiled templates, kept where Python keeps this package's compiled modules, and as much to
    be trusted: never in the folder of a course, which may come from anywhere.

    Jinja looks whether a template's text is the one that was compiled; the words in it are
    compiled as well, so each language that was ever built has its own, some fifty small files.
    """

    def __init__(self, strings: Strings) -> None:
        self._is_tidy = False
        self._language = strings.code
        self._words = content_hash(json.dumps([*strings.words.items()]).encode())

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """What a template is kept under in this language."""
        return f"{super().get_cache_key(name, filename)}-{self._language}"

    def get_source_checksum(self, source: str) -> str:
        """What was compiled: the text, and the words."""
        return super().get_source_checksum(source) + self._words

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was kept of a template, if it is whole."""
        if self._place is not None:
            folder, beginning = self._place
            data = read_checked(folder / f"{beginning}{bucket.key}")
            if data is not None:
                bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, where Python may keep modules, and none of other versions."""
        if self._place is None or sys.dont_write_bytecode:
            return
        folder, beginning = self._place
        if not self._is_tidy:
            self._is_tidy = True
            remove_files(
                folder, lambda name: name.startswith(_OURS) and not name.startswith(beginning)
            )
        with suppress(OSError):
            write_checked(folder / f"{beginning}{bucket.key}", bucket.bytecode_to_string())

    @cached_property
    def _place(self) -> tuple[Path, str] | None:
        """(folder, beginning of the name); None where nothing can be kept.

        The name tells what they depend on besides their text: Python, Jinja, and this module.
        """
        try:
            folder = os.path.dirname(cache_from_source(__file__))
            files = [os.stat(file) for file in (compiler.__file__, __file__)]
        except (OSError, NotImplementedError):  # in an archive; a Python that keeps nothing
            return None
        sizes = " ".join(f"{file.st_size} {file.st_mtime_ns}" for file in files)
        return Path(folder), f"{_OURS}{content_hash(MAGIC_NUMBER + sizes.encode())}-"


class _Words(Extension):
    """Puts a word in the place of `t("...")` where nothing is to be filled in: most calls of a
    page are such, and cost more than all that they bring."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, with its words among them."""
        words: Mapping[str, str] = self.environment.words  # type: ignore[attr-defined]
        tokens = list(stream)
        end = 0
        for at, token in enumerate(tokens):
            name, *rest = tokens[at : at + len(_CALL)]
            is_called = [one.type for one in (name, *rest)] == _CALL and name.value == "t"
            if is_called and rest[1].value in words and tokens[at - 1].type != "dot":
                yield Token(token.lineno, "string", words[rest[1].value])
                end = at + len(_CALL)
            elif at >= end:
                yield token


_CALL = ["name", "lparen", "string", "rparen"]
"""The tokens of a call with nothing but a text."""


class _Environment(Environment):
    """Keeps its templates at hand: pages ask for a dozen each. Jinja looks for a template in four
    steps, and copies what all templates know through two tables each time."""

    def __init__(self, folder: Path, strings: Strings) -> None:
        super().__init__(
            loader=FileSystemLoader(folder),
            bytecode_cache=_Compiled(strings),
            extensions=(_Words,),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.words = strings.words
        self.globals["t"] = strings.text
        self._known: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: Any = None,  # noqa: A002 - Jinja's name for it
    ) -> Template:
        """A template by its name; the same one again."""
        if not isinstance(name, str) or globals is not None:
            return super().get_template(name, parent, globals)
        template = self._known.get(name)
        if template is None:
            template = self._known[name] = super().get_template(name, parent)
            template.globals = dict(template.globals)
        return template


class Theme:
    """One theme, loaded once; its templates are compiled when they are first asked for."""

    def __init__(self, name: str) -> None:
        self.root = themes_folder() / name
        manifest = self.root / "theme.yml"
        if not manifest.is_file():
            raise ThemeError(f"there is no theme '{name}' (there is: {', '.join(theme_names())})")
        self._manifest: dict[str, Any] = yaml.safe_load(manifest.read_text("utf-8"))
        self._environments: dict[str, Environment] = {}
        self._strings: dict[str, Strings] = {}
        self._name = name
        self.names: dict[str, str] = {}
        """What each style and each script is called on the site, as far as is known."""

    def __reduce__(self) -> tuple[type[Theme], tuple[str]]:
        """Another process loads it anew: compiled templates do not cross."""
        return type(self), (self._name,)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that the theme is made of."""
        found = hashlib.blake2b(digest_size=16)
        for path in sorted(p for p in self.root.rglob("*") if p.is_file()):
            data = path.read_bytes()
            found.update(f"{path.relative_to(self.root)} {len(data)}\n".encode() + data)
        return found.hexdigest()

    # Words

    def strings(self, language: str) -> Strings:
        """The words of a language; of its main language or English where it has none."""
        if language not in self._strings:
            words = dict(self._catalogue(_FALLBACK_LANGUAGE) or {})
            own = self._catalogue(language) or self._catalogue(language.partition("-")[0])
            self._strings[language] = Strings(language, words | (own or {}), own is not None)
        return self._strings[language]

    def _catalogue(self, language: str) -> dict[str, str] | None:
        path = self.root / self._manifest["strings"] / f"{language}.json"
        return json.loads(path.read_text("utf-8")) if path.is_file() else None

    # Templates

    def template(self, name: str, language: str) -> Template:
        return self._environment(language).get_template(name)

    def html(self, name: str, language: str, **context: object) -> Markup:
        """A template's HTML; `t` and the context are all that it sees."""
        return Markup(self.template(name, language).render(**context))

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            folder = self.root / self._manifest["templates"]
            self._environments[language] = _Environment(folder, self.strings(language))
        return self._environments[language]

    # Files

    @property
    def _static(self) -> Path:
        return self.root / str(self._manifest["static"])

    @cached_property
    def style_text(self) -> dict[str, str]:
        """Each style sheet's text by its name, screen and print."""
        return {
            name: rcssmin.cssmin(
                "\n".join(
                    (self._static / "css" / f"{part}.css").read_text("utf-8") for part in parts
                )
            )
            for name, parts in self._manifest["styles"].items()
        }

    @cached_property
    def styles(self) -> dict[str, StaticFile]:
        return {
            name: hashed(f"assets/{name}.css", text.encode())
            for name, text in self.style_text.items()
        }

    @cached_property
    def icon(self) -> Markup:
        """The icon, an SVG of a few hundred bytes, as an address that holds it whole: no page asks
        for a file to show it."""
        text = (self._static / self._manifest["icon"]).read_text("utf-8").strip()
        plain = quote(text.replace('"', "'"), safe=" =:;,/()@.-{}'")
        return Markup(f"data:image/svg+xml,{plain}")

    def script(self, name: str, language: str) -> StaticFile:
        """A bundle with its words in a language; where it says none, all languages share it."""
        key = (name, language)
        if key not in self._scripts:
            self._scripts[key] = self._bundle(name, language)
        return self._scripts[key]

    @cached_property
    def _scripts(self) -> dict[tuple[str, str], StaticFile]:
        return {}

    def script_name(self, name: str, language: str) -> str:
        """The file of a bundle on the site. Where it is known, nothing is put together for it."""
        key = f"{name}.{language}.js"
        if key not in self.names:
            self.names[key] = self.script(name, language).file
        return self.names[key]

    def style_name(self, name: str) -> str:
        """The file of a style sheet on the site."""
        key = f"{name}.css"
        if key not in self.names:
            self.names[key] = self.styles[name].file
        return self.names[key]

    @property
    def style_names(self) -> tuple[str, ...]:
        """The style sheets, in the order in which they are loaded."""
        return tuple(self._manifest["styles"])

    @property
    def first_bundle(self) -> str:
        return str(next(iter(self._manifest["scripts"])))

    @property
    def later(self) -> tuple[str, ...]:
        """The bundles that a page loads only when they are first used."""
        return tuple(self._manifest.get("later", ()))

    def _bundle(self, name: str, language: str) -> StaticFile:
        bundles: Bundles = self._manifest["scripts"]
        words = self.strings(language).for_scripts()
        text = bundle(name, bundles, self._script_sources, words)
        spoken = words_of(name, bundles, self._script_sources, words)
        suffix = f".{language}" if spoken else ""
        return hashed(f"assets/{name}{suffix}.js", text.encode())

    @cached_property
    def _script_sources(self) -> Mapping[str, str]:
        folder = self._static / "js"
        return {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.js"))}


_loaded: dict[str, Theme] = {}


def load(name: str) -> Theme:
    """A theme by its name; the same one again, with its templates compiled, while it is the same.

    Raises ThemeError where it cannot be used.
    """
    theme = Theme(name)
    before = _loaded.get(name)
    if before is not None and (before.root, before.fingerprint) == (theme.root, theme.fingerprint):
        return before
    _loaded[name] = theme
    return theme


def hashed(name: str, data: bytes) -> StaticFile:
    """The file under a name that carries its content's digest."""
    stem, dot, ending = name.rpartition(".")
    return StaticFile(f"{stem}.{content_hash(data)}{dot}{ending}", data)


def content_hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=5).hexdigest()
