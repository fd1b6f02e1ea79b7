"""The interval of a share, over arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Z = 1.959964
"""The normal distribution's 97.5 % point."""


def score_interval(share: ArrayLike, n: ArrayLike, z: ArrayLike = Z) -> tuple[Floats, Floats]:
    """The interval of a share seen in n: (low, high), within 0…1; z: how many standard errors, 95 % unless given.

    The score interval of Wilson (1927). NaN where n is 0.
    """
    share, n, z = (np.asarray(value, dtype=float) for value in (share, n, z))
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        margin = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.maximum(middle - margin, 0), np.minimum(middle + margin, 1)
