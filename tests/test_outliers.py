import numpy as np
import pytest

from pipelines import outliers
from pipelines.types import NeighborGraph


def graph_of(distances: np.ndarray, k: int = 12) -> NeighborGraph:
    m = len(distances)
    indices = (np.arange(m)[:, None] + np.arange(1, k + 1)) % max(m, 1)
    return NeighborGraph(indices.astype(np.int32), np.repeat(1 - distances[:, None], k, axis=1).astype(np.float32))


def test_far_units_are_outliers_and_order_is_kept():
    distances = np.random.default_rng(0).normal(0.3, 0.04, 500).clip(0.1)
    distances[[3, 70]] = 1.5, 0.8
    found = outliers.score(graph_of(distances))
    assert found.is_outlier[[3, 70]].all()
    assert found.is_outlier.mean() <= 0.05
    assert found.score[3] > found.score[70] > 0.9
    assert np.median(found.score) < 0.1
    order = np.argsort(found.distance, kind="stable")
    assert (np.diff(found.score[order]) >= 0).all()
    assert found.score.dtype == found.distance.dtype == np.float32


def test_units_that_are_all_alike_have_no_outlier():
    found = outliers.score(graph_of(np.full(200, 0.2)))
    assert not found.is_outlier.any()
    assert np.isfinite(found.score).all()


@pytest.mark.parametrize("m", [0, 1, 2, 3, 5, 12])
def test_few_units_have_no_outlier(m):
    found = outliers.score(graph_of(np.linspace(0.1, 0.9, m), k=max(0, min(12, m - 1))))
    assert found.score.tolist() == [0.0] * m
    assert not found.is_outlier.any()


def test_a_given_threshold_is_used():
    found = outliers.score(graph_of(np.linspace(0.1, 0.5, 100)), outliers.OutlierConfig(threshold=0.01))
    assert found.threshold == 0.01
    assert (found.is_outlier == (found.score >= np.float32(0.01))).all()


@pytest.mark.parametrize("wrong", [{"k": 0}, {"threshold": 2.0}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError, match="must be"):
        outliers.OutlierConfig(**wrong)


def test_distances_with_a_ceiling_have_outliers_too():
    """As between Chinese texts: hardly any two are near, and the farthest stand out by little over one deviation."""
    distances = 0.88 - 0.05 * np.random.default_rng(3).gamma(2.2, 1.0, 600)
    found = outliers.score(graph_of(distances.clip(0.3)))
    assert 0.02 <= found.is_outlier.mean() <= 0.05 + 1 / 600
    assert found.score[found.is_outlier].min() >= 0.5


def test_normal_distances_have_one_in_twenty():
    found = outliers.score(graph_of(np.random.default_rng(0).normal(0.5, 0.05, 2000)))
    assert abs(found.is_outlier.mean() - 0.05) < 0.005
