"""The embedding cache: no text is embedded twice by the same model, not after a crash either.

One SQLite file. A row is a vector under sha256(identity + text), with a checksum; a row that does not read back whole
is a miss, a file that is no database is set aside. Each `put` is one durable transaction. The journal is DELETE:
SQLite before 3.51.3 can lose a WAL.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from pipelines import settings
from pipelines.embed.base import identity_digest
from pipelines.types import FloatArray

log = logging.getLogger(__name__)

BUSY_TIMEOUT_MS = 30_000
_VERSION = 1
_ASK_AT_ONCE = 500
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY, used INTEGER NOT NULL, checksum INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS vectors_used ON vectors (used);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class CacheStats:
    """texts kept, bytes on disk, and this object's hits and misses since it was opened."""

    texts: int
    bytes: int
    hits: int
    misses: int


class VectorCache:
    """Vectors of texts in the file `path`, at most `max_mb` large; the least recently used go first."""

    def __init__(self, path: str | Path, *, max_mb: int | None = None) -> None:
        self.path = Path(path)
        self._max_bytes = (settings.get_int("cache_max_mb") if max_mb is None else max_mb) * 2**20
        self._hits = 0
        self._misses = 0
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._set_aside()
            self._db = self._open()
        self._run = self._next_run()

    def __enter__(self) -> VectorCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, identity: Mapping[str, object], texts: Sequence[str], salt: bytes = b"") -> dict[int, FloatArray]:
        """Index in `texts` → vector, for those kept and whole. `salt`: what else decides the bits."""
        prefix = identity_digest(identity) + salt
        index_of = {_key(prefix, text): i for i, text in enumerate(texts)}
        found: dict[int, FloatArray] = {}
        try:
            for key, checksum, blob in self._select(list(index_of)):
                vector = _read(checksum, blob)
                if vector is not None:
                    found[index_of[key]] = vector
            self._touch([key for key, i in index_of.items() if i in found])
        except sqlite3.DatabaseError as error:
            log.warning("the embedding cache does not read: %s", error)
        self._hits += len(found)
        self._misses += len(texts) - len(found)
        return found

    def put(self, identity: Mapping[str, object], texts: Sequence[str], vectors: FloatArray, salt: bytes = b"") -> None:
        """Keep a vector per text, durably, in one transaction. A cache that cannot be written is told and left."""
        prefix = identity_digest(identity) + salt
        rows = []
        for text, vector in zip(texts, np.asarray(vectors, dtype="<f4"), strict=True):
            blob = vector.tobytes()
            rows.append((_key(prefix, text), self._run, zlib.crc32(blob), blob))
        try:
            with self._transaction():
                self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)
                self._evict()
        except sqlite3.DatabaseError as error:
            log.warning("the embedding cache was not written: %s", error)

    def stats(self) -> CacheStats:
        """What is kept, and how it served."""
        texts = self._db.execute("SELECT count(*) FROM vectors").fetchone()[0]
        return CacheStats(texts, self._bytes(), self._hits, self._misses)

    def clear(self) -> None:
        """Forget every vector and give the space back."""
        with self._transaction():
            self._db.execute("DELETE FROM vectors")
        self._db.execute("VACUUM")

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._db.close()

    def _open(self) -> sqlite3.Connection:
        # One user at a time holds a cache, but a job's thread need not be the one that opened it.
        db = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False)
        try:
            db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("PRAGMA synchronous = FULL")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise sqlite3.DatabaseError(f"cache version {version}")
            db.executescript(_SCHEMA)
            db.execute(f"PRAGMA user_version = {_VERSION}")
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def _set_aside(self) -> None:
        aside = self.path.with_name(self.path.name + ".damaged")
        log.warning("the embedding cache %s is no sound database: set aside as %s", self.path.name, aside.name)
        self.path.replace(aside)
        self.path.with_name(self.path.name + "-journal").unlink(missing_ok=True)

    def _next_run(self) -> int:
        """A number that grows with each opening: the clock of "least recently used"."""
        try:
            with self._transaction():
                self._db.execute(
                    "INSERT INTO counters VALUES ('run', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
                )
        except sqlite3.DatabaseError as error:
            log.warning("the embedding cache cannot be written: %s", error)
        row = self._db.execute("SELECT value FROM counters WHERE name = 'run'").fetchone()
        return int(row[0]) if row else 1

    def _select(self, keys: list[bytes]) -> Iterator[tuple[bytes, int, bytes]]:
        for i in range(0, len(keys), _ASK_AT_ONCE):
            some = keys[i : i + _ASK_AT_ONCE]
            marks = ",".join("?" * len(some))
            yield from self._db.execute(f"SELECT key, checksum, vector FROM vectors WHERE key IN ({marks})", some)  # noqa: S608

    def _touch(self, keys: list[bytes]) -> None:
        """Mark as used in this run; many at once, since each transaction waits for the disk."""
        if keys:
            with self._transaction():
                self._db.executemany(
                    "UPDATE vectors SET used = ? WHERE key = ? AND used < ?",
                    [(self._run, key, self._run) for key in keys],
                )

    def _evict(self) -> None:
        """Inside a transaction: delete the least recently used until a tenth of the bound is free."""
        if self._bytes() <= self._max_bytes:
            return
        texts = self._db.execute("SELECT count(*) FROM vectors").fetchone()[0]
        surplus = 1 - 0.9 * self._max_bytes / self._bytes()
        self._db.execute(
            "DELETE FROM vectors WHERE key IN (SELECT key FROM vectors ORDER BY used, rowid LIMIT ?)",
            (int(np.ceil(texts * surplus)),),
        )
        self._db.execute("PRAGMA incremental_vacuum").fetchall()

    def _bytes(self) -> int:
        """Bytes in use: pages of the file less the free ones."""
        size, pages, free = (
            int(self._db.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_size", "page_count", "freelist_count")
        )
        return size * (pages - free)

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT, rolled back when anything is raised."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._db.in_transaction:
            self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def _key(prefix: bytes, text: str) -> bytes:
    return hashlib.sha256(prefix + text.encode("utf-8", "surrogatepass")).digest()


def _read(checksum: object, blob: object) -> FloatArray | None:
    """The vector of a row, or None when it is not what was written."""
    if not isinstance(blob, bytes) or not blob or len(blob) % 4 or zlib.crc32(blob) != checksum:
        return None
    return np.frombuffer(blob, dtype="<f4").astype(np.float32)
