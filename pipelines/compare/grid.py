"""The grid segment × topic: share, sentiment or rating of each cell against the rest, with size, interval and test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from pipelines.compare import intervals, tested
from pipelines.compare.counted import SMALL, Counted, Floats
from pipelines.compare.segments import UNKNOWN
from pipelines.types import BoolArray, IntArray

Measure = Literal["share", "sentiment", "rating"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
_SCALE: dict[str, tuple[float, float]] = {"sentiment": (-1.0, 1.0), "rating": (1.0, 5.0)}


@dataclass(frozen=True)
class Grid:
    """S segments × T topics; every array without another shape is (S, T), NaN where there is nothing to tell.

    share: which part of the segment's reviews speaks of the topic, against that part of all other reviews. sentiment,
    rating: mean over the reviews of the segment that speak of the topic, against those of all others that do.
    of_segment (S,), of_topic (T,): reviews. reviews: those of the cell, n: those that the value rests on (rated ones
    for rating, the segment's for share). value with low … high; rest: the same elsewhere; difference: value − rest with
    difference_low … difference_high. p as tested, corrected over the whole grid (Benjamini–Hochberg); NaN where a side
    has fewer than SMALL reviews. unknown: reviews without a segment, which take no part.
    """

    measure: Measure
    topics: tuple[int, ...]
    of_segment: IntArray
    of_topic: IntArray
    unknown: int
    reviews: IntArray
    n: IntArray
    value: Floats
    low: Floats
    high: Floats
    rest: Floats
    difference: Floats
    difference_low: Floats
    difference_high: Floats
    p: Floats
    corrected: Floats

    @cached_property
    def is_small(self) -> BoolArray:
        """(S, T) cells of too few reviews."""
        return np.asarray((self.reviews if self.measure == "share" else self.n) < SMALL)

    @cached_property
    def differs(self) -> BoolArray:
        """(S, T) cells that differ from the rest at 5 % after the correction."""
        return np.nan_to_num(self.corrected, nan=1.0) < tested.LEVEL

    @property
    def tests(self) -> int:
        """How many cells were tested."""
        return int(np.isfinite(self.p).sum())


def grid(counted: Counted, code: NDArray[np.integer], segments: int, measure: Measure = "share") -> Grid:
    """The grid over the reviews of `counted`; code (n,): the place of each review's segment, UNKNOWN or OTHER."""
    known = code != UNKNOWN
    of_segment = np.bincount(code[code >= 0], minlength=segments)
    codes = code[counted.pair_review]
    chosen = known[counted.pair_review]
    if measure == "share":
        found = _shares(counted, codes, chosen, of_segment, int(known.sum()))
    else:
        values = counted.pair_sentiment if measure == "sentiment" else counted.rating[counted.pair_review]
        found = _means(counted, codes, chosen & np.isfinite(values), values, segments, measure)
    reviews = _table(codes, counted.pair_topic, chosen & (codes >= 0), segments, len(counted.topics))
    return Grid(
        measure=measure,
        topics=counted.topics,
        of_segment=of_segment,
        of_topic=counted.of_topic(known),
        unknown=int((~known).sum()),
        reviews=reviews.astype(np.int64),
        corrected=tested.corrected(found["p"]),
        **found,
    )


def _table(
    code: NDArray[np.integer],
    topic: IntArray,
    chosen: BoolArray,
    segments: int,
    topics: int,
    weights: Floats | None = None,
) -> Floats:
    cell = code[chosen] * topics + topic[chosen]
    sums = np.bincount(cell, None if weights is None else weights[chosen], minlength=segments * topics)
    return sums.reshape(segments, topics).astype(np.float64)


def _shares(
    counted: Counted, codes: NDArray[np.integer], chosen: BoolArray, of_segment: IntArray, total: int
) -> dict[str, NDArray]:
    topics = len(counted.topics)
    inside = _table(codes, counted.pair_topic, chosen & (codes >= 0), len(of_segment), topics)
    of_topic = np.bincount(counted.pair_topic[chosen], minlength=topics)
    n = np.repeat(of_segment[:, None], topics, axis=1)
    outside, others = of_topic[None, :] - inside, total - n
    with np.errstate(invalid="ignore", divide="ignore"):
        value, rest = inside / n, outside / others
    low, high = intervals.wilson(inside, n)
    difference_low, difference_high = intervals.difference(value, (low, high), rest, intervals.wilson(outside, others))
    # Which cells are tested hangs on the sizes of segments and topics alone, never on what is tested.
    worth = (np.minimum(n, others) >= SMALL) & (of_topic[None, :] >= SMALL)
    p = np.full(inside.shape, np.nan)
    p[worth] = tested.shares(inside[worth], n[worth], outside[worth], others[worth])
    return {
        "n": n,
        "value": value,
        "low": low,
        "high": high,
        "rest": rest,
        "difference": value - rest,
        "difference_low": difference_low,
        "difference_high": difference_high,
        "p": p,
    }


def _means(
    counted: Counted, codes: NDArray[np.integer], chosen: BoolArray, values: Floats, segments: int, measure: Measure
) -> dict[str, NDArray]:
    topic, topics = counted.pair_topic, len(counted.topics)
    bottom, top = _SCALE[measure]
    values = (values - bottom) / (top - bottom)
    size = np.bincount(topic[chosen], minlength=topics).astype(np.float64)
    at_least = np.maximum(size, 1)
    common = np.bincount(topic[chosen], values[chosen], minlength=topics) / at_least
    # Distances from their topic's mean: sums of squares stay exact.
    away = np.where(chosen, values - common[topic], 0.0)
    second = np.bincount(topic, away**2, minlength=topics) / at_least
    third = np.bincount(topic, away**3, minlength=topics) / at_least
    inside = chosen & (codes >= 0)
    n = _table(codes, topic, inside, segments, topics)
    total = _table(codes, topic, inside, segments, topics, away)
    squares = _table(codes, topic, inside, segments, topics, away**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        common_variance = size * second / (size - 1)
        sides = []
        for count, sums, sum_squares in ((n, total, squares), (size - n, -total, size * second - squares)):
            mean = sums / count
            variance = np.maximum(sum_squares - count * mean**2, 0) / (count - 1)
            ends = intervals.bounded_mean(common + mean, variance, count, common, common_variance)
            sides.append((common + mean, ends))
    (value, (low, high)), (rest, _ends) = sides
    difference_low, difference_high = intervals.difference(*sides[0], *sides[1])
    worth = np.minimum(n, size - n) >= SMALL
    p = np.full(n.shape, np.nan)
    sizes, seconds, thirds = (np.broadcast_to(part, n.shape)[worth] for part in (size, second, third))
    p[worth] = tested.means(total[worth], n[worth], sizes, seconds, thirds, step=_step(values[chosen]))
    width = top - bottom
    return {
        "n": n.astype(np.int64),
        "value": bottom + width * value,
        "low": bottom + width * low,
        "high": bottom + width * high,
        "rest": bottom + width * rest,
        "difference": width * (value - rest),
        "difference_low": width * difference_low,
        "difference_high": width * difference_high,
        "p": p,
    }


def _step(values: Floats) -> float:
    """How far apart the values lie that there are: a quarter for whole stars on 0…1, next to nothing for sentiment."""
    different = np.unique(values)
    return float(np.diff(different).min()) if len(different) > 1 else 0.0
