"""Opening the SQLite files of the state folder safely: one way for catalog and jobs."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import N_, UnusableInput

BUSY_TIMEOUT_S = 30.0
_MOST_VERSIONS = 999


class NewerFormat(UnusableInput):
    """A file that a newer version of this program wrote: neither read nor replaced."""


class OlderFormat(sqlite3.DatabaseError):
    """A file of a format that this program writes no more."""


class CannotWrite(UnusableInput, sqlite3.OperationalError):
    """A file cannot be written: full, read-only, or out of reach; for a person and for who catches SQLite's own."""


def has_safe_wal(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset race that can corrupt a file (fixed in 3.51.3, 3.50.7, 3.44.6)."""
    major_minor, patch = version[:2], version[2]
    return version >= (3, 51, 3) or (major_minor == (3, 50) and patch >= 7) or (major_minor == (3, 44) and patch >= 6)


def connect(path: Path, *, schema: str, schema_version: int) -> sqlite3.Connection:
    """Open `path` in autocommit, made with `schema` when new.

    Raises sqlite3.DatabaseError when it is no sound database or of an older schema_version (PRAGMA user_version),
    NewerFormat when it is of a newer one.
    """
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        mode = "WAL" if has_safe_wal(sqlite3.sqlite_version_info) else "DELETE"
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("PRAGMA synchronous=FULL")
        if _version(connection) == 0:
            with transaction(connection):
                # Another process may have made the tables while this one waited for the lock.
                if _version(connection) == 0:
                    make(connection, schema)
                    connection.execute(f"PRAGMA user_version={int(schema_version)}")
        found = _version(connection)
        refuse_newer(path, found, schema_version)
        if found != schema_version:
            raise OlderFormat(f"schema version {found}, expected {schema_version}")
    except BaseException:
        connection.close()
        raise
    return connection


def make(connection: sqlite3.Connection, schema: str) -> None:
    """Run the statements of `schema`."""
    for statement in schema.split(";"):
        connection.execute(statement)


def refuse_newer(path: Path, found: int, known: int) -> None:
    """Raise NewerFormat for a version of a file that this program does not know yet."""
    # A flipped bit of the version is no newer program: nobody ever writes so many.
    if known < found <= _MOST_VERSIONS:
        raise NewerFormat(
            N_(
                "{path} was written by a newer version of Reviewscape (format {found}; this one reads {known})."
                " Update Reviewscape, or name another folder in REVIEWSCAPE_HOME. Nothing was changed."
            ),
            path=str(path),
            found=found,
            known=known,
        )


@contextlib.contextmanager
def opened(path: Path, *, schema: str, schema_version: int) -> Iterator[sqlite3.Connection]:
    """`connect` for the length of a block."""
    connection = connect(path, schema=schema, schema_version=schema_version)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction that takes its lock at the start; rolled back when the block raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextlib.contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read in the block is of one moment, that of the first read; inside a transaction nothing is added."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


_NOT_THE_FILE = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_PERM),
}
_NOT_WRITABLE = {
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
}
DAMAGE_RAISES = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged file can raise; SQLite's own message may hold a piece of the damage."""


def is_damage(error: Exception) -> bool:
    """Whether an error means a damaged file, rather than a busy, full or unreachable one or a mistake in our SQL."""
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_ERROR:
        return any(sign in str(error) for sign in ("no such", "malformed", "unsupported file format"))
    # The low byte is the primary code, the rest says it more precisely.
    return code is None or code & 0xFF not in _NOT_THE_FILE


def is_unwritable(error: Exception) -> bool:
    """Whether an error means a full or read-only disk, or a folder out of reach."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _NOT_WRITABLE


def set_aside(path: Path) -> None:
    """Move a damaged database out of the way, kept as NAME.damaged for whoever wants to look."""
    for suffix in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        path.replace(path.with_name(path.name + ".damaged"))
