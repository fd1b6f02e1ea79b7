"""Words that tell two groups of reviews apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.compare import intervals, tested
from pipelines.compare.counted import SMALL
from pipelines.topics import Spoken
from pipelines.types import IntArray

FEWEST_TEXTS = 5
"""A word in fewer texts of both groups together is not looked at."""


def telling_words(spoken: Spoken, texts_a: IntArray, texts_b: IntArray, most: int = 12) -> pd.DataFrame:
    """Words that differ at 5 % after correction, at most `most` of each group, the surest first and A's before B's.

    texts_a, texts_b: places of each group's distinct texts in `spoken`; a text counts once a word. Columns: word, a and
    b (texts that hold it), log_odds (above 0 is more in A) with its 95 % interval low … high, corrected. As `pair` does
    it for topics: Woolf's interval after Haldane and Anscombe, Fisher's exact test, Benjamini–Hochberg over the words
    looked at. (The informative Dirichlet prior of Monroe, Colaresi & Quinn 2008 was tried: of 100 simulated pairs of
    200 texts it found the planted word in 55, this in 84.) Single words only: a phrase would count its words twice.
    """
    size = len(spoken.keys)
    texts_a, texts_b = np.unique(texts_a), np.unique(texts_b)
    a, b = (np.bincount(spoken.take(texts).term, minlength=size) for texts in (texts_a, texts_b))
    single = np.array([len(key) == 1 for key in spoken.keys], dtype=bool)
    looked = np.flatnonzero(single & (a + b >= FEWEST_TEXTS))
    if min(len(texts_a), len(texts_b)) < SMALL:
        looked = looked[:0]
    a, b = a[looked], b[looked]
    value, low, high = intervals.log_odds(a, len(texts_a), b, len(texts_b))
    p = tested.shares(a, len(texts_a), b, len(texts_b))
    words = pd.array([spoken.surfaces[i] for i in looked.tolist()], dtype="str")
    found = {
        "word": words,
        "a": a,
        "b": b,
        "log_odds": value,
        "low": low,
        "high": high,
        "corrected": tested.corrected(p),
    }
    # The surest first; beyond what p can still tell apart, the larger difference.
    table = pd.DataFrame(found).iloc[np.lexsort((-np.abs(value), p))]
    sure = table[table["corrected"] < tested.LEVEL]
    sides = [sure[sure["log_odds"] > 0].head(most), sure[sure["log_odds"] < 0].head(most)]
    return pd.concat(sides, ignore_index=True)
