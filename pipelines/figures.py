"""Figures over a slice of a bundle's points: the topic table, trends and distributions of screens and reports.

Every function takes `points` (one row a unit, see DESIGN's bundle) already restricted to the slice in question and
counts *reviews* (distinct row ids), so that a review split into sentences counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    """Reviews, mean rating and mean sentiment per period: columns period (start), reviews, rating, sentiment.

    Periods without a review are rows of 0. Empty when no review has a date.
    """
    empty = pd.DataFrame({"period": pd.Series(dtype="datetime64[ns]"), "reviews": [], "rating": [], "sentiment": []})
    if "date" not in points or points["date"].isna().all():
        return empty
    dated = points.dropna(subset=["date"])
    starts = dated["date"].dt.to_period(period or period_of(dated["date"])).dt.start_time
    grouped = dated.groupby(starts.rename("period"))
    table = grouped.agg(reviews=("row_id", "nunique"), sentiment=("sentiment", "mean"))
    once = ~dated["row_id"].duplicated()
    table["rating"] = dated[once].groupby(starts[once])["rating"].mean() if "rating" in dated else np.nan
    every = pd.period_range(starts.min(), starts.max(), freq=period or period_of(dated["date"])).to_timestamp()
    table = table.reindex(every)
    table["reviews"] = table["reviews"].fillna(0).astype(int)
    return table.rename_axis("period").reset_index()[["period", "reviews", "rating", "sentiment"]]


def growth(points: pd.DataFrame, whole: pd.DataFrame) -> float:
    """How a slice's share of reviews changed from the first to the last third of the whole's time span.

    Ratio of the two shares with half a review added to each count (Haldane–Anscombe), so that 0 of few is no infinity;
    1 = unchanged; NaN without dates or with fewer than 10 dated reviews in either third of the whole.
    """
    if "date" not in whole or whole["date"].isna().all():
        return float("nan")
    low, high = whole["date"].quantile([1 / 3, 2 / 3])
    early, late = whole["date"] <= low, whole["date"] > high
    n_early, n_late = count_reviews(whole[early]), count_reviews(whole[late])
    if min(n_early, n_late) < 10:
        return float("nan")
    first = count_reviews(points[points["date"] <= low])
    last = count_reviews(points[points["date"] > high])
    return ((last + 0.5) / (n_late + 1)) / ((first + 0.5) / (n_early + 1))


def rating_effect(inside: pd.Series, outside: pd.Series) -> tuple[float, float, float] | None:
    """Mean rating inside minus outside with a 95 % interval (Welch's standard error): (effect, low, high).

    None when either side has fewer than MIN_RATED ratings.
    """
    a, b = inside.dropna(), outside.dropna()
    if min(len(a), len(b)) < MIN_RATED:
        return None
    effect = float(a.mean() - b.mean())
    margin = 1.96 * float(np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))
    return effect, effect - margin, effect + margin


def topic_table(points: pd.DataFrame, topics: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """One row a topic, pinned ones first, then the reviews without a topic (id −1) where there are any.

    Topics that a person hid have no row; their reviews count in every share.
    Columns: id, name, reviews, mentions (units: more than reviews where those are cut into sentences), share (of the
    slice), joined (share of the topic's units), rating, rated (reviews with a rating), effect, effect_low, effect_high,
    sentiment, negative (share of its reviews), growth, trend (reviews per period, list), stability, pinned.
    """
    total = max(count_reviews(points), 1)
    period = period_of(points["date"]) if "date" in points else "M"
    periods = per_period(points, period)["period"]
    rows = []
    listed = sorted((topic for topic in topics if not topic.get("hidden")), key=lambda topic: not topic.get("pinned"))
    for topic in [*listed, {"id": -1, "name": "", "stability": None}]:
        own = points["cluster"] == topic["id"]
        part = points[own]
        if topic["id"] == -1 and part.empty:
            continue
        rated = part.drop_duplicates("row_id")["rating"] if "rating" in part else pd.Series(dtype=float)
        # Against the reviews that have no unit in the topic at all, so that the two sides share none.
        others = points[~points["row_id"].isin(part["row_id"])]
        rest = others.drop_duplicates("row_id")["rating"] if "rating" in part else pd.Series(dtype=float)
        effect = rating_effect(rated, rest) or (np.nan, np.nan, np.nan)
        series = per_period(part, period).set_index("period")["reviews"].reindex(periods, fill_value=0)
        rows.append(
            {
                "id": topic["id"],
                "name": topic["name"],
                "reviews": count_reviews(part),
                "mentions": len(part),
                "share": count_reviews(part) / total,
                "joined": float(part["joined"].mean()) if len(part) else np.nan,
                "rating": float(rated.mean()) if len(rated) else np.nan,
                "rated": int(rated.notna().sum()),
                "effect": effect[0],
                "effect_low": effect[1],
                "effect_high": effect[2],
                "sentiment": float(part["sentiment"].mean()) if len(part) else np.nan,
                "negative": _negative_share(part),
                "growth": growth(part, points),
                "trend": series.tolist(),
                "stability": topic.get("stability"),
                "pinned": bool(topic.get("pinned")),
            }
        )
    return pd.DataFrame(rows, columns=TOPIC_COLUMNS)


def _negative_share(part: pd.DataFrame) -> float:
    """Share of reviews whose units sound negative on the whole; NaN without units."""
    if part.empty:
        return float("nan")
    if part["row_id"].is_unique:
        return float((part["sentiment_label"] == "negative").mean())
    return float((part["sentiment"].groupby(part["row_id"]).mean() < -NEUTRAL_BAND).mean())


TOPIC_COLUMNS = [
    "id", "name", "reviews", "mentions", "share", "joined", "rating", "rated", "effect", "effect_low", "effect_high",
    "sentiment", "negative", "growth", "trend", "stability", "pinned",
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
