"""The checksum of a model's weights, computed once per file and process."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path


def sha256(paths: Sequence[Path]) -> str:
    """Hex sha256 of one file, or of the sums of several in the order given."""
    sums = [_sha256(path, path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    return sums[0] if len(sums) == 1 else hashlib.sha256("".join(sums).encode()).hexdigest()


@lru_cache(maxsize=32)
def _sha256(path: Path, size: int, changed_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
