"""A large file's map: made of landmarks as any map is, and every other unit placed among those that it is most like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pipelines import cluster as clustering
from pipelines import outliers, own, points, staged, trust
from pipelines.add import belonging, places
from pipelines.errors import N_
from pipelines.large import feelings
from pipelines.large.choice import SUMMARY
from pipelines.large.placing import Around, around
from pipelines.running import Run
from pipelines.store.bundle import BundleParts
from pipelines.types import (
    Clusters,
    FloatArray,
    Groups,
    NeighborGraph,
    Projection,
    Reviews,
    Topic,
    Units,
    Vectors,
    Warning_,
)

_BLOCK = 50_000
TOLD = N_(
    "The map and its topics were made of {n} of {distinct} different reviews, drawn evenly but for a tenth that lie "
    "far from most; all others were placed by their neighbours among these. Names, word counts and stability are those "
    "of the {n}; coverage, sentiment and outlier scores are of all."
)


def mapped(
    run: Run,
    reviews: Reviews,
    units: Units,
    given: own.Given,
    vectors: Vectors,
    encode: Callable[[list[str]], FloatArray] | None,
    folder: Path,
    state: Mapping[str, Mapping[str, object]],
    told: Mapping[str, object],
) -> BundleParts:
    """Every stage after embedding. folder: where parts of the work are kept. state, told: further ones of the bundle.

    Raises Cancelled; what is done until then is not done again.
    """
    matrix = vectors.matrix
    with run.stage("neighbors"):
        found = around(run, units, matrix, folder)
        scored = run.request.config.stage_config("outliers", outliers.OutlierConfig())
        graph = found.whole(max(belonging.VOTERS, scored.k) if len(found.rest) else found.graph.indices.shape[1])
    sample = np.asarray(matrix[found.landmark])
    with run.stage("projection"):
        placed = staged.projection_of(run, sample, found.graph)
    with run.stage("clusters"):
        made = staged.clusters_of(run.within(0.0, 0.5), placed, found.graph)
        clusters, placed = _placed(run.within(0.5, 1.0), found, made, placed)
        xy = staged.places_of(run, given, units, found.groups.spread(placed.xy), found.groups, graph)
        clusters, labels = staged.labels_of(run, given, units, found.groups, graph) or (clusters, None)
    with run.stage("topics"):
        spoken, named = _named(run, units, vectors.matrix, found, clusters, labels)
    with run.stage("sentiment"):
        felt = feelings.of_all(run, reviews, units, vectors, found.landmark, encode)
    with run.stage("outliers"):
        odd = outliers.score(graph, scored)
    if len(found.rest):
        run.warnings.append(Warning_(TOLD, {"n": len(found.landmark), "distinct": len(found.groups.representatives)}))
    with run.stage("saving"):
        groups = found.groups
        table = points.build(reviews, units, groups, xy, groups.spread(placed.xyz), clusters, named, felt, odd)
        summary: dict[str, Any] = points.summarise(
            reviews, units, groups, table, clusters, named, felt, odd, run.warnings
        )
        summary[SUMMARY] = {"n": len(found.landmark), "of": len(groups.representatives), "placed": len(found.rest)}
        table, summary[trust.SUMMARY] = _trusted(table, sample, found)
    kept: dict[str, Mapping[str, object]] = {
        "graph": {
            "indices": graph.indices,
            "similarity": graph.similarity,
            "representatives": groups.representatives,
        },
        # A tree of the landmarks alone answers for no other size over all units: there is none where some were placed.
        **(
            {"trees": {"linkage": np.zeros((0, 4))}} if len(found.rest) else {"trees": dict(made.tree), "terms": spoken}
        ),
        **state,
    }
    return staged.parts_of(run, reviews, vectors, table, summary, clusters.labels, kept, told)


def _placed(run: Run, found: Around, made: Clusters, placed: Projection) -> tuple[Clusters, Projection]:
    """Clusters over all n units, and places of the q distinct ones: the landmarks' own, the rest by their vote."""
    config = run.request.config.stage_config("cluster", clustering.ClusterConfig())
    r = len(found.rest)
    label, joined = np.empty(r, dtype=np.int32), np.empty(r, dtype=bool)
    share = np.empty(r, dtype=np.float32)
    spots = [np.empty((r, layout.shape[1]), dtype=np.float32) for layout in (placed.xy, placed.xyz)]
    typical = [places.typical_distance(layout, found.graph) for layout in (placed.xy, placed.xyz)]
    for begin in range(0, r, _BLOCK):
        run.progress("clusters", begin, r)
        at = slice(begin, begin + _BLOCK)
        near = NeighborGraph(found.near.indices[at], found.near.similarity[at])
        winner, won = belonging.vote(made.labels, near)
        winner[won < config.join_threshold] = -1
        own_topic = made.labels[near.indices] == winner[:, None]
        label[at], share[at] = winner, np.where(winner < 0, 0.0, won)
        # Joined as most of those are that it follows.
        counted = np.maximum(own_topic.sum(axis=1), 1)
        joined[at] = (winner >= 0) & (2 * (own_topic & made.joined[near.indices]).sum(axis=1) > counted)
        for layout, spot, usual in zip((placed.xy, placed.xyz), spots, typical, strict=True):
            spot[at] = places.place(near, own_topic, layout, usual, found.rest[at])
    spread, groups = found.spread, found.groups
    over = replace(
        made,
        labels=groups.spread(spread(made.labels, label)),
        joined=groups.spread(spread(made.joined, joined)),
        strength=groups.spread(spread(made.strength, share)),
    )
    xy, xyz = spread(placed.xy, spots[0]), spread(placed.xyz, spots[1])
    return over, Projection(xy=xy, xyz=xyz, cluster_space=placed.cluster_space)


def _named(
    run: Run, units: Units, matrix: FloatArray, found: Around, clusters: Clusters, labels: Any
) -> tuple[dict[str, np.ndarray], tuple[Topic, ...]]:
    """The landmarks' terms, and topics described by them; exemplars as unit ids."""
    at = found.landmark
    if labels is not None:
        # A rare label of the person's own may have no landmark: one unit of each is among those described.
        first = np.unique(clusters.labels, return_index=True)[1]
        at = np.union1d(at, first[clusters.labels[first] >= 0])
    few, alone = units.take(at), Groups(np.arange(len(at)), np.arange(len(at)))
    of_few = replace(clusters, labels=clusters.labels[at], strength=clusters.strength[at])
    spoken = staged.read_for_names(run, few, alone)
    named = staged.name_topics(run, few, of_few, alone, np.asarray(matrix[at]), spoken)
    named = tuple(replace(topic, exemplars=tuple(int(at[i]) for i in topic.exemplars)) for topic in named)
    return spoken.arrays(), named if labels is None else own.named(named, labels)


def _trusted(table: Any, sample: FloatArray, found: Around) -> tuple[Any, dict[str, Any] | None]:
    """The map's trust among the landmarks; any other unit has that of the landmark that it is most like."""
    few = table.iloc[found.groups.representatives[found.at_landmark]].reset_index(drop=True)
    few = few.assign(unit_id=np.arange(len(few)), duplicate_of=None)
    few["duplicate_of"] = few["duplicate_of"].astype("Int64")
    measured, entry = trust.of_points(few, sample, found.graph, np.arange(len(few)))
    if entry is None:
        return table, None
    columns = {}
    for column in (trust.COLUMN, trust.COLUMN_3D):
        values = measured[column].to_numpy(dtype=np.float32)
        rest = values[found.near.indices[:, 0]] if len(found.rest) else values[:0]
        columns[column] = found.groups.spread(found.spread(values, rest))
    return table.assign(**columns), {**entry, "of": len(few)}
