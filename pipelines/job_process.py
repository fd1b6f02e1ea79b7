"""The child process that does one job: how it is started, what it inherits, and where its words go."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pipelines import job_keys, job_mark, settings

_MAX_LOGS = 100


def start(job_id: str, keys: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a worker for a job. It inherits this process's environment; typed keys go into its standard input alone.

    A process's environment and arguments can be read by others of the same user, and are inherited by what it starts. A
    worker of a person's job takes the server's keys out of its own (embed.keys.withheld) for as long as the job lasts.
    """
    log = job_mark.log_path(job_id)
    log.parent.mkdir(exist_ok=True)
    root = str(Path(__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "REVIEWSCAPE_HOME": str(settings.home()), "PYTHONPATH": os.pathsep.join(paths)}
    job_mark.trim(log.parent, _MAX_LOGS)
    with log.open("ab") as output:
        job_mark.take(output.fileno())
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
