"""Landmarks, and where every other unit of a large file is nearest to them; repeats found on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipelines import checkpoints, duplicates, landmarks, staged
from pipelines.large.choice import config_of, engine_of
from pipelines.large.parts import Parts, save
from pipelines.large.vectors import VECTORS
from pipelines.large.work import PART_ROWS, Placing, parts_for
from pipelines.progress import Progress, within
from pipelines.running import Run
from pipelines.types import FloatArray, Groups, IntArray, NeighborGraph, Units

_AT_ONCE = 50_000
"""Texts whose words are held at once while repeats are looked for."""


@dataclass(frozen=True)
class Around:
    """landmark (M,): their unit ids, rising; graph: among them. rest (r,): all other distinct units; near: their
    nearest landmarks. groups: of all units (q distinct). at_landmark, at_rest: where both stand among the distinct.
    """

    landmark: IntArray
    graph: NeighborGraph
    rest: IntArray
    near: NeighborGraph
    groups: Groups
    at_landmark: IntArray
    at_rest: IntArray

    def whole(self, k: int) -> NeighborGraph:
        """(q, k) the nearest landmarks of every distinct unit, as places among the distinct ones."""
        q, k = len(self.groups.representatives), min(k, self.graph.indices.shape[1])
        indices, similarity = np.empty((q, k), np.int32), np.empty((q, k), np.float32)
        place = self.at_landmark.astype(np.int32)
        for at, graph in ((self.at_landmark, self.graph), (self.at_rest, self.near)):
            indices[at] = place[graph.indices[:, :k]]
            similarity[at] = graph.similarity[:, :k]
        return NeighborGraph(indices, similarity)

    def spread(self, landmark: np.ndarray, rest: np.ndarray) -> np.ndarray:
        """(q, …) values of landmarks and of the rest, as values of the distinct units."""
        values = np.empty((len(self.groups.representatives), *landmark.shape[1:]), dtype=landmark.dtype)
        values[self.at_landmark], values[self.at_rest] = landmark, rest
        return values


def around(run: Run, units: Units, matrix: FloatArray, folder: Path) -> Around:
    """Choose the landmarks, find what is nearest to what; parts done are kept in `folder`. Raises Cancelled."""
    config = config_of(run.request)
    exact = duplicates.exact(units.clean)
    candidates = np.unique(exact)
    chosen = landmarks.choose(matrix, candidates, config.most, run.request.config.seed, within(run.progress, 0.0, 0.1))
    graph, groups = staged.neighbors_of(
        run.within(0.1, 0.2), [units.clean[i] for i in chosen], np.asarray(matrix[chosen])
    )
    landmark = chosen[groups.representatives]
    rest = np.setdiff1d(candidates, chosen, assume_unique=True)
    near = _nearest(run.within(0.2, 0.9), matrix, rest, landmark, graph.indices.shape[1], folder)
    head = _heads(units.clean, rest, landmark, near, within(run.progress, 0.9, 1.0))
    stands = np.arange(len(units.clean), dtype=np.int64)
    stands[chosen] = chosen[groups.first]
    stands[rest] = head
    whole = stands[exact]
    # A group is named by its first unit, as everywhere, whichever of its units lent it the vector.
    found, first, inverse = np.unique(whole, return_index=True, return_inverse=True)
    rank = np.empty(len(found), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(found))
    alone = head == rest
    return Around(
        landmark=landmark,
        graph=graph,
        rest=rest[alone],
        near=NeighborGraph(near.indices[alone], near.similarity[alone]),
        groups=Groups(first[inverse].astype(np.int64), np.sort(first).astype(np.int64)),
        at_landmark=rank[np.searchsorted(found, landmark)],
        at_rest=rank[np.searchsorted(found, rest[alone])],
    )


def _nearest(run: Run, matrix: FloatArray, rest: IntArray, landmark: IntArray, k: int, folder: Path) -> NeighborGraph:
    if not len(rest):
        return NeighborGraph(np.empty((0, k), np.int32), np.empty((0, k), np.float32))
    # Of this choice of landmarks alone: another run of equal vectors may have another, or other texts to them.
    chosen = f"{checkpoints.digest(rest, landmark)[:32]}-{k}"
    rows, among = folder / f"rest-{chosen}.npy", folder / f"landmarks-{chosen}.npy"
    save(rows, rest)
    save(among, np.asarray(matrix[landmark]))
    made = Parts(folder, f"near-{chosen}", parts_for(len(rest), PART_ROWS))
    work = Placing(folder / VECTORS, rows, among, made, k, PART_ROWS)
    engine_of(run.request)(work, made.missing(), run.progress, lambda done: None)
    indices, similarity = np.empty((len(rest), k), np.int32), np.empty((len(rest), k), np.float32)
    for part, columns in enumerate(made):
        at = slice(part * PART_ROWS, (part + 1) * PART_ROWS)
        indices[at], similarity[at] = columns["index"], columns["similarity"]
    return NeighborGraph(indices, similarity)


def _heads(texts: list[str], rest: IntArray, landmark: IntArray, near: NeighborGraph, progress: Progress) -> IntArray:
    """(r,) the unit that each of the rest nearly repeats: a landmark, itself where there is none.

    Each is compared with its nearest landmark alone: what is a template has a landmark among its copies.
    """
    head = rest.copy()
    close = np.flatnonzero(near.similarity[:, 0] >= duplicates.SIMILAR) if near.indices.shape[1] else np.empty(0, int)
    for begin in range(0, len(close), _AT_ONCE):
        progress("neighbors", begin, len(close))
        some = close[begin : begin + _AT_ONCE]
        like, place = np.unique(near.indices[some, 0], return_inverse=True)
        links = np.zeros((len(like) + len(some), 1), dtype=np.int32)
        likeness = np.zeros((len(like) + len(some), 1), dtype=np.float32)
        links[len(like) :, 0], likeness[len(like) :, 0] = place, near.similarity[some, 0]
        units = np.concatenate([landmark[like], rest[some]])
        first = duplicates.near([texts[i] for i in units.tolist()], NeighborGraph(links, likeness))[len(like) :]
        repeats = first < len(like)
        head[some[repeats]] = units[first[repeats]]
    return head
