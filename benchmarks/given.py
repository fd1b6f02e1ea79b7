"""From texts and their vectors to map and named topics, once: python -m benchmarks.given TEXTS.json VECTORS.npy OUT.

What `pipelines analyze` does between embedding and sentiment: duplicates, neighbours, 2D, 3D and cluster space,
clusters, names. --resamples 0 leaves the resamples out (size guessed, no stability). OUT receives topics_0.npy and the
layouts. The last line of stdout is one JSON object with the seconds of each stage.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines import cluster, collapse, neighbors, project, topics
from pipelines.progress import silent
from pipelines.text.language import detect_language
from pipelines.types import Clusters, FloatArray, Groups


@dataclass
class Laps:
    """Seconds per stage, each from the end of the one before it."""

    seconds: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        """The stage ended now."""
        now = time.perf_counter()
        self.seconds[stage], self._last = round(now - self._last, 3), now


def topics_of(texts: Sequence[str], matrix: FloatArray, seed: int = 42) -> tuple[NDArray[np.int32], Clusters]:
    """Labels (n,) of texts (n,) with vectors `matrix` (n, d) at the defaults, and the clusters behind them."""
    config = project.ProjectConfig(seed=seed)
    graph, groups = collapse.neighbors_of_distinct(list(texts), matrix, neighbors.NeighborConfig(), silent)
    found = cluster.cluster(
        project.cluster_layout(graph, config, seed),
        graph,
        cluster.ClusterConfig(seed=seed),
        layout=lambda part, number: project.cluster_layout(part, config, number),
    )
    return groups.spread(found.labels), found


def full(texts: list[str], matrix: FloatArray, resamples: int, out: Path) -> dict[str, object]:
    """Every stage with the layouts that people see; what they took, the number of topics and the coverage."""
    laps = Laps()
    config = project.ProjectConfig()
    graph, groups = collapse.neighbors_of_distinct(texts, matrix, neighbors.NeighborConfig(), silent)
    laps.lap("neighbors")
    placed = project.project(matrix[groups.representatives], graph, config)
    laps.lap("projection")
    found = cluster.cluster(
        placed.cluster_space,
        graph,
        cluster.ClusterConfig(resamples=resamples),
        layout=lambda part, number: project.cluster_layout(part, config, number),
    )
    laps.lap("clusters")
    named = _named(texts, matrix, groups, found)
    laps.lap("topics")
    labels = groups.spread(found.labels)
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "topics_0.npy", labels)
    np.savez(out / "layouts.npz", xy=groups.spread(placed.xy), xyz=groups.spread(placed.xyz))
    laps.lap("saving")
    coverage = round(float((labels >= 0).mean()), 4)
    return {"seconds": laps.seconds, "texts": len(texts), "topics": len(named), "coverage": coverage}


def _named(texts: list[str], matrix: FloatArray, groups: Groups, found: Clusters) -> Sequence[object]:
    kept = groups.representatives
    distinct = [texts[row] for row in kept]
    codes = [detect_language(text) for text in distinct]
    return topics.describe(distinct, codes, found.labels, found.strength, matrix[kept])


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, run, write, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--resamples", type=int, default=cluster.ClusterConfig().resamples)
    given = parser.parse_args(arguments)
    texts = json.loads(given.texts.read_text(encoding="utf-8"))
    print(json.dumps(full(texts, np.load(given.vectors), given.resamples, given.out)))


if __name__ == "__main__":
    main()
