"""Reviews counted by period and topic: all that the curves and tests of a trend need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.figures import period_of, whole_periods

Floats = NDArray[np.float64]
MEANS = ("sentiment", "rating")


@dataclass(frozen=True)
class Timeline:
    """A slice's dated reviews by period (T) and topic (k).

    period: D, W or M. starts, ends (T,): first moment and last day of each. whole (T,): the data covers all of it.
    ids: clusters, −1 among them. total (T,): reviews. counts (T, k): reviews that hold the topic. means: of each of
    MEANS that is known (n, sum, sum of squares) over the topic's reviews, (3, T, k).
    """

    period: str
    starts: pd.DatetimeIndex
    ends: pd.DatetimeIndex
    whole: NDArray[np.bool_]
    ids: list[int]
    total: Floats
    counts: Floats
    means: dict[str, Floats]

    @classmethod
    def of(cls, points: pd.DataFrame) -> Timeline | None:
        """From units; None without dates or where all are of one period.

        A review's sentiment in a topic is the mean of its units there; its rating is its own.
        """
        if "date" not in points or points["date"].isna().all():
            return None
        dated = points[points["date"].notna()]
        period = period_of(dated["date"])
        at = dated["date"].dt.to_period(period)
        every = pd.period_range(at.min(), at.max(), freq=period)
        if len(every) < 2:
            return None
        place = (at.astype("int64") - every[0].ordinal).to_numpy()
        review = pd.factorize(dated["row_id"])[0].astype(np.int64)
        topic, ids = pd.factorize(dated["cluster"], sort=True)
        length, width = len(every), len(ids)
        # One row a review and topic: its period, and the mean of its units.
        pairs, first, where = np.unique(review * width + topic, return_index=True, return_inverse=True)
        cell = place[first] * width + pairs % width
        counts = np.bincount(cell, minlength=length * width).reshape(length, width).astype(float)
        alone = np.unique(review, return_index=True)[1]
        total = np.bincount(place[alone], minlength=length).astype(float)
        means = {}
        for name in MEANS:
            if name in dated and dated[name].notna().any():
                unit = dated[name].to_numpy(dtype=float, na_value=np.nan)
                value = np.bincount(where, unit) / np.bincount(where)
                known = np.isfinite(value)
                powers = [np.bincount(cell[known], value[known] ** power, length * width) for power in (0, 1, 2)]
                means[name] = np.stack(powers).astype(float).reshape(3, length, width)
        ends = every.to_timestamp(how="end").normalize()
        whole = whole_periods(dated["date"], every)
        return cls(period, every.to_timestamp(), ends, whole, [int(one) for one in ids], total, counts, means)

    def thirds(self) -> tuple[slice, slice]:
        """The periods that hold about the earliest and the latest third of the reviews, never overlapping."""
        share = np.cumsum(self.total) / self.total.sum()
        early = int(np.argmin(np.abs(share - 1 / 3))) + 1
        late = int(np.argmin(np.abs(share - 2 / 3))) + 1
        early = min(early, len(share) - 1)
        return slice(0, early), slice(min(max(late, early), len(share) - 1), len(share))
