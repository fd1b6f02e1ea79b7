"""How much memory and time one job may take, and the thread of its worker that holds it to that."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from pipelines import processes, settings
from pipelines.errors import N_

LOOK_EVERY_S = 0.5
_SHARE = 0.75
_SLACK_MB = 2048
"""Beyond the limit, what libraries reserve and never use: an allocation past that fails at once."""
_PROC, _CGROUP = Path("/proc"), Path("/sys/fs/cgroup/memory.max")

TOO_LARGE = N_(
    "It needed more memory than the {limit} MB that one analysis may take, in the stage “{stage}”. Use fewer rows (a "
    "random part of the file), ask for a draft, or raise REVIEWSCAPE_JOB_MEMORY_MB. What was finished is kept."
)
TOO_LONG = N_(
    "It took longer than the {limit} minutes that one analysis may take, and got to the stage “{stage}”. Use fewer "
    "rows (a random part of the file), ask for a draft, or raise REVIEWSCAPE_JOB_TIMEOUT_S. What was finished is kept."
)
NO_MEMORY = N_(
    "There was not enough memory in the stage “{stage}” (one analysis may take {limit} MB). Close other programs, use "
    "fewer rows (a random part of the file), or ask for a draft. What was finished is kept."
)
Reason = tuple[str, Mapping[str, object]]
"""A translatable template and its values."""


def memory_mb() -> int:
    """Most memory of one job in MB (2²⁰ bytes): the setting, else three quarters of the computer's or container's."""
    return settings.get_int("job_memory_mb") or int(_there_mb() * _SHARE)


def longest_s() -> float:
    """Longest time of one attempt in seconds; infinite where the setting is 0."""
    return settings.get_float("job_timeout_s") or float("inf")


def too_large(stage: str) -> Reason:
    """Why a job that took too much memory in a stage was ended."""
    return TOO_LARGE, {"limit": memory_mb(), "stage": stage}


def no_memory(stage: str) -> Reason:
    """Why a job failed that was refused memory, by the limit or by the machine."""
    return NO_MEMORY, {"limit": memory_mb(), "stage": stage}


def too_long(stage: str) -> Reason:
    """Why a job that took too long was ended."""
    return TOO_LONG, {"limit": f"{longest_s() / 60:g}", "stage": stage}


def hold(stage: Callable[[], str], over: Callable[[str, Mapping[str, object]], None]) -> threading.Event:
    """Watch this process in a thread; `over` is called once, with why, when it takes too much. The event ends it.

    An allocation far beyond the limit fails at once (MemoryError) instead of filling the machine, where the system can.
    """
    limit_mb, limit_s = memory_mb(), longest_s()
    if limit_mb:
        processes.bound_memory(limit_mb + _SLACK_MB)
    done, began = threading.Event(), time.monotonic()

    def look() -> None:
        while not done.wait(LOOK_EVERY_S):
            if limit_mb and used_mb() > limit_mb:
                over(*too_large(stage()))
                return
            if time.monotonic() - began > limit_s:
                over(*too_long(stage()))
                return

    threading.Thread(target=look, name="limits", daemon=True).start()
    return done


def used_mb() -> float:
    """Memory in MB that this process and those it started hold for themselves; files mapped into it do not count."""
    if (_PROC / "self/status").exists():
        return sum(map(_own_kb, processes.tree(os.getpid()))) / 1024
    try:
        import resource
    except ImportError:
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1024)


def _own_kb(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = (_PROC / f"{pid}/status").read_text("ascii", "replace").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon:", "RssShmem:")))
    return 0


def _there_mb() -> float:
    """Memory of this computer, or of this container where it has less; 0 where the system does not tell."""
    there = 0.0
    with contextlib.suppress(AttributeError, ValueError, OSError):
        there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 20)
    with contextlib.suppress(OSError, ValueError):
        bound = int(_CGROUP.read_text("ascii")) / (1 << 20)
        there = min(there, bound) if there else bound
    return there
