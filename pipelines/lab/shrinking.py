"""Fewer numbers a review (Matryoshka) and coarser ones (quantisation): what is kept of neighbours and of topics.

int8: each dimension's range in 256 steps. binary: only whether a number is above 0, one bit each (Hamming distance).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.compare.intervals import mean_of
from pipelines.compare.portrait import Mean
from pipelines.embed import dimensions
from pipelines.embed.base import normalise
from pipelines.figures import heads
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray, IntArray

NEIGHBOURS = 10
MOST_ASKED = 1_000
MOST_AMONG = 10_000
LEAST = 20
"""Of fewer reviews the ten nearest are most of all there are."""
ENOUGH = dimensions.ENOUGH

BYTES: Mapping[str, float] = {"float32": 4, "float16": 2, "int8": 1, "binary": 1 / 8}
"""Precision → bytes a number."""


@dataclass(frozen=True)
class Variant:
    """What one way of keeping vectors costs.

    kept: share of each review's ten nearest that stay (recall@10). topic: share of its ten nearest that are of its own
    topic, None without topics. worst: the unit_id that keeps least; lost: the unit_ids that it loses, nearest first.
    """

    dim: int
    precision: str
    bytes: float
    kept: Mean
    topic: Mean | None
    worst: int
    lost: tuple[int, ...]


@dataclass(frozen=True)
class Shrunk:
    """All variants, the full one first; asked: reviews whose neighbours were looked for, among: different ones."""

    variants: tuple[Variant, ...]
    asked: int
    among: int

    @property
    def by_chance(self) -> float:
        """The share of neighbours kept if they were drawn by lot."""
        return NEIGHBOURS / (self.among - 1)

    @property
    def smallest(self) -> Variant:
        """The one of fewest bytes that keeps ENOUGH of the neighbours."""
        return min((v for v in self.variants if v.kept.value >= ENOUGH), key=lambda v: (v.bytes, -v.kept.value))


def shrink(bundle: Bundle, *, seed: int = 0) -> Shrunk | None:
    """Measure every dimension and precision; None for fewer than LEAST different reviews.

    Of more than MOST_AMONG different reviews so many are drawn, and MOST_ASKED of these are asked. Ties are decided by
    lot: with few bits they are many.
    """
    random = np.random.default_rng(seed)
    distinct = random.permutation(np.unique(heads(bundle.points)))[:MOST_AMONG]
    if len(distinct) < LEAST:
        return None
    matrix = np.ascontiguousarray(bundle.vectors[distinct], dtype=np.float32)
    cluster = bundle.points["cluster"].to_numpy()[distinct]
    units = bundle.points["unit_id"].to_numpy(dtype=np.int64)[distinct]
    asked, k = min(MOST_ASKED, len(distinct)), NEIGHBOURS
    native = matrix.shape[1]
    dims = dimensions.powers_of_two(native) if dimensions.can_be_cut(bundle.identity) else (native,)
    truth = _nearest(matrix, asked, k)
    variants = []
    for dim in sorted(dims, reverse=True):
        cut = matrix if dim == native else normalise(matrix[:, :dim])
        for precision, held in _held(cut):
            found = truth if (dim, precision) == (native, "float32") else _nearest(held, asked, k)
            variants.append(_variant(dim, precision, truth, found, cluster, units))
    return Shrunk(tuple(variants), asked, len(distinct))


def _held(matrix: FloatArray) -> Iterator[tuple[str, FloatArray]]:
    """The vectors as they come back from each precision."""
    ways: Mapping[str, Callable[[FloatArray], FloatArray]] = {
        "float32": lambda rows: rows,
        "float16": lambda rows: rows.astype(np.float16).astype(np.float32),
        "int8": _in_steps,
        "binary": lambda rows: np.where(rows > 0, np.float32(1), np.float32(-1)),
    }
    for precision, way in ways.items():
        yield precision, way(matrix)


def _in_steps(matrix: FloatArray) -> FloatArray:
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    step = np.where(high > low, (high - low) / 255, 1).astype(np.float32)
    return (np.rint((matrix - low) / step) * step + low).astype(np.float32)


def _nearest(matrix: FloatArray, asked: int, k: int) -> IntArray:
    """(asked, k) places of the k rows most alike to each of the first `asked`, nearest first."""
    found = np.empty((asked, k), np.int64)
    # The order of the rows is by lot already, so that equals are taken by lot.
    for begin in range(0, asked, 250):
        rows = np.arange(begin, min(begin + 250, asked))
        alike = matrix[rows] @ matrix.T
        alike[np.arange(len(rows)), rows] = -np.inf
        best = np.argpartition(-alike, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(alike, best, axis=1), axis=1, kind="stable")
        found[rows] = np.take_along_axis(best, order, axis=1)
    return found


def _variant(
    dim: int, precision: str, truth: IntArray, found: IntArray, cluster: np.ndarray, units: IntArray
) -> Variant:
    same = (truth[:, :, None] == found[:, None, :]).any(axis=2)
    kept = same.mean(axis=1)
    worst = int(kept.argmin())
    own = cluster[: len(found)]
    topical = own >= 0
    topic = (cluster[found] == own[:, None]).mean(axis=1)[topical]
    return Variant(
        dim=dim,
        precision=precision,
        bytes=dim * BYTES[precision],
        kept=_mean(kept),
        topic=_mean(topic) if len(topic) else None,
        worst=int(units[worst]),
        lost=tuple(units[truth[worst][~same[worst]]].tolist()),
    )


def _mean(values: np.ndarray) -> Mean:
    mean, low, high = mean_of(values)
    # Of one value the ends are NaN, which max and min in this order turn into all of 0 … 1.
    return Mean(mean, max(0.0, low), min(1.0, high), len(values))
