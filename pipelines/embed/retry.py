"""Patience with a provider: what is worth asking again, how long to wait, and when to give up."""

from __future__ import annotations

import email.utils
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from pipelines import settings
from pipelines.errors import N_, ProviderFailed

log = logging.getLogger(__name__)
T = TypeVar("T")

TRANSIENT_STATUS = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
MALFORMED_TRIES = 3
UNREACHABLE_TRIES = 4
_LONGEST_STEP_S = 20.0
_LEAST_SHARE_OF_STEP = 1 / 8
"""Of the usual wait, when a provider asks for none: a server that says "at once" for ever must not be hammered."""


class TransientError(Exception):
    """An attempt failed in a way that may pass; `reason` is for people, `retry_after_s` what the provider asked for."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s


class UnreachableError(TransientError):
    """Nobody listens at the address. Asked again a few times only: a person has to start a server."""


class MalformedError(TransientError):
    """An answer that does not fit the question. Asked again only a few times: each one may be paid for."""


class Pause:
    """One wait for all requests to a provider: what one of them was told to wait, the others wait with it."""

    def __init__(self) -> None:
        self._waiting = threading.Lock()
        self._waits = 0

    def over(self) -> int:
        """Wait until no request waits; how many waits there were so far."""
        with self._waiting:
            return self._waits

    def wait(self, waits: int, sleep: Callable[[], None]) -> None:
        """Wait, unless another request did so since `over` gave `waits`: that was for this one, too."""
        with self._waiting:
            if self._waits == waits:
                sleep()
                self._waits += 1


@dataclass(frozen=True)
class Patience:
    """Seconds to spend on one request, and how to wait; tests give a `sleep` that does not."""

    budget_s: float
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    pause: Pause = field(default_factory=Pause, compare=False, repr=False)

    @classmethod
    def from_settings(cls) -> Patience:
        """The budget of the setting provider_budget_s."""
        return cls(settings.get_float("provider_budget_s"))


def persevere(ask: Callable[[], T], provider: str, patience: Patience) -> T:
    """`ask` until it answers: waits double from 1 s, or as `Retry-After` says, within the budget.

    Raises ProviderFailed when the budget is spent or the answers stay malformed; other errors pass through.
    """
    waits = patience.pause.over()
    started = patience.clock()
    waited = 0.0
    counts = {MalformedError: 0, UnreachableError: 0}
    attempt = 0
    while True:
        try:
            return ask()
        except TransientError as error:
            attempt += 1
            for kind in counts:
                counts[kind] += isinstance(error, kind)
            step = min(2.0 ** (attempt - 1), _LONGEST_STEP_S)
            delay = step if error.retry_after_s is None else max(step * _LEAST_SHARE_OF_STEP, error.retry_after_s)
            spent = max(waited, patience.clock() - started)
            if counts[MalformedError] >= MALFORMED_TRIES or counts[UnreachableError] >= UNREACHABLE_TRIES:
                raise _gave_up(provider, attempt, error) from error
            if spent + delay > patience.budget_s:
                raise _gave_up(provider, attempt, error) from error
            log.warning("%s: %s; asking again in %.0f s", provider, error.reason, delay)
            patience.pause.wait(waits, partial(patience.sleep, delay))
            waits = patience.pause.over()
            waited += delay


def _gave_up(provider: str, tries: int, error: TransientError) -> ProviderFailed:
    if error.retry_after_s is not None and error.retry_after_s >= 1:
        return ProviderFailed(
            N_(
                "{provider} failed after {tries} tries: {reason}; it asks to wait {wait:.0f} s. "
                "Finished texts are kept; run it again later."
            ),
            provider=provider,
            tries=tries,
            reason=error.reason,
            wait=error.retry_after_s,
        )
    return ProviderFailed(
        N_("{provider} failed after {tries} tries: {reason}. Finished texts are kept; run it again later."),
        provider=provider,
        tries=tries,
        reason=error.reason,
    )


def retry_after_s(value: str | None, date: str | None = None) -> float | None:
    """Seconds of a Retry-After header: a number or an HTTP date; None when absent or unreadable.

    date: the answer's own Date header; a date is counted from it, since the two computers' clocks may differ.
    """
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        moment = _http_date(value)
        now = _http_date(date) or datetime.now(UTC)
        return None if moment is None else max(0.0, (moment - now).total_seconds())
    return max(0.0, seconds) if seconds == seconds else None


def _http_date(value: str | None) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
