"""The trust of a whole map: of an analysis that ends, of one that grows, and of an earlier bundle that lacks it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipelines.figures import heads
from pipelines.store.overlay import Overlay
from pipelines.store.reader import Bundle
from pipelines.trust.columns import COLUMN, COLUMN_3D, figures
from pipelines.trust.measure import LEAST_POINTS, measured, torn
from pipelines.types import FloatArray, IntArray, NeighborGraph

_PLACES = {COLUMN: ("x2", "y2"), COLUMN_3D: ("x3", "y3", "z3")}
SUMMARY = "map_trust"


def of_points(
    points: pd.DataFrame, matrix: FloatArray, graph: NeighborGraph, representatives: IntArray, known: int = 0
) -> tuple[pd.DataFrame, dict[str, Any] | None]:
    """`points` (n units) with the two columns, and the summary's entry; as it was and None where there are too few.

    matrix (n, d). graph: of the units `representatives`; a duplicate has the trust of the unit that it repeats. known:
    so many units at the beginning have their values already and keep them.
    """
    m = len(representatives)
    if m < LEAST_POINTS or graph.indices.shape[1] == 0:
        return points, None
    head = heads(points)
    rows = np.flatnonzero(representatives >= known).astype(np.int64)
    distinct = np.asarray(matrix)[representatives]
    maps = [points[list(axes)].to_numpy(dtype=np.float32)[representatives] for axes in _PLACES.values()]
    found: dict[str, FloatArray] = {}
    for column, values in zip(_PLACES, measured(maps, distinct, graph, rows), strict=True):
        own = np.full(len(points), np.nan, dtype=np.float32)
        if known:
            own[:known] = points[column].to_numpy(dtype=np.float32)[:known]
        own[representatives[rows]] = values
        found[column] = np.where(np.arange(len(points)) < known, own, own[head]).astype(np.float32)
    table = points.assign(**found)
    return table, figures(table, *(torn(places, graph) for places in maps))


def of_bundle(bundle: Bundle) -> Bundle:
    """`bundle` with the two columns and the summary's entry; itself where it has them or they cannot be told."""
    if COLUMN in bundle.points or "graph" not in bundle.state_names:
        return bundle
    kept = bundle.state("graph")
    graph = NeighborGraph(kept["indices"], kept["similarity"])
    representatives = kept["representatives"].astype(np.int64)
    points, entry = of_points(bundle.points, np.asarray(bundle.vectors), graph, representatives)
    if entry is None:
        return bundle
    return Overlay(bundle, "map_trust", points=points, summary={**bundle.summary, SUMMARY: entry})
