"""The shading counts every chosen point, where it lies."""

import numpy as np
import pandas as pd

from pipelines.map.density import CELLS, density_part
from tests.map.test_pack import unpack


def grid(part):
    meta, arrays = unpack(part[1])
    return meta, arrays["cells"].reshape(meta["rows"], meta["columns"])


def test_counts_on_a_log_scale_from_the_lowest_row_up():
    # 99 at the lower left, one at the upper right, a map twice as wide as high.
    points = pd.DataFrame({"x2": [0.0] * 99 + [2.0], "y2": [0.0] * 99 + [1.0]})
    meta, cells = grid(density_part(points, np.ones(100, dtype=bool)))
    assert meta["columns"] == CELLS + 1
    assert meta["rows"] == CELLS // 2 + 1
    assert (meta["n"], meta["fullest"], meta["low"]) == (100, 99, [0.0, 0.0])
    assert cells[0, 0] == 255
    assert cells[-1, -1] == round(255 * np.log(2) / np.log(100))
    assert (cells > 0).sum() == 2


def test_it_follows_the_filters_over_the_same_cells():
    random = np.random.default_rng(1)
    points = pd.DataFrame(random.normal(size=(3000, 2)), columns=["x2", "y2"])
    whole, all_cells = grid(density_part(points, np.ones(3000, dtype=bool)))
    part, cells = grid(density_part(points, points["x2"].to_numpy() > 0))
    assert cells.shape == all_cells.shape
    assert part["low"] == whole["low"]
    assert not cells[:, : int((0 - whole["low"][0]) / whole["cell"])].any()
    assert ((cells > 0) <= (all_cells > 0)).all()
    assert cells.nbytes <= (CELLS + 1) ** 2


def test_nothing_to_shade():
    points = pd.DataFrame({"x2": [np.nan, 1.0, 2.0], "y2": [0.0, np.nan, 1.0]})
    assert density_part(points, np.zeros(3, dtype=bool)) is None
    meta, cells = grid(density_part(points, np.ones(3, dtype=bool)))
    assert meta["n"] == 1
    assert cells.max() == 255
