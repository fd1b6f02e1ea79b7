"""Selections too long for an address: kept by the digest of their unit ids, so that equal ones are one file."""

from __future__ import annotations

import hashlib
import logging
import re

import numpy as np

from pipelines import settings
from pipelines.store import durable

DIGEST_CHARS = 24
_log = logging.getLogger(__name__)
_DIGEST = re.compile(r"[0-9a-f]{24}")


def keep(selection: tuple[int, ...]) -> str:
    """Store a selection (unit ids); returns its digest, also where the disk takes nothing."""
    data = np.asarray(sorted(selection), dtype="<i8").tobytes()
    digest = hashlib.sha256(data).hexdigest()[:DIGEST_CHARS]
    path = settings.home() / "selections" / digest
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            durable.replace_file(path, data)
        except OSError as error:
            _log.warning("a selection could not be kept: %s", error.strerror)
    return digest


def fetch(digest: str) -> tuple[int, ...] | None:
    """A kept selection, or None where it is not here or damaged."""
    if not _DIGEST.fullmatch(digest):
        return None
    try:
        data = (settings.home() / "selections" / digest).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data).hexdigest()[:DIGEST_CHARS] != digest:
        return None
    return tuple(np.frombuffer(data, dtype="<i8").tolist())
