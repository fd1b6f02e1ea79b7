"""One byte a point says how it is coloured."""

import numpy as np
import pandas as pd
import pytest

from pipelines.map.colour import MAX_CATEGORIES, MISSING, OTHER, STEPS, allowed_colours, asked_colour, colour_by
from tests.sample_bundle import TOPICS, parts

SAMPLE = parts()
TOPIC_LIST = SAMPLE.summary["topics"]


def test_topics_largest_first_noise_missing():
    points = SAMPLE.points
    spec = colour_by(points, SAMPLE.rows, "topic", TOPIC_LIST)
    assert spec.is_topic
    assert sorted(spec.labels) == sorted(TOPICS)
    sizes = [int((spec.index == i).sum()) for i in range(len(TOPICS))]
    assert sizes == sorted(sizes, reverse=True)
    assert ((spec.index == MISSING) == (points["cluster"] == -1)).all()
    assert colour_by(points, SAMPLE.rows, "cluster", TOPIC_LIST).labels == spec.labels


def test_more_topics_than_colours_share_one():
    n = 30
    points = pd.DataFrame({"row_id": np.arange(n), "cluster": np.arange(n, dtype=np.int32)})
    spec = colour_by(points, pd.DataFrame(), "topic", [{"id": i, "name": f"t{i}"} for i in range(n)])
    assert len(spec.labels) == MAX_CATEGORIES
    assert (spec.index == OTHER).sum() == n - MAX_CATEGORIES


@pytest.mark.parametrize(
    ("column", "low", "high"), [("sentiment", -1, 1), ("rating", 1, 5), ("outlier", 0, 1), ("outlier_score", 0, 1)]
)
def test_known_measures_have_fixed_ends(column, low, high):
    spec = colour_by(SAMPLE.points, SAMPLE.rows, column, TOPIC_LIST)
    assert (spec.low, spec.high) == (low, high)
    assert spec.kind == ("diverging" if column == "sentiment" else "sequential")
    assert (spec.index <= STEPS).all()
    if column == "rating":
        assert (spec.index[SAMPLE.points["rating"] == 1] == 0).all()
        assert (spec.index[SAMPLE.points["rating"] == 5] == STEPS).all()


def test_upload_columns_are_measures_or_categories():
    price = colour_by(SAMPLE.points, SAMPLE.rows, "row:price", TOPIC_LIST)
    assert price.kind == "sequential"
    shop = colour_by(SAMPLE.points, SAMPLE.rows, "row:<b>shop</b>", TOPIC_LIST)
    assert shop.kind == "categorical"
    assert set(shop.labels) == {"north", "south", "<i>east</i>"}


def test_dates_are_days():
    spec = colour_by(SAMPLE.points, SAMPLE.rows, "date", TOPIC_LIST)
    assert spec.is_date
    assert spec.low == SAMPLE.points["date"].min().toordinal() - pd.Timestamp("1970-01-01").toordinal()


@pytest.mark.parametrize("column", ["topic", "sentiment", "date", "user", "row:<b>shop</b>", "row:price"])
def test_points_that_are_not_coloured_leave_no_trace(column):
    points = SAMPLE.points
    only = (points["cluster"].isin([0, 1]) & (points["row_id"] % 3 == 1)).to_numpy()
    changed = points.copy()
    changed.loc[~only, "user"], changed.loc[~only, "topic"] = "somebody else", "another"
    changed.loc[~only, ["sentiment", "rating"]], changed.loc[~only, "cluster"] = 0, 3
    changed.loc[~only, "date"] = pd.Timestamp("1999-01-01")
    spec, other = (colour_by(frame, SAMPLE.rows, column, TOPIC_LIST, only=only) for frame in (points, changed))
    assert spec.meta("light") == other.meta("light")
    assert (spec.index == other.index).all()
    assert (spec.index[~only] == MISSING).all()
    assert (spec.index[only] != MISSING).all()
    if column == "topic":
        assert {*spec.labels} == {TOPICS[0], TOPICS[1]}
    if column == "row:<b>shop</b>":
        assert spec.labels == ("south",)


def test_a_view_is_coloured_by_a_closed_list():
    summary = {"columns": ["评论", "标题", "用户", "shop"], "roles": {"text": "评论", "title": "标题", "user": "用户"}}
    allowed = allowed_colours(SAMPLE.points, summary)
    assert allowed[0] == "topic"
    assert [name for name in allowed if name.startswith("row:")] == ["row:shop"]
    for column in ("text", "user", "row:评论", "row:标题", "row:用户", "row:row_id", "x2", "unit_id", "", "row:"):
        assert asked_colour(column, allowed) == "topic"
    for column in ("topic", "sentiment_label", "language", "is_outlier", "joined", "row:shop"):
        assert asked_colour(column, allowed) == column
    assert (asked_colour("cluster", allowed), asked_colour("outlier", allowed)) == ("topic", "outlier_score")
    assert asked_colour("row:shop", allowed_colours(SAMPLE.points, summary, with_upload=False)) == "topic"
    assert allowed_colours(SAMPLE.points.drop(columns=["rating", "user"]), {}) == [
        name for name in allowed if name not in {"rating", "row:shop"}
    ]


@pytest.mark.parametrize("column", ["nothing", "row:nothing", "row:"])
def test_an_unknown_column_colours_nothing(column):
    assert (colour_by(SAMPLE.points, SAMPLE.rows, column, TOPIC_LIST).index == MISSING).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 12])
@pytest.mark.parametrize("column", ["topic", "sentiment", "rating", "outlier", "date", "language", "row:price"])
def test_few_points(n, column):
    few = parts(n)
    spec = colour_by(few.points, few.rows, column, few.summary["topics"])
    assert spec.index.dtype == np.uint8
    assert len(spec.index) == n
    for theme in ("light", "dark"):
        assert spec.meta(theme)["colours"]


def test_missing_values_stay_missing():
    points = SAMPLE.points.assign(rating=np.nan, date=pd.NaT)
    for column in ("rating", "date"):
        assert (colour_by(points, SAMPLE.rows, column, TOPIC_LIST).index == MISSING).all()
