"""Where the server listens, and which names it may be called by."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from tornado.httputil import split_host_and_port
from tornado.netutil import bind_sockets

_TRIES = 50
_LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))


class ServerError(Exception):
    """The server cannot start; the message says why."""


@dataclass(frozen=True, slots=True)
class Callers:
    """Which Host and Origin headers are answered.

    A page on the web can make a browser ask this server under any name that its owner lets
    point here; such a name is never answered.
    """

    names: frozenset[str]
    any_address: bool = False
    """Whether plain IP addresses are: no name can be made to point at them."""

    def may_ask(self, host: str) -> bool:
        """Whether a Host header is one of ours. The port does not matter: it may be forwarded."""
        try:
            name, _ = split_host_and_port(host.lower())
        except ValueError:
            return False
        name = name.strip("[]")
        return name in self.names or (self.any_address and _is_address(name))

    def may_connect(self, origin: str, host: str) -> bool:
        """Whether a page of this Origin may listen: only one that this server sent."""
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def callers_of(host: str) -> Callers:
    """Who may ask a server that listens at `host`."""
    if not is_open(host):
        return Callers(_LOCAL | {host.lower().strip("[]")})
    name = socket.gethostname().lower()
    return Callers(_LOCAL | {name, f"{name}.local"}, any_address=True)


def is_open(host: str) -> bool:
    """Whether a host means every network that this computer is in."""
    return host.strip("[]") in ("0.0.0.0", "::", "")  # noqa: S104 - asked, not bound


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def bind(host: str, port: int) -> tuple[list[socket.socket], int]:
    """Sockets at the port, or at the next one that is free; and which that is."""
    address = host.strip("[]")
    for tried in range(port, min(port + _TRIES, 65536)):
        try:
            sockets = bind_sockets(tried, address)
        except OSError as error:
            if not _is_taken(error) or port == 0:
                raise ServerError(f"cannot listen at {host}:{tried}: {_why(error)}") from error
        else:
            return sockets, sockets[0].getsockname()[1]
    raise ServerError(f"no port is free from {port} on: give another with --port")


def _is_taken(error: OSError) -> bool:
    """Whether another port may do: taken, or kept by the system (below 1024, on Windows any)."""
    import errno

    return error.errno in (errno.EADDRINUSE, errno.EACCES) or getattr(error, "winerror", 0) in (
        10013,
        10048,
    )


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def url_at(host: str, port: int) -> str:
    """The address to open in a browser of this computer."""
    name = "127.0.0.1" if is_open(host) else host
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    return f"http://{name}:{port}/"
