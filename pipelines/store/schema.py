"""The columns of a bundle's two Parquet files: what they must be, and how they are written and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

POINT_COLUMNS: Mapping[str, pa.DataType] = {
    "row_id": pa.int64(),
    "unit_id": pa.int64(),
    "text": pa.large_string(),
    "x2": pa.float32(),
    "y2": pa.float32(),
    "x3": pa.float32(),
    "y3": pa.float32(),
    "z3": pa.float32(),
    "cluster": pa.int32(),
    "joined": pa.bool_(),
    "cluster_strength": pa.float32(),
    "topic": pa.large_string(),
    "sentiment": pa.float32(),
    "sentiment_label": pa.large_string(),
    "outlier_score": pa.float32(),
    "is_outlier": pa.bool_(),
    "duplicate_of": pa.int64(),
}
"""Columns that every points.parquet has, in this order."""

ROLE_COLUMNS: Mapping[str, pa.DataType] = {
    "rating": pa.float32(),
    "date": pa.timestamp("us"),
    "user": pa.large_string(),
    "item": pa.large_string(),
    "language": pa.large_string(),
}
"""Columns that points.parquet has where the file has the role."""

OWN_ROW_COLUMNS = ("row_id", "kept", "reason")
"""Columns of rows.parquet that are ours; all others are the upload's."""

SENTIMENT_LABELS = ("negative", "neutral", "positive")
_RANGES = {"cluster_strength": (0, 1), "sentiment": (-1, 1), "outlier_score": (0, 1), "rating": (1, 5)}
_FINITE = ("x2", "y2", "x3", "y3", "z3", "cluster_strength", "sentiment", "outlier_score")
_ROUNDING = 1e-5
"""A value this little outside its range is float32 rounding, and is put on the bound."""
_ROW_GROUP_ROWS = 131_072


def points_table(points: pd.DataFrame) -> pa.Table:
    """points as Arrow, required columns first, then roles, then any more; dtypes as the bundle promises.

    Raises ValueError when a column is missing, holds what its type cannot, or breaks the order of units.
    """
    missing = [name for name in POINT_COLUMNS if name not in points.columns]
    if missing:
        raise ValueError(f"points lack the columns {', '.join(missing)}")
    _refuse_repeated("points", points)
    known = {**POINT_COLUMNS, **{name: kind for name, kind in ROLE_COLUMNS.items() if name in points.columns}}
    more = [name for name in points.columns if name not in known]
    frame = pd.DataFrame({name: _coerced(points[name], name, known.get(name)) for name in [*known, *more]})
    _check_points(frame)
    table = pa.Table.from_pandas(frame[more], preserve_index=False) if more else None
    fields = [pa.field(name, kind) for name, kind in known.items()] + (list(table.schema) if table is not None else [])
    return _table("points", frame, pa.schema(fields))


def rows_table(rows: pd.DataFrame) -> pa.Table:
    """rows as Arrow: upload columns as they are, then row_id int64, kept bool, reason text.

    Raises ValueError when our columns are missing or row_id does not count from 0.
    """
    missing = [name for name in OWN_ROW_COLUMNS if name not in rows.columns]
    if missing:
        raise ValueError(f"rows lack the columns {', '.join(missing)}")
    _refuse_repeated("rows", rows)
    frame = rows.reset_index(drop=True)
    frame["row_id"] = frame["row_id"].astype("int64")
    frame["kept"] = frame["kept"].astype("bool")
    frame["reason"] = frame["reason"].astype("str")
    if not np.array_equal(frame["row_id"].to_numpy(), np.arange(len(frame))):
        raise ValueError("rows: row_id must count from 0 in upload order")
    fields = []
    for name in frame.columns:
        if pd.api.types.is_string_dtype(frame[name].dtype) or frame[name].dtype == object:
            fields.append(pa.field(str(name), pa.large_string()))
        else:
            fields.append(pa.field(str(name), pa.Array.from_pandas(frame[name]).type))
    frame.columns = [str(name) for name in frame.columns]
    return _table("rows", frame, pa.schema(fields))


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write with page checksums; the same table gives the same bytes."""
    pq.write_table(
        table.combine_chunks(),
        path,
        compression="zstd",
        compression_level=3,
        version="2.6",
        data_page_version="1.0",
        row_group_size=_ROW_GROUP_ROWS,
        write_page_checksum=True,
    )


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read with page checksums verified; raises OSError or pyarrow.ArrowInvalid when a page is damaged."""
    # Not pq.read_table: that would look for a dataset, partitions and all, in the path's own name.
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        return file.read(columns=None if columns is None else list(columns)).to_pandas()


def _table(which: str, frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    try:
        return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError) as error:
        raise ValueError(f"{which}: {type(error).__name__} for {schema.names}") from error


def _refuse_repeated(which: str, frame: pd.DataFrame) -> None:
    names = [str(name) for name in frame.columns]
    if len(set(names)) != len(names):
        raise ValueError(f"{which}: column names must differ")


def _coerced(column: pd.Series, name: str, kind: pa.DataType | None) -> pd.Series:
    column = column.reset_index(drop=True)
    if kind is None:
        return column
    if name == "duplicate_of":
        return column.astype("Int64")
    if pa.types.is_timestamp(kind):
        if getattr(column.dtype, "tz", None) is not None:
            raise ValueError(f"points: {name} must be UTC without a zone")
        return column.astype("datetime64[us]")
    if pa.types.is_large_string(kind):
        return column.fillna("").astype("str") if name not in ROLE_COLUMNS else column.astype("str")
    if column.isna().any() and not pa.types.is_floating(kind):
        raise ValueError(f"points: {name} has missing values")
    column = column.astype(kind.to_pandas_dtype())
    if name in _RANGES:
        low, high = _RANGES[name]
        column = column.mask(column.between(low - _ROUNDING, low), low).mask(
            column.between(high, high + _ROUNDING), high
        )
    return column


def _check_points(frame: pd.DataFrame) -> None:
    count = len(frame)
    if not np.array_equal(frame["unit_id"].to_numpy(), np.arange(count)):
        raise ValueError("points: unit_id must count from 0 in upload order")
    if count and (np.diff(frame["row_id"].to_numpy()) < 0).any():
        raise ValueError("points: rows must be in upload order")
    for name in _FINITE:
        if not np.isfinite(frame[name].to_numpy()).all():
            raise ValueError(f"points: {name} must be finite")
    for name, (low, high) in _RANGES.items():
        if name in frame and ((frame[name] < low) | (frame[name] > high)).any():
            raise ValueError(f"points: {name} must lie in {low}…{high}")
    if (frame["cluster"] < -1).any():
        raise ValueError("points: cluster must be −1 or more")
    strange = set(frame["sentiment_label"].unique()) - set(SENTIMENT_LABELS)
    if strange:
        raise ValueError(f"points: sentiment_label must be one of {', '.join(SENTIMENT_LABELS)}")
    duplicates = frame["duplicate_of"].dropna()
    if ((duplicates < 0) | (duplicates >= duplicates.index.to_numpy())).any():
        raise ValueError("points: duplicate_of must name an earlier unit")
