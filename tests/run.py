#!/usr/bin/env python3
"""Set everything up and run every test: `python3 tests/run.py [pytest arguments]`.

Needs Python 3.11 with venv and pip, and nothing else. Browsers are used where they are found;
on Debian and Ubuntu, as root, missing ones are installed; elsewhere Chromium comes with
Playwright. In CI (the variable `CI` is set) a browser that is missing in the end is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = {
    "chromium": ["chromium"],
    "firefox-esr": ["firefox-esr"],
    "WebKitWebDriver": ["webkit2gtk-driver", "gir1.2-webkit2-4.1", "python3-gi"],
    "Xvfb": ["xvfb"],
    "dbus-run-session": ["dbus-daemon"],
}
"""Program → Debian packages. WebKitGTK is driven on a screen and a bus of its own."""


def main() -> int:
    """The exit code of the first step that fails, or 0."""
    # The program is started hundreds of times: nobody wants it compiled anew each time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    python = environment()
    browsers(python)
    steps = [
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "mypy"],
        [python, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q", *sys.argv[1:]],
    ]
    for step in steps:
        print("+", *step[1:], flush=True)
        code = subprocess.call(step, cwd=ROOT)
        if code:
            return code
    return 0


def environment() -> str:
    """The interpreter of the test environment, made and filled where it is not there yet."""
    folder = Path(os.environ.get("LEARNPATH_TEST_ENV") or ROOT / ".venv-test")
    binaries = folder / ("Scripts" if os.name == "nt" else "bin")
    python = str(binaries / ("python.exe" if os.name == "nt" else "python"))
    if not Path(python).exists():
        print(f"Making a test environment in {folder}", flush=True)
        venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.check_call([*install, "--upgrade", "pip>=25.1"])
    subprocess.check_call([*install, "--editable", ".", "--group", "dev"], cwd=ROOT)
    return python


def browsers(python: str) -> None:
    """Install what is missing, where that can be done without asking."""
    lacking = [packages for name, packages in BROWSERS.items() if shutil.which(name) is None]
    missing = [package for packages in lacking for package in packages]
    if missing and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet = ["apt-get", "-qq", "-o=Dpkg::Use-Pty=0"]
        subprocess.call([*quiet, "update"], stdout=subprocess.DEVNULL)
        subprocess.call(
            [*quiet, "install", "-y", "--no-install-recommends", *missing, "fonts-dejavu-core"],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    if shutil.which("chromium") is None:
        subprocess.call([python, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    sys.exit(main())
