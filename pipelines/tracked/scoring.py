"""What a phrase alone says about which reviews belong: its words, and how like it the reviews are in meaning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.types import FloatArray

CONTROLS = (
    "quantum chromodynamics", "the offside rule in football", "medieval history", "volcano eruption",
    "knitting patterns", "photosynthesis", "a chess opening", "Roman emperors", "prime number theorem",
    "coral reef biology", "opera singing lessons", "how to prune apple trees", "constitutional law",
    "dinosaur fossils", "the moons of Jupiter", "medieval poetry", "地质勘探", "宋代词人", "量子力学", "火山爆发",
    "围棋定式", "南极科考", "恐龙化石", "昆虫分类",
)  # fmt: skip
"""Phrases foreign to nearly every file of reviews: how like them its reviews are is what chance reaches."""

SURE_BY_WORDS = 0.9
_DEVIATIONS = 3.5
_STANDS_OUT, _OF_BEST, _BEST = 3.0, 0.65, 5
"""A likeness counts from 3 spreads above the middle one and 0.65 of the best five's on.

F1 of phrases alone, mean over labels, at 0 / 0.5 / 0.65 / 0.75 of the best: 77 intents of bank questions 0.41 / 0.43 /
0.46-0.52 / 0.54, ten complaints in tweets 0.15 / 0.15 / 0.11-0.14 / 0.09; 2 or 4 spreads instead of 3 change less.
"""


def floor(maxima: Sequence[float]) -> float:
    """The likeness that a phrase has to pass in this file: clearly more than a foreign phrase reaches by chance.

    maxima: each control's largest likeness. 3.5 robust deviations above their middle (Iglewicz & Hoaglin 1993), so that
    a control that the file happens to speak of does not count.
    """
    values = np.asarray(maxima, dtype=np.float64)
    if not len(values):
        return 1.0
    middle = float(np.median(values))
    return middle + _DEVIATIONS * 1.4826 * float(np.median(np.abs(values - middle)))


def cut(likeness: FloatArray, at_least: float) -> tuple[float, float]:
    """From which likeness (n,) on a review counts, and how quickly it gets surer above: (cut, scale).

    The spread is that of the lower half, which members do not widen (a normal null fitted to the centre: Efron 2004).
    """
    if not len(likeness):
        return at_least, 0.1
    middle, low = np.quantile(likeness, [0.5, 0.16])
    best = float(np.sort(likeness)[-_BEST:].mean())
    found = max(at_least, float(middle + _STANDS_OUT * (middle - low)), _OF_BEST * best)
    return float(found), float(max(0.25 * (best - found), 0.02))


def prior(words: FloatArray, likeness: FloatArray | None, cut_: float = 1.0, scale: float = 0.1) -> FloatArray:
    """(n,) how likely each unit belongs by one phrase: the better of its words (0…1) and its likeness."""
    by_words = SURE_BY_WORDS * words
    if likeness is None:
        return by_words.astype(np.float32)
    by_meaning = 1.0 / (1.0 + np.exp(-np.clip((likeness - cut_) / scale, -30, 30)))
    return np.maximum(by_words, by_meaning).astype(np.float32)
