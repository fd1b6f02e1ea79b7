"""Patience with a provider: what is worth asking again, how long to wait, and when to give up."""

from __future__ import annotations

import email.utils
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from pipelines import settings
from pipelines.errors import N_, ProviderFailed

log = logging.getLogger(__name__)
T = TypeVar("T")

TRANSIENT_STATUS = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
MALFORMED_TRIES = 3
_LONGEST_STEP_S = 20.0


class TransientError(Exception):
    """An attempt failed in a way that may pass; `reason` is for people, `retry_after_s` what the provider asked for."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s


class MalformedError(TransientError):
    """An answer that does not fit the question. Asked again only a few times: each one may be paid for."""


@dataclass(frozen=True)
class Patience:
    """Seconds to spend on one request, and how to wait; tests give a `sleep` that does not."""

    budget_s: float
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def from_settings(cls) -> Patience:
        """The budget of the setting provider_budget_s."""
        return cls(settings.get_float("provider_budget_s"))


def persevere(ask: Callable[[], T], provider: str, patience: Patience) -> T:
    """`ask` until it answers: waits double from 1 s, or as `Retry-After` says, within the budget.

    Raises ProviderFailed when the budget is spent or the answers stay malformed; other errors pass through.
    """
    started = patience.clock()
    waited = 0.0
    malformed = 0
    attempt = 0
    while True:
        try:
            return ask()
        except TransientError as error:
            attempt += 1
            malformed += isinstance(error, MalformedError)
            step = min(2.0 ** (attempt - 1), _LONGEST_STEP_S)
            delay = step if error.retry_after_s is None else max(0.0, error.retry_after_s)
            spent = max(waited, patience.clock() - started)
            if malformed >= MALFORMED_TRIES or spent + delay > patience.budget_s:
                raise ProviderFailed(
                    N_("{provider} failed after {tries} tries: {reason}. Finished texts are kept; run it again later."),
                    provider=provider,
                    tries=attempt,
                    reason=error.reason,
                ) from error
            log.warning("%s: %s; asking again in %.0f s", provider, error.reason, delay)
            patience.sleep(delay)
            waited += delay


def retry_after_s(value: str | None) -> float | None:
    """Seconds of a Retry-After header: a number or an HTTP date; None when absent or unreadable."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
