"""What files and folders are called, where several modules must agree on it."""

from __future__ import annotations

import hashlib
from pathlib import Path

CONFIG_FILE = "course.yml"
LEDGER_FILE = "course.ledger.yml"
GATHERED_FILE = "course.gathered.json"
MANIFEST_NAME = ".learnpath-manifest.json"
SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__"))


def content_hash(data: bytes) -> str:
    """What a file is called by, of which another version is another file."""
    return hashlib.blake2b(data, digest_size=5).hexdigest()


def themes_folder() -> Path:
    """Where the themes lie: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"
