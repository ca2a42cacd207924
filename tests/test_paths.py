"""Paths: tables of pairs. Left is what is given, right what it becomes."""

from __future__ import annotations

import posixpath
import unicodedata
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnpath import paths

COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(
    ("source", "identity"),
    [
        ("index.md", "index"),
        ("README.md", "index"),
        ("readme.md", "index"),
        ("a.md", "a"),
        ("a/b.md", "a/b"),
        ("a/index.md", "a"),
        ("a/README.md", "a"),
        ("a/b/index.md", "a/b"),
        ("a.b.md", "a.b"),
        ("v1.no.md", "v1.no"),
        ("a b/c d.md", "a b/c d"),
        ("学习/路径.md", "学习/路径"),
        (f"{DECOMPOSED}.md", COMPOSED),
        ("indexes.md", "indexes"),
        ("a/my-index.md", "a/my-index"),
    ],
)
def test_page_ids(source: str, identity: str) -> None:
    """A page's id is its path without the ending; a folder's own page has the folder's."""
    assert paths.page_id(source) == identity


@pytest.mark.parametrize(
    ("identity", "landing", "prefix", "file"),
    [
        ("index", True, "", "index.html"),
        ("index", False, "", "index.html"),
        ("a", True, "", "a/index.html"),
        ("a", False, "", "a.html"),
        ("a/b", False, "fr/", "fr/a/b.html"),
        ("index", True, "fr/", "fr/index.html"),
        ("a?b", False, "", "a%3Fb.html"),
        ("100%", False, "", "100%25.html"),
        ('<>:"|*\\', False, "", "%3C%3E%3A%22%7C%2A%5C.html"),
        ("tab\there", False, "", "tab%09here.html"),
        ("路径", False, "", "路径.html"),
    ],
)
def test_page_files(identity: str, landing: bool, prefix: str, file: str) -> None:
    """A page's file is named by its id; what some file system refuses is percent-encoded."""
    assert paths.page_file(identity, landing=landing, prefix=prefix) == file


@pytest.mark.parametrize(
    ("file", "url"),
    [
        ("a/b.html", "a/b.html"),
        ("a b.html", "a%20b.html"),
        ("a%3Fb.html", "a%253Fb.html"),
        ("路径.html", "%E8%B7%AF%E5%BE%84.html"),
        ("a'b&c.html", "a'b&c.html"),
        ("a#b.html", "a%23b.html"),
    ],
)
def test_urls(file: str, url: str) -> None:
    """A URL names its file in percent-encoding, whatever the file is called."""
    assert paths.url_of(file) == url
    assert unquote(url) == file


@pytest.mark.parametrize(
    ("origin", "target", "link"),
    [
        ("index.html", "a.html", "a.html"),
        ("index.html", "a/b.html", "a/b.html"),
        ("a/b.html", "index.html", "../index.html"),
        ("a/b.html", "a/c.html", "c.html"),
        ("a/b.html", "a/d/c.html", "d/c.html"),
        ("a/b/c.html", "a/d.html", "../d.html"),
        ("a/b.html", "ab/c.html", "../ab/c.html"),
        ("a/b.html", "a/b.html", "b.html"),
        ("a/b.html", "c.html#part", "../c.html#part"),
        ("index.html", "c.html#part", "c.html#part"),
        ("fr/index.html", "assets/x.css", "../assets/x.css"),
    ],
)
def test_relative_links(origin: str, target: str, link: str) -> None:
    """Links are relative and name files."""
    assert paths.relative(origin, target) == link


_names = st.text("abé路 .-", min_size=1, max_size=4).filter(lambda name: name.strip(". ") == name)
_files = st.lists(_names, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + ".html")


@given(_files, _files)
def test_relative_links_lead_there(origin: str, target: str) -> None:
    """Resolved as a browser resolves it, a relative link is its target."""
    origin, target = paths.url_of(origin), paths.url_of(target)
    link = paths.relative(origin, target)
    assert urljoin(f"https://example.org/x/{origin}", link) == f"https://example.org/x/{target}"
    assert urljoin(f"https://example.org/{origin}", paths.root_of(origin) + target) == (
        f"https://example.org/{target}"
    )


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("A Heading", "a-heading"),
        ("What's new?", "whats-new"),
        ("  spaces  around  ", "spaces--around"),
        ("under_score and-hyphen", "under_score-and-hyphen"),
        ("C++ & Rust", "c--rust"),
        ("1. First", "1-first"),
        ("हिन्दी में", "हिन्दी-में"),
        ("การเรียนรู้", "การเรียนรู้"),
        ("学习 路径", "学习-路径"),
        ("Учение", "учение"),
        ("İstanbul", "i̇stanbul"),
        (DECOMPOSED, COMPOSED),
        ("🚀", ""),
        ("🚀 launch", "-launch"),
        ("!!!", ""),
        ("", ""),
        ("- - -", ""),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    """A heading's id is the code host's, in every script; emoji and punctuation go."""
    assert paths.slug(text) == unicodedata.normalize("NFC", slug)


@given(st.text())
def test_slugs_are_ids(text: str) -> None:
    """No slug holds a space or a mark-up character, and a slug's slug is itself."""
    slug = paths.slug(text)
    assert not any(c.isspace() or c in "<>\"'&#%" for c in slug)
    assert paths.slug(slug) in (slug, slug.strip())


@pytest.mark.parametrize(
    ("origin", "href", "target"),
    [
        ("index.md", "a.md", ("a.md", "")),
        ("a/b.md", "c.md", ("a/c.md", "")),
        ("a/b.md", "../c.md#x", ("c.md", "x")),
        ("a/b.md", "/c.md", ("c.md", "")),
        ("a/b.md", "#x", ("a/b.md", "x")),
        ("a/b.md", "", ("a/b.md", "")),
        ("a/b.md", "d/", ("a/d/", "")),
        ("a/b.md", ".", ("a", "")),
        ("a.md", "./", ("", "")),
        ("a.md", "a%20b.md", ("a b.md", "")),
        ("a.md", "b.md?x=1#y", ("b.md", "y")),
        ("a.md", "b.md#%E5%AD%A6", ("b.md", "学")),
        ("a.md", "../x.md", ("../x.md", "")),
        ("a/b.md", "../../x.md", ("../x.md", "")),
        ("a.md", f"{DECOMPOSED}.md", (f"{COMPOSED}.md", "")),
        ("a.md", "..", ("..", "")),
    ],
)
def test_source_targets(origin: str, href: str, target: tuple[str, str]) -> None:
    """A link in a source file counts from that file, or from the root after a slash."""
    assert paths.source_target(origin, href) == target


@given(st.text(), st.text("abc/.#?%20", max_size=20))
def test_source_targets_are_never_absolute(origin: str, href: str) -> None:
    """Whatever is written, the target is relative and in its shortest form."""
    path, _ = paths.source_target("a/b.md", href)
    assert not path.startswith("/") or "%2F" in href.upper() or href.startswith("//")
    assert path == "" or posixpath.normpath(path) == path.rstrip("/") or path.startswith("//")


@pytest.mark.parametrize(
    ("href", "external"),
    [
        ("https://example.org", True),
        ("HTTP://example.org", True),
        ("//example.org", True),
        ("mailto:a@example.org", True),
        ("tel:+1", True),
        ("a.md", False),
        ("a/b:c.md", False),
        ("#x:y", False),
        ("./a:b.md", False),
        ("", False),
        ("/a.md", False),
    ],
)
def test_external_links(href: str, external: bool) -> None:
    """A link leaves the course where it names a scheme or a host."""
    assert paths.is_external(href) is external
