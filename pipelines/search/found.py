"""What a search found, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.types import BoolArray, FloatArray, IntArray

Mode = Literal["fused", "words", "vectors", "ranks"]
How = Literal["fused", "words", "vectors", "ranks", "unread"]
MODES: tuple[Mode, ...] = ("fused", "words", "vectors", "ranks")


@dataclass(frozen=True)
class Found:
    """m hits among a bundle's n units, best first.

    positions (m,): where they stand in `bundle.points`. score (m,) float32: what they were ordered by (words: BM25 as a
    share of what is asked; vectors: cosine; fused: ranking.joined; ranks: ranking.reciprocal), whatever the filters.
    similarity (m,) float32: cosine −1…1 with what was asked, NaN where the meaning was not read. words: of each hit the
    asked words that it holds, in the order asked. terms: what stands for those words, for `marked`. clear (m,): which
    hits hold all asked words or clearly mean it; the others are only the nearest. clear_positions (c,): all units that
    do, likest first, however many hits were wanted. cut: the similarity from which a review clearly means it, more than
    a foreign phrase reaches in this file by chance (tracked.scoring), NaN where not read. how: the mode, or unread
    (words alone, because the embedder that read the reviews cannot be asked here).
    """

    positions: IntArray
    score: FloatArray
    similarity: FloatArray
    words: tuple[tuple[str, ...], ...]
    terms: tuple[str, ...]
    clear: BoolArray
    clear_positions: IntArray
    cut: float
    how: How

    def __len__(self) -> int:
        return len(self.positions)
