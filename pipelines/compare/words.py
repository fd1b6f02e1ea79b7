"""Words that tell two groups of reviews apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.compare import intervals, tested
from pipelines.topics import Spoken
from pipelines.types import IntArray

PRIOR_TERMS = 500
"""How many words of the background each group is given, so that a rare word proves little."""
FEWEST_TEXTS = 5
"""A word in fewer texts of both groups together is not looked at."""


def telling_words(spoken: Spoken, texts_a: IntArray, texts_b: IntArray, most: int = 12) -> pd.DataFrame:
    """Words that differ at 5 % after correction, at most `most` of each group, the surest first and A's before B's.

    texts_a, texts_b: places of each group's distinct texts in `spoken`; a text counts once a word. Columns: word, a and
    b (texts that hold it), log_odds (above 0 is more in A) with its 95 % interval low … high, corrected. Weighted
    log-odds ratios with an informative Dirichlet prior, whose variance gives interval and z (Monroe, Colaresi & Quinn
    2008, "Fightin' Words", equations 15, 20 and 22); Benjamini–Hochberg over the words looked at. Single words only:
    phrases would count their words twice.
    """
    size = len(spoken.keys)
    a, b = (np.bincount(spoken.take(np.unique(texts)).term, minlength=size) for texts in (texts_a, texts_b))
    everywhere = np.bincount(spoken.term, minlength=size)
    single = np.array([len(key) == 1 for key in spoken.keys], dtype=bool)
    looked = np.flatnonzero(single & (a + b >= FEWEST_TEXTS))
    n_a, n_b, n = a[single].sum(), b[single].sum(), max(int(everywhere[single].sum()), 1)
    prior = PRIOR_TERMS * everywhere[looked] / n
    more_a, more_b = a[looked] + prior, b[looked] + prior
    rest_a, rest_b = n_a + PRIOR_TERMS - more_a, n_b + PRIOR_TERMS - more_b
    value = np.log(more_a / rest_a) - np.log(more_b / rest_b)
    error = np.sqrt(1 / more_a + 1 / more_b)
    table = pd.DataFrame(
        {
            "word": pd.array([spoken.surfaces[i] for i in looked.tolist()], dtype="str"),
            "a": a[looked],
            "b": b[looked],
            "log_odds": value,
            "low": value - intervals.Z * error,
            "high": value + intervals.Z * error,
            "corrected": tested.corrected(_two_sided(value / error)),
        }
    )
    sure = table[table["corrected"] < tested.LEVEL].assign(z=np.abs(value / error)[table["corrected"] < tested.LEVEL])
    sure = sure.sort_values("z", ascending=False, kind="stable").drop(columns="z")
    sides = [sure[sure["log_odds"] > 0].head(most), sure[sure["log_odds"] < 0].head(most)]
    return pd.concat(sides, ignore_index=True)


def _two_sided(z: np.ndarray) -> np.ndarray:
    from scipy.special import erfc

    return np.asarray(erfc(np.abs(z) / np.sqrt(2)))
