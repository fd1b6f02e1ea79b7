"""Tests of "the segment makes no difference", over arrays, and their correction for how many were made."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LEVEL = 0.05


def shares(a: ArrayLike, n_a: ArrayLike, b: ArrayLike, n_b: ArrayLike) -> Floats:
    """Two-sided p of a/n_a = b/n_b: Fisher's exact test, the smaller of its tails doubled."""
    from scipy.stats import hypergeom

    cells = np.broadcast_arrays(a, np.add(n_a, n_b), np.add(a, b), n_a)
    count, total, with_topic, drawn = (np.asarray(cell, dtype=np.int64) for cell in cells)
    # Summing a tail is what costs: the one that the count lies in is summed, the other is what that leaves.
    is_few = count * total < drawn * with_topic
    tail = np.empty(count.shape)
    for way, law, at in ((is_few, hypergeom.cdf, count), (~is_few, hypergeom.sf, count - 1)):
        tail[way] = law(at[way], total[way], with_topic[way], drawn[way])
    other = (
        1
        - tail
        + np.exp(
            _log_choose(with_topic, count) + _log_choose(total - with_topic, drawn - count) - _log_choose(total, drawn)
        )
    )
    return np.minimum(1.0, 2 * np.minimum(tail, other))


def _log_choose(n: NDArray[np.int64], k: NDArray[np.int64]) -> Floats:
    from scipy.special import gammaln

    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def means(total: Floats, n: Floats, size: Floats, second: Floats, third: Floats, step: float = 0.0) -> Floats:
    """Two-sided p that n of `size` values drawn blindly add up to something as far from what is expected as `total`.

    total: their sum, each value less the mean of all. second, third: central moments of all the values. step: the grid
    that sums lie on (1 for whole stars, 0 for none), for the continuity correction. The permutation test, by the
    Pearson type III distribution with the sum's own variance and skewness under sampling without replacement (Mielke &
    Berry 2007, "Permutation Methods"): a normal distribution would find far too much in ratings, which lean to one end.
    """
    from scipy.stats import pearson3

    left = size - n
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(n * left / (size - 1) * second)
        skewness = n * left * (size - 2 * n) / ((size - 1) * (size - 2)) * third / spread**3
        far = np.abs(total) - step / 2
        centred = np.sign(total) * np.maximum(far, 0) / spread
    usable = np.isfinite(centred) & np.isfinite(skewness) & (spread > 1e-9)
    p = np.ones(np.shape(total))
    z, lean = centred[usable], skewness[usable]
    p[usable] = np.minimum(1.0, 2 * np.minimum(pearson3.cdf(z, lean), pearson3.sf(z, lean)))
    return p


def corrected(p: Floats) -> Floats:
    """p values corrected over all of them that are not NaN, by Benjamini & Hochberg (1995); NaN stays NaN."""
    from scipy.stats import false_discovery_control

    known = np.isfinite(p)
    found = np.full(p.shape, np.nan)
    if known.any():
        found[known] = false_discovery_control(np.clip(p[known], 0, 1))
    return found
