"""A person's own places on the 2D map, from two columns of numbers.

They stand in for the projection's two dimensions only. The 3D view and the space in which clusters are sought stay
ours, made from the vectors: two given numbers say nothing of a third, and topics should follow what reviews say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import N_, UnusableInput
from pipelines.own.columns import cells
from pipelines.own.numbers import parse
from pipelines.types import FloatArray, Groups, NeighborGraph, Reviews, Units, Warning_

_NEIGHBORS = 5
"""A review without a place stands at the mean of so many of its nearest that have one."""
_MOST_RATIO = 20.0
"""An axis so many times longer than the other would make a line of the map, whose axes share one scale."""
_FINEST = 1e-4
"""Least extent, as a share of the largest number, that float32 still tells apart."""
_STEP = 0.004
"""Distance of a review's second sentence from its first, as a share of the map's extent: a few pixels."""
_GOLDEN_ANGLE = np.pi * (3.0 - 5.0**0.5)


@dataclass(frozen=True)
class Places:
    """xy (rows, 2) float64 by data row, NaN where a row has no place; the names of both columns."""

    xy: NDArray[np.float64]
    columns: tuple[str, str]

    @classmethod
    def read(cls, reviews: Reviews, x: str, y: str) -> Places:
        """The places of the two columns; raises UnusableInput for a column that is not there or holds no number."""
        xy = np.column_stack([parse(cells(reviews, x)), parse(cells(reviews, y))])
        found = np.isfinite(xy) & reviews.kept[:, None]
        for column, of_column in zip((x, y), found.T, strict=True):
            if not of_column.any():
                raise UnusableInput(
                    N_("Column “{column}” holds no numbers, so it cannot say where reviews stand: choose another."),
                    column=column,
                )
        if not found.all(axis=1).any():
            raise _no_place(x, y)
        xy[~np.isfinite(xy).all(axis=1)] = np.nan
        return cls(xy, (x, y))

    def place(self, units: Units, groups: Groups, graph: NeighborGraph) -> tuple[FloatArray, tuple[Warning_, ...]]:
        """(n, 2) places of the units, all finite, and what a person should know of them.

        Numbers stay as they were given, unless the map could not show them: then each axis is brought to 0…1. A unit
        without a place takes that of its duplicates, else the mean of its nearest neighbours'; rounds repeat until
        all stand, and what no neighbour reaches stands in the middle. Sentences of one review lie on a small spiral
        around its place, in order, the first on it.
        """
        x, y = self.columns
        missing = ~np.isfinite(self.xy[units.row_id, 0])
        if missing.all():
            raise _no_place(x, y)
        xy, is_scaled = _drawable(self.xy[units.row_id])
        notes = [Warning_(N_("Places on the map are the columns “{x}” and “{y}”, not computed."), {"x": x, "y": y})]
        if is_scaled:
            template = N_("The numbers of “{x}” and “{y}” differ much in size: each was scaled to fill the map.")
            notes.append(Warning_(template, {"x": x, "y": y}))
        if missing.any():
            rows = np.unique(units.row_id[missing])
            notes.append(
                Warning_(
                    N_(
                        "{n} reviews have no number in “{x}” or “{y}”, the first in row {row}: "
                        "they stand beside the reviews most like them."
                    ),
                    {"n": len(rows), "x": x, "y": y, "row": int(rows[0]) + 1},
                )
            )
            xy = _filled(xy, groups, graph)
        return _spread(xy, units.row_id).astype(np.float32), tuple(notes)


def _no_place(x: str, y: str) -> UnusableInput:
    template = N_("No review has a number in both “{x}” and “{y}”: choose other columns for the map.")
    return UnusableInput(template, x=x, y=y)


def _drawable(xy: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """xy, or each axis brought to 0…1 where one scale for both, or float32, would lose the picture."""
    low, high = np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)
    extent = high - low
    if not (extent > 0).any():
        return xy, False
    longest, shortest = float(extent.max()), float(extent[extent > 0].min())
    largest = float(np.nanmax(np.abs(xy)))
    if longest / shortest <= _MOST_RATIO and longest >= max(_FINEST * largest, _FINEST):
        return xy, False
    return (xy - low) / np.where(extent > 0, extent, 1.0), True


def _filled(xy: NDArray[np.float64], groups: Groups, graph: NeighborGraph) -> NDArray[np.float64]:
    """xy (n, 2) with a place for each unit that has none."""
    group = np.searchsorted(groups.representatives, groups.first)
    has = np.isfinite(xy[:, 0])
    count = np.bincount(group[has], minlength=len(groups.representatives))
    placed = count > 0
    middle = np.zeros((len(count), 2))
    for axis in (0, 1):
        middle[:, axis] = np.bincount(group[has], xy[has, axis], len(count)) / np.maximum(count, 1)
    while not placed.all():
        open_ = np.flatnonzero(~placed)
        near, weight = graph.indices[open_], np.maximum(graph.similarity[open_], 1e-6).astype(np.float64)
        can = placed[near]
        weight *= can & (np.cumsum(can, axis=1) <= _NEIGHBORS)
        total = weight.sum(axis=1)
        reached = total > 0
        if not reached.any():
            middle[open_] = np.median(xy[has], axis=0)
            break
        mean = (weight[:, :, None] * middle[near]).sum(axis=1)[reached] / total[reached, None]
        middle[open_[reached]] = mean
        placed[open_[reached]] = True
    return np.where(has[:, None], xy, middle[group])


def _spread(xy: NDArray[np.float64], row_id: NDArray[np.int64]) -> NDArray[np.float64]:
    """Units of one row on a spiral of golden angles (Vogel 1979), so that each can be pointed at."""
    first = np.searchsorted(row_id, row_id)
    rank = (np.arange(len(row_id)) - first).astype(np.float64)
    extent = float((xy.max(axis=0) - xy.min(axis=0)).max()) or 1.0
    angle = rank * _GOLDEN_ANGLE
    return xy + _STEP * extent * np.sqrt(rank)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
