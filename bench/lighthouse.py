#!/usr/bin/env python3
"""Lighthouse over the sample course: `python bench/lighthouse.py [PAGE …]`.

Builds the course, serves it compressed, as hosts do, and asks Lighthouse (found on the path, with
Chromium) for its four scores of each page; without arguments of one page of every kind. A score
below 100 is followed by what it was taken off for. Wants a quiet machine: the time that scripts
take is scored too.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from learnpath import build_site

ROOT = Path(__file__).resolve().parent.parent
KINDS = (
    "index.html", "ideas/beer-game.html", "map.html", "journal.html", "plan.html", "trail.html",
    "search.html", "privacy.html", "routes.html", "glossary.html", "workshop.html",
)  # fmt: skip
_TEXT = frozenset((".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"))


class _Host(http.server.SimpleHTTPRequestHandler):
    """Sends text compressed, as hosts do, and tells nothing of each request."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path.partition("?")[0]))
        if path.suffix not in _TEXT or not path.is_file():
            super().do_GET()
            return
        data = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


def report(address: str, folder: Path) -> dict[str, Any]:
    """What Lighthouse says of one address."""
    told = folder / "report.json"
    command = ["lighthouse", address, "--quiet", "--output=json", f"--output-path={told}"]
    command.append("--chrome-flags=--headless=new --no-sandbox")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads(told.read_text("utf-8"))
    return found


def line(page: str, found: dict[str, Any]) -> str:
    """A row of the table: the scores, and what was not perfect where one is below 100."""
    scores = {c["title"]: round(100 * c["score"]) for c in found["categories"].values()}
    lost = [
        f"{audit['id']} {audit.get('displayValue', '')}".strip()
        for category in found["categories"].values()
        if category["score"] < 0.995
        for ref in category["auditRefs"]
        if ref["weight"]
        and (audit := found["audits"][ref["id"]])["score"] is not None
        and audit["score"] < 0.9
    ]
    return f"| {page} | {' | '.join(map(str, scores.values()))} | {', '.join(lost)} |"


def main() -> None:
    if shutil.which("lighthouse") is None:
        raise SystemExit("lighthouse is not on the path: npm install --global lighthouse")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        build_site(ROOT / "content", folder / "site", cached=False)
        handler = functools.partial(_Host, directory=str(folder / "site"))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print("| page | performance | accessibility | best practices | SEO | lost |")
            print("|---|---:|---:|---:|---:|---|")
            for page in sys.argv[1:] or KINDS:
                address = f"http://127.0.0.1:{server.server_port}/{page}"
                print(line(page, report(address, folder)), flush=True)
            server.shutdown()


if __name__ == "__main__":
    main()
