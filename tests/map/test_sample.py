"""Of very many points those are drawn that matter, and more where a person looks closer."""

import numpy as np
import pandas as pd
import pytest

from pipelines.map.sample import LIMIT, more, sample, window


def made(n: int = 5000) -> pd.DataFrame:
    random = np.random.default_rng(3)
    # Topic 2 is tiny, topic 0 large; some have none.
    cluster = np.where(np.arange(n) < 15, 2, random.choice([-1, 0, 0, 0, 1], n)).astype(np.int32)
    places = random.normal(size=(n, 5)).astype(np.float32)
    return pd.DataFrame(dict(zip(("x2", "y2", "x3", "y3", "z3"), places.T, strict=True))).assign(
        cluster=cluster,
        joined=random.random(n) < 0.2,
        cluster_strength=random.random(n).astype(np.float32),
        outlier_score=random.random(n).astype(np.float32),
        is_outlier=random.random(n) < 0.01,
    )


def test_few_points_are_all_drawn():
    assert sample(made(100)) is None
    assert sample(made(100), limit=99) is not None
    assert LIMIT == 200_000


def test_what_matters_is_drawn_and_every_topic_too():
    points = made()
    found = sample(points, limit=1000, most=1000)
    assert found is not None
    assert len(found.base) == 1000
    drawn = points.iloc[found.base]
    assert points["is_outlier"].sum() == drawn["is_outlier"].sum()
    assert (drawn["cluster"] == 2).sum() == 15
    core = points[(points["cluster"] == 1) & ~points["joined"]].nlargest(20, "cluster_strength").index
    assert {*core} <= {*found.base.tolist()}
    for axis in ("x2", "y3"):
        assert drawn[axis].max() == points[axis].max()
    # A sample keeps the shares of the large topics.
    rest = drawn["cluster"].value_counts(normalize=True)
    assert rest[0] > rest[1]


def test_the_oddest_come_first_where_there_are_too_many():
    points = made().assign(is_outlier=True)
    found = sample(points, limit=1000, most=500)
    best = found.rank < 500
    assert (
        points["outlier_score"][best].nlargest(100).index.tolist()
        == points["outlier_score"].nlargest(100).index.tolist()
    )


def test_the_same_points_give_the_same_sample():
    one, other = sample(made(), limit=1000, most=500), sample(made(), limit=1000, most=500)
    np.testing.assert_array_equal(one.base, other.base)
    np.testing.assert_array_equal(one.rank, other.rank)


def test_more_are_those_that_are_wanted_and_then_those_in_sight():
    points = made()
    found = sample(points, limit=1000, most=500)
    hidden = np.setdiff1d(np.arange(len(points)), found.base)
    hits = hidden[[5, 3, 900]]
    inside = window(points, {"flat": [-0.2, 0.2, -0.2, 0.2]})
    extra = more(found, inside, [np.r_[found.base[:4], hits]], most=60)
    assert extra[:3].tolist() == hits.tolist()
    assert len(extra) == 60
    assert not {*extra.tolist()} & {*found.base.tolist()}
    assert len({*extra.tolist()}) == 60
    assert inside[extra[3:]].all()
    all_in_sight = more(found, inside, [])
    assert {*all_in_sight.tolist()} == {*np.flatnonzero(inside).tolist()} - {*found.base.tolist()}
    # The best of those in sight are the ones that are drawn.
    assert found.rank[extra[3:]].max() < found.rank[np.setdiff1d(all_in_sight, extra)].min()
    assert len(more(found, None, [])) == 0
    assert len(more(found, None, [hidden], most=60)) == 20


@pytest.mark.parametrize("camera", [None, {}, {"flat": None}, {"flat": [1, 2]}, {"flat": [-9, 9, -9, 9]}])
def test_without_zoom_there_is_no_window(camera):
    assert window(made(50), camera) is None
