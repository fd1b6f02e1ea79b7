"""From scores to an order: the best of one score, and two orders joined into one."""

from __future__ import annotations

import numpy as np

from pipelines.search.found import Mode
from pipelines.types import BoolArray, FloatArray, IntArray

SAID = 0.4
"""What the words weigh beside the meaning where both are looked at.

Chosen among 0.25 … 0.4 on four sets (nDCG@10 with summed reciprocal ranks, k = 60, → with this; the ways and weights
tried are some thirty): bank questions by intent 0.854 → 0.884, titles of instrument reviews 0.260 → 0.291, Chinese
paraphrases 0.879 → 0.898, English for Chinese 0.909 → 0.929. `python -m benchmarks.search` measures both on two sets
that had no part in it.
"""


RANK_K = 60
"""As its authors chose it; 1 … 60 were tried, with weights, and none came near to adding the scores up."""


def scores(said: FloatArray, alike: FloatArray | None, mode: Mode, allowed: BoolArray | None = None) -> FloatArray:
    """(n,) what to order n texts by, −inf for what is no hit, from `WordIndex.score` (n,) and cosine (n,)."""
    if mode == "vectors" and alike is not None:
        return within(alike, allowed)
    if alike is None or mode == "words":
        return within(np.where(said > 0, said, -np.inf), allowed)
    return within(reciprocal(said, alike) if mode == "ranks" else joined(said, alike), allowed)


def joined(said: FloatArray, alike: FloatArray) -> FloatArray:
    """(n,) words and meaning added: (cosine − median) / (1 − median) + SAID · words.

    A convex combination keeps how far scores lie apart (Bruch, Gai & Ingber 2023, "An analysis of fusion functions for
    hybrid retrieval"), which summed reciprocal ranks (Cormack, Clarke & Büttcher 2009) throw away. The cosine is taken
    from what is usual in the file on, since some models put any two texts at 0.7.
    """
    usual = float(np.median(alike)) if len(alike) else 0.0
    return ((alike - usual) / max(1 - usual, 1e-6) + SAID * said).astype(np.float32)


def reciprocal(said: FloatArray, alike: FloatArray) -> FloatArray:
    """(n,) reciprocal ranks by words and by meaning, summed, k = 60 (Cormack, Clarke & Büttcher 2009).

    A text without any of the words has no rank by words.
    """
    summed = np.zeros(len(said), dtype=np.float32)
    for score, tie in ((scores(said, None, "words"), alike), (alike, None)):
        order = best(score, len(score), tie)
        summed[order] += (1 / (RANK_K + 1 + np.arange(len(order)))).astype(np.float32)
    return summed


def within(score: np.ndarray, allowed: BoolArray | None) -> FloatArray:
    """A copy of the scores, −inf where not allowed."""
    found = score.astype(np.float32)
    if allowed is not None:
        found[~allowed] = -np.inf
    return found


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
