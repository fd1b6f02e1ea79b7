"""The periods that a map plays one after the other, and which of them each unit is of."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.figures import period_of

NONE = 255
"""Stands for a unit without a date."""


def brush_periods(points: pd.DataFrame) -> tuple[NDArray[np.uint8], list[tuple[str, str]]]:
    """The period of each unit (units,), NONE without a date, and each period's first and last day (ISO).

    Days, weeks or months as in trends, years where those would be more than a byte counts; no periods without dates or
    where all are of one.
    """
    index = np.full(len(points), NONE, dtype=np.uint8)
    if "date" not in points or points["date"].isna().all():
        return index, []
    dates = points["date"].reset_index(drop=True).dropna()
    for name in (period_of(dates), "Y"):
        at = dates.dt.to_period(name)
        every = pd.period_range(at.min(), at.max(), freq=name)
        if len(every) < NONE:
            break
    if not 1 < len(every) < NONE:
        return index, []
    index[dates.index] = (at.astype("int64") - every[0].ordinal).to_numpy().astype(np.uint8)
    return index, [(f"{one.start_time:%Y-%m-%d}", f"{one.end_time:%Y-%m-%d}") for one in every]
