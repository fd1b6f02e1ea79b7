"""A view: which analysis, filters, colour, camera and selection a person looks at, and what it shows of the data.

A view travels in addresses and files that anybody can write, so reading one never raises for its content: a part that
is not as it should be is left out.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines import unit_ids
from pipelines.types import BoolArray, name_in_rows

OPS = ("is", "in", "between", "contains", "not")
UPLOAD_PREFIX = "row:"
"""Marks a filter's or a colour's column as one of the upload's own."""
TRACKED_PREFIX = "tracked:"
"""Before a tracked topic's id: the column of points that holds its name where a unit belongs to it."""
MAX_FILTERS, MAX_VALUES, MAX_CHARS, MAX_SELECTED, MAX_QUOTES = 30, 500, 500, 2_000_000, 500
MAX_JSON_CHARS = 40_000_000
MAX_SEARCH_CHARS = 200
_ANALYSIS = re.compile(r"[0-9a-f]{16}")
_PAGE = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")

Scalar = str | int | float | bool
Value = Scalar | tuple[Any, ...]


@dataclass(frozen=True)
class Filter:
    """One condition on a column of points.parquet, or of the upload (prefix "row:").

    op: is (a value; "" also means missing) · in (any of a tuple) · between ((low, high), ends included, None open;
    numbers or ISO dates) · contains (text, whatever its case) · not (none of a tuple, or not a value).
    """

    column: str
    op: str
    value: Value

    @classmethod
    def from_dict(cls, fields: object) -> Filter | None:
        """A filter from {"column", "op", "value"} or [column, op, value]; None when it makes no sense."""
        if isinstance(fields, Mapping):
            fields = [fields.get("column"), fields.get("op"), fields.get("value")]
        if not isinstance(fields, list | tuple) or len(fields) != 3:
            return None
        column, op, value = fields
        if not isinstance(column, str) or not 0 < len(column) <= MAX_CHARS or op not in OPS:
            return None
        checked = _checked_value(op, value)
        return None if checked is None else cls(column, op, checked)

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"column": self.column, "op": self.op, "value": value}


@dataclass(frozen=True)
class FilterParts:
    """A filter taken apart for a chip that an interface words: values as text, open ends of a range as ""."""

    column: str
    is_upload: bool
    op: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """A look at one analysis. camera: the map's own numbers. selection: unit_ids, or None when nothing is selected.

    quotes: unit_ids of the reviews that were collected with it, in their order; they travel in no address.
    search: what is looked for, "" for nothing; by_meaning: among reviews that mean it too, not only those that say it.
    """

    analysis: str = ""
    filters: tuple[Filter, ...] = ()
    colour: str = "topic"
    dims: int = 2
    camera: Mapping[str, Any] | None = None
    selection: tuple[int, ...] | None = None
    note: str = ""
    page: str = "map"
    quotes: tuple[int, ...] = ()
    search: str = ""
    by_meaning: bool = False

    @classmethod
    def from_dict(cls, fields: object) -> View:
        """A view from plain values; whatever is not as it should be is left out."""
        if not isinstance(fields, Mapping):
            return cls()
        filters = fields.get("filters")
        selection, quotes = fields.get("selection"), fields.get("quotes")
        return cls(
            analysis=_matching(_ANALYSIS, fields.get("analysis"), ""),
            filters=_checked_filters(filters if isinstance(filters, list | tuple) else ()),
            colour=_short_text(fields.get("colour")) or "topic",
            dims=3 if fields.get("dims") in (3, "3") else 2,
            camera=_checked_camera(fields.get("camera")),
            selection=_checked_selection(selection),
            note=_short_text(fields.get("note"), 4000),
            page=_matching(_PAGE, fields.get("page"), "map"),
            quotes=tuple(dict.fromkeys(_units(quotes if isinstance(quotes, list | tuple) else ())))[:MAX_QUOTES],
            search=_short_text(fields.get("search"), MAX_SEARCH_CHARS).strip(),
            by_meaning=fields.get("by_meaning") in (True, "1"),
        )

    def to_dict(self) -> dict[str, object]:
        """Plain values that from_dict reads back."""
        return {
            "analysis": self.analysis,
            "filters": [item.to_dict() for item in self.filters],
            "colour": self.colour,
            "dims": self.dims,
            "camera": None if self.camera is None else dict(self.camera),
            "selection": None if self.selection is None else list(self.selection),
            "note": self.note,
            "page": self.page,
            "quotes": list(self.quotes),
            "search": self.search,
            "by_meaning": self.by_meaning,
        }

    def to_stored(self) -> dict[str, object]:
        """The same for a file that is read often: a long selection takes less than two bytes a unit (unit_ids)."""
        packed = unit_ids.packed(self.selection) if self.selection is not None else None
        return {**self.to_dict(), **({"selection": packed} if packed is not None else {})}

    @classmethod
    def from_json(cls, text: str) -> View:
        """A view from to_json's text; raises ValueError when it is no JSON object, and for nothing else."""
        fields = loads(text)
        if not isinstance(fields, dict):
            raise ValueError("not a JSON object")
        return cls.from_dict(fields)

    def to_json(self) -> str:
        """The view as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)


def mask(points: pd.DataFrame, rows: pd.DataFrame, filters: Iterable[Filter], *, strict: bool = False) -> BoolArray:
    """Which units pass every filter: (units,) bool.

    A filter on a column that is not there is passed over; strict, for what leaves the computer: nothing passes it.
    """
    chosen = np.ones(len(points), dtype=bool)
    for item in filters:
        column = column_values(points, rows, item.column)
        if column is not None:
            chosen &= _passes(column, item)
        elif strict:
            chosen[:] = False
    return chosen


def column_values(points: pd.DataFrame, rows: pd.DataFrame, name: str) -> pd.Series | None:
    """A column per unit: of points, or with the prefix "row:" of the upload; None when it is not there."""
    if name.startswith(UPLOAD_PREFIX):
        upload = name_in_rows(name.removeprefix(UPLOAD_PREFIX))
        if upload not in rows.columns:
            return None
        return rows[upload].iloc[points["row_id"].to_numpy()].reset_index(drop=True)
    return points[name].reset_index(drop=True) if name in points.columns else None


def describe(item: Filter) -> FilterParts:
    """The parts of a filter for a chip."""
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    is_upload = item.column.startswith(UPLOAD_PREFIX)
    return FilterParts(
        column=item.column.removeprefix(UPLOAD_PREFIX) if is_upload else item.column,
        is_upload=is_upload,
        op=item.op,
        values=tuple(
            "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value) for value in values
        ),
    )


def _passes(column: pd.Series, item: Filter) -> BoolArray:
    if item.op == "contains":
        return (
            column.astype("str").str.contains(str(item.value), case=False, regex=False, na=False).to_numpy(dtype=bool)
        )
    if item.op == "between":
        low, high = item.value if isinstance(item.value, tuple) else (None, None)
        return _between(column, low, high)
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    found = np.zeros(len(column), dtype=bool)
    for value in values:
        found |= _equals(column, value)
    return ~found if item.op == "not" else found


def _equals(column: pd.Series, value: object) -> BoolArray:
    """Spaces around a text count for nothing, as in a legend or a list of values that a person chose from."""
    if value is None or not str(value).strip():
        return (column.isna() | (column.astype("str").str.strip() == "")).to_numpy(dtype=bool)
    nothing = np.zeros(len(column), dtype=bool)
    try:
        if pd.api.types.is_bool_dtype(column):
            wanted = {"true": True, "false": False}.get(str(value).lower())
            return nothing if wanted is None else (column == wanted).to_numpy(dtype=bool)
        if pd.api.types.is_datetime64_any_dtype(column):
            return _between(column, str(value), str(value))
        if pd.api.types.is_numeric_dtype(column):
            number = float(value)  # type: ignore[arg-type]
            # As float32 where the column is: 4.3 as written must find 4.3 as stored.
            exact = np.float32(number) if column.dtype == np.float32 else number
            return (column == exact).fillna(False).to_numpy(dtype=bool)
    except (TypeError, ValueError, OverflowError):
        return nothing
    return (column.astype("str").str.strip() == str(value).strip()).fillna(False).to_numpy(dtype=bool)


def _between(column: pd.Series, low: object, high: object) -> BoolArray:
    is_moment = pd.api.types.is_datetime64_any_dtype(column)
    if pd.api.types.is_numeric_dtype(column):
        low, high = _as_number(low, column), _as_number(high, column)
    as_dates = is_moment or isinstance(low, str) or isinstance(high, str)
    values = (column if is_moment else _to_dates(column)) if as_dates else pd.to_numeric(column, errors="coerce")
    # A frame's own arrays can be read-only.
    chosen = values.notna().to_numpy(dtype=bool).copy()
    for end, is_high in ((low, False), (high, True)):
        bound: Any = _as_moment(end) if as_dates else end
        if bound is None:
            continue
        if as_dates and is_high and _DAY.fullmatch(str(end)):
            # A last day written without a time of day is meant whole.
            chosen &= (values < bound + pd.Timedelta(days=1)).to_numpy(dtype=bool)
        else:
            chosen &= ((values <= bound) if is_high else (values >= bound)).fillna(False).to_numpy(dtype=bool)
    return chosen


def _to_dates(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column.astype("str"), errors="coerce", format="mixed", utc=True).dt.tz_localize(None)


def _as_number(end: object, column: pd.Series) -> Any:
    """A bound as the column's own float type, so that 0.1 as written meets 0.1 as stored; None when it is no number."""
    try:
        number = float(end)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return np.float32(number) if column.dtype == np.float32 else number


def _as_moment(end: object) -> Any:
    if not isinstance(end, str):
        return None
    moment = pd.to_datetime(end, errors="coerce", utc=True)
    return None if pd.isna(moment) else moment.tz_localize(None)


def _checked_value(op: str, value: object) -> Value | None:
    if op == "between":
        if not isinstance(value, list | tuple) or len(value) != 2:
            return None
        ends = tuple(None if end is None else _scalar(end) for end in value)
        is_bad = any(end is not None and _scalar(end) is None for end in value)
        kinds = {isinstance(end, str) for end in ends if end is not None}
        return ends if len(kinds) == 1 and not is_bad and not any(isinstance(end, bool) for end in ends) else None
    if op in ("in", "not") and isinstance(value, list | tuple):
        values = tuple(kept for item in value[:MAX_VALUES] if (kept := _scalar(item)) is not None)
        return values if values or not value else None
    if op == "in":
        return None
    checked = _scalar(value)
    return None if op == "contains" and (not isinstance(checked, str) or not checked) else checked


def _scalar(value: object) -> Scalar | None:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return value if len(value) <= MAX_CHARS else None
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else None
    return value if isinstance(value, float) and math.isfinite(value) else None


def _checked_filters(filters: Iterable[object]) -> tuple[Filter, ...]:
    read = [item if isinstance(item, Filter) else Filter.from_dict(item) for item in list(filters)[:MAX_FILTERS]]
    return tuple(item for item in read if item is not None)


def _checked_camera(camera: object, depth: int = 0) -> dict[str, Any] | None:
    """Finite numbers, short texts and lists of numbers under short names, three levels deep at most."""
    if not isinstance(camera, Mapping) or len(camera) > 20 or depth > 3:
        return None
    checked: dict[str, Any] = {}
    for key, value in camera.items():
        if not isinstance(key, str) or len(key) > 40:
            continue
        if isinstance(value, Mapping):
            inner = _checked_camera(value, depth + 1)
            if inner is not None:
                checked[key] = inner
        elif isinstance(value, list | tuple):
            numbers = [_scalar(item) for item in value[:16]]
            if all(isinstance(number, int | float) for number in numbers):
                checked[key] = numbers
        elif (kept := _scalar(value)) is not None:
            checked[key] = kept
    return checked or None


def _checked_selection(selection: object) -> tuple[int, ...] | None:
    if isinstance(selection, str):
        return unit_ids.unpacked(selection, MAX_SELECTED)
    if not isinstance(selection, list | tuple):
        return None
    units = _units(selection)
    return tuple(sorted(set(units))) if len(units) <= MAX_SELECTED else None


def _units(found: Iterable[object]) -> list[int]:
    # No more digits than an address takes.
    return [unit for unit in found if isinstance(unit, int) and not isinstance(unit, bool) and 0 <= unit < 10**12]


def _short_text(text: object, max_chars: int = MAX_CHARS) -> str:
    return text if isinstance(text, str) and len(text) <= max_chars else ""


def _matching(pattern: re.Pattern[str], text: object, default: str) -> str:
    return text if isinstance(text, str) and pattern.fullmatch(text) else default


def loads(text: object) -> Any:
    """JSON that anybody may have written; None where it is none."""
    if not isinstance(text, str) or len(text) > MAX_JSON_CHARS:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
