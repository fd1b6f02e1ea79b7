"""Two groups of reviews side by side: which topics one speaks of more than the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.compare import intervals, tested
from pipelines.compare.counted import SMALL, Counted
from pipelines.types import BoolArray

COLUMNS = (
    "id", "a", "b", "share_a", "low_a", "high_a", "share_b", "low_b", "high_b", "log_odds", "low", "high", "p",
    "corrected",
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """only_a, only_b (n,): the reviews of either group that are not in both; both: how many are, and are left out.

    topics: one row a topic, the surest difference first: id, a and b (reviews that speak of it), their shares with
    Wilson's interval, log_odds (natural logarithm of the odds in A over those in B: above 0 is more in A) with its
    95 % interval low … high, p, and corrected (Benjamini–Hochberg over all topics). p is NaN where the topic or a
    group has fewer than SMALL reviews.
    """

    only_a: BoolArray
    only_b: BoolArray
    both: int
    topics: pd.DataFrame

    @property
    def differs(self) -> pd.Series:
        """Topics that differ at 5 % after the correction."""
        return self.topics["corrected"] < tested.LEVEL


def pair(counted: Counted, in_a: BoolArray, in_b: BoolArray) -> Pair:
    """Compare two groups of the reviews of `counted`, (n,) each; reviews in both are left out.

    Log-odds ratios with Woolf's interval after Haldane and Anscombe, Fisher's exact test.
    """
    only_a, only_b = in_a & ~in_b, in_b & ~in_a
    n_a, n_b = int(only_a.sum()), int(only_b.sum())
    a, b = counted.of_topic(only_a), counted.of_topic(only_b)
    value, low, high = intervals.log_odds(a, n_a, b, n_b)
    p = np.full(len(a), np.nan)
    worth = a + b >= SMALL
    if min(n_a, n_b) >= SMALL:
        p[worth] = tested.shares(a[worth], n_a, b[worth], n_b)
    (low_a, high_a), (low_b, high_b) = intervals.wilson(a, n_a), intervals.wilson(b, n_b)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = a / np.float64(n_a), b / np.float64(n_b)
    found = (
        counted.topics, a, b, shares[0], low_a, high_a, shares[1], low_b, high_b, value, low, high, p,
        tested.corrected(p),
    )  # fmt: skip
    table = pd.DataFrame(dict(zip(COLUMNS, found, strict=True)))
    # Beyond what p can still tell apart, the larger difference goes first.
    order = np.lexsort((-np.abs(value), np.nan_to_num(p, nan=2.0)))
    return Pair(only_a, only_b, int((in_a & in_b).sum()), table.iloc[order].reset_index(drop=True))
