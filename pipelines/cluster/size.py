"""Which cluster size suits the data: the one whose clusters come back when a tenth of the units is left out.

Criterion: the best Jaccard overlap of each cluster with one of a random 90 % sample (Hennig 2007, "Cluster-wise
assessment of cluster stability", CSDA 52), averaged over units and samples. Many topics and very few are marked down a
little, because a person has to read them. The curve is often flat, and its maximum then jumps from sample to sample: so
each size is weighed by how near it comes to the best, as models are averaged by exp(score) (Burnham and Anderson 2002,
"Model selection and multimodel inference", 2.9), and the weighted median is taken, which a small change moves little.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.cluster import hierarchy
from pipelines.cluster.join import vote
from pipelines.cluster.settle import settle
from pipelines.types import FloatArray, IntArray, NeighborGraph

SAMPLE_SHARE = 0.9
LEAST_TOPICS = 5
NEAR = 0.04
"""A size that scores so much less than the best weighs 1/e of it: about what scores differ by from sample to sample."""
READABLE = (8, 20)
_TOO_MANY, _TOO_FEW = 0.03, 0.2
"""Taken off the score for each doubling of the topics beyond what is easily read, and for each halving below it.

Few large clusters always overlap well with themselves: on labelled files of a few hundred rows the plain criterion
takes half the themes, so too few costs more than too many.
"""
MOST_TOPICS = 160
"""Twice what a person wants to read, with themes above them. No file gets more by itself, however mixed it is."""
SMALLEST = 3
_STEPS = 12


@dataclass(frozen=True)
class Sample:
    """A random part of the units: `kept` their indices, `graph` re-indexed to them, their `space` and its tree."""

    kept: IntArray
    graph: NeighborGraph
    space: FloatArray
    tree: NDArray[np.float64]


def grid(m: int) -> list[int]:
    """Sizes to weigh for m units: geometric from 0.1·√m to 2·√m, never under 3 (5 from 400 units on)."""
    least = SMALLEST if m < 400 else 5
    sizes = np.geomspace(max(0.1 * m**0.5, least), max(2.0 * m**0.5, least), _STEPS)
    return sorted({round(float(size)) for size in sizes})


def largest(m: int, min_cluster_size: int, max_share: float) -> int:
    """The size above which a cluster is split into its parts; small files are left room for two clusters."""
    return max(int(max_share * m), 2 * min_cluster_size)


def draw(graph: NeighborGraph, generator: np.random.Generator) -> tuple[IntArray, NeighborGraph]:
    """A random 90 % of the units and the graph among them, with as many neighbours as every row still has."""
    m = len(graph.indices)
    kept = np.sort(generator.permutation(m)[: max(2, round(SAMPLE_SHARE * m))])
    renumber = np.full(m, -1, dtype=np.int32)
    renumber[kept] = np.arange(len(kept), dtype=np.int32)
    neighbors = renumber[graph.indices[kept]]
    order = np.argsort(neighbors < 0, axis=1, kind="stable")
    neighbors = np.take_along_axis(neighbors, order, axis=1)
    similarity = np.take_along_axis(graph.similarity[kept], order, axis=1)
    k = int((neighbors >= 0).sum(axis=1).min(initial=graph.indices.shape[1]))
    return kept, NeighborGraph(neighbors[:, :k], similarity[:, :k])


def sample(
    graph: NeighborGraph,
    generator: np.random.Generator,
    layout: Callable[[NeighborGraph, int], np.ndarray],
    seed: int,
) -> Sample:
    """A drawn sample with its own layout (made with `seed`) and tree."""
    kept, part = draw(graph, generator)
    space = layout(part, seed)
    return Sample(kept, part, space, hierarchy.linkage(space))


def overlaps(labels: NDArray[np.int32], other: NDArray[np.int32], clusters: int) -> FloatArray:
    """For clusters 0…clusters-1 of `labels` the best Jaccard overlap with one of `other`, both (m,), −1 in none."""
    rows, columns = clusters, int(other.max(initial=-1)) + 1
    if rows == 0 or columns == 0:
        return np.zeros(rows, dtype=np.float32)
    both = (labels >= 0) & (other >= 0)
    shared = np.bincount(labels[both] * np.int64(columns) + other[both], minlength=rows * columns)
    shared = shared.reshape(rows, columns).astype(np.float64)
    ours = np.bincount(labels[labels >= 0], minlength=rows)[:, None]
    theirs = np.bincount(other[other >= 0], minlength=columns)[None, :]
    return (shared / np.maximum(ours + theirs - shared, 1.0)).max(axis=1).astype(np.float32)


def stability(
    labels: NDArray[np.int32], samples: Sequence[Sample], min_cluster_size: int, max_share: float, threshold: float
) -> FloatArray:
    """(samples, clusters): the best Jaccard overlap of each cluster of `labels` (m,) with one of each sample."""
    clusters = int(labels.max(initial=-1)) + 1
    found = np.zeros((len(samples), clusters), dtype=np.float32)
    for row, part in enumerate(samples):
        top = largest(len(part.kept), min_cluster_size, max_share)
        joined = vote(hierarchy.cut(part.tree, min_cluster_size, top).labels, part.graph, threshold)[0]
        again = settle(joined, part.graph, threshold)[0]
        found[row] = overlaps(labels[part.kept], again, clusters)
    return found


def score(found: FloatArray, counts: IntArray) -> float:
    """A size's score from its clusters' overlaps (samples, clusters) and units (clusters,); 0 without clusters."""
    clusters = len(counts)
    if clusters == 0 or len(found) == 0:
        return 0.0
    overlap = float((found * counts).sum(axis=1).mean()) / max(int(counts.sum()), 1)
    many = max(float(np.log2(clusters / READABLE[1])), 0.0)
    few = max(float(np.log2(READABLE[0] / clusters)), 0.0)
    return overlap - _TOO_MANY * many - _TOO_FEW * few


def choose(scores: Sequence[tuple[int, int, float]]) -> int:
    """The size to use, from (size, clusters, score) by rising size: the median, weighed by nearness to the best score.

    Sizes with fewer than five clusters count only when there is no other.
    """
    for least in (LEAST_TOPICS, 2, 1):
        able = [(size, value) for size, clusters, value in scores if clusters >= least]
        if able:
            values = np.array([value for _, value in able])
            below = np.cumsum(np.exp((values - values.max()) / NEAR))
            return able[int(np.searchsorted(below, below[-1] / 2.0))][0]
    return min(size for size, _, _ in scores)
