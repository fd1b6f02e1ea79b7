"""Duplicates collapsed before anything is placed or grouped, so that template praise becomes no topic of its own.

Exact duplicates (same normalised text) go before the graph is built, near ones (found in the graph) after it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines import duplicates, neighbors
from pipelines.progress import Progress
from pipelines.text import clean
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


EXACT, FOLDED, NEAR = KINDS = ("exact", "folded", "near")
"""How a duplicate repeats: to the letter; but for case, width, spaces and punctuation; with few words changed."""


def kinds(points: pd.DataFrame) -> pd.Series:
    """One of KINDS for each unit that repeats another, "" for every other; the index is that of `points`.

    points: whole, or such a part that holds the unit that is repeated wherever it holds one that repeats it; where it
    does not, there is nothing to compare with, and the duplicate counts as near.
    """
    text_of = dict(zip(points["unit_id"].tolist(), points["text"].tolist(), strict=True))
    heads = points["duplicate_of"].astype("Int64").tolist()
    found = [
        "" if head is pd.NA else _kind(text, text_of.get(head, ""))
        for text, head in zip(points["text"].tolist(), heads, strict=True)
    ]
    return pd.Series(found, index=points.index, dtype="str")


def _kind(text: str, head: str) -> str:
    if text == head:
        return EXACT
    return FOLDED if duplicates.normalise(clean(text)) == duplicates.normalise(clean(head)) else NEAR


def counted(points: pd.DataFrame) -> dict[str, int]:
    """summary["duplicate_kinds"]: how many units repeat another in each of KINDS."""
    found = kinds(points).value_counts()
    return {kind: int(found.get(kind, 0)) for kind in KINDS}
