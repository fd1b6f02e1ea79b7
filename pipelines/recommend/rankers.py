"""Ways to order the items for a person. Each takes a history and people's numbers and scores every item for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from pipelines.recommend.history import History, unit_length
from pipelines.types import FloatArray, IntArray

Ranker = Callable[[History, IntArray], FloatArray]
"""(history, people (m,)) → (m, items) float32, higher is better; items that a person has reviewed are scored, too."""

POPULARITY, TOGETHER, TEXT, BLEND = "popularity", "together", "text", "blend"
_WORDING, _POPULAR = 0.5, 0.25
"""Weights beside `together`, chosen on half of the people of one file, as history.alike's were."""


def popularity(history: History, people: IntArray) -> FloatArray:
    """How many people reviewed an item, the same for everybody."""
    return np.tile(history.reviewers.astype(np.float32), (len(people), 1))


def together(history: History, people: IntArray) -> FloatArray:
    """Items reviewed by the same people as those that a person has reviewed."""
    return np.asarray((history.seen[people] @ history.alike).todense(), dtype=np.float32)


def text(history: History, people: IntArray) -> FloatArray:
    """Items about which is written what a person writes about: cosine of two profiles."""
    return history.interests[people] @ history.portraits.T


def blend(history: History, people: IntArray) -> FloatArray:
    """The three at once, each as standard scores over the items."""
    return (
        standard(together(history, people))
        + _WORDING * standard(text(history, people))
        + _POPULAR * standard(np.log1p(popularity(history, people)))
    )


def for_vectors(history: History, vectors: FloatArray) -> FloatArray:
    """(m, items) scores for people of whom nothing is known but a vector (m, q) of what they say they want, q ≤ d."""
    width = vectors.shape[1]
    portraits = history.portraits if width == history.portraits.shape[1] else unit_length(history.portraits[:, :width])
    return unit_length(vectors - history.middle[:width]) @ portraits.T


def standard(scores: FloatArray) -> FloatArray:
    """Each row with mean 0 and deviation 1; a row that does not vary becomes zeros."""
    deviation = scores.std(axis=1, keepdims=True)
    found = (scores - scores.mean(axis=1, keepdims=True)) / np.where(deviation > 1e-9, deviation, 1.0)
    return np.asarray(found, dtype=np.float32)


RANKERS: Mapping[str, Ranker] = {POPULARITY: popularity, TOGETHER: together, TEXT: text, BLEND: blend}
