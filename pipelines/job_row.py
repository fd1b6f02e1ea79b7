"""One job as it stands, read from its row of jobs.db; and why one failed, as that row keeps it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines import estimate
from pipelines.job_alive import QUEUED, RUNNING
from pipelines.store import durable


@dataclass(frozen=True)
class JobError:
    """Why a job failed: a translatable template and its values, the class's name and its exit code."""

    template: str
    values: Mapping[str, Any]
    kind: str
    exit_code: int

    def __str__(self) -> str:
        return self.template.format(**self.values)


@dataclass(frozen=True)
class Job:
    """One job as it stands. Times are seconds since 1970; eta_s seconds left, None while nothing is known.

    ahead: queued jobs before this one. is_cancelling: asked to stop, but still at work.
    """

    id: str
    spec: Mapping[str, Any]
    state: str
    stage: str
    done: float
    total: float
    rate: float | None
    note: str
    percent: float
    eta_s: float | None
    ahead: int
    is_cancelling: bool
    attempt: int
    created: float
    started: float | None
    finished: float | None
    error: JobError | None
    analysis_id: str | None
    bundle: str | None

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (QUEUED, RUNNING)


def failed(template: str, values: Mapping[str, object], kind: str = "ReviewscapeError", exit_code: int = 1) -> str:
    """Why a job failed, as jobs.db keeps it: what `JobError` reads back."""
    shown = {key: value if isinstance(value, bool | int | float) else str(value) for key, value in values.items()}
    return durable.json_bytes({"template": template, "values": shown, "kind": kind, "exit_code": exit_code}).decode(
        "utf-8"
    )


def to_job(connection: sqlite3.Connection, row: sqlite3.Row) -> Job:
    """The job of a row; the connection tells how many wait before it."""
    ahead, eta_s, now = 0, None, time.time()
    if row["state"] == QUEUED:
        ahead = connection.execute(
            "SELECT count(*) FROM jobs WHERE state = ? AND rowid < (SELECT rowid FROM jobs WHERE id = ?)",
            (QUEUED, row["id"]),
        ).fetchone()[0]
    if row["state"] == RUNNING:
        after_s = None if row["embedded"] is None else max(now - row["embedded"], 0.0)
        eta_s = estimate.seconds_left(
            row["stage"], row["done"], row["total"], rate=row["rate"], texts=row["texts"], after_s=after_s
        )
    return Job(
        **{name: row[name] for name in ("id", "state", "stage", "done", "total", "rate", "note", "percent", "attempt")},
        **{name: row[name] for name in ("created", "started", "finished", "analysis_id", "bundle")},
        spec=json.loads(row["spec"]),
        eta_s=eta_s,
        ahead=ahead,
        is_cancelling=row["state"] == RUNNING and row["cancel_at"] is not None,
        error=JobError(**json.loads(row["error"])) if row["error"] else None,
    )
