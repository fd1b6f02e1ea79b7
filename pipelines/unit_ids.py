"""Unit ids as short text: the steps from one id to the next, compressed. A selection can hold most of a large map."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence

import numpy as np

MARK = "z1:"
"""How such a text begins: the form of the rest."""
LEAST = 200
"""Fewer ids stay a plain list, which a person can read."""
_HIGHEST = 2**32 - 1


def packed(ids: Sequence[int]) -> str | None:
    """Ascending ids without repeats as text; None for few of them, or for other ids, which stay as they are."""
    if len(ids) < LEAST:
        return None
    steps = np.diff(np.asarray(ids, dtype=np.int64), prepend=-1)
    if steps.min() < 1 or steps.max() > _HIGHEST:
        return None
    # The low bytes of all steps first, then the next ones: nearly all of those are 0.
    planes = steps.astype("<u4").view(np.uint8).reshape(-1, 4).T
    return MARK + base64.b64encode(zlib.compress(planes.tobytes(), 6)).decode("ascii")


def unpacked(text: str, most: int) -> tuple[int, ...] | None:
    """The ids of such a text, ascending, at most `most`; None for any other text, whoever wrote it."""
    if not text.startswith(MARK):
        return None
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(base64.b64decode(text.removeprefix(MARK), validate=True), 4 * most + 1)
    except (binascii.Error, ValueError, zlib.error):
        return None
    if not reader.eof or not data or len(data) % 4:
        return None
    steps = np.frombuffer(data, np.uint8).reshape(4, -1).T.copy().view("<u4").ravel().astype(np.int64)
    return tuple((np.cumsum(steps) - 1).tolist()) if steps.min() >= 1 else None
