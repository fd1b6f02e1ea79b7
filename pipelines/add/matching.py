"""Which topic of a new map is which of an earlier one, by the reviews that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

SAME = 0.3
"""Least Jaccard overlap at which a topic keeps its id."""
SAME_NAME = 0.5
"""Overlap from which it keeps its name too: most of what is in either is in both."""


def match(before: NDArray[np.int32], after: NDArray[np.int32]) -> dict[int, tuple[int, float]]:
    """After's topics → (before's topic, Jaccard overlap), where it is at least 0.3; one to one.

    before, after (n,): the topic of each unit that both maps have, −1 for none. The pairs with the largest sum of
    overlaps (Kuhn 1955, "The Hungarian method").
    """
    from scipy.optimize import linear_sum_assignment

    old, new = np.unique(before[before >= 0]), np.unique(after[after >= 0])
    if not len(old) or not len(new):
        return {}
    both = (before >= 0) & (after >= 0)
    shared = np.zeros((len(new), len(old)))
    np.add.at(shared, (np.searchsorted(new, after[both]), np.searchsorted(old, before[both])), 1)
    sizes = (after[:, None] == new).sum(axis=0)[:, None] + (before[:, None] == old).sum(axis=0)[None, :]
    overlap = shared / np.maximum(sizes - shared, 1)
    # What is below the bound must not take a partner away from a pair that is above it.
    rows, columns = linear_sum_assignment(np.where(overlap >= SAME, overlap, 0.0), maximize=True)
    return {
        int(new[row]): (int(old[column]), float(overlap[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if overlap[row, column] >= SAME
    }


def numbered(found: Mapping[int, tuple[int, float]], topics: Sequence[int], following: int) -> dict[int, int]:
    """Each new topic's id: that of the topic it matches, else counting on from `following`."""
    ids = {}
    for topic in topics:
        if topic in found:
            ids[topic] = found[topic][0]
        else:
            ids[topic], following = following, following + 1
    return ids


def names(
    found: Mapping[int, tuple[int, float]],
    new: Mapping[int, str],
    old: Mapping[int, str],
    words: Mapping[int, Sequence[str]],
) -> dict[int, str]:
    """A name for each new topic: the old one where it is the same topic, else its own; no two alike.

    words: each new topic's keywords, the next of which tells it from a topic of the same name.
    """
    result = {
        topic: old[found[topic][0]]
        for topic in new
        if topic in found and found[topic][1] >= SAME_NAME and found[topic][0] in old
    }
    taken = set(result.values())
    for topic, name in new.items():
        if topic in result:
            continue
        more = (word for word in words.get(topic, ()) if word not in name)
        free = name
        while free in taken:
            free = f"{free} · {next(more, topic + 1)}"
        result[topic] = free
        taken.add(free)
    return result
