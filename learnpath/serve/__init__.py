"""The preview server: the course in the browser, live.

Tornado serves, with livereload's handlers as the line to the browser; watchdog tells what
changed; one thread reads the course again; pages are rendered when they are asked for.
"""

from learnpath.serve.address import ServerError
from learnpath.serve.server import Server

__all__ = ["Server", "ServerError"]
