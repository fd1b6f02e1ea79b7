"""Whether a job that runs is still at work: its process or its mark where they can be asked, else its signs of life.

No clock decides alone: the computer's can be set while a job runs, and is not that of another computer which shares the
state folder. How long a sign of life has been the same is counted by this process's own steady clock.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import OrderedDict

from pipelines import job_mark, processes

QUEUED, RUNNING, DONE, FAILED, CANCELLED, INTERRUPTED = (
    *("queued", "running", "done"),
    *("failed", "cancelled", "interrupted"),
)
STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED, INTERRUPTED)
START_TIMEOUT_S, HEARTBEAT_LOST_S, CANCEL_GRACE_S = 30.0, 120.0, 30.0
"""A job without a sign of life for so long is interrupted; after the last, a cancelled one that goes on is killed."""
WATCHED_S = 15.0
"""So long it is watched at least where only the computer's clock says that it has been silent: three heartbeats."""

_MOST_WATCHED = 1_000


class Watch:
    """How long, by this process's steady clock, values have been as they are."""

    def __init__(self) -> None:
        self._since: OrderedDict[tuple[str, int, str], tuple[object, float]] = OrderedDict()
        self._lock = threading.Lock()

    def unchanged_s(self, key: tuple[str, int, str], value: object) -> float:
        """Seconds since `value` was first told for `key`; 0 when it is another than before."""
        now = self.now_s()
        with self._lock:
            known, since = self._since.get(key, (None, now))
            if key not in self._since or known != value:
                self._since[key], since = (value, now), now
            while len(self._since) > _MOST_WATCHED:
                self._since.popitem(last=False)
        return now - since

    def now_s(self) -> float:
        """Seconds of a clock that nobody can set."""
        return time.monotonic()


watch = Watch()


def verdict(row: sqlite3.Row, longest_s: float) -> str | None:
    """What a running job really is; None while it runs as it should.

    longest_s: how long one attempt may take; FAILED where its own worker does not see that it is over.
    """
    ended = CANCELLED if row["cancel_at"] is not None else INTERRUPTED
    if row["pid"] is None:
        return ended if _is_over(row, "start", row["updated"], START_TIMEOUT_S) else None
    if row["place"] == processes.place() and processes.can_tell():
        # One that died before it was noted has no time of its start.
        if not row["pid_start"] or processes.started(row["pid"]) != row["pid_start"]:
            return ended
    elif job_mark.is_gone(row["id"], row["place"]) or _is_over(row, "beat", row["updated"], HEARTBEAT_LOST_S):
        return ended
    if row["cancel_at"] is not None and _is_over(row, "cancel", row["cancel_at"], CANCEL_GRACE_S):
        return CANCELLED
    return FAILED if _watched_s(row, "run", row["pid"]) > longest_s + CANCEL_GRACE_S else None


def _is_over(row: sqlite3.Row, what: str, sign: float, limit_s: float) -> bool:
    """Whether nothing has changed since `sign`, a time of the computer's clock, for longer than `limit_s`."""
    watched_s = _watched_s(row, what, sign)
    return watched_s > limit_s or (watched_s > WATCHED_S and time.time() - sign > limit_s)


def _watched_s(row: sqlite3.Row, what: str, value: object) -> float:
    return watch.unchanged_s((row["id"], row["attempt"], what), value)
