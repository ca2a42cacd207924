"""The table of the architecture, kept true: who may import whom, and who alone may do what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from support import ROOT

PACKAGE = ROOT / "learnpath"

LAYERS = (
    ("values",),
    (
        "problems",
        "paths",
        "filenames",
        "jsontext",
        "strings",
        "garbage",
        "cores",
        "turns",
        "workers",
        "stages",
        "locking",
        "cache",
        "contents",
        "packing",
        "lookup.words",
    ),
    ("grammar",),
    ("yamlnodes", "conditions.syntax", "conditions.evaluate", "bundle", "causal", "simulation"),
    ("story", "moments", "templates"),
    ("fields", "theme", "document"),
    ("config", "frontmatter", "packets", "lookup.text", "lookup.wording"),
    ("source", "markdown"),
    ("excerpts",),
    ("page",),
    ("keeping",),
    ("library",),
    ("course",),
    ("conditions", "atlas", "ledger", "renames", "assets", "deciding", "personas"),
    ("drawing", "scenes", "search", "lookup.entries", "lookup.shards"),
    ("checks", "exporters", "plan", "planning", "views"),
    ("site", "lookup.index", "lookup.pieces"),
    ("cards",),
    ("causal_words", "model_words", "fragments", "pages", "guidance"),
    ("render", "exchange"),
    ("write",),
    ("records", "answers"),
    ("recording", "results", "unchanged"),
    ("recollection", "rendering", "outline", "lookup"),
    ("remaking",),
    ("edits",),
    ("making",),
    ("build", "rewrite", "rehearse"),
    (
        "verify",
        "guide",
        "serve",
        "scaffold",
        "fix",
        "external",
        "packaging",
        "importers",
        "rehearsal_report",
    ),
    ("cli",),
    ("__main__",),
)
"""SourceFile → Document → Page → Course → SitePlan → Output → BuildResult: a module imports from
its own layer and from those above it here, never from those below. A name stands for everything
in its folder that is not named itself."""

ALONE = {
    "jinja2": ("templates",),
    "markdown_it": ("markdown",),
    "mdit_py_plugins": ("markdown",),
    "yaml": ("yamlnodes", "theme"),
    "pygments": ("markdown.code",),
    "latex2mathml": ("markdown.math",),
    "rjsmin": ("bundle",),
    "imagesize": ("assets",),
    "click": ("cli",),
    "tornado": ("serve",),
    "livereload": ("serve",),
    "watchdog": ("serve",),
    "ctypes": ("exchange",),
    "tempfile": ("verify", "write", "packaging", "serve"),
    "webbrowser": ("cli",),
    "subprocess": (),
    "pickle": (),
    "socket": ("serve",),
    "urllib.request": ("external",),
    "http": ("external",),
}
"""What only these may import."""

WRITERS = (
    "contents",
    "exchange",
    "write",
    "locking",
    "rewrite",
    "scaffold",
    "cache",
    "packaging",
    "exporters",
    "importers",
)
_WRITING = frozenset(
    ("write_text", "write_bytes", "mkdir", "makedirs", "unlink", "rename", "rmtree",
     "rmdir", "symlink_to", "hardlink_to", "touch", "removedirs", "renames", "truncate")
)  # fmt: skip
_READING = ("shutil.which", "shutil.get_terminal_size", "shutil.disk_usage")
_LEAVING = frozenset(("exit", "_exit", "abort"))


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its name, `learnpath.` left out."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if "course" in parts and parts[0] == "scaffold":
            continue
        name = ".".join(parts).removesuffix(".__init__") if parts != ("__init__",) else ""
        found[name] = ast.parse(path.read_text("utf-8"), str(path))
    return found


def imports(name: str) -> Iterator[tuple[str, int, bool]]:
    """(module, line, at run time) of each import; those for types alone are not at run time."""
    typing_only: set[int] = set()
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            typing_only.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(modules()[name]):
        at_run_time = id(node) not in typing_only
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, at_run_time
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: imports are absolute"
            assert node.module is not None
            for alias in node.names:
                inner = f"{node.module}.{alias.name}".removeprefix("learnpath.")
                whole = f"learnpath.{inner}"
                yield (whole if inner in modules() else node.module), node.lineno, at_run_time


def layer_of(name: str) -> int:
    """The layer of a module: of its own name, or of its folder's."""
    while True:
        for at, names in enumerate(LAYERS):
            if name in names:
                return at
        assert "." in name, f"'{name}' stands in no layer: give it one in LAYERS"
        name = name.rpartition(".")[0]


def within(name: str, allowed: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in allowed)


def internal(name: str) -> list[tuple[str, int]]:
    return [
        (module.removeprefix("learnpath").removeprefix("."), line)
        for module, line, at_run_time in imports(name)
        if at_run_time and (module == "learnpath" or module.startswith("learnpath."))
    ]


ALL = sorted(name for name in modules() if name)


@pytest.mark.parametrize("name", ALL)
def test_imports_go_one_way(name: str) -> None:
    """No module imports from a later layer."""
    for module, line in internal(name):
        if not module:
            assert name.startswith("cli"), f"{name}:{line}"
            continue
        assert layer_of(module) <= layer_of(name), f"{name}:{line} imports {module}"


def test_no_import_circle() -> None:
    """At run time no module needs, by any way, itself."""
    graph = {name: {module for module, _ in internal(name) if module} for name in ALL}
    done: set[str] = set()
    while ready := {name for name in graph if name not in done and graph[name] - {name} <= done}:
        done |= ready
    assert set(graph) == done, f"a circle among {sorted(set(graph) - done)}"


@pytest.mark.parametrize("library", ALONE)
def test_a_library_has_one_home(library: str) -> None:
    """Only templates.py knows Jinja, only markdown/ markdown-it, and so on."""
    for name in modules():
        for module, line, _ in imports(name):
            if module == library or module.startswith(library + "."):
                assert within(name, ALONE[library]), f"{name}:{line} imports {module}"


@pytest.mark.parametrize("name", ALL)
def test_only_the_writer_writes(name: str) -> None:
    """Nobody but the writer, and what makes courses or packages, changes anything on disk."""
    if within(name, WRITERS):
        return
    for node in ast.walk(modules()[name]):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        whole = ast.unparse(node.func)
        assert called not in _WRITING, f"{name}:{node.lineno} calls {called}"
        assert whole not in ("os.link", "os.replace", "os.symlink", "os.chmod"), name
        assert not whole.startswith("shutil.") or whole in _READING, f"{name}: {whole}"
        if called == "open" or (isinstance(node.func, ast.Name) and node.func.id == "open"):
            mode = " ".join(ast.unparse(argument) for argument in node.args[1:])
            assert not set("wax+") & set(mode), f"{name}:{node.lineno} opens to write"


@pytest.mark.parametrize("name", ALL)
def test_only_the_command_line_prints_and_exits(name: str) -> None:
    """Print, sys.exit and standard output belong to cli/."""
    if within(name, ("cli", "__main__")):
        return
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("print", "exit", "quit", "input", "breakpoint"), (
                f"{name}:{node.lineno} calls {called}"
            )
            assert called not in {f"{m}.{leave}" for m in ("sys", "os") for leave in _LEAVING}
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) not in ("sys.stdout", "sys.stderr", "sys.argv"), (
                f"{name}:{node.lineno}"
            )
        assert not (isinstance(node, ast.Name) and node.id == "SystemExit"), f"{name}"


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_evaluated(name: str) -> None:
    """No eval, exec, compile or dynamic import: conditions and YAML are read, never run."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec", "compile", "__import__"), (
                f"{name}:{node.lineno}"
            )


_CLOCKS = ("time.time", "datetime.now", "datetime.today", "date.today", "random", "uuid", "getpid")


@pytest.mark.parametrize("name", ALL)
def test_no_clock_and_no_chance(name: str) -> None:
    """Pages are made of their sources alone: no clock, no random number, no name of a machine."""
    if within(name, ("serve", "cli", "rehearse", "scaffold")):
        return
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if (name, called) == ("cache", "os.urandom"):
                continue  # what its files are called, beside those of other processes
            assert not called.endswith(_CLOCKS) and not called.startswith("random."), (
                f"{name}:{node.lineno} calls {called}"
            )


@pytest.mark.parametrize("name", ALL)
def test_functions_stay_small(name: str) -> None:
    """A reader gets lost in long functions: sixty lines are the limit, docstring included."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{name}.{node.name} has {length} lines"


def test_every_module_says_what_it_is_for() -> None:
    """The first line of a module is its purpose."""
    empty = [name for name, tree in modules().items() if tree.body and not ast.get_docstring(tree)]
    assert empty == []


def test_the_checks_above_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that breaks every rule is caught by each."""
    bad = (
        "import jinja2\nfrom learnpath.build import build_site\nimport learnpath.cli\n"
        "def f():\n    print(eval('1'))\n    open('x', 'w').close()\n    import time\n"
        "    return time.time()\n" + "\n".join(f"    a{i} = {i}" for i in range(2))
        + "\ndef g():\n" + "\n".join(f"    b{i} = {i}" for i in range(70))
    )  # fmt: skip
    tree = ast.parse(bad)
    monkeypatch.setitem(modules(), "paths", tree)
    for check in (
        test_imports_go_one_way,
        test_only_the_writer_writes,
        test_only_the_command_line_prints_and_exits,
        test_nothing_is_evaluated,
        test_no_clock_and_no_chance,
        test_functions_stay_small,
    ):
        with pytest.raises(AssertionError):
            check("paths")
    with pytest.raises(AssertionError):
        test_a_library_has_one_home("jinja2")
    with pytest.raises(AssertionError):
        test_no_import_circle()
    with pytest.raises(AssertionError):
        test_every_module_says_what_it_is_for()


def test_paths_in_this_file_exist() -> None:
    """A name in the tables that fits no module is a slip, unless it is still to come."""
    to_come = {"rehearse", "deciding", "personas", "fix", "packaging", "importers", "cache"}
    named = {name for names in LAYERS for name in names}
    named |= {name for names in ALONE.values() for name in names} | set(WRITERS)
    missing = {name for name in named if not any(within(m, (name,)) for m in modules())}
    assert missing <= to_come, missing - to_come
    assert Path(PACKAGE / "schemas").is_dir()
