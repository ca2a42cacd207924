"""Ids, slugs and URLs: every conversion between them, and nothing else.

Three kinds of path, told apart by name: a *source path* is relative to the course folder and
uses `/`; a *page id* is a source path without its ending, in NFC; a *URL* is relative to the
site's root, percent-encoded, and names a file.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote

SourcePath = str
PageId = str
Url = str

GENERATED_PAGES = (
    *("map", "journal", "trail", "plan", "privacy"),
    *("search", "404", "routes", "topics"),
)
GENERATED_FOLDERS = ("assets", "map", "routes", "topics")

# What some file system refuses in a name, besides what a URL has a meaning for.
_SAFE = "/-._~!$&'()+,;=@"
_SPACE = re.compile(r"\s")


def is_site_url(url: str) -> bool:
    """Whether this is an address that a site can have."""
    return re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", url) is not None


def nfc(text: str) -> str:
    """Ids are compared in NFC, whatever an editor or a file system made of them."""
    return unicodedata.normalize("NFC", text)


def page_id(source: str) -> PageId:
    """`a/b.md` → `a/b`; `a/index.md` and `a/README.md` → `a`; `index.md` → `index`."""
    stem = unicodedata.normalize("NFC", source.removesuffix(".md"))
    folder, _, name = stem.rpartition("/")
    if name.casefold() in ("index", "readme"):
        return PageId(folder or "index")
    return PageId(stem)


def is_landing(source: str) -> bool:
    """Whether this source is its folder's own page."""
    return posixpath.basename(source).casefold() in ("index.md", "readme.md")


def page_file(identity: str, *, landing: bool, prefix: str = "") -> str:
    """The output file of a page, `/` between its parts; `prefix` is a language folder."""
    name = f"{identity}/index.html" if landing and identity != "index" else f"{identity}.html"
    return prefix + file_name(name)


def file_name(name: str) -> str:
    """`name` with the characters that no file system takes percent-encoded."""
    return "".join(f"%{ord(c):02X}" if c in '<>:"\\|?*%' or c < " " else c for c in name)


@lru_cache(maxsize=65536)
def url_of(file: str) -> Url:
    """The URL of an output file, relative to the site's root."""
    return Url(quote(file, safe=_SAFE))


def relative(origin: str, target: str) -> str:
    """The link to `target` from the page at `origin`; both relative to the site's root."""
    return _from_folder(origin.rpartition("/")[0], target)


@lru_cache(maxsize=65536)
def _from_folder(folder: str, target: str) -> str:
    path, mark, rest = target.partition("#")
    here, there = folder.split("/") if folder else [], path.split("/")
    same = 0
    for one, other in zip(here, there, strict=False):
        if one != other:
            break
        same += 1
    return "../" * (len(here) - same) + "/".join(there[same:]) + mark + rest


def root_of(file: str) -> str:
    """`""`, `"../"`, … : the way from an output file to the site's root."""
    return "../" * file.count("/")


_NO_LETTERS = {at: None for at in range(128) if not chr(at).isalnum() and chr(at) not in "-_ "}
"""ASCII's signs that an id has none of."""


def slug(text: str) -> str:
    """A heading's id, as the code host makes it, for every script.

    Letters, digits and combining marks of every script stay, each space becomes a hyphen. Emoji
    and punctuation go; where nothing is left the answer is empty and the caller finds a name.
    """
    normal = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip().lower()
    if normal.isascii():
        kept = normal.translate(_NO_LETTERS)
    else:
        kept = "".join(c for c in normal if c in "-_ " or unicodedata.category(c)[0] in "LNM")
    return kept.replace(" ", "-") if kept.strip("-_ ") else ""


def is_plain_path(href: str) -> bool:
    """Whether a link is a path of this course in which nothing stands for other signs: most are."""
    return _PLAIN.fullmatch(href) is not None


def source_target(origin: str, href: str) -> tuple[str, str]:
    """What a relative link written in `origin` points at: (path from the course root, anchor).

    The path keeps a trailing slash; it begins with `../` where it leaves the course.
    """
    path, _, anchor = href.partition("#")
    if not is_plain_path(href):
        path, anchor = unquote(path.partition("?")[0]), unquote(anchor)
    if not path:
        return origin, anchor
    folder = "" if path.startswith("/") else origin.rpartition("/")[0]
    joined = posixpath.normpath(f"{folder}/{path}".lstrip("/") or ".")
    if path.endswith("/") or joined == ".":
        joined = "" if joined == "." else joined + "/"
    return unicodedata.normalize("NFC", joined), unicodedata.normalize("NFC", anchor)


_PLAIN = re.compile(r"(?!//)[A-Za-z0-9_./#-]*")


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def is_external(href: str) -> bool:
    """Whether a link leaves the course: it names a scheme or a host."""
    return _SCHEME.match(href) is not None
