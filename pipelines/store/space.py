"""What a person is told when something cannot be saved: how much is needed, what is free, and what can go."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

from pipelines import settings
from pipelines.errors import N_, UnusableInput

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_MB = 1_000_000


def is_full(error: OSError) -> bool:
    """Whether a disk, a quota or the largest size of a file is what stopped a write."""
    return error.errno in _FULL


def is_read_only() -> bool:
    """Whether the state folder may be looked at only; a full one is not."""
    return not os.access(settings.home(), os.W_OK)


def cannot_save(path: Path, error: OSError, needed_bytes: int = 0) -> UnusableInput:
    """`error`, met while `needed_bytes` were to be written at `path`, as words that say what to do."""
    if is_full(error):
        return _no_space(path, needed_bytes)
    if error.errno in _READ_ONLY:
        return UnusableInput(
            N_(
                "Nothing can be saved at {path}: it is read-only for this program ({reason}). What is there can be"
                " looked at. Make it writable, then try again."
            ),
            path=str(path),
            reason=error.strerror or type(error).__name__,
        )
    return UnusableInput(
        N_("This could not be saved in {path} ({reason}). Free some space or make it writable, then try again."),
        path=str(path),
        reason=error.strerror or type(error).__name__,
    )


def _no_space(path: Path, needed_bytes: int) -> UnusableInput:
    home = settings.home()
    return UnusableInput(
        N_(
            "There is no space left to save this at {path}: about {needed} MB are needed, {free} MB are free. What can"
            " go: the embedding cache ({cache} MB; the page Models clears it), kept stage results ({stages} MB, the"
            " folder {folder}), old uploads ({uploads} MB). Then try again. Nothing that was saved is lost."
        ),
        path=str(path),
        needed=f"{max(needed_bytes / _MB, 0.1):.1f}",
        free=_free_mb(path),
        cache=f"{sum(map(bytes_of, home.glob('vectors.db*'))) / _MB:.1f}",
        stages=f"{bytes_of(home / 'stages') / _MB:.1f}",
        folder=str(home / "stages"),
        uploads=f"{bytes_of(home / 'uploads') / _MB:.1f}",
    )


def _free_mb(path: Path) -> str:
    for folder in (path, *path.parents):
        with contextlib.suppress(OSError):
            return f"{shutil.disk_usage(folder).free / _MB:.1f}"
    return "0.0"


def bytes_of(path: Path) -> int:
    """Size of a file, or of all below a folder; links are not followed, what goes meanwhile counts nothing."""
    files = [Path(root, name) for root, _, names in os.walk(path) for name in names] if path.is_dir() else [path]
    total = 0
    for file in files:
        with contextlib.suppress(OSError):
            total += file.lstat().st_size
    return total
