"""Reviews whose stars say one thing and whose text another."""

from __future__ import annotations

import numpy as np

from pipelines.types import FloatArray, IntArray, Sentiment

LEAST = 0.9
"""Distance between stars and text, both on −1…1, from which they contradict each other."""

SUREST = 0.5
"""A text nearer to neutral than this contradicts nothing: two in three of those would be the model's own mistakes."""


def contradictions(
    ratings: FloatArray | None, sentiment: Sentiment, least: float = LEAST
) -> tuple[IntArray, FloatArray]:
    """Places of contradicting reviews, strongest first, and their strength 0…1.

    Stars of 1…5 stand at −1…1; a contradiction has text and stars on opposite sides (3 stars contradict nothing) and
    at least `least` apart. The text's score must come from other texts, as `score` gives it.
    """
    if ratings is None:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    stars = (np.asarray(ratings, dtype=np.float32) - 3.0) / 2.0
    distance = np.abs(sentiment.score - stars)
    opposite = (stars * sentiment.score < 0) & (np.abs(sentiment.score) >= SUREST) & (np.abs(stars) >= 0.5)
    # Two stars at −0.5 cannot lie two away from the text: measured against what is possible for those stars.
    strength = np.where(np.isnan(distance), 0.0, distance / (1.0 + np.abs(stars))).astype(np.float32)
    found = np.flatnonzero(opposite & (distance >= least))
    ranking = found[np.lexsort((found, -strength[found]))].astype(np.int64)
    return ranking, strength[ranking]
