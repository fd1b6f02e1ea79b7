"""Own places: kept as given, told where they are missing, filled from neighbours, drawable whatever the numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.errors import UnusableInput
from pipelines.own.places import Places
from pipelines.types import Groups, NeighborGraph, Reviews, Roles, Table, Units


def reviews(columns: dict[str, list[str]], kept: list[bool] | None = None) -> Reviews:
    n = len(next(iter(columns.values())))
    kept = kept or [True] * n
    return Reviews(
        table=Table(pd.DataFrame(columns, dtype="str"), "utf-8", ",", True),
        roles=Roles({}),
        text=[f"text {i}" for i in range(n)],
        kept=np.array(kept),
        reason=["" if ok else "empty" for ok in kept],
        rating=None,
        date=None,
        user=None,
        item=None,
        language=["en"] * n,
    )


def units(row_id: list[int]) -> Units:
    words = [f"text {i}" for i in range(len(row_id))]
    return Units(np.array(row_id, dtype=np.int64), words, words, ["en"] * len(row_id))


def alone(n: int) -> Groups:
    return Groups(np.arange(n), np.arange(n))


def ring(n: int, k: int = 2) -> NeighborGraph:
    """Each of n has those k after it as neighbours, the next one nearest."""
    indices = (np.arange(n)[:, None] + np.arange(1, k + 1)) % n
    return NeighborGraph(indices.astype(np.int32), np.tile(np.linspace(0.9, 0.5, k, dtype=np.float32), (n, 1)))


def placed(x: list[str], y: list[str], graph: NeighborGraph | None = None, groups: Groups | None = None):
    n = len(x)
    places = Places.read(reviews({"x": x, "y": y}), "x", "y")
    return places.place(units(list(range(n))), groups or alone(n), graph or ring(n, min(2, n - 1)))


def test_numbers_stay_as_they_were_given():
    xy, notes = placed(["116.3971", "121,4737", "-3", "0"], ["39.9087", "31.2304", "4", "0"])
    np.testing.assert_allclose(xy, [[116.3971, 39.9087], [121.4737, 31.2304], [-3, 4], [0, 0]], rtol=1e-6)
    assert xy.dtype == np.float32
    assert [note.template.count("not computed") for note in notes] == [1]


def test_a_review_without_a_place_stands_at_the_mean_of_its_neighbours_and_is_told():
    xy, notes = placed(["", "1", "3", "5"], ["0", "0", "0", "0"])
    assert 1 < xy[0, 0] < 2  # nearer to the nearer one
    assert xy[0, 1] == 0
    assert str(notes[1]).startswith("1 reviews have no number in “x” or “y”, the first in row 1")


def test_places_are_handed_on_until_all_stand():
    xy, _ = placed(["", "", "", "7"], ["", "", "", "8"], ring(4, 1))
    np.testing.assert_array_equal(xy, [[7, 8]] * 4)


def test_what_no_neighbour_reaches_stands_in_the_middle():
    graph = NeighborGraph(np.array([[1], [0], [3], [2]], np.int32), np.ones((4, 1), np.float32))
    xy, _ = placed(["", "nan", "2", "4"], ["1", "1", "6", "8"], graph)
    np.testing.assert_array_equal(xy, [[3, 7], [3, 7], [2, 6], [4, 8]])
    xy, _ = placed(["", "2"], ["1", "6"], NeighborGraph(np.zeros((2, 0), np.int32), np.zeros((2, 0), np.float32)))
    np.testing.assert_array_equal(xy, [[2, 6], [2, 6]])


def test_equal_texts_keep_their_own_places_and_lend_them_to_one_without():
    groups = Groups(np.array([0, 0, 0, 3]), np.array([0, 3]))
    graph = NeighborGraph(np.array([[1], [0]], np.int32), np.ones((2, 1), np.float32))
    xy, _ = placed(["1", "3", "", "9"], ["0", "0", "", "9"], graph, groups)
    np.testing.assert_array_equal(xy, [[1, 0], [3, 0], [2, 0], [9, 9]])


def test_sentences_of_a_review_lie_close_together_and_apart():
    places = Places.read(reviews({"x": ["0", "10", "4"], "y": ["0", "0", "4"]}), "x", "y")
    xy, _ = places.place(units([0, 0, 0, 1, 2, 2]), alone(6), ring(6))
    np.testing.assert_array_equal(xy[[0, 3, 4]], [[0, 0], [10, 0], [4, 4]])
    apart = np.linalg.norm(xy[[1, 2, 5]] - xy[[0, 0, 4]], axis=1)
    assert (apart > 0.01).all()
    assert (apart < 0.2).all()
    assert len(np.unique(xy, axis=0)) == 6


@pytest.mark.parametrize(
    ("x", "y"),
    [
        pytest.param(["1700000000", "1700086400", "1700172800"], ["1", "5", "3"], id="seconds against stars"),
        pytest.param(["1e-9", "2e-9", "3e-9"], ["1e-9", "0", "2e-9"], id="too small to draw"),
        pytest.param(["1e9", "1000000001", "1000000003"], ["1e9", "1000000002", "1000000003"], id="beyond float32"),
        pytest.param(["-3e38", "3e38", "0"], ["1", "5", "3"], id="as large as float32 can hold"),
    ],
)
def test_numbers_that_no_map_can_show_are_scaled_and_that_is_told(x, y):
    xy, notes = placed(x, y)
    np.testing.assert_allclose(xy.min(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(xy.max(axis=0), 1, atol=1e-6)
    assert "scaled to fill the map" in notes[1].template


@pytest.mark.parametrize(("x", "y"), [(["2", "2"], ["5", "5"]), (["1", "9"], ["5", "5"])])
def test_one_place_or_one_line_is_drawn_as_it_is(x, y):
    xy, notes = placed(x, y)
    np.testing.assert_array_equal(xy, np.column_stack([np.float32(x), np.float32(y)]))
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ("a", "y", "no column “a”; it has: x, y"),
        ("x", "b", "no column “b”"),
        ("x", "y", "Column “y” holds no numbers"),
    ],
)
def test_columns_that_cannot_be_places_are_refused(x, y, said):
    with pytest.raises(UnusableInput, match=said):
        Places.read(reviews({"x": ["1", "2"], "y": ["one", "inf"]}), x, y)


def test_rows_left_out_do_not_count():
    given = reviews({"x": ["1", "", "3"], "y": ["1", "2", ""]}, [False, True, True])
    with pytest.raises(UnusableInput, match="both “x” and “y”"):
        Places.read(given, "x", "y")
