"""The one neighbour graph of an analysis, the same on every run.

It serves the projection in every dimension, outlier scores, duplicates and stability.

Exact, by blocked matrix product, is quadratic; beyond `exact_up_to` units an index (pynndescent, which umap-learn
brings along) finds nearly all neighbours in less time. Seconds at 384 dimensions and k=30 on two busy cores: 50,000
units exact 29.5, by index 7.5 on one of them (0.998 of the neighbours found) after 38 in which numba compiles it, in
every process.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.progress import Progress, silent
from pipelines.types import BoolArray, FloatArray, IntArray, NeighborGraph

_BLOCK_CELLS = 8_000_000
"""Similarities held at once: 32 MB of float32, small enough to stay near the processor's cache."""
_GRID = 1_000_000
"""Similarities are ranked in steps of 1/_GRID, so that the last bits of a matrix product decide no tie."""
_GROUPS = 16
"""Columns share a group maximum, which bounds the k-th largest similarity from below."""


@dataclass(frozen=True)
class NeighborConfig:
    """k: neighbours kept for each unit, itself not counted. exact_up_to: units from which an index is asked instead."""

    k: int = 30
    exact_up_to: int = 65_000

    def __post_init__(self) -> None:
        if self.k < 1:
            raise ValueError(f"k={self.k} must be at least 1")


def build_graph(matrix: FloatArray, config: NeighborConfig | None = None, progress: Progress = silent) -> NeighborGraph:
    """The cosine neighbour graph of `matrix` (m, d), rows of length 1; k is at most m - 1.

    Equal similarities (to six digits) are ordered by index, so identical input gives an identical graph. Similarities
    are exact; where an index was asked (`NeighborConfig.exact_up_to`) some hundredth of the neighbours is not the
    nearest. Raises Cancelled between blocks.
    """
    config = config or NeighborConfig()
    m = len(matrix)
    k = max(0, min(config.k, m - 1))
    indices = np.empty((m, k), dtype=np.int32)
    similarity = np.empty((m, k), dtype=np.float32)
    if k == 0:
        progress("neighbors", m, m)
        return NeighborGraph(indices, similarity)
    matrix = np.ascontiguousarray(matrix, dtype=np.float32)
    if m > config.exact_up_to:
        return _by_index(matrix, k, progress)
    step = max(1, _BLOCK_CELLS // m)
    for begin in range(0, m, step):
        progress("neighbors", begin, m)
        rows = np.arange(begin, min(begin + step, m))
        indices[rows], similarity[rows] = _nearest(matrix, rows, k)
    progress("neighbors", m, m)
    return NeighborGraph(indices, similarity)


def restrict(graph: NeighborGraph, keep: BoolArray, matrix: FloatArray, k: int) -> NeighborGraph:
    """The graph of the kept rows only, re-indexed to them, with min(k, kept - 1) neighbours each.

    `keep` (m,) and `matrix` (m, d) belong to `graph`. Rows whose stored neighbours do not suffice are computed anew.
    """
    kept = np.flatnonzero(keep)
    k = max(0, min(k, len(kept) - 1))
    if k == 0:
        return NeighborGraph(np.empty((len(kept), 0), np.int32), np.empty((len(kept), 0), np.float32))
    renumber = np.full(len(keep), -1, dtype=np.int32)
    renumber[kept] = np.arange(len(kept), dtype=np.int32)
    candidates = renumber[graph.indices[kept]]
    valid = candidates >= 0
    rank = np.cumsum(valid, axis=1) - 1
    take = valid & (rank < k)
    rows, columns = np.nonzero(take)
    indices = np.full((len(kept), k), -1, dtype=np.int32)
    similarity = np.zeros((len(kept), k), dtype=np.float32)
    indices[rows, rank[rows, columns]] = candidates[rows, columns]
    similarity[rows, rank[rows, columns]] = graph.similarity[kept][rows, columns]
    short = np.flatnonzero(take.sum(axis=1) < k)
    if len(short):
        sub_matrix = np.ascontiguousarray(matrix[kept], dtype=np.float32)
        step = max(1, _BLOCK_CELLS // len(kept))
        for begin in range(0, len(short), step):
            block = short[begin : begin + step]
            indices[block], similarity[block] = _nearest(sub_matrix, block, k)
    return NeighborGraph(indices, similarity)


def among(asked: FloatArray, landmarks: FloatArray, k: int) -> NeighborGraph:
    """The k rows of `landmarks` (m, d) most similar to each row of `asked` (q, d), nearest first; rows of length 1.

    Exact, blocked and ordered as `build_graph`. Similarities are given in steps of 1/_GRID, so that the number of
    threads that a product was made with shows in nothing.
    """
    q, k = len(asked), max(0, min(k, len(landmarks)))
    indices = np.empty((q, k), dtype=np.int32)
    similarity = np.empty((q, k), dtype=np.float32)
    step = max(1, _BLOCK_CELLS // max(len(landmarks), 1))
    for begin in range(0, q if k else 0, step):
        products = np.asarray(asked[begin : begin + step]) @ landmarks.T
        np.clip(products, -1.0, 1.0, out=products)
        part = slice(begin, begin + len(products))
        indices[part], found = _largest(products, k)
        similarity[part] = np.rint(found.astype(np.float64) * _GRID) / _GRID
    return NeighborGraph(indices, similarity)


def _by_index(matrix: FloatArray, k: int, progress: Progress) -> NeighborGraph:
    """The graph by nearest-neighbour descent (Dong, Moses & Li 2011); rows that it leaves short are exact."""
    from pynndescent import NNDescent

    m = len(matrix)
    progress("neighbors", 0, m)
    # On one thread: what several find depends on how many they are, and a file must look alike on every machine.
    found = NNDescent(matrix, metric="dot", n_neighbors=k + 1, random_state=0, n_jobs=1).neighbor_graph[0]
    indices = np.empty((m, k), dtype=np.int32)
    similarity = np.empty((m, k), dtype=np.float32)
    step = max(1, _BLOCK_CELLS // ((k + 1) * matrix.shape[1]))
    for begin in range(0, m, step):
        progress("neighbors", begin, m)
        rows = np.arange(begin, min(begin + step, m))
        near = found[rows]
        likeness = np.clip(np.einsum("rd,rnd->rn", matrix[rows], matrix[near]), -1.0, 1.0)
        lost = (near < 0) | (near == rows[:, None])
        rank = np.rint(likeness.astype(np.float64) * _GRID).astype(np.int64)
        keys = np.where(lost, np.iinfo(np.int64).max, near - rank * 2**32)
        order = np.argsort(keys, axis=1)[:, :k]
        indices[rows] = np.take_along_axis(near, order, axis=1)
        similarity[rows] = np.take_along_axis(likeness, order, axis=1)
        short = rows[(~lost).sum(axis=1) < k]
        if len(short):
            indices[short], similarity[short] = _nearest(matrix, short, k)
    progress("neighbors", m, m)
    return NeighborGraph(indices, similarity)


def _nearest(matrix: FloatArray, rows: IntArray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k most similar other rows for each of `rows`: indices and similarities, (len(rows), k), nearest first."""
    similarity = matrix[rows] @ matrix.T
    np.clip(similarity, -1.0, 1.0, out=similarity)
    similarity[np.arange(len(rows)), rows] = -2.0
    return _largest(similarity, k)


def _largest(similarity: FloatArray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k largest of each row of similarities (b, m), equal ones by column: columns and values, (b, k)."""
    bound = _lower_bound(similarity, k) - 2.0 / _GRID
    row, column = np.nonzero(similarity >= bound[:, None])
    counts = np.bincount(row, minlength=len(similarity))
    slot = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    # one whole number per candidate, larger similarity first and then smaller index, makes the order total
    rank = np.rint(similarity[row, column].astype(np.float64) * _GRID).astype(np.int64)
    keys = np.full((len(similarity), int(counts.max())), np.iinfo(np.int64).max, dtype=np.int64)
    keys[row, slot] = column - rank * 2**32
    if keys.shape[1] > k:
        keys = np.partition(keys, k - 1, axis=1)[:, :k]
    indices = (np.sort(keys, axis=1) % 2**32).astype(np.int32)
    return indices, np.take_along_axis(similarity, indices.astype(np.int64), axis=1)


def _lower_bound(similarity: FloatArray, k: int) -> FloatArray:
    """For each row a value that at least k of its similarities reach: the k-th largest of its groups' maxima."""
    m = similarity.shape[1]
    width = m // _GROUPS
    if width <= k:
        return np.partition(similarity, m - k, axis=1)[:, m - k]
    grouped = similarity[:, : width * _GROUPS].reshape(len(similarity), _GROUPS, width)
    maxima = grouped.max(axis=1)
    return np.partition(maxima, width - k, axis=1)[:, width - k]
