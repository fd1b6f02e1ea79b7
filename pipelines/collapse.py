"""Duplicates collapsed before anything is placed or grouped, so that template praise becomes no topic of its own.

Exact duplicates (same normalised text) go before the graph is built, near ones (found in the graph) after it.
"""

from __future__ import annotations

import numpy as np

from pipelines import duplicates, neighbors
from pipelines.progress import Progress
from pipelines.types import FloatArray, Groups, NeighborGraph


def neighbors_of_distinct(
    texts: list[str], matrix: FloatArray, config: neighbors.NeighborConfig, progress: Progress
) -> tuple[NeighborGraph, Groups]:
    """The neighbour graph over units that are no duplicate of an earlier one. texts (n), matrix (n, d)."""
    exact = duplicates.exact(texts)
    distinct = np.unique(exact)
    graph = neighbors.build_graph(matrix[distinct], config, progress)
    near = duplicates.near([texts[i] for i in distinct], graph)
    representatives = distinct[np.unique(near)]
    first = distinct[near][np.searchsorted(distinct, exact)]
    if len(representatives) < len(distinct):
        keep = np.isin(distinct, representatives)
        graph = neighbors.restrict(graph, keep, matrix[distinct], config.k)
    return graph, Groups(first, representatives)
