"""The map made anew with all reviews, over the earlier one: places start from there, topics keep ids and names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines import pictures, project
from pipelines.add import layout, matching
from pipelines.add.before import first_added
from pipelines.add.incoming import whole
from pipelines.add.vectors import OWN
from pipelines.config import AnalyzeConfig
from pipelines.progress import Progress, silent
from pipelines.running import Request
from pipelines.store import durable
from pipelines.store.bundle import BundleParts
from pipelines.store.reader import Bundle
from pipelines.topics import themes
from pipelines.types import BoolArray, FloatArray, IntArray, NeighborGraph, Projection, Reviews, Units, Vectors

CARRIED = "size_carried_over"
"""In summary.json: the smallest topic's size follows from an earlier map's, and nobody chose it."""
NEXT_ID = "next_topic_id"
"""In summary.json: the first id that no topic of this analysis ever had."""


@dataclass(frozen=True)
class Refit:
    """What `analysis.analyze` needs to make the map of `bundle` anew (all but `finish`), and what follows.

    job: kept in summary["refit"], so that a job done twice makes one.
    """

    bundle: Bundle
    job: str = ""
    progress: Progress = silent

    @cached_property
    def config(self) -> AnalyzeConfig:
        """The bundle's, with the embedder that was found then and topics as fine as then: more reviews must change
        neither. The smallest topic grows with the root of the reviews, as the sizes to choose from do.
        """
        config = AnalyzeConfig.from_dict(dict(self.bundle.config))
        size = int(self.bundle.summary.get("min_cluster_size") or 0)
        if size and (config.min_cluster_size is None or CARRIED in self.bundle.summary):
            before = (first_added(self.bundle) or len(self.bundle.points)) / max(len(self.bundle.points), 1)
            config = replace(config, min_cluster_size=max(2, round(size / before**0.5)))
        name = str(self.bundle.identity.get("name", ""))
        return config if config.draft or config.embedder != "auto" or name == OWN else replace(config, embedder=name)

    def reviews(self) -> Reviews:
        """All rows of the bundle, understood as its files were."""
        return whole(self.bundle)

    def request(self, folder: Path, *, allow_paid: bool = False) -> Request:
        """What to analyse; vectors of the person's own are laid out in `folder` by data row, as a file of them is."""
        vectors = None
        if self.bundle.identity.get("name") == OWN:
            vectors = folder / "vectors.npy"
            matrix = np.zeros((len(self.bundle.rows), self.bundle.vectors.shape[1]), dtype=np.float32)
            matrix[self.bundle.points["row_id"].to_numpy()] = self.bundle.vectors
            np.save(vectors, matrix, allow_pickle=False)
        source = self.bundle.summary["source"]
        return Request(source=b"", name=str(source["name"]), config=self.config, vectors=vectors, allow_paid=allow_paid)

    def embedded(self, units: Units) -> Vectors | None:
        """The bundle's vectors where a provider made them: no text is sent again, no key is asked for, nothing is paid.

        None for an embedder on this computer, whose texts are read anew, as what it learns from them may change.
        """
        at = _old_places(self.bundle.points, units.row_id)
        if not self.bundle.identity.get("endpoint") or (at < 0).any():
            return None
        state = self.bundle.state("embedder")
        return Vectors(
            np.asarray(self.bundle.vectors)[at],
            dict(self.bundle.identity),
            int(state["query_dim"]),
            {name: array for name, array in state.items() if name != "query_dim"},
            {"texts": len(at), "embedded": 0, "cached": len(at)},
        )

    def arrange(
        self, placed: Projection, graph: NeighborGraph, row_id: IntArray, representatives: IntArray
    ) -> Projection:
        """The projection drawn on from the places of the bundle; a method that cannot go on is turned onto them."""
        at = _old_places(self.bundle.points, row_id)[representatives]
        known = at >= 0
        if not known.any():
            return placed
        config = self.config.stage_config(
            "project", project.ProjectConfig(method=self.config.projection, seed=self.config.seed)
        )
        epochs = config.epochs or project.umap.default_epochs(len(at))
        result = []
        for columns, found in ((("x2", "y2"), placed.xy), (("x3", "y3", "z3"), placed.xyz)):
            old = self.bundle.points[list(columns)].to_numpy(dtype=np.float32)
            start = np.where(known[:, None], old[np.maximum(at, 0)], np.float32(0))
            self.progress("projection", len(columns), 4)
            result.append(self._drawn(start, known, found, graph, config, max(epochs // (len(columns) - 1), 1)))
        return Projection(result[0], result[1], placed.cluster_space)

    def _drawn(
        self,
        start: FloatArray,
        known: BoolArray,
        found: FloatArray,
        graph: NeighborGraph,
        config: project.ProjectConfig,
        epochs: int,
    ) -> FloatArray:
        if config.method != "umap":
            return layout.turned(found, start, known, scaled=True)
        return layout.redrawn(layout.filled(start, known, graph), known, graph, config, epochs)

    def finish(self, parts: BundleParts) -> BundleParts:
        """The parts with the earlier map's topic ids and names where a topic is the same, and the report of changes."""
        points = parts.points.copy()
        at = _old_places(self.bundle.points, points["row_id"].to_numpy())
        both = at >= 0
        labels = points["cluster"].to_numpy(dtype=np.int32)
        before = self.bundle.points["cluster"].to_numpy(dtype=np.int32)[at[both]]
        found = matching.match(before, labels[both])
        summary: dict[str, Any] = dict(parts.summary)
        topics: list[dict[str, Any]] = [dict(topic) for topic in summary["topics"]]
        old_names = {int(topic["id"]): str(topic["name"]) for topic in self.bundle.summary["topics"]}
        following = max([int(self.bundle.summary.get(NEXT_ID, 0)), *(one + 1 for one in old_names)])
        ids = matching.numbered(found, [int(topic["id"]) for topic in topics], following)
        named = matching.names(
            found,
            {int(topic["id"]): str(topic["name"]) for topic in topics},
            old_names,
            {int(topic["id"]): [str(word) for word, *_ in topic["keywords"]] for topic in topics},
        )
        for topic in topics:
            topic["name"], topic["id"] = named[topic["id"]], ids[topic["id"]]
        renumber = np.full(int(labels.max(initial=-1)) + 2, -1, dtype=np.int32)
        for one, other in ids.items():
            renumber[one] = other
        points["cluster"] = renumber[labels]
        of_id = {topic["id"]: topic["name"] for topic in topics}
        points["topic"] = pd.array([of_id.get(int(one), "") for one in points["cluster"]], dtype="str")
        summary["topics"] = sorted(topics, key=lambda topic: int(topic["id"]))
        summary["themes"] = themes.regrouped(summary.get("themes", ()), summary["topics"])
        summary[NEXT_ID] = max([following, *(one + 1 for one in ids.values())])
        summary["added"] = [{**entry, "fitted": True} for entry in self.bundle.summary.get("added", ())]
        if AnalyzeConfig.from_dict(dict(self.bundle.config)).min_cluster_size is None or CARRIED in self.bundle.summary:
            summary[CARRIED] = True
        summary["source"] = dict(self.bundle.summary["source"])
        report = self._report(before, renumber[labels[both]], old_names, summary["topics"], ids, found)
        summary["refit"] = {**report, "moved": _moved(self.bundle.points.iloc[at[both]], points[both])}
        # The uploaded pictures are not kept; what was made of them is, by row, and the rows are the same.
        if pictures.STATE in self.bundle.state_names:
            parts = replace(parts, state={**parts.state, pictures.STATE: self.bundle.state(pictures.STATE)})
            summary["given"] = {**summary["given"], "pictures": self.bundle.summary["given"]["pictures"]}
        return replace(parts, points=points, summary=summary)

    def _report(
        self,
        before: np.ndarray,
        after: np.ndarray,
        old_names: Mapping[int, str],
        topics: list[dict[str, Any]],
        ids: Mapping[int, int],
        found: Mapping[int, tuple[int, float]],
    ) -> dict[str, Any]:
        """What changed: topics that are new or gone, and the share of the units with a topic that stay in theirs."""
        kept = {ids[topic] for topic in found}
        had = before >= 0
        return {
            "from": self.bundle.id,
            "when": durable.to_iso(durable.now_utc()),
            "kept": len(kept),
            "new": [{"id": topic["id"], "name": topic["name"]} for topic in topics if topic["id"] not in kept],
            "gone": [{"id": one, "name": name} for one, name in old_names.items() if one not in kept],
            "stay": float((before[had] == after[had]).mean()) if had.any() else None,
            "job": self.job,
        }


def _moved(before: pd.DataFrame, after: pd.DataFrame) -> float | None:
    """The median way of the same units (n of each) on the 2D map, as a share of the old map's width."""
    one, other = (points[["x2", "y2"]].to_numpy(dtype=np.float64) for points in (before, after))
    width = float(np.ptp(one, axis=0).max()) if len(one) else 0.0
    return float(np.median(np.linalg.norm(other - one, axis=1))) / width if width else None


def _old_places(old: pd.DataFrame, row_id: IntArray) -> IntArray:
    """(n,) for each unit of the new map the place of the same unit among the old ones, −1 where it is not there.

    A unit is told by its row and its number in it: a row's text is cut the same way each time.
    """
    before = pd.MultiIndex.from_arrays([old["row_id"].to_numpy(), old.groupby("row_id").cumcount().to_numpy()])
    now = pd.Series(row_id)
    wanted = pd.MultiIndex.from_arrays([row_id, now.groupby(row_id).cumcount().to_numpy()])
    return np.asarray(before.get_indexer(wanted), dtype=np.int64)
