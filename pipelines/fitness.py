"""Whether an analysis can be made at all: its settings, and usable reviews; told before anything takes long."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines import cluster as clustering
from pipelines import landmarks, neighbors, outliers, project, sentiment
from pipelines import topics as naming
from pipelines.config import AnalyzeConfig
from pipelines.errors import N_, UnusableInput
from pipelines.types import Reviews, Units, Warning_

FEW_REVIEWS = 50
"""Below this an analysis says that its topics are a first impression."""
STAGE_CONFIGS = {
    "neighbors": neighbors.NeighborConfig,
    "project": project.ProjectConfig,
    "cluster": clustering.ClusterConfig,
    "topics": naming.TopicConfig,
    "sentiment": sentiment.SentimentConfig,
    "outliers": outliers.OutlierConfig,
    "landmarks": landmarks.LandmarkConfig,
}


def check_settings(config: AnalyzeConfig) -> None:
    """Refuse a misspelt or unfit setting now, not when its stage is reached after minutes of embedding.

    Raises UnusableInput.
    """
    for key in config.extra:
        if key.partition(".")[0] not in STAGE_CONFIGS:
            raise UnusableInput(
                N_("“{key}” is no setting; {stage} has: {allowed}."),
                key=key,
                stage="--set",
                allowed=", ".join(f"{name}.…" for name in STAGE_CONFIGS),
            )
    for name, kind in STAGE_CONFIGS.items():
        config.stage_config(name, kind())


def check_reviews(reviews: Reviews, units: Units) -> list[Warning_]:
    """What to say where reviews are few; raises UnusableInput where there are none."""
    check_any(units, reviews.reason, reviews.roles.get("text"))
    if len(units.text) < FEW_REVIEWS:
        few = N_("Only {n} usable reviews: topics and differences are a first impression.")
        return [Warning_(few, {"n": len(units.text)})]
    return []


def check_any(units: Units, reasons: Sequence[str], column: str | None) -> None:
    """Raise UnusableInput, with why rows were left out (`reasons`, "" for none), where no unit is left."""
    if not len(units.text):
        detail = ", ".join(f"{why}: {reasons.count(why)}" for why in sorted(set(reasons) - {""})) or "no data rows"
        raise UnusableInput(
            N_("No usable review in column “{column}” ({detail}). Choose another text column or file."),
            column=column,
            detail=detail,
        )
