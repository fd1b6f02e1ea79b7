"""The catalog kept in memory while catalog.db cannot be written: a full disk, a read-only folder, a newer file.

Bundles and journals make it, as they make the one on the disk: what was acknowledged is shown all the same.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pipelines.store import database

T = TypeVar("T")
_lock = threading.RLock()
_kept: dict[Path, sqlite3.Connection] = {}


def is_used(path: Path) -> bool:
    """Whether the index of `path` is in memory now: it could not be written when it was last tried."""
    return path in _kept


def use(path: Path, schema: str, work: Callable[[sqlite3.Connection], T]) -> T:
    """Run `work` on the index in memory, alone; made empty with `schema` on first use."""
    with _lock:
        if path not in _kept:
            connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            database.make(connection, schema)
            _kept[path] = connection
        return work(_kept[path])


def forget(path: Path) -> None:
    """Let it go: the file can be written again."""
    with _lock:
        if (connection := _kept.pop(path, None)) is not None:
            connection.close()
