"""The themes of a bundle that was made before there were any, or whose topics nobody grouped."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.store.reader import Bundle
from pipelines.topics import themes


def themes_of(bundle: Bundle) -> list[dict[str, Any]]:
    """summary["themes"], else found from the topics as shown; empty where there are few topics."""
    if "themes" in bundle.summary:
        return list(bundle.summary["themes"])
    topics = bundle.summary["topics"]
    counts = bundle.points["cluster"].value_counts()
    counted = [{**topic, "units": int(counts.get(topic["id"], 0))} for topic in topics]
    matrix = np.asarray(bundle.vectors)
    return themes.grouped(
        counted,
        themes.centroids(matrix, bundle.points["cluster"].to_numpy(), [int(topic["id"]) for topic in topics]),
    )[1]
