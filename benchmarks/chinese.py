"""How well an embedder reads Chinese. Each command prints one JSON object; for scored pairs see benchmarks.sts.

python -m benchmarks.chinese topics FILE --text C --label C [--rows N] [--embedder offline-zh] [--seed 0]
    AMI of topics and labels at the product's own size and at the best one, share of same-label reviews among ten
    neighbours, reviews embedded a second (from texts to vectors, loading included; a draft's table is made before).
python -m benchmarks.chinese crossing QUERIES TEXTS [--embedder offline-zh]
    recall@1 and @10: line i's first column of QUERIES has to find line i's of TEXTS among all; no header.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.command import printed
from benchmarks.quality import agreement, same_label
from pipelines import cluster, embed, neighbors, project
from pipelines.cluster import size
from pipelines.types import FloatArray, Vectors


def vectors_of(embedder: embed.Embedder, texts: Sequence[str]) -> tuple[Vectors, dict[str, float]]:
    """Vectors without any cache, and what they took: prepare_s (a draft's table), embed_s, reviews_per_s.

    processor_s: of all threads while embedding, which a busy machine changes less.
    """
    began = time.perf_counter()
    prepare = getattr(embedder, "prepare", None)
    if callable(prepare):
        prepare(texts)
    prepared, used = time.perf_counter(), time.process_time()
    if callable(prepare):
        # Once more: what is left to do with a table that is there belongs to every run.
        prepare(texts)
    vectors = embed.embed_texts(embedder, texts)
    took = time.perf_counter() - prepared
    return vectors, {
        "prepare_s": round(prepared - began, 2),
        "embed_s": round(took, 2),
        "processor_s": round(time.process_time() - used, 2),
        "reviews_per_s": round(len(texts) / took, 1),
    }


def topics(matrix: FloatArray, labels: Sequence[object], seed: int = 42) -> dict[str, object]:
    """AMI at the product's own cluster size and at the best one of its grid (max_share 0.4, noise joined by vote)."""
    graph = neighbors.build_graph(matrix)
    config = project.ProjectConfig(seed=seed)
    projection = project.project(matrix, graph, config)
    found = cluster.cluster(
        projection.cluster_space,
        graph,
        cluster.ClusterConfig(seed=seed),
        layout=lambda part, number: project.cluster_layout(part, config, number),
    )
    own = agreement(found.labels, labels)
    every = {n: agreement(cluster.at_size(found.tree, graph, n).labels, labels) for n in size.grid(len(matrix))}
    best = max(every, key=lambda n: every[n]["ami"])
    return {
        "ami_default": own["ami"],
        "topics_default": own["topics"],
        "size_default": found.min_cluster_size,
        "ami_best": every[best]["ami"],
        "topics_best": every[best]["topics"],
        "size_best": best,
        "same_label_of_10": round(same_label(graph, labels), 4),
    }


def recall(queries: FloatArray, texts: FloatArray) -> dict[str, float]:
    """recall@1 and recall@10 of row i of queries (n, d) among texts (n, d)."""
    similarity = queries @ texts.T
    rank = (similarity > np.diag(similarity)[:, None]).sum(axis=1)
    return {f"recall@{k}": round(float((rank < k).mean()), 4) for k in (1, 10)}


def lines(path: Path) -> list[list[str]]:
    """The cells of a file without header, tabs where it has any, else commas."""
    content = path.read_text(encoding="utf-8-sig")
    if "\t" in content:
        return [line.split("\t") for line in content.splitlines() if line]
    return [row for row in csv.reader(content.splitlines()) if row]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, embed, measure, print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, files in (("topics", ["file"]), ("crossing", ["queries", "texts"])):
        command = commands.add_parser(name)
        for file in files:
            command.add_argument(file, type=Path)
        command.add_argument("--embedder", default="offline-zh")
        if name == "topics":
            command.add_argument("--text", required=True)
            command.add_argument("--label", required=True)
            command.add_argument("--rows", type=int, help="a random sample of so many")
            command.add_argument("--seed", type=int, default=0, help="of the sample")
    given = parser.parse_args(arguments)
    return printed(lambda: _measure(given))


def _measure(given: argparse.Namespace) -> dict[str, object]:
    embedder = embed.resolve(given.embedder).embedder
    result: dict[str, object] = {"embedder": given.embedder, "load": round(os.getloadavg()[0], 2)}
    if given.command == "topics":
        frame = pd.read_csv(given.file)[[given.text, given.label]].dropna()
        frame = frame.sample(given.rows, random_state=given.seed) if given.rows else frame
        vectors, took = vectors_of(embedder, frame[given.text].astype(str).tolist())
        result |= {"rows": len(frame), **took, **topics(vectors.matrix, frame[given.label].tolist())}
    else:
        texts = [row[0] for row in lines(given.texts)]
        vectors, took = vectors_of(embedder, texts)
        asked = np.stack([embedder.embed_query(row[0]) for row in lines(given.queries)])
        width = vectors.query_dim
        result |= {"texts": len(texts), **took, **recall(asked[:, :width], vectors.matrix[:, :width])}
    return result


if __name__ == "__main__":
    sys.exit(main())
