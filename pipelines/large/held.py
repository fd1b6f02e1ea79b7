"""Who uses a folder of parts: each run holds it by a shared lock until its process ends, and the last one clears it.

Two runs of equal vectors share the parts, and one must not remove what the other goes on with.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_LOCK = ".held"
_descriptors: dict[Path, int] = {}


def hold(folder: Path) -> None:
    """Make the folder where it is not there, and hold it; again and again is as good as once."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        if sys.platform == "win32" or _is_held(folder):
            return
        try:
            descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:
            # Cleared in this instant.
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        except OSError:
            # A file system without locks: nobody can be asked.
            os.close(descriptor)
            return
        _let_go(folder)
        _descriptors[folder] = descriptor


def clear(folder: Path) -> None:
    """Let go of the folder, and remove it where nobody else holds it."""
    _let_go(folder)
    with contextlib.ExitStack() as stack:
        if sys.platform != "win32":
            try:
                lock = stack.enter_context((folder / _LOCK).open("rb+"))
                fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                return
            except OSError:
                # Nobody has ever held it, or there are no locks.
                pass
        # Under another name first: who comes meanwhile finds none of the parts, instead of some.
        gone = folder.with_name(f".{folder.name[:32]}.{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            folder.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)


def _is_held(folder: Path) -> bool:
    """Whether this process holds the folder that is there now: it may have been removed and made anew."""
    try:
        return folder in _descriptors and os.path.samestat(os.fstat(_descriptors[folder]), (folder / _LOCK).stat())
    except OSError:
        return False


def _let_go(folder: Path) -> None:
    descriptor = _descriptors.pop(folder, None)
    if descriptor is not None:
        os.close(descriptor)
