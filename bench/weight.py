#!/usr/bin/env python3
"""What a learner loads to see one page: `python bench/weight.py [--pages 100 10000]`.

Builds courses of `corpus.py` and follows a content page's own references as a browser does on a
first view: the page, styles for the screen and scripts, each packed as hosts send it.
Prints bytes and requests for the median and the heaviest page.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import tempfile
from pathlib import Path
from statistics import median_low
from urllib.parse import unquote, urljoin

sys.path.insert(0, str(Path(__file__).resolve().parent))

from corpus import write_corpus
from learnpath import build_site

_LOADED = re.compile(
    r'<(?:script[^>]* src="([^"]+)"|link rel="(?:stylesheet|icon)" href="([^"]+)"(?![^>]*media))'
)


def first_view(site: Path, file: str) -> dict[str, int]:
    """Every file that the first view of a page loads, with its packed size."""
    html = (site / file).read_text("utf-8")
    references = [script or link for script, link in _LOADED.findall(html)]
    asked = [name for name in references if not name.startswith("data:")]
    names = [file, *(unquote(urljoin(file, name)) for name in asked)]
    return {name: len(gzip.compress((site / name).read_bytes(), 9)) for name in names}


def content_pages(site: Path) -> list[str]:
    """The pages that an author wrote, by their file."""
    return [
        path.relative_to(site).as_posix()
        for path in sorted(site.rglob("page-*.html"))
        if '<article class="page' in path.read_text("utf-8")
    ]


def row(pages: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        source, site = Path(folder) / "course", Path(folder) / "site"
        write_corpus(source, pages)
        build_site(source, site, cached=False)
        views = [first_view(site, file) for file in content_pages(site)]
    views.sort(key=lambda view: sum(view.values()))
    usual = median_low([sum(view.values()) for view in views])
    heaviest = views[-1]
    return (
        f"| {pages:,} | {usual / 1024:.1f} KB | {sum(heaviest.values()) / 1024:.1f} KB "
        f"| {max(len(view) for view in views)} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[100, 10_000])
    print("| pages | first view, median | heaviest | most requests |\n|---|---|---|---|")
    for pages in parser.parse_args().pages:
        print(row(pages))


if __name__ == "__main__":
    main()
