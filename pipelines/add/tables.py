"""The tables of a bundle with added rows: those from before first, every value of theirs as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines import points as tables
from pipelines.types import Clusters, FloatArray, Groups, Outliers, Reviews, Sentiment, Units


def rows(old: pd.DataFrame, reviews: Reviews) -> pd.DataFrame:
    """rows.parquet: the old rows, then the new ones with ids counting on; cells that a side lacks are empty."""
    new = tables.rows(reviews)
    new["row_id"] += len(old)
    columns = [*old.columns, *(name for name in new.columns if name not in old.columns)]
    parts = [frame.reindex(columns=columns, fill_value="").reset_index(drop=True) for frame in (old, new)]
    return pd.concat(parts, ignore_index=True)


def new_points(
    reviews: Reviews,
    units: Units,
    xy: FloatArray,
    xyz: FloatArray,
    cluster: np.ndarray,
    strength: FloatArray,
    joined: np.ndarray,
    names: Sequence[str],
    felt: Sentiment,
    odd: Outliers,
) -> pd.DataFrame:
    """The new units' rows of points.parquet, ids counted from 0, no duplicates yet. names: a topic's, by unit."""
    n = len(units.text)
    alone = Groups(np.arange(n), np.arange(n))
    nowhere = Clusters(
        np.full(n, -1, np.int32), joined.astype(bool), strength.astype(np.float32), np.zeros(0, np.float32), 0
    )
    table = tables.build(reviews, units, alone, xy, xyz, nowhere, (), felt, odd)
    table["cluster"] = cluster.astype(np.int32)
    table["topic"] = pd.array(list(names), dtype="str")
    return table


def points(old: pd.DataFrame, new: pd.DataFrame, first_row: int, duplicate_of: Sequence[int | None]) -> pd.DataFrame:
    """points.parquet: old units, then new ones. first_row: the new rows' first id; duplicate_of: unit ids or None."""
    new = new.copy()
    new["row_id"] += first_row
    new["unit_id"] += len(old)
    new["duplicate_of"] = pd.array(list(duplicate_of), dtype="Int64")
    columns = [*old.columns, *(name for name in new.columns if name not in old.columns)]
    whole = {name: _column(old, new, name) for name in columns}
    return pd.DataFrame(whole)


def _column(old: pd.DataFrame, new: pd.DataFrame, name: str) -> pd.Series:
    """A column of both; what a side lacks is missing there."""
    kind = (old if name in old else new)[name].dtype
    empty = "" if pd.api.types.is_string_dtype(kind) else np.nan
    parts: list[pd.Series[Any]]
    if name == "duplicate_of":
        parts = [frame[name].astype("Int64") for frame in (old, new)]
    elif name == "date":
        parts = [
            frame[name].astype("datetime64[us]") if name in frame else pd.Series(pd.NaT, index=frame.index)
            for frame in (old, new)
        ]
    else:
        parts = [
            frame[name].astype(kind) if name in frame else pd.Series(empty, index=frame.index).astype(kind)
            for frame in (old, new)
        ]
    return pd.concat([part.reset_index(drop=True) for part in parts], ignore_index=True)
