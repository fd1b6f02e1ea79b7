"""Odd units: those that are far from every other, measured in the embedding space itself.

The distance is the mean cosine distance to the nearest neighbours (k-nearest-neighbour outlier score; Ramaswamy et
al. 2000, Angiulli and Pizzuti 2002), which beats density scores on a layout by far on short texts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.progress import Progress, silent
from pipelines.types import FloatArray, NeighborGraph, Outliers

_LEAST_UNITS = 20
"""Fewer units than this do not say what is usual; nothing is called odd among them."""
_MAD_TO_SD = 1.4826
_MIDDLE = 1.28
"""Robust standard deviations above the median at which the score is one half: a tenth of a normal distribution lies
beyond. Where no two reviews are near each other (Chinese vectors, short texts) distances have a ceiling and a short
upper tail, which a wider margin would find empty."""
_SLOPE = 1.5
_MOST = 0.05
"""Largest share of the units that the threshold taken from the data calls odd: the usual one, since only a tail half as
heavy as a normal one has fewer beyond one half."""
_LEAST_SPREAD = 0.02
"""Smallest deviation taken seriously: among near-equal units none is odd."""


@dataclass(frozen=True)
class OutlierConfig:
    """k: neighbours averaged. threshold: score from which a unit is an outlier, or None to take it from the data."""

    k: int = 10
    threshold: float | None = None

    def __post_init__(self) -> None:
        if self.k < 1:
            raise ValueError(f"k={self.k} must be at least 1")
        if self.threshold is not None and not 0.0 <= self.threshold <= 1.0:
            raise ValueError(f"threshold={self.threshold} must be in 0…1, or None")


def score(graph: NeighborGraph, config: OutlierConfig | None = None, progress: Progress = silent) -> Outliers:
    """Scores of the m units of `graph`; all 0 and no outlier among fewer than 20 units.

    score = (1 + u / √(1 + u²)) / 2, u = 1.5·(z − 1.28), with z the robust z-value of the distance's square root, which
    is the Euclidean distance but for a factor: it keeps the order, even far out, and puts the farthest tenth of normal
    distances above one half.
    The deviation is the median one above the median (Rousseeuw and Croux 1993, for skewed data one side only).
    """
    config = config or OutlierConfig()
    m, k = graph.indices.shape
    progress("outliers", 0, m)
    if k == 0:
        distance = np.zeros(m, dtype=np.float32)
    else:
        distance = np.clip(1.0 - graph.similarity[:, : config.k].astype(np.float64).mean(axis=1), 0.0, 2.0)
        distance = distance.astype(np.float32)
    if m < _LEAST_UNITS:
        progress("outliers", m, m)
        threshold = 0.5 if config.threshold is None else config.threshold
        return Outliers(np.zeros(m, dtype=np.float32), distance, np.zeros(m, dtype=bool), threshold)
    calibrated = _calibrated(distance)
    threshold = _threshold(calibrated) if config.threshold is None else config.threshold
    progress("outliers", m, m)
    return Outliers(calibrated, distance, calibrated >= np.float32(threshold), threshold)


def _calibrated(distance: FloatArray) -> FloatArray:
    length = np.sqrt(distance.astype(np.float64))
    middle = float(np.median(length))
    above = length[length > middle] - middle
    spread = max(_MAD_TO_SD * float(np.median(above)) if len(above) else 0.0, _LEAST_SPREAD)
    u = _SLOPE * ((length - middle) / spread - _MIDDLE)
    return ((1.0 + u / np.sqrt(1.0 + u**2)) / 2.0).astype(np.float32)


def _threshold(calibrated: FloatArray) -> float:
    """One half, raised where the upper tail is heavy, so that few units are called odd."""
    return float(max(0.5, np.quantile(calibrated.astype(np.float64), 1.0 - _MOST)))
