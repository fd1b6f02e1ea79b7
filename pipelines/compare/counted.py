"""Units brought down to reviews: which review speaks of which topic, and how it feels about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.types import BoolArray, IntArray

Floats = NDArray[np.float64]
SMALL = 10
"""Fewer reviews say too little: a cell of so few is drawn pale, and neither side of a test may have so few."""


@dataclass(frozen=True)
class Counted:
    """n reviews of a slice and their topics.

    review (units,): the place of each unit's review. first (n,): the place of each review's first unit. sentiment (n,)
    mean over its units; rating (n,) NaN where there is none. topics: ids, in the order asked for. Each review that
    speaks of a topic is one pair: pair_review and pair_topic are places, pair_sentiment is the mean over those units of
    the review that are in the topic.
    """

    review: IntArray
    first: IntArray
    sentiment: Floats
    rating: Floats
    topics: tuple[int, ...]
    pair_review: IntArray
    pair_topic: IntArray
    pair_sentiment: Floats

    def __len__(self) -> int:
        return len(self.first)

    def any_unit(self, units: BoolArray) -> BoolArray:
        """(n,) reviews with at least one of the units (units,)."""
        return np.bincount(self.review[units], minlength=len(self)) > 0

    def of_topic(self, chosen: BoolArray) -> IntArray:
        """(topics,) how many of the chosen reviews (n,) speak of each topic."""
        return np.bincount(self.pair_topic[chosen[self.pair_review]], minlength=len(self.topics))


def count(points: pd.DataFrame, topics: Sequence[Mapping[str, object]]) -> Counted:
    """The reviews of a slice of points; topics: entries as in summary["topics"], of which hidden ones are left out."""
    ids = [int(str(topic["id"])) for topic in topics if not topic.get("hidden")]
    _, first, review = np.unique(points["row_id"].to_numpy(), return_index=True, return_inverse=True)
    n = len(first)
    felt = points["sentiment"].to_numpy(dtype=np.float64)
    cluster = points["cluster"].to_numpy()
    place_of = np.full(max([*ids, int(cluster.max(initial=-1))]) + 2, -1, dtype=np.int64)
    place_of[ids] = np.arange(len(ids))
    # Noise is −1, and so reads the last entry, which no topic has.
    topic = place_of[cluster]
    inside = topic >= 0
    pairs, pair = np.unique(review[inside] * max(len(ids), 1) + topic[inside], return_inverse=True)
    rating = points["rating"].to_numpy(dtype=np.float64)[first] if "rating" in points else np.full(n, np.nan)
    return Counted(
        review=review,
        first=first,
        sentiment=_means(felt, review, n),
        rating=rating,
        topics=tuple(ids),
        pair_review=pairs // max(len(ids), 1),
        pair_topic=pairs % max(len(ids), 1),
        pair_sentiment=_means(felt[inside], pair, len(pairs)),
    )


def _means(values: Floats, group: IntArray, groups: int) -> Floats:
    sizes = np.bincount(group, minlength=groups)
    return np.bincount(group, weights=values, minlength=groups) / np.maximum(sizes, 1)
