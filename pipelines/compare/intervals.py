"""95 % intervals of shares, means, differences and odds, over arrays; NaN where there is nothing to measure."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pipelines.intervals import Floats, Z, score_interval

PRIOR_REVIEWS = 10
"""How many reviews the variance of all counts for beside a cell's own."""


def wilson(count: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """The interval of the share count/n: (low, high). The score interval of Wilson (1927)."""
    count, n = np.asarray(count, dtype=float), np.asarray(n, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return score_interval(count / n, n)


def bounded_mean(
    value: Floats, variance: Floats, n: Floats, common: Floats, common_variance: Floats
) -> tuple[Floats, Floats]:
    """The interval of a mean of n values that lie in 0…1: (low, high), within 0…1.

    value, variance: of the cell's own values; common: of all. Wilson's score interval for values that vary less than
    yes and no do: n is divided by the dispersion, variance / (mean · (1 − mean)) (quasi-likelihood, Wedderburn 1974).
    Variance and mean are drawn towards the common ones by PRIOR_REVIEWS (moderated variance, Smyth 2004, whose degrees
    of freedom Student's t takes): ten reviews that all give five stars vary by 0, and the usual interval would have no
    width. tests/compare/test_rates.py simulates how often it holds the truth.
    """
    own = np.maximum(n - 1, 0)
    freedom = PRIOR_REVIEWS + own
    moderated = (PRIOR_REVIEWS * common_variance + own * np.nan_to_num(variance)) / freedom
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (PRIOR_REVIEWS * common + n * np.nan_to_num(value)) / (PRIOR_REVIEWS + n)
        most = middle * (1 - middle)
        # Where every value there is lies at one end, it is as uncertain as a share.
        dispersion = np.where(most > 1e-9, moderated / most, 1.0)
        return score_interval(value, n / np.maximum(dispersion, 1e-9), _t(freedom))


def difference(
    a: Floats, ends_a: tuple[Floats, Floats], b: Floats, ends_b: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """The interval of a − b from either side's own: (low, high).

    The ends' distances are added in squares (Newcombe 1998, method 10, for shares with Wilson's intervals; Zou & Donner
    2008, "MOVER", for any).
    """
    return (
        a - b - np.hypot(a - ends_a[0], ends_b[1] - b),
        a - b + np.hypot(ends_a[1] - a, b - ends_b[0]),
    )


def mean_of(values: Floats) -> tuple[float, float, float]:
    """The mean of n values and its interval, by Student's t: (mean, low, high); NaN where there are too few."""
    n = len(values)
    if n < 2:
        return (float(values[0]) if n else float("nan")), float("nan"), float("nan")
    middle, margin = float(values.mean()), float(_t(np.float64(n - 1)) * values.std(ddof=1) / n**0.5)
    return middle, middle - margin, middle + margin


def log_odds(a: ArrayLike, n_a: ArrayLike, b: ArrayLike, n_b: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """log of the odds of a/n_a over those of b/n_b, with interval: (value, low, high).

    Woolf's interval with half a review added to each of the four counts (Haldane 1956, Anscombe 1956; Gart 1966), so
    that a count of 0 is no infinity.
    """
    cells = np.broadcast_arrays(a, np.asarray(n_a) - a, b, np.asarray(n_b) - b)
    yes_a, no_a, yes_b, no_b = (np.asarray(cell, dtype=float) + 0.5 for cell in cells)
    value = np.log(yes_a / no_a) - np.log(yes_b / no_b)
    margin = Z * np.sqrt(1 / yes_a + 1 / no_a + 1 / yes_b + 1 / no_b)
    return value, value - margin, value + margin


def _t(freedom: Floats | np.float64) -> Floats:
    from scipy.special import stdtrit

    return np.asarray(stdtrit(freedom, 0.975))
