"""Two models on the same reviews: how far their neighbours agree, and what moves between their maps.

The second map is turned, mirrored, moved and scaled as a whole onto the first (orthogonal Procrustes, Schönemann 1966):
what is left is what the models see differently, and what a layout does by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.compare.intervals import mean_of
from pipelines.figures import heads
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray, IntArray

NEIGHBOURS = 10
MOST = 5_000
LEAST = 20


@dataclass(frozen=True)
class Compared:
    """n reviews seen by two models.

    units (n,): unit_ids in the first bundle. places, aligned (n, 2): on the first map, and on the second laid onto it.
    shared (n,): of each review's k nearest the share that both models give. moved (n,): how far it lies from its place,
    in widths of the map (its root mean square radius). by_chance: the mean shared if one model's neighbours were drawn
    by lot. again: what the first model's own map moves in the middle when it is made anew; NaN where that is not known.
    """

    units: IntArray
    places: FloatArray
    aligned: FloatArray
    shared: FloatArray
    moved: FloatArray
    k: int
    by_chance: float
    again: float = float("nan")


@dataclass(frozen=True)
class Agreement:
    """The mean shared and its 95 % interval; the median moved."""

    shared: float
    low: float
    high: float
    moved: float
    n: int


def compare(
    units: IntArray, first: FloatArray, second: FloatArray, places: FloatArray, other: FloatArray,
    again: FloatArray | None = None,
) -> Compared:  # fmt: skip
    """first (n, d), second (n, e): vectors of length 1 of the same n ≥ 3 reviews. places, other (n, 2): their maps.

    again (n, 2): the first model's map made anew.
    """
    k = min(NEIGHBOURS, len(units) - 1)
    one, two = nearest(first, k), nearest(second, k)
    shared = (one[:, :, None] == two[:, None, :]).any(axis=2).mean(axis=1).astype(np.float32)
    aligned, moved = onto(places, other)
    renewed = float("nan") if again is None else float(np.median(onto(places, again)[1]))
    chance = k / (len(units) - 1)
    return Compared(units, places, aligned, shared, moved, k, chance, renewed)


def agreement(found: Compared) -> Agreement:
    """The figures over all reviews."""
    mean, low, high = mean_of(found.shared.astype(np.float64))
    return Agreement(mean, max(0.0, low), min(1.0, high), float(np.median(found.moved)), len(found.shared))


def onto(places: FloatArray, other: FloatArray) -> tuple[FloatArray, FloatArray]:
    """`other` (n, 2) laid onto `places` (n, 2), and how far each point stays away (n,), in widths of `places`."""
    from scipy.linalg import orthogonal_procrustes

    middle, centre = places.mean(axis=0), other.mean(axis=0)
    target, moving = (places - middle).astype(np.float64), (other - centre).astype(np.float64)
    width, size = float(np.sqrt((target**2).sum(axis=1).mean())), float((moving**2).sum())
    turn, scale = orthogonal_procrustes(moving, target)
    laid = moving @ turn * (scale / size if size > 0 else 1.0)
    away = np.linalg.norm(laid - target, axis=1) / (width if width > 0 else 1.0)
    return (laid + middle).astype(np.float32), away.astype(np.float32)


def nearest(matrix: FloatArray, k: int) -> IntArray:
    """(n, k) places of each row's k nearest others, in no order; n is at most MOST."""
    alike = matrix @ matrix.T
    np.fill_diagonal(alike, -np.inf)
    return np.argpartition(-alike, k - 1, axis=1)[:, :k].astype(np.int64)


def sample(bundle: Bundle, most: int, seed: int = 0) -> IntArray:
    """unit_ids of at most `most` different reviews, in upload order."""
    distinct = np.unique(heads(bundle.points))
    chosen = np.sort(np.random.default_rng(seed).permutation(len(distinct))[:most])
    return distinct[chosen]


def in_both(bundle: Bundle, other: Bundle, seed: int = 0) -> tuple[IntArray, IntArray]:
    """unit_ids of the same texts in two bundles, each text once, at most MOST, in the first's order."""
    first, second = ({text: unit for unit, text in _texts(each)} for each in (bundle, other))
    texts = sorted((text for text in first if text in second), key=first.__getitem__)
    chosen = np.sort(np.random.default_rng(seed).permutation(len(texts))[:MOST])
    pairs = [(first[texts[i]], second[texts[i]]) for i in chosen]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def of_bundles(bundle: Bundle, other: Bundle) -> Compared | None:
    """Two bundles with texts in common; None for fewer than LEAST."""
    one, two = in_both(bundle, other)
    if len(one) < LEAST:
        return None
    places = [_places(each, units) for each, units in ((bundle, one), (other, two))]
    first, second = np.asarray(bundle.vectors)[one], np.asarray(other.vectors)[two]
    return compare(one, first, second, *places)


def by_topic(found: Compared, cluster: NDArray[np.int32], ids: Sequence[int]) -> list[tuple[int, int, float, float]]:
    """Topic, its reviews in the sample, the mean shared and the median moved; least shared first. cluster (n,)."""
    rows = []
    for topic in ids:
        own = cluster == topic
        if own.sum():
            rows.append((topic, int(own.sum()), float(found.shared[own].mean()), float(np.median(found.moved[own]))))
    return sorted(rows, key=lambda row: (row[2], row[0]))


def _places(bundle: Bundle, units: IntArray) -> FloatArray:
    return bundle.points[["x2", "y2"]].to_numpy(dtype=np.float32)[units]


def _texts(bundle: Bundle) -> list[tuple[int, str]]:
    # From the end, so that of a text that comes again its first unit stays.
    points = bundle.points.iloc[::-1]
    return list(zip(points["unit_id"].tolist(), points["text"].tolist(), strict=True))
