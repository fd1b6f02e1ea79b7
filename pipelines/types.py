"""The shared results that stages hand to each other: frozen dataclasses over arrays.

Three index spaces, never mixed: `row_id` counts data rows of the upload; `unit_id` counts units (what is embedded)
in upload order; a *distinct* index counts units left after duplicates are collapsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

ROLES = ("text", "title", "rating", "date", "user", "item", "language")
"""What a column can be for. Every other column is kept and can serve as a segment."""

OWN_ROW_COLUMNS = ("row_id", "kept", "reason")
"""Columns of rows.parquet that are ours; all others are the upload's."""
UPLOAD_MARK = "upload:"
"""Stands in rows.parquet before an upload column that is called like one of ours."""


def name_in_rows(column: str) -> str:
    """An upload column's name in rows.parquet: one like ours, or already marked so, gets the mark before it."""
    bare = column
    while bare.startswith(UPLOAD_MARK):
        bare = bare.removeprefix(UPLOAD_MARK)
    return UPLOAD_MARK + column if bare in OWN_ROW_COLUMNS else column


def name_in_upload(column: str) -> str:
    """The inverse of name_in_rows."""
    return column.removeprefix(UPLOAD_MARK) if name_in_rows(column) != column else column


@dataclass(frozen=True)
class Warning_:  # noqa: N801  (Warning is a builtin exception)
    """One thing a person should know about their file: a translatable template, its values, and where.

    file: which of several files read together it is about; None where there is but one.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    row: int | None = None
    column: str | None = None
    file: str | None = None

    def __str__(self) -> str:
        text = self.template.format(**self.values)
        return f"{self.file}: {text}" if self.file else text


@dataclass(frozen=True)
class Alternative:
    """Another encoding under which a file reads as text: plausibility 0…1, and a line of it with what would differ."""

    encoding: str
    plausibility: float
    sample: str


@dataclass(frozen=True)
class Table:
    """A file as read: every cell text as it was written, missing cells as empty strings.

    frame: str columns, RangeIndex = row_id. encoding: as Python spells its codec, "" where a format has none of its
    own. delimiter: the characters between cells, "" where none cut them. format: delimited | json | jsonl | xlsx |
    xlsb | xls | ods | xml | html | parquet | arrow. sheets: names to choose from, sheet: the one read. damaged: bytes
    that no character was found for. alternatives: other plausible encodings, best first.
    """

    frame: pd.DataFrame
    encoding: str
    delimiter: str
    header: bool
    warnings: tuple[Warning_, ...] = ()
    format: str = "delimited"
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    damaged: int = 0
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class Roles:
    """Which column plays which role, and how sure the guess is (0…1; 1 when a person chose)."""

    columns: Mapping[str, str | None]
    confidence: Mapping[str, float] = field(default_factory=dict)

    def get(self, role: str) -> str | None:
        """The column of a role, or None."""
        return self.columns.get(role)


@dataclass(frozen=True)
class Reviews:
    """An upload understood: one entry a data row, in upload order.

    text: what the person wrote ("" where there is none). rating: float32 on 1…5, NaN where missing; None without a
    rating column. date: datetime64[ns] (UTC where a zone was given), NaT where missing. user, item: str. kept: rows
    that take part; reason: why not ("" when kept; empty | too_short | symbols | default_praise | refused). reply: a
    merchant's answer that stood in the text cell, "" where there was none; None when no row has one. scores: further
    score columns (service, location, …) by column name, each float32 on 1…5 with NaN.
    """

    table: Table
    roles: Roles
    text: list[str]
    kept: BoolArray
    reason: list[str]
    rating: FloatArray | None
    date: NDArray[np.datetime64] | None
    user: list[str] | None
    item: list[str] | None
    language: list[str]
    warnings: tuple[Warning_, ...] = ()
    reply: list[str] | None = None
    scores: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Units:
    """What is embedded, n in upload order: text as shown, clean as embedded, language code per unit (zh, en, …)."""

    row_id: IntArray
    text: list[str]
    clean: list[str]
    language: list[str]

    def take(self, at: IntArray) -> Units:
        """Those at these places, in this order."""
        places = at.tolist()
        return Units(
            self.row_id[at],
            [self.text[i] for i in places],
            [self.clean[i] for i in places],
            [self.language[i] for i in places],
        )


@dataclass(frozen=True)
class Vectors:
    """matrix: (n, dim) float32, each row of length 1. identity: everything that decides a vector's bits.

    query_dim: a query is compared with matrix[:, :query_dim], re-normalised (all of it when equal to dim). state:
    what an embedder fitted on this file needs to embed a query or an added review alike. counts: texts, distinct,
    embedded, cached, tokens, truncated (distinct texts of which the model read the beginning only), refused. refused:
    rows that have no vector (zeros) since the provider would not take their text, to be left out; index → content
    (its content filter) or unknown. notes: what a person should know of how the vectors came about.
    """

    matrix: FloatArray
    identity: Mapping[str, object]
    query_dim: int
    state: Mapping[str, np.ndarray] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[Warning_, ...] = ()


@dataclass(frozen=True)
class NeighborGraph:
    """k nearest others by cosine, nearest first: indices (m, k) int32, similarity (m, k) float32."""

    indices: NDArray[np.int32]
    similarity: FloatArray


@dataclass(frozen=True)
class Groups:
    """first (n,): the unit that stands for each unit (itself when no duplicate); representatives (m,): those units."""

    first: IntArray
    representatives: IntArray

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Values of the m representatives copied to all n units."""
        return values[np.searchsorted(self.representatives, self.first)]


@dataclass(frozen=True)
class Projection:
    """xy (m, 2), xyz (m, 3), cluster_space (m, c): float32, finite."""

    xy: FloatArray
    xyz: FloatArray
    cluster_space: FloatArray


@dataclass(frozen=True)
class Clusters:
    """labels (m,) int32, largest cluster 0, −1 none; joined (m,); strength (m,) 0…1; stability (clusters,) 0…1 or NaN.

    min_cluster_size: the size used. tried: sizes weighed and their scores, for "how this was made". tree: the
    condensed tree's arrays.
    """

    labels: NDArray[np.int32]
    joined: BoolArray
    strength: FloatArray
    stability: FloatArray
    min_cluster_size: int
    tried: tuple[tuple[int, int, float], ...] = ()
    tree: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Topic:
    """A cluster with words: keywords as (word, weight, units that hold it), exemplars as unit ids, core first."""

    id: int
    name: str
    keywords: tuple[tuple[str, float, int], ...]
    exemplars: tuple[int, ...]


@dataclass(frozen=True)
class Sentiment:
    """score (n,) float32 −1…1; label (n,) of negative | neutral | positive; confidence (n,) 0…1.

    method: how it was found, a sentence per language, for "how this was made". check: agreement with stars where
    there are ratings ({"agree": share, "n": reviews, "auc": …}), measured on texts the model had not learned from.
    """

    score: FloatArray
    label: NDArray[np.str_]
    confidence: FloatArray
    method: tuple[Warning_, ...]
    check: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Outliers:
    """score (m,) 0…1; distance (m,) mean cosine distance to the nearest; is_outlier (m,); threshold on score."""

    score: FloatArray
    distance: FloatArray
    is_outlier: BoolArray
    threshold: float
