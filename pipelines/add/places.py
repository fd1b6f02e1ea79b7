"""Where new units stand on a finished map: among the old units that they are most like.

Landmark interpolation: the mean of the nearest landmarks' places, weighted by how like they are, as umap-learn starts
its own transform of new points (McInnes, Healy and Melville 2018).
"""

from __future__ import annotations

import numpy as np

from pipelines.types import BoolArray, FloatArray, NeighborGraph

LANDMARKS = 10
_SHARPNESS = 4.0
"""A landmark's weight falls by e for each quarter of the way from the nearest's similarity to the farthest's."""
_JITTER = 0.12
"""How far a point is set off, as a share of its landmarks' spread: what has the same landmarks does not stack."""


def place(
    near: NeighborGraph, counts: BoolArray, coordinates: FloatArray, typical: float, seeds: np.ndarray
) -> FloatArray:
    """(q, dims) places of q new units among `coordinates` (m, dims) of the old ones.

    near: the nearest old units. counts (q, k): which of them may serve (those of the unit's own topic; all where none
    may). typical: a usual distance between neighbours on this map, for units whose landmarks lie on one spot. seeds
    (q,): what the little step aside is drawn from.
    """
    q, dims = len(near.indices), coordinates.shape[1]
    if near.indices.shape[1] == 0:
        middle = coordinates.mean(axis=0, dtype=np.float64) if len(coordinates) else np.zeros(dims)
        return (middle + _steps(seeds, dims) * typical).astype(np.float32)
    usable = counts | ~counts.any(axis=1, keepdims=True)
    usable &= np.cumsum(usable, axis=1) <= LANDMARKS
    similarity = near.similarity.astype(np.float64)
    highest = np.where(usable, similarity, -np.inf).max(axis=1, keepdims=True)
    lowest = np.where(usable, similarity, np.inf).min(axis=1, keepdims=True)
    # Those that may not serve can be liker than any that may: the power of that difference is no number.
    behind = np.where(usable, similarity - highest, -np.inf)
    weight = np.exp(_SHARPNESS * behind / np.maximum(highest - lowest, 1e-6))
    weight /= weight.sum(axis=1, keepdims=True)
    landmarks = coordinates[near.indices].astype(np.float64)
    mean = np.einsum("qk,qkd->qd", weight, landmarks)
    spread = np.sqrt(np.einsum("qk,qkd->q", weight, (landmarks - mean[:, None]) ** 2) / dims)
    step = np.maximum(spread, typical) * _JITTER
    return np.asarray((mean + _steps(seeds, dims) * step[:, None]).astype(np.float32).reshape(q, dims))


def typical_distance(coordinates: FloatArray, graph: NeighborGraph) -> float:
    """The median distance on the map from a unit to its nearest neighbour in the embedding space; 1 without any."""
    if not graph.indices.shape[1] or not len(coordinates):
        return 1.0
    far = coordinates - coordinates[graph.indices[: len(coordinates), 0]]
    return float(np.median(np.sqrt((far.astype(np.float64) ** 2).sum(axis=1)))) or 1.0


def _steps(seeds: np.ndarray, dims: int) -> np.ndarray:
    """One random step a seed, of a length of about 1 in each direction."""
    return np.array([np.random.default_rng(int(seed)).normal(size=dims) for seed in seeds]).reshape(len(seeds), dims)
