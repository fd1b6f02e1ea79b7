"""Which addresses may be asked for a picture that a stranger's file names: public ones, on the web's own ports.

A table can name http://127.0.0.1:8501/, a router, or a cloud's door to its own secrets (169.254.169.254), and a name
can point to one of those, today or after the first look (DNS rebinding). So a name is looked up once, every address it
has must be public, and the connection goes to the address that was checked and to no other.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipelines.pictures.refused import NotTaken
from pipelines.public import Address, is_public, parsed

PORTS = frozenset({80, 443})
_MOST_CHARS = 2_000


@dataclass(frozen=True)
class Place:
    """Where to connect: the checked address, and the name for the Host header and the certificate."""

    scheme: str
    host: str
    port: int
    address: str
    target: str

    @property
    def netloc(self) -> str:
        """The Host header's value."""
        usual = {"http": 80, "https": 443}[self.scheme]
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == usual else f"{name}:{self.port}"


def place(url: str, *, allowed: Callable[[Address], bool] = is_public, ports: frozenset[int] = PORTS) -> Place:
    """Where an address on the web is, looked up and checked; asks the name server. Raises NotTaken("address").

    allowed: which addresses are taken, for tests on this computer; ports: likewise.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii") if parts.hostname else ""
        usual = {"http": 80, "https": 443}[parts.scheme]
        port = parts.port or usual
    except (ValueError, KeyError, UnicodeError) as error:
        raise NotTaken("address") from error
    is_odd = len(url) > _MOST_CHARS or parts.username is not None or parts.password is not None
    if not host or is_odd or port not in ports or any(ord(letter) < 0x21 for letter in url):
        raise NotTaken("address")
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise NotTaken("status") from error
    addresses = [parsed(one) for one in sorted(map(str, found))]
    if not addresses or not all(allowed(one) for one in addresses):
        raise NotTaken("address")
    chosen = min(addresses, key=lambda one: one.version)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port, str(chosen), target)
