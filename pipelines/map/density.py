"""How many reviews lie where on the flat map, for maps that are too large to draw every point."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.map.pack import with_digest
from pipelines.types import BoolArray

CELLS = 220
"""Of the grid, along the map's longer side."""
MOST_BYTE = 255


def density_part(points: pd.DataFrame, chosen: BoolArray) -> tuple[str, bytes] | None:
    """Counts of the chosen points in a grid over the whole map, as a part and its digest; None without any.

    A byte a cell on a logarithmic scale: 0 is empty, 255 the fullest cell. meta: columns, rows, low (of each axis),
    cell (a side's length in the map's units), fullest, n. Rows from the lowest up.
    """
    places = points[["x2", "y2"]].to_numpy(dtype=np.float64)
    known = np.isfinite(places).all(axis=1)
    if not (known & chosen).any():
        return None
    low, high = places[known].min(axis=0), places[known].max(axis=0)
    cell = max(float((high - low).max()) / CELLS, 1e-9)
    columns, rows = (int(span / cell) + 1 for span in high - low)
    at = ((places[known & chosen] - low) / cell).astype(np.int64)
    counts = np.bincount(at[:, 1] * columns + at[:, 0], minlength=columns * rows)
    fullest = int(counts.max())
    # The emptiest cell that is not empty is to be seen too.
    share = np.log1p(counts) / np.log1p(fullest)
    cells = np.where(counts > 0, np.maximum(np.round(share * MOST_BYTE), 1), 0).astype(np.uint8)
    meta = {
        "columns": columns,
        "rows": rows,
        "low": [float(v) for v in low],
        "cell": cell,
        "fullest": fullest,
        "n": int((known & chosen).sum()),
    }
    return with_digest(meta, {"cells": cells})
