"""`course.ledger.yml`: the ids that learners' words hang on, once they are published.

`learnpath freeze` adds what is new; what stands there is never rewritten, and the numbers never
change. An id that was published and is gone, without an alias and without being `retired`, would
orphan what learners wrote under it: that is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from learnpath.course import Course
from learnpath.fields import Fields
from learnpath.filenames import LEDGER_FILE
from learnpath.problems import Place, Problem, Problems, did_you_mean, problem
from learnpath.source import decode
from learnpath.yamlnodes import Mapping as YamlMapping
from learnpath.yamlnodes import read_yaml, written_scalar

_HEAD = """\
# What learners have seen: their words and their trail hang on these ids.
# `learnpath freeze` adds what is new. Nothing here is ever taken out or renumbered;
# an id that you withdraw for good is named under `retired`.
version: 1
retired: []
pages:
checkpoints:
"""
_SECTIONS = ("pages", "checkpoints")


class Entry(Struct, frozen=True):
    """One id as it was published. `prompt` is empty for a page."""

    id: str
    number: int
    prompt: str
    place: Place


class Ledger(Struct, frozen=True):
    """What was published: entries by id, in the order of freezing."""

    pages: Mapping[str, Entry] = field(default_factory=dict)
    checkpoints: Mapping[str, Entry] = field(default_factory=dict)
    retired: frozenset[str] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)
    """The last line of each section, from 1, as far as the section is there."""


def read_ledger(root: Path, problems: Problems) -> Ledger | None:
    """The course's ledger; None where there is none, or none that can be read."""
    path = root / LEDGER_FILE
    if not path.is_file():
        return None
    text = decode(path.read_bytes(), LEDGER_FILE, problems)
    node = read_yaml(text, LEDGER_FILE, problems)
    if node is None:
        return Ledger() if not text.strip() else None
    if not isinstance(node.value, YamlMapping):
        problems.add(
            "invalid-yaml",
            node.place,
            f"the ledger wants `key: value` lines, and this is {node.kind}",
            "take the file back from your last good copy, or delete it and freeze again",
        )
        return None
    return _read(Fields(node.value, node.place, problems))


def _read(fields: Fields) -> Ledger:
    fields.integer("version", 1, low=1)
    retired = frozenset(fields.texts("retired"))
    found: dict[str, dict[str, Entry]] = {}
    lines: dict[str, int] = {}
    for section in _SECTIONS:
        if section in fields:
            lines[section] = fields.key_place(section).line or 1
        found[section] = dict(_entries(fields.mapping(section)))
        places = (entry.place.line or 1 for entry in found[section].values())
        lines[section] = max((lines.get(section, 0), *places))
    fields.report_unknown("the ledger")
    known = {section: line for section, line in lines.items() if line}
    return Ledger(found["pages"], found["checkpoints"], retired, known)


def _entries(fields: Fields | None) -> Iterator[tuple[str, Entry]]:
    for key in fields.keys() if fields else ():
        assert fields is not None
        node = fields.node(key)
        inner = fields.mapping(key) if node and isinstance(node.value, YamlMapping) else None
        number = inner.integer("number", 0, low=1) if inner else fields.integer(key, 0, low=1)
        prompt = inner.text("prompt") if inner else ""
        yield key, Entry(key, number, prompt, fields.key_place(key))


def orphans(ledger: Ledger, course: Course) -> Iterator[Problem]:
    """`orphaned-answers`: published ids that the course has no more. `course` is with drafts."""
    kept = {*course.checkpoints, *course.checkpoint_aliases, *ledger.retired}
    unknown = {i: h for i, h in course.checkpoints.items() if i not in ledger.checkpoints}
    for entry in ledger.checkpoints.values():
        if entry.id not in kept:
            same = [i for i, h in unknown.items() if h.checkpoint.prompt_text == entry.prompt]
            message = f"learners have answered '{entry.id}', and no checkpoint has that id any more"
            yield problem("orphaned-answers", entry.place, message, _keep(entry.id, same, unknown))
    pages = {*course.by_id, *course.aliases, *ledger.retired}
    for entry in ledger.pages.values():
        if entry.id not in pages:
            message = f"learners have been on '{entry.id}', and no page has that id any more"
            hint = f"say so on the page that it became: aliases: [{entry.id}]; or name it"
            yield problem("orphaned-answers", entry.place, message, f"{hint} {_RETIRE}")


_RETIRE = f"under retired: in {LEDGER_FILE}, if you withdraw it for good"


def _keep(identity: str, same: list[str], unknown: Mapping[str, object]) -> str:
    """How the answers are kept: where the question went, as far as can be told."""
    if same:
        return f"'{same[0]}' asks the same; if it was renamed, write there aliases=\"{identity}\""
    guess = did_you_mean(identity, unknown, "")
    renamed = f'if it was renamed, write aliases="{identity}" on the new one'
    return f"{guess} {renamed}; or name it {_RETIRE}".strip()


class Frozen(Struct, frozen=True):
    """A ledger's text with what is new in it, and what that is."""

    text: str
    pages: tuple[str, ...]
    checkpoints: tuple[str, ...]


def frozen(text: str, ledger: Ledger | None, course: Course) -> Frozen:
    """The ledger's text with every id of the course that it lacks. `text` is empty for none yet."""
    if ledger is None or not text.strip():
        text = _HEAD
        ledger = Ledger(lines={name: text.splitlines().index(f"{name}:") + 1 for name in _SECTIONS})
    pages = [page.id for page in course.pages if page.id not in ledger.pages]
    checkpoints = [name for name in _in_order(course) if name not in ledger.checkpoints]
    lines = text.splitlines()
    new = {
        "pages": [f"  {written_scalar(i)}: {n}" for i, n in _numbered(pages, ledger.pages)],
        "checkpoints": [
            f"  {written_scalar(i)}: {{number: {n}, prompt: {_prompt(course, i)}}}"
            for i, n in _numbered(checkpoints, ledger.checkpoints)
        ],
    }
    # From the end of the file, so that the lines before keep their numbers.
    for section in sorted(_SECTIONS, key=lambda name: -ledger.lines.get(name, 0)):
        at = ledger.lines.get(section)
        if new[section]:
            head = [] if at else [f"{section}:"]
            lines[at or len(lines) : at or len(lines)] = head + new[section]
    return Frozen("\n".join(lines) + "\n", tuple(pages), tuple(checkpoints))


def _in_order(course: Course) -> list[str]:
    """The checkpoints page by page, as a reader meets them."""
    ids = [c.id for page in course.pages for c in page.document.facts.checkpoints]
    return list(dict.fromkeys([*(i for i in ids if i in course.checkpoints), *course.checkpoints]))


def _numbered(ids: list[str], known: Mapping[str, Entry]) -> Iterator[tuple[str, int]]:
    first = max((entry.number for entry in known.values()), default=0) + 1
    yield from zip(ids, range(first, first + len(ids)), strict=True)


def _prompt(course: Course, identity: str) -> str:
    return written_scalar(course.checkpoints[identity].checkpoint.prompt_text, quoted=True)
