"""Trust of a map, against ranks counted one by one and against maps whose worth is known."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines import trust
from pipelines.neighbors import NeighborConfig, build_graph
from pipelines.trust import measure


def sphere(m: int, seed: int = 0) -> np.ndarray:
    """Vectors of length 1 near a circle: a flat map can show them as they are."""
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, m))
    raw = np.column_stack([np.cos(angle), np.sin(angle), 0.01 * rng.normal(size=m)])
    return (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)


def by_hand(places: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The formula of the docstring, with every rank counted."""
    m, k, reach = len(places), measure.neighbors_of(len(places)), measure.reach_of(len(places))
    similarity = matrix.astype(float) @ matrix.T.astype(float)
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    result = []
    for i in range(m):
        others = [j for j in range(m) if j != i]
        ranking = sorted(others, key=lambda j, i=i: -similarity[i, j])
        shown = sorted(others, key=lambda j, i=i: distance[i, j])[:k]
        wrong = [min(1.0, max(0.0, (ranking.index(j) + 1 - k) / (reach - k))) for j in shown]
        result.append(1 - sum(wrong) / k)
    return np.array(result)


@pytest.mark.parametrize("m", [20, 57, 240])
def test_it_is_the_formula(m):
    matrix = sphere(m)
    places = np.random.default_rng(1).normal(size=(m, 2)).astype(np.float32)
    graph = build_graph(matrix, NeighborConfig(k=12))
    (found,) = trust.measured([places], matrix, graph)
    np.testing.assert_allclose(found, by_hand(places, matrix), atol=0.02)


def test_a_true_map_is_believed_and_one_of_chance_is_not():
    matrix = sphere(600)
    places = matrix[:, :2].copy()
    graph = build_graph(matrix, NeighborConfig())
    shuffled = places[np.random.default_rng(3).permutation(600)]
    true, chance = trust.measured([places, shuffled], matrix, graph)
    assert true.mean() > 0.9 and chance.mean() < 0.1
    assert trust.torn(places, graph) > 0.9 > 0.2 > trust.torn(shuffled, graph)
    assert true.min() >= 0 and true.max() <= 1


def test_ranks_beyond_the_graph_are_estimated_well(monkeypatch):
    rng = np.random.default_rng(4)
    raw = rng.normal(size=(3000, 8))
    matrix = (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)
    graph = build_graph(matrix, NeighborConfig())
    (estimated,) = trust.measured([matrix[:, :2]], matrix, graph)
    monkeypatch.setattr(measure, "SAMPLE", 3000)
    (exact,) = trust.measured([matrix[:, :2]], matrix, graph)
    assert np.abs(estimated - exact).mean() < 0.03
    assert abs(float(estimated.mean() - exact.mean())) < 0.005


def test_some_rows_alone_are_as_among_all_and_it_is_the_same_again():
    matrix = sphere(400)
    places = np.random.default_rng(5).normal(size=(400, 3)).astype(np.float32)
    graph = build_graph(matrix, NeighborConfig())
    (whole,) = trust.measured([places], matrix, graph)
    rows = np.array([0, 7, 399])
    np.testing.assert_allclose(trust.measured([places], matrix, graph, rows)[0], whole[rows], atol=1e-6)
    np.testing.assert_array_equal(trust.measured([places], matrix, graph)[0], whole)


@pytest.mark.parametrize("m", [0, 1, 5, 19])
def test_too_few_points_have_none(m):
    matrix = sphere(m)
    graph = build_graph(matrix, NeighborConfig())
    (found,) = trust.measured([matrix[:, :2]], matrix, graph)
    assert found.shape == (m,) and np.isnan(found).all()
    assert np.isnan(trust.torn(matrix[:, :2], graph))


def test_all_on_one_place_is_finite():
    matrix = sphere(60)
    (found,) = trust.measured([np.zeros((60, 2), np.float32)], matrix, build_graph(matrix, NeighborConfig()))
    assert np.isfinite(found).all()
