"""The reviews nearest to any text, and the likeness of a handful of texts, each with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.figures import heads
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray, IntArray

MOST_IN_MATRIX = 30


@dataclass(frozen=True)
class Near:
    """unit_ids (k,) and cosines (k,), nearest first; of: how many different reviews were looked at."""

    units: IntArray
    cosine: FloatArray
    of: int


def nearest(bundle: Bundle, vector: FloatArray, k: int, *, without: int | None = None) -> Near:
    """The k reviews nearest to a vector (dim,), repeated ones once; without: a unit_id that is not to be found."""
    points = bundle.points
    head = heads(points)
    distinct = np.unique(head)
    ids = points["unit_id"].to_numpy(dtype=np.int64)
    if without is not None:
        distinct = distinct[distinct != head[np.flatnonzero(ids == without)].max(initial=-1)]
    cosine = np.asarray(bundle.vectors)[distinct] @ vector.astype(np.float32)
    order = np.lexsort((distinct, -np.round(cosine, 6)))[:k]
    return Near(ids[distinct[order]], np.clip(cosine[order], -1, 1).astype(np.float32), len(distinct))


def likeness(matrix: FloatArray) -> FloatArray:
    """(n, n) cosines of rows of length 1, the diagonal exactly 1."""
    found = np.clip(matrix @ matrix.T, -1.0, 1.0).astype(np.float32)
    np.fill_diagonal(found, 1.0)
    return found


def in_groups(cosine: FloatArray) -> list[int]:
    """An order of the n texts in which alike ones stand together (average linkage, optimal leaf order)."""
    n = len(cosine)
    if n < 3:
        return list(range(n))
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    apart = np.clip(1.0 - (cosine + cosine.T).astype(np.float64) / 2, 0.0, None)
    np.fill_diagonal(apart, 0.0)
    return [int(i) for i in leaves_list(linkage(squareform(apart, checks=False), "average", optimal_ordering=True))]


def lines(text: str) -> list[str]:
    """The different texts of a box, one a line, MOST_IN_MATRIX at most."""
    found: Sequence[str] = [" ".join(line.split()) for line in text.splitlines()]
    return list(dict.fromkeys(line for line in found if line))[:MOST_IN_MATRIX]
