"""What a finished bundle says that added reviews are compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines import duplicates, outliers
from pipelines.add.belonging import distance
from pipelines.config import AnalyzeConfig
from pipelines.errors import N_, DamagedBundle
from pipelines.figures import heads
from pipelines.store.reader import Bundle
from pipelines.text import clean
from pipelines.types import FloatArray, IntArray, NeighborGraph, Units


@dataclass(frozen=True)
class Before:
    """The old units: all of them, and the m distinct ones (`representatives`, unit ids) with their neighbour graph.

    base: how many of the distinct ones the topics were found from; those after them were added since. distance (m,):
    mean cosine distance to the nearest.
    """

    bundle: Bundle
    config: AnalyzeConfig
    units: Units
    representatives: IntArray
    graph: NeighborGraph
    base: int
    matrix: FloatArray
    distance: NDArray[np.float64]
    k_distance: int

    @classmethod
    def of(cls, bundle: Bundle) -> Before:
        """Read it; raises DamagedBundle for a bundle without a neighbour graph."""
        config = AnalyzeConfig.from_dict(dict(bundle.config))
        if "graph" not in bundle.state_names:
            raise DamagedBundle(
                N_("The bundle {path} has no neighbour graph: run the analysis again with all rows."),
                path=str(bundle.path),
            )
        kept = bundle.state("graph")
        points = bundle.points
        texts = points["text"].tolist()
        units = Units(
            row_id=points["row_id"].to_numpy(dtype=np.int64),
            text=texts,
            clean=[clean(text) for text in texts],
            language=points["language"].tolist() if "language" in points else ["und"] * len(texts),
        )
        graph = NeighborGraph(kept["indices"], kept["similarity"])
        representatives = kept["representatives"].astype(np.int64)
        k = config.stage_config("outliers", outliers.OutlierConfig()).k
        since = first_added(bundle)
        return cls(
            bundle=bundle,
            config=config,
            units=units,
            representatives=representatives,
            graph=graph,
            base=len(representatives) if since is None else int(np.searchsorted(representatives, since)),
            matrix=np.asarray(bundle.vectors)[representatives],
            distance=distance(graph, k),
            k_distance=k,
        )

    def of_distinct(self, column: str) -> np.ndarray:
        """A column of the points, of the distinct units."""
        return self.bundle.points[column].to_numpy()[self.representatives]

    def first_of(self) -> dict[str, int]:
        """Each old text, normalised as for duplicates → the unit that stands for it."""
        found: dict[str, int] = {}
        for text, unit in zip(self.units.clean, heads(self.bundle.points).tolist(), strict=True):
            found.setdefault(duplicates.normalise(text), unit)
        return found


def first_added(bundle: Bundle) -> int | None:
    """The first unit that was added to the map after it was made; None where there is none."""
    for entry in bundle.summary.get("added", ()):
        if not entry.get("fitted"):
            return int(entry["first_unit"])
    return None
