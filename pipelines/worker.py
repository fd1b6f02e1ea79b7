"""`python -m pipelines.worker JOB`: the child process that does one analysis and tells jobs.db how far it is."""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

from pipelines import estimate, job_keys, job_limits, job_mark, job_owners, job_row, jobs, logs, processes
from pipelines.embed import keys as provider_keys
from pipelines.errors import N_, Cancelled, ReviewscapeError
from pipelines.progress import Progress
from pipelines.store import database

DEFAULT_RUNNER = "pipelines.runner:run_job"
RUNNER_VARIABLE = "REVIEWSCAPE_JOB_RUNNER"
"""Names another `module:function` to run jobs with, for tests."""

WRITE_EVERY_S = 0.25
HEARTBEAT_EVERY_S = 5.0
_NICENESS = 10
_log = logging.getLogger(__name__)

Runner = Callable[[Mapping[str, Any], Progress], Mapping[str, Any]]


class JobProgress:
    """A Progress that writes to jobs.db at most every WRITE_EVERY_S, each new stage at once.

    Raises Cancelled when the person asked to stop, the process was told to (`stop`), or the job is no longer its own.
    """

    def __init__(self, job_id: str, attempt: int, stop: threading.Event) -> None:
        self.job_id, self.attempt, self.stop = job_id, attempt, stop
        self.stage = ""
        self._written = self._began = 0.0

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        """Note how far the stage is."""
        if self.stop.is_set():
            raise Cancelled
        now = time.monotonic()
        if stage == self.stage and now - self._written < WRITE_EVERY_S:
            return
        if stage != self.stage:
            self._tell_stage(now)
        self.stage, self._written = stage, now
        try:
            may_go_on = jobs.use(lambda connection: self._write(connection, stage, done, total, rate, note))
        except sqlite3.OperationalError as error:
            # Busy or full: how far it is can wait, the work need not.
            _log.warning("progress could not be written: %s", error)
            return
        if not may_go_on:
            raise Cancelled

    def _tell_stage(self, now: float) -> None:
        """Log that a stage is over, and how long it took."""
        if self.stage:
            logs.event(_log, "job.stage", stage=self.stage, seconds=now - self._began)
        self._began = now

    def _write(
        self, connection: sqlite3.Connection, stage: str, done: float, total: float, rate: float | None, note: str
    ) -> bool:
        now = time.time()
        is_embedding = stage == "embedding"
        is_after = estimate.percent(stage, 0, 1) >= estimate.percent("neighbors", 0, 1)
        with database.transaction(connection):
            connection.execute(
                "UPDATE jobs SET stage = ?, done = ?, total = ?, rate = ?, note = ?,"
                " percent = max(percent, ?), texts = CASE WHEN ? THEN ? ELSE texts END,"
                " embedded = CASE WHEN ? THEN coalesce(embedded, ?) ELSE embedded END, updated = ?"
                " WHERE id = ? AND attempt = ? AND state = ?",
                (
                    *(stage, float(done), float(total), None if rate is None else max(float(rate), 0.0), note),
                    *(estimate.percent(stage, done, total), is_embedding and total > 1, float(total)),
                    *(is_after, now, now, self.job_id, self.attempt, jobs.RUNNING),
                ),
            )
            row = connection.execute(
                "SELECT cancel_at FROM jobs WHERE id = ? AND attempt = ? AND state = ?",
                (self.job_id, self.attempt, jobs.RUNNING),
            ).fetchone()
        return row is not None and row["cancel_at"] is None


def main(arguments: list[str] | None = None) -> int:
    """Do the job whose id is the only argument; returns an exit code as the command line uses them."""
    job_id = (sys.argv[1:] if arguments is None else arguments)[0]
    logs.set_up(job=job_id)
    stop = threading.Event()
    _heed_signals(stop)
    processes.step_back(_NICENESS)
    row = jobs.use(lambda connection: _begin(connection, job_id))
    if row is None:
        _log.warning("not waiting to be done by this process")
        return 1
    progress = JobProgress(job_id, row["attempt"], stop)
    logs.event(_log, "job.started", attempt=row["attempt"])
    threading.Thread(target=_beat, args=(job_id, row["attempt"]), daemon=True).start()
    spec = {**json.loads(row["spec"]), "job_id": job_id}
    # They end with the block: the jobs that are started next inherit none of them.
    typed = provider_keys.given(job_keys.receive(spec, sys.stdin))
    inherited = dict(os.environ)
    held = job_limits.hold(lambda: progress.stage, lambda *why: _end_for(job_id, row["attempt"], inherited, *why))
    with provider_keys.withheld(job_owners.owner(spec)), typed:
        code = _do(job_id, row["attempt"], spec, progress)
    held.set()
    jobs.pump()
    return code


def _end_for(
    job_id: str, attempt: int, inherited: Mapping[str, str], template: str, values: Mapping[str, object]
) -> None:
    """End this process and those it started, wherever they are; the job says why.

    inherited: the environment as the server gave it, keys included, which the next job's worker is to have too.
    """
    _log.error("over its limit (%s): killed in the stage %s", values["limit"], values["stage"])
    ended = {"state": jobs.FAILED, "error": job_row.failed(template, values)}
    # Whatever fails, such as a full disk: the process ends.
    with contextlib.suppress(Exception):
        jobs.use(lambda connection: _end(connection, job_id, attempt, ended))
    with contextlib.suppress(Exception):
        os.environ.update(inherited)
        jobs.pump()
    if not processes.kill_group(os.getpid(), processes.started(os.getpid())):
        os._exit(1)


def _begin(connection: sqlite3.Connection, job_id: str) -> sqlite3.Row | None:
    if not jobs.set_process(connection, job_id, os.getpid()):
        return None
    return connection.execute("SELECT spec, attempt FROM jobs WHERE id = ?", (job_id,)).fetchone()


def _do(job_id: str, attempt: int, spec: Mapping[str, Any], progress: JobProgress) -> int:
    """Run the job and record how it ended."""
    ended: dict[str, object]
    failure: BaseException | None = None
    started = time.monotonic()
    try:
        result = _runner()(spec, progress)
        ended = {"state": jobs.DONE, "analysis_id": result.get("analysis_id"), "percent": 100.0}
        ended["bundle"] = None if result.get("bundle") is None else str(result["bundle"])
        code = 0
    except Cancelled as error:
        ended, code = {"state": jobs.CANCELLED}, error.exit_code
    except ReviewscapeError as error:
        ended, code = _failed(error.template, error.values, error), error.exit_code
        failure = error
    except MemoryError as error:
        ended, code = _failed(*job_limits.no_memory(progress.stage), error), 1
        failure = error
    except Exception as error:  # noqa: BLE001  (whatever it is, the person must see that it ended, and where)
        template = N_("Something went wrong in the stage “{stage}” ({kind}). The log {log} says where. Run it again.")
        values = {"stage": progress.stage, "kind": type(error).__name__, "log": str(job_mark.log_path(job_id))}
        ended, code = _failed(template, values, error), 1
        failure = error
    logs.event(
        _log,
        "job.ended",
        level=logging.ERROR if failure else logging.INFO,
        error=failure,
        state=str(ended["state"]),
        stage=progress.stage,
        seconds=time.monotonic() - started,
    )
    jobs.use(lambda connection: _end(connection, job_id, attempt, ended))
    return code


def _failed(template: str, values: Mapping[str, object], error: BaseException) -> dict[str, object]:
    exit_code = error.exit_code if isinstance(error, ReviewscapeError) else 1
    return {"state": jobs.FAILED, "error": job_row.failed(template, values, type(error).__name__, exit_code)}


def _end(connection: sqlite3.Connection, job_id: str, attempt: int, ended: Mapping[str, object]) -> None:
    names = ", ".join(f"{name} = ?" for name in ended)
    with database.transaction(connection):
        connection.execute(
            f"UPDATE jobs SET {names}, finished = ? WHERE id = ? AND attempt = ? AND state = ?",  # noqa: S608  (our names)
            (*ended.values(), time.time(), job_id, attempt, jobs.RUNNING),
        )


def _runner() -> Runner:
    module, _, function = os.environ.get(RUNNER_VARIABLE, DEFAULT_RUNNER).partition(":")
    return getattr(importlib.import_module(module), function)


def _beat(job_id: str, attempt: int) -> None:
    """Write a sign of life again and again, for systems that do not say whether a process runs."""
    while True:
        time.sleep(HEARTBEAT_EVERY_S)
        with contextlib.suppress(sqlite3.Error):
            jobs.use(
                lambda connection: connection.execute(
                    "UPDATE jobs SET updated = ? WHERE id = ? AND attempt = ? AND state = ?",
                    (time.time(), job_id, attempt, jobs.RUNNING),
                )
            )


def _heed_signals(stop: threading.Event) -> None:
    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)


if __name__ == "__main__":
    sys.exit(main())
