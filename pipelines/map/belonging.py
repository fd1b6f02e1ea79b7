"""Colours that say how far to believe what is shown: how clearly a review belongs to its topic, how sure the topic is.

Neither is a column of the points: the first tells core and joined apart, whose strengths are of two kinds
(membership; share of a vote), the second is each review's topic's stability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

BELONGING = "belonging"
STABILITY = "stability"
DERIVED = (BELONGING, STABILITY)
"""Names of colours that are no columns of the points."""

CORE, JOINED_CLEARLY, JOINED_BARELY = "core", "joined_clearly", "joined_barely"
BELONGS = (CORE, JOINED_CLEARLY, JOINED_BARELY)
"""Most certain first; a review without a topic is none of them."""
CLEAR_VOTE = 0.5
"""From this share of the vote on most neighbours agreed."""


def has(column: str, points: pd.DataFrame, topics: Sequence[Mapping[str, object]]) -> bool:
    """Whether a derived colour says anything about these points."""
    if column == STABILITY:
        return any(topic.get("stability") is not None for topic in topics)
    # Topics that a person's own column gave have no core.
    return {"joined", "cluster_strength"} <= {*points.columns} and bool(points["joined"].any())


def belongs(points: pd.DataFrame) -> NDArray[np.str_]:
    """(n,) of BELONGS, "" without a topic."""
    strength = points["cluster_strength"].to_numpy()
    joined = points["joined"].to_numpy(dtype=bool)
    found = np.where(~joined, CORE, np.where(strength >= CLEAR_VOTE, JOINED_CLEARLY, JOINED_BARELY))
    return np.where(points["cluster"].to_numpy() >= 0, found, "")


def stability(points: pd.DataFrame, topics: Sequence[Mapping[str, object]]) -> NDArray[np.float64]:
    """(n,) the stability of each unit's topic, NaN where there is none or it is not known."""
    known = {int(str(topic["id"])): topic.get("stability") for topic in topics}
    of = {one: float(str(value)) for one, value in known.items() if value is not None}
    return np.asarray(points["cluster"].map(of), dtype=np.float64)


def stability_of(part: pd.DataFrame, n: int, summary: Mapping[str, Any]) -> float | None:
    """The whole map's stability (n units); of a part of it the mean over their topics, each as often as it occurs."""
    if len(part) == n:
        return summary.get("stability")
    known = stability(part, summary["topics"])
    return None if np.isnan(known).all() else float(np.nanmean(known))
