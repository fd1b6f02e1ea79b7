"""To which topic a new unit belongs, if to any: its neighbours' vote, and whether it is too far from all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.types import BoolArray, FloatArray, NeighborGraph

VOTERS = 15
"""As many as decide where noise joins on a first map."""
FAR = 0.02
"""The share of the old units that would be called far themselves. See `is_far`."""


def vote(labels: NDArray[np.int32], near: NeighborGraph) -> tuple[NDArray[np.int32], FloatArray]:
    """The winning cluster of each of q units and its share of the vote 0…1; −1 and 0 where nobody votes.

    labels (m,): clusters of the old units. near: the q units' nearest old ones, of which the 15 nearest that have a
    cluster vote, weighted by similarity; missing voters count against the winner.
    """
    q, clusters = len(near.indices), int(labels.max(initial=-1)) + 1
    voters = min(VOTERS, near.indices.shape[1])
    if not clusters or not voters:
        return np.full(q, -1, dtype=np.int32), np.zeros(q, dtype=np.float32)
    cast = labels[near.indices]
    counted = cast >= 0
    counted &= np.cumsum(counted, axis=1) <= voters
    weight = np.maximum(near.similarity.astype(np.float64), 1e-6)
    row, column = np.nonzero(counted)
    ballots = np.bincount(row * clusters + cast[row, column], weight[row, column], q * clusters).reshape(q, clusters)
    winner = ballots.argmax(axis=1)
    total = ballots.sum(axis=1) / np.maximum(counted.sum(axis=1), 1) * voters
    share = ballots[np.arange(q), winner] / np.where(total > 0, total, 1.0)
    return np.where(share > 0, winner, -1).astype(np.int32), share.astype(np.float32)


def distance(near: NeighborGraph, k: int) -> NDArray[np.float64]:
    """(q,) the mean cosine distance to the k nearest; 2 (the farthest there is) where there is no neighbour."""
    if not near.indices.shape[1]:
        return np.full(len(near.indices), 2.0)
    return np.clip(1.0 - near.similarity[:, :k].astype(np.float64).mean(axis=1), 0.0, 2.0)


def is_far(new: NDArray[np.float64], old: NDArray[np.float64]) -> BoolArray:
    """Which of the new units are farther from the old ones than those are from each other.

    new (q,), old (m,): mean distances to the nearest old units. The conformal p-value of a new unit is
    (1 + old ones at least as far) / (1 + m); it is far at 0.02 or less, so that of reviews like those before one in
    fifty is called so, whatever the shape of the distances (Vovk, Gammerman and Shafer 2005; as a test for outliers
    Bates et al. 2023). Fewer than 49 old units say too little for any to be far.
    """
    ordered = np.sort(old)
    farther = len(ordered) - np.searchsorted(ordered, new, side="left")
    return (1.0 + farther) / (1.0 + len(ordered)) <= FAR
