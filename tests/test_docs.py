"""The documentation is complete, and what it shows is so.

Examples are fenced blocks whose info string says what they are: `markdown example`,
`markdown bad file=oven.md`, `console`. Each course example is built into a small course and
checked, each console example is run.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from inspect import getdoc
from pathlib import Path
from textwrap import dedent

import click
import pytest

import learnpath as package
from learnpath.build import check_course
from learnpath.cli.main import COMMANDS, load_command
from learnpath.conditions import syntax
from learnpath.conditions.evaluate import Facts, holds
from learnpath.config import read_config
from learnpath.document import RELATIONS
from learnpath.external import Reply, check_external
from learnpath.fields import Fields
from learnpath.frontmatter import KINDS, read_front_matter, split_page
from learnpath.markdown.choices import _KEYS as OPTION_KEYS
from learnpath.markdown.inline import ROLES
from learnpath.markdown.registry import DIRECTIVES, FENCES
from learnpath.problems import PLAIN_OFF, RULES, Problems, Severity
from learnpath.results import CheckResult
from learnpath.theme import Theme
from support import ROOT, CommandLine, write_course

DOCS = ROOT / "docs"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))

COURSE = """\
title: The bakery
id: the-bakery
state:
  told: false
  trust: {from: -3, to: 3, start: 0, label: Trust, show: meter}
  role: {one_of: {baker: You bake, customer: You buy}, start: customer}
routes:
  - {id: short, title: The short way, steps: [index, counter]}
embeds: [video.example.org]
"""
SURROUNDINGS: Mapping[str, str] = {
    "course.yml": COURSE,
    "index.md": "[Counter](counter.md) [Oven](oven.md) [Mill](flour/mill.md) [Home](home.md)",
    "counter.md": "[Oven](oven.md)",
    "oven.md": "## Steam\n\n[Mill](flour/mill.md)",
    "flour/mill.md": "[Home](../home.md)",
    "home.md": "---\nending: true\n---\n\nBread.",
    "talk.md": "What is said.",
    "_shared/kneading.md": "Fold it.\n\n<!-- begin short -->\nWait.\n<!-- end short -->",
    "oven.svg": "<svg/>",
    "rye.svg": "<svg/>",
    "loaf.mp4": "a film",
    "loaf.vtt": "WEBVTT",
    "sieve.mp3": "a sound",
}
"""The course that every example of the bakery is put into."""
ASKED: Mapping[str, str] = {
    "hunch": "::: reflect {#hunch}\n\nWhat went wrong?\n\n:::",
    "loaves": '::: predict {#loaves unit="loaves"}\n\nHow many?\n\n:::',
    "who": "::: predict {#who}\n\nWho?\n\n- The miller {#miller}\n- All {#all}\n\n:::",
    "sure": "::: rate {#sure}\n\nHow sure?\n\n:::",
    "queue": "::: choices {#queue}\n\n- Wait {#wait}\n\n  Wait.\n- [Go](oven.md){#go}\n\n:::",
}
"""Checkpoints and choices that examples ask about."""
ABOUT_THE_WHOLE = ("unreachable-page", "dead-end", "path-without-checkpoint", "unused-variable")
"""What cannot be asked of a single page that is put into another course."""


# Reading the documentation


@dataclass(frozen=True)
class Block:
    """A fenced block: the words and the `key=value` pairs behind its fence, and its text."""

    page: str
    line: int
    language: str
    words: frozenset[str]
    values: Mapping[str, str]
    text: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


def read_doc(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def blocks_of(text: str, page: str) -> Iterator[Block]:
    """The fenced blocks of a text."""
    fence = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
    for match in fence.finditer(text):
        language, *words = match[2].split() or [""]
        values = dict(word.split("=", 1) for word in words if "=" in word)
        line = text.count("\n", 0, match.start()) + 1
        yield Block(page, line, language, frozenset(words) - {"="}, values, match[3])


def blocks(page: str) -> list[Block]:
    return list(blocks_of(read_doc(page), page))


def section(page: str, heading: str) -> str:
    """What stands under a heading, until the next of its level or a higher one."""
    text = re.sub(r"^(`{3,}).*?^\1$", "", read_doc(page), flags=re.MULTILINE | re.DOTALL)
    found = re.search(rf"^(#+) {re.escape(heading)}\n", text, re.MULTILINE)
    assert found, f"docs/{page} has no heading '{heading}'"
    end = re.compile(rf"^#{{1,{len(found[1])}}} ", re.MULTILINE).search(text, found.end())
    return text[found.end() : end.start() if end else len(text)]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row in a text, heads and rules left out."""
    found = []
    lines = text.split("\n")
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if line.startswith("|") and not line.startswith("|-") and not following.startswith("|-"):
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            found.append([cell.strip() for cell in cells])
    return found


def codes(text: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", text)


def listed(page: str, heading: str) -> set[str]:
    """The names in the first column of the tables in a section."""
    return {name for row in rows(section(page, heading)) for name in codes(row[0])}


# Examples of pages and of course.yml


EXAMPLES = [b for page in PAGES for b in blocks(page) if "example" in b.words]


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block.name)
def test_an_example_of_a_course_checks_clean(block: Block, tmp_path: Path) -> None:
    """What the documentation shows to write can be written, without an error or a warning."""
    name = block.values.get("file", "example.md")
    files = {**SURROUNDINGS, name: block.text}
    asked = [text for identity, text in ASKED.items() if not _gives(block.text, identity)]
    files["asked.md"] = "\n\n".join([*asked, "[Home](home.md)"])
    result = check_course(write_course(tmp_path, files))
    told = [p for p in result.problems if p.rule not in ABOUT_THE_WHOLE]
    assert not [p for p in told if p.severity is not Severity.INFO], told


def _gives(text: str, identity: str) -> bool:
    """Whether an example gives this id itself."""
    return re.search(rf"^:::.*\{{#{identity}[ }}]", text, re.MULTILINE) is not None


def test_there_are_examples() -> None:
    """The reader of fenced blocks finds the examples."""
    assert len(EXAMPLES) > 25
    assert {"authoring.md", "conditions.md"} <= {block.page for block in EXAMPLES}


# Keys, directives and attributes


def _asked_keys(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """What the readers of YAML ask for, by what they call the mapping."""
    asked: dict[str, set[str]] = {}

    def note(self: Fields, what: str) -> None:
        asked.setdefault(what, set()).update(self._asked)

    monkeypatch.setattr(Fields, "report_unknown", note)
    config = (
        "state: {flag: {start: true}, number: {from: 0, to: 3}, word: {one_of: [a, b]}}\n"
        "routes: [{id: a, title: A, steps: [{page: index}]}]\n"
    )
    read_config(config, Problems())
    page = split_page("---\nrelated: {case: [index]}\n---\n")
    read_front_matter(page, "index.md", Problems(), plain=False)
    return asked


def test_every_key_is_documented_and_none_is_invented(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables of keys hold exactly the keys that are read."""
    asked = _asked_keys(monkeypatch)
    tables = {
        "course.yml": "Keys of course.yml",
        "front matter": "Keys of front matter",
        "a route": "Keys of a route",
        "a step": "Keys of a step",
    }
    for what, heading in tables.items():
        names = {name for row in rows(section("authoring.md", heading)) for name in codes(row[0])}
        assert names == asked.pop(what), heading
    variables = [asked.pop(f"the variable '{name}'") for name in ("flag", "number", "word")]
    assert listed("authoring.md", "Keys of a variable") == set().union(*variables)
    assert listed("authoring.md", "Links and relations") == asked.pop("related") == set(RELATIONS)
    assert not asked


def test_every_kind_of_page_is_documented() -> None:
    """The row of `kind` names every kind there is."""
    table = rows(section("authoring.md", "Keys of front matter"))
    kind = next(row for row in table if row[0] == "`kind`")
    assert set(codes(kind[1])) == set(KINDS)


def test_every_directive_and_attribute_is_documented_and_none_is_invented() -> None:
    """The table at the end holds exactly the directives, each with the attributes it reads."""
    written = {}
    for name, what, attributes in rows(section("authoring.md", "Everything at a glance")):
        written[name.strip("`")] = (what, set(codes(attributes)))
    known = {name: set(entry.keys) for name, entry in DIRECTIVES.items()}
    assert {n: keys for n, (what, keys) in written.items() if what != "inline"} == known
    roles = {n: keys for n, (what, keys) in written.items() if what == "inline"}
    assert roles == {name: {"of"} for name in ROLES}


def test_every_attribute_of_an_option_and_a_checkpoint_is_explained() -> None:
    """The tables in the sections on choices and checkpoints leave none out."""
    effects = {"told", "not told", "trust + 1", "trust - 1", "trust = 2", "role = 'baker'"}
    assert listed("authoring.md", "Choices") - effects == set(OPTION_KEYS)
    asking = [entry.keys for name, entry in DIRECTIVES.items() if "why" in entry.keys]
    assert listed("authoring.md", "Checkpoints") == {key for keys in asking for key in keys}


def test_the_languages_of_the_theme_are_named() -> None:
    """The section on languages names those that the default theme has words in."""
    strings = Theme("default").root / "strings"
    named = set(re.findall(r"\(`(\w\w)`\)", section("authoring.md", "Languages")))
    assert named == {path.stem for path in strings.glob("*.json")}


# Conditions


def test_the_grammar_is_the_grammar() -> None:
    """The grammar that is shown is the one at the head of the parser."""
    shown = blocks_of(read_doc("conditions.md").partition("## The grammar")[2], "conditions.md")
    grammar = next(shown).text.strip()
    parsed = re.search(r"^    condition .*?\n\n", getdoc(syntax) or "", re.MULTILINE | re.DOTALL)
    assert parsed
    assert grammar == dedent(parsed[0]).strip()
    for word in (*syntax.ASKING, "count", *syntax.COMPARISONS):
        assert f'"{word}"' in grammar


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bakery's course, with everything in it that examples ask about."""
    files = {**SURROUNDINGS, "asked.md": "\n\n".join(ASKED.values())}
    return write_course(tmp_path_factory.mktemp("bakery"), files)


def _conditions(heading: str) -> list[tuple[str, str]]:
    table = rows(section("conditions.md", heading))
    return [(codes(row[0])[0], row[1]) for row in table]


def _checked_with(condition: str, bakery: Path) -> CheckResult:
    """The bakery, with one more page that asks this."""
    (bakery / "asking.md").write_text(f"::: when {condition}\n\nSo.\n\n:::\n", "utf-8")
    return check_course(bakery)


def test_every_question_there_is_can_be_asked(bakery: Path) -> None:
    """The conditions in the first table mean something, and every kind of question is there."""
    table = _conditions("What you can ask")
    for condition, _ in table:
        assert not _checked_with(condition, bakery).errors, condition
    names = {name.kind for text, _ in table for name in syntax.parse(text).names}
    assert names == {*syntax.ASKING, "var", "route"}


def test_what_is_refused_is_refused(bakery: Path) -> None:
    """Each condition in the table of refusals is an `invalid-condition`."""
    for condition, _ in _conditions("What is refused"):
        told = {p.rule for p in _checked_with(condition, bakery).problems if p.path == "asking.md"}
        assert "invalid-condition" in told, condition


def test_what_holds_for_somebody_who_has_done_nothing(bakery: Path) -> None:
    """The table of answers tells what the evaluator says."""
    state = check_course(bakery).course.config.state
    facts = Facts({name: variable.start for name, variable in state.items()})
    table = _conditions("Every condition has an answer")
    assert len(table) > 10
    for condition, answer in table:
        assert holds(syntax.parse(condition).tree, facts) == (answer == "yes"), condition


# Rules

DAY = date(2026, 11, 25)


def _rule_sections() -> dict[str, str]:
    parts = re.split(r"^## ([a-z-]+)$", read_doc("rules.md"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


SECTIONS = _rule_sections()


def _reserved() -> set[str]:
    line = re.search(r"\*\*Reserved\*\*[^:]*:(.*?)\n\n", read_doc("rules.md"), re.DOTALL)
    assert line
    return set(codes(line[1]))


def _told_by_the_code() -> set[str]:
    """The rules that some module tells."""
    package_folder = Path(package.__file__).parent
    code = "".join(
        path.read_text("utf-8")
        for path in package_folder.rglob("*.py")
        if path.name != "problems.py"
    )
    return {rule for rule in RULES if f'"{rule}"' in code}


def test_every_rule_is_documented_and_none_is_invented() -> None:
    """Rules that the code can tell have a section, the others are named as reserved."""
    assert not set(SECTIONS) & _reserved()
    assert set(SECTIONS) | _reserved() == set(RULES)
    assert set(SECTIONS) == _told_by_the_code(), "a rule was added to the code, or taken out"


def test_the_rules_are_in_order_and_say_how_serious_they_are() -> None:
    """Sections stand in the order of the rules and begin with the default severity."""
    assert list(SECTIONS) == [rule for rule in RULES if rule in SECTIONS]
    for rule, text in SECTIONS.items():
        severity = RULES[rule]
        said = re.match(r"\s*\*(\w+)\.\*", text)
        assert said, rule
        assert said[1].lower() == (str(severity) if severity else "off"), rule


def test_the_rules_that_a_plain_folder_has_off_are_named() -> None:
    """The head of the page names those that say nothing of a plain folder."""
    head = read_doc("rules.md").partition("\n## ")[0]
    paragraph = head.partition("In a plain folder")[2].partition("\n\n")[0]
    assert set(codes(paragraph)) & set(RULES) == PLAIN_OFF


def _host(url: str) -> Reply:
    """A web on which nothing is missing but what is called so."""
    return Reply(404 if "gone" in url else 200)


@pytest.mark.parametrize("rule", SECTIONS)
def test_the_examples_of_a_rule(rule: str, tmp_path: Path) -> None:
    """The bad example breaks the rule, and the good one does not."""
    told = {}
    for which in ("bad", "good"):
        found = [b for b in blocks_of(SECTIONS[rule], "rules.md") if which in b.words]
        assert found, f"no {which} example"
        files: dict[str, str | bytes] = {"course.yml": "title: The bakery\nid: the-bakery\n"}
        for block in found:
            name = block.values.get("file", "index.md")
            files[name] = block.text.encode(block.values.get("encoding", "utf-8"))
        root = write_course(tmp_path / which, files)
        result = check_course(root)
        links = check_external(result.course, root, today=DAY, level=Severity.WARNING, ask=_host)
        told[which] = {problem.rule for problem in (*result.problems, *links)}
        if which == "good":
            assert not result.errors, result.problems
    assert rule in told["bad"], told["bad"]
    assert rule not in told["good"]


# Commands


def _options(command: click.Command) -> set[str]:
    found = {"-h", "--help"}
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            found.update((*parameter.opts, *parameter.secondary_opts))
    return found


def _table_of_options(heading: str) -> set[str]:
    return {name for name in listed("commands.md", heading) if name.startswith("-")}


COMMON = _table_of_options("Options of every command")


def test_every_command_is_documented_and_none_is_invented() -> None:
    """There is a section for each command; the reserved ones are not there yet."""
    heads = re.findall(r"^## learnpath ([\w-]+)$", read_doc("commands.md"), re.MULTILINE)
    assert set(heads) == set(COMMANDS)
    reserved = set(codes(section("commands.md", "Reserved")))
    assert not reserved & set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented_and_none_is_invented(name: str) -> None:
    """A command's table, with the options that every command has, names exactly its options."""
    own = _table_of_options(f"learnpath {name}")
    assert own | COMMON == _options(load_command(name))


def _command_lines() -> Iterator[tuple[str, str]]:
    """Every command line that is shown anywhere, with the page it is on."""
    for page in PAGES:
        text = read_doc(page)
        shown = re.findall(r"^\s*(?:\$ |- )?(learnpath [^\n`|]+)$", text, re.MULTILINE)
        shown += re.findall(r"`(learnpath [^`]+)`", text)
        for line in shown:
            yield page, line.partition("&&")[0]


def test_command_lines_use_what_exists() -> None:
    """No page shows a command or an option that is not there."""
    lines = [pair for pair in _command_lines() if re.match(r"learnpath [a-z-]", pair[1])]
    assert len(lines) > 10
    for page, line in lines:
        name, *words = re.sub(r"\$\{\{.*?\}\}", "x", line).split()[1:]
        if name.startswith("-"):
            assert name in ("--help", "--version"), f"{page}: {line}"
            continue
        known = load_command(name) if name in COMMANDS else None
        assert known is not None or page != "commands.md", f"{page}: {line}"
        if known is not None:
            used = {word.partition("=")[0] for word in words if word.startswith("-")}
            assert used <= _options(known), f"{page}: {line}"


def test_options_that_the_text_names_exist() -> None:
    """Every option between backticks is an option of some command (or of rsync)."""
    known = {"--version", "--delete"}.union(*map(_options, map(load_command, COMMANDS)))
    for page in PAGES:
        named = re.findall(r"(?<!`)`(--?[a-z][\w-]*)", read_doc(page))
        assert set(named) <= known, page


def _settled(text: str) -> str:
    """A text without what differs from run to run, or with every change of the theme."""
    text = re.sub(r"\d+ files \(\d+ new", "N files (N new", text)
    text = re.sub(r'"(written|unchanged|seconds)": [\d.]+', r'"\1": N', text)
    return re.sub(r"in [\d.]+ s\b", "in N s", text).strip()


def _sessions(block: Block) -> Iterator[tuple[list[str], str]]:
    """The command lines of a console block, each with what it prints."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, printed = part.partition("\n")
        yield shlex.split(line)[1:], printed


def test_console_examples_are_what_is_printed(
    learnpath: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Running what is shown, in the order shown, prints what is shown."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["learnpath"])
    for block in blocks("commands.md"):
        if "file" in block.values:
            write_course(tmp_path, {block.values["file"]: block.text})
        if block.language != "console" or "not-run" in block.words:
            continue
        for arguments, printed in _sessions(block):
            ran = learnpath(*arguments)
            assert _settled(ran.err + ran.out) == _settled(printed), f"{block.name} {arguments}"


def test_the_exit_codes_are_named() -> None:
    """The table of exit codes is the one that programs may rely on."""
    assert [row[0] for row in rows(section("commands.md", "Exit codes"))] == [
        "0", "1", "2", "3", "130",
    ]  # fmt: skip


# Interfaces


def test_the_python_example_runs(
    learnpath: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program that is shown works on a course fresh from `learnpath new`."""
    monkeypatch.chdir(tmp_path)
    assert learnpath("new", "my-course").code == 0
    programs = [b for b in blocks("interfaces.md") if b.language == "python"]
    assert programs
    for block in programs:
        exec(compile(block.text, block.name, "exec"), {})


def test_the_python_names_are_documented() -> None:
    """The table holds what the package exports, and attributes that are there."""
    table = rows(section("interfaces.md", "Python"))
    names = {codes(row[0])[0].partition("(")[0] for row in table}
    assert names == set(package.__all__)
    for row in table:
        exported = getattr(package, codes(row[0])[0].partition("(")[0])
        if isinstance(exported, type):
            known = {*dir(exported), *getattr(exported, "__dataclass_fields__", ())}
            assert {name.removesuffix("()") for name in codes(row[1])} <= known, row


def test_the_documents_keys_are_documented(learnpath: CommandLine, bakery: Path) -> None:
    """The tables of keys hold exactly those of the documents that the commands print."""
    import json

    (bakery / "asking.md").write_text("[No](where.md)", "utf-8")
    checked = json.loads(learnpath("check", "--format", "json", bakery).out)
    graph = json.loads(learnpath("map", "--format", "json", bakery).out)
    assert listed("interfaces.md", "Problems") - {"error", "warning", "info", "/"} == set(
        checked["problems"][0]
    )
    assert listed("interfaces.md", "check") == set(checked["summary"])
    assert listed("interfaces.md", "map") == {*graph["pages"][0], *graph["edges"][0]}
    assert learnpath("new", bakery / "new").code == 0
    built = learnpath("build", "--format", "json", bakery / "new", "-o", bakery / "site")
    assert listed("interfaces.md", "build") == set(json.loads(built.out)) - {"version"}


# The whole


def test_the_pages_of_the_sample_that_are_named_exist() -> None:
    """*Designing for construction* shows each idea by a page of the sample course."""
    named = [name for name in codes(read_doc("designing.md")) if name.startswith("content/")]
    assert len(named) > 10
    assert not [name for name in named if not (ROOT / name).is_file()]


def test_each_idea_is_shown_where_the_table_says() -> None:
    """What one writes for an idea is written on a page of its row, or in the course's settings."""
    settings = (ROOT / "content/course.yml").read_text("utf-8")
    rows = [line for line in read_doc("designing.md").split("\n") if line.startswith("| ")][1:]
    assert len(rows) > 10
    for row in rows:
        _, idea, written, pages, _ = row.split("|")
        sources = [(ROOT / name).read_text("utf-8") for name in codes(pages)]
        shown = "\n".join([settings, *sources])
        for code in codes(written):
            mark = "::: " if code in DIRECTIVES else "```" if code in FENCES else ""
            assert mark + code.partition("(")[0].strip("{}") in shown, (idea, code)


def test_the_documentation_is_a_course(tmp_path: Path) -> None:
    """learnpath reads its own documentation, and finds every link and heading in it."""
    files = {name: read_doc(name) for name in PAGES}
    result = check_course(write_course(tmp_path, files))
    assert not result.problems


def test_every_page_is_in_the_index() -> None:
    """The first page leads to all others."""
    linked = set(re.findall(r"\]\(([\w-]+\.md)", read_doc("index.md")))
    assert linked == set(PAGES) - {"index.md"}
