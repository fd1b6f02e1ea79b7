"""What a person who has written nothing yet wants, as a vector: from a sentence, or from topics."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from pipelines.recommend.history import History
from pipelines.store.reader import Bundle
from pipelines.tracked import meaning
from pipelines.types import FloatArray

MOST_CHARS = 300


def can_read(bundle: Bundle) -> bool:
    """Whether a sentence can be read by the model that read the reviews, on this computer."""
    return len(bundle.vectors) > 0 and meaning.is_read_here(bundle)


def of_sentence(bundle: Bundle, sentence: str) -> FloatArray | None:
    """(q,) the vector of a typed sentence, by the bundle's own embedder; None where it cannot be asked here."""
    sentence = " ".join(sentence.split())[:MOST_CHARS]
    if not sentence:
        return None
    (found,) = meaning.read(bundle, [sentence])
    return None if found is None else found.array()


def of_topics(bundle: Bundle, history: History, topics: Collection[int]) -> FloatArray | None:
    """(d,) the middle of what is written about some topics; None where nothing is."""
    at = np.flatnonzero(bundle.points["cluster"].isin(list(topics)).to_numpy())
    if not len(at):
        return None
    # As far from the middle of all as a sentence is: the rankers take it off.
    return np.asarray(np.asarray(history.vectors[at]).mean(axis=0), dtype=np.float32)
