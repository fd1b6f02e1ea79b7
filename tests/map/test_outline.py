from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.map import pack
from pipelines.map.outline import FEWEST, INSIDE, _borders, _rounded, outlines


def frame(places: np.ndarray, cluster: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"x2": places[:, 0], "y2": places[:, 1], "cluster": cluster})


def area(line: np.ndarray) -> float:
    x, y = line.T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def holds(line: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Even-odd rule."""
    inside = np.zeros(len(places), dtype=bool)
    for (ax, ay), (bx, by) in zip(line, np.roll(line, -1, axis=0), strict=True):
        crosses = (ay > places[:, 1]) != (by > places[:, 1])
        inside ^= crosses & (places[:, 0] < (bx - ax) * (places[:, 1] - ay) / (by - ay + 1e-300) + ax)
    return inside


def test_an_outline_holds_most_of_its_topic_and_little_of_another():
    random = np.random.default_rng(0)
    places = np.concatenate([random.normal(0, 1, (500, 2)), random.normal(8, 1, (400, 2))])
    cluster = np.repeat([3, 7], [500, 400])
    found = outlines(frame(places, cluster), [{"id": 3}, {"id": 7}])
    assert {*found} == {3, 7}
    for topic, lines in found.items():
        inside = np.logical_or.reduce([holds(line, places) for line in lines])
        assert inside[cluster == topic].mean() >= INSIDE - 0.03
        assert inside[cluster != topic].mean() < 0.01
        assert all(area(line) > 0 for line in lines)


def test_two_pieces_are_two_lines_and_a_stray_review_is_none():
    random = np.random.default_rng(1)
    places = np.concatenate([random.normal(0, 0.5, (200, 2)), random.normal(9, 0.5, (200, 2)), [[30.0, 30.0]]])
    found = outlines(frame(places, np.zeros(401, dtype=int)), [{"id": 0}])
    assert len(found[0]) == 2


@pytest.mark.parametrize("n", [0, 1, FEWEST - 1])
def test_few_reviews_and_hidden_topics_have_none(n):
    places = np.zeros((n, 2))
    assert outlines(frame(places, np.zeros(n, dtype=int)), [{"id": 0}]) == {}
    many = np.random.default_rng(0).normal(size=(50, 2))
    assert outlines(frame(many, np.zeros(50, dtype=int)), [{"id": 0, "hidden": True}]) == {}


def test_reviews_on_one_spot_have_an_outline_of_finite_size():
    found = outlines(frame(np.ones((20, 2)), np.zeros(20, dtype=int)), [{"id": 0}])
    assert all(np.isfinite(line).all() for line in found[0])


def test_a_tiny_piece_is_still_a_surface_inside_its_cells():
    # Nine reviews on one spot of a wide map: one cell, or few, hold them.
    places = np.concatenate([np.full((9, 2), 5.0), [[0.0, 0.0], [100.0, 100.0]]])
    found = outlines(frame(places, np.repeat([0, -1], [9, 2])), [{"id": 0}])
    for line in found[0]:
        assert len(line) >= 4
        assert area(line) > 0
        assert holds(line, np.array([[5.0, 5.0]]) + 1e-3).all() or np.abs(line - 5).max() < 5
    assert area(_rounded(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float))) > 0.3
    assert len(_rounded(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float))) == 4


def test_places_that_are_not_known_are_left_out():
    random = np.random.default_rng(2)
    places = random.normal(0, 1, (200, 2))
    known = outlines(frame(places, np.zeros(200, dtype=int)), [{"id": 0}])
    holes = np.concatenate([places, [[np.nan, 0.0], [0.0, np.nan], [np.inf, 1.0]]])
    with_holes = outlines(frame(holes, np.zeros(203, dtype=int)), [{"id": 0}])
    np.testing.assert_array_equal(known[0][0], with_holes[0][0])
    assert outlines(frame(np.full((20, 2), np.nan), np.zeros(20, dtype=int)), [{"id": 0}]) == {}


@pytest.mark.parametrize("seed", range(5))
def test_borders_of_any_cells_enclose_as_much_as_the_cells(seed):
    from scipy import ndimage

    cells = np.random.default_rng(seed).random((14, 11)) > 0.45
    pieces, n = ndimage.label(cells)
    for piece in range(1, n + 1):
        filled = ndimage.binary_fill_holes(pieces == piece)
        lines = _borders(filled)
        assert sum(area(line) for line in lines) == pytest.approx(filled.sum())


def test_packed_outlines_are_read_back_within_a_step():
    random = np.random.default_rng(0)
    found = outlines(frame(random.normal(size=(300, 2)), np.zeros(300, dtype=int)), [{"id": 0}])
    digest, part = pack.outlines_part(found)
    again = pack.outlines_part(found)
    assert (digest, part) == again
    assert pack.outlines_part({}) is None
    assert len(part) < 8 * sum(len(line) for line in found[0]) + 400
