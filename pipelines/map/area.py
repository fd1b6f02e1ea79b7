"""Which places are inside an area that a person drew on the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.types import BoolArray

MOST_CORNERS = 2000


def corners_of(drawn: object) -> NDArray[np.float64] | None:
    """The corners (m, 2) of an area that a browser sent as {"x": […], "y": […]}; None where it is none."""
    if not isinstance(drawn, dict) or not all(isinstance(drawn.get(axis), list) for axis in "xy"):
        return None
    x, y = drawn["x"], drawn["y"]
    if len(x) != len(y) or not 3 <= len(x) <= MOST_CORNERS or not all(_is_number(value) for value in (*x, *y)):
        return None
    corners = np.array([x, y], dtype=np.float64).T
    return corners if np.isfinite(corners).all() else None


def inside(x: NDArray[Any], y: NDArray[Any], corners: NDArray[np.float64] | Sequence[Sequence[float]]) -> BoolArray:
    """(n,) whether each place is inside the closed line through the corners.

    The even-odd rule: inside is where a ray crosses the line an odd number of times. Each side is compared only with
    the places at its own height.
    """
    line = np.asarray(corners, dtype=np.float64)
    found = np.zeros(len(x), dtype=bool)
    (left, low), (right, high) = line.min(axis=0), line.max(axis=0)
    near = np.flatnonzero((x >= left) & (x <= right) & (y >= low) & (y <= high))
    near = near[np.argsort(y[near], kind="stable")]
    px, py = x[near].astype(np.float64), y[near].astype(np.float64)
    odd = np.zeros(len(near), dtype=bool)
    for (x0, y0), (x1, y1) in zip(line, np.roll(line, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        # A corner belongs to one of its two sides: (y0 > py) differs from (y1 > py).
        start, end = np.searchsorted(py, [min(y0, y1), max(y0, y1)], side="left")
        crossing = (x1 - x0) * (py[start:end] - y0) / (y1 - y0) + x0
        odd[start:end] ^= px[start:end] < crossing
    found[near] = odd
    return found


def same_place(points: pd.DataFrame, chosen: BoolArray, dims: int) -> BoolArray:
    """(n,) whether each point lies where one of the chosen does, in the picture of so many dimensions."""
    axes = [points[name].to_numpy() for name in (("x3", "y3", "z3") if dims == 3 else ("x2", "y2"))]
    near = np.ones(len(points), dtype=bool)
    for values in axes:
        near &= np.isin(values, values[chosen])
    at = np.flatnonzero(near)
    wanted = set(zip(*(values[chosen].tolist() for values in axes), strict=True))
    spots = zip(*(values[at].tolist() for values in axes), strict=True)
    near[at] = [spot in wanted for spot in spots]
    return near


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
