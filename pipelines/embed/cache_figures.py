"""What the embedding cache holds and how it served, told without opening it for writing; and clearing it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines import settings
from pipelines.embed.cache import BUSY_TIMEOUT_MS, RUNS_COUNTED
from pipelines.errors import N_, UnusableInput
from pipelines.store import database

_PATIENCE_S = 2.0
"""A page does not wait longer for a run that is writing."""


@dataclass(frozen=True)
class CacheFigures:
    """texts kept; bytes on disk, set-aside damage included; the bound; hits and misses of the last `runs` runs.

    state: empty (no file, or nothing in it), sound, busy (a run is writing: the counts are not known), damaged.
    """

    state: Literal["empty", "sound", "busy", "damaged"]
    bytes: int
    bound_bytes: int
    texts: int = 0
    hits: int = 0
    misses: int = 0
    runs: int = 0

    @property
    def hit_rate(self) -> float | None:
        """Share of the texts asked for that were there; None before the first was."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


def figures(path: Path) -> CacheFigures:
    """The figures of the cache in the file `path`; a missing one is empty. Creates and changes nothing."""
    size, bound = _size(path), settings.get_int("cache_max_mb") * 2**20
    if not path.is_file():
        return CacheFigures("empty", size, bound)
    try:
        with _reading(path) as db:
            texts = int(db.execute("SELECT count(*) FROM vectors").fetchone()[0])
            counted = dict(db.execute("SELECT name, value FROM counters").fetchall())
    except database.DAMAGE_RAISES as error:
        return CacheFigures("damaged" if database.is_damage(error) else "busy", size, bound)
    last = int(counted.get("run", 0))
    runs = [run for run in range(last - RUNS_COUNTED + 1, last + 1) if f"hits {run}" in counted]
    return CacheFigures(
        "sound" if texts else "empty",
        size,
        bound,
        texts,
        hits=sum(int(counted[f"hits {run}"]) for run in runs),
        misses=sum(int(counted.get(f"misses {run}", 0)) for run in runs),
        runs=len(runs),
    )


def clear(path: Path) -> None:
    """Forget every vector and give the space back; runs under way go on and keep what they embed from here on.

    Raises UnusableInput where the file is in use for too long or may not be written.
    """
    try:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ".damaged").unlink()
        if path.is_file():
            _empty(path)
    except (OSError, *database.DAMAGE_RAISES) as error:
        if isinstance(error, database.DAMAGE_RAISES) and database.is_damage(error):
            # Nothing in it can be read by a run either.
            path.unlink(missing_ok=True)
            return
        raise UnusableInput(
            N_("The stored vectors in {path} could not be cleared ({error}). Try again in a minute."),
            path=path,
            error=str(error),
        ) from error


def _empty(path: Path) -> None:
    # Never deleted as a file: a run that holds it open would go on writing into what nobody finds again.
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
    try:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM vectors")
        db.execute("COMMIT")
        db.execute("VACUUM")
    finally:
        db.close()


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_S)
    try:
        yield db
    finally:
        db.close()


def _size(path: Path) -> int:
    total = 0
    for name in (path.name, path.name + "-journal", path.name + ".damaged"):
        with contextlib.suppress(OSError):
            total += path.with_name(name).stat().st_size
    return total
