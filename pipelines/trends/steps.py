"""Whether and when a series jumped: the likelihood-ratio scan for one change point.

The periods are split at every place; the best split's likelihood ratio (Hinkley 1970) is held against what the best
split of unchanged reviews would reach. For that the scan is repeated on random walks that end where they began
(Csörgő & Horváth 1997, "Limit Theorems in Change-Point Analysis"), so that having looked at every split is paid for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy
from scipy.stats import chi2

from pipelines.trends.smooth import freedom

Floats = NDArray[np.float64]
DRAWS = 4_999
_MANY = 1e6
LEAST = 5
"""Fewest reviews of the topic that either side of a split is expected to have."""


@dataclass(frozen=True)
class Step:
    """at: the first period after the change. p: of the best split, searching included. z2: its squared statistic."""

    at: int
    p: float
    z2: float


class Chance:
    """What the best split of unchanged periods reaches; noise (DRAWS, T) is shared by all series."""

    def __init__(self, length: int, seed: int = 20) -> None:
        random = np.random.default_rng(seed)
        self.noise = random.standard_normal((DRAWS, length)).astype(np.float32)
        self.luck = random.random(DRAWS)

    def p_values(self, weights: Floats, allowed: NDArray[np.bool_], statistic: Floats, free: Floats) -> Floats:
        """p of the largest |statistic| (k,) among the allowed splits (k, T − 1), for weights (T,) reviews a period.

        free (k,): degrees of freedom of the dispersion that the statistic was divided by; inf where it is known.
        """
        share = np.cumsum(weights) / weights.sum()
        walk = np.cumsum(self.noise * np.sqrt(weights / weights.sum()).astype(np.float32), axis=1)
        bridge = np.abs(walk[:, :-1] - walk[:, -1:] * share[:-1].astype(np.float32))
        scale = np.sqrt(np.maximum(share * (1 - share), 1e-12))[:-1]
        bridge /= scale.astype(np.float32)
        p = np.ones(len(statistic))
        for i, (mask, value, own) in enumerate(zip(allowed, statistic, free, strict=True)):
            if mask.any():
                # Allowed splits are neighbours: a slice is quicker than a mask.
                inside = slice(int(mask.argmax()), len(mask) - int(mask[::-1].argmax()))
                guessed = value * np.sqrt(chi2.ppf(self.luck, own) / own) if own < _MANY else value
                p[i] = (1 + np.count_nonzero(bridge[:, inside].max(axis=1) >= guessed)) / (DRAWS + 1)
        return p


def share_steps(total: Floats, counts: Floats, excess: Floats, chance: Chance) -> list[Step | None]:
    """The best split of each topic's share: total (T,) reviews, counts (T, k), excess (k,) dispersion."""
    before, n_before = np.cumsum(counts, axis=0)[:-1], np.cumsum(total)[:-1, None]
    after, n_after = counts.sum(axis=0) - before, total.sum() - n_before
    one = _likelihood(counts.sum(axis=0), total.sum())
    ratio = 2 * (_likelihood(before, n_before) + _likelihood(after, n_after) - one)
    expected = counts.sum(axis=0) / total.sum() * np.minimum(n_before, n_after)
    return _best(np.maximum(ratio, 0) / excess, expected >= LEAST, total, chance, freedom(excess, len(total)))


def mean_steps(sums: Floats, variance: Floats, excess: Floats, chance: Chance) -> list[Step | None]:
    """The best split of each topic's mean: sums (2, T, k) of n and value, variance and excess (k,)."""
    n, total = sums[0], sums[1]
    n_before, before = np.cumsum(n, axis=0)[:-1], np.cumsum(total, axis=0)[:-1]
    n_after, after = n.sum(axis=0) - n_before, total.sum(axis=0) - before
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = after / n_after - before / n_before
        ratio = gap**2 / (variance * excess * (1 / n_before + 1 / n_after))
    allowed = np.minimum(n_before, n_after) >= LEAST
    free = freedom(excess, len(n))
    found: list[Step | None] = []
    for i in range(n.shape[1]):
        one = slice(i, i + 1)
        found += _best(np.nan_to_num(ratio[:, one]), allowed[:, one], n[:, i], chance, free[one])
    return found


def _likelihood(hits: Floats, n: Floats | float) -> Floats:
    """Binomial log-likelihood at its maximum; 0 without reviews."""
    n = np.broadcast_to(n, np.shape(hits))
    share = np.divide(hits, n, out=np.zeros(np.shape(hits)), where=n > 0)
    return np.asarray(xlogy(hits, share) + xlogy(n - hits, 1 - share))


def _best(
    ratio: Floats, allowed: NDArray[np.bool_], weights: Floats, chance: Chance, free: Floats
) -> list[Step | None]:
    ratio = np.where(allowed, ratio, -1.0)
    at, z2 = ratio.argmax(axis=0), ratio.max(axis=0)
    if not allowed.any():
        return [None] * ratio.shape[1]
    p = chance.p_values(weights, allowed.T, np.sqrt(np.maximum(z2, 0)), free)
    return [
        Step(int(place) + 1, float(one), float(value)) if value >= 0 else None
        for place, one, value in zip(at, p, z2, strict=True)
    ]
