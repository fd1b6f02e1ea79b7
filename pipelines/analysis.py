"""From a file of reviews to a finished analysis: the one place that strings the stages together.

    ingest → units → embed → duplicates → neighbors → project → cluster → topics → sentiment → outliers → bundle

What a person gives (vectors, places, labels) stands in for what its stage would find. Each stage is a plain function
of arrays and a frozen config. The costly ones are kept by a digest of what went in, so that a run that was stopped goes
on where it was and a changed setting recomputes only what follows from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pipelines import (
    checkpoints,
    embed,
    embedding,
    fitness,
    ingest,
    judging,
    large,
    outliers,
    own,
    pictures,
    points,
    settings,
    staged,
    trust,
)
from pipelines.embed.preview import check_agreed
from pipelines.errors import N_
from pipelines.progress import Progress, silent
from pipelines.running import Request, Run
from pipelines.store.bundle import BundleParts
from pipelines.types import (
    Clusters,
    Groups,
    IntArray,
    NeighborGraph,
    Outliers,
    Projection,
    Reviews,
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
    an earlier map has, beside `arrange` alone. Raises UnusableInput (no usable review, unreadable file, bad setting),
    ProviderFailed and Cancelled.
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
        if arrange is None and large.is_wanted(request, len(units.text)):
            return _from_many(run, reviews, units, given, cache, caches)
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
        graph, groups = staged.neighbors_of(run, units.clean, vectors.matrix)
    distinct = vectors.matrix[groups.representatives]
    with run.stage("projection"):
        placed = staged.projection_of(run, distinct, graph)
        if arrange is not None:
            placed = arrange(placed, graph, units.row_id, groups.representatives)
        xy = staged.places_of(run, given, units, groups.spread(placed.xy), groups, graph)
    with run.stage("clusters"):
        own_labels = staged.labels_of(run, given, units, groups, graph)
        clusters, labels = own_labels or (_found(run, placed, groups, graph), None)
    with run.stage("topics"):
        spoken = staged.read_for_names(run, units, groups)
        named = staged.name_topics(run, units, clusters, groups, vectors.matrix, spoken)
        named = named if labels is None else own.named(named, labels)
    with run.stage("sentiment"):
        felt = staged.sentiment_of(run, reviews, units, vectors, embedding.encoder(embedder, cache))
    with run.stage("outliers"):
        odd: Outliers = outliers.score(graph, run.request.config.stage_config("outliers", outliers.OutlierConfig()))
    with run.stage("saving"):
        table = points.build(reviews, units, groups, xy, groups.spread(placed.xyz), clusters, named, felt, odd)
        summary: dict[str, Any] = points.summarise(
            reviews, units, groups, table, clusters, named, felt, odd, run.warnings
        )
        table, summary[trust.SUMMARY] = trust.of_points(table, vectors.matrix, graph, groups.representatives)
    told = _told(run, given, seen, vectors, why)
    state: dict[str, Mapping[str, object]] = {
        "graph": {
            "indices": graph.indices,
            "similarity": graph.similarity,
            "representatives": groups.representatives,
        },
        "trees": dict(clusters.tree),
        "terms": spoken.arrays(),
        **({} if seen is None else {pictures.STATE: seen.as_state()}),
    }
    return staged.parts_of(run, reviews, vectors, table, summary, clusters.labels, state, told)


def _from_many(
    run: Run,
    reviews: Reviews,
    units: Units,
    given: own.Given,
    cache: embed.VectorCache,
    caches: Path,
) -> BundleParts:
    """Every stage after reading, where a map of all units would take too long or another engine was asked for."""
    seen = _pictures(run, reviews)
    with run.stage("embedding"):
        made = None if given.vectors is not None else large.embedded(run, units, caches, cache)
        if made is None:
            vectors, embedder, why = _embed(run, reviews, units, given, cache, None)
        else:
            vectors, embedder, why = made.vectors, made.embedder, made.why
        run.warnings += vectors.notes
        reviews, units, vectors = embedding.without_refused(reviews, units, vectors)
        vectors, folder = large.laid_down(vectors, caches)
    state = {} if seen is None else {pictures.STATE: seen.as_state()}
    told = _told(run, given, seen, vectors, why)
    encode = embedding.encoder(embedder, cache)
    return large.mapped(run, reviews, units, given, vectors, encode, folder, state, told)


def _told(
    run: Run, given: own.Given, seen: pictures.Pictures | None, vectors: Vectors, why: Warning_
) -> dict[str, object]:
    """What a summary says of where vectors, places and topics came from."""
    return {
        "embedding": {**vectors.counts, "dim": vectors.matrix.shape[1], "why": points.told(why)},
        "given": given.as_dict() | ({} if seen is None else {"pictures": run.request.pictures_told(len(seen))}),
    }


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


def _found(run: Run, placed: Projection, groups: Groups, graph: NeighborGraph) -> Clusters:
    """Clusters over the units, as they are found in the places of the distinct ones."""
    found = staged.clusters_of(run, placed, graph)
    labels, joined, strength = map(groups.spread, (found.labels, found.joined, found.strength))
    return replace(found, labels=labels, joined=joined, strength=strength)
