"""Whether a topic is forming among added reviews: new units that are like each other and like nothing before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines import topics as naming
from pipelines.add.nearest import merged
from pipelines.types import BoolArray, FloatArray, NeighborGraph

LEAST = 6
"""New units that are a group."""
_NEAREST, _NEW, _FAR, _LINKS = 5, 0.8, 0.3, 10
"""Of the 5 nearest units 4 are new ones, among the farthest three tenths; what is among the 10 nearest is linked.

Measured on 5,000 questions of a bank with 77 intents, four of them held back: of 913 added ones 113 of these, groups of
28, 18, 9 and 8, each of one intent alone, and none else; and of 898 added ones 298 of four intents that were there
before, only more of them: no group. With the farthest tenth only 8 were found, with 3 of 5 there were groups in both.
"""
_BACKGROUND = 2_000
"""Texts from before that say which words are common here anyway."""
_WORDS = 5


@dataclass(frozen=True)
class Group:
    """members: places in the new units, densest first. words: what is typical of them. name: as of a topic."""

    members: tuple[int, ...]
    name: str
    words: tuple[str, ...]


def groups(
    among_old: NeighborGraph, among_new: NeighborGraph, new: NDArray[np.float64], old: NDArray[np.float64]
) -> list[NDArray[np.int64]]:
    """Groups of at least 6 of the q new units, largest first, each member in rising order.

    A member is as far as the farthest three tenths of the old units, and four in five of its nearest are new (more,
    where so many came that their share is half way from what the files' sizes make it to one): not just odd, but where
    nothing was before. Members near each other are of one group. new (q,), old (m,): mean distances to the nearest old
    units.
    """
    q, m = len(new), len(old)
    if q < LEAST or not among_new.indices.shape[1] or not m:
        return []
    together = merged(among_old, among_new, m, _NEAREST)
    share_new = (together.indices >= m).mean(axis=1)
    least = max(_NEW, (1.0 + q / (q + m)) / 2.0)
    candidate = (new >= np.quantile(old, 1.0 - _FAR)) & (share_new >= least)
    return [found for found in _linked(among_new.indices[:, :_LINKS], candidate) if len(found) >= LEAST]


def _linked(nearest: NDArray[np.int32], candidate: BoolArray) -> list[NDArray[np.int64]]:
    """Connected components of candidates by nearness, largest first."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    q, k = nearest.shape
    rows = np.repeat(np.arange(q), k)
    columns = nearest.ravel().astype(np.int64)
    both = candidate[rows] & candidate[columns]
    links = csr_array((np.ones(int(both.sum())), (rows[both], columns[both])), shape=(q, q))
    number, of = connected_components(links, directed=False)
    found = [np.flatnonzero((of == i) & candidate).astype(np.int64) for i in range(number)] if candidate.any() else []
    return sorted((one for one in found if len(one)), key=lambda one: (-len(one), int(one[0])))


def named(
    found: Sequence[NDArray[np.int64]],
    texts: Sequence[str],
    languages: Sequence[str],
    matrix: FloatArray,
    background: Sequence[tuple[str, str]],
) -> list[Group]:
    """The groups with their typical words; texts (q,), matrix (q, d) of the new units.

    background: (text, language) of old units, evenly spread ones of which say what is common anyway.
    """
    if not found:
        return []
    step = max(1, len(background) // _BACKGROUND)
    behind = list(background)[::step]
    chosen = np.concatenate(found)
    labels = np.concatenate([np.full(len(one), i) for i, one in enumerate(found)])
    shown = [naming.impersonal(texts[i]) for i in chosen] + [text for text, _ in behind]
    topics = naming.describe(
        shown,
        [languages[i] for i in chosen] + [language for _, language in behind],
        np.concatenate([labels, np.full(len(behind), -1)]).astype(np.int32),
        np.ones(len(shown), dtype=np.float32),
        np.concatenate([matrix[chosen], np.zeros((len(behind), matrix.shape[1]), np.float32)]),
        naming.TopicConfig(),
    )
    return [
        Group(_densest_first(one, matrix), topic.name, tuple(str(word) for word, *_ in topic.keywords[:_WORDS]))
        for one, topic in zip(found, topics, strict=True)
    ]


def _densest_first(members: NDArray[np.int64], matrix: FloatArray) -> tuple[int, ...]:
    centre = matrix[members].mean(axis=0)
    order = np.argsort(-np.round(matrix[members] @ centre, 6), kind="stable")
    return tuple(int(one) for one in members[order])
