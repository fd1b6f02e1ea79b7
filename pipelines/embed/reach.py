"""Where people who sign in may have texts sent: public addresses, and hosts that the server's owner has allowed.

Such a person types an address and the server goes there: without a bound, to its own services, the router, a cloud's
door to its secrets. The host is looked up before, and the connection itself is looked at again before anything is
said on it, since a name can lead elsewhere the second time (DNS rebinding).
"""

from __future__ import annotations

import socket
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipelines import settings
from pipelines.embed.deadline import within
from pipelines.embed.retry import TransientError
from pipelines.errors import N_, UnusableInput
from pipelines.public import is_public, parsed
from pipelines.store import acting

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter

_KEPT_S, _FAILED_KEPT_S = 60.0, 5.0


def is_guarded(url: str) -> bool:
    """Whether a connection to `url` has to end at a public address, for who acts now.

    Raises UnusableInput where the host has another address, or none. The machine goes where it is told.
    """
    if acting.is_machine():
        return False
    parts = urlsplit(url)
    host = parts.hostname or ""
    allowed = {one.strip().lower() for one in str(settings.get("people_addresses")).split(",")}
    if host in allowed or f"{host}:{parts.port}" in allowed:
        return False
    found = _tried(host, parts.port or 443, int(time.monotonic() // _FAILED_KEPT_S))
    if not found or not all(is_public(parsed(one)) for one in found):
        raise UnusableInput(
            N_(
                "People who sign in can name a model server on the internet only. The person who runs this server "
                "can allow one of this network ({variable})."
            ),
            variable="REVIEWSCAPE_PEOPLE_ADDRESSES",
        )
    return True


@lru_cache(maxsize=256)
def _tried(host: str, port: int, moment: int) -> frozenset[str]:
    """What a name leads to; none where nobody says in time, which is soon asked anew."""
    try:
        return _addresses(host, port, int(time.monotonic() // _KEPT_S))
    except (OSError, UnicodeError, TransientError):
        return frozenset()


@lru_cache(maxsize=256)
def _addresses(host: str, port: int, moment: int) -> frozenset[str]:
    """What a name leads to, kept for a `moment`, as each run of a page asks again."""
    wait_s = settings.get_float("probe_timeout_s")
    told = within(wait_s, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return frozenset(str(info[4][0]) for info in told)


def adapter() -> HTTPAdapter:
    """For a requests session: closes a connection that leads to no public address before anything is sent on it."""
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.exceptions import NewConnectionError

    def checked(connection: Any, opened: socket.socket) -> socket.socket:
        if not is_public(parsed(opened.getpeername()[0])):
            opened.close()
            raise NewConnectionError(connection, "the address is not public")
        return opened

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return checked(self, super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return checked(self, super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    class Guarded(HTTPAdapter):
        def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
            super().init_poolmanager(*arguments, **more)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    return Guarded()
