"""The queue of analyses: jobs.db keeps what was asked for and how far it is, `pump` starts workers for it.

Whoever acts finds, stops and resumes their own jobs alone (`job_owners`). Order is that of the rows as they were
written (rowid), whatever a clock says.
queued ──pump──▶ running ──▶ done | failed | cancelled
                    └─ its process is gone ──▶ interrupted ──resume──▶ queued
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from pipelines import (
    job_alive,
    job_damage,
    job_keys,
    job_limits,
    job_owners,
    job_process,
    job_row,
    processes,
    settings,
)
from pipelines.checkpoints import digest
from pipelines.embed import hardware
from pipelines.errors import N_, UnusableInput
from pipelines.job_alive import CANCELLED, DONE, FAILED, INTERRUPTED, QUEUED, RUNNING
from pipelines.job_row import Job, to_job
from pipelines.store import database, durable, space

SCHEMA_VERSION = 1
_TURN_EVERY_S = 1.0
KEPT_ENDED = 1_000
"""So many jobs that came to an end are remembered; not those of so many days, since a clock can be wrong by years."""
_SCHEMA = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, spec TEXT NOT NULL, state TEXT NOT NULL, attempt INTEGER NOT NULL,
    stage TEXT NOT NULL DEFAULT '', done REAL NOT NULL DEFAULT 0, total REAL NOT NULL DEFAULT 0, rate REAL,
    note TEXT NOT NULL DEFAULT '', percent REAL NOT NULL DEFAULT 0, texts REAL, embedded REAL,
    created REAL NOT NULL, started REAL, finished REAL, updated REAL NOT NULL, cancel_at REAL,
    pid INTEGER, pid_start TEXT, place TEXT, error TEXT, analysis_id TEXT, bundle TEXT);
CREATE INDEX jobs_by_state ON jobs (state, created);
CREATE INDEX jobs_by_digest ON jobs (digest, state)
"""
T = TypeVar("T")
_log = logging.getLogger(__name__)


def submit(spec: Mapping[str, object], *, keys: Mapping[str, str] | None = None, start: bool = True) -> str:
    """Queue an analysis and return its job id; the same spec waiting or running is not queued twice.

    spec: plain values, as the worker's runner takes them. keys: variable → key, typed into a session; of these the
    ones named in spec["keys"] reach the worker, through memory and a pipe alone. start: pump at once.
    Raises UnusableInput as job_owners.owned does.
    """
    spec = job_owners.owned(spec)
    text = durable.json_bytes(spec).decode("utf-8")
    wanted = digest(text)

    def work(connection: sqlite3.Connection) -> str:
        with database.transaction(connection):
            _reap(connection)
            same = _active_with(connection, wanted)
            if same is not None:
                return same
            now, job_id = time.time(), secrets.token_hex(8)
            connection.execute(
                "DELETE FROM jobs WHERE rowid IN (SELECT rowid FROM jobs WHERE state IN (?, ?, ?)"
                " ORDER BY rowid DESC LIMIT -1 OFFSET ?)",
                (DONE, FAILED, CANCELLED, KEPT_ENDED),
            )
            connection.execute(
                "INSERT INTO jobs (id, digest, spec, state, attempt, created, updated) VALUES (?, ?, ?, ?, 1, ?, ?)",
                (job_id, wanted, text, QUEUED, now, now),
            )
        return job_id

    job_id = use(work)
    if job_keys.lacking(job_id, spec):
        job_keys.hold(job_id, spec, keys or {})
    if start:
        _pump_for(job_id)
    return job_id


def get(job_id: str) -> Job | None:
    """The job as it stands now; None when there is no such."""

    def work(connection: sqlite3.Connection) -> Job | None:
        _settle(connection)
        row = connection.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return None if row is None or not job_owners.is_own(row["spec"]) else to_job(connection, row)

    return use(work)


def list_active() -> list[Job]:
    """Jobs that wait or run, oldest first."""
    return _list("state IN (?, ?) ORDER BY rowid", QUEUED, RUNNING)


def list_interrupted() -> list[Job]:
    """Jobs whose worker is gone and that `resume` would bring back, newest first."""
    return _list("state = ? ORDER BY rowid DESC", INTERRUPTED)


def list_recent(limit: int = 20) -> list[Job]:
    """Jobs of any state, newest first."""
    return _list("1 ORDER BY rowid DESC LIMIT ?", limit)


def cancel(job_id: str) -> None:
    """Ask a job to stop: one that waits or was interrupted is cancelled at once, a running one at its next step."""

    def work(connection: sqlite3.Connection) -> None:
        now = time.time()
        with database.transaction(connection):
            row = connection.execute("SELECT spec FROM jobs WHERE id = ?", (job_id,)).fetchone()
            if row is None or not job_owners.is_own(row["spec"]):
                return
            connection.execute(
                "UPDATE jobs SET state = ?, finished = ? WHERE id = ? AND state IN (?, ?)",
                (CANCELLED, now, job_id, QUEUED, INTERRUPTED),
            )
            connection.execute(
                "UPDATE jobs SET cancel_at = coalesce(cancel_at, ?) WHERE id = ? AND state = ?", (now, job_id, RUNNING)
            )

    use(work)
    _let_go(job_id)


def resume(job_id: str, *, keys: Mapping[str, str] | None = None, start: bool = True) -> str:
    """Queue an interrupted, failed or cancelled job again; finished stages and embedded texts are not done anew.

    keys: as `submit` takes them; without those that it names the job waits until `give_keys` brings them. Returns its
    id, or that of a job with the same spec that waits or runs already; raises UnusableInput when there is no such job.
    """

    def work(connection: sqlite3.Connection) -> str:
        with database.transaction(connection):
            _reap(connection)
            row = connection.execute("SELECT digest, state, spec FROM jobs WHERE id = ?", (job_id,)).fetchone()
            if row is None or not job_owners.is_own(row["spec"]):
                raise UnusableInput(N_("There is no job {id} any more. Start the analysis again."), id=job_id)
            same = _active_with(connection, row["digest"])
            if same is not None or row["state"] == DONE:
                return same or job_id
            connection.execute(
                "UPDATE jobs SET state = ?, attempt = attempt + 1, stage = '', done = 0, total = 0, rate = NULL,"
                " note = '', percent = 0, texts = NULL, embedded = NULL, started = NULL, finished = NULL, updated = ?,"
                " cancel_at = NULL, pid = NULL, pid_start = NULL, place = NULL, error = NULL WHERE id = ?",
                (QUEUED, time.time(), job_id),
            )
        return job_id

    resumed = use(work)
    give_keys(resumed, keys or {}, start=start)
    return resumed


def lacks_keys(job: Job) -> tuple[str, ...]:
    """Variables whose keys were typed for a job that waits or could go on, and that this process does not have.

    So it is after the server was started anew: nobody starts the job before `give_keys`.
    """
    return () if job.state in (RUNNING, DONE) else job_keys.lacking(job.id, job.spec)


def give_keys(job_id: str, keys: Mapping[str, str], *, start: bool = True) -> None:
    """Hand in the keys that a job lacks (variable → key), and pump."""
    job = get(job_id)
    if job is not None and job.state == QUEUED:
        job_keys.hold(job_id, job.spec, keys)
    if start:
        _pump_for(job_id)


def pump() -> list[str]:
    """Start queued jobs while workers are free, and mark those whose process is gone; returns the ids started.

    A job that needs typed keys is left to the process that has them.
    """
    started = []
    while (job_id := use(_claim)) is not None:
        _start_worker(job_id)
        started.append(job_id)
    return started


def use(work: Callable[[sqlite3.Connection], T]) -> T:
    """Run `work` on jobs.db; a damaged one is set aside and begun anew."""
    path = settings.home() / "jobs.db"
    try:
        return _on(path, work)
    except database.DAMAGE_RAISES as error:
        if isinstance(error, sqlite3.DatabaseError) and database.is_unwritable(error):
            return job_damage.without_writing(path, _SCHEMA, work, error)
        if not database.is_damage(error):
            raise
    with path.with_suffix(".lock").open("wb") as lock, durable.locked(lock.fileno()):
        try:
            # Another process may have begun it anew meanwhile, and been given a job.
            return _on(path, work)
        except database.DAMAGE_RAISES as error:
            if not database.is_damage(error):
                raise
            _log.warning("jobs.db is damaged (%s): begun anew", type(error).__name__)
            database.set_aside(path)
            return _on(path, work, is_anew=True)


def _on(path: Path, work: Callable[[sqlite3.Connection], T], *, is_anew: bool = False) -> T:
    with database.opened(path, schema=_SCHEMA, schema_version=SCHEMA_VERSION) as connection:
        if is_anew:
            job_damage.take_over(path, connection)
        else:
            job_damage.settle_damaged(path, connection)
        return work(connection)


def _pump_for(job_id: str) -> None:
    """Pump; where a job waits for its turn with keys that only this process has, no worker that ends can start it."""
    if job_id not in pump() and job_id in job_keys.ids():
        threading.Thread(target=_wait_for_turn, args=(job_id,), name=f"turn-{job_id}", daemon=True).start()


def _wait_for_turn(job_id: str) -> None:
    while (job := get(job_id)) is not None and job.state == QUEUED and not lacks_keys(job):
        if job_id in pump():
            return
        time.sleep(_TURN_EVERY_S)


def _claim(connection: sqlite3.Connection) -> str | None:
    workers = settings.get_int("workers") or hardware.real_cores()
    with database.transaction(connection):
        _reap(connection)
        running = connection.execute("SELECT count(*) FROM jobs WHERE state = ?", (RUNNING,)).fetchone()[0]
        if running >= workers:
            return None
        waiting = connection.execute("SELECT id, spec FROM jobs WHERE state = ? ORDER BY rowid", (QUEUED,)).fetchall()
        row = next((row for row in waiting if not job_keys.lacking(row["id"], json.loads(row["spec"]))), None)
        if row is None:
            return None
        now = time.time()
        connection.execute(
            "UPDATE jobs SET state = ?, started = ?, updated = ?, pid = NULL WHERE id = ?",
            (RUNNING, now, now, row["id"]),
        )
    return row["id"]


def _start_worker(job_id: str) -> None:
    keys = job_keys.held(job_id)
    try:
        process = job_process.start(job_id, keys)
    except OSError as error:
        template = N_("No process could be started for it: {error}. Close other programs, then go on.")
        why = job_row.failed(template, {"error": str(error.strerror)}, type(error).__name__)
        use(lambda connection: _not_started(connection, job_id, why))
        return
    # Collected when it ends, so that a long-lived server gathers no zombies.
    threading.Thread(target=_collect, args=(process, job_id, keys), name=f"wait-{job_id}", daemon=True).start()
    use(lambda connection: set_process(connection, job_id, process.pid))


def _collect(process: subprocess.Popen[bytes], job_id: str, keys: Mapping[str, str]) -> None:
    code = process.wait()
    if keys:
        _let_go(job_id, keys)
    if code < 0:
        # A worker starts the next one as its last act; this one was killed, and nobody may be looking at a page.
        pump()


def _not_started(connection: sqlite3.Connection, job_id: str, why: str) -> None:
    connection.execute(
        "UPDATE jobs SET state = ?, finished = ?, error = ? WHERE id = ? AND state = ? AND pid IS NULL",
        (FAILED, time.time(), why, job_id, RUNNING),
    )


def _let_go(job_id: str, only: Mapping[str, str] | None = None) -> None:
    """Forget the keys of a job that ended; an interrupted one may go on with them."""
    if job_id in job_keys.ids():
        job = get(job_id)
        if job is None or job.state in (DONE, FAILED, CANCELLED):
            job_keys.forget(job_id, only)


def set_process(connection: sqlite3.Connection, job_id: str, pid: int) -> bool:
    """Note which process runs a job; False when the job does not run, or another process does it."""
    cursor = connection.execute(
        "UPDATE jobs SET pid = ?, pid_start = ?, place = ?, updated = ?"
        " WHERE id = ? AND state = ? AND (pid IS NULL OR pid = ?)",
        (pid, processes.started(pid), processes.place(), time.time(), job_id, RUNNING, pid),
    )
    return cursor.rowcount == 1


def announce(job_id: str, analysis_id: str, bundle: Path) -> None:
    """Say which bundle a running job has published so far (a draft), so that a page can show it before the job ends."""

    def work(connection: sqlite3.Connection) -> None:
        with database.transaction(connection):
            connection.execute(
                "UPDATE jobs SET analysis_id = ?, bundle = ? WHERE id = ? AND state = ?",
                (analysis_id, str(bundle), job_id, RUNNING),
            )

    use(work)


def _settle(connection: sqlite3.Connection) -> None:
    """`_reap` where there is something to do: a page that only looks takes no write lock."""
    running = connection.execute("SELECT * FROM jobs WHERE state = ?", (RUNNING,)).fetchall()
    longest_s = job_limits.longest_s()
    if any(job_alive.verdict(row, longest_s) is not None for row in running) and not space.is_read_only():
        try:
            with database.transaction(connection):
                _reap(connection)
        except sqlite3.OperationalError as error:
            # A full disk: what is there can be looked at, and is settled once there is room.
            if not database.is_unwritable(error):
                raise


def _reap(connection: sqlite3.Connection) -> None:
    """Inside a transaction: settle running jobs whose worker is gone, or does not stop though it was asked to."""
    for row in connection.execute("SELECT * FROM jobs WHERE state = ?", (RUNNING,)).fetchall():
        verdict = job_alive.verdict(row, job_limits.longest_s())
        if verdict is None:
            continue
        if row["pid"] is not None and row["place"] == processes.place():
            processes.kill_group(row["pid"], row["pid_start"])
        error = job_row.failed(*job_limits.too_long(row["stage"])) if verdict == FAILED else None
        connection.execute(
            "UPDATE jobs SET state = ?, finished = ?, error = ? WHERE id = ?", (verdict, time.time(), error, row["id"])
        )


def _active_with(connection: sqlite3.Connection, wanted: str) -> str | None:
    row = connection.execute(
        "SELECT id FROM jobs WHERE digest = ? AND state IN (?, ?) AND cancel_at IS NULL", (wanted, QUEUED, RUNNING)
    ).fetchone()
    return None if row is None else row["id"]


def _list(where: str, *values: object) -> list[Job]:
    where, values = job_owners.only_own(where, values)

    def work(connection: sqlite3.Connection) -> list[Job]:
        _settle(connection)
        rows = connection.execute(f"SELECT * FROM jobs WHERE {where}", values).fetchall()  # noqa: S608  (fixed texts)
        return [to_job(connection, row) for row in rows]

    return use(work)
