"""The layer of what people say of single reviews: dismissed ones are odd no longer, a spot check's figures are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pipelines.checked import dismissed, spot
from pipelines.checked.precision import precision
from pipelines.corrections import places
from pipelines.export.checked import SPOT_CHECK
from pipelines.store.journal import Entry
from pipelines.store.overlay import Overlay
from pipelines.store.reader import Bundle


def lay(below: Bundle, entries: Sequence[Entry], _find: Callable[[str], Bundle | None]) -> Bundle:
    """The bundle with what stands; `below` itself where nothing does.

    Points gain odd_dismissed where something is dismissed, and is_outlier is False for it; the summary's count follows.
    """
    gone, answers = dismissed.standing(entries), spot.standing(entries)
    if not gone and not answers:
        return below
    points, summary = None, dict(below.summary)
    if gone:
        points = below.points.copy()
        inside = np.isin(places.keys(points), np.concatenate([one.keys for one in gone]))
        points[dismissed.COLUMN] = inside
        points["is_outlier"] = points["is_outlier"].to_numpy(dtype=bool) & ~inside
        summary["outliers"] = {**summary.get("outliers", {}), "count": int(points["is_outlier"].sum())}
    if answers:
        summary[SPOT_CHECK] = {name: one.as_dict() for name, one in precision(below, answers).items()}
    decided = ([one.seq for one in gone], [(one.seq, one.right) for one in answers])
    return Overlay(below, decided, points=points, summary=summary)
