"""The mark that a worker lives: a lock on its log, held by its process and those that it started, until the last ends.

Process numbers mean nothing from another container; a lock is seen wherever the kernel is the same, and goes with its
process at any death.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from pipelines import processes, settings
from pipelines.store import durable

if sys.platform != "win32":
    import fcntl


def log_path(job_id: str) -> Path:
    """Where a job's worker writes what it prints."""
    return settings.home() / "logs" / f"{job_id}.log"


def take(descriptor: int) -> None:
    """Mark an open log: the process that inherits it holds the mark.

    A shared lock: what an earlier attempt left behind may hold it as well, and who looks holds it up for an instant.
    """
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_SH)


def is_gone(job_id: str, place: str | None) -> bool:
    """Whether the worker that was started at `place` is gone for sure: on this kernel, and nobody holds its mark."""
    return processes.shares_kernel(place or "") and durable.is_locked(log_path(job_id), shared=True) is False


def trim(folder: Path, most: int) -> None:
    """Remove the oldest logs but `most`; not of a worker that lives, whose mark would be gone with it."""
    with contextlib.suppress(OSError):
        logs = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
        for old in logs[: max(len(logs) - most, 0)]:
            if not durable.is_locked(old, shared=True):
                old.unlink(missing_ok=True)
