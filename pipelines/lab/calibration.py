"""What a cosine means for one model and one file: measured against random pairs of its reviews, and pairs of a topic.

Models differ in where they put unrelated texts (some at 0.0, some at 0.7), so that a bare number says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipelines.figures import heads, share_interval
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray, IntArray

PAIRS = 20_000
LEAST_REVIEWS = 20
"""With fewer distinct reviews there is no saying what is usual."""
ANCHORS = (0.0, 0.5, 0.9)
COPIES = 0.97
_REACH = 0.05
"""An example for an anchor lies at most so far from it."""

Level = Literal["same", "close", "related", "faint", "none"]


@dataclass(frozen=True)
class Calibration:
    """Cosines, ascending, of pairs of different reviews: random ones (r,), and ones of one topic (s,), s = 0 without.

    pairs: unit_ids (r, 2) of the random pairs in the order of their cosines. reviews: distinct ones drawn from.
    """

    random: FloatArray
    same: FloatArray
    pairs: IntArray
    reviews: int


@dataclass(frozen=True)
class Share:
    """Which share of `pairs` is less alike, and its 95 % interval."""

    share: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True)
class Standing:
    """A cosine among the pairs of a file. same: None where the file has no topics."""

    cosine: float
    random: Share
    same: Share | None
    level: Level


def calibrate(bundle: Bundle, *, seed: int = 0) -> Calibration | None:
    """Draw the pairs; None for fewer than LEAST_REVIEWS distinct reviews. Repeated reviews count once."""
    distinct = np.unique(heads(bundle.points))
    if len(distinct) < LEAST_REVIEWS:
        return None
    random = np.random.default_rng(seed)
    pairs = _drawn(distinct, PAIRS, random)
    cosine = _cosines(bundle, pairs)
    order = np.argsort(cosine, kind="stable")
    cluster = bundle.points["cluster"].to_numpy()[distinct]
    same = [
        _drawn(members, max(1, round(PAIRS * len(members) / max((cluster >= 0).sum(), 1))), random)
        for topic in np.unique(cluster[cluster >= 0])
        if len(members := distinct[cluster == topic]) > 1
    ]
    within = np.sort(_cosines(bundle, np.concatenate(same))) if same else np.zeros(0, np.float32)
    ids = bundle.points["unit_id"].to_numpy(dtype=np.int64)
    return Calibration(cosine[order], within, ids[pairs[order]], len(distinct))


def standing(calibration: Calibration, cosine: float) -> Standing:
    """Where a cosine stands, and what that is called.

    same: as alike as copies (0.97 and more); close: above nine tenths of the pairs of one topic; related: above half of
    them and 95 % of random pairs; faint: above 75 % of random pairs; none: below. Without topics close begins at 99.9 %
    and related at 95 % of random pairs.
    """
    random = share_below(calibration.random, cosine, calibration.reviews)
    same = share_below(calibration.same, cosine, calibration.reviews) if len(calibration.same) else None
    return Standing(cosine, random, same, _level(cosine, random.share, same.share if same else None))


def share_below(ascending: FloatArray, cosine: float, reviews: int) -> Share:
    """The share of sorted cosines below one, with Wilson's interval.

    Pairs that share a review are not independent: the interval counts no more of them than there are reviews.
    """
    share = float(np.searchsorted(ascending, cosine, side="left")) / len(ascending)
    n = max(1, min(len(ascending), reviews))
    low, high = share_interval(round(share * n), n)
    return Share(share, min(share, low), max(share, high), len(ascending))


def example(calibration: Calibration, cosine: float) -> tuple[int, int, float] | None:
    """The random pair (unit_ids) nearest to a cosine, and its own; None where none is near."""
    place = int(np.abs(calibration.random - cosine).argmin())
    found = float(calibration.random[place])
    if abs(found - cosine) > _REACH:
        return None
    one, other = calibration.pairs[place].tolist()
    return one, other, found


def _level(cosine: float, random: float, same: float | None) -> Level:
    if cosine >= COPIES:
        return "same"
    if random >= 0.95 and (random >= 0.999 if same is None else same >= 0.9):
        return "close"
    if random >= 0.95 and (same is None or same >= 0.5):
        return "related"
    return "faint" if random >= 0.75 else "none"


def _drawn(members: NDArray[np.int64], count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """(count, 2) positions of pairs of two different members, with replacement."""
    first = random.integers(0, len(members), count)
    # A step of 1 … n − 1 never comes back to the first.
    second = (first + random.integers(1, len(members), count)) % len(members)
    return np.stack([members[first], members[second]], axis=1)


def _cosines(bundle: Bundle, pairs: NDArray[np.int64]) -> FloatArray:
    matrix = np.asarray(bundle.vectors)
    found = np.einsum("ij,ij->i", matrix[pairs[:, 0]], matrix[pairs[:, 1]])
    return np.clip(found, -1.0, 1.0).astype(np.float32)
