"""Figures over a slice of a bundle's points: the topic table, trends and distributions of screens and reports.

Every function takes `points` (one row a unit, see DESIGN's bundle) already restricted to the slice in question and
counts *reviews* (distinct row ids), so that a review split into sentences counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.intervals import score_interval

NEUTRAL_BAND = 0.2
"""Sentiment nearer to 0 is neutral; the same as the sentiment stage's default."""
SENTENCE = "sentence"
"""A bundle's config["unit"] where reviews are cut into sentences: topics are then counted in mentions too."""
MIN_RATED = 20
"""Fewest rated reviews on either side for a claim about ratings."""


def count_reviews(points: pd.DataFrame) -> int:
    """Distinct reviews among units."""
    return int(points["row_id"].nunique())


def heads(points: pd.DataFrame) -> NDArray[np.int64]:
    """(n,) the unit id that stands for each unit: its own, or that of the one which it repeats."""
    repeated = points["duplicate_of"].astype("Int64").fillna(points["unit_id"].astype("Int64"))
    return np.asarray(repeated.to_numpy(dtype=np.int64))


def share_interval(count: int, n: int) -> tuple[float, float]:
    """The 95 % interval of the share count/n (n ≥ 1)."""
    low, high = score_interval(count / n, n)
    return float(low), float(high)


def coverage(points: pd.DataFrame) -> float:
    """Share of units with a topic, joined ones included; NaN without units."""
    return float((points["cluster"] >= 0).mean()) if len(points) else float("nan")


def period_of(dates: pd.Series) -> str:
    """The period of a trend, from the span of its dates: D up to 45 days, W up to 270, else M (pandas names)."""
    known = dates.dropna()
    if known.empty:
        return "M"
    days = (known.max() - known.min()).days
    return "D" if days <= 45 else "W" if days <= 270 else "M"


def per_period(points: pd.DataFrame, period: str | None = None) -> pd.DataFrame:
    """Reviews, mean rating and mean sentiment per period: columns period (start), reviews, rating, sentiment, whole.

    Periods without a review are rows of 0; whole: the dates cover all of it. Empty when no review has a date.
    """
    empty = pd.DataFrame({"period": pd.Series(dtype="datetime64[ns]"), "reviews": [], "rating": [], "sentiment": []})
    empty["whole"] = pd.Series(dtype=bool)
    if "date" not in points or points["date"].isna().all():
        return empty
    dated = points.dropna(subset=["date"])
    starts = dated["date"].dt.to_period(period or period_of(dated["date"])).dt.start_time
    grouped = dated.groupby(starts.rename("period"))
    table = grouped.agg(reviews=("row_id", "nunique"), sentiment=("sentiment", "mean"))
    once = ~dated["row_id"].duplicated()
    table["rating"] = dated[once].groupby(starts[once])["rating"].mean() if "rating" in dated else np.nan
    every = pd.period_range(starts.min(), starts.max(), freq=period or period_of(dated["date"]))
    table = table.reindex(every.to_timestamp())
    table["reviews"] = table["reviews"].fillna(0).astype(int)
    table["whole"] = whole_periods(dated["date"], every)
    return table.rename_axis("period").reset_index()[["period", "reviews", "rating", "sentiment", "whole"]]


def whole_periods(dates: pd.Series, periods: pd.PeriodIndex) -> NDArray[np.bool_]:
    """Which of consecutive periods the dates cover to the end: an export from the middle of a month has half of it.

    The first or last period is not whole where more days are missing from it than usually lie between two days with a
    review; nor is a last day of dates with a time of day.
    """
    known = dates.dropna()
    days = known.dt.normalize()
    usual = max((days.max() - days.min()).days / max(days.nunique() - 1, 1), 1.0)
    whole = np.ones(len(periods), dtype=bool)
    whole[0] = (days.min() - periods[0].start_time).days <= usual
    timed = periods.freqstr == "D" and bool((known != days).any())
    whole[-1] &= not timed and (periods[-1].end_time.normalize() - days.max()).days <= usual
    return whole


def topic_table(points: pd.DataFrame, topics: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """One row a topic, pinned ones first, then the reviews without a topic (id −1) where there are any.

    Topics that a person hid have no row; their reviews count in every share.
    Columns: id, name, reviews, mentions (units: more than reviews where those are cut into sentences), share (of the
    slice), joined (share of the topic's units), rating, rated (reviews with a rating), sentiment, negative (share of
    its reviews), stability, pinned.
    """
    total = max(count_reviews(points), 1)
    by_unit = points.groupby("cluster")
    figures = by_unit.agg(joined=("joined", "mean"), sentiment=("sentiment", "mean"))
    once = points.drop_duplicates(["row_id", "cluster"])
    figures["mentions"] = by_unit.size()
    figures["reviews"] = once.groupby("cluster").size()
    rated = once.groupby("cluster")["rating"] if "rating" in points else None
    figures["rating"] = np.nan if rated is None else rated.mean()
    figures["rated"] = 0 if rated is None else rated.count()
    figures["negative"] = _negative(points).groupby(level="cluster").mean()
    listed = sorted((topic for topic in topics if not topic.get("hidden")), key=lambda topic: not topic.get("pinned"))
    if -1 in figures.index:
        listed = [*listed, {"id": -1, "name": "", "stability": None}]
    about = pd.DataFrame(
        [
            {"id": one["id"], "name": one["name"], "stability": one.get("stability"), "pinned": bool(one.get("pinned"))}
            for one in listed
        ],
        columns=["id", "name", "stability", "pinned"],
    )
    table = about.join(figures, on="id")
    counted = ["reviews", "mentions", "rated"]
    table[counted] = table[counted].fillna(0).astype(int)
    table["share"] = table["reviews"] / total
    return table[TOPIC_COLUMNS]


def _negative(points: pd.DataFrame) -> pd.Series:
    """Whether each review (indexed by cluster) sounds negative in a topic, by the mean of its units there."""
    if points["row_id"].is_unique:
        return (points["sentiment_label"] == "negative").set_axis(pd.Index(points["cluster"], name="cluster"))
    return points.groupby(["cluster", "row_id"])["sentiment"].mean() < -NEUTRAL_BAND


TOPIC_COLUMNS = [
    "id", "name", "reviews", "mentions", "share", "joined", "rating", "rated", "sentiment", "negative", "stability",
    "pinned",
]  # fmt: skip


def sentiment_by_topic(points: pd.DataFrame) -> pd.DataFrame:
    """Units per topic and sentiment label: columns cluster, topic, negative, neutral, positive, mean, n.

    Topics that a person hid have no name among the points, and are left out.
    """
    points = points[(points["cluster"] < 0) | (points["topic"] != "")]
    grouped = points.groupby(["cluster", "topic"], sort=True)
    counts = points.pivot_table(
        index=["cluster", "topic"], columns="sentiment_label", values="unit_id", aggfunc="count", fill_value=0
    )
    counts = counts.reindex(columns=["negative", "neutral", "positive"], fill_value=0)
    counts["mean"] = grouped["sentiment"].mean()
    counts["n"] = grouped.size()
    return counts.reset_index().rename_axis(columns=None)


def duplicate_groups(points: pd.DataFrame) -> pd.DataFrame:
    """Groups of equal or nearly equal texts, largest first: columns first (unit_id), text, n, users, days, unit_ids.

    users: distinct users, days: span of the dates (both NaN where the file has none).
    """
    member = points["duplicate_of"].notna()
    inside = member | points["unit_id"].isin(points.loc[member, "duplicate_of"])
    groups = points[inside].assign(first=heads(points)[inside.to_numpy()])
    if groups.empty:
        return pd.DataFrame(columns=["first", "text", "n", "users", "days", "unit_ids"])
    # One pass over all groups: a file of template praise has thousands.
    grouped = groups.groupby("first", sort=True)
    table = pd.DataFrame(
        {
            "text": grouped["text"].first(),
            "n": grouped.size(),
            "users": grouped["user"].nunique() if "user" in points else np.nan,
            "days": (grouped["date"].max() - grouped["date"].min()).dt.days if "date" in points else np.nan,
            "unit_ids": grouped["unit_id"].agg(list),
        }
    )
    return table.reset_index().sort_values("n", ascending=False, kind="stable").reset_index(drop=True)
