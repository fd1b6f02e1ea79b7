"""What a search found, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.types import BoolArray, FloatArray, IntArray

Mode = Literal["fused", "words", "vectors"]
How = Literal["fused", "words", "vectors", "unread"]
MODES: tuple[Mode, ...] = ("fused", "words", "vectors")


@dataclass(frozen=True)
class Found:
    """m hits among a bundle's n units, best first.

    positions (m,): where they stand in `bundle.points`. score (m,) float32: what they were ordered by (fused: summed
    reciprocal ranks; words: BM25; vectors: cosine), to be compared within one search only. similarity (m,) float32:
    cosine −1…1 with what was asked, NaN where the meaning was not read. words: for each hit the asked words that it
    holds, in the order asked. terms: what stands for those words, for `marked`. cut: from which similarity on a review
    clearly means it in this file (tracked.scoring), NaN where not read. how: fused · words · vectors · unread (words
    alone, because the embedder that read the reviews cannot be asked here).
    """

    positions: IntArray
    score: FloatArray
    similarity: FloatArray
    words: tuple[tuple[str, ...], ...]
    terms: tuple[str, ...]
    cut: float
    how: How

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def clear(self) -> BoolArray:
        """(m,) which hits clearly mean it: a similarity above what a foreign phrase reaches by chance."""
        return np.nan_to_num(self.similarity, nan=-2.0) >= self.cut
