"""The costly stages of a run, each kept by a digest of what went in: a stopped run goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines import checkpoints, collapse, judging, neighbors, own, points, project, sentiment
from pipelines import cluster as clustering
from pipelines import topics as naming
from pipelines.running import Run
from pipelines.store.bundle import BundleParts
from pipelines.types import (
    Clusters,
    FloatArray,
    Groups,
    NeighborGraph,
    Projection,
    Reviews,
    Sentiment,
    Topic,
    Units,
    Vectors,
    Warning_,
)


def neighbors_of(run: Run, texts: list[str], matrix: FloatArray) -> tuple[NeighborGraph, Groups]:
    """The neighbour graph over distinct texts (n) in clean form, duplicates collapsed, and which stands for which."""
    config = run.request.config.stage_config("neighbors", neighbors.NeighborConfig())

    def compute() -> dict[str, np.ndarray]:
        graph, groups = collapse.neighbors_of_distinct(texts, matrix, config, run.progress)
        return {
            "indices": graph.indices,
            "similarity": graph.similarity,
            "first": groups.first,
            "representatives": groups.representatives,
        }

    kept = run.keep("neighbors", checkpoints.digest(matrix, config, texts), compute)
    return NeighborGraph(kept["indices"], kept["similarity"]), Groups(kept["first"], kept["representatives"])


def project_config(run: Run) -> project.ProjectConfig:
    """How a run makes its layouts."""
    chosen = run.request.config
    default = project.ProjectConfig(method=chosen.projection, seed=chosen.seed)
    return chosen.stage_config("project", default)


def projection_of(run: Run, distinct: FloatArray, graph: NeighborGraph) -> Projection:
    """The places of distinct units (m, dim)."""
    config = project_config(run)

    def compute() -> dict[str, np.ndarray]:
        placed = project.project(distinct, graph, config, run.progress)
        return {"xy": placed.xy, "xyz": placed.xyz, "cluster_space": placed.cluster_space}

    digest = checkpoints.digest(distinct, graph.indices, graph.similarity, config)
    return Projection(**run.keep("projection", digest, compute))


def clusters_of(run: Run, placed: Projection, graph: NeighborGraph) -> Clusters:
    """Clusters over the distinct units."""
    chosen = run.request.config
    config = chosen.stage_config(
        "cluster", clustering.ClusterConfig(min_cluster_size=chosen.min_cluster_size, seed=chosen.seed)
    )
    layout = project_config(run)

    def compute() -> dict[str, np.ndarray]:
        found = clustering.cluster(
            placed.cluster_space,
            graph,
            config,
            run.progress,
            lambda part, seed: project.cluster_layout(part, layout, seed),
        )
        return {
            "labels": found.labels,
            "joined": found.joined,
            "strength": found.strength,
            "stability": found.stability,
            "min_cluster_size": np.array(found.min_cluster_size),
            "tried": np.array(found.tried, dtype=np.float64).reshape(-1, 3),
            **{f"tree_{name}": array for name, array in found.tree.items()},
        }

    digest = checkpoints.digest(placed.cluster_space, graph.indices, graph.similarity, config, layout)
    kept = run.keep("clusters", digest, compute)
    return Clusters(
        labels=kept["labels"],
        joined=kept["joined"],
        strength=kept["strength"],
        stability=kept["stability"],
        min_cluster_size=int(kept["min_cluster_size"]),
        tried=tuple((int(size), int(count), float(score)) for size, count, score in kept["tried"]),
        tree={name.removeprefix("tree_"): array for name, array in kept.items() if name.startswith("tree_")},
    )


def places_of(
    run: Run, given: own.Given, units: Units, xy: FloatArray, groups: Groups, graph: NeighborGraph
) -> FloatArray:
    """Where each unit stands on the 2D map: where the person put it, else `xy` (n, 2), where it was placed."""
    if given.places is None:
        return xy
    placed, notes = given.places.place(units, groups, graph)
    run.warnings += notes
    return placed


def labels_of(
    run: Run, given: own.Given, units: Units, groups: Groups, graph: NeighborGraph
) -> tuple[Clusters, tuple[str, ...]] | None:
    """Clusters over the units by the person's labels, and these; None where they gave none."""
    if given.labels is None:
        return None
    run.warnings.append(given.labels.note(units))
    return given.labels.clusters(units, groups, graph)


def read_for_names(run: Run, units: Units, groups: Groups) -> naming.Spoken:
    """What the distinct texts say, for the names of these topics and of others that a person may ask for."""
    chosen = groups.representatives.tolist()
    texts, languages = [naming.impersonal(units.text[i]) for i in chosen], [units.language[i] for i in chosen]

    def compute() -> dict[str, np.ndarray]:
        return naming.read(texts, languages, lambda done: run.progress("topics", done, len(chosen))).arrays()

    return naming.Spoken.from_arrays(run.keep("topics", checkpoints.digest(texts, languages), compute))


def name_topics(
    run: Run, units: Units, clusters: Clusters, groups: Groups, matrix: FloatArray, spoken: naming.Spoken
) -> tuple[Topic, ...]:
    """Topics with exemplars as unit ids; a text counts once in each topic that it is in (labels can differ by row)."""
    texts_in_topics = np.column_stack([groups.first, clusters.labels])
    chosen = np.sort(np.unique(texts_in_topics, axis=0, return_index=True)[1])
    named = naming.describe(
        [units.text[i] for i in chosen],
        [units.language[i] for i in chosen],
        clusters.labels[chosen],
        clusters.strength[chosen],
        matrix[chosen],
        run.request.config.stage_config("topics", naming.TopicConfig()),
        run.progress,
        spoken=spoken.take(np.searchsorted(groups.representatives, groups.first[chosen])),
    )
    return tuple(replace(topic, exemplars=tuple(int(chosen[i]) for i in topic.exemplars)) for topic in named)


def sentiment_of(
    run: Run, reviews: Reviews, units: Units, vectors: Vectors, encode: Callable[[list[str]], FloatArray] | None
) -> Sentiment:
    """Sentiment of the units; encode: None where an embedder cannot be asked again."""
    config = judging.settings_of(run.request.config)
    judge = judging.judge_of(config)
    ratings = None if reviews.rating is None else reviews.rating[units.row_id]
    # Without an encoder (a remote embedder's is not asked again) vectors alone say nothing of praise.
    matrix = None if encode is None else vectors.matrix

    def compute() -> dict[str, np.ndarray]:
        felt = sentiment.score(units.clean, units.language, ratings, encode, matrix, config, run.progress, judge)
        told = {"method": [points.told(note) for note in felt.method], "check": felt.check}
        return {
            "score": felt.score,
            "label": felt.label,
            "confidence": felt.confidence,
            "told": np.array(json.dumps(told)),
        }

    known = None if encode is None else dict(vectors.identity)
    model = None if judge is None else judge.digest
    digest = checkpoints.digest(units.clean, units.language, ratings, matrix, known, config, model)
    kept = run.keep("sentiment", digest, compute)
    told = json.loads(str(kept["told"]))
    method = tuple(Warning_(**note) for note in told["method"])
    return Sentiment(kept["score"], kept["label"], kept["confidence"], method, told["check"])


def parts_of(
    run: Run,
    reviews: Reviews,
    vectors: Vectors,
    table: pd.DataFrame,
    summary: dict[str, Any],
    labels: NDArray[np.int32],
    state: Mapping[str, Mapping[str, object]],
    told: Mapping[str, object],
) -> BundleParts:
    """A bundle's parts once every stage is done: table (n units), their clusters `labels`, the summary's figures.

    told: further entries of the summary.
    """
    summary["topics"], summary["themes"] = naming.themes.grouped(
        summary["topics"], naming.themes.centroids(vectors.matrix, labels, range(len(summary["topics"])))
    )
    summary["seconds"] = dict(run.seconds)
    summary |= told
    summary["source"] = points.source(run.request.name, reviews)
    return BundleParts(
        rows=points.rows(reviews),
        points=table,
        vectors=vectors.matrix,
        state={**state, "embedder": {**vectors.state, "query_dim": np.array(vectors.query_dim)}},
        summary=summary,
        config=run.request.config.as_dict(),
        identity=dict(vectors.identity),
    )
