"""The embedding cache: no text is embedded twice by the same model, not after a crash either.

One SQLite file. A row is a vector under sha256(identity + text), with a checksum; a row that does not read back whole
is a miss, a file that is no database is set aside. Each `put` is one durable transaction. The journal is DELETE:
SQLite before 3.51.3 can lose a WAL. A cache serves and never stops a run: where the disk is full or may not be
written, what is kept is read and nothing is added.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

import numpy as np

from pipelines import settings
from pipelines.embed.base import identity_digest
from pipelines.store import database
from pipelines.types import FloatArray

log = logging.getLogger(__name__)

BUSY_TIMEOUT_MS = 30_000
RUNS_COUNTED = 20
"""Hits and misses are kept for so many runs."""

_VERSION = 1
_OVER_KEY_TOO = 1 << 32
"""Added to a row's checksum that is over its key and its vector."""
_ASK_AT_ONCE = 500
_FREE_PAGES = 32
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
        self._told = (0, 0)
        self._is_kept = True
        self._db = self._opened()

    def __enter__(self) -> VectorCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, identity: Mapping[str, object], texts: Sequence[str], salt: bytes = b"") -> dict[int, FloatArray]:
        """Index in `texts` → vector, for those kept and whole. `salt`: what else decides the bits.

        A look-up with a salt is the second one for its texts: what it finds was counted as missed before.
        """
        index_of = _places(identity, texts, salt)
        found = self._found(index_of)
        self._hits += len(found)
        self._misses += -len(found) if salt else len(texts) - len(found)
        self._touch([key for key, i in index_of.items() if i in found])
        return found

    def peek(self, identity: Mapping[str, object], texts: Sequence[str]) -> set[int]:
        """The indices that `get` would find; leaves no trace, neither in what is counted nor in what was used last."""
        return set(self._found(_places(identity, texts)))

    def put(self, identity: Mapping[str, object], texts: Sequence[str], vectors: FloatArray, salt: bytes = b"") -> None:
        """Keep a vector per text, durably, in one transaction. A cache that cannot be written is told and left."""
        prefix = identity_digest(identity) + salt
        rows = []
        for text, vector in zip(texts, np.asarray(vectors, dtype="<f4"), strict=True):
            blob = vector.tobytes()
            key = _key(prefix, text)
            rows.append((key, self._run, _checksum(key, blob), blob))

        def work() -> None:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)
            self._evict()

        self._write(work)
        self._give_back()

    def stats(self) -> CacheStats:
        """What is kept, and how it served."""
        texts = self._db.execute("SELECT count(*) FROM vectors").fetchone()[0]
        return CacheStats(texts, self._bytes(), self._hits, self._misses)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        with contextlib.suppress(sqlite3.ProgrammingError):
            if self._told != (self._hits, self._misses):
                self._write(lambda: None)
        self._db.close()

    def _opened(self) -> sqlite3.Connection:
        """The file; a damaged one set aside and begun anew; one that cannot be written read only, or left alone."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return self._open()
        except (OSError, *database.DAMAGE_RAISES, database.NewerFormat) as error:
            if isinstance(error, database.DAMAGE_RAISES) and database.is_damage(error):
                return self._begun_anew(error)
            return self._without_writing(error)

    def _open(self) -> sqlite3.Connection:
        # One user at a time holds a cache, but a job's thread need not be the one that opened it.
        db = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("PRAGMA synchronous = FULL")
            if _version(db) == 0:
                # Not in a file that is there: it would be a write, for which a mere look would wait.
                db.execute("PRAGMA auto_vacuum = INCREMENTAL")
                with _transaction(db):
                    for statement in _SCHEMA.split(";"):
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {_VERSION}")
            database.refuse_newer(self.path, _version(db), _VERSION)
            if _version(db) != _VERSION:
                raise sqlite3.DatabaseError(f"cache version {_version(db)}")
        except (*database.DAMAGE_RAISES, database.NewerFormat):
            db.close()
            raise
        return db

    def _begun_anew(self, error: Exception) -> sqlite3.Connection:
        log.warning("the embedding cache %s is no sound database (%s): set aside", self.path.name, type(error).__name__)
        try:
            database.set_aside(self.path)
            return self._open()
        except (OSError, *database.DAMAGE_RAISES, database.NewerFormat) as again:
            return self._without_writing(again)

    def _without_writing(self, error: Exception) -> sqlite3.Connection:
        """The file to read, else an empty cache in its place; a run goes on, and keeps nothing."""
        log.warning("the embedding cache %s cannot be written (%s): nothing is added to it", self.path.name, error)
        self._is_kept = False
        try:
            db = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            if _version(db) == _VERSION:
                return db
            db.close()
        except (OSError, *database.DAMAGE_RAISES):
            pass
        db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        db.executescript(_SCHEMA)
        return db

    def _failed(self, error: Exception) -> None:
        """After an error in use: a damaged file is set aside, anything else is told; either way the run goes on."""
        if self._is_kept and database.is_damage(error):
            self._db.close()
            self._db = self._begun_anew(error)
        else:
            log.warning("the embedding cache %s failed: %s", self.path.name, error)

    @cached_property
    def _run(self) -> int:
        """A number that grows with each run that uses vectors or adds some: the clock of "least recently used"."""
        try:
            if self._is_kept:
                with _transaction(self._db):
                    self._db.execute(
                        "INSERT INTO counters VALUES ('run', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
                    )
            row = self._db.execute("SELECT value FROM counters WHERE name = 'run'").fetchone()
        except sqlite3.ProgrammingError:
            raise
        except database.DAMAGE_RAISES as error:
            self._failed(error)
            row = None
        return int(row[0]) if row else 1

    def _found(self, index_of: Mapping[bytes, int]) -> dict[int, FloatArray]:
        found: dict[int, FloatArray] = {}
        try:
            for key, checksum, blob in self._select(list(index_of)):
                vector = _read(key, checksum, blob)
                # A damaged index can lead to a row of a key that nobody asked for.
                if vector is not None and key in index_of:
                    found[index_of[key]] = vector
        except database.DAMAGE_RAISES as error:
            self._failed(error)
        return found

    def _select(self, keys: list[bytes]) -> Iterator[tuple[bytes, int, bytes]]:
        for i in range(0, len(keys), _ASK_AT_ONCE):
            some = keys[i : i + _ASK_AT_ONCE]
            marks = ",".join("?" * len(some))
            yield from self._db.execute(f"SELECT key, checksum, vector FROM vectors WHERE key IN ({marks})", some)  # noqa: S608

    def _touch(self, keys: list[bytes]) -> None:
        """Mark as used in this run; many at once, since each transaction waits for the disk."""
        if keys:
            rows = [(self._run, key, self._run) for key in keys]
            self._write(lambda: self._db.executemany("UPDATE vectors SET used = ? WHERE key = ? AND used < ?", rows))

    def _write(self, work: Callable[[], object]) -> None:
        """Do `work` and note hits and misses in one transaction, which costs one wait for the disk."""
        if not self._is_kept:
            return
        told, run = (self._hits, self._misses), self._run
        try:
            with _transaction(self._db):
                work()
                if told != self._told:
                    self._note(run, *told)
        except sqlite3.ProgrammingError:
            raise
        except database.DAMAGE_RAISES as error:
            self._failed(error)
        else:
            self._told = told

    def _note(self, run: int, hits: int, misses: int) -> None:
        rows = [(f"hits {run}", hits), (f"misses {run}", misses)]
        self._db.executemany("INSERT OR REPLACE INTO counters VALUES (?, ?)", rows)
        self._db.execute(
            "DELETE FROM counters WHERE name IN (?, ?)",
            (f"hits {run - RUNS_COUNTED}", f"misses {run - RUNS_COUNTED}"),
        )

    def _evict(self) -> None:
        """Inside a transaction: delete the least recently used until a tenth of the bound is free."""
        if self._bytes() <= self._max_bytes:
            return
        # Vectors differ in size, so the share to delete is found by steps.
        while self._bytes() > 0.9 * self._max_bytes:
            texts = self._db.execute("SELECT count(*) FROM vectors").fetchone()[0]
            if not texts:
                break
            surplus = 1 - 0.9 * self._max_bytes / self._bytes()
            self._db.execute(
                "DELETE FROM vectors WHERE key IN (SELECT key FROM vectors ORDER BY used, rowid LIMIT ?)",
                (int(np.ceil(texts * surplus)),),
            )

    def _give_back(self) -> None:
        """Free pages to the system, once they are worth a wait for the disk."""
        try:
            free = int(self._db.execute("PRAGMA freelist_count").fetchone()[0])
            if self._is_kept and free > _FREE_PAGES:
                # As a script, which runs to its end: `execute` would take one step and free one page.
                self._db.executescript("PRAGMA incremental_vacuum")
        except sqlite3.ProgrammingError:
            raise
        except database.DAMAGE_RAISES as error:
            self._failed(error)

    def _bytes(self) -> int:
        """Bytes in use: pages of the file less the free ones."""
        size, pages, free = (
            int(self._db.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_size", "page_count", "freelist_count")
        )
        return size * (pages - free)


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE … COMMIT, rolled back when anything is raised, a COMMIT for which the disk is full included."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _places(identity: Mapping[str, object], texts: Sequence[str], salt: bytes = b"") -> dict[bytes, int]:
    """Key → index of each text."""
    prefix = identity_digest(identity) + salt
    return {_key(prefix, text): i for i, text in enumerate(texts)}


def _key(prefix: bytes, text: str) -> bytes:
    return hashlib.sha256(prefix + text.encode("utf-8", "surrogatepass")).digest()


def _checksum(key: bytes, blob: bytes) -> int:
    """Over the key too: a damaged page of SQLite's index can lead to another text's row, which is whole by itself."""
    return _OVER_KEY_TOO | zlib.crc32(blob, zlib.crc32(key))


def _read(key: bytes, checksum: object, blob: object) -> FloatArray | None:
    """The vector of a row, or None when it is not what was written."""
    if not isinstance(blob, bytes) or not blob or len(blob) % 4 or not isinstance(checksum, int):
        return None
    # Rows of earlier versions, whose sum is over the vector alone, are below the mark.
    if checksum != (_checksum(key, blob) if checksum & _OVER_KEY_TOO else zlib.crc32(blob)):
        return None
    return np.frombuffer(blob, dtype="<f4").astype(np.float32)
