"""Figures and findings over small tables with known answers."""

import numpy as np
import pandas as pd
import pytest

from pipelines.figures import (
    count_reviews,
    coverage,
    duplicate_groups,
    per_period,
    period_of,
    sentiment_by_topic,
    share_interval,
    topic_table,
    whole_periods,
)
from pipelines.findings import difference_p, findings, segment_columns, telling
from pipelines.words import catalogue, readable

TOPICS = [{"id": 0, "name": "late delivery", "stability": 0.9}, {"id": 1, "name": "tasty", "stability": None}]


def table(n=300, seed=0):
    """Two topics: 0 lowers the rating by two stars, grows over the year and is frequent in shop B."""
    rng = np.random.default_rng(seed)
    day = np.arange(n)
    shop = rng.choice(["A", "B", "C"], n)
    late = rng.random(n) < 0.1 + 0.4 * (day / n) + 0.3 * (shop == "B")
    points = pd.DataFrame(
        {
            "row_id": np.arange(n),
            "unit_id": np.arange(n),
            "text": pd.array([f"text {i}" for i in range(n)], dtype="str"),
            "cluster": np.where(late, 0, 1).astype(np.int32),
            "topic": pd.array(np.where(late, "late delivery", "tasty"), dtype="str"),
            "joined": False,
            "sentiment": np.where(late, -0.6, 0.5).astype(np.float32),
            "sentiment_label": pd.array(np.where(late, "negative", "positive"), dtype="str"),
            "rating": (np.where(late, 2, 4) + rng.integers(0, 2, n)).astype(np.float32),
            "date": pd.Timestamp("2025-01-01") + pd.to_timedelta(day, unit="D"),
            "duplicate_of": pd.array([None] * n, dtype="Int64"),
            "is_outlier": False,
        }
    )
    rows = pd.DataFrame({"row_id": np.arange(n), "shop": pd.array(shop, dtype="str")})
    return points, rows


def test_topic_table_counts_and_effect():
    points, _ = table()
    result = topic_table(points, TOPICS).set_index("id")
    late = points["cluster"] == 0
    assert result.loc[0, "reviews"] == late.sum()
    assert result.loc[0, "rating"] == pytest.approx(points.loc[late, "rating"].mean())
    assert result.loc[0, "negative"] == 1
    assert result.loc[1, "rated"] == (~late).sum()
    assert -1 not in result.index


def test_a_review_of_several_sentences_counts_once():
    points, _ = table(40)
    twice = pd.concat([points, points.assign(unit_id=points["unit_id"] + 40)], ignore_index=True)
    assert count_reviews(twice) == 40
    assert topic_table(twice, TOPICS)["reviews"].sum() == 40


def test_noise_is_a_row_of_its_own():
    points, _ = table(60)
    points.loc[:9, "cluster"] = -1
    assert topic_table(points, TOPICS)["id"].tolist() == [0, 1, -1]
    assert coverage(points) == pytest.approx(50 / 60)


def test_empty_slice():
    points, rows = table(50)
    nothing = points.iloc[:0]
    assert np.isnan(coverage(nothing))
    assert findings(nothing, rows, TOPICS) == []
    assert topic_table(nothing, TOPICS)["reviews"].tolist() == [0, 0]
    assert duplicate_groups(nothing).empty
    assert sentiment_by_topic(nothing).empty


def test_period_by_span():
    day = pd.Timestamp("2025-01-01")
    assert period_of(pd.Series([day, day + pd.Timedelta(days=30)])) == "D"
    assert period_of(pd.Series([day, day + pd.Timedelta(days=200)])) == "W"
    assert period_of(pd.Series([day, day + pd.Timedelta(days=900)])) == "M"
    assert period_of(pd.Series([pd.NaT], dtype="datetime64[ns]")) == "M"


def test_per_period_keeps_empty_periods():
    points, _ = table(10)
    points["date"] = [pd.Timestamp("2025-01-05")] * 5 + [pd.Timestamp("2025-04-02")] * 5
    assert per_period(points, "M")["reviews"].tolist() == [5, 0, 0, 5]


@pytest.mark.parametrize(
    ("period", "dates", "whole"),
    [
        ("M", ["2025-01-01", "2025-02-10", "2025-02-20", "2025-03-31"], [True, True, True]),
        ("M", [*pd.date_range("2025-01-12", "2025-03-14").astype(str)], [False, True, False]),
        ("D", ["2025-01-01", "2025-01-02", "2025-01-03"], [True, True, True]),
        ("D", ["2025-01-01 09:00", "2025-01-02 10:00", "2025-01-03 11:00"], [True, True, False]),
    ],
)
def test_half_a_period_is_not_whole(period, dates, whole):
    known = pd.Series(pd.to_datetime(dates))
    at = known.dt.to_period(period)
    assert whole_periods(known, pd.period_range(at.min(), at.max(), freq=period)).tolist() == whole


def test_planted_findings_are_found_and_read_well():
    points, rows = table(600)
    found = {finding.kind: finding for finding in findings(points, rows, TOPICS, ["shop"])}
    assert {"largest", "worst", "growing", "segment"} <= set(found)
    assert found["worst"].values["topic"] == "late delivery"
    assert found["segment"].values["value"] == "B"
    for finding in found.values():
        for language in ("en", "zh"):
            sentence = catalogue(language).gettext(finding.template).format(**readable(finding.values))
            assert "{" not in sentence
            assert "nan" not in sentence


def test_nothing_planted_nothing_claimed():
    """Where topics are dealt at random, claims of a difference stay within the 5 % that the test allows."""
    claims = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        points, rows = table(300, seed)
        points["cluster"] = rng.permutation(points["cluster"].to_numpy())
        points["rating"] = rng.integers(1, 6, 300).astype(np.float32)
        kinds = {finding.kind for finding in findings(points, rows, TOPICS, ["shop"])}
        claims += len(kinds & {"worst", "best", "growing", "segment"})
    assert claims / (40 * 4) <= 0.05


def test_difference_p():
    assert difference_p(50, 100, 50, 100) == pytest.approx(1)
    assert difference_p(80, 100, 20, 100) < 1e-10
    assert difference_p(0, 0, 1, 2) == 1
    # scipy.stats.chi2_contingency(correction=False) of [[30, 70], [45, 55]] gives p = 0.02845974
    assert difference_p(30, 100, 45, 100) == pytest.approx(0.02845974, abs=1e-6)


def test_segments_are_columns_with_few_values():
    points, rows = table(300)
    rows["id"] = pd.array([f"order {i}" for i in range(300)], dtype="str")
    rows["marks"] = pd.array([str(i % 5 + 1) for i in range(300)], dtype="str")
    rows["constant"] = pd.array(["x"] * 300, dtype="str")
    assert segment_columns(points, rows, ["id", "constant", "marks", "shop", "absent"]) == ["shop"]


def test_the_column_that_the_topics_were_taken_from_tells_nothing_about_them():
    assert telling(["shop", "topic"], {"given": {"labels": "topic"}}) == ["shop"]
    assert telling(["shop", "topic"], {}) == ["shop", "topic"]


def test_duplicate_groups():
    points, _ = table(20)
    points["user"] = pd.array([f"u{i}" for i in range(20)], dtype="str")
    points.loc[[3, 4, 5], "duplicate_of"] = 1
    points.loc[7, "duplicate_of"] = 2
    groups = duplicate_groups(points)
    assert groups["n"].tolist() == [4, 2]
    assert groups["unit_ids"].tolist() == [[1, 3, 4, 5], [2, 7]]
    assert groups["users"].tolist() == [4, 2]


def test_the_interval_of_a_share_as_published():
    # Newcombe 1998, table I, method 3.
    assert share_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    low, high = share_interval(20, 20)
    assert (round(low, 3), high) == (0.839, 1.0)
