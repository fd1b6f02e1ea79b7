"""Means of opinions with 95 % intervals, also where there are two of them, or ten that agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.compare import intervals
from pipelines.types import FloatArray, IntArray

Floats = NDArray[np.float64]


def means(
    values: FloatArray, owner: IntArray, owners: int, every: FloatArray, ends: tuple[float, float]
) -> tuple[Floats, Floats, Floats]:
    """(owners,) each: the mean of each owner's values, low and high (intervals.bounded_mean); NaN without values.

    values, owner (n,). every: the values of all, towards which few are drawn in the interval. ends: of the scale.
    """
    low_end, width = ends[0], ends[1] - ends[0]
    share = (np.asarray(values, dtype=float) - low_end) / width
    common = (np.asarray(every, dtype=float) - low_end) / width
    n = np.bincount(owner, minlength=owners).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(owner, weights=share, minlength=owners) / n
        spread = np.bincount(owner, weights=(share - mean[owner]) ** 2, minlength=owners) / (n - 1)
    # Of one value nothing is known of how it varies.
    spread = np.where(n > 1, spread, np.nan)
    all_mean, all_variance = (
        np.full(owners, common.mean()),
        np.full(owners, common.var(ddof=1) if len(common) > 1 else 0.0),
    )
    low, high = intervals.bounded_mean(mean, spread, n, all_mean, all_variance)
    return tuple(np.where(n > 0, one * width + low_end, np.nan) for one in (mean, low, high))  # type: ignore[return-value]
