"""The command line: arguments, printing, exit codes. No build logic."""

from learnpath.cli.main import main

__all__ = ["main"]
