"""Processes: whether one that a record names still runs, those it started, and what it may take."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

_PROC = Path("/proc")


def place() -> str:
    """Where process ids mean what they say: this host since its start, and this container's own numbering."""
    parts = [socket.gethostname()]
    with contextlib.suppress(OSError):
        parts.append((_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip())
    with contextlib.suppress(OSError):
        parts.append(str((_PROC / "self/ns/pid").readlink()))
    return "|".join(parts)


def shares_kernel(other: str) -> bool:
    """Whether a place is on this kernel, perhaps in another container: a lock that is held there is seen here."""
    here, there = place().split("|"), other.split("|")
    return len(here) == len(there) == 3 and here[1] == there[1]


def can_tell() -> bool:
    """Whether this system says when a process started; elsewhere only its heartbeat tells."""
    return (_PROC / "self/stat").exists()


def started(pid: int) -> str:
    """When the process began, in the kernel's clock ticks; "" when it is gone or only waits to be collected."""
    try:
        stat = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return ""
    # The name, in brackets, may hold brackets and spaces itself: what follows the last one is regular.
    fields = stat.rpartition(b")")[2].split()
    return "" if len(fields) < 20 or fields[0] in (b"Z", b"X") else fields[19].decode("ascii")


def tree(pid: int) -> list[int]:
    """A process and its descendants, where the system tells; that process alone elsewhere."""
    found, position = [pid], 0
    while position < len(found):
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            for children in (_PROC / f"{found[position]}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
        position += 1
    return found


def kill_group(pid: int, since: str) -> bool:
    """Kill a process and those that it started, if it is still the one that began at `since`; whether it was."""
    if sys.platform == "win32" or not since or started(pid) != since:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
        return True
    return False


def step_back(niceness: int) -> None:
    """Let everything else on the machine go first: the processor, and with it the disk (Linux derives that from it).

    A process that leads a session of its own is in a group of its own too where the kernel groups by session (Linux,
    autogroup): its niceness then counts inside the group alone, and the group's is what others feel.
    """
    with contextlib.suppress(AttributeError, OSError):
        # Not os.nice, which adds: a worker that another one started has that one's already.
        os.setpriority(os.PRIO_PROCESS, 0, max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))
    with contextlib.suppress(OSError):
        (_PROC / "self/autogroup").write_text(str(niceness), "ascii")


def bound_memory(megabytes: int, *, for_good: bool = False) -> None:
    """Allocation beyond the limit fails in this process instead of filling the machine, where the system can.

    for_good: it cannot raise the limit again. No dump of the process is written: it would hold what people wrote.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        # Writable memory, not address space: libraries reserve much more of that than they use.
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = megabytes << 20
        most = wanted if hard < 0 else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most if for_good else hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
