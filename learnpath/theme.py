"""A theme: its templates, its words, and the files that its pages load."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import rcssmin
import yaml
from markupsafe import Markup
from msgspec import Struct

from learnpath.bundle import BundleError, Scripts
from learnpath.cache import Signature, digest, signatures
from learnpath.filenames import content_hash, themes_folder
from learnpath.strings import Strings
from learnpath.templates import Template, Templates

_FALLBACK_LANGUAGE = "en"
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C takes a tenth of the time, where PyYAML comes with it."""


class StaticFile(Struct, frozen=True):
    """A file that the theme gives every site, named by its content."""

    file: str
    data: bytes


class ThemeError(Exception):
    """A theme cannot be used; the message says why."""


def theme_names() -> tuple[str, ...]:
    folder = themes_folder()
    return tuple(sorted(p.parent.name for p in folder.glob("*/theme.yml")))


class Theme:
    """One theme, loaded once; its templates are compiled when they are first asked for."""

    def __init__(self, name: str) -> None:
        self.root = themes_folder() / name
        self.signatures = _signatures(self.root)
        """Its files as they were when it was loaded."""
        manifest = self.root / "theme.yml"
        if not manifest.is_file():
            raise ThemeError(f"there is no theme '{name}' (there is: {', '.join(theme_names())})")
        text = manifest.read_text("utf-8")
        self._manifest: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe one
        self._templates: dict[str, Templates] = {}
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
        names = [name for name, _ in self.signatures]
        texts = (Path(os.path.join(self.root, name)).read_bytes() for name in names)
        return digest("\0".join(names).encode(), *texts)

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
        return self._templates_in(language).get_template(name)

    def _templates_in(self, language: str) -> Templates:
        if language not in self._templates:
            folder = self.root / self._manifest["templates"]
            self._templates[language] = Templates(folder, self.strings(language))
        return self._templates[language]

    def html(self, name: str, language: str, **context: object) -> Markup:
        """A template's HTML; `t` and the context are all that it sees."""
        return Markup(self.template(name, language).render(**context))

    def make_ready(self, language: str) -> None:
        """Compile and put together now what a whole site asks for, in one language. It is a head
        start: what fails is told to who asks for it, if anybody does."""
        self._templates_in(language).make_ready()
        for name in self._manifest["scripts"]:
            with suppress(BundleError):
                self.script(name, language)

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
        words = self.strings(language).for_scripts
        text = self._modules.text(name, words)
        suffix = f".{language}" if self._modules.words_of(name, words) else ""
        return hashed(f"assets/{name}{suffix}.js", text.encode())

    @cached_property
    def _modules(self) -> Scripts:
        folder = self._static / "js"
        sources = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.js"))}
        return Scripts(self._manifest["scripts"], sources)


_loaded: dict[str, Theme] = {}


def load(name: str) -> Theme:
    """A theme by its name; the same one again, with its templates compiled, while it is the same.

    Raises ThemeError where it cannot be used.
    """
    root = themes_folder() / name
    before = _loaded.get(name)
    if before is not None and (before.root, before.signatures) == (root, _signatures(root)):
        return before
    theme = _loaded[name] = Theme(name)
    return theme


def _signatures(root: Path) -> list[tuple[str, Signature]]:
    return signatures(root) if root.is_dir() else []


def load_anew() -> None:
    """Have every theme loaded anew when it is asked for next: a file of one was seen to change."""
    _loaded.clear()


def hashed(name: str, data: bytes) -> StaticFile:
    """The file under a name that carries its content's digest."""
    stem, dot, ending = name.rpartition(".")
    return StaticFile(f"{stem}.{content_hash(data)}{dot}{ending}", data)
