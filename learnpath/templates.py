"""A theme's templates in one language, compiled. Only here is Jinja."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from importlib.util import MAGIC_NUMBER, cache_from_source
from keyword import iskeyword
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    compiler,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from learnpath.cache import read_checked, remove_files, write_checked
from learnpath.filenames import content_hash
from learnpath.strings import Strings

__all__ = ["Template", "Templates"]

_OURS = f"template.{sys.implementation.cache_tag}-"
"""How the names of what this Python compiled begin."""


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


class _Generator(CodeGenerator):
    """Leaves out what our templates have no use for: what is put out need not know that it is
    safe, nothing that they call asks for their context, and what has a name after a dot is no
    mapping. All of it is done hundreds of times a page."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """An attribute, as Python has it; the blocks of `self` are none."""
        of_self = isinstance(node.node, nodes.Name) and node.node.name == "self"
        if of_self or iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(  # noqa: N802 - Jinja's name for it
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """A call of what a template names."""
        self.write("environment.called(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")


class _Loader(FileSystemLoader):
    """Puts what a template includes in its place, which is not looked for then, and handed no copy
    of all that is known there, each time that it is rendered. It has names of its own as before;
    what would not be the same there is included as ever."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """(text, path, whether it is still the same) of a template."""
        source, path, is_same = super().get_source(environment, template)
        return self._with_parts(environment, source, (template,)), path, is_same

    def _with_parts(self, environment: Environment, source: str, chain: tuple[str, ...]) -> str:
        def included(found: re.Match[str]) -> str:
            name = found["name"]
            if not name or name in chain:
                return found[0]
            try:
                part, _, _ = super(_Loader, self).get_source(environment, name)
            except TemplateNotFound:
                return found[0]
            text = part.removesuffix("\n")
            if _HAS_BLOCKS.search(text) or text != text.strip():
                return found[0]
            inner = self._with_parts(environment, text, (*chain, name))
            return f"{{% with %}}{inner}{{% endwith %}}"

        return _INCLUDE.sub(included, source)

    def parts(self, environment: Environment, template: str) -> Iterator[tuple[str, str, str]]:
        """(name, text, path) of a template and of those that stand in it, as they were written."""
        names = [template]
        for name in names:
            with suppress(TemplateNotFound):
                source, path, _ = super().get_source(environment, name)
                yield name, source, path
                parts = [found["name"] for found in _INCLUDE.finditer(source)]
                names += [part for part in parts if part and part not in names]


_INCLUDE = re.compile(
    r'{#.*?#}|{%-?\s*raw\b.*?{%-?\s*endraw\b|{% include "(?P<name>[^"]+)" %}', re.DOTALL
)
"""A part that is included, where it is none of a comment."""
_HAS_BLOCKS = re.compile(r"{%[-+]?\s*(?:block|extends)\b")


class Templates(Environment):
    """Keeps its templates at hand: pages ask for a dozen each. Jinja looks for a template in four
    steps, and copies what all templates know through two tables each time."""

    code_generator_class = _Generator

    def __init__(self, folder: Path, strings: Strings) -> None:
        self._loader = _Loader(folder)
        super().__init__(
            loader=self._loader,
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

    def make_ready(self) -> None:
        """Compile all of them, or take what was kept of each; of one that cannot be compiled is
        told where it is asked for."""
        for name in self.list_templates(extensions=["html"]):
            with suppress(TemplateError, OSError, ValueError):
                self.get_template(name)

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Raise what went wrong, of a part that is included with the part's name and line."""
        error = sys.exc_info()[1]
        if isinstance(error, TemplateSyntaxError) and error.name:
            for name, text, path in self._loader.parts(self, error.name):
                Environment(autoescape=True).parse(text, name, path)
        super().handle_exception(source)

    @staticmethod
    def shown(value: object) -> str:
        """A value as it is put out."""
        if type(value) is str:  # most have no sign that would have to be escaped
            return str(escape(value)) if _signs(value) else value
        return value if type(value) is Markup else escape(value)

    @staticmethod
    def called(function: Callable[..., object], /, *given: object, **named: object) -> object:
        """What a function answers."""
        return function(*given, **named)


_signs = re.compile("[&<>\"']").search
"""Finds what is escaped in HTML."""
