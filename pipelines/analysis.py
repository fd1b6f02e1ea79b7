"""From a file of reviews to a finished analysis: the one place that strings the stages together.

    ingest → units → embed → duplicates → neighbors → project → cluster → topics → sentiment → outliers → bundle

What a person gives (vectors, places, labels) stands in for what its stage would find. Each stage is a plain function
of arrays and a frozen config. The costly ones are kept by a digest of what went in, so that a run that was stopped goes
on where it was and a changed setting recomputes only what follows from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pipelines import (
    checkpoints,
    collapse,
    embed,
    embedding,
    fitness,
    ingest,
    judging,
    neighbors,
    outliers,
    own,
    pictures,
    points,
    project,
    sentiment,
    settings,
    trust,
)
from pipelines import cluster as clustering
from pipelines import topics as naming
from pipelines.embed.preview import check_agreed
from pipelines.errors import N_
from pipelines.progress import Progress, silent
from pipelines.running import Request, Run
from pipelines.store.bundle import BundleParts
from pipelines.types import (
    Clusters,
    FloatArray,
    Groups,
    IntArray,
    NeighborGraph,
    Outliers,
    Projection,
    Reviews,
    Sentiment,
    Topic,
    Units,
    Vectors,
    Warning_,
)
from pipelines.units import split

__all__ = ["Request", "analyze"]

Embedded = Callable[[Units], Vectors | None]
"""Vectors that are there for the units; None where they are to be made."""

Arrange = Callable[[Projection, NeighborGraph, IntArray, IntArray], Projection]
"""From a projection, its graph, the units' row ids and which units the m distinct ones are to another projection."""


def analyze(
    request: Request,
    *,
    reviews: Reviews | None = None,
    cache_dir: str | Path | None = None,
    progress: Progress = silent,
    arrange: Arrange | None = None,
    embedded: Embedded | None = None,
) -> BundleParts:
    """Run every stage and return the parts of a bundle, not yet written anywhere.

    reviews: the source as `ingest.read` gave it before, so that a draft and its full run parse it once. arrange:
    turns the projection into the one to go on with (a new map laid over an earlier one). embedded: gives vectors that
    an earlier map has. Raises UnusableInput (no usable review, unreadable file, bad setting), ProviderFailed and
    Cancelled.
    """
    caches = settings.cache_dir(cache_dir)
    if request.vectors is not None:
        # There is nothing quicker than vectors that are there: such a draft is the full map.
        request = replace(request, config=replace(request.config, draft=False))
    run = Run(request, progress, checkpoints.Checkpoints(caches / "stages", settings.get_int("stage_cache_mb")))
    fitness.check_settings(request.config)
    judging.check(request.config)
    with run.stage("reading"):
        if reviews is None:
            reviews = ingest.read(request.source, request.ingest, progress)
        units = split(reviews, request.config.unit)
        run.warnings += reviews.warnings
        run.warnings += fitness.check_reviews(reviews, units)
        given = own.Given.read(request.config, request.vectors, reviews)
        run.warnings += given.notes(request.config)
    with embed.VectorCache(caches / "vectors.db") as cache:
        return _from_reviews(run, reviews, units, given, cache, arrange, embedded)


def _from_reviews(
    run: Run,
    reviews: Reviews,
    units: Units,
    given: own.Given,
    cache: embed.VectorCache,
    arrange: Arrange | None,
    embedded: Embedded | None,
) -> BundleParts:
    """Every stage after reading."""
    seen = _pictures(run, reviews)
    with run.stage("embedding"):
        vectors, embedder, why = _embed(run, reviews, units, given, cache, embedded)
        run.warnings += vectors.notes
        reviews, units, vectors = embedding.without_refused(reviews, units, vectors)
    with run.stage("neighbors"):
        graph, groups = _neighbors(run, units, vectors)
    distinct = vectors.matrix[groups.representatives]
    with run.stage("projection"):
        placed = _project(run, distinct, graph)
        if arrange is not None:
            placed = arrange(placed, graph, units.row_id, groups.representatives)
        xy = _places(run, given, units, placed, groups, graph)
    with run.stage("clusters"):
        clusters, labels = _cluster(run, given, units, placed, groups, graph)
    with run.stage("topics"):
        spoken = _read_for_names(run, units, groups)
        named = _name_topics(run, units, clusters, groups, vectors.matrix, spoken)
        named = named if labels is None else own.named(named, labels)
    with run.stage("sentiment"):
        felt = _sentiment(run, reviews, units, vectors, embedding.encoder(embedder, cache))
    with run.stage("outliers"):
        odd: Outliers = outliers.score(graph, run.request.config.stage_config("outliers", outliers.OutlierConfig()))
    with run.stage("saving"):
        table = points.build(reviews, units, groups, xy, groups.spread(placed.xyz), clusters, named, felt, odd)
        summary: dict[str, Any] = points.summarise(
            reviews, units, groups, table, clusters, named, felt, odd, run.warnings
        )
        table, summary[trust.SUMMARY] = trust.of_points(table, vectors.matrix, graph, groups.representatives)
    summary["topics"], summary["themes"] = naming.themes.grouped(
        summary["topics"], naming.themes.centroids(vectors.matrix, clusters.labels, range(len(named)))
    )
    summary["seconds"] = dict(run.seconds)
    summary["embedding"] = {**vectors.counts, "dim": vectors.matrix.shape[1], "why": points.told(why)}
    summary["given"] = given.as_dict() | ({} if seen is None else {"pictures": run.request.pictures_told(len(seen))})
    summary["source"] = points.source(run.request.name, reviews)
    return BundleParts(
        rows=points.rows(reviews),
        points=table,
        vectors=vectors.matrix,
        state={
            "graph": {
                "indices": graph.indices,
                "similarity": graph.similarity,
                "representatives": groups.representatives,
            },
            "trees": dict(clusters.tree),
            "terms": spoken.arrays(),
            "embedder": {**vectors.state, "query_dim": np.array(vectors.query_dim)},
            **({} if seen is None else {pictures.STATE: seen.as_state()}),
        },
        summary=summary,
        config=run.request.config.as_dict(),
        identity=dict(vectors.identity),
    )


def _embed(
    run: Run,
    reviews: Reviews,
    units: Units,
    given: own.Given,
    cache: embed.VectorCache,
    embedded: Embedded | None,
) -> tuple[Vectors, embed.Embedder | None, Warning_]:
    """Vectors of the units, the embedder (None for vectors that are there) and why it was chosen."""
    request = run.request
    there = None if embedded is None else embedded(units)
    if there is not None:
        return there, None, Warning_(N_("the vectors of the map before"))
    if given.vectors is not None:
        return own.vectors(given.vectors, reviews, units), None, Warning_(N_("your own vectors"))
    choice = embedding.chosen(request.config, units)
    told = check_agreed(choice.embedder, units.clean, cache, agreed=request.allow_paid)
    if told is not None and request.tell is not None:
        request.tell(told.told())
    return embedding.vectors(choice.embedder, units.clean, cache, run.progress), choice.embedder, choice.why


def _pictures(run: Run, reviews: Reviews) -> pictures.Pictures | None:
    """The pictures that were asked for, before anything that takes long: a wrong column or model is told at once."""
    wanted = run.request.pictures
    if wanted is None or run.request.config.draft:
        return None

    def compute() -> dict[str, np.ndarray]:
        seen, notes = pictures.read(wanted, reviews, run.progress)
        return {**seen.as_state(), "notes": np.array(json.dumps([points.told(note) for note in notes]))}

    with run.stage(pictures.STAGE):
        kept = run.keep(pictures.STAGE, pictures.digest(wanted, reviews), compute)
        run.warnings += [Warning_(**note) for note in json.loads(str(kept["notes"]))]
        return pictures.Pictures.from_state(kept)


def _neighbors(run: Run, units: Units, vectors: Vectors) -> tuple[NeighborGraph, Groups]:
    """The neighbour graph over distinct units, duplicates collapsed, and which unit stands for which."""
    config = run.request.config.stage_config("neighbors", neighbors.NeighborConfig())

    def compute() -> dict[str, np.ndarray]:
        graph, groups = collapse.neighbors_of_distinct(units.clean, vectors.matrix, config, run.progress)
        return {
            "indices": graph.indices,
            "similarity": graph.similarity,
            "first": groups.first,
            "representatives": groups.representatives,
        }

    kept = run.keep("neighbors", checkpoints.digest(vectors.matrix, config, units.clean), compute)
    return NeighborGraph(kept["indices"], kept["similarity"]), Groups(kept["first"], kept["representatives"])


def _project_config(run: Run) -> project.ProjectConfig:
    chosen = run.request.config
    default = project.ProjectConfig(method=chosen.projection, seed=chosen.seed)
    return chosen.stage_config("project", default)


def _project(run: Run, distinct: FloatArray, graph: NeighborGraph) -> Projection:
    config = _project_config(run)

    def compute() -> dict[str, np.ndarray]:
        placed = project.project(distinct, graph, config, run.progress)
        return {"xy": placed.xy, "xyz": placed.xyz, "cluster_space": placed.cluster_space}

    digest = checkpoints.digest(distinct, graph.indices, graph.similarity, config)
    return Projection(**run.keep("projection", digest, compute))


def _places(
    run: Run, given: own.Given, units: Units, placed: Projection, groups: Groups, graph: NeighborGraph
) -> FloatArray:
    """Where each unit stands on the 2D map: where the person put it, else where its distinct text was placed."""
    if given.places is None:
        return groups.spread(placed.xy)
    xy, notes = given.places.place(units, groups, graph)
    run.warnings += notes
    return xy


def _cluster(
    run: Run, given: own.Given, units: Units, placed: Projection, groups: Groups, graph: NeighborGraph
) -> tuple[Clusters, Sequence[str] | None]:
    """Clusters over the units, and the person's label of each where they gave some."""
    if given.labels is not None:
        run.warnings.append(given.labels.note(units))
        return given.labels.clusters(units, groups, graph)
    found = _found_clusters(run, placed, graph)
    labels, joined, strength = map(groups.spread, (found.labels, found.joined, found.strength))
    return replace(found, labels=labels, joined=joined, strength=strength), None


def _found_clusters(run: Run, placed: Projection, graph: NeighborGraph) -> Clusters:
    """Clusters over the distinct units."""
    chosen = run.request.config
    config = chosen.stage_config(
        "cluster", clustering.ClusterConfig(min_cluster_size=chosen.min_cluster_size, seed=chosen.seed)
    )
    layout = _project_config(run)

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


def _read_for_names(run: Run, units: Units, groups: Groups) -> naming.Spoken:
    """What the distinct texts say, for the names of these topics and of others that a person may ask for."""
    chosen = groups.representatives.tolist()
    texts, languages = [naming.impersonal(units.text[i]) for i in chosen], [units.language[i] for i in chosen]

    def compute() -> dict[str, np.ndarray]:
        return naming.read(texts, languages, lambda done: run.progress("topics", done, len(chosen))).arrays()

    return naming.Spoken.from_arrays(run.keep("topics", checkpoints.digest(texts, languages), compute))


def _name_topics(
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


def _sentiment(
    run: Run, reviews: Reviews, units: Units, vectors: Vectors, encode: Callable[[list[str]], FloatArray] | None
) -> Sentiment:
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
