"""Which points of a very large map are drawn: by importance, and more of them where a person looks closer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.types import BoolArray, IntArray

LIMIT = 200_000
"""Up to so many points all are drawn."""
MOST = 100_000
MOST_MORE = 30_000
_MOST_ODD = 800
"""Their marks are rings: three thousand cover most of what lies under them on a map of a usual size."""
_EXAMPLES = 20
_OF_EACH_TOPIC = 200
_WIDER = 0.1
_WHOLE = 0.9


@dataclass(frozen=True)
class Sample:
    """base (m,): positions of the points that are always drawn, ascending. rank (n,): all points, best first."""

    base: IntArray
    rank: NDArray[np.uint32]


def sample(points: pd.DataFrame, *, limit: int = LIMIT, most: int = MOST, seed: int = 0) -> Sample | None:
    """The points to draw where there are more than `limit`; None where all are drawn.

    First the oddest (few, since their mark hides others), the strongest examples of each topic and the ends of each
    axis; then some of every topic, then a sample of the rest, further odd ones last.
    """
    n = len(points)
    if n <= limit:
        return None
    luck = np.random.default_rng(seed).permutation(n)
    cluster = points["cluster"].to_numpy()
    # A sample of all would hold thousands of odd ones, whose rings hide what lies under them: after all others.
    tier = np.where(points["is_outlier"].to_numpy(dtype=bool), 3, 2).astype(np.uint8)
    tier[_first_of_each(cluster, luck, _OF_EACH_TOPIC)] = 1
    tier[_important(points, min(_MOST_ODD, most // 5))] = 0
    order = np.lexsort((luck, tier))
    rank = np.empty(n, dtype=np.uint32)
    rank[order] = np.arange(n, dtype=np.uint32)
    return Sample(np.sort(order[:most]).astype(np.int64), rank)


def more(
    found: Sample, inside: BoolArray | None, wanted: Sequence[IntArray] = (), *, most: int = MOST_MORE
) -> IntArray:
    """Positions to draw beside the base, `most` at the most: those that are wanted, then those `inside`, best first.

    wanted: lists of positions, best first, each of which may fill a third.
    """
    is_drawn = np.zeros(len(found.rank), dtype=bool)
    is_drawn[found.base] = True
    chosen: list[IntArray] = []
    for positions in wanted:
        new = positions[~is_drawn[positions]][: most // 3]
        is_drawn[new] = True
        chosen.append(new.astype(np.int64))
    room = most - sum(len(part) for part in chosen)
    if inside is not None and room > 0:
        rest = np.flatnonzero(inside & ~is_drawn)
        if len(rest) > room:
            rest = rest[np.argpartition(found.rank[rest], room)[:room]]
        chosen.append(np.sort(rest).astype(np.int64))
    return np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64)


def window(points: pd.DataFrame, camera: Mapping[str, Any] | None) -> BoolArray | None:
    """Which points are in sight of a flat map that is zoomed in, a little beyond its edges included; else None."""
    flat = (camera or {}).get("flat")
    if not isinstance(flat, list | tuple) or len(flat) != 4:
        return None
    inside = np.ones(len(points), dtype=bool)
    is_whole = True
    for name, low, high in (("x2", *flat[:2]), ("y2", *flat[2:])):
        values = points[name].to_numpy()
        margin = abs(high - low) * _WIDER
        inside &= (values >= min(low, high) - margin) & (values <= max(low, high) + margin)
        span = float(np.nanmax(values) - np.nanmin(values)) if len(values) else 0.0
        is_whole = is_whole and abs(high - low) >= _WHOLE * span
    return None if is_whole else inside


def _first_of_each(cluster: NDArray[np.int32], luck: IntArray, most: int) -> IntArray:
    """Positions of `most` of every topic, and of those without one, by luck."""
    order = np.lexsort((luck, cluster))
    ordered = cluster[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return np.asarray(order[place < most], dtype=np.int64)


def _important(points: pd.DataFrame, most_odd: int) -> IntArray:
    odd = np.flatnonzero(points["is_outlier"].to_numpy(dtype=bool))
    if len(odd) > most_odd and "outlier_score" in points:
        odd = odd[np.argsort(-points["outlier_score"].to_numpy()[odd], kind="stable")]
    chosen = [odd[:most_odd]]
    if {"cluster_strength", "joined"} <= {*points.columns}:
        # A joined review's strength is its neighbours' vote, which says nothing of how typical it is.
        strength = np.where(points["joined"].to_numpy(dtype=bool), 0, points["cluster_strength"].to_numpy())
        cluster = points["cluster"].to_numpy()
        examples = _first_of_each(cluster, -strength, _EXAMPLES)
        chosen.append(examples[cluster[examples] >= 0])
    for axis in ("x2", "y2", "x3", "y3", "z3"):
        values = points[axis].to_numpy()
        if not np.isnan(values).all():
            chosen.append(np.array([np.nanargmin(values), np.nanargmax(values)]))
    return np.concatenate(chosen).astype(np.int64)
