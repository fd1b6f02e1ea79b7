"""What is wrong with jobs.db: altered records are named, a queue in a folder that takes nothing can be looked at.

SQLite does not notice an altered value. What a job is to do is under its digest; of the rest, what cannot be is seen.
A record is looked at when a process first opens the file: from then on the bytes are in memory.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import math
import re
import secrets
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pipelines import job_row
from pipelines.checkpoints import digest
from pipelines.errors import N_
from pipelines.job_alive import STATES
from pipelines.store import database, space

_ID = re.compile(r"[0-9a-f]{16}")
_NUMBERS = ("done", "total", "rate", "percent", "texts", "embedded", "created", "started", "finished", "updated", "pid")
_LARGEST = 1e12
_TOLD = N_("The record of this job was damaged on the disk. Start the analysis again from its file.")
_QUEUE_TOLD = N_(
    "The queue of analyses was damaged on the disk and begun anew: {n} of its jobs could be read and are kept. Start"
    " again what is missing; finished analyses are not touched."
)
_REASONS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_checked: set[tuple[Path, int]] = set()
_log = logging.getLogger(__name__)
T = TypeVar("T")


def settle_damaged(path: Path, connection: sqlite3.Connection) -> None:
    """Mark jobs whose record is damaged as failed, with words that say so; once a process and file."""
    which = (path, path.stat().st_ino)
    if which in _checked:
        return
    rows = connection.execute("SELECT rowid AS number, * FROM jobs").fetchall()
    damaged = [row for row in rows if not _is_whole(row)]
    if damaged:
        _log.warning("jobs.db: %d records are damaged: marked as failed", len(damaged))
        with database.transaction(connection):
            for row in damaged:
                _fail(connection, row)
    _checked.add(which)


def take_over(path: Path, connection: sqlite3.Connection) -> None:
    """Into a queue begun anew: the records of the damaged one that can be read, and one that says what happened."""
    kept = 0
    with contextlib.closing(sqlite3.connect(path.with_name(f"{path.name}.damaged"))) as old:
        old.row_factory = sqlite3.Row
        with database.transaction(connection), contextlib.suppress(*database.DAMAGE_RAISES):
            for row in old.execute("SELECT * FROM jobs"):
                kept += _taken(connection, row)
    with database.transaction(connection):
        why = job_row.failed(_QUEUE_TOLD, {"n": kept}, "DamagedJob", 2)
        now = time.time()
        connection.execute(
            "INSERT INTO jobs (id, digest, spec, state, attempt, created, finished, updated, error)"
            " VALUES (?, ?, '{}', 'failed', 1, ?, ?, ?, ?)",
            (secrets.token_hex(8), digest("{}"), now, now, now, why),
        )


def _taken(connection: sqlite3.Connection, row: sqlite3.Row) -> bool:
    known = [column["name"] for column in connection.execute("PRAGMA table_info(jobs)")]
    if not set(known) <= set(row.keys()) or not _is_whole(row):
        return False
    marks = ", ".join("?" * len(known))
    connection.execute(f"INSERT OR IGNORE INTO jobs ({', '.join(known)}) VALUES ({marks})", [row[one] for one in known])  # noqa: S608
    return True


def without_writing(
    path: Path, schema: str, work: Callable[[sqlite3.Connection], T], error: sqlite3.DatabaseError
) -> T:
    """`work` where jobs.db can be neither made nor opened, as on an empty queue; what writes raises CannotWrite."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code == sqlite3.SQLITE_CANTOPEN:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            database.make(connection, schema)
            connection.execute("PRAGMA query_only = ON")
            return work(connection)
        except sqlite3.OperationalError as written:
            error = written
        finally:
            connection.close()
    told = space.cannot_save(path, OSError(_REASONS.get(code, errno.EIO), str(error)))
    raise database.CannotWrite(told.template, **told.values) from error


def _is_whole(row: sqlite3.Row) -> bool:
    try:
        return (
            digest(row["spec"]) == row["digest"]
            and row["state"] in STATES
            and _ID.fullmatch(row["id"]) is not None
            and (row["analysis_id"] is None or _ID.fullmatch(row["analysis_id"]) is not None)
            and isinstance(row["attempt"], int)
            and all(_is_number(row[name]) for name in (*_NUMBERS, "cancel_at") if row[name] is not None)
            and (row["error"] is None or set(json.loads(row["error"])) == {"template", "values", "kind", "exit_code"})
            and isinstance(row["stage"], str)
            and isinstance(row["note"], str)
        )
    except (ValueError, TypeError):
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and 0 <= value < _LARGEST


def _fail(connection: sqlite3.Connection, row: sqlite3.Row) -> None:
    spec = "{}"
    why = job_row.failed(_TOLD, {}, "DamagedJob", 2)
    connection.execute(
        "UPDATE jobs SET spec = ?, digest = ?, state = 'failed', attempt = 1, stage = '', note = '', done = 0,"
        " total = 0, rate = NULL, percent = 0, texts = NULL, embedded = NULL, created = 0, started = NULL,"
        " finished = 0, updated = 0, cancel_at = NULL, pid = NULL, analysis_id = NULL, bundle = NULL, error = ?"
        " WHERE rowid = ?",
        (spec, digest(spec), why, row["number"]),
    )
