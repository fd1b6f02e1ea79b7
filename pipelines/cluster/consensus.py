"""One tree of several layouts: where they disagree, chance spoke, and averaging silences it.

UMAP's layouts of one graph differ from seed to seed and from sample to sample, and a tree of a single one inherits all
of that. Here each pair of neighbours is as far apart as it is on average over the layouts that hold both, and the tree
is the single linkage of those averages: consensus clustering by resampling (Monti, Tamayo, Mesirov and Golub 2003,
"Consensus clustering", Machine Learning 52), on distances instead of on memberships, and on the neighbour graph's pairs
instead of on all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from pipelines.cluster import hierarchy
from pipelines.types import FloatArray, IntArray, NeighborGraph

PAIRS = 15
"""A unit's nearest neighbours whose distances are averaged; twice as many change nothing."""


def linkage(layouts: Sequence[tuple[IntArray, FloatArray]], graph: NeighborGraph) -> NDArray[np.float64]:
    """The single-linkage tree (m - 1, 4), rows as scipy's, of all `layouts`: (indices of units, their places).

    The first layout holds all m units; the links of its own tree join what the neighbour graph leaves apart.
    """
    m = len(graph.indices)
    one, other = _pairs(graph, hierarchy.spanning_links(layouts[0][1]))
    total = np.zeros(len(one))
    count = np.zeros(len(one), dtype=np.int32)
    for kept, space in layouts:
        where = np.full(m, -1, dtype=np.int64)
        where[kept] = np.arange(len(kept))
        a, b = where[one], where[other]
        both = (a >= 0) & (b >= 0)
        total[both] += _reach(space, a[both], b[both])
        count[both] += 1
    distance = np.maximum(total / count, 1e-9)  # scipy takes 0 for no pair at all
    tree = csgraph.minimum_spanning_tree(sparse.csr_array((distance, (one, other)), shape=(m, m))).tocoo()
    return hierarchy.from_links(np.column_stack([tree.row, tree.col, tree.data]).astype(np.float64))


def _pairs(graph: NeighborGraph, links: NDArray[np.float64]) -> tuple[IntArray, IntArray]:
    """Each pair of near neighbours and each of the links once, smaller index first; together they connect all units."""
    m, k = len(graph.indices), min(PAIRS, graph.indices.shape[1])
    ends = links[:, :2].astype(np.int64)
    one = np.concatenate([np.repeat(np.arange(m, dtype=np.int64), k), ends[:, 0]])
    other = np.concatenate([graph.indices[:, :k].ravel().astype(np.int64), ends[:, 1]])
    keys = np.unique(np.minimum(one, other) * m + np.maximum(one, other))
    return keys // m, keys % m


def _reach(space: FloatArray, a: IntArray, b: IntArray) -> NDArray[np.float64]:
    """Mutual reachability of the pairs a, b of one layout: their distance, or a core distance where that is larger."""
    places = space.astype(np.float64)
    k = max(1, min(hierarchy.MIN_SAMPLES, len(places) - 1))
    core = cKDTree(places).query(places, k + 1)[0][:, k]
    apart = np.sqrt(((places[a] - places[b]) ** 2).sum(axis=1))
    return np.maximum(apart, np.maximum(core[a], core[b]))
