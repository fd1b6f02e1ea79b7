"""One command in a fresh process, measured: wall and processor seconds, peak memory of the whole process tree."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines import processes
from pipelines.errors import ReviewscapeError

SAMPLE_EVERY_S = 0.2
STDERR_LINES = 12
"""How much of a failed command's stderr is shown."""


class RunFailed(ReviewscapeError):
    """A measured command ended with an error."""


@dataclass(frozen=True)
class Measured:
    """wall_s: from the start of the process to its end. cpu_s: user and system time of it and its children.

    peak_mb: largest resident memory of the process tree, in MB of 10⁶ bytes. stdout: what it printed.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    stdout: str


def measure(command: Sequence[str], *, env: Mapping[str, str], cwd: Path | None = None) -> Measured:
    """Run a command to its end; raises RunFailed with the end of its stderr when it does not return 0."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=dict(env), cwd=cwd)
        sampler = _TreeMemory(process.pid)
        try:
            # wait4 and not Popen.wait: it alone gives the times of this one child.
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            sampled_bytes = sampler.stop()
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            err.seek(0)
            tail = err.read().decode("utf-8", "replace").splitlines()[-STDERR_LINES:]
            raise RunFailed(
                "“{command}” ended with exit code {code}:\n{tail}",
                command=" ".join(command),
                code=process.returncode,
                tail="\n".join(tail),
            )
        out.seek(0)
        stdout = out.read().decode("utf-8", "replace")
    # ru_maxrss also counts what this process held when it forked, so it only stands in where there is no /proc.
    peak_bytes = sampled_bytes or usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Measured(wall_s, usage.ru_utime + usage.ru_stime, peak_bytes / 1e6, stdout)


def resident_bytes(pid: int) -> int:
    """Resident memory of one running process; 0 without /proc."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def cpu_seconds(pid: int) -> float:
    """Processor seconds, user and system, that a running process has used; 0 without /proc."""
    with contextlib.suppress(OSError):
        # The name, in brackets, may hold blanks.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


class _TreeMemory:
    """Samples the resident memory of a process and all below it, in a thread, until stopped; 0 without /proc."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """The largest sum seen, in bytes."""
        self._done.set()
        self._thread.join()
        return self._peak

    def _sample(self) -> None:
        while True:
            # The kernel's own high-water mark of the parent catches what falls between two samples.
            self._peak = max(self._peak, _high_water(self._pid), sum(map(resident_bytes, processes.tree(self._pid))))
            if self._done.wait(SAMPLE_EVERY_S):
                return


def _high_water(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0
