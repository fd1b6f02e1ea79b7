"""Clusters without parameters: HDBSCAN at the size that suits the data, noise joined by its neighbours' vote.

The resamples that judge a size also steady the clusters: one tree is made of all their layouts together. That one
single-linkage tree serves every size; `at_size` answers "fewer or more topics" from it without computing anything
upstream again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from pipelines import settings
from pipelines.cluster import consensus, hierarchy, size
from pipelines.cluster.config import ClusterConfig
from pipelines.cluster.join import vote
from pipelines.cluster.settle import settle
from pipelines.progress import Progress, silent
from pipelines.types import Clusters, FloatArray, NeighborGraph

__all__ = ["ClusterConfig", "at_size", "cluster"]

Layout = Callable[[NeighborGraph, int], np.ndarray]

_CONDENSED = ("parent", "child", "lambda_val", "child_size")
_LEAST_UNITS = 6
"""Fewer units than this have no clusters."""
_COARSER = 1.15
"""How much larger clusters must be where they are too many."""
_LEAST_SAMPLED = 30
"""Fewer units than this are not resampled: leaving out two or three changes everything."""


def cluster(
    space: FloatArray,
    graph: NeighborGraph,
    config: ClusterConfig | None = None,
    progress: Progress = silent,
    layout: Layout | None = None,
) -> Clusters:
    """Clusters of `space` (m, c), whose neighbour graph is `graph`; float32 in, labels by falling size out.

    layout: makes the cluster space of a subsampled graph with a seed. It is called once a resample, in threads;
    without it, or for few units, the size is guessed from m and stability is NaN.
    """
    config = config or ClusterConfig()
    m = len(space)
    stages = 1 + config.resamples
    progress("clusters", 0, stages)
    if m < _LEAST_UNITS or graph.indices.shape[1] == 0:
        progress("clusters", stages, stages)
        return _none(m, config.min_cluster_size or size.SMALLEST)
    samples: list[size.Sample] = []
    if layout is not None and m >= _LEAST_SAMPLED:
        samples = _resample(graph, config, layout, progress)
    layouts = [(np.arange(m), space), *((part.kept, part.space) for part in samples)]
    tree = consensus.linkage(layouts, graph) if samples else hierarchy.linkage(space)
    tried: list[tuple[int, int, float]] = []
    if config.min_cluster_size is None:
        tried = _weigh(tree, graph, samples, config)
        chosen = _readable(tree, size.choose(tried) if samples else _guess(m), config)
    else:
        chosen = min(config.min_cluster_size, m)
    result = _finish(tree, graph, samples, config, chosen, tried)
    progress("clusters", stages, stages)
    return result


def at_size(
    tree: Mapping[str, np.ndarray], graph: NeighborGraph, min_cluster_size: int, config: ClusterConfig | None = None
) -> Clusters:
    """The clusters of another size from `Clusters.tree` of an earlier result; stability is NaN."""
    config = config or ClusterConfig()
    if len(tree.get("linkage", ())) == 0:
        return _none(len(graph.indices), min_cluster_size)
    return _finish(tree["linkage"], graph, [], config, max(2, min(min_cluster_size, len(graph.indices))), [])


def _none(m: int, min_cluster_size: int) -> Clusters:
    return Clusters(
        labels=np.full(m, -1, dtype=np.int32),
        joined=np.zeros(m, dtype=bool),
        strength=np.zeros(m, dtype=np.float32),
        stability=np.zeros(0, dtype=np.float32),
        min_cluster_size=min_cluster_size,
        tree={"linkage": np.zeros((0, 4), dtype=np.float64)},
    )


def _guess(m: int) -> int:
    """A size for files that are not resampled: the middle of the grid."""
    sizes = size.grid(m)
    return sizes[len(sizes) // 2]


def _readable(tree: NDArray[np.float64], chosen: int, config: ClusterConfig) -> int:
    """The chosen size or, where it makes more topics than a person finds the way in, the next that does not."""
    m = len(tree) + 1
    while int(hierarchy.cut(tree, chosen, size.largest(m, chosen, config.max_share)).labels.max()) >= size.MOST_TOPICS:
        chosen = max(chosen + 1, round(chosen * _COARSER))
    return chosen


def _resample(graph: NeighborGraph, config: ClusterConfig, layout: Layout, progress: Progress) -> list[size.Sample]:
    """The samples with their trees. Each has its own generator, so neither threads nor their number change a result."""
    cores = settings.get_int("threads") or os.cpu_count() or 1
    seeds = np.random.SeedSequence(config.seed).spawn(config.resamples)
    samples = []
    with ThreadPoolExecutor(max_workers=max(1, min(cores, config.resamples))) as pool:
        futures = [
            pool.submit(size.sample, graph, np.random.default_rng(seed), layout, config.seed + 1 + number)
            for number, seed in enumerate(seeds)
        ]
        try:
            for future in futures:
                samples.append(future.result())
                progress("clusters", len(samples), 1 + config.resamples)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return samples


def _weigh(
    tree: NDArray[np.float64], graph: NeighborGraph, samples: Sequence[size.Sample], config: ClusterConfig
) -> list[tuple[int, int, float]]:
    """(size, clusters, score) for each size of the grid; sizes that give the same clusters keep their own row."""
    tried = []
    m = len(tree) + 1
    for candidate in size.grid(m) if samples else []:
        labels = hierarchy.cut(tree, candidate, size.largest(m, candidate, config.max_share)).labels
        joined, _, _ = vote(labels, graph, config.join_threshold)
        joined, _, _ = settle(joined, graph, config.join_threshold)
        found = size.stability(joined, samples, candidate, config.max_share, config.join_threshold)
        counts = np.bincount(joined[joined >= 0], minlength=found.shape[1])
        tried.append((candidate, int((counts > 0).sum()), size.score(found, counts)))
    return tried


def _finish(
    tree: NDArray[np.float64],
    graph: NeighborGraph,
    samples: Sequence[size.Sample],
    config: ClusterConfig,
    chosen: int,
    tried: Sequence[tuple[int, int, float]],
) -> Clusters:
    """Cut, vote, settling, stability and numbering by falling size; a unit that moved counts as one that joined."""
    cut = hierarchy.cut(tree, chosen, size.largest(len(tree) + 1, chosen, config.max_share))
    labels, joined, share = vote(cut.labels, graph, config.join_threshold)
    labels, moved, moved_share = settle(labels, graph, config.join_threshold)
    joined, share = joined | moved, np.where(moved, moved_share, share)
    filled = np.flatnonzero(np.bincount(labels[labels >= 0], minlength=1))
    labels = np.where(labels >= 0, np.searchsorted(filled, labels), -1).astype(np.int32)
    clusters = int(labels.max(initial=-1)) + 1
    stability = np.full(clusters, np.nan, dtype=np.float32)
    if samples:
        stability = size.stability(labels, samples, chosen, config.max_share, config.join_threshold).mean(axis=0)
    counts = np.bincount(labels[labels >= 0], minlength=clusters)
    order = np.argsort(-counts, kind="stable")
    rank = np.empty(len(order) + 1, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rank[-1] = -1  # label −1 looks up the last entry
    return Clusters(
        labels=rank[labels],
        joined=joined,
        strength=np.where(joined, share, cut.strength).astype(np.float32),
        stability=stability[order],
        min_cluster_size=chosen,
        tried=tuple(tried),
        tree={"linkage": tree, **{f"condensed_{name}": cut.condensed[name].copy() for name in _CONDENSED}},
    )
