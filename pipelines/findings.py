"""What matters in an analysis, in sentences built from measured figures: no model writes them.

A claim about a difference is made only when it is significant at 5 % after Bonferroni's correction over every
comparison that was looked at, and each finding names the filters that open its evidence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipelines.errors import N_
from pipelines.figures import MIN_RATED, count_reviews, topic_table
from pipelines.types import name_in_rows
from pipelines.view import Filter

MAX_SEGMENT_VALUES = 40
"""A column with more values than this is no segment."""


@dataclass(frozen=True)
class Finding:
    """One sentence: a translatable template over `values`, the reviews it rests on, and the filters that show them."""

    kind: str
    template: str
    values: Mapping[str, object]
    reviews: int
    filters: tuple[Filter, ...] = field(default_factory=tuple)


def difference_p(a: int, n_a: int, b: int, n_b: int) -> float:
    """Two-sided p of a/n_a = b/n_b, pooled two-proportion z-test; 1 where it does not apply."""
    if min(n_a, n_b) == 0:
        return 1.0
    pooled = (a + b) / (n_a + n_b)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    return 1.0 if error == 0 else math.erfc(abs(a / n_a - b / n_b) / error / math.sqrt(2))


def segment_columns(points: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """Upload columns that can slice the reviews: 2 to MAX_SEGMENT_VALUES values, most values on several rows.

    rows: the bundle's rows. columns: the upload's columns to consider, in order.
    """
    chosen = []
    kept = rows[rows["row_id"].isin(points["row_id"])]
    for column in columns:
        if name_in_rows(column) not in kept:
            continue
        values = kept[name_in_rows(column)].astype("str")
        values = values[values != ""]
        distinct = values.nunique()
        fits = 2 <= distinct <= MAX_SEGMENT_VALUES and len(values) >= 10 * distinct and len(values) >= len(kept) / 2
        if fits and not _is_scale(values):
            chosen.append(column)
    return chosen


def telling(columns: Sequence[str], summary: Mapping[str, Any]) -> list[str]:
    """Segment columns without the one that the topics themselves were taken from: it says 100 % about each of them."""
    return [column for column in columns if column != summary.get("given", {}).get("labels")]


def _is_scale(values: pd.Series) -> bool:
    """Whether a column holds marks such as 1…5 or 1…10: those measure a review, they do not slice the reviews."""
    numbers = pd.to_numeric(values, errors="coerce")
    return bool(numbers.notna().all() and (numbers % 1 == 0).all() and numbers.between(0, 10).all())


def findings(
    points: pd.DataFrame,
    rows: pd.DataFrame,
    topics: Sequence[Mapping[str, object]],
    segments: Sequence[str] = (),
) -> list[Finding]:
    """The few things to know about a slice of an analysis, most telling first; empty for an empty slice."""
    if points.empty:
        return []
    table = topic_table(points, topics)
    named = table[table["id"] >= 0]
    found = [
        _largest(named),
        _rating(named, worst=True),
        _growing(points, named),
        _segment(points, rows, named, segments),
        _rating(named, worst=False),
        _most_negative(named),
    ]
    return [finding for finding in found if finding is not None]


def _topic_filter(topic_id: int) -> Filter:
    return Filter("cluster", "is", int(topic_id))


def _largest(named: pd.DataFrame) -> Finding | None:
    if (named["reviews"] > 0).sum() < 2:
        return None
    top = named.sort_values("reviews", ascending=False, kind="stable").iloc[0]
    return Finding(
        "largest",
        N_("The most frequent topic is “{topic}”: {reviews} reviews, {share} of all."),
        {"topic": top["name"], "reviews": int(top["reviews"]), "share": float(top["share"])},
        int(top["reviews"]),
        (_topic_filter(top["id"]),),
    )


def _rating(named: pd.DataFrame, *, worst: bool) -> Finding | None:
    # The effect weighed by volume is what moves the overall mean; the interval must leave 0 out after the correction.
    known = named.dropna(subset=["effect"])
    if known.empty:
        return None
    z = _normal_quantile(1 - 0.025 / len(known))
    margin = (known["effect_high"] - known["effect_low"]) / 2 / 1.96 * z
    sure = known[known["effect"] + margin < 0] if worst else known[known["effect"] - margin > 0]
    if sure.empty:
        return None
    pull = sure["effect"] * sure["share"]
    top = sure.iloc[int(pull.argmin() if worst else pull.argmax())]
    template = (
        N_(
            "“{topic}” pulls ratings down most: {effect} stars against the rest "
            "(95 %: {low} to {high}; {reviews} reviews)."
        )
        if worst
        else N_(
            "“{topic}” lifts ratings most: {effect} stars against the rest (95 %: {low} to {high}; {reviews} reviews)."
        )
    )
    values = {
        "topic": top["name"],
        "effect": float(top["effect"]),
        "low": float(top["effect_low"]),
        "high": float(top["effect_high"]),
        "reviews": int(top["rated"]),
    }
    return Finding("worst" if worst else "best", template, values, int(top["rated"]), (_topic_filter(top["id"]),))


def _normal_quantile(p: float) -> float:
    from scipy.stats import norm

    return float(norm.ppf(p))


def _growing(points: pd.DataFrame, named: pd.DataFrame) -> Finding | None:
    if "date" not in points or points["date"].isna().all() or named.empty:
        return None
    low, high = points["date"].quantile([1 / 3, 2 / 3])
    early, late = points[points["date"] <= low], points[points["date"] > high]
    n_early, n_late = count_reviews(early), count_reviews(late)
    best: Finding | None = None
    best_gain = 0.0
    for _, topic in named.iterrows():
        a, b = (count_reviews(part[part["cluster"] == topic["id"]]) for part in (early, late))
        if a + b < MIN_RATED or min(n_early, n_late) == 0:
            continue
        gain = b / n_late - a / n_early
        if gain > best_gain and difference_p(a, n_early, b, n_late) < 0.05 / len(named):
            best_gain = gain
            best = Finding(
                "growing",
                N_("“{topic}” is growing: {before} of reviews up to {until}, {after} since {since}."),
                {
                    "topic": topic["name"],
                    "before": a / n_early,
                    "after": b / n_late,
                    "until": f"{low:%Y-%m-%d}",
                    "since": f"{high:%Y-%m-%d}",
                },
                a + b,
                (_topic_filter(topic["id"]),),
            )
    return best


def _segment(points: pd.DataFrame, rows: pd.DataFrame, named: pd.DataFrame, segments: Sequence[str]) -> Finding | None:
    if named.empty or not segments:
        return None
    per_review = points.drop_duplicates(["row_id", "cluster"])[["row_id", "cluster"]]
    upload = rows.set_index("row_id")
    total = points["row_id"].nunique()
    cells: list[tuple[float, str, str, int, int, int, int]] = []
    compared = 0
    for column in segments:
        # One column at a time: an upload may have a column that is called like one of ours.
        values = upload[name_in_rows(column)].reindex(per_review["row_id"]).reset_index(drop=True)
        first = ~per_review["row_id"].duplicated().reset_index(drop=True)
        sizes = values[first].value_counts()
        counts = pd.crosstab(values, per_review["cluster"].reset_index(drop=True))
        of_topic = counts.sum()
        for value, n in sizes.items():
            if n < MIN_RATED or value == "":
                continue
            for topic_id in named["id"]:
                compared += 1
                a = int(counts[topic_id][value]) if topic_id in counts else 0
                b = int(of_topic.get(topic_id, 0)) - a
                rest = total - int(n)
                if a >= 10 and rest and a / n > 1.5 * (b / rest):
                    cells.append((difference_p(a, int(n), b, rest), column, str(value), int(topic_id), a, int(n), b))
    cells.sort()
    if not cells or cells[0][0] >= 0.05 / max(compared, 1):
        return None
    _, column, value, topic_id, a, n, b = cells[0]
    name = str(named.loc[named["id"] == topic_id, "name"].iloc[0])
    return Finding(
        "segment",
        N_("{column} “{value}” stands out: {here} of its reviews are about “{topic}”, {there} elsewhere."),
        {"column": column, "value": value, "topic": name, "here": a / n, "there": b / max(total - n, 1)},
        a,
        (Filter(f"row:{column}", "is", value), _topic_filter(topic_id)),
    )


def _most_negative(named: pd.DataFrame) -> Finding | None:
    big = named[(named["reviews"] >= MIN_RATED) & (named["negative"] > 0.5)]
    if big.empty:
        return None
    top = big.sort_values("negative", kind="stable").iloc[-1]
    return Finding(
        "negative",
        N_("“{topic}” sounds the most negative: {share} of its {reviews} reviews."),
        {"topic": top["name"], "share": float(top["negative"]), "reviews": int(top["reviews"])},
        int(top["reviews"]),
        (_topic_filter(top["id"]), Filter("sentiment_label", "is", "negative")),
    )
