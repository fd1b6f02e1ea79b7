"""From scores to an order: the best of one score, and two orders joined into one."""

from __future__ import annotations

import numpy as np

from pipelines.types import FloatArray, IntArray

RRF_K = 60
DEPTH = 1000
"""How far down each order is read when two are joined: what stands lower in both is no hit."""


def best(score: FloatArray, limit: int, tie: FloatArray | None = None) -> IntArray:
    """Positions of the `limit` largest finite scores, largest first; ties by `tie`, then in upload order."""
    n = int(np.isfinite(score).sum())
    limit = min(limit, n)
    if limit <= 0:
        return np.zeros(0, dtype=np.int64)
    if limit < len(score):
        # All that reach the last place, so that ties on it are cut by the rule and not by chance.
        last = np.partition(score, len(score) - limit)[len(score) - limit]
        kept = np.flatnonzero(score >= last)
    else:
        kept = np.flatnonzero(np.isfinite(score))
    second = np.zeros(len(kept)) if tie is None else tie[kept]
    return kept[np.lexsort((kept, -second, -score[kept]))][:limit].astype(np.int64)


def fuse(orders: tuple[IntArray, ...], n: int) -> FloatArray:
    """(n,) float32 summed reciprocal ranks, −inf for what stands in no order.

    Cormack, Clarke & Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
    methods": Σ 1 / (60 + rank).
    """
    score = np.zeros(n, dtype=np.float32)
    for order in orders:
        score[order] += (1.0 / (RRF_K + 1 + np.arange(len(order)))).astype(np.float32)
    return np.where(score > 0, score, -np.inf).astype(np.float32)
