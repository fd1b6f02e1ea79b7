"""A limit on the whole of a call: HTTP libraries' time-outs start anew with every byte; none covers a name look-up.

A server that sends one byte a second would hold a run for ever. So the call runs in a thread of its own, which is left
behind when the time is over; it ends when its server does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from pipelines.embed.retry import TransientError
from pipelines.store import acting

T = TypeVar("T")


def within(timeout_s: float, call: Callable[[], T]) -> T:
    """What `call` returns or raises; TransientError when that takes longer than `timeout_s`."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001  (raised again by the caller's thread)
            errors.append(error)

    thread = threading.Thread(target=acting.carried(run), name="provider request", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if results:
        return results[0]
    if errors:
        raise errors[0]
    raise TransientError(f"no whole answer within {timeout_s:g} s")
