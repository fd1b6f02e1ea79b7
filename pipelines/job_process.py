"""The child process that does one job: how it is started, what it inherits, and where its words go."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pipelines import job_keys, settings

_MAX_LOGS = 100


def log_path(job_id: str) -> Path:
    """Where a job's worker writes what it prints."""
    return settings.home() / "logs" / f"{job_id}.log"


def start(job_id: str, keys: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a worker for a job. It inherits this process's environment; typed keys go into its standard input alone.

    A process's environment and arguments can be read by others of the same user, and are inherited by what it starts. A
    worker of a person's job takes the server's keys out of its own (embed.keys.withheld) for as long as the job lasts.
    """
    log = log_path(job_id)
    log.parent.mkdir(exist_ok=True)
    root = str(Path(__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "REVIEWSCAPE_HOME": str(settings.home()), "PYTHONPATH": os.pathsep.join(paths)}
    _trim_logs(log.parent)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own module, an id of our own making)
            [sys.executable, "-m", "pipelines.worker", job_id],
            stdin=subprocess.PIPE if keys else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,
        )
    if process.stdin is not None:
        job_keys.send(keys, process.stdin)
    return process


def _trim_logs(folder: Path) -> None:
    with contextlib.suppress(OSError):
        logs = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
        for old in logs[:-_MAX_LOGS]:
            old.unlink(missing_ok=True)
