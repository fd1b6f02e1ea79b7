"""Trustworthiness and continuity of a map, point by point: are neighbours on it neighbours among the reviews?

Venna & Kaski 2001, "Neighborhood Preservation in Nonlinear Projection Methods: An Experimental Study". For a point i
let U(i) be its k nearest points on the map and r(i, j) the rank of j by similarity to i among the reviews (the most
similar one has rank 1). A neighbour that is none among the reviews counts against the point by how far down it ranks:

    trust(i) = 1 − 1/k · Σ_{j in U(i)} min(1, max(0, r(i, j) − k) / (reach − k))

The paper divides by the largest sum that n points allow, which leaves a map of chance at one half and every usual map
above 0.9. Here a neighbour beyond the `reach` most similar counts as none at all, so 1 says that the neighbours shown
are the true ones and 0 that they might be any. Continuity is the same with map and reviews exchanged: true neighbours
that the map tore apart.

Ranks up to the graph's k are the graph's own; those beyond are estimated from a fixed sample of the reviews, which
saves the full matrix of similarities. With few reviews all are in the sample and every rank is exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pipelines.types import FloatArray, IntArray, NeighborGraph

MOST_NEIGHBORS = 10
REACH_SHARE = 0.02
"""A neighbour on the map is a likeness of some kind while it is among this share of the most similar reviews."""
SAMPLE = 1024
"""Reviews that ranks beyond the graph are estimated from: a share of 0.02 of them is told to about 0.0045."""
LEAST_POINTS = 20
"""Fewer points than this are all each other's neighbours."""

_BLOCK_CELLS = 4_000_000
_TORN_POINTS = 2048
_SEED = 20_010


def neighbors_of(m: int) -> int:
    """k: how many neighbours of each point are looked at."""
    return int(np.clip(m // 20, 1, MOST_NEIGHBORS))


def reach_of(m: int) -> int:
    """Rank from which a neighbour counts as none."""
    return max(3 * neighbors_of(m), round(REACH_SHARE * m))


def measured(
    maps: Sequence[FloatArray], matrix: FloatArray, graph: NeighborGraph, rows: IntArray | None = None
) -> list[FloatArray]:
    """For each map the trust (len(rows),) of the points `rows` (None: all m), 0…1; NaN where there are too few points.

    maps: places (m, 2) or (m, 3). matrix (m, d) rows of length 1, graph: of the same points.
    """
    m = len(matrix)
    rows = np.arange(m, dtype=np.int64) if rows is None else rows
    if m < LEAST_POINTS or graph.indices.shape[1] == 0:
        return [np.full(len(rows), np.nan, dtype=np.float32) for _ in maps]
    k, sample = neighbors_of(m), _sample(m, SAMPLE)
    shown = [_nearest_places(places, rows, k) for places in maps]
    results = [np.empty(len(rows), dtype=np.float32) for _ in maps]
    references = np.ascontiguousarray(matrix[sample].T)
    for part in _blocks(len(rows), len(sample)):
        at = rows[part]
        own = np.asarray(matrix[at])
        sampled = -(own @ references)
        for near, result in zip(shown, results, strict=True):
            distance = -np.einsum("rkd,rd->rk", matrix[near[part]], own)
            rank = _sampled_rank(distance, sampled, at, sample, m)
            result[part] = _score(_with_graph(rank, near[part], graph.indices[at]), k, m)
    return results


def torn(places: FloatArray, graph: NeighborGraph) -> float:
    """Continuity of a map, the mean over its points (of many a sample), 0…1; NaN where there are too few."""
    m = len(places)
    if m < LEAST_POINTS or graph.indices.shape[1] == 0:
        return float("nan")
    k, sample, at = min(neighbors_of(m), graph.indices.shape[1]), _sample(m, SAMPLE), _sample(m, _TORN_POINTS)
    exact = places.astype(np.float64)
    near = np.square(exact[graph.indices[at][:, :k]] - exact[at][:, None]).sum(axis=2)
    far = np.square(exact[sample][None] - exact[at][:, None]).sum(axis=2)
    return float(_score(_sampled_rank(near, far, at, sample, m), k, m).mean())


def _sample(m: int, most: int) -> IntArray:
    if m <= most:
        return np.arange(m, dtype=np.int64)
    return np.sort(np.random.default_rng(_SEED).choice(m, most, replace=False)).astype(np.int64)


def _blocks(rows: int, cells: int) -> list[slice]:
    step = max(1, _BLOCK_CELLS // max(cells, 1))
    return [slice(begin, min(begin + step, rows)) for begin in range(0, rows, step)]


def _nearest_places(places: FloatArray, rows: IntArray, k: int) -> IntArray:
    """(len(rows), k) the nearest other points on the map."""
    found = cKDTree(places.astype(np.float64)).query(places[rows].astype(np.float64), k + 1)[1].astype(np.int64)
    itself = found == rows[:, None]
    # Where many points share a place a point need not be among its own nearest: the last one then makes room.
    itself[~itself.any(axis=1), -1] = True
    return found[~itself].reshape(len(rows), k)


def _sampled_rank(
    near: NDArray[np.floating], sampled: NDArray[np.floating], at: IntArray, sample: IntArray, m: int
) -> NDArray[np.float64]:
    """(b, k) ranks of distances `near` among all others, from the distances `sampled` (b, s) to the sample."""
    # What differs by the last bits of a matrix product is as near as the other.
    slack = sampled.dtype.type(1e-6)
    inside = np.searchsorted(sample, at)
    own = sample[np.minimum(inside, len(sample) - 1)] == at
    sampled[own, inside[own]] = np.inf
    closer = np.column_stack([_counted(sampled < near[:, [j]] - slack) for j in range(near.shape[1])])
    return 1.0 + closer * ((m - 1) / (len(sample) - own))[:, None]


def _counted(flags: NDArray[np.bool_]) -> IntArray:
    """Trues in each row; by bits, which is a third quicker than a sum."""
    return np.bitwise_count(np.packbits(flags, axis=1)).sum(axis=1, dtype=np.int64)


def _with_graph(rank: NDArray[np.float64], shown: IntArray, neighbors: NDArray[np.int32]) -> NDArray[np.float64]:
    """Ranks as the graph knows them; what it does not hold ranks below all that it holds."""
    same = shown[:, :, None] == neighbors[:, None, :]
    return np.where(same.any(axis=2), 1.0 + same.argmax(axis=2), np.maximum(rank, neighbors.shape[1] + 1.0))


def _score(rank: NDArray[np.float64], k: int, m: int) -> FloatArray:
    wrong = np.clip((rank - k) / (reach_of(m) - k), 0.0, 1.0)
    return (1.0 - wrong.mean(axis=1)).astype(np.float32)
