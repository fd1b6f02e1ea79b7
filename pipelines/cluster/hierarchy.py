"""HDBSCAN in two steps: the single-linkage tree of a space once, and cheap cuts of it for every cluster size.

Campello, Moulavi and Sander 2013 ("Density-based clustering based on hierarchical density estimates"), through the
hdbscan package. The last step, choosing clusters from the condensed tree by excess of mass, is done here: hdbscan's
`max_cluster_size` throws a large cluster that has no parts into the noise, and it is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.types import FloatArray

MIN_SAMPLES = 5
"""Neighbours that make a core distance. Fixed, so that one tree serves all sizes."""
_CLOSEST = 1e-6
"""Smallest distance taken seriously: coinciding points would else have infinite density."""


@dataclass(frozen=True)
class Cut:
    """labels (m,) from 0, −1 noise; strength (m,) 0…1, 0 for noise; condensed: hdbscan's condensed tree."""

    labels: NDArray[np.int32]
    strength: FloatArray
    condensed: NDArray[np.void]


def linkage(space: FloatArray) -> NDArray[np.float64]:
    """The single-linkage tree (m - 1, 4) of mutual reachability in `space` (m, c), rows as scipy's; m ≥ 2."""
    return from_links(spanning_links(space))


def spanning_links(space: FloatArray) -> NDArray[np.float64]:
    """The minimum spanning tree (m - 1, 3) of mutual reachability in `space` (m, c): two units, distance; m ≥ 2."""
    import hdbscan

    fitted = hdbscan.HDBSCAN(
        min_cluster_size=max(2, min(MIN_SAMPLES, len(space) - 1)),
        min_samples=max(1, min(MIN_SAMPLES, len(space) - 1)),
        algorithm="boruvka_kdtree" if len(space) > 2 * MIN_SAMPLES else "generic",
        metric="euclidean",
        approx_min_span_tree=False,
        gen_min_span_tree=True,
        core_dist_n_jobs=1,
    ).fit(space.astype(np.float64))
    return np.asarray(fitted.minimum_spanning_tree_.to_numpy(), dtype=np.float64)


def from_links(links: NDArray[np.float64]) -> NDArray[np.float64]:
    """The single-linkage tree (m - 1, 4), rows as scipy's, of the links (m - 1, 3) of a spanning tree."""
    from hdbscan._hdbscan_linkage import label

    tree = np.asarray(label(links[np.argsort(links[:, 2], kind="stable")]), dtype=np.float64)
    tree[:, 2] = np.maximum(tree[:, 2], _CLOSEST)
    return tree


def cut(tree: NDArray[np.float64], min_cluster_size: int, max_cluster_size: int) -> Cut:
    """Clusters of at least `min_cluster_size`, and of at most `max_cluster_size` wherever a larger one has parts."""
    from hdbscan._hdbscan_tree import compute_stability, condense_tree

    m = len(tree) + 1
    condensed = condense_tree(tree, min_cluster_size)
    parent, child = condensed["parent"], condensed["child"]
    density, size = condensed["lambda_val"], condensed["child_size"]
    is_point = size == 1
    nodes = int(parent.max()) + 1 - m
    children: list[list[int]] = [[] for _ in range(nodes)]
    up = np.full(nodes, -1)
    members = np.full(nodes, m)
    for above, below, count in zip(parent[~is_point] - m, child[~is_point] - m, size[~is_point], strict=True):
        children[above].append(int(below))
        up[below], members[below] = above, count
    mass = {int(node) - m: float(value) for node, value in compute_stability(condensed).items()}
    selected = _excess_of_mass(children, members, mass, max_cluster_size)
    owner = np.full(nodes, -1)
    for node in range(1, nodes):  # parents come before their children; the root, 0, is never a cluster
        inherited = owner[up[node]]
        owner[node] = inherited if inherited >= 0 else (node if selected[node] else -1)
    densest = np.zeros(nodes)
    np.maximum.at(densest, parent - m, density)
    chosen = np.unique(owner[owner >= 0])
    number = np.full(nodes + 1, -1, dtype=np.int32)
    number[chosen] = np.arange(len(chosen), dtype=np.int32)
    labels = np.full(m, -1, dtype=np.int32)
    strength = np.zeros(m, dtype=np.float32)
    point_owner = owner[parent[is_point] - m]
    labels[child[is_point]] = number[point_owner]
    top = np.where(point_owner >= 0, densest[point_owner], np.inf)
    strength[child[is_point]] = np.minimum(density[is_point] / np.maximum(top, 1e-12), 1.0)
    return Cut(labels, strength, condensed)


def _excess_of_mass(
    children: list[list[int]], members: NDArray[np.int64], mass: dict[int, float], max_cluster_size: int
) -> NDArray[np.bool_]:
    """Which nodes are clusters: from the leaves up, a node or its parts, whichever holds more mass."""
    selected = np.zeros(len(children), dtype=bool)
    best = np.array([mass.get(node, 0.0) for node in range(len(children))])
    for node in range(len(children) - 1, 0, -1):
        parts = float(sum(best[part] for part in children[node]))
        if children[node] and (parts > best[node] or members[node] > max_cluster_size):
            best[node] = parts
        else:
            selected[node] = True
    return selected
