"""Reviews that say what a person typed, or mean it: what the map's search box finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipelines.store.reader import Bundle
from pipelines.tracked import meaning, words
from pipelines.tracked.judge import folded_texts
from pipelines.types import FloatArray, IntArray

NEAREST = 10
"""Reviews shown at least where the meaning is asked for: after those that clearly mean it the next nearest."""
MOST_BY_MEANING = 500

How = Literal["words", "meaning", "unread"]


@dataclass(frozen=True)
class Hits:
    """What was found among n units.

    positions (m,): best first. alike (m,): likeness in meaning, −1…1, NaN where only words were looked at. said (m,):
    whether a unit holds the words. clear: how many, from the first on, clearly say or mean it; the others are only the
    nearest. how: words · meaning · unread (the meaning was asked for, but the model that read the reviews cannot be
    asked here; words alone).
    """

    positions: IntArray
    alike: FloatArray
    said: NDArray[np.bool_]
    clear: int
    how: How

    def __len__(self) -> int:
        return len(self.positions)


def find(bundle: Bundle, text: str, *, by_meaning: bool = False) -> Hits:
    """Units that hold `text`, or all its words in one of their forms; by_meaning: units that mean it too.

    By words those with the phrase come first, then those with all words, each in upload order. By meaning the likest
    come first: those above what a foreign phrase reaches by chance (tracked.scoring), MOST_BY_MEANING at most, and
    where they are fewer than NEAREST the next nearest; the text is read by the bundle's own embedder, on this computer
    or not at all.
    """
    texts = folded_texts(bundle)
    score = np.maximum(words.match(texts, text), words.holds(texts, text).astype(np.float32))
    meant = meaning.read(bundle, [text])[0] if by_meaning and len(texts) and text.strip() else None
    if meant is None:
        by_words = np.lexsort((np.arange(len(score)), -score))[: int((score > 0).sum())]
        return _hits(by_words, None, score, "unread" if by_meaning else "words")
    alike = meaning.likeness(bundle, meant.array()[None, :])[0].astype(np.float32)
    order = np.lexsort((np.arange(len(alike)), -alike))
    is_clear = (alike[order] >= meant.cut) | (score[order] > 0)
    # What says it is never cut off by what only means it.
    clear = order[is_clear & ((np.cumsum(is_clear) <= MOST_BY_MEANING) | (score[order] > 0))]
    nearest = order[~is_clear][: max(NEAREST - len(clear), 0)]
    return _hits(np.concatenate([clear, nearest]), alike, score, "meaning", len(clear))


def can_read(bundle: Bundle) -> bool:
    """Whether a typed text's meaning can be read as the bundle's reviews were, here and without asking anybody."""
    return meaning.is_read_here(bundle)


def _hits(
    positions: NDArray[np.intp], alike: FloatArray | None, score: FloatArray, how: How, clear: int | None = None
) -> Hits:
    likeness = np.full(len(positions), np.nan, dtype=np.float32) if alike is None else alike[positions]
    found = positions.astype(np.int64)
    return Hits(found, likeness, score[positions] > 0, len(found) if clear is None else clear, how)
