"""The command line: exit codes, which words go where, and the documents that programs read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

import learnpath as package
from learnpath.cache import FOLDER
from learnpath.cli.main import COMMANDS, load_command
from learnpath.exporters import FORMATS
from learnpath.library import Library
from schemas import NAMES, schema, valid
from support import COURSE, ROOT, CommandLine, case_folders, files_in, write_course

ESCAPE = "\x1b["
CLEAN = {"course.yml": COURSE, "index.md": "# Start\n\nText.\n"}
WARNED = {**CLEAN, "index.md": "# Start\n\n![](x.png)\n", "x.png": "x"}
BROKEN = {**CLEAN, "index.md": "# Start\n\n[x](nowhere.md)\n"}


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return write_course(tmp_path / "clean", CLEAN)


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    return write_course(tmp_path / "warned", WARNED)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return write_course(tmp_path / "broken", BROKEN)


# Exit codes


@pytest.mark.parametrize(
    ("files", "plain", "strict"), [(CLEAN, 0, 0), (WARNED, 0, 1), (BROKEN, 1, 1)]
)
def test_exit_codes_tell_errors_from_warnings(
    files: dict[str, str], plain: int, strict: int, tmp_path: Path, learnpath: CommandLine
) -> None:
    """0 done, 1 the course has errors; with --strict warnings count, for check and build alike."""
    course = write_course(tmp_path / "course", files)
    site = tmp_path / "site"
    assert learnpath("check", course).code == plain
    assert learnpath("check", "--strict", course).code == strict
    assert learnpath("build", course, "-o", site).code == plain
    assert learnpath("build", "--strict", course, "-o", site).code == strict


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nowhere"),
        ("check", "--no-such-option"),
        ("nothing",),
        ("build", "--jobs", "0"),
        ("build", "--jobs", "many"),
        ("map", "--format", "png"),
        ("map", "--language", "xx"),
        ("check", "--rule", "no-such-rule=off"),
        ("check", "--rule", "dead-end=loud"),
        ("check", "--rule", "dead-end"),
        ("new",),
        ("new", "--template", "none", "x"),
        ("serve", "--port", "99999"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(
    arguments: tuple[str, ...],
    clean: Path,
    learnpath: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wrong usage is told on standard error, names what was wrong, and prints no traceback."""
    monkeypatch.chdir(clean)
    ran = learnpath(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert "Error" in ran.err and "Traceback" not in ran.err


def test_a_misspelt_rule_is_guessed(clean: Path, learnpath: CommandLine) -> None:
    """`--rule ded-end=off` proposes the rule that was meant."""
    assert "did you mean 'dead-end'?" in learnpath("check", "--rule", "ded-end=off", clean).err


def test_the_environment_failing_ends_with_3(
    clean: Path, tmp_path: Path, learnpath: CommandLine
) -> None:
    """An output that cannot be written is told in one line, with the folder's name."""
    (tmp_path / "file").write_text("a file")
    ran = learnpath("build", clean, "-o", tmp_path / "file" / "site")
    assert ran.code == 3
    assert "file" in ran.err and "Traceback" not in ran.err


def test_a_file_in_the_output_s_place_ends_with_3(
    clean: Path, tmp_path: Path, learnpath: CommandLine
) -> None:
    """A file where the site should be is left as it is."""
    (tmp_path / "site").write_text("precious")
    assert learnpath("build", clean, "-o", tmp_path / "site").code == 3
    assert (tmp_path / "site").read_text() == "precious"


@pytest.mark.parametrize("error", [KeyboardInterrupt, None])
def test_an_interruption_ends_with_130(
    error: type[BaseException] | None,
    clean: Path,
    learnpath: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control-C is no failure: no traceback, exit code 130."""

    def interrupted(*_: object, **__: object) -> None:
        raise error or KeyboardInterrupt

    monkeypatch.setattr(Library, "read", interrupted)
    ran = learnpath("check", clean)
    assert ran.code == 130
    assert "Traceback" not in ran.err


# What is printed where


def test_problems_go_to_standard_error(broken: Path, learnpath: CommandLine) -> None:
    """Standard output carries the verdict alone."""
    ran = learnpath("check", broken)
    assert "[broken-link]" in ran.err
    assert ran.out == "1 page, 0 checkpoints: 1 error, 0 warnings\n"


def test_quiet_says_problems_only(broken: Path, clean: Path, learnpath: CommandLine) -> None:
    """With -q a clean course is silent, and a broken one still tells its problems."""
    assert learnpath("check", "-q", clean).out == ""
    ran = learnpath("check", "-q", broken)
    assert ran.out == "" and "[broken-link]" in ran.err


@pytest.mark.parametrize("way", ["--no-color", "NO_COLOR", "NO_COLOR empty", "no terminal"])
def test_colours_are_switched_off(
    way: str, broken: Path, learnpath: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--no-color and NO_COLOR, whatever its value is, and a pipe: no escape is printed."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    if way.startswith("NO_COLOR"):
        monkeypatch.setenv("NO_COLOR", "" if way.endswith("empty") else "1")
    arguments = ["--no-color"] if way == "--no-color" else []
    ran = learnpath("check", *arguments, broken)
    assert ESCAPE not in ran.err + ran.out


def test_columns_of_wide_letters_stand_under_the_excerpt(
    tmp_path: Path, learnpath: CommandLine
) -> None:
    """The caret counts what a terminal shows: two columns for a wide letter, none for a mark."""
    text = "学习 ที่ [x](nowhere.md)\n"
    ran = learnpath("check", write_course(tmp_path, {"course.yml": COURSE, "index.md": text}))
    place, excerpt, caret, *_ = ran.err.splitlines()
    assert place.startswith("index.md:1:8:")
    assert excerpt.endswith(text.rstrip())
    assert caret == "      | " + " " * 7 + "^"


def test_a_long_line_is_cut_around_its_problem(tmp_path: Path, learnpath: CommandLine) -> None:
    """The excerpt of a very long line shows the place, not the line's beginning."""
    text = "word " * 100 + "[here](nowhere.md)" + " word" * 100
    ran = learnpath("check", write_course(tmp_path, {"course.yml": COURSE, "index.md": text}))
    _, excerpt, caret, *_ = ran.err.splitlines()
    assert "[here]" in excerpt and len(excerpt) < 120
    assert excerpt[caret.index("^")] == "["


def test_help_names_every_command(learnpath: CommandLine) -> None:
    """`--help` lists the commands, and each command has help of its own."""
    ran = learnpath("--help")
    assert ran.code == 0
    for name in COMMANDS:
        assert name in ran.out
        assert learnpath(name, "--help").code == 0


def test_a_command_that_is_not_there_is_guessed_at(learnpath: CommandLine) -> None:
    """A mistyped command is wrong usage, and the nearest command is named."""
    ran = learnpath("biuld")
    assert ran.code == 2
    assert "did you mean 'build'?" in ran.err


def test_version_is_the_package_s(learnpath: CommandLine) -> None:
    """`--version` prints the version that the package has."""
    assert package.__version__ in learnpath("--version").out


def test_no_flag_is_on_by_default() -> None:
    """Defaults of flags are False: a release of click once changed them silently."""
    for command in map(load_command, COMMANDS):
        for option in command.params:
            if getattr(option, "is_flag", False):
                assert option.default is False, (command.name, option.name)


# JSON


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_schemas(name: str) -> None:
    """Each schema that ships is a valid one, and says what it describes."""
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["title"]


def test_a_schema_refuses_what_is_wrong() -> None:
    """The schemas can fail: a problem without a hint is none."""
    with pytest.raises(ValidationError):
        valid("check", '{"version": 1, "problems": [{"rule": "x"}], "summary": {}}')


@pytest.mark.parametrize(
    "course",
    [*case_folders("cases"), *case_folders("broken")],
    ids=lambda folder: f"{folder.parent.name}-{folder.name}",
)
def test_documents_fit_their_schemas(course: Path, learnpath: CommandLine) -> None:
    """`check` and `map` print one document that fits its schema, whatever the course is."""
    found = valid("check", learnpath("check", "--format", "json", course / "course").out)
    keys = [
        (p["path"] or "", p["line"] or 0, p["column"] or 0, p["rule"]) for p in found["problems"]
    ]
    assert keys == sorted(keys)
    severities = [problem["severity"] for problem in found["problems"]]
    assert found["summary"]["errors"] == severities.count("error")
    assert found["summary"]["warnings"] == severities.count("warning")
    graph = valid("map", learnpath("map", "--format", "json", course / "course").out)
    identities = [page["id"] for page in graph["pages"]]
    assert identities == sorted(identities) and len(set(identities)) == len(identities)
    for edge in graph["edges"]:
        assert {edge["from"], edge["to"]} <= set(identities)
    assert set(graph["unreachable"]) | set(graph["dead_ends"]) <= set(identities)
    order = [(edge["source"], edge["line"]) for edge in graph["edges"]]
    assert order == sorted(order)


def test_build_prints_its_document(broken: Path, tmp_path: Path, learnpath: CommandLine) -> None:
    """Also with exit code 1; people's words go to standard error."""
    ran = learnpath("build", broken, "-o", tmp_path / "site", "--format", "json")
    found = valid("build", ran.out)
    assert ran.code == 1
    assert found["pages"] == found["rendered"] == 1
    assert found["written"] == len(files_in(tmp_path / "site")) - 1  # the manifest is no file of it
    assert "[broken-link]" in ran.err and "Site in" in ran.err
    again = valid("build", learnpath("build", broken, "-o", tmp_path / "site", "--format=json").out)
    assert (again["written"], again["removed"]) == (0, 0)
    assert again["unchanged"] == found["written"]


def test_new_prints_its_document(tmp_path: Path, learnpath: CommandLine) -> None:
    """`new --format json` lists the files it made."""
    found = valid("new", learnpath("new", tmp_path / "course", "--format", "json").out)
    assert set(found["files"]) == set(files_in(tmp_path / "course"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nowhere", "--format", "json"),
        ("check", "--format=json", "--rule", "x=y"),
        ("build", "-o", ".", "--format", "json"),
        ("map", "--language", "xx", "--format", "json"),
        ("new", ".", "--format", "json"),
    ],
    ids=" ".join,
)
def test_a_failure_is_a_document_too(
    arguments: tuple[str, ...],
    clean: Path,
    learnpath: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With --format json wrong usage prints `{"version": 1, "error": …}` and nothing else."""
    monkeypatch.chdir(clean)
    ran = learnpath(*arguments)
    assert ran.code == 2
    assert valid("error", ran.out)


def test_a_failing_environment_is_a_document_too(
    clean: Path, tmp_path: Path, learnpath: CommandLine
) -> None:
    """With --format json exit code 3 comes with the reason as a document."""
    (tmp_path / "file").write_text("a file")
    ran = learnpath("build", clean, "-o", tmp_path / "file" / "site", "--format", "json")
    assert ran.code == 3
    assert "file" in valid("error", ran.out)["error"]


# map


@pytest.mark.parametrize("form", FORMATS)
def test_map_prints_every_form(form: str, learnpath: CommandLine) -> None:
    """Each form names every page of the course, and ends with one line end."""
    course = next(f for f in case_folders("cases") if f.name == "routes-and-topics") / "course"
    ran = learnpath("map", course, "--format", form)
    assert ran.code == 0
    assert ran.out.endswith("\n") and not ran.out.endswith("\n\n")
    for title in ("Start", "A", "B"):
        assert title in ran.out


@pytest.mark.parametrize("form", FORMATS)
def test_map_of_an_empty_folder(form: str, tmp_path: Path, learnpath: CommandLine) -> None:
    """A folder without pages has a map without pages, in every form."""
    assert learnpath("map", tmp_path, "--format", form).code == 0


@pytest.mark.parametrize("title", ['A "quoted" title', "back\\slash", "<b>&amp;", "new\tline", "]"])
@pytest.mark.parametrize("form", FORMATS)
def test_map_escapes_titles(form: str, title: str, tmp_path: Path, learnpath: CommandLine) -> None:
    """What a title holds never breaks a form's own syntax."""
    text = f"---\ntitle: {json.dumps(title)}\n---\n\nText.\n"
    write_course(tmp_path, {"course.yml": COURSE, "index.md": text})
    out = learnpath("map", tmp_path, "--format", form).out
    if form == "json":
        assert json.loads(out)["pages"][0]["title"] == title
    elif form == "dot":
        assert json.dumps(title, ensure_ascii=False).replace("\\t", "\t") in out
    elif form == "svg":
        assert "<b>" not in out
    elif form == "mermaid":
        assert out.count('"') == 2


def test_map_in_another_language(learnpath: CommandLine) -> None:
    """`--language` shows the translated titles where there are some."""
    course = next(f for f in case_folders("cases") if f.name == "translations") / "course"
    pages = json.loads(learnpath("map", course, "--format", "json", "--language", "fr").out)[
        "pages"
    ]
    assert {page["id"]: page["language"] for page in pages} == {
        "index": "fr", "only": "en", "part/page": "fr", "v1.no": "en",
    }  # fmt: skip


# Where the course is, and where the site goes


def test_the_source_is_the_current_folder(
    broken: Path, learnpath: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a SOURCE the course is in the current folder."""
    monkeypatch.chdir(broken)
    assert "[broken-link]" in learnpath("check").err


def test_the_source_may_lie_in_content(
    tmp_path: Path, learnpath: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the current folder has no course.yml and `content` has one, that is the course."""
    write_course(tmp_path, {"README.md": "# Not a page\n"})
    write_course(tmp_path / "content", BROKEN)
    monkeypatch.chdir(tmp_path)
    assert learnpath("check").err.startswith("index.md:3:1:")
    write_course(tmp_path, {"course.yml": COURSE})
    assert "content/index.md:3:1:" in learnpath("check").err


def test_content_without_a_course_file_is_a_folder_like_others(
    tmp_path: Path, learnpath: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`content` alone is not enough: it needs a course.yml of its own."""
    write_course(tmp_path, {"README.md": "# Start\n", "content/a.md": "# A\n"})
    monkeypatch.chdir(tmp_path)
    assert "2 pages" in learnpath("check").out


@pytest.mark.parametrize("output", [".", "..", "../.."])
def test_a_site_over_the_course_is_refused(
    output: str, clean: Path, learnpath: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An output that is the course's folder, or holds it, is wrong usage, --force or not."""
    monkeypatch.chdir(clean)
    before = files_in(clean)
    assert learnpath("build", ".", "-o", output).code == 2
    assert learnpath("build", ".", "-o", output, "--force", "--clean").code == 2
    assert files_in(clean) == before


def test_a_site_over_the_course_through_a_link_is_refused(
    clean: Path, tmp_path: Path, learnpath: CommandLine
) -> None:
    """A symbolic link to the course's folder does not get round the refusal."""
    (tmp_path / "link").symlink_to(clean, target_is_directory=True)
    before = files_in(clean)
    assert learnpath("build", clean, "-o", tmp_path / "link", "--force").code == 2
    assert files_in(clean) == before


def test_a_site_inside_the_course_is_not_read_again(
    clean: Path, learnpath: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default output lies in the course's folder, and is no part of the course."""
    monkeypatch.chdir(clean)
    assert learnpath("build").code == 0
    first = _without_memory(clean)
    assert learnpath("build").code == 0
    assert _without_memory(clean) == first
    assert "1 page," in learnpath("check").out


def _without_memory(course: Path) -> dict[str, bytes]:
    """Every file in a course's folder but those of what is remembered."""
    return {n: data for n, data in files_in(course).items() if not n.startswith(f"{FOLDER}/")}


def test_drafts_are_built_where_they_are_asked_for(tmp_path: Path, learnpath: CommandLine) -> None:
    """A draft is absent, with --drafts it is there."""
    course = write_course(
        tmp_path / "course", {**CLEAN, "soon.md": "---\ndraft: true\n---\n\n# Soon\n"}
    )
    learnpath("build", course, "-o", tmp_path / "one")
    learnpath("build", course, "-o", tmp_path / "two", "--drafts")
    assert not (tmp_path / "one" / "soon.html").exists()
    assert (tmp_path / "two" / "soon.html").exists()


def test_rules_are_set_on_the_command_line(warned: Path, learnpath: CommandLine) -> None:
    """--rule turns a warning into an error, or off; the last one counts."""
    assert learnpath("check", "--rule", "missing-alt=error", warned).code == 1
    assert learnpath("check", "--rule", "missing-alt=off", "--strict", warned).code == 0
    both = ("--rule", "missing-alt=off", "--rule", "missing-alt=error")
    assert learnpath("check", *both, warned).code == 1


def test_base_url_makes_a_sitemap(clean: Path, tmp_path: Path, learnpath: CommandLine) -> None:
    """Only a course that knows its address has a sitemap; the address ends with one slash."""
    learnpath("build", clean, "-o", tmp_path / "site")
    assert not (tmp_path / "site" / "sitemap.xml").exists()
    learnpath("build", clean, "-o", tmp_path / "site", "--base-url", "https://example.org/x")
    sitemap = (tmp_path / "site" / "sitemap.xml").read_text("utf-8")
    assert "<loc>https://example.org/x/</loc>" in sitemap


def test_a_base_url_that_is_none_is_refused(
    clean: Path, tmp_path: Path, learnpath: CommandLine
) -> None:
    """--base-url is held to what `url:` is held to."""
    assert learnpath("build", clean, "-o", tmp_path / "s", "--base-url", "example.org").code == 2


def test_verify_finds_nothing_in_an_honest_site(
    clean: Path, tmp_path: Path, learnpath: CommandLine
) -> None:
    """--verify builds from nothing beside the site and compares."""
    assert learnpath("build", clean, "-o", tmp_path / "site", "--verify").code == 0


def test_verify_can_fail(
    clean: Path, tmp_path: Path, learnpath: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--verify names the file that differs, and ends with 1."""
    from learnpath.render import Renderer

    honest, count = Renderer.render, 0

    def forgetful(self: Renderer, item: object) -> bytes:
        nonlocal count
        count += 1
        return honest(self, item) + b"%d" % count  # type: ignore[arg-type]

    monkeypatch.setattr(Renderer, "render", forgetful)
    ran = learnpath("build", clean, "-o", tmp_path / "site", "--verify")
    assert ran.code == 1
    assert "index.html" in ran.err


# new


def test_a_new_course_checks_clean(tmp_path: Path, learnpath: CommandLine) -> None:
    """What `new` makes has no error and no warning, and builds."""
    assert learnpath("new", tmp_path / "My Course").code == 0
    assert learnpath("check", "--strict", tmp_path / "My Course").code == 0
    assert learnpath("build", "--strict", tmp_path / "My Course", "-o", tmp_path / "s").code == 0
    config = (tmp_path / "My Course" / "course.yml").read_text("utf-8")
    assert re.search(r"^id: my-course$", config, re.MULTILINE)


@pytest.mark.parametrize("name", ["курс", "学习", "!!!", "a b_c", "-x-"])
def test_a_new_course_has_an_id_of_its_folder_s_name(
    name: str, tmp_path: Path, learnpath: CommandLine
) -> None:
    """Whatever the folder is called, the id is one, and the course checks clean."""
    assert learnpath("new", "--", tmp_path / name).code == 0
    assert learnpath("check", "--strict", tmp_path / name).code == 0


@pytest.mark.parametrize("taken", ["course.yml", "index.md", "how-pages-work.md"])
def test_new_never_overwrites(taken: str, tmp_path: Path, learnpath: CommandLine) -> None:
    """A file in the way is wrong usage, and nothing at all is written."""
    write_course(tmp_path, {taken: "mine"})
    ran = learnpath("new", tmp_path)
    assert ran.code == 2 and taken in ran.err
    assert files_in(tmp_path) == {taken: b"mine"}


def test_new_keeps_what_else_is_there(tmp_path: Path, learnpath: CommandLine) -> None:
    """Files that are not in the way stay."""
    write_course(tmp_path, {"notes.txt": "mine"})
    assert learnpath("new", tmp_path).code == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_new_does_not_take_a_file_for_a_folder(tmp_path: Path, learnpath: CommandLine) -> None:
    """A file with the course's name is wrong usage."""
    (tmp_path / "x").write_text("mine")
    assert learnpath("new", tmp_path / "x").code == 2
    assert (tmp_path / "x").read_text() == "mine"


# As a program


def program(
    *arguments: str | Path, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m learnpath …` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "learnpath", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


def test_the_program_exits_with_the_code(broken: Path) -> None:
    """The process's own exit code is the command's."""
    assert program("check", cwd=broken).returncode == 1
    assert program("check", "--nonsense", cwd=broken).returncode == 2


def test_the_program_prints_utf_8_in_any_locale(broken: Path) -> None:
    """An ASCII locale neither breaks nor changes what is printed."""
    write_course(broken, {"index.md": "# Ünï\n\n[学习](nowhere.md)\n"})
    ran = program("check", cwd=broken, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "学习" in ran.stderr and "Traceback" not in ran.stderr


def test_a_closed_pipe_is_no_traceback(clean: Path) -> None:
    """`learnpath map | head -0` ends quietly."""
    command = f"'{sys.executable}' -m learnpath map --format json | true"
    ran = subprocess.run(
        ["bash", "-c", command], cwd=clean, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "Traceback" not in ran.stderr and "Exception ignored" not in ran.stderr


@pytest.mark.skipif(os.name == "nt", reason="there is no such shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_nobody_need_listen(closed: str, clean: Path, tmp_path: Path) -> None:
    """With an output closed a build builds, and says by its code that all is well."""
    site = tmp_path / "site"
    command = f"'{sys.executable}' -m learnpath build -o '{site}' {closed}"
    ran = subprocess.run(
        ["bash", "-c", command], cwd=clean, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ran.returncode == 0
    assert (site / "index.html").is_file()


_Use = Callable[[Path, Path], object]


@pytest.mark.parametrize(
    "use",
    [
        lambda course, site: package.load_course(course),
        lambda course, site: package.check_course(course),
        lambda course, site: package.build_site(course, site),
    ],
    ids=["load_course", "check_course", "build_site"],
)
def test_python_has_the_same(
    use: _Use, clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The three functions of the package work, and print nothing."""
    assert use(clean, tmp_path / "site") is not None
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")
