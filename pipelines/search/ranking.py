"""From scores to an order: the best of one score, and two orders joined into one."""

from __future__ import annotations

import numpy as np

from pipelines.search.found import Mode
from pipelines.types import BoolArray, FloatArray, IntArray

MEANT = 0.7
"""What the meaning weighs beside the words where both are looked at.

Chosen among 0.5 … 0.9 on four sets (nDCG@10 with summed reciprocal ranks, k = 60, → with this): bank questions by
intent 0.854 → 0.872, titles of instrument reviews 0.260 → 0.288, Chinese paraphrases 0.879 → 0.900, English for Chinese
0.909 → 0.929. `python -m benchmarks.search` measures both on two sets that had no part in it.
"""


def scores(by_words: FloatArray, alike: FloatArray | None, mode: Mode, allowed: BoolArray | None = None) -> FloatArray:
    """(n,) what to order n texts by, −inf for what is no hit, from BM25 (n,) and, where it was read, cosine (n,)."""
    if mode == "vectors" and alike is not None:
        return within(alike, allowed)
    said = within(np.where(by_words > 0, by_words, -np.inf), allowed)
    if alike is None or mode == "words":
        return said
    return joined(np.maximum(said, 0), within(alike, allowed))


def joined(said: FloatArray, meant: FloatArray) -> FloatArray:
    """(n,) a weighted sum of the two, each stretched to 0 … 1 over those with a finite `meant`; −inf for the others.

    Bruch, Gai & Ingber 2023, "An analysis of fusion functions for hybrid retrieval": a convex combination keeps how far
    scores lie apart, which summed reciprocal ranks (Cormack, Clarke & Büttcher 2009) throw away.
    """
    inside = meant[np.isfinite(meant)]
    if not len(inside):
        return meant
    low, high = float(inside.min()), float(inside.max())
    most = float(said.max())
    by_meaning = (meant - low) / ((high - low) or 1.0)
    return (MEANT * by_meaning + (1 - MEANT) * said / (most or 1.0)).astype(np.float32)


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
