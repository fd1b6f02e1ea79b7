"""One byte a point says how it is coloured."""

import numpy as np
import pandas as pd
import pytest

from pipelines.map.colour import MAX_CATEGORIES, MISSING, OTHER, STEPS, colour_by
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
