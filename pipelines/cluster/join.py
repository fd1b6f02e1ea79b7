"""Noise joins a cluster by its neighbours' vote; how strong the vote was is kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.types import BoolArray, FloatArray, NeighborGraph

VOTERS = 15
_ROUNDS = 10


def vote(
    labels: NDArray[np.int32], graph: NeighborGraph, threshold: float = 0.0
) -> tuple[NDArray[np.int32], BoolArray, FloatArray]:
    """labels (m,) with noise joined, which ones joined (m,), and the winner's share of the vote (m,), 0 elsewhere.

    A unit's voters are its 15 nearest neighbours that have a cluster, weighted by similarity; missing voters count
    against the winner. It joins when the share is above 0 and at least `threshold`. Rounds repeat, with those that
    joined as voters, so that a group of noise is reached from its rim.
    """
    result = labels.copy()
    share = np.zeros(len(labels), dtype=np.float32)
    clusters = int(labels.max(initial=-1)) + 1
    if clusters == 0 or graph.indices.shape[1] == 0 or threshold > 1.0:
        return result, np.zeros(len(labels), dtype=bool), share
    for _ in range(_ROUNDS):
        open_ = np.flatnonzero(result < 0)
        if not len(open_):
            break
        winner, won = _count(result, graph, open_, clusters)
        joins = (won > 0.0) & (won >= threshold)
        if not joins.any():
            break
        result[open_[joins]] = winner[joins]
        share[open_[joins]] = won[joins]
    return result, (result >= 0) & (labels < 0), share


def _count(
    labels: NDArray[np.int32], graph: NeighborGraph, rows: NDArray[np.intp], clusters: int
) -> tuple[NDArray[np.int32], FloatArray]:
    """The winning cluster and its share for each of `rows`."""
    voters = min(VOTERS, graph.indices.shape[1])
    labelled = labels[graph.indices[rows]]
    weight = np.maximum(graph.similarity[rows], 1e-6).astype(np.float64)
    casts = labelled >= 0
    casts &= np.cumsum(casts, axis=1) <= voters
    row, column = np.nonzero(casts)
    ballots = np.bincount(row * clusters + labelled[row, column], weight[row, column], len(rows) * clusters)
    ballots = ballots.reshape(len(rows), clusters)
    winner = ballots.argmax(axis=1)
    present = casts.sum(axis=1)
    mean_weight = ballots.sum(axis=1) / np.maximum(present, 1)
    total = mean_weight * voters
    won = ballots[np.arange(len(rows)), winner] / np.where(total > 0.0, total, 1.0)
    return winner.astype(np.int32), won.astype(np.float32)
