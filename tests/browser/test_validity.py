"""Every page is well-formed HTML, and what it names is there. No browser needed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest

from browser.places import Site

COURSES = pytest.mark.parametrize("course", ["sample", "small"])


@pytest.fixture(name="site")
def chosen(request: pytest.FixtureRequest, course: str) -> Site:
    """The site of a course, by name."""
    site: Site = request.getfixturevalue(course)
    return site


def parsed(text: str) -> tuple[Element, list[str]]:
    """A page's tree and what the HTML standard's parser had to put right."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    return tree, [f"{place}: {code} {details}" for place, code, details in parser.errors]


@COURSES
def test_every_page_is_well_formed(site: Site) -> None:
    """The parser of the HTML standard has nothing to put right."""
    wrong = {name: errors for name, text in site.files().items() if (errors := parsed(text)[1])}
    assert not wrong


_REFERRING = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers", "list")
_TRUE = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "tr": {"td", "th"}}
_INTERACTIVE = {"a", "button", "input", "select", "textarea", "summary", "details", "iframe"}
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))


def faults(tree: Element) -> Iterator[str]:
    """What a validator would say beyond well-formedness."""
    every = [each for each in tree.iter() if isinstance(each.tag, str)]
    ids = Counter(each.get("id", "") for each in every if "id" in each.attrib)
    yield from (f"id '{name}' {count} times" for name, count in ids.items() if count > 1)
    for each in every:
        for attribute in _REFERRING:
            names = each.get(attribute, "").split()
            yield from (f"{attribute}={name} names nothing" for name in names if name not in ids)
        if "style" in each.attrib or any(name.startswith("on") for name in each.attrib):
            yield f"<{each.tag}> has a style or a script of its own"
        if each.tag == "script" and each.get("type") != "application/json" and each.text:
            yield "a script in the page"
        if each.tag == "img" and ("alt" not in each.attrib or "width" not in each.attrib):
            yield f"<img src={each.get('src')}> without alt or size"
        for child in each:
            allowed = _TRUE.get(str(each.tag))
            if allowed and child.tag not in allowed:
                yield f"<{child.tag}> in <{each.tag}>"
        if each.tag in ("a", "button"):
            inner = {str(one.tag) for one in each.iter()} - {str(each.tag)}
            yield from (f"<{tag}> in <{each.tag}>" for tag in inner & _INTERACTIVE)
    yield from outline(every)


def outline(every: list[Element]) -> Iterator[str]:
    """Headings that leave out a level."""
    level = 0
    for each in every:
        if each.tag in _HEADINGS:
            now = int(str(each.tag)[1])
            if now > level + 1:
                yield f"h{now} after h{level}: {''.join(each.itertext())}"
            level = now


@COURSES
def test_every_page_is_valid_beyond_its_form(site: Site) -> None:
    """Ids are unique, what is referred to is there, lists hold items, links hold no links."""
    found = {name: list(faults(parsed(text)[0])) for name, text in site.files().items()}
    wrong = {name: each for name, each in found.items() if each}
    assert not wrong


@COURSES
def test_every_address_in_every_page_is_there(site: Site) -> None:
    """Links, pictures, styles and scripts: relative, naming a file of the site, and its anchor."""
    trees = {name: parsed(text)[0] for name, text in site.files().items()}
    anchors = {
        name: {each.get("id") for each in tree.iter()} | {"", None} for name, tree in trees.items()
    }
    wrong: list[tuple[str, ...]] = []
    for name, tree in trees.items():
        for each in tree.iter():
            for attribute in ("href", "src"):
                address = each.get(attribute)
                if address is None or re.match("(https|mailto):|data:(,$|image/svg)", address):
                    continue
                target = urlsplit(urljoin(f"http://site/{name}", address))
                path = unquote(target.path).removeprefix("/")
                if address.startswith("/") or not (site.folder / path).is_file():
                    wrong.append((name, address))
                elif path in anchors and unquote(target.fragment) not in anchors[path]:
                    wrong.append((name, address, "no such anchor"))
    assert not wrong


@COURSES
def test_every_page_has_the_strict_policy(site: Site) -> None:
    """No inline code but by its hash, Trusted Types with one policy, nothing from elsewhere."""
    for name, text in site.files().items():
        tree = parsed(text)[0]
        policies = [
            each.get("content", "")
            for each in tree.iter("meta")
            if each.get("http-equiv") == "Content-Security-Policy"
        ]
        assert len(policies) == 1, name
        assert "unsafe" not in policies[0], name
        assert "default-src 'none'" in policies[0], name
        if "<script src" in text:
            assert "require-trusted-types-for 'script'; trusted-types learnpath" in policies[0]
