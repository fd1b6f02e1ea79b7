"""Keys of providers: out of a session's own field or the environment, read anew at each call, kept nowhere.

Those of the environment are the server's own. A person who signed in chooses where a key is sent, so none of them is
used for such a person, in the pages or in a job of theirs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from pipelines.errors import N_, MissingKey, UnusableInput
from pipelines.store import acting

_CREDENTIALS = re.compile(r"://[^/\s]*@|://\S*[?#]")
_LIKE_A_KEY = re.compile(r"(?<![A-Za-z0-9])(sk-[A-Za-z0-9_-]{16,}|hf_[A-Za-z0-9]{30,})")
_SHORTEST_KEY = 12
_SERVERS = "_API_KEY"
"""How the variables end that hold keys of the server's."""

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


def of_environment(variable: str) -> str:
    """The key in the environment, as far as it may be used: "" unless the machine acts."""
    return os.environ.get(variable, "").strip() if acting.is_machine() else ""


def environment() -> dict[str, str]:
    """This process's environment for a child that works for who acts now: without the server's keys for a person."""
    whole = acting.is_machine()
    return {name: value for name, value in os.environ.items() if whole or not name.endswith(_SERVERS)}


@contextmanager
def withheld(owner: str) -> Iterator[None]:
    """In a worker: do this block for the person whose job it is, with the server's keys out of the environment.

    `find` would pass them over; the providers' own libraries look for them too. They are there again when the block
    ends, since a worker starts the next job. owner: a person's id; for the machine's job nothing changes.
    """
    if owner == acting.MACHINE:
        yield
        return
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.endswith(_SERVERS)}
    try:
        with acting.acting_as(owner):
            yield
    finally:
        os.environ.update(taken)


def find(variable: str) -> str:
    """The key of this session, else of the environment where it may be used, else "".

    Raises MissingKey for one that no HTTP header can carry (a line break or a character beyond Latin-1 in it).
    """
    key = (_GIVEN.get().get(variable) or of_environment(variable)).strip()
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
    if not key and not acting.is_machine():
        raise MissingKey(
            N_(
                "{provider} needs a key: type it into its field. "
                "Keys of the server are not used for people who sign in."
            ),
            provider=provider,
        )
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
