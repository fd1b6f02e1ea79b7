"""Colour by a column: one byte a point, and what the legend says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines import palette
from pipelines.view import column_values

MAX_CATEGORIES = 12
OTHER = 254
"""Index of a category beyond the largest MAX_CATEGORIES."""
MISSING = 255
"""Index of a point without a value (of a point without a topic, when coloured by topic)."""
STEPS = 254
"""Highest index along a continuous scale; lowest is 0."""

_RANGES = {"sentiment": (-1.0, 1.0), "rating": (1.0, 5.0), "outlier_score": (0.0, 1.0), "cluster_strength": (0.0, 1.0)}
_ALIASES = {"cluster": "topic", "outlier": "outlier_score"}
_LABEL_ORDER = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class ColourSpec:
    """How points are coloured.

    column: as asked for. kind: categorical | sequential | diverging. index (n,) uint8: the category's place in
    `labels`, or 0…STEPS from `low` to `high`; OTHER, MISSING. labels: category names, data not words of ours; most
    frequent first. values: what a filter on the category would compare with. is_date: low and high are days since
    1970. colours: per theme, one a category or the stops of the scale.
    """

    column: str
    kind: Literal["categorical", "sequential", "diverging"]
    index: NDArray[np.uint8]
    labels: tuple[str, ...] = ()
    values: tuple[int | str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    is_date: bool = False
    colours: Mapping[palette.Theme, tuple[str, ...]] = field(default_factory=lambda: palette.CATEGORIES)

    @property
    def is_topic(self) -> bool:
        """Whether the colours stand for topics."""
        return self.column in {"topic", "cluster"}

    def meta(self, theme: palette.Theme) -> dict[str, object]:
        """What the browser needs beside `index`, as JSON values."""
        return {
            "column": self.column,
            "kind": self.kind,
            "labels": list(self.labels),
            "values": list(self.values),
            "low": self.low,
            "high": self.high,
            "isDate": self.is_date,
            "isTopic": self.is_topic,
            "colours": list(self.colours[theme]),
        }


def colour_by(
    points: pd.DataFrame, rows: pd.DataFrame, column: str, topics: Sequence[Mapping[str, object]]
) -> ColourSpec:
    """Colours for "topic", a column of `points`, or an upload column written "row:<name>".

    An unknown column colours nothing: every point is MISSING. Numbers and dates of more than MAX_CATEGORIES values
    become a sequential scale, everything else categories.
    """
    name = _ALIASES.get(column, column)
    if name == "topic":
        return _by_topic(points, column, topics)
    values = column_values(points, rows, name)
    if values is None:
        return ColourSpec(column, "categorical", np.full(len(points), MISSING, dtype=np.uint8))
    if name in _RANGES:
        low, high = _RANGES[name]
        return _continuous(column, values.to_numpy(dtype=float, na_value=np.nan), low, high)
    if pd.api.types.is_datetime64_any_dtype(values):
        days = values.dt.tz_localize(None) if values.dt.tz is not None else values
        number = days.to_numpy(dtype="datetime64[s]").astype(float) / 86_400
        number[days.isna().to_numpy()] = np.nan
        return _continuous(column, number, is_date=True)
    number = _as_numbers(values)
    if number is not None:
        return _continuous(column, number)
    return _categorical(column, values)


def _as_numbers(values: pd.Series) -> NDArray[np.float64] | None:
    """The values as floats where they are a measure: nearly all parse, and they are more than a few kinds."""
    if pd.api.types.is_bool_dtype(values):
        return None
    number = pd.to_numeric(values, errors="coerce").astype(float)
    number = number.where(np.isfinite(number))
    filled = values.notna() & (values.astype("str") != "")
    if number.notna().sum() < 0.95 * filled.sum() or number.nunique() <= MAX_CATEGORIES:
        return None
    return np.asarray(number, dtype=np.float64)


def _by_topic(points: pd.DataFrame, column: str, topics: Sequence[Mapping[str, object]]) -> ColourSpec:
    cluster = points["cluster"].to_numpy()
    counts = {int(str(topic["id"])): int((cluster == topic["id"]).sum()) for topic in topics}
    names = {int(str(topic["id"])): str(topic["name"]) for topic in topics}
    largest = sorted(counts, key=lambda topic_id: (-counts[topic_id], topic_id))[:MAX_CATEGORIES]
    index = np.where(cluster >= 0, OTHER, MISSING).astype(np.uint8)
    for place, topic_id in enumerate(largest):
        index[cluster == topic_id] = place
    return ColourSpec(column, "categorical", index, tuple(names[i] for i in largest), tuple(largest))


def _categorical(column: str, values: pd.Series) -> ColourSpec:
    text = values.astype("str").fillna("").str.strip().mask(values.isna(), "")
    counts = text[text != ""].value_counts()
    # Equal counts in the order of the names, so that the same file always gets the same colours.
    ordered = sorted(counts.index, key=lambda name: (-int(counts[name]), name))[:MAX_CATEGORIES]
    colours = palette.CATEGORIES
    if column == "sentiment_label":
        ordered = [name for name in _LABEL_ORDER if name in counts]
        colours = {
            theme: tuple(palette.DIVERGING[theme][(0, 3, 6)[_LABEL_ORDER.index(name)]] for name in ordered)
            for theme in palette.CATEGORIES
        }
    index = np.full(len(values), OTHER, dtype=np.uint8)
    index[(text == "").to_numpy()] = MISSING
    for place, name in enumerate(ordered):
        index[(text == name).to_numpy()] = place
    return ColourSpec(column, "categorical", index, tuple(ordered), tuple(ordered), colours=colours)


def _continuous(
    column: str,
    number: NDArray[np.float64],
    low: float | None = None,
    high: float | None = None,
    *,
    is_date: bool = False,
) -> ColourSpec:
    known = number[np.isfinite(number)]
    if low is None or high is None:
        # A measure's far ends are cut, so that one typing error does not paint all the rest in one colour.
        low, high = (
            (float(v) for v in np.quantile(known, [0, 1] if is_date else [0.01, 0.99])) if len(known) else (0.0, 1.0)
        )
    share = (number - low) / (high - low) if high > low else np.where(np.isfinite(number), 0.5, np.nan)
    index = np.full(len(number), MISSING, dtype=np.uint8)
    finite = np.isfinite(share)
    index[finite] = np.round(np.clip(share[finite], 0, 1) * STEPS).astype(np.uint8)
    diverging = column == "sentiment"
    return ColourSpec(
        column,
        "diverging" if diverging else "sequential",
        index,
        low=low,
        high=high,
        is_date=is_date,
        colours=palette.DIVERGING if diverging else palette.SEQUENTIAL,
    )
