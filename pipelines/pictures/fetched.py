"""Pictures from the web, where a person allowed it: public addresses only, a picture only, small and soon.

Nothing is sent but the request itself: no cookie, no key, no referrer, and no proxy of the environment is asked, since
that one would look the name up anew.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import quote, urljoin

from pipelines.embed.deadline import within
from pipelines.embed.retry import TransientError
from pipelines.pictures import addresses
from pipelines.pictures.refused import NotTaken

AT_ONCE = 8
MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {"User-Agent": "Reviewscape", "Accept": "image/*", "Accept-Encoding": "identity"}
_SAFE = "!#$%&'()*+,/:;=?@[]~-._"


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """The certificates that this computer trusts; reading them takes longer than a picture does."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Fetcher:
    """timeout_s: for the whole of one picture, redirects included. allowed, ports: see addresses.place."""

    most_bytes: int
    timeout_s: float
    allowed: Callable[[addresses.Address], bool] = addresses.is_public
    ports: frozenset[int] = addresses.PORTS

    def fetch(self, url: str) -> bytes:
        """The picture's bytes, as far as its Content-Type says that it is one. Raises NotTaken."""
        try:
            return within(self.timeout_s, lambda: self._follow(url, time.monotonic() + self.timeout_s))
        except TransientError as error:
            raise NotTaken("time") from error
        except (ValueError, OSError) as error:  # an address, or one a redirect names, that is none: //[, half a letter
            raise NotTaken("address") from error

    def fetch_all(self, urls: Iterable[str]) -> Iterator[bytes | NotTaken]:
        """Each picture or why there is none, in the order of `urls`; AT_ONCE under way."""
        waiting = iter(urls)
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")
        try:
            while some := list(islice(waiting, 4 * AT_ONCE)):
                yield from pool.map(self._tried, some)
        finally:
            # Whoever cancels does not wait for servers that are slow.
            pool.shutdown(wait=False, cancel_futures=True)

    def _tried(self, url: str) -> bytes | NotTaken:
        try:
            return self.fetch(url)
        except NotTaken as error:
            return error

    def _follow(self, url: str, until_s: float) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            place = addresses.place(url, allowed=self.allowed, ports=self.ports)
            answer = self._ask(place, until_s)
            if isinstance(answer, bytes):
                return answer
            # The next address is a stranger's word again, and is looked up and checked like the first.
            url = urljoin(url, answer)
        raise NotTaken("status")

    def _ask(self, place: addresses.Place, until_s: float) -> bytes | str:
        """The body, or where a redirect points to."""
        import httpx

        # It would write each address, which is a part of a review, into the job's log.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        host = f"[{place.address}]" if ":" in place.address else place.address
        url = f"{place.scheme}://{host}:{place.port}{quote(place.target, safe=_SAFE)}"
        one_use = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(
            verify=_trusted(), trust_env=False, follow_redirects=False, timeout=self.timeout_s, limits=one_use
        ) as client:
            try:
                with client.stream(
                    "GET",
                    url,
                    headers={**_HEADERS, "Host": place.netloc},
                    # The certificate must be the name's; connected is to the address that was checked.
                    extensions={"sni_hostname": place.host},
                ) as response:
                    if response.status_code in _REDIRECTS:
                        return str(response.headers.get("location", ""))
                    self._check(response)
                    return self._body(response, until_s)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise NotTaken("time" if isinstance(error, httpx.TimeoutException) else "status") from error

    def _check(self, response: Any) -> None:
        if response.status_code != 200:
            raise NotTaken("status")
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not kind.startswith("image/") or response.headers.get("content-encoding", "identity") != "identity":
            raise NotTaken("type")
        told = response.headers.get("content-length", "0")
        if told.isdigit() and int(told) > self.most_bytes:
            raise NotTaken("large")

    def _body(self, response: Any, until_s: float) -> bytes:
        content = bytearray()
        for chunk in response.iter_raw():
            content += chunk
            if len(content) > self.most_bytes:
                raise NotTaken("large")
            if time.monotonic() > until_s:
                raise NotTaken("time")
        return bytes(content)
