"""What reviews can be split by: columns of the upload, products, languages, rating bands, periods, the selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.compare.counted import Counted
from pipelines.findings import MAX_SEGMENT_VALUES
from pipelines.types import BoolArray
from pipelines.view import UPLOAD_PREFIX, Filter, column_values

UNKNOWN, OTHER = -1, -2
"""Codes of a unit without a value, and of one whose value is not among the segments: it counts in the rest."""
SELECTION = "selection"
MOST_PERIODS = 12
_FREQUENCIES = ("D", "W", "M", "Q", "Y")
_FEWEST_UNITS = 10
"""A product or a language needs so many for the split to be offered."""


@dataclass(frozen=True)
class Segment:
    """name: a value as it stands in the file, a language's code, a band of stars or a period. filters: its units."""

    name: str
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Grouping:
    """A way to split units. key: "row:<column>", item, language, rating, date or selection.

    code (units,): the place of each unit's segment, or UNKNOWN or OTHER.
    """

    key: str
    segments: tuple[Segment, ...]
    code: NDArray[np.int64]

    def of_reviews(self, units: BoolArray, counted: Counted) -> NDArray[np.int64]:
        """(n,) codes of the reviews that the chosen units (all units,) were counted to.

        A review has its first unit's segment; it is selected when any unit of it is.
        """
        code = self.code[units]
        if self.key != SELECTION:
            return code[counted.first]
        return np.where(counted.any_unit(code == 0), 0, OTHER)


def offered(points: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """Keys of every split of at least two segments, the upload's columns first.

    columns: upload columns that can slice the reviews (findings.segment_columns and telling).
    """
    keys = [UPLOAD_PREFIX + column for column in columns]
    told = [column_values(points, rows, key) for key in keys]
    for own in ("item", "language"):
        # A column of the file that says the same thing is among the columns already.
        if own in points and not any(_same(values, points[own]) for values in told):
            sizes = points.loc[points[own] != "", own].value_counts()
            keys += [own] if (sizes >= _FEWEST_UNITS).sum() >= 2 else []
    return keys + [key for key in ("rating", "date") if len(split(points, rows, key).segments) >= 2]


def _same(values: pd.Series | None, own: pd.Series) -> bool:
    return values is not None and bool((values.to_numpy() == own.to_numpy()).all())


def split(points: pd.DataFrame, rows: pd.DataFrame, key: str) -> Grouping:
    """The split of points by one of the keys that `offered` gives; no segments where there is nothing to split by."""
    if key == "rating":
        return _bands(points)
    if key == "date":
        return _periods(points)
    values = column_values(points, rows, key)
    if values is None:
        return Grouping(key, (), np.full(len(points), UNKNOWN))
    text = values.astype("str").fillna("")
    sizes = text[text != ""].value_counts()
    # Equal sizes in the order of the names, so that the same file always gets the same order.
    names = sorted(sizes.index, key=lambda name: (-int(sizes[name]), name))[:MAX_SEGMENT_VALUES]
    place = {name: i for i, name in enumerate(names)} | {"": UNKNOWN}
    code = text.map(place).fillna(OTHER).to_numpy(dtype=np.int64)
    return Grouping(key, tuple(Segment(name, (Filter(key, "is", name),)) for name in names), code)


def selected(points: pd.DataFrame, units: Sequence[int]) -> Grouping:
    """What is selected on the map, as the one segment; everything else is the rest."""
    inside = np.isin(points["unit_id"].to_numpy(), np.asarray(units, dtype=np.int64))
    return Grouping(SELECTION, (Segment(SELECTION),), np.where(inside, 0, OTHER))


def _bands(points: pd.DataFrame) -> Grouping:
    nothing = np.full(len(points), UNKNOWN)
    if "rating" not in points or points["rating"].isna().all():
        return Grouping("rating", (), nothing)
    rating = points["rating"].to_numpy(dtype=np.float64)
    known = rating[np.isfinite(rating)]
    low, middle, high = rating < 2.5, (rating >= 2.5) & (rating < 3.5), rating >= 3.5
    if (known % 1 == 0).all():
        filters = [Filter("rating", "between", (1, 2)), Filter("rating", "is", 3), Filter("rating", "between", (4, 5))]
    else:
        # The largest numbers below the next band as the column stores them: a filter includes both of its ends.
        ends = [float(np.nextafter(np.float32(end), np.float32(0))) for end in (2.5, 3.5)]
        filters = [Filter("rating", "between", ends_) for ends_ in ((1, ends[0]), (2.5, ends[1]), (3.5, 5))]
    bands: list[tuple[str, BoolArray, Filter]] = list(
        zip(("1–2", "3", "4–5"), (low, middle, high), filters, strict=True)
    )
    return _coded("rating", [(Segment(name, (item,)), inside) for name, inside, item in bands if inside.any()], nothing)


def _periods(points: pd.DataFrame) -> Grouping:
    nothing = np.full(len(points), UNKNOWN)
    if "date" not in points or points["date"].isna().all():
        return Grouping("date", (), nothing)
    dates = points["date"]
    for frequency in _FREQUENCIES:
        periods = dates.dt.to_period(frequency)
        if len(pd.period_range(periods.min(), periods.max(), freq=frequency)) <= MOST_PERIODS:
            break
    present = sorted(periods.dropna().unique())
    # Of more years than can be shown, the latest.
    nothing[periods.notna().to_numpy()] = OTHER
    found = []
    for period in present[-MAX_SEGMENT_VALUES:]:
        item = Filter("date", "between", (f"{period.start_time:%Y-%m-%d}", f"{period.end_time:%Y-%m-%d}"))
        found.append((Segment(_period_name(period, frequency), (item,)), (periods == period).to_numpy()))
    return _coded("date", found, nothing)


def _period_name(period: pd.Period, frequency: str) -> str:
    start, end = period.start_time, period.end_time
    return {
        "D": f"{start:%Y-%m-%d}",
        "W": f"{start:%Y-%m-%d} – {end:%m-%d}",
        "M": f"{start:%Y-%m}",
        "Q": f"{start:%Y} Q{(start.month + 2) // 3}",
        "Y": f"{start:%Y}",
    }[frequency]


def _coded(key: str, found: Sequence[tuple[Segment, BoolArray]], code: NDArray[np.int64]) -> Grouping:
    for place, (_segment, inside) in enumerate(found):
        code[inside] = place
    return Grouping(key, tuple(segment for segment, _inside in found), code)
