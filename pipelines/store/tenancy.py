"""Which server keeps the state folder in order: the one that holds HOME/server.lock, until its process ends.

Two servers may share a folder: journals, bundles and databases are written under locks of their own. What only one
may do, sweeping and purging and making the samples, the holder does. A folder that is read-only has no holder.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines import settings
from pipelines.store import durable

if sys.platform != "win32":
    import fcntl

LOCK = "server.lock"
_held: dict[Path, int] = {}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tenant:
    """What this process is to the state folder; other: host and process of the server that holds it, "" for none."""

    role: Literal["holder", "second", "looker"]
    other: str = ""


def take() -> Tenant:
    """Become the holder where nobody is; a second server beside another; or one that can only look."""
    path = settings.home() / LOCK
    if path in _held:
        return Tenant("holder")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        _log.warning("%s cannot be written (%s): what is there can be looked at", settings.home(), error.strerror)
        return Tenant("looker", _told(path))
    if not _is_locked(descriptor):
        os.close(descriptor)
        other = _told(path)
        _log.warning("another server (%s) uses %s too: it keeps the folder in order", other, settings.home())
        return Tenant("second", other)
    _held[path] = descriptor
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, durable.json_bytes({"host": socket.gethostname(), "pid": os.getpid()}), 0)
    except OSError as error:
        # On a full disk it holds the lock all the same, without its name.
        _log.warning("%s has no name in it: %s", path.name, error.strerror)
    return Tenant("holder")


def leave() -> None:
    """Let go of the folder, as the end of the process does."""
    descriptor = _held.pop(settings.home() / LOCK, None)
    if descriptor is not None:
        os.close(descriptor)


def is_held(home: Path) -> bool:
    """Whether a server holds this state folder: it keeps a lock there until its process ends."""
    return durable.is_locked(home / LOCK) is True


def _is_locked(descriptor: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        # A file system without locks: each server keeps order, as one alone would.
        _log.warning("%s cannot be locked: %s", LOCK, error.strerror)
    return True


def _told(path: Path) -> str:
    try:
        said = json.loads(path.read_bytes())
        return f"{said['host']}, {int(said['pid'])}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
