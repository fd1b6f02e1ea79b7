"""Trust in bundles: of an earlier one without it, of duplicates, of regions; kept where it is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines import trust
from pipelines.store.bundle import write_bundle
from pipelines.store.overlay import Overlay
from pipelines.store.reader import open_bundle
from tests import sample_bundle


def test_an_earlier_bundle_gets_it_and_stays_as_it_was(tmp_path):
    bundle = sample_bundle.sample_bundle(tmp_path)
    found = trust.of_bundle(bundle)
    assert isinstance(found, Overlay) and found.below is bundle and found.key != bundle.key
    assert trust.COLUMN not in bundle.points and trust.SUMMARY not in bundle.summary
    values = found.points[[trust.COLUMN, trust.COLUMN_3D]]
    assert values.notna().all(axis=None) and values.min(axis=None) >= 0 and values.max(axis=None) <= 1
    assert values.dtypes.eq("float32").all()
    assert found.points.drop(columns=list(values)).equals(bundle.points)
    entry = found.summary[trust.SUMMARY]
    assert set(entry) == {"k", "reach", "flat", "deep"}
    assert entry["flat"]["share"] == pytest.approx(trust.share_true(found.points), abs=1e-4)


def test_a_bundle_that_has_it_is_itself(tmp_path):
    parts = sample_bundle.parts()
    points = parts.points.assign(map_trust=np.float32(0.5), map_trust_3d=np.float32(0.5))
    bundle = open_bundle(write_bundle(tmp_path / "bundle", replace(parts, points=points)))
    assert trust.of_bundle(bundle) is bundle
    assert bundle.points[trust.COLUMN].dtype == np.float32


@pytest.mark.parametrize("n", [1, 3, 12])
def test_of_few_reviews_nothing_is_said(tmp_path, n):
    bundle = sample_bundle.sample_bundle(tmp_path, n)
    assert trust.of_bundle(bundle) is bundle


def distinct_parts():
    """The sample's parts with a graph over distinct units alone, as an analysis makes it."""
    parts = sample_bundle.parts()
    from pipelines.neighbors import build_graph

    representatives = np.flatnonzero(parts.points["duplicate_of"].isna().to_numpy()).astype(np.int64)
    return parts, representatives, build_graph(parts.vectors[representatives])


def test_a_duplicate_has_the_trust_of_the_unit_it_repeats():
    parts, representatives, graph = distinct_parts()
    points, _ = trust.of_points(parts.points, parts.vectors, graph, representatives)
    for column in (trust.COLUMN, trust.COLUMN_3D):
        assert points[column].iloc[-3:].nunique() == 1


def test_what_is_known_stays():
    parts, representatives, graph = distinct_parts()
    points = parts.points.assign(map_trust=np.float32(0.125), map_trust_3d=np.float32(0.25))
    known = 200
    later, _ = trust.of_points(points, parts.vectors, graph, representatives, known)
    whole, _ = trust.of_points(parts.points, parts.vectors, graph, representatives)
    assert (later[trust.COLUMN][:known] == 0.125).all() and (later[trust.COLUMN_3D][:known] == 0.25).all()
    np.testing.assert_allclose(later[trust.COLUMN][known:], whole[trust.COLUMN][known:], atol=1e-6)


def test_a_region_misleads_from_a_few_reviews_on():
    points = sample_bundle.parts().points.head(20)
    assert not trust.misleads(points)
    assert trust.misleads(points.assign(map_trust=np.float32(0.1)))
    assert not trust.misleads(points.assign(map_trust=np.float32(0.9)))
    assert not trust.misleads(points.head(2).assign(map_trust=np.float32(0.1)))
