"""Writing that survives a crash: fsync, rename, locks, sums, and the sweep of what a crash left behind."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import json
import math
import os
import re
import secrets
import shutil
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TEMP_NAME = re.compile(r"^\..+\.[0-9a-f]{8}\.tmp$")
ABANDONED_AFTER_S = 86_400
"""Age of a temporary entry that counts as abandoned where a lock cannot tell."""


def now_utc() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def to_iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC with milliseconds; a naive one is taken as UTC."""
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")


def plain(value: object) -> object:
    """`value` as JSON's own types: numpy scalars and arrays unpacked, NaN and infinities as None.

    Raises TypeError for what JSON cannot hold.
    """
    if value is None or isinstance(value, str | bool | int):
        return str(value) if isinstance(value, np.str_) else value
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, date | Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def json_bytes(value: object, *, sort: bool = True, indent: int | None = None) -> bytes:
    """`value` as strict JSON in UTF-8; the same value always gives the same bytes."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(
        plain(value), ensure_ascii=False, allow_nan=False, sort_keys=sort, indent=indent, separators=separators
    )
    # A lone surrogate becomes the \udXXX escape, which is how JSON itself spells it.
    return text.encode("utf-8", "backslashreplace")


def npz_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Arrays as .npz with the same bytes for the same arrays; raises ValueError for what would need pickle."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            # ZipInfo's own date is fixed at 1980, so that no clock enters the bytes.
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(arrays[name]), allow_pickle=False)
    return buffer.getvalue()


def sha256_bytes(data: bytes) -> str:
    """SHA-256 of `data` in hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_file(path: Path) -> None:
    """Flush a closed file's bytes to the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_dir(path: Path) -> None:
    """Flush a folder's entries to the disk, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, data: bytes) -> None:
    """Write `data` and flush it to the disk; the caller syncs the folder."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` at `path` completely or not at all."""
    temp = temp_beside(path)
    try:
        write_file(temp, data)
        temp.replace(path)
    except BaseException:
        temp.unlink(missing_ok=True)
        raise
    sync_dir(path.parent)


def temp_beside(target: Path) -> Path:
    """A fresh hidden name beside `target`, on the same file system, that `sweep_temps` knows."""
    return target.parent / f".{target.name}.{secrets.token_hex(4)}.tmp"


@contextlib.contextmanager
def temp_dir_beside(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target`, held until the block ends; removed unless it was renamed away."""
    temp, held = temp_beside(target), None
    temp.mkdir()
    try:
        while sys.platform != "win32":
            held = os.open(temp, os.O_RDONLY)
            # Where folders cannot be locked, the sweep goes by age.
            with contextlib.suppress(OSError):
                fcntl.flock(held, fcntl.LOCK_SH)
            if temp.exists():
                break
            # A sweep came between making and holding.
            os.close(held)
            temp.mkdir()
        yield temp
    finally:
        if held is not None:
            os.close(held)
        shutil.rmtree(temp, ignore_errors=True)


def sweep_temps(folder: Path) -> list[Path]:
    """Remove temporary entries in `folder` that no live writer holds; returns what was removed."""
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    return [entry for entry in entries if TEMP_NAME.match(entry.name) and _removed_if_abandoned(entry)]


def _removed_if_abandoned(entry: Path) -> bool:
    try:
        if sys.platform != "win32" and entry.is_dir():
            held = os.open(entry, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(entry, ignore_errors=True)
            finally:
                os.close(held)
            return True
        if time.time() - entry.stat().st_mtime <= ABANDONED_AFTER_S:
            return False
        shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink(missing_ok=True)
        return True
    except OSError:
        return False


def is_locked(path: Path, *, shared: bool = False) -> bool | None:
    """Whether a process holds the file by a lock; None where there is no file, or where the system does not tell.

    shared: a shared lock counts too. Two that ask so in one instant may each take the other for a holder.
    """
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if shared else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return False


@contextlib.contextmanager
def locked(descriptor: int) -> Iterator[None]:
    """Hold an open file alone, among threads and processes, until the block ends."""
    if sys.platform == "win32":
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
