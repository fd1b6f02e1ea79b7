"""The reviews that show best what a topic is about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.types import FloatArray, IntArray

POOL = 40
"""How many of the nearest take part in the choice."""

RELEVANCE = 0.6
"""Weight of nearness to the centre against being unlike those already chosen."""


def choose(
    members: IntArray, matrix: FloatArray, strength: FloatArray, texts: Sequence[str], most: int
) -> tuple[int, ...]:
    """Up to `most` of a topic's members: core ones near its centroid, unlike each other, nearest first.

    Maximal marginal relevance (Carbonell and Goldstein 1998) over the members of at least median strength. members:
    places in `texts`, `matrix` (m, dim; unit rows) and `strength` (m,).
    """
    if most <= 0 or not len(members):
        return ()
    core = members[strength[members] >= np.median(strength[members])]
    vectors = matrix[core].astype(np.float32)
    centroid = vectors.mean(axis=0)
    norm = float(np.linalg.norm(centroid))
    nearness = vectors @ (centroid / norm if norm > 0 else centroid)
    # A bare "Good." sits near the centre of many topics and shows nothing.
    informative = np.array([min(1.0, (len(texts[place]) + 4) / 24) for place in core.tolist()], dtype=np.float32)
    ranking = np.lexsort((core, -(nearness * (0.7 + 0.3 * informative))))
    pool = ranking[:POOL].tolist()
    chosen: list[int] = []
    while pool and len(chosen) < most:
        gains = [_gain(place, chosen, vectors, nearness) for place in pool]
        chosen.append(pool.pop(int(np.argmax(gains))))
    return tuple(int(core[place]) for place in chosen)


def _gain(place: int, chosen: list[int], vectors: FloatArray, nearness: FloatArray) -> float:
    closest = max((float(vectors[place] @ vectors[other]) for other in chosen), default=0.0)
    return RELEVANCE * float(nearness[place]) - (1.0 - RELEVANCE) * closest
