"""What is embedded: whole reviews, or their sentences and clauses, so that one review can praise and damn."""

from __future__ import annotations

from typing import Literal

import numpy as np

from pipelines import text, types
from pipelines.units.cutting import sentences

__all__ = ["UnitKind", "sentences", "split"]

UnitKind = Literal["review", "sentence"]

_LEAST_TO_TELL = 12
"""Characters from which a piece's own language is told; a shorter one has its review's."""


def split(reviews: types.Reviews, unit: UnitKind = "review") -> types.Units:
    """The units of the kept rows, in upload order.

    "sentence" cuts a review into sentences and clauses (cutting.sentences), each with its own language. A review always
    gives at least one unit.
    """
    row_id: list[int] = []
    shown: list[str] = []
    language: list[str] = []
    for row in np.flatnonzero(reviews.kept).tolist():
        whole, code = reviews.text[row], reviews.language[row]
        pieces = [whole] if unit == "review" else sentences(whole)
        row_id += [row] * len(pieces)
        shown += pieces
        language += [code] if len(pieces) == 1 else [_language(piece, code) for piece in pieces]
    return types.Units(
        row_id=np.asarray(row_id, dtype=np.int64),
        text=shown,
        clean=[text.clean(piece) for piece in shown],
        language=language,
    )


def _language(piece: str, of_review: str) -> str:
    """A piece's own language where it is long enough to tell, else its review's."""
    own = text.detect_language(piece)
    return own if own != "und" and len(piece) >= _LEAST_TO_TELL else of_review
