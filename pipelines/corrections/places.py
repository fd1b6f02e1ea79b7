"""Single units of a bundle, named so that later bundles of the same analysis find them: row and number in the row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.figures import heads
from pipelines.members import packed, unpacked
from pipelines.types import BoolArray, IntArray

_MOST_IN_ROW = 4_096
"""More units than this no row has: a review is cut into sentences, and its text is bounded."""


def keys(points: pd.DataFrame) -> IntArray:
    """(n,) a number for each unit; the same for the same unit of the analysis's other bundles."""
    row = points["row_id"].to_numpy(dtype=np.int64)
    number = points.groupby("row_id", sort=False).cumcount().to_numpy(dtype=np.int64)
    return row * _MOST_IN_ROW + np.minimum(number, _MOST_IN_ROW - 1)


def as_json(points: pd.DataFrame, inside: BoolArray) -> dict[str, str]:
    """The units `inside` (n,) as plain values."""
    kept = np.unique(keys(points)[inside])
    return {"rows": packed(kept // _MOST_IN_ROW), "numbers": packed_plain(kept % _MOST_IN_ROW)}


def from_json(fields: Mapping[str, Any]) -> IntArray:
    """The sorted keys of `as_json`; raises ValueError for anything else."""
    try:
        rows, numbers = unpacked(fields["rows"]), unpacked_plain(fields["numbers"])
    except (KeyError, TypeError) as error:
        raise ValueError("no units") from error
    if len(rows) != len(numbers):
        raise ValueError("no units")
    return rows * _MOST_IN_ROW + numbers


def packed_plain(numbers: IntArray) -> str:
    """Numbers from 0 in any order as a short text."""
    return packed(np.cumsum(numbers))


def unpacked_plain(text: str) -> IntArray:
    """The inverse of `packed_plain`; raises ValueError."""
    return np.diff(unpacked(text), prepend=np.int64(0))


def with_copies(points: pd.DataFrame, inside: BoolArray) -> BoolArray:
    """The units `inside` and all that say the same, word for word or nearly."""
    head = heads(points)
    return np.isin(head, head[inside])
