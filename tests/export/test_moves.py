"""Impact and trend in the report: planted effects are said, a slice of one topic says nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.export.html import report_html
from pipelines.export.moves import move_rows
from pipelines.view import Filter, View
from tests.export.test_quotes import facts
from tests.sample_bundle import TOPICS, parts, sample_bundle

TOPIC_TABLE = [{"id": i, "name": name} for i, name in enumerate(TOPICS)]


@pytest.fixture
def points() -> pd.DataFrame:
    """Topic 1 has few stars and all its reviews in the last weeks."""
    made = parts(600).points
    ours = (made["cluster"] == 1).to_numpy()
    rng = np.random.default_rng(3)
    rating = np.where(ours, rng.integers(1, 3, 600), rng.integers(3, 6, 600)).astype(np.float32)
    day = np.where(ours, rng.integers(150, 200, 600), rng.integers(0, 200, 600))
    return made.assign(rating=rating, date=pd.Timestamp("2026-01-01") + pd.to_timedelta(day, unit="D"))


def test_a_planted_effect_and_trend_are_said(points):
    found = move_rows(points, TOPIC_TABLE, str)
    assert found["outcome"] == "rating"
    first = found["rows"][0]
    assert (first["id"], first["name"]) == (1, TOPICS[1])
    assert first["low"] < first["effect"] < first["high"] < -1
    assert first["corner"] in ("Fix first", "Watch")
    assert first["trend"] in ("New", "Rising")
    assert first["early"] < first["late"]
    assert len(first["line"]) > 3


def test_without_dates_and_stars_only_what_can_be_said(points):
    found = move_rows(points.drop(columns=["date", "rating"]), TOPIC_TABLE, str)
    assert found["outcome"] == "sentiment"
    assert all(row["trend"] == "" and row["line"] == [] for row in found["rows"])
    assert move_rows(points.head(0), TOPIC_TABLE, str) == {"outcome": "", "rows": []}


def test_the_slice_of_one_topic_says_nothing_of_the_rest(tmp_path):
    bundle = sample_bundle(tmp_path)
    one = View(filters=(Filter("cluster", "is", 1),))
    page = report_html(bundle, view=one, redact=False, allow_text=True, language="en")
    assert facts(page)["moves"]["rows"] == []
    page = report_html(bundle, view=View(), redact=False, allow_text=True, language="zh")
    assert {row["name"] for row in facts(page)["moves"]["rows"]} <= set(TOPICS)
    assert facts(page)["moves"]["rows"]
