"""The small analysis of hostile texts once more, larger and with planted effects: topic 0 takes two stars and grows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.store.bundle import BundleParts
from tests import sample_bundle


def parts(n: int = 900, *, units: int = 1) -> BundleParts:
    """n reviews over 200 days; units: how many each is split into, all but the first of any topic but 0."""
    made, random = sample_bundle.parts(n), np.random.default_rng(1)
    day = random.integers(0, 200, n)
    cluster = np.where(random.random(n) < 0.1 + 0.4 * day / 200, 0, random.integers(1, 5, n)).astype(np.int32)
    points = made.points
    points["date"] = points["date"].min() + pd.to_timedelta(day, unit="D")
    points["rating"] = (random.integers(3, 6, n) - 2 * (cluster == 0)).astype(np.float32)
    points["duplicate_of"] = pd.array([None] * n, dtype="Int64")
    # A review's units stand one after the other.
    of_unit = np.column_stack([cluster, random.integers(1, 5, (n, units - 1))]).astype(np.int32).ravel()
    points = points.loc[points.index.repeat(units)].reset_index(drop=True)
    points["cluster"], points["unit_id"] = of_unit, np.arange(n * units)
    points["topic"] = pd.array(np.array(sample_bundle.TOPICS, dtype=object)[of_unit], dtype="str")
    topics = [{**topic, "exemplars": []} for topic in made.summary["topics"]]
    return BundleParts(
        rows=made.rows,
        points=points,
        vectors=np.repeat(made.vectors, units, axis=0),
        state=made.state,
        summary={**made.summary, "topics": topics, "units": n * units},
        config=made.config,
        identity=made.identity,
    )
