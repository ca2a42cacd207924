"""Where the server listens, and which names it may be called by."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from urllib.parse import urlsplit

from msgspec import Struct
from tornado.httputil import split_host_and_port

_TRIES = 50
_TAKEN = (errno.EADDRINUSE, errno.EACCES)
_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
_LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))


class ServerError(Exception):
    """The server cannot start; the message says why."""


class Callers(Struct, frozen=True):
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
    """Listening sockets at the port, or at the next one that is free; and which that is."""
    address = host.strip("[]")
    for tried in range(port, min(port + _TRIES, 65536)):
        try:
            sockets = _listening(address, tried)
        except OSError as error:
            if not _is_taken(error) or port == 0:
                raise ServerError(f"cannot listen at {host}:{tried}: {_why(error)}") from error
        else:
            return sockets, sockets[0].getsockname()[1]
    raise ServerError(f"no port is free from {port} on: give another with --port")


def _listening(address: str, port: int) -> list[socket.socket]:
    """A socket for each address of a name; localhost has one of each kind."""
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    kind, flags = socket.SOCK_STREAM, socket.AI_PASSIVE
    for family, _, _, _, place in socket.getaddrinfo(address or None, port, 0, kind, 0, flags):
        chosen = sockets[0].getsockname()[1] if sockets else port
        try:
            sockets.append(_socket(family, (place[0], chosen, *place[2:])))
        except OSError as error:
            if error.errno not in _NO_SUCH_ADDRESS:
                _close(sockets)
                raise
            missing = error
    if missing is not None and not sockets:
        raise missing
    return sockets


def _socket(family: int, place: tuple[object, ...]) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would let two servers have one port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(place)
        made.listen(128)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


def _close(sockets: list[socket.socket]) -> None:
    for each in sockets:
        each.close()


def _is_taken(error: OSError) -> bool:
    """Whether another port may do: taken, or kept by the system (below 1024, on Windows any)."""
    return error.errno in _TAKEN or getattr(error, "winerror", 0) in (10013, 10048)


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def url_at(host: str, port: int) -> str:
    """The address to open in a browser of this computer."""
    name = "127.0.0.1" if is_open(host) else host
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    return f"http://{name}:{port}/"
