"""The tree that a bundle keeps of its reviews, and the topics of any size that it answers with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from pipelines.cluster import ClusterConfig, at_size
from pipelines.cluster.join import vote
from pipelines.config import AnalyzeConfig
from pipelines.figures import heads
from pipelines.store.overlay import Overlay
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray, Clusters, FloatArray, Groups, NeighborGraph

_MOST_KEPT = 64
_trees: WeakKeyDictionary[Bundle, Tree] = WeakKeyDictionary()
_opening = Lock()


@dataclass(frozen=True)
class Of:
    """Topics over the n units: cluster (−1 none), joined, strength 0…1; how many clusters."""

    cluster: NDArray[np.int32]
    joined: BoolArray
    strength: FloatArray
    topics: int

    @property
    def coverage(self) -> float:
        """Share of the units with a topic."""
        return float((self.cluster >= 0).mean()) if len(self.cluster) else float("nan")


@dataclass(frozen=True)
class Tree:
    """linkage over the m distinct units that the map was made of; graph over these and those added since.

    groups: of all units. config: how the run clustered. judged (added,): of the distinct units added since, which
    have a topic on the plain map: what fitted nowhere there fits nowhere at another size either. size, topics: of the
    plain map.
    """

    linkage: NDArray[np.float64]
    graph: NeighborGraph
    groups: Groups
    config: ClusterConfig
    judged: BoolArray
    size: int
    topics: int
    _kept: dict[tuple[int, float], Of] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, bundle: Bundle) -> Tree | None:
        """That of a bundle, shared by all who look at it; None where its topics were not found by clustering, where it
        has too few reviews, or where it is a draft.
        """
        bundle = bottom(bundle)
        with _opening:
            if bundle in _trees:
                return _trees[bundle]
            found = _read(bundle)
            if found is not None:
                _trees[bundle] = found
            return found

    @property
    def digest(self) -> str:
        """The same for bundles of the same tree: one with reviews added has that of the one before."""
        return hashlib.sha256(np.ascontiguousarray(self.linkage).tobytes()).hexdigest()[:16]

    def at(self, size: int, threshold: float) -> Of:
        """The topics of at least `size` units, of which a neighbour joins with at least `threshold` of the vote."""
        key = (size, threshold)
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._at(size, replace(self.config, join_threshold=threshold))
        return self._kept[key]

    def _at(self, size: int, config: ClusterConfig) -> Of:
        base = len(self.linkage) + 1
        old = NeighborGraph(self.graph.indices[:base], self.graph.similarity[:base])
        found: Clusters = at_size({"linkage": self.linkage}, old, size, config)
        labels, joined, strength = found.labels, found.joined, found.strength
        if len(self.judged):
            labels, joined, strength = self._with_added(found, config.join_threshold)
        spread = self.groups.spread
        return Of(spread(labels), spread(joined), spread(strength), int(found.labels.max(initial=-1)) + 1)

    def _with_added(self, found: Clusters, threshold: float) -> tuple[NDArray[np.int32], BoolArray, FloatArray]:
        """What was added since has no place in the tree: its neighbours' vote decides, as when it was added."""
        base, more = len(found.labels), len(self.judged)
        start = np.concatenate([found.labels, np.full(more, -1, dtype=np.int32)])
        voted, _, share = vote(start, self.graph, threshold)
        new = np.where(self.judged, voted[base:], -1).astype(np.int32)
        return (
            np.concatenate([found.labels, new]),
            np.concatenate([found.joined, new >= 0]),
            np.concatenate([found.strength, np.where(new >= 0, share[base:], 0.0)]).astype(np.float32),
        )


def bottom(bundle: Bundle) -> Bundle:
    """The bundle on the disk under all that is laid over it."""
    while isinstance(bundle, Overlay):
        bundle = bundle.below
    return bundle


def _read(bundle: Bundle) -> Tree | None:
    if bundle.is_draft or not {"graph", "trees"} <= set(bundle.state_names):
        return None
    linkage, kept = bundle.state("trees").get("linkage"), bundle.state("graph")
    # A person's own labels have no size, and nothing was found that could be found otherwise.
    size = int(bundle.summary.get("min_cluster_size") or 0)
    if linkage is None or len(linkage) == 0 or "representatives" not in kept or not size:
        return None
    representatives = kept["representatives"].astype(np.int64)
    base = len(linkage) + 1
    if base > len(representatives):
        return None
    topics = len(bundle.summary["topics"])
    added = bundle.points["cluster"].to_numpy()[representatives[base:]]
    config = AnalyzeConfig.from_dict(dict(bundle.config)).stage_config("cluster", ClusterConfig())
    return Tree(
        linkage=linkage,
        graph=NeighborGraph(kept["indices"], kept["similarity"]),
        groups=Groups(heads(bundle.points), representatives),
        config=config,
        judged=(added >= 0) | (topics == 0),
        size=size,
        topics=topics,
    )
