"""A curve through the figures of periods: local straight lines, and how far the curve can be trusted.

Local linear regression (Cleveland 1979; Fan & Gijbels 1996, "Local Polynomial Modelling") with a Gaussian kernel, each
period weighted by its reviews; unlike a moving mean it does not flatten the last months of a rise. How wide the kernel
is comes from the data by the corrected AIC of Hurvich, Simonoff & Tsai (1998).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipelines.intervals import Z, score_interval

Floats = NDArray[np.float64]
WIDTHS = (1.5, 2.5, 4.0, 7.0, 12.0, np.inf)
"""Kernel widths (standard deviation, in periods) to choose from; the widest is one straight line."""


@dataclass(frozen=True)
class Curve:
    """fit (T,); spread (T,): variance of the fit for values of variance 1 a review; excess: dispersion, at least 1."""

    fit: Floats
    spread: Floats
    excess: float = 1.0


def dispersion(values: Floats, weights: Floats, variance: Floats) -> Floats:
    """How much more the periods of each series vary than chance allows: (k,), at least 1.

    values, weights, variance (T, k): figures of periods, reviews behind each, variance of one review's value. From the
    differences of neighbouring periods (Rice 1984), which a slow trend leaves alone; at least what all series show
    together, since a few periods alone can look calm by luck.
    """
    w = np.where(np.minimum(weights[1:], weights[:-1]) > 0, weights[1:] * weights[:-1], 0.0)
    w = w / np.maximum(weights[1:] + weights[:-1], 1e-12)
    gaps = np.where(w > 0, w * np.nan_to_num(np.diff(values, axis=0)) ** 2, 0.0).sum(axis=0)
    usual = np.where(w > 0, (variance[1:] + variance[:-1]) / 2, 0.0).sum(axis=0)
    known = usual > 0
    own = np.divide(gaps, usual, out=np.ones(len(usual)), where=known)
    return np.maximum(own, max(1.0, float(own[known].mean()) if known.any() else 1.0))


def freedom(excess: Floats, periods: int) -> Floats:
    """(k,) degrees of freedom of a test divided by a dispersion `excess` (k,) of so many periods; inf for none, 1.

    The differences of neighbours know a variance as well as 2/3 as many independent periods (Rice 1984). Only the part
    above chance was estimated.
    """
    part = (excess - 1) / excess
    return np.asarray(2 / 3 * max(periods - 1, 1) / np.maximum(part, 1e-9))


class Smoother:
    """Fits series over the same periods with the same weights (T,), reviews a period."""

    def __init__(self, weights: Floats) -> None:
        self.weights = weights
        self.known = weights > 0

    @cached_property
    def hats(self) -> list[Floats]:
        """For each of WIDTHS the matrix (T, T) that takes values to the curve."""
        at = np.arange(len(self.weights), dtype=float)
        gap = at[None, :] - at[:, None]
        return [self._hat(gap, width) for width in WIDTHS]

    def _hat(self, gap: Floats, width: float) -> Floats:
        kernel = np.exp(-0.5 * (gap / width) ** 2) * self.weights
        zero, one, two = (np.sum(kernel * gap**power, axis=1, keepdims=True) for power in (0, 1, 2))
        flat = zero * two - one**2
        slant = np.where(flat > 1e-9 * zero**2, two - gap * one, 1.0)
        hat = kernel * slant / np.where(flat > 1e-9 * zero**2, flat, np.maximum(zero, 1e-300))
        return np.asarray(hat)

    def fit(self, values: Floats) -> Curve:
        """The curve through values (T,); those of periods without reviews count for nothing."""
        values = np.where(self.known, values, 0.0)
        n = int(self.known.sum())
        best: tuple[float, Floats] | None = None
        for hat in self.hats:
            used = float(np.trace(hat))
            if n - used - 2 <= 0:
                continue
            miss = float(self.weights @ (values - hat @ values) ** 2) / self.weights.sum()
            score = np.log(miss + 1e-12) + 2 * (used + 1) / (n - used - 2)
            if best is None or score < best[0] - 1e-12:
                best = (score, hat)
        hat = self.hats[-1] if best is None else best[1]
        spread = np.sum(hat[:, self.known] ** 2 / self.weights[self.known], axis=1)
        return Curve(hat @ values, spread)


def share_curve(smoother: Smoother, counts: Floats, excess: float) -> Curve:
    """The curve of a share: counts (T,) of the smoother's weights."""
    curve = smoother.fit(counts / np.maximum(smoother.weights, 1))
    least = 0.5 / max(smoother.weights.sum(), 1)
    return Curve(np.clip(curve.fit, least, 1 - least), curve.spread, excess)


def share_band(curve: Curve) -> tuple[Floats, Floats]:
    """The 95 % interval around a share, with as many reviews as the curve averages over."""
    return score_interval(curve.fit, 1 / np.maximum(curve.spread * curve.excess, 1e-12))


def mean_curve(smoother: Smoother, sums: Floats, excess: float) -> Curve:
    """The curve of a mean: sums (T,) over the smoother's weights."""
    curve = smoother.fit(sums / np.maximum(smoother.weights, 1))
    return Curve(curve.fit, curve.spread, excess)


def mean_band(curve: Curve, variance: float) -> tuple[Floats, Floats]:
    """The 95 % interval around a mean."""
    half = Z * np.sqrt(variance * curve.spread * curve.excess)
    return curve.fit - half, curve.fit + half
