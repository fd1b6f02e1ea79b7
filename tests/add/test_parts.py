"""The parts of adding on made vectors: neighbours, votes, distance, groups that form, places, scores, matching."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines import neighbors, outliers
from pipelines.add import belonging, columns, feelings, forming, layout, matching, oddness, places, stars
from pipelines.add.nearest import merged, nearest
from pipelines.types import NeighborGraph, Roles, Table


def around(generator, centre, n, spread=0.25):
    made = centre + spread * generator.normal(size=(n, len(centre))) / np.sqrt(len(centre))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def subjects():
    """Three old subjects of 80 units each in 32 dimensions, and one that was not there before."""
    generator = np.random.default_rng(4)
    centres = np.linalg.qr(generator.normal(size=(32, 4)))[0].T
    old = np.concatenate([around(generator, centre, 80) for centre in centres[:3]])
    return (
        old,
        np.repeat(np.arange(3), 80).astype(np.int32),
        around(generator, centres[1], 20),
        around(generator, centres[3], 20),
    )


def test_nearest_is_the_graph_of_a_first_map(subjects):
    old = subjects[0]
    one, other = nearest(old, old, 12, same=True), neighbors.build_graph(old, neighbors.NeighborConfig(12))
    np.testing.assert_array_equal(one.indices, other.indices)
    np.testing.assert_allclose(one.similarity, other.similarity, atol=2e-6)
    assert nearest(old[:0], old, 5).indices.shape == (0, 5)
    assert nearest(old[:3], old[:2], 5).indices.shape == (3, 2)


def test_merged_keeps_the_nearest_of_both():
    one = NeighborGraph(np.array([[0, 1]], np.int32), np.array([[0.9, 0.2]], np.float32))
    other = NeighborGraph(np.array([[0, 1]], np.int32), np.array([[0.5, 0.1]], np.float32))
    both = merged(one, other, 10, 3)
    assert both.indices.tolist() == [[0, 10, 1]]
    np.testing.assert_allclose(both.similarity, [[0.9, 0.5, 0.2]])


def test_like_ones_join_and_a_new_subject_forms(subjects):
    old, labels, like, unlike = subjects
    new = np.concatenate([like, unlike])
    graph = neighbors.build_graph(old, neighbors.NeighborConfig(30))
    among_old, among_new = nearest(new, old, 30), nearest(new, new, 30, same=True)
    winner, share = belonging.vote(labels, among_old)
    assert (winner[:20] == 1).all()
    assert (share[:20] > 0.9).all()
    distance = belonging.distance(among_old, 10)
    usual = belonging.distance(graph, 10)
    far = belonging.is_far(distance, usual)
    assert far[:20].mean() <= 0.1
    assert far[20:].all()
    (group,) = forming.groups(among_old, among_new, distance, usual)
    assert set(group) == set(range(20, 40))


def test_more_of_what_is_there_forms_nothing(subjects):
    old, _, like, _ = subjects
    among_old, among_new = nearest(like, old, 30), nearest(like, like, 19, same=True)
    usual = belonging.distance(neighbors.build_graph(old, neighbors.NeighborConfig(30)), 10)
    assert forming.groups(among_old, among_new, belonging.distance(among_old, 10), usual) == []


def test_nobody_votes_where_there_is_no_topic():
    near = NeighborGraph(np.zeros((2, 0), np.int32), np.zeros((2, 0), np.float32))
    winner, share = belonging.vote(np.full(5, -1, np.int32), near)
    assert winner.tolist() == [-1, -1]
    assert share.tolist() == [0, 0]
    assert not belonging.is_far(np.array([2.0]), np.zeros(10)).any()


def test_odd_scores_are_those_of_the_first_map(subjects):
    old = subjects[0]
    graph = neighbors.build_graph(old, neighbors.NeighborConfig(10))
    scored = outliers.score(graph)
    distance = belonging.distance(graph, 10)
    again = oddness.on_scale(distance, distance, scored.score)
    np.testing.assert_allclose(again, scored.score, atol=2e-3)
    beyond = oddness.on_scale(np.array([distance.max() * 1.5]), distance, scored.score)
    assert beyond[0] > scored.score.max()
    assert oddness.on_scale(distance, distance, np.zeros(len(old), np.float32)).tolist() == [0] * len(old)


def test_places_lie_among_their_landmarks_and_do_not_stack():
    coordinates = np.array([[0, 0], [1, 0], [0, 1], [50, 50]], np.float32)
    near = NeighborGraph(
        np.tile(np.array([0, 1, 2, 3], np.int32), (2, 1)), np.array([[0.9, 0.8, 0.7, 0.6]] * 2, np.float32)
    )
    counts = np.array([[True, True, True, False]] * 2)
    found = places.place(near, counts, coordinates, 1.0, np.array([7, 8]))
    assert (found > -1).all()
    assert (found < 2).all()
    assert not np.array_equal(found[0], found[1])
    np.testing.assert_array_equal(found, places.place(near, counts, coordinates, 1.0, np.array([7, 8])))


def test_a_turned_map_is_turned_back():
    generator = np.random.default_rng(1)
    there = generator.normal(size=(50, 2)).astype(np.float32)
    turn = np.array([[0.0, -1.0], [-1.0, 0.0]])
    moved = (3 * there @ turn + 5).astype(np.float32)
    known = np.arange(50) < 40
    np.testing.assert_allclose(layout.turned(moved, there, known, scaled=True), there, atol=1e-4)


def test_rows_without_a_place_take_their_neighbours():
    start = np.array([[0, 0], [2, 2], [9, 9]], np.float32)
    graph = NeighborGraph(np.array([[1], [0], [1]], np.int32), np.ones((3, 1), np.float32))
    found = layout.filled(start, np.array([True, True, False]), graph)
    assert found.tolist() == [[0, 0], [2, 2], [2, 2]]


def test_topics_keep_id_and_name_by_what_they_share():
    before = np.repeat([0, 1, 2], [40, 30, 30]).astype(np.int32)
    after = np.repeat([1, 0, 2, 3], [38, 32, 15, 15]).astype(np.int32)
    found = matching.match(before, after)
    assert {new: old for new, (old, _) in found.items()} == {1: 0, 0: 1, 2: 2} or found[3][0] == 2
    ids = matching.numbered(found, [0, 1, 2, 3], 3)
    assert sorted(ids.values()) == [0, 1, 2, 3]
    named = matching.names({0: (1, 0.9)}, {0: "x", 1: "noise"}, {1: "noise"}, {1: ["noise", "grinder"]})
    assert named == {0: "noise", 1: "noise · grinder"}
    assert matching.match(np.full(3, -1, np.int32), np.zeros(3, np.int32)) == {}


def test_scores_are_brought_onto_the_kept_scale():
    now = np.tanh(np.linspace(-2, 2, 60))
    slope, shift = feelings._line(now, np.tanh(0.5 * np.arctanh(now) + 0.1))
    assert slope == pytest.approx(0.5)
    assert shift == pytest.approx(0.1)
    assert feelings._line(now[:10], now[:10]) == (1.0, 0.0)


def table(**cells: list[str]) -> Table:
    return Table(pd.DataFrame(cells, dtype="str"), "utf-8", ",", header=True)


def test_a_persons_choice_pushes_the_old_name_aside():
    made = table(review=["a"], comment=["b"], extra=["c"])
    fitted = columns.fit(made, Roles({"text": "comment"}), {"text": "review"}, ["review"], {"text": "comment"})
    assert list(fitted.frame.columns) == ["review (2)", "review", "extra"]
    assert fitted.roles == {"text": "review"}


def test_a_file_without_header_takes_the_names_in_their_order():
    made = Table(pd.DataFrame({"column 1": ["a"], "column 2": ["5"]}, dtype="str"), "utf-8", ",", header=False)
    fitted = columns.fit(made, Roles({"text": "column 1"}), {"text": "review"}, ["review", "stars"], {})
    assert list(fitted.frame.columns) == ["review", "stars"]
    assert fitted.shared == ("review", "stars")


def test_a_new_role_is_taken_only_from_a_new_column():
    made = table(review=["a"], stars=["5"], day=["2026-01-01"])
    fitted = columns.fit(
        made, Roles({"text": "review", "rating": "stars", "date": "day"}), {"text": "review"}, ["review", "stars"], {}
    )
    assert fitted.roles == {"text": "review", "date": "day"}


@pytest.mark.parametrize(
    ("old", "new", "apart"),
    [
        ("12345" * 20, ["8", "10", "3", "9"] * 6, True),
        (["7", "9", "10", "4", "8"] * 20, ["1", "4", "5", "5"] * 6, True),
        (["7", "9", "10", "4", "8"] * 20, ["5"] * 6, False),
        (["7", "2", "3", "4", "1"] * 20, ["1", "2", "3", "5"] * 6, False),
        ("01" * 40, "1" * 30, False),
        (["0", "3", "5"] * 20, ["4", "5", "1"] * 10, False),
        (["1", "3", "5"] * 20, [""] * 40, False),
    ],
)
def test_another_scale_of_stars_is_seen(old, new, apart):
    assert stars.are_apart("stars", list(old), list(new)) is apart


def test_a_unit_stands_by_its_own_topic_however_much_liker_others_are():
    """One neighbour of its topic, hardly alike, beside others that are very alike: e to that power is no number."""
    coordinates = np.array([[0, 0], [5, 5], [9, 1]], dtype=np.float32)
    near = NeighborGraph(np.array([[1, 2, 0]], np.int32), np.array([[0.95, 0.9, 0.3]], np.float32))
    with np.errstate(all="raise"):
        found = places.place(near, np.array([[False, False, True]]), coordinates, 0.1, np.array([3]))
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 0.2
