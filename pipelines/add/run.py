"""Added reviews on a finished map: read, embed, compare with the old ones, place, judge; nothing old changes.

file ──incoming──▶ Reviews ──vectors──▶ Vectors ──repeats──▶ nearest old units ─┬─places──▶ 2D, 3D
                                                        belonging, forming ◀────┴─oddness──▶ outlier scores
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines import checkpoints, embed, embedding, fitness, judging, settings, trust
from pipelines.add import belonging, feelings, forming, oddness, places, repeats, tables, told
from pipelines.add.before import Before
from pipelines.add.given import Given
from pipelines.add.incoming import Incoming, read
from pipelines.add.vectors import embedder_of, vectors
from pipelines.errors import N_, UnusableInput
from pipelines.progress import Progress, silent
from pipelines.running import Request, Run
from pipelines.store.bundle import BundleParts
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray, Outliers, Sentiment, Units, Vectors
from pipelines.units import split

NEIGHBORS = 30
"""Old units that each new one is compared with."""


@dataclass(frozen=True)
class Judged:
    """Of the q distinct new units: cluster (−1 none), strength, outlier score, places; the groups that form."""

    cluster: NDArray[np.int32]
    strength: FloatArray
    score: FloatArray
    xy: FloatArray
    xyz: FloatArray
    groups: list[forming.Group]


def add(
    bundle: Bundle,
    request: Request,
    *,
    skip_known: bool = False,
    cache_dir: str | Path | None = None,
    progress: Progress = silent,
    job: str = "",
) -> BundleParts:
    """The parts of a bundle with the rows of `request.source` after those of `bundle`, nothing written anywhere.

    request: source, name, ingest, vectors, allow_paid, tell; its config is not read, the bundle's counts. skip_known:
    leave out rows that the bundle has already. job: kept in summary["added"], so that a job done twice adds once.
    Raises UnusableInput (no usable review, an embedder that differs, missing vectors), ProviderFailed, Cancelled.
    """
    caches = settings.cache_dir(cache_dir)
    run = Run(request, progress, checkpoints.Checkpoints(caches / "stages", settings.get_int("stage_cache_mb")))
    with run.stage("reading"):
        if bundle.is_draft:
            raise UnusableInput(N_("This is a draft. Reviews can be added once the full map is ready."))
        before = Before.of(bundle)
        judging.check(before.config)
        incoming = read(bundle, request.source, request.ingest, progress)
        repeated = int(incoming.known.sum())
        incoming = _chosen(incoming, skip_known=skip_known)
        reviews = incoming.reviews
        units = split(reviews, before.config.unit)
        run.warnings += incoming.notes
        fitness.check_any(units, incoming.reviews.reason, incoming.names.get("text"))
        embedder = embedder_of(bundle)
    with embed.VectorCache(caches / "vectors.db") as cache:
        with run.stage("embedding"):
            made = vectors(
                bundle, embedder, reviews, units, request.vectors, cache, progress,
                agreed=request.allow_paid, tell=request.tell,
            )  # fmt: skip
            run.warnings += made.notes
            reviews, units, made = embedding.without_refused(reviews, units, made)
        incoming = replace(incoming, reviews=reviews)
        with run.stage("neighbors"):
            found = repeats.find(before, units.clean, made.matrix, NEIGHBORS, progress)
        judged = _judge(run, before, units, made, found)
        with run.stage("sentiment"):
            felt = _feel(before, incoming, units, made, embedding.encoder(embedder, cache), progress)
            felt = _as_copies(felt, before, units, found)
    with run.stage("saving"):
        given = Given.read(before, incoming, units)
        run.warnings += given.notes
        summary = told.Added(request.name, repeated, skip_known, job)
        return _parts(run, before, incoming, units, made, found, judged, given, felt, summary)


def _chosen(incoming: Incoming, *, skip_known: bool) -> Incoming:
    if not skip_known or not incoming.known.any():
        return incoming
    if incoming.known.all():
        raise UnusableInput(
            N_("All {n} rows of the file are in the analysis already. Nothing was added."), n=len(incoming.known)
        )
    return incoming.without_known()


def _judge(run: Run, before: Before, units: Units, made: Vectors, found: repeats.Repeats) -> Judged:
    """Topic, place and oddness of the distinct new units."""
    labels = before.of_distinct("cluster").astype(np.int32)
    matrix = made.matrix[found.distinct]
    new = belonging.distance(found.among_old, before.k_distance)
    with run.stage("clusters"):
        cluster, strength = belonging.vote(labels, found.among_old)
        least = before.config.extra.get("cluster.join_threshold")
        groups = forming.groups(found.among_old, found.among_new, new, before.distance)
        nowhere = belonging.is_far(new, before.distance) | (strength < float(least or 0.0))
        for group in groups:
            nowhere[group] = True
    with run.stage("projection"):
        own = (labels[found.among_old.indices] == cluster[:, None]) & ~nowhere[:, None]
        xy, xyz = _places(before, found, own)
    with run.stage("topics"):
        named = forming.named(
            groups,
            [units.text[i] for i in found.distinct],
            [units.language[i] for i in found.distinct],
            matrix,
            [(before.units.clean[i], before.units.language[i]) for i in before.representatives],
        )
    with run.stage("outliers"):
        scale = slice(None, before.base)
        score = oddness.on_scale(new, before.distance[scale], before.of_distinct("outlier_score")[scale])
    cluster = np.where(nowhere, -1, cluster).astype(np.int32)
    return Judged(cluster, np.where(cluster < 0, 0, strength).astype(np.float32), score, xy, xyz, named)


def _places(before: Before, found: repeats.Repeats, own: np.ndarray) -> tuple[FloatArray, FloatArray]:
    seeds = len(before.units.text) + found.distinct
    result = []
    for columns in (("x2", "y2"), ("x3", "y3", "z3")):
        old = np.column_stack([before.of_distinct(column) for column in columns]).astype(np.float32)
        typical = places.typical_distance(old[: before.base], before.graph)
        result.append(places.place(found.among_old, own, old, typical, seeds))
    return result[0], result[1]


def _feel(
    before: Before,
    incoming: Incoming,
    units: Units,
    made: Vectors,
    encode: Callable[[list[str]], FloatArray] | None,
    progress: Progress,
) -> Sentiment:
    points = before.bundle.points
    config = judging.settings_of(before.config)
    rating = incoming.reviews.rating
    return feelings.score(
        before.units,
        points["sentiment"].to_numpy(dtype=np.float32),
        units,
        (
            points["rating"].to_numpy(dtype=np.float32) if "rating" in points else None,
            None if rating is None else rating[units.row_id],
        ),
        encode,
        (np.asarray(before.bundle.vectors), made.matrix),
        config,
        progress,
        judging.judge_of(config),
    )


def _as_copies(felt: Sentiment, before: Before, units: Units, found: repeats.Repeats) -> Sentiment:
    """The same text has the same score: that of the old unit which it repeats to the letter."""
    old = len(before.units.text)
    same = [i for i, unit in enumerate(found.first) if unit < old and before.units.clean[unit] == units.clean[i]]
    if not same:
        return felt
    points, heads = before.bundle.points, found.first[same]
    score, label = felt.score.copy(), felt.label.astype(object)
    score[same] = points["sentiment"].to_numpy(dtype=np.float32)[heads]
    label[same] = points["sentiment_label"].to_numpy(dtype=object)[heads]
    return replace(felt, score=score, label=label.astype(str))


def _parts(
    run: Run,
    before: Before,
    incoming: Incoming,
    units: Units,
    made: Vectors,
    found: repeats.Repeats,
    judged: Judged,
    given: Given,
    felt: Sentiment,
    added: told.Added,
) -> BundleParts:
    """The united tables, state and summary."""
    bundle, old = before.bundle, len(before.units.text)
    names = {int(topic["id"]): str(topic["name"]) for topic in bundle.summary["topics"]}
    stands = _stands(before, found)
    spread = _Spread(before, judged, stands)
    voted = spread.of("cluster", judged.cluster)
    cluster = np.where(given.labelled, given.topic, voted)
    copied = found.first != old + np.arange(len(units.text))
    # As on a first map: how far what a review says agrees with where a person put it.
    strength = np.where(cluster == voted, spread.of("cluster_strength", judged.strength), 0.0)
    threshold = float(bundle.summary["outliers"]["threshold"])
    score = spread.of("outlier_score", judged.score).astype(np.float32)
    odd = Outliers(score, np.zeros_like(score), _is_odd(before, score, threshold), threshold)
    fresh = tables.new_points(
        incoming.reviews,
        units,
        np.where(np.isnan(given.places), spread.of_all(("x2", "y2"), judged.xy), given.places).astype(np.float32),
        spread.of_all(("x3", "y3", "z3"), judged.xyz),
        cluster,
        strength,
        spread.of("joined", judged.cluster >= 0) & ~given.labelled,
        [names.get(int(one), "") for one in cluster],
        felt,
        odd,
    )
    duplicate_of = [int(unit) if copy else None for unit, copy in zip(found.first, copied, strict=True)]
    points = tables.points(bundle.points, fresh, len(bundle.rows), duplicate_of)
    rows = tables.rows(bundle.rows, incoming.reviews)
    graph = repeats.extended(before, found)
    matrix = np.concatenate([np.asarray(bundle.vectors), made.matrix])
    representatives = np.concatenate([before.representatives, old + found.distinct])
    summary = told.summary(bundle, added, incoming, points, rows, judged.groups, old + found.distinct, run)
    # What an earlier version's bundle lacks is told of all its units now; nothing that it has changes.
    known = old if trust.COLUMN in bundle.points else 0
    points, summary[trust.SUMMARY] = trust.of_points(points, matrix, graph, representatives, known)
    return BundleParts(
        rows=rows,
        points=points,
        vectors=matrix,
        state={
            **{name: bundle.state(name) for name in bundle.state_names if name != "graph"},
            "graph": {
                **bundle.state("graph"),
                "indices": graph.indices,
                "similarity": graph.similarity,
                "representatives": representatives,
            },
        },
        summary=summary,
        config=dict(bundle.config),
        identity=json.loads(json.dumps(dict(bundle.identity))),
    )


def _is_odd(before: Before, score: FloatArray, threshold: float) -> np.ndarray:
    """None where the old units are too few for any to be called odd."""
    return (score >= np.float32(threshold)) & bool(np.any(before.of_distinct("outlier_score")))


def _stands(before: Before, found: repeats.Repeats) -> NDArray[np.int64]:
    """(n,) where the unit that stands for each new one is: an old unit's id, or old units + its place in `distinct`."""
    old = len(before.units.text)
    place = {int(old + one): old + i for i, one in enumerate(found.distinct)}
    return np.array([place.get(unit, unit) for unit in found.first.tolist()], dtype=np.int64)


@dataclass(frozen=True)
class _Spread:
    """Values of distinct new units and of old ones, copied to all new units."""

    before: Before
    judged: Judged
    stands: NDArray[np.int64]

    def of(self, column: str, new: np.ndarray) -> np.ndarray:
        """(n,) values: the old unit's where one stands for it, else those of `new` (q,)."""
        return np.concatenate([self.before.bundle.points[column].to_numpy(), new])[self.stands]

    def of_all(self, columns: Sequence[str], new: np.ndarray) -> np.ndarray:
        """The same for several columns side by side; new (q, columns)."""
        return np.column_stack([self.of(column, new[:, i]) for i, column in enumerate(columns)])
