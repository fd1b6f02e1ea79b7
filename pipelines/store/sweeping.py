"""The library put in order: what a crash left is removed or found again, what was deleted for good goes."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from pipelines import settings
from pipelines.store import acting, catalog, durable, history, journal
from pipelines.store.history import BUNDLES, History

_EMPTY_KEPT = timedelta(days=2)
"""An analysis that never got a bundle is swept after this: its job failed, was cancelled and was not resumed."""


@acting.acting_as(acting.ALL)
def sweep(*, now: datetime | None = None) -> list[str]:
    """Put the library in order at start: what a crash left, what was deleted for good; returns what was done, by id."""
    done = [f"removed {path.name}" for path in durable.sweep_temps(catalog.home())]
    for analysis_id in catalog.analysis_ids():
        folder = catalog.home() / analysis_id
        done += [f"removed {analysis_id}/{path.name}" for path in durable.sweep_temps(folder)]
        done += [f"removed {analysis_id}/{path.name}" for path in durable.sweep_temps(folder / BUNDLES)]
        for bundle_id in history.unpublished(folder):
            journal.published(folder, bundle_id, now)
            done.append(f"found {analysis_id}/{bundle_id}")
        read = history.read(folder)
        if _is_gone(read, now) or _is_abandoned(read, now):
            _remove(folder)
            done.append(f"removed {analysis_id}")
    catalog.check()
    return done


def is_expired(deleted_at: str, now: datetime | None) -> bool:
    """Whether what was deleted then (ISO 8601, "" for never) cannot be brought back any more."""
    if not deleted_at:
        return False
    age = (now or durable.now_utc()) - datetime.fromisoformat(deleted_at)
    return age > timedelta(days=settings.get_int("undo_days"))


def _is_gone(read: History, now: datetime | None) -> bool:
    # A line that cannot be read may have brought it back.
    return is_expired(read.deleted, now) and not read.damaged


def _is_abandoned(read: History, now: datetime | None) -> bool:
    if read.bundles or not read.created or read.damaged:
        return False
    return (now or durable.now_utc()) - datetime.fromisoformat(read.created) > _EMPTY_KEPT


def _remove(folder: Path) -> None:
    """In two steps, so that a crash never leaves half an analysis under its id."""
    temp = durable.temp_beside(folder)
    folder.rename(temp)
    durable.sync_dir(folder.parent)
    shutil.rmtree(temp, ignore_errors=True)
