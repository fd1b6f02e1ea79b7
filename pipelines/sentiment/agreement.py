"""How often the sentiment found in texts agrees with the stars that their writers gave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.figures import share_interval
from pipelines.types import FloatArray

PRAISE, COMPLAINT = 4.0, 2.0
"""Stars from which a review is praise, and up to which it is a complaint; what lies between says neither."""

FEWEST = 10
"""Reviews with such stars below which nothing is said."""


@dataclass(frozen=True)
class Agreement:
    """share: of n reviews whose text and stars are on one side; low, high: its 95 % interval (Wilson 1927)."""

    share: float
    n: int
    low: float
    high: float


def agreement(score: FloatArray, ratings: FloatArray) -> Agreement | None:
    """Agreement of scores (n,) on −1…1 with ratings (n,) on 1…5, NaN where missing; None below FEWEST of them.

    A score of exactly 0 is no opinion and takes no part. It is a check only where a text's score does not come from
    its own stars, as `score` sees to.
    """
    polar = ((ratings >= PRAISE) | (ratings <= COMPLAINT)) & (score != 0)
    n = int(polar.sum())
    if n < FEWEST:
        return None
    agree = int(((score[polar] > 0) == (ratings[polar] >= PRAISE)).sum())
    return of_counts(agree, n)


def of_counts(agree: int, n: int) -> Agreement:
    """The same from counts, n ≥ 1."""
    return Agreement(agree / n, n, *share_interval(agree, n))


def of_points(points: pd.DataFrame) -> Agreement | None:
    """Agreement in a slice of a bundle's points, review by review: one of several units has the mean of their scores.

    None without ratings, and below FEWEST reviews.
    """
    if "rating" not in points:
        return None
    reviews = points.groupby("row_id", sort=False)[["sentiment", "rating"]].mean()
    return agreement(*(reviews[name].to_numpy(dtype=np.float32) for name in ("sentiment", "rating")))
