"""What a second build does: counted, not timed, so that it fails for the same reason everywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateSyntaxError,
    UndefinedError,
)
from markupsafe import Markup

from corpus import write_corpus
from learnpath import BuildResult, build_site, plan
from learnpath import cache as cache_module
from learnpath import library as library_module
from learnpath.answers import UnrememberedError
from learnpath.cache import FOLDER, Cache, salt
from learnpath.document import Widget
from learnpath.filenames import themes_folder
from learnpath.keeping import Text
from learnpath.library import Library
from learnpath.packing import PackingError, pack, unpack
from learnpath.problems import Place
from learnpath.records import Record, pack_records, records_in
from learnpath.remaking import Remaker
from learnpath.serve.building import course_name
from learnpath.strings import Strings
from learnpath.templates import Templates
from learnpath.theme import Theme, load
from learnpath.write import read_manifest
from support import ROOT, CommandLine, files_in, write_course

PAGES = 40
COURSE = """title: A course
id: a-course
rules: {dead-end: off, unreachable-page: off, path-without-checkpoint: off}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of pages in a row, each a topic; two of them share an include."""
    pages = {
        f"p{n:02}.md": f"---\ntitle: Page {n}\ntopics: [bread]\n---\n\nWords.\n\n"
        f"[on](p{n + 1:02}.md)\n"
        for n in range(PAGES)
    }
    pages[f"p{PAGES - 1:02}.md"] = "---\ntitle: The last\nending: true\n---\n\n[[p00]]\n"
    pages["p03.md"] += "\n::include[_note.md]\n"
    pages["p05.md"] += "\n![A loaf](loaf.svg)\n"
    return write_course(
        tmp_path / "course",
        {"course.yml": COURSE, "_note.md": "A note.\n", "loaf.svg": "<svg/>", **pages},
    )


def build(root: Path) -> BuildResult:
    return build_site(root, root.parent / "site", jobs=1)


def change(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.usefixtures("settled")
def test_nothing_changed_reads_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """No file of the course is opened, and none of the site is written."""
    build(root)
    monkeypatch.setattr(library_module, "_page_in_stages", _never)
    monkeypatch.setattr(Path, "write_bytes", _never)
    opened = count_reads(request, root)
    again = build(root)
    assert (again.rendered, again.files.written, again.files.removed) == (0, 0, 0)
    assert again.files.unchanged == len(read_manifest(root.parent / "site"))
    assert [name for name in opened if not name.startswith(FOLDER)] == []


@pytest.mark.usefixtures("settled")
def test_one_body_is_one_page(root: Path, request: pytest.FixtureRequest) -> None:
    """Of forty pages one is parsed, made and written, with the two files of the search that know
    its text and the run of words that it joined, and the one that says how its words stand."""
    build(root)
    change(root / "p07.md", "Words.", "Other words.")
    opened = count_reads(request, root)
    again = build(root)
    assert (again.rendered, again.files.written) == (1, 4)
    assert again.reasons == {"p07.html": "p07.md changed"}
    assert {name for name in opened if name.endswith(".md")} == {"p07.md"}


def test_which_scripts_a_course_needs_is_found_out_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the course each page is looked at once: before pages are made, and no more after."""
    asked: list[str] = []
    real = plan.page_scripts

    def page_scripts(course: Any, page: Any) -> Any:
        asked.append(page.id)
        return real(course, page)

    monkeypatch.setattr(plan, "page_scripts", page_scripts)
    build(root)
    assert len(asked) == len(set(asked)) == PAGES


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_found_out_too_late_is_built_from_the_course(
    root: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site is being put together while files are made: where one of the last of them turns out
    to need the course, nothing of that is left, and the site is as from nothing."""
    change(root / "p39.md", "[[p00]]", "[](p00.md)")
    build(root)
    change(root / "p00.md", "title: Page 0", "title: The first")
    made = Remaker._one

    def not_remembered(remaker: Remaker, file: str) -> Any:
        if file == "topics/bread.html":
            raise UnrememberedError(file)
        return made(remaker, file)

    checked: list[object] = []

    def check_course(course: object) -> tuple[()]:
        checked.append(course)
        return ()

    monkeypatch.setattr(Remaker, "_one", not_remembered)
    monkeypatch.setattr("learnpath.remaking._WORTH_A_POOL", 2)
    monkeypatch.setattr("learnpath.remaking._CHUNK", 1)
    monkeypatch.setattr("learnpath.making.CHECKS", (check_course,))
    build_site(root, root.parent / "site", jobs=jobs)
    assert checked
    monkeypatch.undo()
    clean = build_site(root, root.parent / "clean", cached=False, jobs=1)
    assert files_in(root.parent / "site") == files_in(clean.output)
    assert sorted(path.name for path in root.parent.iterdir()) == ["clean", "course", "site"]


@pytest.mark.usefixtures("settled")
def test_words_alone_ask_nothing_of_others(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only words and lines moved, no check is run and no other page is asked about."""
    change(root / "p07.md", "topics: [bread]", "topics: [bread]\nminutes: 5")
    build(root)
    change(root / "p07.md", "Words.", "One line.\n\nAnd another.")
    with monkeypatch.context() as patch:
        patch.setattr("learnpath.making.CHECKS", (_never,))
        patch.setattr("learnpath.making.Recollection", _never)
        assert build(root).reasons == {"p07.html": "p07.md changed"}
    clean = build_site(root, root.parent / "clean", cached=False, jobs=1)
    assert files_in(root.parent / "site") == files_in(clean.output)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    ("old", "new"),
    [("[on](p08.md)", "[on](gone.md)"), ("Words.", "## Section"), ("[on](p08.md)", "Nothing on.")],
)
def test_what_others_can_see_is_checked(root: Path, old: str, new: str) -> None:
    """A link or a heading that comes or goes is no mere change of words."""
    change(root / "p07.md", "topics: [bread]", "topics: [bread]\nminutes: 5")
    change(root / "course.yml", "dead-end: off", "dead-end: warning")
    build(root)
    change(root / "p07.md", old, new)
    again = build(root)
    clean = build_site(root, root.parent / "clean", cached=False, jobs=1)
    assert again.checked.problems == clean.checked.problems
    assert files_in(root.parent / "site") == files_in(clean.output)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("line", ["title: Another <b>", "title: Page 7\nsummary: In short."])
def test_a_name_asks_nothing_of_the_course(
    root: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a title or a summary changed, the pages that show it are made again from what was
    remembered: no course is put together, and no check is run."""
    change(root / f"p{PAGES - 1:02}.md", "[[p00]]", "[at last](p00.md)")
    build(root)
    change(root / "p07.md", "title: Page 7", line)
    with monkeypatch.context() as patch:
        patch.setattr("learnpath.making.make_course", _never)
        again = build(root)
    assert "topics/bread.html" in again.reasons
    clean = build_site(root, root.parent / "clean", cached=False, jobs=1)
    assert files_in(root.parent / "site") == files_in(clean.output)


def test_a_name_that_many_show_is_made_in_several_processes(tmp_path: Path) -> None:
    """Without the course, as far as processes here begin with all that this one has; the site is
    the same, and what is remembered of it."""
    pages = {
        f"p{at:03}.md": f"---\ntitle: Page {at}\n---\n\n[](named.md) [on](p{at - 1:03}.md)\n"
        for at in range(1, 121)
    }
    last = {"index.md": "[go](p120.md)\n", "p000.md": "---\nending: Done.\n---\n\nWords.\n"}
    named = {"named.md": "---\ntitle: Before\n---\n\n[back](p000.md)\n"}
    root = write_course(tmp_path / "course", {"course.yml": COURSE, **pages, **last, **named})
    build(root)
    time.sleep(2.1)  # what is as new as the memory is looked at again
    build(root)
    change(root / "named.md", "title: Before", "title: Behind & <b>")
    command = ["build", str(root), "-o", str(tmp_path / "site"), "--jobs", "2"]
    program = (
        "import sys\nfrom learnpath.cli.main import run\n"
        "def asked(event, _):\n    forked.append(event) if event == 'os.fork' else None\n"
        "forked = []\nsys.addaudithook(asked)\n"
        f"run({command!r})\n"
        "print(len(forked), 'learnpath.checks' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    forks = b"2" if sys.platform == "linux" else b"0"
    assert ran.stdout.splitlines()[-1] == forks + b" False"
    clean = build_site(root, tmp_path / "clean", cached=False, jobs=1)
    assert files_in(tmp_path / "site") == files_in(clean.output)
    assert b">Behind &amp; &lt;b&gt;</a>" in files_in(clean.output)["p007.html"]
    assert build(root).rendered == 0


def test_a_title_is_made_where_it_is_shown(root: Path) -> None:
    """Itself, the page that names it, its topic's page, and the map, which names every page."""
    build(root)
    change(root / "p00.md", "title: Page 0", "title: The first")
    again = build(root)
    made = {"p00.html", f"p{PAGES - 1:02}.html", "topics/bread.html"}
    assert set(again.reasons) - {"privacy.html"} == made | {"map.html", "index.html"}
    assert again.rendered == 2
    assert '"The first"' in again.reasons["map.html"]


def test_an_include_is_made_where_it_stands(root: Path) -> None:
    """Only the page that includes it."""
    build(root)
    change(root / "_note.md", "A note.", "A longer note.")
    assert set(build(root).reasons) == {"p03.html"}


def test_a_picture_is_made_where_it_is_shown(root: Path) -> None:
    """Its name carries its content, so the page that shows it is made, and no other."""
    build(root)
    change(root / "loaf.svg", "<svg/>", "<svg><g/></svg>")
    again = build(root)
    assert set(again.reasons) == {"p05.html"}
    assert (again.files.written, again.files.removed) == (2, 1)


def test_a_page_that_mends_a_link_is_noticed(root: Path) -> None:
    """A link that led nowhere leads somewhere once there is a file; the problem goes as well."""
    change(root / "p09.md", "[on](p10.md)", "[on](later.md)")
    assert [problem.rule for problem in build(root).checked.problems] == ["broken-link"]
    write_course(root, {"later.md": "# Later\n\n[on](p10.md)\n"})
    again = build(root)
    assert "p09.html" in again.reasons
    assert again.checked.problems == ()


@pytest.mark.usefixtures("settled")
def test_problems_are_remembered(root: Path, learnpath: CommandLine) -> None:
    """A build with nothing to do tells the same problems, and has the same exit code."""
    change(root / "p09.md", "[on](p10.md)", "[on](gone.md)")
    site = root.parent / "site"
    first = learnpath("build", root, "-o", site, "--format", "json")
    second = learnpath("build", root, "-o", site, "--format", "json")
    assert first.code == second.code == 1
    one, two = json.loads(first.out), json.loads(second.out)
    assert one["problems"] == two["problems"] != []
    assert (one["rendered"], two["rendered"], two["written"]) == (PAGES, 0, 0)
    assert one["pages"] == two["pages"] == PAGES


def test_explain_says_why(root: Path, learnpath: CommandLine) -> None:
    """Of each file that was made, which fact of it changed."""
    build(root)
    change(root / "p00.md", "title: Page 0", "title: The first")
    ran = learnpath("build", root, "-o", root.parent / "site", "--explain")
    assert "p00.html: p00.md changed\n" in ran.out
    assert 'map.html: title of p00.html was "Page 0", is "The first"\n' in ran.out


def test_of_long_answers_is_told_where_they_differ(root: Path, learnpath: CommandLine) -> None:
    """What the map shows of forty pages is one answer; a new link is seen in what is told of it."""
    build(root)
    change(root / "p30.md", "[on](p31.md)", "[on](p31.md) [to the *middle*](p20.md)")
    ran = learnpath("build", root, "-o", root.parent / "site", "--explain")
    [told] = [line for line in ran.out.splitlines() if line.startswith("map.html: ")]
    assert told.startswith("map.html: ways('map.html') was …")
    assert '"to the middle' in told.partition(", is …")[2]
    assert len(told) < 200


@pytest.mark.usefixtures("settled")
def test_what_was_made_again_is_known_by_what_it_was_made_from(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a title that many show, and words of another page, a build of the whole course makes
    none of those files once more, and notices of each what changes after that."""
    change(root / f"p{PAGES - 1:02}.md", "[[p00]]", "[at last](p00.md)")
    build(root)
    with monkeypatch.context() as patch:
        patch.setattr("learnpath.making.make_course", _never)
        change(root / "p20.md", "title: Page 20", "title: The middle")
        build(root)
        change(root / "p19.md", "Words.", "Others.")
        build(root)
    write_course(root, {"new.md": "---\naudience: facilitator\n---\n\nOf nobody's concern.\n"})
    assert build(root).reasons == {}
    change(root / "p20.md", "title: The middle", "title: The middle\nkind: idea")
    again = build(root)
    assert {"p20.html", "map.html", "topics/bread.html"} <= set(again.reasons)
    clean = build_site(root, root.parent / "clean", cached=False, jobs=1)
    assert files_in(root.parent / "site") == files_in(clean.output)


def test_a_template_is_compiled_once(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many pages there are, and again by no later build in this process."""
    compiled = _compiled_from_now_on(monkeypatch)
    _compiled_in(tmp_path, monkeypatch)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    build(root)
    assert len(compiled) == len(set(compiled)) > 5
    assert not list(tmp_path.glob("template*"))
    compiled.clear()
    build_site(root, root.parent / "other", jobs=1, cached=False)
    assert compiled == []


def test_compiled_templates_are_kept_for_the_next_process(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template is compiled again where its text is another, or where what was kept is damaged;
    the site is the same. Nothing of it lies in the course."""
    compiled = _compiled_from_now_on(monkeypatch)

    def built_again() -> dict[str, bytes]:
        compiled.clear()
        _compiled_in(kept, monkeypatch)
        build_site(root, root.parent / "site", jobs=1, cached=False)
        return files_in(root.parent / "site")

    themes, kept = tmp_path / "themes", tmp_path / "kept"
    shutil.copytree(themes_folder(), themes)
    kept.mkdir()
    monkeypatch.setattr("learnpath.theme.themes_folder", lambda: themes)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    first = built_again()
    assert len(compiled) == len(set(compiled)) == len(list(kept.glob("template*"))) > 5
    first_kept = set(kept.glob("template*"))
    assert built_again() == first
    assert compiled == []
    assert not list(root.rglob("template*"))

    footer = themes / "default" / "templates" / "partials" / "footer.html"
    footer.write_text(footer.read_text("utf-8") + "<b>Other words</b>", "utf-8")
    other = built_again()
    assert compiled == ["base.html"]  # which has it in its place
    assert b"<b>Other words</b>" in other["p00.html"]
    assert len(list(kept.glob("template*"))) == len(first_kept)

    older = kept / f"template.{sys.implementation.cache_tag}-0123456789-abc"
    older.write_bytes(b"of another version")
    foreign = kept / "template.cpython-999-0123456789-abc"
    foreign.write_bytes(b"of another Python")
    next(iter(first_kept)).unlink()
    assert built_again() == other
    assert len(compiled) == 1
    assert not older.exists()
    assert foreign.exists()
    foreign.unlink()

    for number, path in enumerate(kept.glob("template*")):
        data = path.read_bytes()
        at = number * 7919 % len(data)
        flipped = data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
        path.write_bytes((b"", data[:40], data[:-7], flipped)[number % 4])
    assert built_again() == other
    assert len(compiled) == len(list(kept.glob("template*")))


def test_words_are_compiled_for_each_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has nothing to fill in is compiled as text; each language keeps its own, and a word
    that changes is seen."""
    themes, kept = tmp_path / "themes", tmp_path / "kept"
    shutil.copytree(themes_folder(), themes)
    kept.mkdir()
    monkeypatch.setattr("learnpath.theme.themes_folder", lambda: themes)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    compiled = _compiled_from_now_on(monkeypatch)

    def label(language: str) -> str:
        _compiled_in(kept, monkeypatch)
        html = load("default").html(
            "partials/own-marks.html", language, site=SimpleNamespace(plan=""), t=None
        )
        return html.partition('aria-label="')[2].partition('"')[0]

    words = {code: load("default").strings(code).words["own.label"] for code in ("en", "de")}
    assert words["en"] != words["de"]
    for _ in range(2):
        assert {code: label(code) for code in words} == words
    assert len(compiled) == 2

    catalogue = themes / "default" / "strings" / "de.json"
    changed = json.loads(catalogue.read_text("utf-8")) | {"own.label": "Ganz <meins>"}
    catalogue.write_text(json.dumps(changed), "utf-8")
    assert label("de") == "Ganz &lt;meins&gt;"
    assert label("en") == words["en"]
    assert len(compiled) == 3


def test_a_theme_is_the_same_one_until_a_file_of_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks for a theme twice has what was compiled; who edits it has it anew, though the file
    is as long as before."""
    themes = tmp_path / "themes"
    shutil.copytree(themes_folder(), themes)
    monkeypatch.setattr("learnpath.theme.themes_folder", lambda: themes)
    theme = load("default")
    fingerprint = theme.fingerprint
    assert load("default") is theme
    style = themes / "default" / "static" / "css" / "tokens.css"
    style.write_text(style.read_text("utf-8").replace("}", ";", 1), "utf-8")
    assert load("default") is not theme
    assert load("default").fingerprint != fingerprint


def test_a_theme_made_ready_has_nothing_left_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    """What begins with it, such as another process, loads no template and bundles no script."""
    theme = Theme("default")
    theme.make_ready("en")
    monkeypatch.setattr("learnpath.templates.Templates.compile", _refuse)
    monkeypatch.setattr("learnpath.templates._Compiled.load_bytecode", _refuse)
    monkeypatch.setattr("learnpath.bundle.Scripts.text", _refuse)
    for path in sorted((theme.root / "templates").rglob("*.html")):
        assert theme.template(path.relative_to(theme.root / "templates").as_posix(), "en")
    assert theme.script_name(theme.first_bundle, "en").startswith("assets/core.")
    with pytest.raises(AssertionError):
        theme.script_name(theme.first_bundle, "de")


def test_a_theme_with_what_editors_leave_in_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To be made ready is a head start: a template that nobody asks for may be half written, a
    file of no kind of ours may lie there, and a link may lead nowhere."""
    themes = tmp_path / "themes"
    shutil.copytree(themes_folder(), themes)
    monkeypatch.setattr("learnpath.theme.themes_folder", lambda: themes)
    templates = themes / "default" / "templates"
    (templates / ".base.html.swp").write_bytes(b"\xff\x00")
    (templates / "new.html").write_text("{% if", "utf-8")
    (templates / "newer.html").write_bytes(b"\xff")
    (templates / ".#base.html").symlink_to("nowhere")
    (themes / "default" / "static" / "js" / "plan.js").write_text("export default 1;\n", "utf-8")
    theme = load("default")
    theme.make_ready("en")
    assert theme.fingerprint
    assert theme.template("page.html", "en")
    with pytest.raises(TemplateSyntaxError):
        theme.template("new.html", "en")


def _refuse(*_: object) -> None:
    raise AssertionError


def test_only_calls_of_a_text_alone_become_words() -> None:
    """Others are called when the template is used, and what is no word is told of then."""
    strings = Strings("en", {"a": "A", "b": "{who}'s", "n.one": "one", "n.other": "many"})
    environment = Templates(Path(), strings)

    def made(source: str, **context: object) -> str:
        return environment.from_string(source).render(**context)

    assert (
        made('{{ t("a") }} {{ t("b") }} {% if t("a") %}x{% endif %}', t=None) == "A {who}&#39;s x"
    )
    assert made('{{ t("b", who="Ada") }} {{ t(key) }} {{ t("n", n=2) }}', key="a") == (
        "Ada&#39;s A many"
    )
    assert made('{{ it.t("a") }}', it=SimpleNamespace(t=str.upper)) == "A"
    with pytest.raises(KeyError, match="no text 'lost'"):
        made('{{ t("lost") }}')


SOURCES = [
    "{{ a }} {{ safe }} {{ n }} {{ none }} {{ many }} {{ page.title }} {{ page['title'] }}",
    "{{ say(a, b=safe) }} {{ say(*many) }} {{ say(**{'b': n}) }}",
    "{% macro m(x) %}<b>{{ x }}</b>{{ caller() if caller }}{% endmacro %}"
    "{{ m(a) }}{% call m(safe) %}{{ a }}{% endcall %}{% set y %}{{ m(a) }}{% endset %}{{ y }}",
    "{% for x in many %}{{ loop.index }}{{ x }}{% else %}-{% endfor %}{{ many | join(', ') }}",
    "{{ a ~ safe }} {{ a | upper }} {{ safe | e }} {{ '<' }} {{ 'x' if none else a }}",
    "{% block one %}{{ say(a) }}{% endblock %}{{ self.one() }}",
    "{% autoescape false %}{{ a }} {{ '<' ~ a }}{% endautoescape %}{{ say(function=n) }}",
    "{{ lost }}",
    "{{ lost() }}",
    "{{ lost.more }}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_templates_say_what_they_say_in_jinja(source: str) -> None:
    """What is left out of the code that they are compiled to makes no difference."""
    given = {
        "a": "<a & 'b'>", "safe": Markup("<i>"), "n": 3, "none": None,
        "many": [*"&<>'", '"', Markup(">")],
        "page": SimpleNamespace(title='"t"'), "say": lambda *x, **y: f"{x} {y}",
    }  # fmt: skip
    own = Environment(autoescape=True, undefined=StrictUndefined)

    def made(environment: Environment) -> str:
        try:
            return environment.from_string(source).render(**given)
        except UndefinedError as error:
            return f"{type(error)}: {error}"

    assert made(Templates(Path(), Strings("en", {}))) == made(own)


@pytest.mark.parametrize("source", ["{{ page.lost }}", "{% if page.lost %}{% endif %}"])
def test_a_template_that_asks_for_what_is_not_there_is_told(source: str) -> None:
    """An attribute that nothing has is an error in its template, and so is one of a mapping."""
    for page in (SimpleNamespace(title="t"), {"lost": 1}):
        with pytest.raises(AttributeError, match="no attribute 'lost'"):
            Templates(Path(), Strings("en", {})).from_string(source).render(page=page)


def test_what_is_included_says_what_it_says_in_jinja(tmp_path: Path) -> None:
    """It stands in its place when the template is compiled: it sees all names of there, its own
    are of itself alone, and of space around it there is as much."""
    for name, text in {
        "whole.html": '{% extends "base.html" %}\n{% block main %}\n'
        '{% set x = 1 %}\n{% for y in many %}\n  {% include "part.html" %}\n'
        "{{ x }}{{ loop.index }}{{ z is defined }}\n{% endfor %}\n"
        'a {% include "in/short.html" %} b\n{% include which %}\n{% endblock %}\n',
        "base.html": "<i>\n{% block main %}{% endblock %}\n</i>\n",
        "part.html": '{# said twice #}\n{% from "in/macro.html" import bold %}\n'
        "{% set x = x + 10 %}{% set z = 3 %}\n{{ bold(y) }}{{ x }}{{ loop.last }}\n"
        '{% include "in/short.html" %}\n\n',
        "in/macro.html": "{% macro bold(it) %}\n<b>{{ it }}</b>\n{% endmacro %}\n",
        "in/short.html": "({{ a }}{% if a %}!{% endif %})\n",
        "which.html": "which\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    own = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=FileSystemLoader(tmp_path),
    )  # fmt: skip
    given = {"a": "<&>", "many": ["p", "q"], "which": "which.html"}
    made = Templates(tmp_path, Strings("en", {})).get_template("whole.html").render(**given)
    assert made == own.get_template("whole.html").render(**given)
    assert made.count("(&lt;&amp;&gt;!)") == 3


PARTS = {
    "block.html": "{% block b %}b{% endblock %}",
    "spaced.html": "  {% if a %}x{% endif %}",
    "line.html": "\nx\n",
    "open.html": "x  ",
    "deep.html": "{{ n }}{% if n %}{% with n = n - 1 %}"
    '{% include "deep.html" %}{% endwith %}{% endif %}',
    "said.html": "{# a comment #}x",
    "empty.html": "",
}


@pytest.mark.parametrize(
    "source",
    [
        '{% include "block.html" %}{% include "block.html" %}',
        '<p>{% include "spaced.html" %}</p>',
        '<p>{% include "line.html" %}</p>{% include "open.html" %}|{% include "empty.html" %}|',
        '{% include "deep.html" %}',
        '{# {% include "said.html" %} {% include "nowhere.html" %} #}{% include "said.html" %}',
        '{% raw %}{% include "said.html" %}{% endraw %}{%- include "said.html" -%} .',
        '{% if not a %}{% include "nowhere.html" %}{% endif %}{{ d.in }}{{ d.class }}',
        '{% macro m(n) %}{% include "deep.html" %}{{ a }}{% endmacro %}{{ m(1) }}',
    ],
)
def test_what_would_be_another_thing_in_its_place_is_included_as_ever(
    source: str, tmp_path: Path
) -> None:
    """Blocks, space at either end, a part in itself, and what only looks like an include."""
    for name, text in {**PARTS, "whole.html": source}.items():
        (tmp_path / name).write_text(text, "utf-8")
    own = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=FileSystemLoader(tmp_path),
    )  # fmt: skip
    given = {"a": "<&>", "n": 3, "d": {"in": 1, "class": 2}}
    made = Templates(tmp_path, Strings("en", {})).get_template("whole.html").render(**given)
    assert made == own.get_template("whole.html").render(**given)


def test_a_mistake_in_a_part_is_told_of_the_part(tmp_path: Path) -> None:
    """With its name and its line, though it is compiled where it is included."""
    (tmp_path / "whole.html").write_text('a\nb\n{% include "part.html" %}\n', "utf-8")
    (tmp_path / "part.html").write_text("c\n{% include 'x' %}\n{% if %}\n", "utf-8")
    with pytest.raises(TemplateSyntaxError) as told:
        Templates(tmp_path, Strings("en", {})).get_template("whole.html")
    assert (told.value.name, told.value.lineno) == ("part.html", 3)


def _compiled_from_now_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled."""
    compiled: list[str] = []
    real = Environment.compile

    def counted(self: Environment, source: str, name: str | None = None, *more: object) -> object:
        compiled.append(str(name))
        return real(self, source, name, *more)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", counted)
    return compiled


def _compiled_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a new process, with compiled templates kept there."""
    monkeypatch.setattr("learnpath.theme._loaded", {})
    monkeypatch.setattr("learnpath.templates.cache_from_source", lambda _: str(folder / "x.pyc"))


def test_pages_stay_light(tmp_path: Path) -> None:
    """A page's HTML does not grow with the course: at most what its text, its links and the icon
    need."""
    sizes = []
    for pages in (30, 300):
        root = tmp_path / str(pages)
        write_corpus(root, pages)
        build_site(root, tmp_path / f"site-{pages}", jobs=1)
        made = [
            path.stat().st_size for path in (tmp_path / f"site-{pages}").glob("part-*/page-*.html")
        ]
        sizes.append(sum(made) / len(made))
    assert sizes[0] < 10_800
    assert sizes[1] < sizes[0] * 1.05


# What may happen to the memory


def test_a_read_only_course_is_built(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be remembered: the site is the same, and the result says so."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(cache_module, "new_file", refuse)
    result = build(root)
    assert "Permission denied" in result.trouble
    monkeypatch.undo()
    clean = build_site(root, root.parent / "clean", cached=False, jobs=1)
    assert files_in(result.output) == files_in(clean.output)


def test_a_full_disk_is_survived(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full in the middle of what is remembered: the site is made, and later healed."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # nothing else is kept meanwhile
    real, written = os.write, [0]
    honest, memory = cache_module.new_file, set[int]()

    def opened(folder: Path, beginning: str) -> tuple[int, Path]:
        file, path = honest(folder, beginning)
        if folder == root / FOLDER:
            memory.add(file)
        return file, path

    def fill(file: int, data: bytes) -> int:
        written[0] += file in memory
        if file in memory and written[0] > 10:
            raise OSError(28, "No space left on device")
        return real(file, data)

    monkeypatch.setattr(cache_module, "new_file", opened)
    monkeypatch.setattr(os, "write", fill)
    result = build(root)
    monkeypatch.undo()
    assert "No space left" in result.trouble
    clean = build_site(root, root.parent / "clean", cached=False, jobs=1)
    assert files_in(result.output) == files_in(clean.output)
    assert build(root).trouble == ""
    assert len(list((root / FOLDER).glob("pack-*"))) == 1


def test_another_version_s_memory_is_not_used(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade every page is made anew."""
    build(root)
    monkeypatch.setattr("learnpath.unchanged.salt", lambda: "another version")
    assert build(root).rendered == PAGES


def test_two_builds_at_once_are_safe(root: Path) -> None:
    """Builds side by side, into one folder each and with one memory: both sites are right."""
    commands = [
        [sys.executable, "-m", "learnpath", "build", str(root), "-q", "-o", str(root.parent / name)]
        for name in ("one", "two", "three")
    ]
    for _ in range(2):
        running = [subprocess.Popen(command) for command in commands]
        assert [process.wait() for process in running] == [0, 0, 0]
    clean = files_in(build_site(root, root.parent / "clean", cached=False, jobs=1).output)
    for name in ("one", "two", "three"):
        assert files_in(root.parent / name) == clean


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
@pytest.mark.usefixtures("settled")
def test_a_file_whose_name_is_not_utf8_is_told_each_time(
    root: Path, learnpath: CommandLine
) -> None:
    """It is left out of the site, and of nothing that decides whether there is anything to do."""
    name = os.fsencode(root / "p") + b"\xff.png"
    Path(os.fsdecode(name)).write_bytes(b"")
    ran = [learnpath("build", root, "-o", root.parent / "site") for _ in range(2)]
    assert all("name is not UTF-8" in one.out + one.err for one in ran)
    assert "(0 new or changed, 0 removed)" in ran[1].out
    os.unlink(name)
    again = learnpath("build", root, "-o", root.parent / "site")
    assert "name is not UTF-8" not in again.out + again.err


def test_the_memory_is_no_part_of_the_course(root: Path) -> None:
    """It is read as no page, published as no file, and the preview does not watch it."""
    first = build(root)
    shutil.rmtree(first.output)
    again = build(root)
    assert not any(
        name.startswith((FOLDER + "/", "assets/pack-")) for name in files_in(again.output)
    )
    assert course_name(root, str(root / FOLDER / "pages.json")) == ""
    assert (root / FOLDER / ".gitignore").read_text("utf-8") == "*\n"


def test_what_nobody_asks_for_is_forgotten(root: Path) -> None:
    """The memory of pages that were renamed or rewritten goes, and small files are joined."""
    for count in range(12):
        change(root / "p07.md", "Words", f"Words {count}")
        build(root)
    assert len(list((root / FOLDER).glob("pack-*"))) <= 9
    assert len(list((root / FOLDER).iterdir())) <= 14


@pytest.mark.parametrize("course", [ROOT / "content", ROOT / "tests" / "browser" / "course"])
def test_a_course_with_everything_is_the_same_from_memory(course: Path, tmp_path: Path) -> None:
    """What pages say to each other, conditions around their links too, comes back as it was."""
    root = tmp_path / "course"
    shutil.copytree(course, root, ignore=shutil.ignore_patterns(".*"))
    clean = files_in(build_site(root, tmp_path / "clean", cached=False, jobs=1).output)
    for clearly in (False, True):
        made = build_site(root, tmp_path / "site", clean=clearly, jobs=1)
        assert files_in(made.output) == clean


def test_a_page_that_leads_to_itself_is_the_same_from_memory(root: Path) -> None:
    """What stands for a page while another is made is not the page itself: a way to where the
    learner is already is told by the file that it leads to."""
    page = root / "p07.md"
    page.write_text(f"{page.read_text('utf-8')}\n## Here\n\n[[p07]], [here](#here)\n", "utf-8")
    for words in ("Other words.", "Words once more."):
        made = files_in(build(root).output)
        clean = files_in(build_site(root, root.parent / "clean", cached=False, jobs=1).output)
        assert made == clean
        assert b'<a href="p07.html">' in made["p07.html"]
        page.write_text(f"{page.read_text('utf-8')}\n{words}\n", "utf-8")


def test_small_edits_do_not_write_the_whole_memory_again(tmp_path: Path) -> None:
    """Small packs become one, everything in them is there, and a large one is left as it is."""
    root = tmp_path / "course"
    root.mkdir()
    large = os.urandom(100_000)
    cache = Cache(root, "stamp")
    cache.keep("large", large, {})
    cache.save()
    [pack] = (root / FOLDER).glob("pack-*")
    before = pack.stat()
    small = {f"small {at}": b"%d" % at * 40 for at in range(30)}
    for key, data in small.items():
        cache = Cache(root, "stamp")
        cache.keep(key, data, {})
        cache.name(key, f"{key} as well")
        cache.save()
    packs = list((root / FOLDER).glob("pack-*"))
    assert len(packs) <= 9
    assert pack in packs
    assert (pack.stat().st_ino, pack.stat().st_size) == (before.st_ino, before.st_size)
    cache = Cache(root, "stamp")
    found = {key: cache.find(key) for key in ("large", *small, *(f"{k} as well" for k in small))}
    read = {key: kept[1] for key, kept in found.items() if kept is not None}
    assert read == {"large": large, **small, **{f"{k} as well": d for k, d in small.items()}}
    others = sum(path.stat().st_size for path in packs if path != pack)
    assert others <= 2 * sum(map(len, small.values())), "what has two names is kept once"


def test_packs_stay_few_however_long_a_course_is_edited(tmp_path: Path) -> None:
    """Pages that are edited one after the other, each remembered, are joined now and then."""
    root = tmp_path / "course"
    root.mkdir()
    for at in range(120):
        cache = Cache(root, "stamp")
        cache.use(f"page {number}" for number in range(at))
        cache.keep(f"page {at}", os.urandom(1000 + 7 * at), {})
        cache.save()
        assert len(list((root / FOLDER).glob("pack-*"))) <= 16
    cache = Cache(root, "stamp")
    assert all(cache.find(f"page {at}") is not None for at in range(120))


def test_a_pack_that_is_mostly_of_no_use_is_written_again(tmp_path: Path) -> None:
    """What was forgotten leaves the disk, however large its pack is."""
    root = tmp_path / "course"
    root.mkdir()
    cache = Cache(root, "stamp")
    for at in range(400):
        cache.keep(f"old {at}", os.urandom(1000), {})
    cache.keep("large", os.urandom(100_000), {})
    cache.save()
    for at in range(12):
        cache = Cache(root, "stamp")
        assert cache.find("large") is not None
        cache.keep(f"new {at}", b"new", {})
        cache.save()
    assert sum(path.stat().st_size for path in (root / FOLDER).glob("pack-*")) < 150_000


def test_the_second_edit_links_only_what_the_first_one_made(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site before the last is kept in the memory: a small edit costs what it changes."""
    build(root)
    change(root / "p03.md", "Words.", "Other words.")
    build(root)
    linked: list[str] = []
    honest = os.link

    def link(old: str, new: str) -> None:
        linked.append(os.path.relpath(new, root.parent))
        honest(old, new)

    monkeypatch.setattr(os, "link", link)
    change(root / "p07.md", "Words.", "Other words.")
    again = build(root)
    assert again.files.unchanged > PAGES
    assert len(linked) <= again.files.written
    assert {os.path.basename(name) for name in linked} >= {"p03.html"}
    assert files_in(again.output) == files_in(
        build_site(root, root.parent / "clean", cached=False).output
    )


@pytest.mark.usefixtures("settled")
def test_an_edit_looks_once_at_each_file_that_stays(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found as it was left is not looked at again to be remembered."""
    change(root / "p07.md", "topics: [bread]", "topics: [bread]\nminutes: 5")
    build(root)
    looked: Counter[str] = Counter()
    honest = os.stat

    def stat(path: Any, **options: Any) -> os.stat_result:
        looked[os.path.basename(os.fspath(path))] += 1
        return honest(path, **options)

    change(root / "p07.md", "Words.", "Other words.")
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", stat)
        build(root)
    assert looked["p11.html"] == 1
    assert looked["p07.html"] >= 1, "what was written is looked at to be remembered"
    assert build(root).files.written == 0


@pytest.mark.usefixtures("settled")
def test_a_touched_file_is_no_other_site(root: Path) -> None:
    """A file of the site with its bytes, but another time, is found and remembered anew."""
    change(root / "p07.md", "topics: [bread]", "topics: [bread]\nminutes: 5")
    result = build(root)
    os.utime(result.output / "p11.html", (1, 1))
    change(root / "p07.md", "Words.", "Other words.")
    assert build(root).rendered <= 1
    build(root)
    again = build(root)
    assert (again.rendered, again.files.written) == (0, 0)
    clean = build_site(root, root.parent / "clean", cached=False).output
    assert files_in(again.output) == files_in(clean)


def test_a_branch_comes_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was parsed on another branch is not parsed again."""
    build(root)
    change(root / "p07.md", "Words.", "Other words.")
    build(root)
    change(root / "p07.md", "Other words.", "Words.")
    monkeypatch.setattr(library_module, "_page_in_stages", _never)
    assert build(root).rendered == 1


def test_nothing_in_the_memory_can_be_run() -> None:
    """A packed value is read as what it was packed from; what names anything else is refused."""
    whole = pack(Text(("a", Widget("map", Place(None))), ("b",)))
    assert unpack(Text, whole).body == ("b",)
    for text in (
        whole.replace(b"Widget", b"system"), whole.replace(b"Widget", b"Facts_"), whole[:-1],
        whole + b"\xc0", whole.replace(b"\xa1b", b"\xc0"), b"", b"\x80", b"\xff",
    ):  # fmt: skip
        with pytest.raises(PackingError):
            unpack(Text, text)
    with pytest.raises(PackingError):
        pack(Path("x"))


def test_a_page_with_a_number_beyond_all_measure_is_built_and_not_remembered(root: Path) -> None:
    """What cannot be packed is read again each time; the site is the same."""
    page = root / "p07.md"
    page.write_text(f"# Seven\n\n::: when x > {10**30}\nMuch.\n:::\n", "utf-8")
    first = files_in(build(root).output)
    assert files_in(build(root).output) == first
    assert first == files_in(build_site(root, root.parent / "clean", cached=False, jobs=1).output)


def test_every_page_comes_back_whole(tmp_path: Path) -> None:
    """What is unpacked equals what was parsed, for every course of the tests."""
    for course in sorted((Path(__file__).parent / "cases").glob("*/course")):
        copy = tmp_path / course.parent.name
        shutil.copytree(course, copy, ignore=shutil.ignore_patterns(FOLDER))
        for _ in range(2):
            cache = Cache(copy, salt())
            kept = Library(copy, cache=cache).read()
            cache.save()
            plain = Library(copy).read()
            assert kept.problems == plain.problems
            for one, other in zip(kept.pages, plain.pages, strict=True):
                assert (one.id, one.file, one.front, one.digest) == (
                    other.id, other.file, other.front, other.digest)  # fmt: skip
                assert one.document.facts == other.document.facts
                assert one.document.body == other.document.body
                assert one.document.heading == other.document.heading
                assert one.document.words == other.document.words


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files count as old enough to be known by their times: new ones may change again."""
    monkeypatch.setattr(cache_module, "_RACY", -(10**18))


def count_reads(request: pytest.FixtureRequest, root: Path) -> list[str]:
    """The names of the course's files that are opened from now on."""
    opened: list[str] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and isinstance(arguments[0], (str, bytes)) and counting:
            path = os.fsdecode(arguments[0])
            if path.startswith(str(root) + os.sep):
                opened.append(os.path.relpath(path, root))

    counting = [True]
    sys.addaudithook(hook)
    request.addfinalizer(counting.clear)
    return opened


def _never(*_: object, **__: object) -> object:
    raise AssertionError("this was not to be done")


RECORDS = pack_records(
    [("a.html", Record("", (("q", "1"), ("r", "2")))), ("b.html", Record("i", (("r", "2"),)))]
)


def test_records_are_read_as_they_were_written() -> None:
    """Each by its file, with its notes in order."""
    found = records_in(RECORDS)
    assert [*found] == ["a.html", "b.html"]
    for _ in range(2):
        assert found["a.html"] == Record("", (("q", "1"), ("r", "2")))
        assert found["b.html"] == Record("i", (("r", "2"),))
    assert found.get("c.html") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[",
        b"{}\n",
        b"[1]\nq\t1",
        b'[["a.html","",[2]]]\nq\t1',
        b'[["a.html","",[-1]]]\nq\t1',
        b'[["a.html","",[0.5]]]\nq\t1',
        b'[["a.html","",["0"]]]\nq\t1',
        b'[["a.html","",[99999999999999999999]]]\nq\t1',
        b'[["a.html","",{"0":0}]]\nq\t1',
        b'[["a.html","",null]]\nq\t1',
        b'[["a.html",""]]\nq\t1',
        b'[["a.html","",[0]],["b.html","",[1]]]\nq\t1',
    ],
)
def test_of_damaged_records_none_is_believed(data: bytes) -> None:
    """Then a file is made anew."""
    assert [*records_in(data).values()] == []
