"""A topic found again in another bundle of the same analysis, by the units that were in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.store.reader import Bundle

Find = Callable[[str], Bundle | None]
"""As pipelines.shown has it."""

MEMBERS = 200
"""So many units, evenly spread, stand for a topic."""

LEAST_OVERLAP = 0.3
"""Estimated overlap (Jaccard) with the topic as it was, below which it is another topic."""

_TEXTS_COMPARED = 20


def members_of(bundle: Bundle, topic: int) -> dict[str, Any]:
    """What finds a topic again: "size" and the unit ids of some "members"."""
    units = _units(bundle, topic)
    spread = np.unique(np.linspace(0, max(0, len(units) - 1), min(len(units), MEMBERS)).astype(np.int64))
    return {"size": len(units), "members": units[spread].tolist()}


def topic_of(bundle: Bundle, kept: Mapping[str, Any], entry: Mapping[str, Any], find: Find) -> int | None:
    """The topic that holds most of the kept members, where it is the same one still; None where none is.

    Reviews added since (units beyond the entry's "rows") do not count against it. find: the way to earlier bundles;
    where the units of the earlier one hold other texts, it was another file.
    """
    cluster = bundle.points["cluster"].to_numpy()
    members = np.array([unit for unit in kept.get("members", []) if 0 <= unit < len(cluster)], dtype=np.int64)
    if not len(members) or not _same_texts(bundle, members, str(entry.get("bundle", "")), find):
        return None
    labels, counts = np.unique(cluster[members], return_counts=True)
    counts = np.where(labels >= 0, counts, 0)
    best = int(labels[counts.argmax()])
    if not counts.max():
        return None
    size = int(kept.get("size", len(members)))
    shared = counts.max() / len(kept["members"]) * size
    now = int((_units(bundle, best) < int(entry.get("rows", len(cluster)))).sum())
    return best if shared / max(1.0, size + now - shared) >= LEAST_OVERLAP else None


def _units(bundle: Bundle, topic: int) -> NDArray[np.int64]:
    return np.flatnonzero(bundle.points["cluster"].to_numpy() == topic)


def _same_texts(bundle: Bundle, members: NDArray[np.int64], bundle_id: str, find: Find) -> bool:
    if bundle.id == bundle_id:
        return True
    earlier = find(bundle_id)
    if earlier is None:
        return True
    some = [unit for unit in members[:_TEXTS_COMPARED].tolist() if unit < len(earlier.points)]
    ours, theirs = bundle.points["text"].iloc[some], earlier.points["text"].iloc[some]
    return bool((ours.to_numpy() == theirs.to_numpy()).mean() >= 0.5) if some else True
