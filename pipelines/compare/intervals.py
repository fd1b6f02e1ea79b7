"""95 % intervals of shares, means, differences and odds, over arrays; NaN where there is nothing to measure."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Z = 1.959964
"""The normal distribution's 97.5 % point."""
PRIOR_REVIEWS = 10
"""How many reviews the variance of all counts for beside a cell's own."""


def wilson(count: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """The interval of the share count/n: (low, high). The score interval of Wilson (1927)."""
    count, n = np.asarray(count, dtype=float), np.asarray(n, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = count / n
        middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        margin = Z / (1 + Z**2 / n) * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return np.maximum(middle - margin, 0), np.minimum(middle + margin, 1)


def share_difference(a: ArrayLike, n_a: ArrayLike, b: ArrayLike, n_b: ArrayLike) -> tuple[Floats, Floats]:
    """The interval of a/n_a − b/n_b: (low, high). The hybrid score interval of Newcombe (1998), his method 10."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share_a, share_b = np.asarray(a) / np.asarray(n_a, dtype=float), np.asarray(b) / np.asarray(n_b, dtype=float)
    (low_a, high_a), (low_b, high_b) = wilson(a, n_a), wilson(b, n_b)
    difference = share_a - share_b
    return (
        difference - np.hypot(share_a - low_a, high_b - share_b),
        difference + np.hypot(high_a - share_a, share_b - low_b),
    )


def moderated(variance: ArrayLike, n: ArrayLike, common: ArrayLike) -> tuple[Floats, Floats]:
    """A cell's variance drawn towards the common one, and its degrees of freedom.

    (d₀·s₀² + (n − 1)·s²) / (d₀ + n − 1) with d₀ = PRIOR_REVIEWS: the moderated variance of Smyth (2004, "Linear models
    and empirical Bayes methods"). Ten reviews that all give five stars have a variance of 0, and the usual interval
    would have no width.
    """
    own = np.maximum(np.asarray(n, dtype=float) - 1, 0)
    freedom = PRIOR_REVIEWS + own
    return (PRIOR_REVIEWS * np.asarray(common) + own * np.nan_to_num(np.asarray(variance))) / freedom, freedom


def mean(value: Floats, variance: Floats, n: Floats, freedom: Floats) -> tuple[Floats, Floats]:
    """The interval of a mean of n with its moderated variance: (low, high), by Student's t."""
    with np.errstate(invalid="ignore", divide="ignore"):
        margin = _t(freedom) * np.sqrt(variance / n)
    return value - margin, value + margin


def mean_of(values: Floats) -> tuple[float, float, float]:
    """The mean of n values and its interval, by Student's t: (mean, low, high); NaN where there are too few."""
    n = len(values)
    if n < 2:
        return (float(values[0]) if n else float("nan")), float("nan"), float("nan")
    middle, margin = float(values.mean()), float(_t(np.float64(n - 1)) * values.std(ddof=1) / n**0.5)
    return middle, middle - margin, middle + margin


def mean_difference(
    difference: Floats, own: tuple[Floats, Floats, Floats], rest: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats]:
    """The interval of a difference of means: (low, high), by Welch (1947) with Satterthwaite's degrees of freedom.

    own, rest: (variance, n, degrees of freedom) of either side.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = [(variance / n, freedom) for variance, n, freedom in (own, rest)]
        whole = parts[0][0] + parts[1][0]
        freedom = whole**2 / sum(part**2 / own_freedom for part, own_freedom in parts)
        margin = _t(freedom) * np.sqrt(whole)
    return difference - margin, difference + margin


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
