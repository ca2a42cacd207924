"""Bundles: small modules become one classic script, and nothing about it is clever."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from learnpath.bundle import BundleError, Scripts
from learnpath.theme import Theme

SOURCES = {
    "a": 'import { b } from "./b.js";\n\nexport function a() {\n  return b() + 1;\n}\n',
    "b": "const hidden = 1;\nexport const b = () => hidden;\nexport class C {}\n",
    "c": 'import { a, C } from "./a.js";\nexport let c = a();\nglobalThis.seen = [c, typeof C];\n',
}


def run(script: str) -> object:
    """What a script leaves in `globalThis.seen`, by node."""
    node = shutil.which("node")
    assert node, "node runs the bundles in these tests"
    code = f"{script}\nconsole.log(JSON.stringify(globalThis.seen ?? null));"
    ran = subprocess.run([node, "-e", code], capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


BUNDLES = {"first": ["b", "a"], "second": ["c"]}


def made(name: str, words: dict[str, str] | None = None) -> str:
    return Scripts(BUNDLES, SOURCES).text(name, words or {})


def test_modules_become_one_script() -> None:
    """Imports and exports are gone, and the script runs as a classic one."""
    script = made("first")
    assert "import" not in script and "export" not in script
    assert run(script + ";globalThis.seen=learnpath.a()") == 2


def test_a_later_bundle_finds_what_an_earlier_one_exports() -> None:
    """What another bundle exports is taken from `learnpath`, and no more is put there."""
    assert run(made("first") + made("second")) == [2, "function"]
    assert run(made("first") + ";globalThis.seen=Object.keys(learnpath)") == ["C", "a"]


def test_a_bundle_finds_nothing_but_the_first() -> None:
    """What another bundle has is not sure to be there when this one runs: that is refused."""
    bundles = {"first": ["b"], "second": ["a"], "third": ["c"]}
    with pytest.raises(BundleError, match=r"c.js imports from a.js.*'third'"):
        Scripts(bundles, SOURCES).text("third", {})


def test_words_cannot_close_the_script() -> None:
    """The interface's words are data; a `</script>` in them stays one."""
    words = {"x": "</script><b>“é”\u2028"}
    script = made("first", words)
    assert "</script" not in script
    assert run(script + ";globalThis.seen=learnpath.strings") == words


def test_words_go_with_who_says_them() -> None:
    """What the first bundle says, or nobody is seen to, is said once, there; of a word with forms,
    or one that is put together, each bundle that begins so has them all."""
    sources = {
        "a": 'say("both");\n',
        "b": 'say("both"); say("days", n); say(`kind.${k}`);\n',
        "c": 'say("days", n);\n',
    }
    scripts = Scripts({"first": ["a"], "second": ["b"], "third": ["c"]}, sources)
    keys = ("both", "days.one", "days.other", "kind.x", "kind.y", "nobody")
    words = {key: key.upper() for key in keys}
    said = {name: set(scripts.words_of(name, words)) for name in ("first", "second", "third")}
    assert said == {
        "first": {"both", "nobody"},
        "second": {"days.one", "days.other", "kind.x", "kind.y"},
        "third": {"days.one", "days.other"},
    }
    assert scripts.words_of("third", {"days.one": "a day"}) == {"days.one": "a day"}


@pytest.mark.parametrize(
    ("modules", "sources", "said"),
    [
        (["nowhere"], {}, "no script 'nowhere.js'"),
        (
            ["a", "b"],
            {"a": "export const x = 1;\n", "b": "export const x = 2;\n"},
            "declare 'x': a.js and b.js",
        ),
        (["a", "b"], {"a": "const x = 1;\n", "b": "function x() {}\n"}, "declare 'x'"),
        (["a"], {"a": "export default 1;\n"}, "a.js"),
        (["a"], {"a": 'import * as b from "./b.js";\n', "b": ""}, "a.js"),
        (["a"], {"a": 'import b from "./b.js";\n', "b": ""}, "a.js"),
        (["a"], {"a": 'import { b as c } from "./b.js";\nc();\n', "b": ""}, "a.js"),
        (["a"], {"a": "const x = 1;\nexport { x };\n"}, "a.js"),
    ],
)
def test_what_cannot_be_bundled_is_refused(
    modules: list[str], sources: dict[str, str], said: str
) -> None:
    """A form of import or export that is not understood is an error that names the module, never
    a broken script."""
    with pytest.raises(BundleError, match=said):
        Scripts({"first": modules}, sources).text("first", {})


def test_every_bundle_of_the_theme_is_a_script() -> None:
    """Each bundle parses as a classic script, and is the same twice."""
    node = shutil.which("node")
    assert node
    theme = Theme("default")
    for name in theme._manifest["scripts"]:
        script = theme.script(name, "en").data.decode()
        assert Theme("default").script(name, "en").data.decode() == script
        subprocess.run([node, "--check", "-"], input=script, text=True, check=True)


def test_every_language_has_every_word() -> None:
    """The catalogues have the same keys, and the same {places} in each text; the plural forms of
    a key count as one."""
    import re

    theme = Theme("default")
    folder = theme.root / "strings"
    catalogues = {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))
    }
    plural = re.compile(r"\.(zero|one|two|few|many|other)$")
    english = {plural.sub("", key): text for key, text in catalogues["en"].items()}
    for code, words in catalogues.items():
        assert {plural.sub("", key) for key in words} == set(english), code
        for key, text in words.items():
            if plural.search(key):
                continue  # “one page” need not say 1
            places = set(re.findall(r"\{\w+\}", text))
            assert places == set(re.findall(r"\{\w+\}", english[key])), (code, key)
