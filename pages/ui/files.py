"""Files to save: how they are called, what they are to a browser, and what they hold, made when they are asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

MIME = {
    "csv": "text/csv",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
_MOST_CHARS = 60


def stem(title: str) -> str:
    """A file's name for a title, without its ending, that every system takes."""
    return "".join(c if c.isalnum() or c in "-_ " else "_" for c in title).strip()[:_MOST_CHARS] or "reviewscape"


def made(write: Callable[[Path], object]) -> bytes:
    """What `write` puts into the file that it is given."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        write(path)
        return path.read_bytes()
