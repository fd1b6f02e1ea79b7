"""What a group of reviews is like beside all others: share, stars, feeling, topics, and its most typical reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.compare import intervals
from pipelines.compare.counted import Counted, Floats, count
from pipelines.compare.pair import Pair, pair
from pipelines.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class Mean:
    """A mean of n reviews with its 95 % interval; NaN where there are too few."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Portrait:
    """A group of `reviews` out of `of`; share with Wilson's interval.

    sentiment, rating: the group's mean and that of the others (rating None where nobody rated). pair: the group as A
    against the others as B, topic by topic; a review with units on both sides is in the group.
    """

    reviews: int
    of: int
    share: tuple[float, float, float]
    sentiment: tuple[Mean, Mean]
    rating: tuple[Mean, Mean] | None
    pair: Pair


def portrait(points: pd.DataFrame, inside: BoolArray, topics: Sequence[Mapping[str, object]]) -> Portrait:
    """The group of units `inside` (units,) among `points`, those in sight; topics as in summary["topics"]."""
    counted = count(points, topics)
    group = counted.any_unit(inside)
    n, of = int(group.sum()), len(counted)
    low, high = intervals.wilson(np.array([n]), np.array([of]))
    rated = bool(np.isfinite(counted.rating).any())
    return Portrait(
        reviews=n,
        of=of,
        share=(n / of if of else float("nan"), float(low[0]), float(high[0])),
        sentiment=(_mean(_felt(points, counted, inside), group), _mean(counted.sentiment, ~group)),
        rating=(_mean(counted.rating, group), _mean(counted.rating, ~group)) if rated else None,
        pair=pair(counted, group, ~group),
    )


def typical(vectors: FloatArray, points: pd.DataFrame, inside: BoolArray) -> IntArray:
    """Positions of the units `inside`, nearest to their mean vector first; what repeats another review comes last.

    vectors (units, dim), of length 1 each.
    """
    found = np.flatnonzero(inside)
    if not len(found):
        return found.astype(np.int64)
    own = np.asarray(vectors[found], dtype=np.float32)
    middle = own.mean(axis=0)
    repeats = points["duplicate_of"].notna().to_numpy(dtype=bool)[found]
    return found[np.lexsort((found, -np.round(own @ middle, 5), repeats))].astype(np.int64)


def _felt(points: pd.DataFrame, counted: Counted, inside: BoolArray) -> Floats:
    """(n,) each review's mean over its units in the group: a sentence that is not selected says nothing of it."""
    felt = points["sentiment"].to_numpy(dtype=np.float64)
    sizes = np.bincount(counted.review[inside], minlength=len(counted))
    sums = np.bincount(counted.review[inside], weights=felt[inside], minlength=len(counted))
    return sums / np.maximum(sizes, 1)


def _mean(values: Floats, chosen: BoolArray) -> Mean:
    known = values[chosen & np.isfinite(values)]
    return Mean(*intervals.mean_of(known), len(known))
