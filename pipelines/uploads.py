"""Uploaded files while they are needed: named by their content, removed when no analysis waits for them any more.

A finished bundle holds every row of its upload, so an upload is only what a running or interrupted analysis reads.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines import jobs, settings
from pipelines.store import acting, durable, space

DAY_S = 86_400


def folder() -> Path:
    """Where uploads are."""
    return settings.home() / "uploads"


def keep(content: bytes) -> Path:
    """Store an upload and return its path; the same content twice is one file, with a new time.

    The name that people know a file by is no part of its path: what it is, its content says. Raises UnusableInput
    where it cannot be stored.
    """
    path = folder() / f"{hashlib.sha256(content).hexdigest()}.upload"
    try:
        if path.exists():
            path.touch()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            durable.replace_file(path, content)
    except OSError as error:
        raise space.cannot_save(path.parent, error, len(content)) from error
    return path


def files_of(spec: Mapping[str, Any]) -> list[Path]:
    """What a job of this spec reads: uploads, the person's own vectors, pictures."""
    files = (*spec.get("uploads", ()), spec.get("vectors"), (spec.get("pictures") or {}).get("zip"))
    return [Path(str(file["path"])) for file in files if file]


@acting.acting_as(acting.ALL)
def sweep(*, now_s: float | None = None) -> list[Path]:
    """Remove uploads older than settings.undo_days that no waiting, running or interrupted job names; returns them."""
    waiting = (*jobs.list_active(), *jobs.list_interrupted())
    needed = {str(path) for job in waiting for path in files_of(job.spec)}
    oldest_s = (time.time() if now_s is None else now_s) - settings.get_int("undo_days") * DAY_S
    gone = []
    for path in folder().glob("*") if folder().is_dir() else ():
        if str(path) not in needed and path.stat().st_mtime < oldest_s:
            path.unlink(missing_ok=True)
            gone.append(path)
    return gone
