"""Outlier scores of added units, on the scale of the units before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.types import FloatArray

_FEWEST = 20
_SURE = 0.999
"""Scores beyond this are too near to 1 to tell their distance from float32."""


def on_scale(new: NDArray[np.float64], old: NDArray[np.float64], old_score: FloatArray) -> FloatArray:
    """Scores 0…1 of new units (q,) from their mean distances to the nearest old units.

    old, old_score (m,): distances and kept scores. A score is a fixed curve over a straight line in the distance's
    square root (pipelines.outliers); the line is found again from the old pairs, so that equal distances have equal
    scores, and distances beyond all old ones have higher ones. 0 where the old units have no scores.
    """
    centred = 2.0 * old_score.astype(np.float64) - 1.0
    told = np.abs(centred) < _SURE
    if len(old) < _FEWEST or not np.any(old_score) or told.sum() < 2:
        return np.zeros(len(new), dtype=np.float32)
    length = np.sqrt(old[told])
    deviation = centred[told] / np.sqrt(1.0 - centred[told] ** 2)
    spread = float(length.var())
    if spread < 1e-12:
        return np.zeros(len(new), dtype=np.float32)
    slope = float(((length - length.mean()) * (deviation - deviation.mean())).mean()) / spread
    u = slope * (np.sqrt(new) - length.mean()) + deviation.mean()
    return ((1.0 + u / np.sqrt(1.0 + u**2)) / 2.0).astype(np.float32)
