"""Which new units say what an old one, or an earlier new one, says already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines import duplicates
from pipelines.add.before import Before
from pipelines.add.nearest import merged, nearest
from pipelines.progress import Progress
from pipelines.types import FloatArray, IntArray, NeighborGraph


@dataclass(frozen=True)
class Repeats:
    """first (n,): the unit id that stands for each new unit, an old one's or (counting on) a new one's.

    distinct (q,): places among the new units of those that stand for themselves. among_old, among_new: their nearest
    distinct old units (places in Before.representatives) and new ones (places in `distinct`).
    """

    first: IntArray
    distinct: IntArray
    among_old: NeighborGraph
    among_new: NeighborGraph


def find(before: Before, texts: list[str], matrix: FloatArray, k: int, progress: Progress) -> Repeats:
    """Exact copies first, as a dictionary finds them; near ones among the nearest, as on a first map."""
    old = len(before.units.text)
    stands = before.first_of()
    first = np.array(
        [stands.setdefault(duplicates.normalise(text), old + i) for i, text in enumerate(texts)], dtype=np.int64
    )
    fresh = np.flatnonzero(first == old + np.arange(len(texts)))
    among_old = nearest(matrix[fresh], before.matrix, k, progress=progress)
    among_new = nearest(matrix[fresh], matrix[fresh], k, same=True)
    head = _near(before, [texts[i] for i in fresh], among_old, among_new)
    m = len(before.representatives)
    unit_of = np.concatenate([before.representatives, old + fresh])
    of_unit = dict(zip((old + fresh).tolist(), unit_of[head].tolist(), strict=True))
    first = np.array([of_unit.get(unit, unit) for unit in first.tolist()], dtype=np.int64)
    kept = head == m + np.arange(len(fresh))
    if kept.all():
        return Repeats(first, fresh, among_old, among_new)
    distinct = fresh[kept]
    return Repeats(
        first,
        distinct,
        NeighborGraph(among_old.indices[kept], among_old.similarity[kept]),
        nearest(matrix[distinct], matrix[distinct], k, same=True),
    )


def extended(before: Before, found: Repeats) -> NeighborGraph:
    """The graph of all distinct units: old rows as they were, new rows with the nearest of both."""
    width = before.graph.indices.shape[1]
    new = merged(found.among_old, found.among_new, len(before.representatives), width)
    return NeighborGraph(
        np.concatenate([before.graph.indices, _padded(new.indices, width, before.graph.indices.dtype)]),
        np.concatenate([before.graph.similarity, _padded(new.similarity, width, before.graph.similarity.dtype)]),
    )


def _near(before: Before, texts: list[str], among_old: NeighborGraph, among_new: NeighborGraph) -> IntArray:
    """(q,) for each fresh text the place (old distinct units first, then fresh ones) of the one that it nearly is."""
    m, q = len(before.representatives), len(texts)
    both = merged(among_old, among_new, m, among_old.indices.shape[1] + among_new.indices.shape[1])
    close = both.similarity >= duplicates.SIMILAR
    itself = m + np.arange(q, dtype=np.int64)
    if not close.any():
        return itself
    # Only the texts that are near to one another are looked at; old ones have no links among themselves.
    taking_part = np.unique(np.concatenate([both.indices[close].astype(np.int64), itself[close.any(axis=1)]]))
    place = {one: i for i, one in enumerate(taking_part.tolist())}
    width = both.indices.shape[1]
    indices = np.zeros((len(taking_part), width), dtype=np.int32)
    similarity = np.zeros((len(taking_part), width), dtype=np.float32)
    for row in np.flatnonzero(close.any(axis=1)).tolist():
        links = both.indices[row][close[row]].tolist()
        at = place[m + row]
        indices[at, : len(links)] = [place[one] for one in links]
        similarity[at, : len(links)] = both.similarity[row][close[row]]
    shown = [before.units.clean[before.representatives[one]] if one < m else texts[one - m] for one in taking_part]
    heads = duplicates.near(shown, NeighborGraph(indices, similarity))
    result = itself
    for at, one in enumerate(taking_part.tolist()):
        if one >= m:
            result[one - m] = taking_part[heads[at]]
    return result


def _padded(values: np.ndarray, width: int, kind: np.dtype) -> np.ndarray:
    """Rows of the old graph's width; where there is less, the last neighbour is repeated."""
    if values.shape[1] == width:
        return values.astype(kind)
    if not values.shape[1]:
        return np.zeros((len(values), width), dtype=kind)
    return np.pad(values, ((0, 0), (0, width - values.shape[1])), mode="edge").astype(kind)
