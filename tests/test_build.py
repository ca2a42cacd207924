"""Builds: the same bytes always, and what every page owes its learner."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

from learnpath import build_site, check_course, rendering, workers
from learnpath import library as library_module
from learnpath.library import Library
from learnpath.verify import differences
from support import COURSE, ROOT, TESTS, Built, case_folders, files_in, text_of, write_course

CASES = [*case_folders("cases"), *case_folders("broken")]
RICH = TESTS / "cases" / "choices" / "course"

every_course = pytest.mark.parametrize(
    "course", CASES, ids=lambda folder: f"{folder.parent.name}-{folder.name}"
)


def many(folder: Path, pages: int = 12) -> Path:
    """A course of pages that lead round, with an include and a problem each."""
    files = {
        f"p{i}.md": f"# Page {i}\n\n[next](p{(i + 1) % pages}.md) [lost](x{i}.md)\n\n"
        "::include[_note.md]\n"
        for i in range(pages)
    }
    return write_course(folder, {"course.yml": COURSE, "_note.md": "A note.\n", **files})


@pytest.mark.parametrize("course", list(case_folders("cases")), ids=lambda folder: folder.name)
def test_the_same_course_gives_the_same_bytes(course: Path, tmp_path: Path, built: Built) -> None:
    """From a copy somewhere else, its files made in another order, comes the same site."""
    first = built(course / "course")
    copy = tmp_path / "elsewhere"
    copy.mkdir()
    for path in sorted((course / "course").rglob("*"), reverse=True):
        if path.is_file():
            target = copy / path.relative_to(course / "course")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    second = build_site(copy, tmp_path / "two", jobs=1)
    assert files_in(first.output) == files_in(second.output)
    assert first.checked.problems == second.checked.problems


@pytest.mark.parametrize("anew", [False, True], ids=["as here", "anew"])
def test_one_process_or_two_give_the_same_bytes(
    anew: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--jobs changes nothing but the time: neither bytes nor problems; nor where each process
    begins with nothing, as they do on macOS and Windows."""
    if anew:
        monkeypatch.setattr(workers, "forks", lambda: False)
    monkeypatch.setattr(library_module, "_WORTH_A_POOL", 2)
    monkeypatch.setattr(rendering, "_WORTH_A_POOL", 2)
    monkeypatch.setattr(rendering, "_CHUNK", 2)
    course = many(tmp_path / "course")
    one = build_site(course, tmp_path / "one", jobs=1)
    two = build_site(course, tmp_path / "two", jobs=2)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    assert one.checked.problems == two.checked.problems != ()


def test_included_checkpoints_are_told_from_a_pool_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkpoint that two pages include is told, whichever process read them."""
    monkeypatch.setattr(library_module, "_WORTH_A_POOL", 2)
    course = write_course(tmp_path, {
        "course.yml": COURSE,
        "_ask.md": "::: reflect {#q}\n\nWhy?\n\n:::\n",
        **{f"p{i}.md": "::include[_ask.md]\n" for i in range(40)},
    })  # fmt: skip
    alone, pooled = (check_course(course, jobs=jobs).problems for jobs in (1, 2))
    assert alone == pooled
    assert {problem.rule for problem in alone} == {"duplicate-id"}


def test_hashes_of_the_process_do_not_show(tmp_path: Path) -> None:
    """Python's own randomised hashes are in no file."""
    sites = []
    for seed in ("1", "2"):
        site = tmp_path / seed
        subprocess.run(
            [sys.executable, "-m", "learnpath", "build", "-q", str(RICH), "-o", str(site)],
            cwd=ROOT, env={"PYTHONHASHSEED": seed, "PATH": ""}, check=True, capture_output=True,
        )  # fmt: skip
        sites.append(files_in(site))
    assert sites[0] == sites[1]


def test_an_edit_of_one_body_changes_one_page(tmp_path: Path) -> None:
    """An edit of a page's text never changes another page's bytes."""
    course = many(tmp_path / "course")
    build_site(course, tmp_path / "site", jobs=1)
    before = files_in(tmp_path / "site")
    path = course / "p3.md"
    path.write_text(path.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    result = build_site(course, tmp_path / "site", jobs=1)
    after = files_in(tmp_path / "site")
    changed = {name for name in before if before[name] != after.get(name)}
    assert set(after) == set(before)
    searched = {name for name in changed if name.startswith("assets/search/")}
    others = {"p3.html", ".learnpath-manifest.json", "assets/revs/0.js"}
    assert changed - searched == others, "the page, and how its words stand now"
    assert len(searched) == 2, "the words that it now says, and its text"
    assert (result.files.written, result.files.removed) == (4, 0)


def test_a_renamed_page_leaves_nothing_behind(tmp_path: Path) -> None:
    """The old output of a page that was renamed or removed goes."""
    course = many(tmp_path / "course")
    build_site(course, tmp_path / "site", jobs=1)
    (course / "p3.md").rename(course / "renamed.md")
    build_site(course, tmp_path / "site", jobs=1)
    assert not (tmp_path / "site" / "p3.html").exists()
    assert (tmp_path / "site" / "renamed.html").exists()
    assert not differences(course, build_site(course, tmp_path / "site", jobs=1))


def test_a_library_reads_again_what_changed_only(tmp_path: Path) -> None:
    """A second reading parses the pages whose bytes, or whose includes' bytes, changed."""
    course = many(tmp_path)
    library = Library(course)
    assert library.read().parsed == 12
    assert library.read().parsed == 0
    (course / "p1.md").write_text("# Changed\n", "utf-8")
    assert library.read().parsed == 1
    (course / "_note.md").write_text("Another note.\n", "utf-8")
    assert library.read().parsed == 11
    (course / "_note.md").unlink()
    again = library.read()
    assert again.parsed == 11
    assert again.problems == Library(course).read().problems
    (course / "_note.md").write_text("And back.\n", "utf-8")
    assert library.read().problems == Library(course).read().problems


def test_an_include_that_comes_later_is_found(tmp_path: Path) -> None:
    """A page remembers what it looked for and did not find."""
    course = write_course(tmp_path, {"course.yml": COURSE, "index.md": "::include[_x.md]\n"})
    library = Library(course)
    assert [p.rule for p in library.read().problems] == ["missing-include"]
    write_course(course, {"_x.md": "Here.\n"})
    holdings = library.read()
    assert holdings.problems == ()
    assert "Here." in str(holdings.pages[0].document.body)


class _Page(HTMLParser):
    """What a page loads, and the attributes that a strict policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.forbidden: list[str] = []
        self.inline: list[str] = []
        self._in = ""
        self.policy = ""
        self.lang = ""
        self.h1 = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in = tag
        self.h1 += tag == "h1"
        if tag == "html":
            self.lang = given.get("lang") or ""
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given.get("content") or ""
        if tag in ("script", "img", "video", "audio", "track", "iframe", "source"):
            self.loaded.append(given.get("src") or "")
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.loaded.append(given["href"] or "")
        self.forbidden += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.forbidden.append("inline script")

    def handle_data(self, data: str) -> None:
        if self._in == "script" and data.strip():
            self.inline.append(data)


@every_course
def test_every_page_keeps_its_promises(course: Path, built: Built) -> None:
    """A language, one heading, a policy without unsafe-inline; no inline script or style; nothing
    is loaded from elsewhere; the page's own data is JSON."""
    site = built(course / "course").output
    for path in sorted(site.rglob("*.html")):
        page = _Page()
        page.feed(path.read_text("utf-8"))
        where = path.relative_to(site).as_posix()
        assert page.lang, where
        assert page.policy and "unsafe" not in page.policy, where
        assert not page.forbidden, where
        for address in page.loaded:
            own = urljoin("https://own.example/x/", address).startswith("https://own.example/")
            if not own and not address.startswith("data:"):
                # The icon is in the page; what raw HTML asks for is told, and forbidden
                told = built(course / "course").checked.problems
                assert any(p.rule == "external-resource" for p in told), (where, address)
        for text in page.inline:
            json.loads(text)


@every_course
def test_no_page_leaks_what_is_for_facilitators(course: Path, built: Built) -> None:
    """Nothing of the parser's inside, and nothing meant for facilitators, is on any page."""
    site = built(course / "course").output
    for path in sorted(site.rglob("*.html")):
        html = path.read_text("utf-8")
        assert "Never shown to a learner" not in html and "In the guide" not in html
        assert not re.search(r"object at 0x|Undefined|Markup\(|>None<|=.None\b", html), path


def test_secrets_stay_out(tmp_path: Path) -> None:
    """Facilitators' notes in front matter, includes, drafts, personas and the ledger are in no
    file of the site, searched as bytes."""
    course = write_course(tmp_path / "course", {
        "course.yml": COURSE,
        "index.md": "---\nfacilitator: SECRET one\n---\n\n# Start\n\n"
        "::: facilitator\n\nSECRET two [x](a.png) ![SECRET alt](a.png)\n\n"
        "::: reflect {#secret-id}\n\nSECRET prompt\n\n:::\n\n:::\n",
        "a.png": "SECRET picture",
        "draft.md": "---\ndraft: true\n---\n\nSECRET three\n",
        "guide.md": "---\naudience: facilitator\ntitle: SECRET title\n---\n\nSECRET four\n",
        "_unused.md": "SECRET five\n",
        "personas/x.yml": "SECRET: six\n",
        "course.ledger.yml": "SECRET: seven\n",
        ".hidden": "SECRET eight\n",
        "unused.pdf": "SECRET nine\n",
    })  # fmt: skip
    site = build_site(course, tmp_path / "site", jobs=1).output
    assert [name for name, data in files_in(site).items() if b"SECRET" in data] == []
    assert "secret-id" not in (site / "index.html").read_text("utf-8")


@pytest.mark.parametrize("mode", ["true", "sanitised", "false"])
def test_no_harmful_address_becomes_a_link(mode: str, tmp_path: Path) -> None:
    """A `javascript:` or `data:` address is in no href or src, however it was written."""
    bad = ["javascript:evil()", "JaVaScRiPt:evil()", "java\tscript:evil()", "data:text/html,evil",
           "vbscript:evil()", "&#106;avascript:evil()", " javascript:evil()"]  # fmt: skip
    text = "# Start\n\n" + "".join(
        f'[x]({address}) ![x]({address}) <a href="{address}">x</a>\n\n'
        f'Text <img src="{address}" alt="x">\n\n'
        f'::embed[x]{{src="{address}"}}\n\n::video[x]{{src="{address}" captions="{address}"}}\n\n'
        f"::: choices\n\n- [x]({address})\n- [x](<{address}>)\n\n:::\n\n"
        for address in bad
    )
    files = {"course.yml": f"{COURSE}html: {mode}\n", "index.md": text}
    site = build_site(write_course(tmp_path / "c", files), tmp_path / "s", jobs=1).output
    page = _Addresses()
    _, _, body = (site / "index.html").read_text("utf-8").partition("</head>")
    page.feed(body)
    assert page.found
    for address in page.found:
        plain = re.sub(r"[\x00-\x20]", "", address).lower()
        assert not plain.startswith(("javascript:", "vbscript:", "data:")), address


class _Addresses(HTMLParser):
    """Every address on a page, as a browser reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = ("href", "src", "poster", "action", "formaction", "srcset", "data-embed")
        self.found += [value for name, value in attrs if name in names and value]


def test_learners_are_told_who_decides(tmp_path: Path) -> None:
    """The privacy page says of the course and each route what a learner cannot go around."""
    pages = {
        "course.yml": "title: C\nid: c\n"
        "routes:\n  - id: r\n    title: The road\n    steps: [index, b]\n",
        "index.md": "# Start\n\n::: choices Where?\n\n- [A](a.md)\n- [B](b.md)\n\n:::\n",
        "a.md": "# A\n\n[On](end.md)\n",
        "b.md": "# B\n\n[On](end.md)\n",
        "end.md": "---\nending: true\n---\n\n# End\n",
    }
    build_site(write_course(tmp_path / "course", pages), tmp_path / "site", jobs=1)
    text = text_of((tmp_path / "site" / "privacy.html").read_text("utf-8"))
    assert "Without a route: 50 of 100 pages are yours to reach or to skip." in text
    assert "On the route “The road”: 50 of 100 pages" in text


def test_a_page_loads_the_styles_of_what_it_shows(tmp_path: Path) -> None:
    """Of diagrams, models, worksheets and what is shared, those that are there, and no others."""
    blocks = {
        "causal": "```loop\na -> b: more\n```\n",
        "model": "```model\ntime 0 to 3 days\nstock shelf = 1\n```\n",
        "share": "::: share Give it\n\nSend the file to us.\n\n:::\n",
        "worksheet": "::: ladder {#rungs}\n\nOf what are you sure?\n\n:::\n",
    }
    pages = {f"{name}.md": text for name, text in blocks.items()}
    pages["index.md"] = "::: facilitator\n\n" + "\n".join(blocks.values()) + "\n:::\n"
    course = write_course(tmp_path / "course", {"course.yml": "id: c\n", **pages})
    site = build_site(course, tmp_path / "site", jobs=1).output
    for page in ("index", *blocks):
        html = (site / f"{page}.html").read_text("utf-8")
        assert {name for name in blocks if f"assets/{name}." in html} == {page} & {*blocks}
