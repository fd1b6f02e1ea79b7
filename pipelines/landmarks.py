"""Which units stand for all of a very large file: the map and the topics are made of them, the rest find their place.

Most are drawn evenly, so that what is frequent is as frequent among them. The others are drawn by how far they lie from
a few that were drawn first, with probability in proportion to the squared Euclidean distance (D² sampling: Arthur and
Vassilvitskii 2007, "k-means++: The Advantages of Careful Seeding"; one round for many points: Bahmani et al. 2012,
"Scalable K-Means++"), so that rare subjects and odd reviews are among them too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.progress import Progress, silent
from pipelines.types import FloatArray, IntArray

FAR_SHARE = 0.1
"""So many of the landmarks are drawn by distance."""
_FIRST = 2048
_ROWS = 8192


@dataclass(frozen=True)
class LandmarkConfig:
    """above: units from which a map is made of landmarks; most: how many of them. seed is the run's.

    Up to 200,000 units, what the browser takes, every review has its own part in the map. Beyond, the costly stages
    (graph, layouts, resampled trees) would take hours and tens of GB; they take what the landmarks do, whatever the
    file's length, and each further unit costs one product with all landmarks. That product is most of the time of a
    million: with 25,000 landmarks 2e13 operations, some five minutes of two cores; 50,000 take twice that.
    """

    above: int = 200_000
    most: int = 25_000

    def __post_init__(self) -> None:
        if self.above < 0:
            raise ValueError(f"above={self.above} must not be negative")
        if self.most < 50:
            raise ValueError(f"most={self.most} must be at least 50")


def choose(matrix: FloatArray, candidates: IntArray, most: int, seed: int, progress: Progress = silent) -> IntArray:
    """At most `most` of the candidates (rows of matrix (n, d), of length 1, rising), in rising order; all where few.

    matrix may lie on the disk: it is read in blocks. Raises Cancelled between them.
    """
    if len(candidates) <= most:
        return candidates
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(candidates)
    even = shuffled[: most - int(FAR_SHARE * most)]
    first, rest = np.asarray(matrix[np.sort(even[:_FIRST])]), np.sort(shuffled[len(even) :])
    apart = np.empty(len(rest), dtype=np.float64)
    for begin in range(0, len(rest), _ROWS):
        progress("neighbors", begin, len(rest))
        nearest = (np.asarray(matrix[rest[begin : begin + _ROWS]]) @ first.T).max(axis=1)
        # In steps, as similarities are ranked everywhere: the last bits of a product choose nothing.
        apart[begin : begin + _ROWS] = np.round(np.maximum(1.0 - nearest.astype(np.float64), 0.0), 5)
    wanted = min(most - len(even), int((apart > 0).sum()))
    far = generator.choice(rest, wanted, replace=False, p=apart / apart.sum()) if wanted else rest[:0]
    return np.sort(np.concatenate([even, far]))
