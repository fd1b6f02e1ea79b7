"""Two vectors measured in the usual ways: angle (cosine) and distance (Euclidean), at length 1 and as they came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.embed.base import normalise
from pipelines.types import FloatArray


@dataclass(frozen=True)
class Measured:
    """cosine −1…1; degrees of the angle; distance: Euclidean between the two at length 1, sqrt(2 − 2 cosine).

    lengths and raw_distance: of the vectors before they are scaled, None where the embedder does not give them out.
    """

    cosine: float
    degrees: float
    distance: float
    lengths: tuple[float, float] | None = None
    raw_distance: float | None = None

    @property
    def lengths_differ(self) -> bool:
        """Whether the raw vectors have lengths of their own; some models scale to 1 in their last layer."""
        return self.lengths is not None and max(abs(length - 1) for length in self.lengths) > 1e-3


def measure(pair: FloatArray, raw: FloatArray | None = None) -> Measured:
    """pair, raw: (2, d) each."""
    one, other = normalise(pair).astype(np.float64)
    cosine = float(np.clip(one @ other, -1.0, 1.0))
    distance = float(np.linalg.norm(one - other))
    degrees = float(np.degrees(np.arccos(cosine)))
    if raw is None:
        return Measured(cosine, degrees, distance)
    first, second = raw.astype(np.float64)
    lengths = (float(np.linalg.norm(first)), float(np.linalg.norm(second)))
    return Measured(cosine, degrees, distance, lengths, float(np.linalg.norm(first - second)))
