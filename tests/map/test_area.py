"""Which places a lasso means."""

import numpy as np
import pandas as pd
import pytest

from pipelines.map.area import corners_of, inside, same_place


def test_a_star_has_the_places_between_its_rays_outside():
    random = np.random.default_rng(5)
    x, y = random.uniform(-2, 2, (2, 4000)).astype(np.float32)
    turn = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    reach = np.where(np.arange(10) % 2, 0.4, 1.6)
    star = np.c_[reach * np.cos(turn), reach * np.sin(turn)]

    def crossings(px, py):
        found = False
        for (x0, y0), (x1, y1) in zip(star, np.roll(star, -1, axis=0), strict=True):
            if (y0 > py) != (y1 > py) and px < (x1 - x0) * (py - y0) / (y1 - y0) + x0:
                found = not found
        return found

    expected = [crossings(float(px), float(py)) for px, py in zip(x, y, strict=True)]
    assert inside(x, y, star).tolist() == expected
    assert 100 < sum(expected) < 2000


def test_a_line_that_crosses_itself_leaves_its_middle_out():
    twice = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0], [2, 0], [2, 2], [0, 2]]
    assert not inside(np.array([1.0]), np.array([1.0]), twice).any()
    assert inside(np.array([1.0]), np.array([1.0]), twice[:4]).all()
    assert inside(np.zeros(0), np.zeros(0), twice[:4]).tolist() == []


@pytest.mark.parametrize(
    "drawn",
    [
        None, [], {}, {"x": [0, 1], "y": [0, 1]}, {"x": [0, 1, 2], "y": [0, 1]}, {"x": "abc", "y": "abc"},
        {"x": [0, 1, None], "y": [0, 1, 2]}, {"x": [0, 1, True], "y": [0, 1, 2]}, {"x": [0, 1, 1e300], "y": [0, 1, 2]},
        {"x": [0, 1, float("nan")], "y": [0, 1, 2]}, {"x": [0] * 3000, "y": [0] * 3000},
    ],
)  # fmt: skip
def test_nonsense_is_no_area(drawn):
    assert corners_of(drawn) is None


def test_corners():
    assert corners_of({"x": [0, 1, 2], "y": [0, 1.5, 0]}).tolist() == [[0, 0], [1, 1.5], [2, 0]]


def test_equal_places_go_together():
    points = pd.DataFrame({"x2": [1, 1, 2, 1], "y2": [1, 2, 2, 1], "x3": [0, 0, 0, 0], "y3": 0, "z3": [1, 2, 3, 4]})
    one = np.array([True, False, False, False])
    assert same_place(points, one, 2).tolist() == [True, False, False, True]
    assert same_place(points, one, 3).tolist() == one.tolist()
    assert not same_place(points, ~np.ones(4, dtype=bool), 2).any()
