"""All that a person gave in place of a stage, read and checked before any stage that takes long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.config import AnalyzeConfig
from pipelines.errors import N_, UnusableInput
from pipelines.ingest import Source
from pipelines.own.labels import Labels
from pipelines.own.places import Places
from pipelines.types import Reviews, Warning_

ONE_A_REVIEW = N_(
    "Your own vectors are one a review, so all sentences of a review would lie in one place: "
    "choose whole reviews for the map (--unit review)."
)


@dataclass(frozen=True)
class Given:
    """vectors: their file; places: instead of the 2D projection; labels: instead of clusters. None: ours."""

    vectors: Path | Source | None = None
    places: Places | None = None
    labels: Labels | None = None

    @classmethod
    def read(cls, config: AnalyzeConfig, vectors: Path | Source | None, reviews: Reviews) -> Given:
        """What a config and a file of vectors ask for; raises UnusableInput for what cannot stand in."""
        if vectors is not None and config.unit == "sentence":
            raise UnusableInput(ONE_A_REVIEW)
        return cls(
            vectors=vectors,
            places=Places.read(reviews, config.x_column, config.y_column)
            if config.x_column is not None and config.y_column is not None
            else None,
            labels=None if config.label_column is None else Labels.read(reviews, config.label_column),
        )

    def notes(self, config: AnalyzeConfig) -> tuple[Warning_, ...]:
        """What was chosen and has no part in it."""
        asked = (config.purpose, config.dim, config.query_prompt, config.document_prompt)
        usual = AnalyzeConfig()
        is_usual = asked == (usual.purpose, usual.dim, usual.query_prompt, usual.document_prompt)
        if self.vectors is None or (is_usual and config.embedder == usual.embedder):
            return ()
        template = N_("Your own vectors were used: the model “{name}” and its settings had no part in it.")
        return (Warning_(template, {"name": config.embedder}),)

    def as_dict(self) -> dict[str, object]:
        """Plain values, for summary.json."""
        return {
            "vectors": None if self.vectors is None else self.vectors.name,
            "places": None if self.places is None else list(self.places.columns),
            "labels": None if self.labels is None else self.labels.column,
        }
