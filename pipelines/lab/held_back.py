"""Whether an adapted model does better: reviews that it never saw, read before and after, and compared one by one.

Two measures. Halves: of a review's two halves, does the first find its second among all (a text belongs to itself,
whatever the topic; no label is needed). Neighbours: of a review's ten nearest, the share with its own value in a column
(stars, a shop, a label), and the agreement of groups (k-means) with that column, as adjusted mutual information.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.compare.intervals import mean_of
from pipelines.embed.base import normalise
from pipelines.lab.two_models import NEIGHBOURS, nearest
from pipelines.types import BoolArray, FloatArray, IntArray

GROUPS, SEEDS = 20, 5
SHORTEST = 12
"""Characters of a text that has halves to speak of."""
LEAST = 40

Encode = Callable[[Sequence[str]], FloatArray]
"""Texts to vectors (n, dim) of any length."""
Verdict = Literal["better", "worse", "even"]


@dataclass(frozen=True)
class Seen:
    """What a model makes of the held-back reviews. halves (h,): whether a half found its other one. same (n,): share of
    neighbours alike in the column, empty without one. groups: the agreement for each of SEEDS starts of k-means.
    """

    halves: BoolArray
    same: FloatArray
    groups: tuple[float, ...]


@dataclass(frozen=True)
class Change:
    """A mean before and after, over n reviews; low … high: the 95 % interval of the gain, paired."""

    before: float
    after: float
    low: float
    high: float
    n: int

    @property
    def gain(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def verdict(self) -> Verdict:
        """Whether the gain is surely above or below nothing."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "even"


def look(encode: Encode, texts: Sequence[str], labels: IntArray | None = None) -> Seen:
    """Measure a model on texts (n,) with labels (n,), −1 for none; None where there is no column."""
    parts = [halves(text) for text in texts if len(text) >= SHORTEST]
    found = np.zeros(0, dtype=bool)
    if len(parts) >= LEAST:
        one, other = (normalise(encode([part[i] for part in parts])) for i in (0, 1))
        found = (one @ other.T).argmax(axis=1) == np.arange(len(parts))
    if labels is None or (labels >= 0).sum() < LEAST:
        return Seen(found, np.zeros(0, np.float32), ())
    known = labels >= 0
    matrix = normalise(encode([text for text, is_known in zip(texts, known, strict=True) if is_known]))
    return Seen(found, _same(matrix, labels[known]), _groups(matrix, labels[known]))


def halves(text: str) -> tuple[str, str]:
    """A text cut in two at the space nearest to its middle, where there is one within a quarter of it."""
    middle = len(text) // 2
    spaces = [i for i, sign in enumerate(text) if sign.isspace() and abs(i - middle) <= len(text) // 4]
    cut = min(spaces, key=lambda i: (abs(i - middle), i)) if spaces else middle
    return text[:cut].strip(), text[cut:].strip()


def change(before: np.ndarray, after: np.ndarray) -> Change | None:
    """Of (n,) values a review before and after; None without any."""
    if not len(before):
        return None
    _gain, low, high = mean_of(after.astype(np.float64) - before.astype(np.float64))
    return Change(float(before.mean()), float(after.mean()), low, high, len(before))


def _same(matrix: FloatArray, labels: IntArray) -> FloatArray:
    near = nearest(matrix, min(NEIGHBOURS, len(matrix) - 1))
    return (labels[near] == labels[:, None]).mean(axis=1).astype(np.float32)


def _groups(matrix: FloatArray, labels: IntArray) -> tuple[float, ...]:
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_mutual_info_score

    count = max(2, min(GROUPS, len(matrix) // 10))
    found = [KMeans(count, n_init=1, random_state=seed).fit_predict(matrix) for seed in range(SEEDS)]
    return tuple(float(adjusted_mutual_info_score(labels, one)) for one in found)
