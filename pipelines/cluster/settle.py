"""Clusters settle: a unit whose near neighbours are mostly of another cluster moves to that one.

The tree decides how many clusters there are and where; at their rims it decides by one layout's chance. A few rounds
of label propagation over the neighbour graph (Raghavan, Albert and Kumara 2007, "Near linear time algorithm to detect
community structures in large-scale networks", Phys. Rev. E 76), started from the clusters, decide there by the
vectors themselves. On labelled files that brings both agreement with the labels and agreement between runs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipelines.cluster.join import VOTERS
from pipelines.types import BoolArray, FloatArray, NeighborGraph

ROUNDS = 3
"""More rounds move next to nothing and may let a large cluster eat a small one."""


def settle(
    labels: NDArray[np.int32], graph: NeighborGraph, threshold: float = 0.0
) -> tuple[NDArray[np.int32], BoolArray, FloatArray]:
    """labels (m,) after moving, which units moved (m,), and the winner's share of the last vote (m,) where they did.

    Voters are the 15 nearest neighbours, weighted by similarity, and the unit itself as one that is wholly similar.
    Units of no cluster stay so. Nothing moves with less than `threshold` of the vote. Each cluster keeps its number,
    and an emptied one stays empty.
    """
    m, k = len(graph.indices), min(VOTERS, graph.indices.shape[1])
    clusters = int(labels.max(initial=-1)) + 1
    result = labels.copy()
    share = np.zeros(m, dtype=np.float32)
    if clusters < 2 or k == 0 or threshold > 1.0:
        return result, np.zeros(m, dtype=bool), share
    inside = np.flatnonzero(labels >= 0)
    weight = np.maximum(graph.similarity[:, :k].ravel().astype(np.float64), 1e-6)
    voters = sparse.csr_array(
        (weight, graph.indices[:, :k].ravel().astype(np.int64), np.arange(0, m * k + 1, k)), shape=(m, m)
    )
    total = voters.sum(axis=1) + 1.0
    for _ in range(ROUNDS):
        member = sparse.csr_array((np.ones(len(inside)), (inside, result[inside])), shape=(m, clusters))
        winner, votes = _winners((voters @ member + member).tocsr(), result)
        moves = (winner != result) & (result >= 0) & (votes >= threshold * total)
        if not moves.any():
            break
        result[moves] = winner[moves]
        share[moves] = (votes / total)[moves]
    moved = result != labels
    share[~moved] = 0.0
    return result, moved, share


def _winners(ballots: sparse.csr_array, labels: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The cluster with the most votes for each row of ballots (m, clusters) and its votes; a tie goes to the smaller.

    A row without votes keeps its own of `labels`.
    """
    filled = np.flatnonzero(np.diff(ballots.indptr))
    winner, votes = labels.copy(), np.zeros(len(labels))
    if len(filled):
        starts = ballots.indptr[filled]
        most = np.maximum.reduceat(ballots.data, starts)
        has_most = ballots.data == np.repeat(most, np.diff(ballots.indptr)[filled])
        winner[filled] = np.minimum.reduceat(np.where(has_most, ballots.indices, ballots.shape[1]), starts)
        votes[filled] = most
    return winner, votes
