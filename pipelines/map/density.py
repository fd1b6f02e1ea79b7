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
    x, y = (points[axis].to_numpy(dtype=np.float64) for axis in ("x2", "y2"))
    known = np.isfinite(x) & np.isfinite(y)
    shown = known & chosen
    if not shown.any():
        return None
    low = (float(x[known].min()), float(y[known].min()))
    spans = (float(x[known].max()) - low[0], float(y[known].max()) - low[1])
    cell = max(*spans, 1e-9) / CELLS
    columns, rows = (int(span / cell) + 1 for span in spans)
    column, row = (((values[shown] - end) / cell).astype(np.int64) for values, end in ((x, low[0]), (y, low[1])))
    counts = np.bincount(row * columns + column, minlength=columns * rows)
    fullest = int(counts.max())
    # The emptiest cell that is not empty is to be seen too.
    share = np.log1p(counts) / np.log1p(fullest)
    cells = np.where(counts > 0, np.maximum(np.round(share * MOST_BYTE), 1), 0).astype(np.uint8)
    meta = {
        "columns": columns,
        "rows": rows,
        "low": list(low),
        "cell": cell,
        "fullest": fullest,
        "n": int(shown.sum()),
    }
    return with_digest(meta, {"cells": cells})
