"""What is usual in a file: how long its texts are, in which languages, how rare their words, how near their topics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipelines.embed.base import normalise
from pipelines.figures import heads
from pipelines.relabel import TERMS, spoken
from pipelines.store.reader import Bundle
from pipelines.text.language import HAN_WEIGHT
from pipelines.types import FloatArray, IntArray

FEWEST = 20
"""Fewer distinct texts than this do not say what is usual."""
_FENCE = 1.5
"""Quartile ranges beyond the quartiles from which a length is far out (Tukey 1977, "Exploratory Data Analysis")."""
_LEAST_BEYOND = float(np.log(2.0))
"""Where texts are all about as long, twice the usual is the least that is long."""
FEWEST_WORDS = 3
_MOST_READ = 3_000
"""Texts of a bundle that kept no terms (one of an early version) are read for their words up to so many."""
_BEYOND = 0.2
"""Share of the texts whose words count as rare, and of those that count as apart from every topic. Among the odd
reviews of the samples both together are 28, and 17 of them are about another subject."""
_HAN, _NO_LETTER = re.compile("[\u3400-\u9fff]"), re.compile(r"[\W_]")


@dataclass(frozen=True)
class Usual:
    """Figures over the m distinct texts, in rising unit id (`units`), and the bounds that they give.

    size: letters, a Chinese character counted as 2.5; short, long: Tukey's fences on its logarithm. rarity: mean over
    a text's words of log(m / texts that hold the word), NaN under three words; alone, words: how many of its words no
    other text holds, and how many it has. near (m,): likeness to the nearest topic's mean vector, NaN without topics,
    nearest (m,): that topic's id. rare, apart: bounds that a fifth of the texts lies beyond. held (t,): texts that hold
    each term of relabel.spoken. languages: shares by code. middle_chars, middle_near: medians.
    """

    units: IntArray
    size: NDArray[np.float64]
    short: float
    long: float
    chars: NDArray[np.int64]
    rarity: NDArray[np.float64]
    alone: IntArray
    words: IntArray
    near: NDArray[np.float64]
    nearest: IntArray
    rare: float
    apart: float
    held: IntArray
    languages: dict[str, float]

    @cached_property
    def middle_chars(self) -> int:
        """Half of the texts have so many characters or more."""
        return int(np.median(self.chars)) if len(self.chars) else 0

    @cached_property
    def middle_near(self) -> float:
        """Half of the texts are so near to their nearest topic or nearer."""
        return float(np.nanmedian(self.near))

    def place(self, unit_id: int) -> int | None:
        """Where a unit stands in the arrays; None for one that repeats another."""
        at = int(np.searchsorted(self.units, unit_id))
        return at if at < len(self.units) and self.units[at] == unit_id else None


def usual(bundle: Bundle) -> Usual:
    """The figures of a bundle; every bound is beyond reach where there are fewer than 20 distinct texts."""
    points = bundle.points
    units = np.unique(heads(points))
    texts = points["text"].to_numpy(dtype=object)[units]
    size = np.array([sized(text) for text in texts], dtype=np.float64)
    rarity, alone, words, held = _rarity(bundle, len(units))
    near, nearest = _nearness(bundle, units)
    short, long, rare, apart = 0.0, np.inf, np.inf, -np.inf
    if len(units) >= FEWEST:
        low, high = np.quantile(np.log1p(size), [0.25, 0.75])
        beyond = max(_FENCE * (high - low), _LEAST_BEYOND)
        short, long = float(np.expm1(low - beyond)), float(np.expm1(high + beyond))
        rare = float(np.nanquantile(rarity, 1 - _BEYOND)) if np.isfinite(rarity).any() else np.inf
        apart = float(np.nanquantile(near, _BEYOND)) if np.isfinite(near).any() else -np.inf
    codes = points["language"].to_numpy(dtype=object)[units] if "language" in points else np.array([], dtype=object)
    values, counts = np.unique(codes.astype(str), return_counts=True)
    return Usual(
        units=units,
        size=size,
        short=short,
        long=long,
        chars=np.array([len(text.strip()) for text in texts], dtype=np.int64),
        rarity=rarity,
        alone=alone,
        words=words,
        near=near,
        nearest=nearest,
        rare=rare,
        apart=apart,
        held=held,
        languages={str(code): int(n) / len(codes) for code, n in zip(values, counts, strict=True)},
    )


def sized(text: str) -> float:
    """How much a text says: its letters and digits, a Chinese character counted as 2.5."""
    han = 0 if text.isascii() else len(_HAN.findall(text))
    return HAN_WEIGHT * han + len(text) - len(_NO_LETTER.findall(text)) - han


def _rarity(bundle: Bundle, m: int) -> tuple[NDArray[np.float64], IntArray, IntArray, IntArray]:
    nothing = np.zeros(m, dtype=np.int64)
    if TERMS not in bundle.state_names and m > _MOST_READ:
        return np.full(m, np.nan), nothing, nothing, nothing[:0]
    said = spoken(bundle)
    if len(said) != m:
        return np.full(m, np.nan), nothing, nothing, np.zeros(len(said.keys), dtype=np.int64)
    text = np.repeat(np.arange(m), np.diff(said.start))
    is_word = np.array([len(key) == 1 for key in said.keys], dtype=bool)
    single = is_word[said.term] if len(said.keys) else np.zeros(0, dtype=bool)
    text, term = text[single], said.term[single]
    held = np.bincount(term, minlength=max(len(said.keys), 1))
    words = np.bincount(text, minlength=m)
    alone = np.bincount(text[held[term] == 1], minlength=m)
    total = np.bincount(text, weights=np.log(m / np.maximum(held[term], 1)), minlength=m)
    rarity = np.where(words >= FEWEST_WORDS, total / np.maximum(words, 1), np.nan)
    return rarity, alone.astype(np.int64), words.astype(np.int64), held.astype(np.int64)


def _nearness(bundle: Bundle, units: IntArray) -> tuple[NDArray[np.float64], IntArray]:
    cluster = bundle.points["cluster"].to_numpy(dtype=np.int64)
    ids = np.unique(cluster[cluster >= 0])
    if not len(ids):
        return np.full(len(units), np.nan), np.full(len(units), -1, dtype=np.int64)
    matrix = np.asarray(bundle.vectors)
    centres: FloatArray = normalise(np.stack([matrix[cluster == one].mean(axis=0) for one in ids]).astype(np.float32))
    likeness = matrix[units] @ centres.T
    best = likeness.argmax(axis=1)
    return likeness[np.arange(len(units)), best].astype(np.float64), ids[best]
