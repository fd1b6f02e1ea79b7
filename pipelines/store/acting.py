"""Who acts: whose analyses the code that runs may see and change. One answer, which library, journal and jobs ask for.

A command, a worker of the machine's and a thread of the server act for the machine and see everything. A page acts for
the person who looks at it, and a worker for the person whose job it does: the interface registers a function that says
who looks, asked anew each time, so that no page, callback or address has to be trusted.
"""

from __future__ import annotations

import contextlib
import contextvars
import hashlib
import json
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TypeVar

from pipelines.errors import N_, UnusableInput

ALL = "*"
"""The machine at work: everybody's analyses."""
MACHINE = ""
"""The person at the machine: what commands made, and what was made without sign-in."""
NOBODY = "-"
"""A visitor who has not signed in, or who came by a share link. No person's id is any of these."""

ID_CHARS = 32
T = TypeVar("T")
_override: ContextVar[str | None] = ContextVar("acting_as", default=None)


def _everyone() -> str:
    return ALL


_ask: Callable[[], str] = _everyone


def ask_by(resolver: Callable[[], str]) -> None:
    """Have `resolver` say who acts: a person's id, ALL, MACHINE or NOBODY. The interface calls this once a process."""
    global _ask
    _ask = resolver


@contextlib.contextmanager
def acting_as(who: str) -> Iterator[None]:
    """In this block (or decorated function) and this thread `who` acts, whoever looks at the page."""
    token = _override.set(who)
    try:
        yield
    finally:
        _override.reset(token)


def who() -> str:
    """Who acts now."""
    given = _override.get()
    return _ask() if given is None else given


def is_machine() -> bool:
    """Whether the machine acts, at work or by the person at it: nobody else may use what is the server's own."""
    return who() in (ALL, MACHINE)


def carried(work: Callable[[], T]) -> Callable[[], T]:
    """`work` for another thread, where it is done for who acts here, with what this context holds (a session's keys).

    A new thread inherits neither, and one without a visitor acts for the machine.
    """
    context, acts = contextvars.copy_context(), who()

    def done() -> T:
        with acting_as(acts):
            return work()

    return lambda: context.run(done)


def owns(owner: str) -> bool:
    """Whether what belongs to `owner` may be seen and changed by who acts now."""
    return who() in (ALL, owner)


def owner() -> str:
    """Whose a new analysis or job is; raises UnusableInput for a visitor."""
    found = who()
    if found == NOBODY:
        raise UnusableInput(N_("This can be done only by a person who is signed in. Reload the page."))
    return MACHINE if found == ALL else found


def check(owner: str) -> None:
    """Raise UnusableInput unless who acts may change what belongs to `owner`."""
    if not owns(owner):
        raise UnusableInput(N_("Only the person whose analysis this is can change it."))


def person_id(issuer: str, subject: str) -> str:
    """A person's id: a hash of who vouches for them and under which id, so that no name or address is stored."""
    known = json.dumps([issuer, subject], ensure_ascii=False)
    return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:ID_CHARS]
