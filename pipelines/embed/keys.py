"""Keys of providers: out of the environment or out of a session's own field, read anew at each call, kept nowhere."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from pipelines.errors import N_, MissingKey

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
    """The keys given to this block, for the environment of a process that it starts; nothing else may keep them."""
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
