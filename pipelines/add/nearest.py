"""The nearest old units of new ones: exact, by blocked matrix product, the same on every run."""

from __future__ import annotations

import numpy as np

from pipelines.progress import Progress, silent
from pipelines.types import FloatArray, NeighborGraph

_BLOCK_CELLS = 4_000_000
_GRID = 1_000_000
"""Similarities are kept in steps of 1/_GRID, so that the last bits of a matrix product decide nothing."""


def nearest(
    asked: FloatArray, among: FloatArray, k: int, *, same: bool = False, progress: Progress = silent
) -> NeighborGraph:
    """The k rows of `among` (m, d) most similar to each row of `asked` (q, d), nearest first; rows of length 1.

    same: `asked` is `among`, and no row is its own neighbour. k is at most what there is. Equal similarities (to six
    digits) are ordered by index.
    """
    q, m = len(asked), len(among)
    k = max(0, min(k, m - 1 if same else m))
    indices = np.empty((q, k), dtype=np.int32)
    similarity = np.empty((q, k), dtype=np.float32)
    if k == 0:
        return NeighborGraph(indices, similarity)
    step = max(1, _BLOCK_CELLS // m)
    columns = np.arange(m, dtype=np.int64)
    for begin in range(0, q, step):
        progress("neighbors", begin, q)
        rows = np.arange(begin, min(begin + step, q))
        products = np.clip(asked[rows] @ among.T, -1.0, 1.0)
        if same:
            products[np.arange(len(rows)), rows] = -2.0
        rank = np.rint(products * np.float32(_GRID)).astype(np.int64)
        keys = columns - rank * 2**32
        if m > k:
            keys = np.partition(keys, k - 1, axis=1)[:, :k]
        keys = np.sort(keys, axis=1)
        found = keys % 2**32
        indices[rows] = found.astype(np.int32)
        similarity[rows] = ((found - keys) // 2**32 / _GRID).astype(np.float32)
    progress("neighbors", q, q)
    return NeighborGraph(indices, similarity)


def merged(one: NeighborGraph, other: NeighborGraph, offset: int, k: int) -> NeighborGraph:
    """The k nearest of two lists for the same q rows, the second one's indices moved on by `offset`."""
    indices = np.concatenate([one.indices, other.indices + np.int32(offset)], axis=1)
    similarity = np.concatenate([one.similarity, other.similarity], axis=1)
    order = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
    return NeighborGraph(
        np.take_along_axis(indices, order, axis=1).astype(np.int32), np.take_along_axis(similarity, order, axis=1)
    )
