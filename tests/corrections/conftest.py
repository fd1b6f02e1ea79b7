"""A library with one analysis whose topics are corrected, and later maps of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines import shown as layers
from pipelines.errors import DamagedBundle, UnusableInput
from pipelines.store import catalog, journal, library
from pipelines.store.bundle import BundleParts
from pipelines.store.reader import Bundle, open_bundle
from tests import sample_bundle

N = 150


def relabelled_parts(parts: BundleParts, cluster: np.ndarray, names: list[str]) -> BundleParts:
    """The parts with other topics: `cluster` (n,) from 0, −1 none."""
    labels = np.array([*names, ""], dtype=object)[cluster]
    points = parts.points.assign(cluster=cluster.astype(np.int32), topic=pd.array(labels, dtype="str"))
    topics = [
        {"id": i, "name": name, "keywords": [[f"word{i}", 0.5, 9]], "exemplars": [], "stability": 0.7}
        for i, name in enumerate(names)
    ]
    return replace(parts, points=points, summary={**parts.summary, "topics": topics})


@pytest.fixture
def parts() -> BundleParts:
    return sample_bundle.parts(N)


@pytest.fixture
def analysis(home: Path, parts: BundleParts) -> str:
    made = library.create("Corrected")
    library.publish(made, parts)
    return made


@pytest.fixture
def look(analysis: str) -> Callable[..., Bundle]:
    """look(up_to=None) → the analysis's latest bundle as people left it."""

    def find(bundle_id: str) -> Bundle | None:
        try:
            return open_bundle(library.bundle_path(analysis, bundle_id))
        except (UnusableInput, DamagedBundle):
            return None

    def shown(up_to: int | None = None) -> Bundle:
        path = library.latest_bundle(analysis)
        assert path is not None
        entries = layers.deciding(journal.replay(catalog.home() / analysis), up_to=up_to)
        return layers.shown(open_bundle(path), entries, find)

    return shown


def names(bundle: Bundle) -> dict[int, str]:
    return {topic["id"]: topic["name"] for topic in bundle.summary["topics"]}


def outcomes(bundle: Bundle) -> dict[int, dict]:
    return {one["seq"]: one for one in bundle.summary.get("corrections", [])}


def assert_sound(bundle: Bundle, plain: Bundle) -> None:
    """Each unit in one topic that is listed, counts that agree, nothing else changed."""
    points, before = bundle.points, plain.points
    known = names(bundle)
    assert len(points) == len(before)
    assert set(points["cluster"]) <= {*known, -1}
    assert len(known) == len(bundle.summary["topics"])
    assert len(set(known.values())) == len(known)
    for topic in bundle.summary["topics"]:
        own = points["cluster"] == topic["id"]
        assert topic.get("units", own.sum()) == own.sum()
        assert set(points.loc[own, "topic"]) <= {"" if topic.get("hidden") else topic["name"]}
    assert points["cluster_strength"].between(0, 1).all()
    for column in ("row_id", "unit_id", "text", "x2", "y3", "sentiment"):
        pd.testing.assert_series_equal(points[column], before[column])
