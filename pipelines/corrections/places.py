"""Single units of a bundle, named so that later bundles of the same analysis find them: row and number in the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def keys_of(points: pd.DataFrame, unit_ids: Sequence[int]) -> list[int]:
    """The numbers of single units, in their order; those that are not there left out."""
    rows = points.loc[points["unit_id"].isin(list(unit_ids)), "row_id"]
    near = points[points["row_id"].isin(rows)]
    known = dict(zip(near["unit_id"].tolist(), keys(near).tolist(), strict=True))
    return [known[unit] for unit in unit_ids if unit in known]


def units_of(points: pd.DataFrame, wanted: Sequence[int]) -> list[int]:
    """The unit_ids of numbers from `keys`, in their order; those that are not there left out."""
    near = points[points["row_id"].isin([key // _MOST_IN_ROW for key in wanted])]
    known = dict(zip(keys(near).tolist(), near["unit_id"].tolist(), strict=True))
    return [known[key] for key in wanted if key in known]


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
