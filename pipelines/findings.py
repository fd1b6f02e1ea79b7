"""What matters in an analysis, in sentences built from measured figures: no model writes them.

A claim about a difference is made only when it is significant at 5 % after a correction over every comparison that was
looked at (Benjamini and Hochberg's where topics are compared, Bonferroni's over segments and topics), and each finding
names the filters that open its evidence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipelines.errors import N_
from pipelines.figures import MIN_RATED, topic_table
from pipelines.impact import Impact, impact
from pipelines.trends import Trends, trends
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
    *,
    effects: Impact | None = None,
    moves: Trends | None = None,
) -> list[Finding]:
    """The few things to know about a slice of an analysis, most telling first; empty for an empty slice.

    effects, moves: the slice's impact and trends, where they are known already.
    """
    if points.empty:
        return []
    table = topic_table(points, topics)
    named = table[table["id"] >= 0]
    effects = effects or impact(points, topics)
    moves = moves or trends(points)
    found = [
        _largest(named),
        _rating(effects, worst=True),
        _growing(moves, named),
        _falling(moves, named),
        _segment(points, rows, named, segments),
        _rating(effects, worst=False),
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


def _rating(effects: Impact, *, worst: bool) -> Finding | None:
    # The effect weighed by volume is what moves the overall mean.
    table = effects.table
    sure = table[table["sure"] & (table["id"] >= 0) & ((table["effect"] < 0) == worst)]
    if effects.outcome != "rating" or sure.empty:
        return None
    top = sure.iloc[int(sure["pull"].abs().argmax())]
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
        "low": float(top["low"]),
        "high": float(top["high"]),
        "reviews": int(top["n"]),
    }
    return Finding("worst" if worst else "best", template, values, int(top["n"]), (_topic_filter(top["id"]),))


def _moving(moves: Trends | None, named: pd.DataFrame, measure: str, kinds: Sequence[str]) -> pd.DataFrame:
    """The named topics whose trend is one of `kinds`, with their verdicts; empty where there is none."""
    if moves is None or measure not in moves.tables:
        return pd.DataFrame()
    found = moves.tables[measure]
    return found[found["kind"].isin(kinds)].merge(named[["id", "name"]], on="id")


def _thirds(moves: Trends) -> dict[str, str]:
    early, late = moves.timeline.thirds()
    return {
        "until": f"{moves.timeline.ends[early.stop - 1]:%Y-%m-%d}",
        "since": f"{moves.timeline.starts[late.start]:%Y-%m-%d}",
    }


def _growing(moves: Trends | None, named: pd.DataFrame) -> Finding | None:
    found = _moving(moves, named, "share", ("new", "rising"))
    if moves is None or found.empty:
        return None
    top = found.iloc[int((found["late"] - found["early"]).argmax())]
    values = {
        "topic": top["name"],
        "before": float(top["early"]),
        "after": float(top["late"]),
        "ratio": f"{top['change']:.1f}",
        "ratio_low": f"{top['low']:.1f}",
        "ratio_high": f"{top['high']:.1f}",
        **_thirds(moves),
    }
    template = (
        N_("“{topic}” is new: {before} of reviews up to {until}, {after} since {since}.")
        if top["kind"] == "new"
        else N_(
            "“{topic}” is growing: {before} of reviews up to {until}, {after} since {since} "
            "(×{ratio}; 95 %: {ratio_low} to {ratio_high})."
        )
    )
    return Finding("growing", template, values, int(top["n"]), (_topic_filter(top["id"]),))


def _falling(moves: Trends | None, named: pd.DataFrame) -> Finding | None:
    found = _moving(moves, named, "rating", ("falling",))
    if moves is None or found.empty:
        return None
    top = found.iloc[int((found["change"] * found["n"]).argmin())]
    values = {
        "topic": top["name"],
        "mean": f"{top['early']:.2f}",
        "mean_now": f"{top['late']:.2f}",
        "effect": float(top["change"]),
        "low": float(top["low"]),
        "high": float(top["high"]),
        **_thirds(moves),
    }
    return Finding(
        "falling",
        N_(
            "Reviews about “{topic}” give fewer stars than before: {mean} up to {until}, {mean_now} since {since} "
            "({effect}; 95 %: {low} to {high})."
        ),
        values,
        int(top["n"]),
        (_topic_filter(top["id"]),),
    )


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
        counts = counts.reindex(columns=named["id"], fill_value=0)
        of_value, of_topic = dict(zip(counts.index, counts.to_numpy(), strict=True)), counts.sum().to_numpy()
        for value, n in sizes.items():
            if n < MIN_RATED or value == "":
                continue
            rest = total - int(n)
            compared += len(named)
            here = of_value[value]
            for topic_id, a, b in zip(named["id"], here.tolist(), (of_topic - here).tolist(), strict=True):
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
