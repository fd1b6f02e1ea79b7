"""Outlines around topics on the flat map: where a topic's reviews lie dense, smoothed, as closed lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CELLS = 110
"""Of the grid, along the map's longer side."""
INSIDE = 0.85
"""Share of a topic's units that its outlines hold."""
LEAST_PIECE = 0.12
"""Share of a topic's units that a piece apart must hold to be drawn."""
FEWEST = 8
_SPREAD_CELLS = 2.0
_ALONG_CELLS = 2.0
_EVERY = 2
_SHORT = 12


def outlines(points: pd.DataFrame, topics: Sequence[Mapping[str, Any]]) -> dict[int, list[Floats]]:
    """Closed lines (m, 2) around each topic that nobody hid and that has FEWEST units or more, in the map's own units.

    The topic's units are counted in a grid over the map and smoothed (a Gaussian kernel density estimate on a grid);
    the cells above the density that holds INSIDE of them are outlined (the highest-density region, Hyndman 1996), and
    the line is smoothed along its length.
    """
    from scipy import ndimage

    places = points[["x2", "y2"]].to_numpy(dtype=np.float64)
    known = np.isfinite(places).all(axis=1)
    if not known.any():
        return {}
    places, cluster = places[known], points["cluster"].to_numpy()[known]
    low = places.min(axis=0)
    cell = max(float((places.max(axis=0) - low).max()) / CELLS, 1e-9)
    # A margin, so that no outline is cut at the map's edge.
    margin = int(np.ceil(3 * _SPREAD_CELLS)) + 1
    at = ((places - low) / cell).astype(np.int64) + margin
    shape = tuple((at.max(axis=0) + margin + 1).tolist())
    found: dict[int, list[Floats]] = {}
    for topic in topics:
        own = at[cluster == topic["id"]]
        if topic.get("hidden") or len(own) < FEWEST:
            continue
        counts = np.zeros(shape)
        np.add.at(counts, (own[:, 0], own[:, 1]), 1.0)
        density = ndimage.gaussian_filter(counts, _SPREAD_CELLS, mode="constant")
        here = density[own[:, 0], own[:, 1]]
        dense = density >= np.quantile(here, 1 - INSIDE)
        pieces, n = ndimage.label(dense)
        sizes = np.bincount(pieces[own[:, 0], own[:, 1]], minlength=n + 1)
        lines: list[Floats] = []
        for piece in np.flatnonzero(sizes >= LEAST_PIECE * len(own)):
            if piece:
                lines += [_rounded(line) for line in _borders(ndimage.binary_fill_holes(pieces == piece))]
        if lines:
            found[int(topic["id"])] = [low + (line - margin) * cell for line in lines]
    return found


def _borders(inside: NDArray[np.bool_]) -> list[Floats]:
    """Corners (m, 2) of all cells along the outer border of connected ones, anticlockwise and closed."""
    i, j = np.nonzero(inside)
    padded = np.pad(inside, 1)
    after: dict[tuple[int, int], list[tuple[int, int]]] = {}
    # Each side of a cell with nothing beyond it, directed so that the cell is at its left.
    sides = (((0, -1), (0, 0), (1, 0)), ((1, 0), (1, 0), (1, 1)), ((0, 1), (1, 1), (0, 1)), ((-1, 0), (0, 1), (0, 0)))
    for (di, dj), start, end in sides:
        open_ = ~padded[i + 1 + di, j + 1 + dj]
        for a, b in zip(i[open_].tolist(), j[open_].tolist(), strict=True):
            after.setdefault((a + start[0], b + start[1]), []).append((a + end[0], b + end[1]))
    lines = []
    while after:
        first = next(iter(after))
        line, now = [first], _next(after, first, (0, 0))
        while now != first:
            before = line[-1]
            line.append(now)
            now = _next(after, now, (now[0] - before[0], now[1] - before[1]))
        lines.append(np.array(line, dtype=np.float64))
    return lines


def _next(
    after: dict[tuple[int, int], list[tuple[int, int]]], at: tuple[int, int], came: tuple[int, int]
) -> tuple[int, int]:
    """The corner after `at`, and the step taken away; where two cells touch at a corner only, the turn to the right."""
    options = after[at]
    # Two ways on are there only where cells touch at a corner.
    right = (at[0] + came[1], at[1] - came[0])
    chosen = right if right in options else options[0]
    options.remove(chosen)
    if not options:
        del after[at]
    return chosen


def _rounded(line: Floats) -> Floats:
    """Without the steps of the grid: corners as means of those along the line (Gaussian weights), every second one.

    A short line is smoothed less, or it would shrink to a dot, and keeps all its corners.
    """
    from scipy import ndimage

    along = min(_ALONG_CELLS, len(line) / _SHORT)
    smooth = np.asarray(ndimage.gaussian_filter1d(line, along, axis=0, mode="wrap"), dtype=np.float64)
    return smooth[:: _EVERY if len(line) >= _SHORT else 1]
