"""What `check --fix` mends: one function for each kind of mending, all of them in one list.

Each looks at the course as it was read and gives edits of its files; a file's bytes outside its
edits stay as they are, line ends and byte-order mark too. What cannot be mended without a doubt
is left alone. Mending is done when nothing is left to mend, so a second run changes nothing.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from learnpath.checks.names import course_id
from learnpath.course import Course, PageTarget, checkpoint_homes, make_course, nodes_in
from learnpath.document import Document, Option, WikiLink
from learnpath.filenames import CONFIG_FILE
from learnpath.frontmatter import split_page
from learnpath.ledger import read_ledger
from learnpath.library import Holdings, Library
from learnpath.markdown.attributes import AttributesError, looks_meant, parse_attributes
from learnpath.markdown.fences import fence_lines
from learnpath.markdown.read import read_document
from learnpath.paths import slug
from learnpath.problems import Place, Problem, Problems
from learnpath.renames import moved_pages, renamed_checkpoints
from learnpath.rewrite import replace_file
from learnpath.yamlnodes import Mapping, read_yaml, written_scalar

_MOST_PASSES = 20
"""Edits of one pass can uncover others; a second or third pass finds no more."""
_LINE_END = re.compile(r"(\r\n|\r|\n)")
_BOM = b"\xef\xbb\xbf"


class Fixed(Struct, frozen=True):
    """Something that was mended, and where it stands now or stood."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"fixed: {self.path}:{self.line} {self.what}"


class Edit(Struct, frozen=True):
    """In the line `line`, from 1, put `text` in the place of what lies between two columns, from
    0; or, with no columns, put a line with `text` above it."""

    path: str
    line: int
    what: str
    text: str
    start: int = -1
    end: int = -1

    @property
    def is_line(self) -> bool:
        return self.start < 0


class SourceText:
    """A file as its lines, such that joining them gives its bytes again."""

    def __init__(self, data: bytes) -> None:
        """Raises UnicodeDecodeError where the file is not UTF-8: such a file is left alone."""
        self.mark = _BOM if data.startswith(_BOM) else b""
        pieces = _LINE_END.split(data[len(self.mark) :].decode("utf-8"))
        self.lines = pieces[::2]
        self.ends = pieces[1::2]

    def bytes(self) -> bytes:
        ends = [*self.ends, ""]
        text = "".join(line + end for line, end in zip(self.lines, ends, strict=True))
        return self.mark + text.encode("utf-8")

    @property
    def text(self) -> str:
        """The text as the parser reads it, with one kind of line end."""
        return "\n".join(self.lines)

    def edit(self, edits: list[Edit]) -> None:
        """Carry edits out, from the last to the first."""
        for edit in sorted(edits, key=lambda edit: (edit.line, edit.start), reverse=True):
            at = edit.line - 1
            if edit.is_line:
                # The first end that the file has is the one it uses.
                end = self.ends[at - 1] if at else (self.ends or ["\n"])[0]
                self.lines.insert(at, edit.text)
                self.ends.insert(at, end)
            else:
                line = self.lines[at]
                self.lines[at] = line[: edit.start] + edit.text + line[edit.end :]


class Workshop:
    """A course being mended: what was read of it, and its files' texts."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self.root = holdings.root
        self.course: Course = make_course(holdings, drafts=True)
        self._texts: dict[str, SourceText | None] = {}

    def text(self, path: str) -> SourceText | None:
        """A file's text; None where it is gone or is not UTF-8."""
        if path not in self._texts:
            try:
                self._texts[path] = SourceText((self.root / path).read_bytes())
            except (OSError, UnicodeDecodeError):
                self._texts[path] = None
        return self._texts[path]

    def line(self, place: Place) -> str | None:
        """The line that a place is in, as it is written."""
        text = self.text(place.path) if place.path else None
        if text is None or place.line is None or place.line > len(text.lines):
            return None
        return text.lines[place.line - 1]

    @cached_property
    def documents(self) -> tuple[tuple[Document, str], ...]:
        """Every page's document and its language, drafts and facilitators' pages too."""
        return tuple((page.document, page.language) for page in self.holdings.pages)

    @cached_property
    def without_id(self) -> frozenset[tuple[str | None, int | None]]:
        """Where checkpoints stand that have no id in their file, as (path, line)."""
        return frozenset(
            (problem.path, problem.line)
            for problem in self.holdings.problems
            if problem.rule == "missing-checkpoint-id"
        )

    def has_id(self, place: Place) -> bool:
        return (place.path, place.line) not in self.without_id

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every name in the course that a new checkpoint's id must not take."""
        taken: set[str] = set()
        for page in self.holdings.pages:
            facts = page.document.facts
            taken.update(name for name, place in facts.anchors if self.has_id(place))
            taken.update(block.id for block in facts.choices)
            for home in checkpoint_homes(page):
                taken.update(home.checkpoint.aliases)
                if self.has_id(home.checkpoint.place):
                    taken.add(home.checkpoint.id)
        return frozenset(taken)


# Checkpoint ids

_PROPOSED = re.compile(r"write (?:::: [\w-]+ )?\{#([^}\s]+)\}")
_FENCE = re.compile(r"(?::{3,}|`{3,}|~{3,})[ \t]*(?:\{[A-Za-z][\w-]*\}|[A-Za-z][\w-]*)")
"""What begins a directive, or a fenced block that is no code."""


def checkpoint_ids(shop: Workshop) -> Iterator[Edit]:
    """A checkpoint without an id gets the one that its problem proposes, unique in the course.

    One in a translation gets the id of the checkpoint that it translates.
    """
    if shop.course.config.rules.get("missing-checkpoint-id") == "off":
        return
    taken = set(shop.ids)
    told: dict[Place, Problem] = {}
    for problem in shop.holdings.problems:
        if problem.rule == "missing-checkpoint-id" and _PROPOSED.match(problem.hint):
            told.setdefault(Place(problem.path, problem.line, problem.column), problem)
    translated = _translated(shop)
    for place, problem in sorted(told.items(), key=lambda pair: pair[1].sort_key):
        match = _PROPOSED.match(problem.hint)
        assert match is not None
        identity = translated.get(place)
        if identity is None:
            identity = _unique(match[1], taken)
        line = shop.line(place)
        if identity and line is not None and (edit := _with_id(place, line, identity)):
            taken.add(identity)
            yield edit


def _translated(shop: Workshop) -> dict[Place, str]:
    """For each place of a checkpoint in a translation the id it must have; empty where that is
    not certain yet."""
    found: dict[Place, str] = {}
    for page in (page for pages in shop.course.translations.values() for page in pages):
        own = page.document.facts.checkpoints
        original = shop.course.by_id.get(page.id)
        theirs = original.document.facts.checkpoints if original else ()
        alike = [checkpoint.kind for checkpoint in own] == [c.kind for c in theirs]
        for at, checkpoint in enumerate(own):
            if checkpoint.place.path == page.source:  # an include's may be shared
                known = alike and shop.has_id(theirs[at].place)
                there = theirs[at].sheet or theirs[at].id if known else ""
                found[checkpoint.place] = there
    return found


def _unique(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    return name


def _with_id(place: Place, line: str, identity: str) -> Edit | None:
    """Put the id into the braces of a fence line, or behind it."""
    start = (place.column or 1) - 1
    match = _FENCE.match(line, start)
    if match is None or place.path is None or place.line is None:
        return None
    what = f"gave the checkpoint the id '{identity}'"
    brace = next(
        (at for at in range(match.end(), len(line)) if line[at] == "{" and looks_meant(line, at)),
        -1,
    )
    if brace >= 0:
        return Edit(place.path, place.line, what, f"#{identity} ", brace + 1, brace + 1)
    end = len(line.rstrip())
    if trailing := re.search(r"[ \t]+:{3,}[ \t]*$", line[match.end() :]):
        end = match.end() + trailing.start()
    return Edit(place.path, place.line, what, f" {{#{identity}}}", end, end)


# Former ids


def former_ids(shop: Workshop) -> Iterator[Edit]:
    """What the ledger shows to be plainly renamed says so: answers go on belonging to it."""
    problems = Problems()
    ledger = read_ledger(shop.root, problems)
    if ledger is None or problems.all():
        return
    edits: dict[Place, Edit] = {}
    for former, home in renamed_checkpoints(ledger, shop.course):
        found = home.checkpoint
        ending = found.id.removeprefix(found.sheet) if found.sheet else ""
        if found.kind == "write" or not former.endswith(ending):
            continue
        edit = _with_alias(shop, found.place, former.removesuffix(ending))
        if edit is not None:
            edits.setdefault(found.place, edit)  # a worksheet's parts are renamed as one
    yield from edits.values()
    for former, page in moved_pages(ledger, shop.course):
        text = shop.text(page.source)
        if text is None or text.lines[0].rstrip() != "---" or page.front.aliases:
            continue
        what = f"kept the former id '{former}'"
        yield Edit(page.source, 2, what, f"aliases: [{written_scalar(former)}]")


def _with_alias(shop: Workshop, place: Place, former: str) -> Edit | None:
    line = shop.line(place)
    if line is None or place.path is None or place.line is None or not former:
        return None
    what = f"kept the former id '{former}'"
    brace = next((at for at, c in enumerate(line) if c == "{" and looks_meant(line, at)), -1)
    if brace < 0:
        return None
    try:
        given, end = parse_attributes(line, brace)
    except AttributesError:
        return None
    if "aliases" not in given.values:
        return Edit(place.path, place.line, what, f' aliases="{former}"', end - 1, end - 1)
    start = given.offsets["aliases"]
    known = given.values["aliases"]
    if line[start - 1] in "\"'":
        return Edit(place.path, place.line, what, f"{former} ", start, start)
    text = f'"{former} {known}"'
    return Edit(place.path, place.line, what, text, start, start + len(known))


# The course's id

_EMPTY_ID = re.compile(r"id:[ \t]*(?:\"\"|''|~|null)?(?=[ \t]*(?:#.*)?$)")
_TITLE = re.compile(r"title:[ \t]+[^\s|>&*!{\[#].*")
_TOP_KEY = re.compile(r"[^\s#\-%{\[?:'\"&*!|>][^\n]*?:(?:[ \t]|$)")


def course_ids(shop: Workshop) -> Iterator[Edit]:
    """A `course.yml` without an id gets one of its folder's name. None is ever made."""
    rules = shop.course.config.rules
    if shop.course.config.plain or rules.get("missing-checkpoint-id") == "off":
        return
    text = shop.text(CONFIG_FILE)
    if text is None or next(course_id(shop.course), None) is None:
        return
    identity = _folder_id(shop.root)
    edits = _id_lines(text.lines, identity)
    yield from islice((edit for edit in edits if _only_adds_id(text, edit, identity)), 1)


def _folder_id(root: Path) -> str:
    """The id of a folder's name; `content` says nothing, so then the folder around it."""
    folder = root.resolve()
    if folder.name.lower() == "content":
        folder = folder.parent
    return slug(folder.name).strip("-_") or "my-course"


def _id_lines(lines: list[str], identity: str) -> Iterator[Edit]:
    """Edits that may give a mapping its `id`: filled in, below the title, or above its keys."""
    what = f"gave the course the id '{identity}'; it keys learners' words, so keep it for ever"
    for at, line in enumerate(lines, start=1):
        if match := _EMPTY_ID.match(line):
            yield Edit(CONFIG_FILE, at, what, f"id: {identity}", 0, match.end())
        elif _TITLE.fullmatch(line) and at < len(lines):
            yield Edit(CONFIG_FILE, at + 1, what, f"id: {identity}")
    for at, line in enumerate(lines, start=1):
        if _TOP_KEY.match(line):
            yield Edit(CONFIG_FILE, at, what, f"id: {identity}")
    if not any(line.strip() and not line.startswith("#") for line in lines):
        yield Edit(CONFIG_FILE, len(lines), what, f"id: {identity}")


def _only_adds_id(text: SourceText, edit: Edit, identity: str) -> bool:
    """Whether the file says the same as before, and the id besides."""
    after = SourceText(text.bytes())
    after.edit([edit])
    problems = Problems()
    old, new = (read_yaml(t.text, CONFIG_FILE, problems) for t in (text, after))
    if problems.all() or new is None or not isinstance(new.value, Mapping):
        return False
    before = old.value.entries if old is not None and isinstance(old.value, Mapping) else {}
    now = dict(new.value.entries)
    given = now.pop("id", None)
    kept = {key: node for key, node in before.items() if key != "id"}
    return given is not None and given.text == identity and _bare(kept) == _bare(now)


# Links in double brackets

_WIKI = re.compile(r"\[\[([^\[\]|\n]+?)[ \t]*\\?(?:\|([^\[\]\n]+))?\]\]")
_NOT_IN_LINKS = ' \t()<>[]%#?\\"&|'
_MARKUP = re.compile(r"[\\`*_\[\]<~$|]|&(?=#?\w+;)")
_SPACED_BRACES = re.compile(r"[ \t]+(?=\{)")


def wiki_links(shop: Workshop) -> Iterator[Edit]:
    """`[[page]]` becomes an ordinary link, relative to its file, with the page's title."""
    done: set[tuple[str, int, int]] = set()
    for document, language in shop.documents:
        for target, place, is_option in _wiki_places(document):
            line, match = _written(shop, target, place, is_option=is_option)
            if match is None or place.path is None or place.line is None:
                continue
            edit = _as_link(shop, place, line, match, language, is_option=is_option)
            key = (place.path, place.line, match.start())
            if edit is not None and key not in done:
                done.add(key)
                yield edit


def _written(
    shop: Workshop, target: str, place: Place, *, is_option: bool
) -> tuple[str, re.Match[str] | None]:
    """The line that double brackets stand in, and where.

    Of an option without braces, and in a table's cell with an escaped `|`, only the line is known.
    """
    line = shop.line(place) or ""
    if place.column is not None:
        match = _WIKI.match(line, place.column - 1)
        return line, match if match is not None and match[1].strip() == target else None
    if not is_option and not line.lstrip(" >").startswith("|"):
        return line, None
    return line, next((m for m in _WIKI.finditer(line) if m[1].strip() == target), None)


def _wiki_places(document: Document) -> Iterator[tuple[str, Place, bool]]:
    """(target, place, whether it is an option's link) of every double bracket."""
    for node in nodes_in((*document.heading, *document.body)):
        if isinstance(node, WikiLink):
            yield node.target, node.place, False
        for option in getattr(node, "options", ()):
            if isinstance(option, Option) and option.href.startswith("[["):
                yield option.href[2:-2], option.place, True


def _as_link(
    shop: Workshop,
    place: Place,
    line: str,
    match: re.Match[str],
    language: str,
    *,
    is_option: bool,
) -> Edit | None:
    assert place.path is not None and place.line is not None
    own = language if place.path in shop.course.by_source else shop.course.config.language
    target = shop.course.wiki_target(match[1].strip(), own)
    if not isinstance(target, PageTarget):
        return None
    end = match.end()
    if line[match.start() - 1 : match.start()] in ("!", "]"):
        return None  # it would be a picture, or another link's address
    if (spaced := _SPACED_BRACES.match(line, end)) and looks_meant(line, spaced.end()):
        if not is_option:
            return None  # the braces would become the link's, or a problem
        end = spaced.end()
    href = _relative(place.path, target.page.source)
    if target.anchor:
        href += "#" + _encoded(target.anchor)
    text = _literal((match[2] or "").strip() or target.page.title)
    what = f"wrote {match[0]} as a link to {href}"
    return Edit(place.path, place.line, what, f"[{text}]({href})", match.start(), end)


def _relative(origin: str, target: str) -> str:
    path = _encoded(posixpath.relpath(target, posixpath.dirname(origin) or "."))
    return f"./{path}" if ":" in path.partition("/")[0] else path


def _encoded(path: str) -> str:
    """A path that stands in a link as it is: letters stay, what Markdown reads is encoded."""
    return "".join(quote(c, safe="") if c in _NOT_IN_LINKS else c for c in path)


def _literal(text: str) -> str:
    """A text that Markdown shows as it is written here."""
    return _MARKUP.sub(r"\\\g<0>", text)


# Blank lines around fences

_BEFORE_FENCE = re.compile(r"[ \t>]*(?=:{3,})")


def blank_lines(shop: Workshop) -> Iterator[Edit]:
    """A blank line above and below each `:::` fence, where the page stays what it is."""
    for source in shop.holdings.sources:
        text = shop.text(source.path) if source.path.endswith(".md") else None
        if source.kind not in ("page", "include") or text is None:
            continue
        if edits := list(_blanks(source.path, text)):
            yield from _harmless(source.path, text, edits)


def _harmless(path: str, text: SourceText, edits: list[Edit]) -> list[Edit]:
    """Those of the edits that leave what the file says as it is."""
    before = _said(path, text, [])
    if _said(path, text, edits) == before:
        return edits
    alone = [edit for edit in edits if _said(path, text, [edit]) == before]
    return alone if _said(path, text, alone) == before else []


def _blanks(path: str, text: SourceText) -> Iterator[Edit]:
    split = split_page(text.text)
    if ":::" not in split.body:
        return
    first = split.body_line
    last = len(text.lines)
    wanted: dict[int, str] = {}
    for at in fence_lines(split.body):
        number = at + first
        match = _BEFORE_FENCE.match(text.lines[number - 1])
        if match is None:
            continue  # it stands behind a list item's mark
        filler = match[0].rstrip() if ">" in match[0] else ""
        if number > first and not _is_blank(text.lines[number - 2]):
            wanted[number] = filler
        if number < last and not _is_blank(text.lines[number]):
            wanted[number + 1] = filler
    for number, filler in wanted.items():
        yield Edit(path, number, "put a blank line beside a ::: fence", filler)


def _is_blank(line: str) -> bool:
    return not line.strip(" \t>")


def _said(path: str, text: SourceText, edits: list[Edit]) -> object:
    """What a file says, places left out: to see that an edit has not changed it."""
    after = SourceText(text.bytes())
    after.edit(edits)
    split = split_page(after.text)
    document = read_document(
        path, after.text, split.body, split.body_line, lambda _: None, plain=True
    )
    rules = sorted(problem.rule for problem in document.problems)
    return split.yaml, rules, _bare((document.heading, document.body, document.words))


def _bare(value: object) -> object:
    """A value without the places in it."""
    if isinstance(value, Place):
        return None
    if isinstance(value, Struct):
        return (type(value), *(_bare(getattr(value, name)) for name in value.__struct_fields__))
    if isinstance(value, (tuple, list)):
        return [_bare(item) for item in value]
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items()}
    return value


FIXES: tuple[Callable[[Workshop], Iterator[Edit]], ...] = (
    course_ids,
    checkpoint_ids,
    former_ids,
    wiki_links,
    blank_lines,
)


def fix_course(root: Path) -> Iterator[Fixed]:
    """Mend the course in a folder, file by file, and tell what was done once it is on the disk.

    Raises OutputError where a file cannot be written; that file is as it was.
    """
    library = Library(root)
    for fix in FIXES:
        for _ in range(_MOST_PASSES):
            shop = Workshop(library.read())
            edits: dict[str, list[Edit]] = defaultdict(list)
            for edit in fix(shop):
                edits[edit.path].append(edit)
            if not edits:
                break
            for path in sorted(edits):
                yield from _write(shop, path, edits[path])


def _write(shop: Workshop, path: str, edits: list[Edit]) -> Iterator[Fixed]:
    text = shop.text(path)
    assert text is not None
    text.edit(edits)
    replace_file(shop.root / path, text.bytes())
    first: dict[str, int] = {}
    for edit in edits:
        first[edit.what] = min(edit.line, first.get(edit.what, edit.line))
    for what, line in sorted(first.items(), key=lambda pair: pair[1]):
        times = sum(edit.what == what for edit in edits)
        yield Fixed(path, line, what if times == 1 else f"{what}, {times} times")
