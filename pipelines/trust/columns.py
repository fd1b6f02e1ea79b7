"""Where a map's trust stands in a bundle: two columns of points.parquet and one entry of the summary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipelines.trust.measure import neighbors_of, reach_of

COLUMN = "map_trust"
COLUMN_3D = "map_trust_3d"

LEAST = 0.5
"""From this trust on a review has mostly its true neighbours around it."""
POOR = 1 / 3
"""A map, or a region of at least LEAST_REGION reviews, misleads where no larger share of its reviews has that."""
LEAST_REGION = 5


def column_of(dims: int) -> str:
    """The column with the trust of the flat map or of the one in three dimensions."""
    return COLUMN_3D if dims == 3 else COLUMN


def share_true(points: pd.DataFrame, column: str = COLUMN) -> float:
    """Share of distinct units that have mostly their true neighbours around them; NaN where none is known."""
    known = points.loc[points["duplicate_of"].isna(), column].dropna()
    return float((known >= LEAST).mean()) if len(known) else float("nan")


def misleads(points: pd.DataFrame, column: str = COLUMN) -> bool:
    """Whether the reviews of a map's region are less alike than they look there."""
    if column not in points or points["duplicate_of"].isna().sum() < LEAST_REGION:
        return False
    return share_true(points, column) < POOR


def figures(points: pd.DataFrame, continuity: float, continuity_3d: float) -> dict[str, Any]:
    """summary["map_trust"]: of the flat map and of the one in three dimensions the mean trust, the share of distinct
    units with mostly true neighbours and the continuity; None where there are too few. k, reach: how it was counted.
    """
    m = int(points["duplicate_of"].isna().sum())
    found: dict[str, Any] = {"k": neighbors_of(m), "reach": reach_of(m)}
    for name, column, whole in (("flat", COLUMN, continuity), ("deep", COLUMN_3D, continuity_3d)):
        known = points.loc[points["duplicate_of"].isna(), column].dropna()
        found[name] = {
            "mean": _number(float(known.mean())) if len(known) else None,
            "share": _number(share_true(points, column)),
            "continuity": _number(whole),
        }
    return found


def _number(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None
