"""Keys of providers: out of the environment or out of a session's own field, read anew at each call, kept nowhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from pipelines.errors import N_, MissingKey, UnusableInput

_CREDENTIALS = re.compile(r"://[^/\s]*@|://\S*[?#]")
_LIKE_A_KEY = re.compile(r"(?<![A-Za-z0-9])(sk-[A-Za-z0-9_-]{16,}|hf_[A-Za-z0-9]{30,})")
_SHORTEST_KEY = 12

_GIVEN: ContextVar[Mapping[str, str]] = ContextVar("keys_of_this_session", default={})  # noqa: B039  (never changed)


@contextmanager
def given(keys: Mapping[str, str]) -> Iterator[None]:
    """Use these keys (environment variable's name → key) in this thread's block alone, before the environment's.

    For a page's key field: other sessions of the same process never see them, and nothing is written anywhere.
    """
    token = _GIVEN.set({name: key.strip() for name, key in keys.items() if key.strip()})
    try:
        yield
    finally:
        _GIVEN.reset(token)


def current() -> dict[str, str]:
    """The keys given to this block, for the standard input of a process that it starts; nothing else may keep them."""
    return dict(_GIVEN.get())


def find(variable: str) -> str:
    """The key of this session, else of the environment, else "".

    Raises MissingKey for one that no HTTP header can carry (a line break or a character beyond Latin-1 in it).
    """
    key = (_GIVEN.get().get(variable) or os.environ.get(variable, "")).strip()
    if not (key.isascii() and key.isprintable()):
        # Told by the variable alone: the libraries' own errors quote the header, and the key with it.
        raise MissingKey(
            N_("The key in {variable} holds characters that no key has: copy it again, without spaces or line breaks."),
            variable=variable,
        )
    return key


def key_from(variable: str, provider: str) -> str:
    """The key of a provider that needs one; raises MissingKey."""
    key = find(variable)
    if not key:
        raise MissingKey(
            N_("{provider} needs a key: set the environment variable {variable}."), provider=provider, variable=variable
        )
    return key


def check_name(embedder: str) -> None:
    """Raise UnusableInput, which quotes nothing of it, where an embedder's name holds a key, a user or a password.

    A name goes into job specs, logs, manifests and whatever is exported: it is looked at before any of them.
    """
    kind, _, rest = embedder.partition(":")
    _, at, address = rest.partition("@")
    if kind.strip() == "openai" and at and not address.strip().startswith(("http://", "https://")):
        raise UnusableInput(
            N_("After @ an embedder's name has an address that begins with http:// or https://, and nothing secret.")
        )
    at_hand = [*_GIVEN.get().values(), *(value for name, value in os.environ.items() if name.endswith("_API_KEY"))]
    secrets = [key.strip() for key in at_hand if len(key.strip()) >= _SHORTEST_KEY]
    if _CREDENTIALS.search(embedder) or _LIKE_A_KEY.search(embedder) or any(key in embedder for key in secrets):
        raise UnusableInput(
            N_(
                "The embedder's name or address holds a key, a user, a password or a query (?…). A name is written "
                "into results and logs: leave it out, and give the key by its environment variable or its own field."
            )
        )
