"""A requests session for providers: no redirects, no proxy for this computer's own servers, a bounded answer."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from pipelines.embed import reach
from pipelines.embed.retry import TransientError, UnreachableError

if TYPE_CHECKING:
    import requests

MAX_ANSWER_BYTES = 64 * 2**20

Refuse = Callable[[int, dict[str, str], str], NoReturn]
"""Raises what an answer other than 200 means: status, headers by lower-case name, body."""


def open_session(owner: object, refuse: Refuse, *, local: bool, guarded: bool = False) -> requests.Session:
    """A session whose every answer is 200, or an error of ours out of `refuse`, a method of `owner`.

    guarded: it ends at public addresses alone (reach).
    Its connections live as long as the owner does: a handshake for each of a thousand batches would take minutes.
    """
    import requests

    weak_refuse = weakref.WeakMethod(refuse)

    class ProviderSession(requests.Session):
        def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            # A redirect would carry texts and the key to an address that nobody chose.
            options["allow_redirects"] = False
            answer = super().send(request, **{**options, "stream": True})
            _read(answer)
            if answer.status_code != 200:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                still_there = weak_refuse()
                if still_there is not None:
                    still_there(answer.status_code, headers, answer.content.decode("utf-8", "replace"))
            return answer

    session = ProviderSession()
    if guarded:
        for scheme in ("http://", "https://"):
            session.mount(scheme, reach.adapter())
    weakref.finalize(owner, session.close)
    # A proxy set for the outside must not be asked for this computer's own servers. Nor may a .netrc replace the key.
    session.trust_env = not local
    return session


def _read(answer: requests.Response) -> None:
    """Read the body as a whole, unless it is larger than any answer of vectors."""
    body = bytearray()
    for piece in answer.iter_content(2**16):
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            answer.close()
            raise TransientError(f"the answer is larger than {MAX_ANSWER_BYTES // 2**20} MB")
    # What `requests` itself sets when it reads a body at once.
    answer._content = bytes(body)
    answer._content_consumed = True  # type: ignore[attr-defined]


def told(error: requests.exceptions.RequestException, endpoint: str) -> TransientError:
    """A failure of the network as an error to be asked again about; without the library's words: they quote a lot."""
    import requests

    reason = f"no answer from {endpoint} ({type(error).__name__})"
    connecting = isinstance(error, requests.exceptions.ConnectionError) and not isinstance(
        error, requests.exceptions.Timeout
    )
    if connecting and any(kind in str(error) for kind in ("NewConnectionError", "NameResolutionError")):
        return UnreachableError(f"nobody answers at {endpoint}")
    return TransientError(reason)


def bearer(key: str) -> Any:
    """Puts the key into the header itself: with no `auth` at all, requests takes a password out of a .netrc file."""

    def mark(request: Any) -> Any:
        if key:
            request.headers["Authorization"] = f"Bearer {key}"
        return request

    return mark
