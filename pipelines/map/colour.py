"""Colour by a column: one byte a point, and what the legend says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines import palette
from pipelines.map import belonging
from pipelines.types import BoolArray
from pipelines.view import TRACKED_PREFIX, UPLOAD_PREFIX, column_values

MAX_CATEGORIES = 12
OTHER = 254
"""Index of a category beyond the largest MAX_CATEGORIES."""
MISSING = 255
"""Index of a point without a value (of a point without a topic, when coloured by topic)."""
STEPS = 254
"""Highest index along a continuous scale; lowest is 0."""

OWN_COLOURS = ("topic", "sentiment", "rating", "outlier_score", "date", "item", *belonging.DERIVED, "map_trust")
"""What a person is offered as colours where the file has it: columns of points, and what follows from them."""
MORE_COLOURS = ("sentiment_label", "language", "is_outlier", "joined")
"""Columns of points that a view may name as its colour too."""

_RANGES = {
    "sentiment": (-1.0, 1.0),
    "rating": (1.0, 5.0),
    **dict.fromkeys(
        ("outlier_score", "cluster_strength", "map_trust", "map_trust_3d", belonging.STABILITY), (0.0, 1.0)
    ),
}
_DIVERGING = frozenset({"sentiment", "map_trust", "map_trust_3d"})
"""Whose low end is a warning, and not just little of something."""
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


def free_columns(summary: Mapping[str, Any]) -> list[str]:
    """Upload columns without a role: those with one are among ours already, or are free text or a person's name."""
    taken = {column for column in summary.get("roles", {}).values() if column}
    return [str(column) for column in summary.get("columns", []) if column not in taken]


def allowed_colours(points: pd.DataFrame, summary: Mapping[str, Any], *, with_upload: bool = True) -> list[str]:
    """Every column that a view may be coloured by, ours first: never a text, a title or a user.

    A legend writes a column's values out, and a view's colour is text that anybody can put into an address.
    with_upload: whether the upload's columns without a role ("row:<name>") are among them.
    """
    topics = summary.get("topics", [])
    own = [
        name
        for name in (*OWN_COLOURS, *MORE_COLOURS)
        if name == "topic"
        or (belonging.has(name, points, topics) if name in belonging.DERIVED else name in points.columns)
    ]
    own += [name for name in points.columns if name.startswith(TRACKED_PREFIX)]
    return own + [UPLOAD_PREFIX + column for column in free_columns(summary)] if with_upload else own


def asked_colour(column: str, allowed: Sequence[str]) -> str:
    """The colour that a view asks for, under the name that `allowed` has; "topic" where it is not among them."""
    name = _ALIASES.get(column, column)
    return name if name in allowed else "topic"


def colour_by(
    points: pd.DataFrame,
    rows: pd.DataFrame,
    column: str,
    topics: Sequence[Mapping[str, object]],
    *,
    only: BoolArray | None = None,
) -> ColourSpec:
    """Colours for "topic", what follows from it (belonging.py), a column of `points`, or "row:<name>" of the upload.

    An unknown column colours nothing: every point is MISSING. Numbers and dates of more than MAX_CATEGORIES values
    become a sequential scale, everything else categories. only: (points,), the points that are coloured and that the
    legend tells of; nothing of the others, which are MISSING, is in the result.
    """
    if only is not None:
        spec = colour_by(points[only], rows, column, topics)
        index = np.full(len(points), MISSING, dtype=np.uint8)
        index[only] = spec.index
        return replace(spec, index=index)
    name = _ALIASES.get(column, column)
    if name == "topic":
        return _by_topic(points, column, topics)
    if name == belonging.BELONGING:
        return _by_belonging(points, column)
    if name == belonging.STABILITY:
        return _continuous(column, belonging.stability(points, topics), *_RANGES[name])
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
    # A hidden topic has no colour of its own, since the legend would name it.
    topics = [topic for topic in topics if not topic.get("hidden")]
    counts = {int(str(topic["id"])): int((cluster == topic["id"]).sum()) for topic in topics}
    names = {int(str(topic["id"])): str(topic["name"]) for topic in topics}
    present = [topic_id for topic_id, n in counts.items() if n]
    # Reviews that were added change no colour: topics stand in the order of the map that they were added to.
    sizes = {
        int(str(topic["id"])): int(str(topic.get("units_first", counts[int(str(topic["id"]))]))) for topic in topics
    }
    largest = sorted(present, key=lambda topic_id: (-sizes[topic_id], topic_id))[:MAX_CATEGORIES]
    index = np.where(cluster >= 0, OTHER, MISSING).astype(np.uint8)
    for place, topic_id in enumerate(largest):
        index[cluster == topic_id] = place
    return ColourSpec(column, "categorical", index, tuple(names[i] for i in largest), tuple(largest))


def _by_belonging(points: pd.DataFrame, column: str) -> ColourSpec:
    kinds = belonging.belongs(points)
    index = np.full(len(points), MISSING, dtype=np.uint8)
    for place, kind in enumerate(belonging.BELONGS):
        index[kinds == kind] = place
    # One scale from clear to faint: they are steps of one thing.
    colours = {theme: (scale[-1], scale[3], scale[0]) for theme, scale in palette.SEQUENTIAL.items()}
    return ColourSpec(column, "categorical", index, belonging.BELONGS, belonging.BELONGS, colours=colours)


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
    diverging = column in _DIVERGING
    return ColourSpec(
        column,
        "diverging" if diverging else "sequential",
        index,
        low=low,
        high=high,
        is_date=is_date,
        colours=palette.DIVERGING if diverging else palette.SEQUENTIAL,
    )
