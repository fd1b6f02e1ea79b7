"""What a report says about a slice of an analysis, as plain JSON values; positions stand for reviews, never texts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines import figures, odd
from pipelines.bursts import repeated_groups
from pipelines.export.words import BURST, ODD_ALONE, ODD_FAR, ODD_PLAIN
from pipelines.findings import Finding
from pipelines.words import readable

Gettext = Callable[[str], str]

MAX_ODD = 50
MAX_DUPLICATE_GROUPS = 100
MAX_GROUP_MEMBERS = 2000
NEAR_SHOWN = 3
HISTOGRAM_BINS = 20


def number(value: float | None, digits: int = 4) -> float | None:
    """A value for JSON: None where it is missing or not finite."""
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


def cards(points: pd.DataFrame) -> dict[str, float | None]:
    """The report's headline figures over the slice."""
    per_review = points.drop_duplicates("row_id")
    return {
        "reviews": figures.count_reviews(points),
        # A topic that a person hid has no name.
        "topics": int(points.loc[(points["cluster"] >= 0) & (points["topic"] != ""), "cluster"].nunique()),
        "coverage": number(figures.coverage(points)),
        "mean_rating": number(float(per_review["rating"].mean())) if "rating" in points else None,
        "mean_sentiment": number(float(points["sentiment"].mean())) if len(points) else None,
    }


def topic_rows(points: pd.DataFrame, topics: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The topic table of the slice: topics that occur in it, pinned and large ones first, then those without one."""
    keywords = {topic["id"]: [str(keyword[0]) for keyword in topic.get("keywords", [])[:8]] for topic in topics}
    found = []
    for row in figures.topic_table(points, topics).to_dict("records"):
        if row["reviews"]:
            found.append(
                {
                    "id": int(row["id"]),
                    "name": str(row["name"]),
                    "reviews": int(row["reviews"]),
                    "mentions": int(row["mentions"]),
                    "share": number(row["share"]),
                    "rating": number(row["rating"], 2),
                    "sentiment": number(row["sentiment"], 2),
                    "stability": number(row["stability"], 2),
                    "keywords": keywords.get(row["id"], []),
                    "pinned": bool(row["pinned"]),
                }
            )
    return sorted(found, key=lambda row: (row["id"] < 0, not row["pinned"], -row["reviews"]))


def finding_rows(found: Sequence[Finding], gettext: Gettext) -> list[dict[str, Any]]:
    """Findings as sentences, each with the topic that a click opens (None where it is about no single topic)."""
    rows = []
    for finding in found:
        topic = next((item.value for item in finding.filters if item.column == "cluster" and item.op == "is"), None)
        text = gettext(finding.template).format(**readable(finding.values))
        rows.append({"text": text, "topic": topic if isinstance(topic, int) else None})
    return rows


def sentiment_figures(points: pd.DataFrame) -> dict[str, Any]:
    """Histogram of sentiment, of stars, labels by topic, and figures per period."""
    counts, edges = np.histogram(points["sentiment"].to_numpy(dtype=float), bins=HISTOGRAM_BINS, range=(-1, 1))
    by_topic = figures.sentiment_by_topic(points) if len(points) else pd.DataFrame()
    named = by_topic[by_topic["cluster"] >= 0].sort_values("n", ascending=False).head(15) if len(by_topic) else by_topic
    periods = figures.per_period(points)
    stars: list[list[float]] = []
    if "rating" in points:
        rounded = points.drop_duplicates("row_id")["rating"].dropna().round()
        stars = [[float(star), int((rounded == star).sum())] for star in range(1, 6)] if len(rounded) else []
    return {
        "histogram": {"middles": np.round((edges[:-1] + edges[1:]) / 2, 3).tolist(), "counts": counts.tolist()},
        "stars": stars,
        "by_topic": [
            {
                "name": str(row["topic"]),
                **{label: int(row[label]) for label in ("negative", "neutral", "positive")},
                "mean": number(row["mean"], 2),
            }
            for row in named.to_dict("records")
        ],
        "periods": [
            {
                "period": row["period"].strftime("%Y-%m-%d"),
                "reviews": int(row["reviews"]),
                "sentiment": number(row["sentiment"], 3),
            }
            for row in periods.to_dict("records")
        ],
    }


def odd_rows(
    points: pd.DataFrame,
    chosen: np.ndarray,
    graph: Mapping[str, np.ndarray] | None,
    gettext: Gettext,
    signs: odd.Signs | None = None,
) -> list[dict[str, Any]]:
    """The oddest reviews of the slice, oddest first: position, score, reason, positions of the most similar in it.

    chosen: (units,) bool, the slice. graph: the kNN graph's indices, similarity and representatives (unit_ids). signs:
    what else is told of each, without any word of its text.
    """
    score = points["outlier_score"].to_numpy(dtype=float)
    is_outlier = points["is_outlier"].to_numpy(dtype=bool) & chosen
    first = points["duplicate_of"].isna().to_numpy(dtype=bool)
    positions = np.flatnonzero(is_outlier & first)
    positions = positions[np.argsort(-score[positions], kind="stable")][:MAX_ODD]
    places = np.flatnonzero(chosen).tolist()
    place_of = dict(zip(points["unit_id"].to_numpy()[chosen].tolist(), places, strict=True))
    neighbors = _Neighbors(graph)
    rows = []
    for position in positions:
        near, similarity = neighbors.of(int(points["unit_id"].iloc[position]))
        rows.append(
            {
                "i": int(position),
                "score": number(score[position], 3),
                "reason": " ".join(
                    [
                        *(odd.say(sign, gettext) for sign in _told(signs, int(position))),
                        _reason(similarity, neighbors, score, score[position], gettext),
                    ]
                ),
                "near": [
                    [place_of[unit], round(alike, 3)]
                    for unit, alike in zip(near[:NEAR_SHOWN], similarity[:NEAR_SHOWN].tolist(), strict=True)
                    if unit in place_of
                ],
            }
        )
    return rows


def _told(signs: odd.Signs | None, position: int) -> list[odd.Sign]:
    """The signs of a unit that say more than that it is far, which the reason does, and hold no word of its text."""
    found = [] if signs is None else signs.of(position)
    return [sign for sign in found if sign.kind != odd.FAR and not sign.values.get("found")]


class _Neighbors:
    """The kNN graph by unit id, and what is usual in it."""

    def __init__(self, graph: Mapping[str, np.ndarray] | None) -> None:
        similarity = None if graph is None else graph["similarity"]
        self.graph = graph if similarity is not None and similarity.size else None
        if self.graph is None:
            return
        self.representatives = self.graph["representatives"]
        similarity = self.graph["similarity"]
        self.usual_first = float(np.median(similarity[:, 0]))
        self.usual_mean = float(np.median(similarity[:, :10].mean(axis=1)))

    def of(self, unit: int) -> tuple[list[int], np.ndarray]:
        """Unit ids of a unit's nearest and their similarity, nearest first; empty for a unit not in the graph."""
        if self.graph is None:
            return [], np.zeros(0)
        at = int(np.searchsorted(self.representatives, unit))
        if at >= len(self.representatives) or self.representatives[at] != unit:
            return [], np.zeros(0)
        return [int(self.representatives[i]) for i in self.graph["indices"][at]], self.graph["similarity"][at]


def _reason(similarity: np.ndarray, neighbors: _Neighbors, scores: np.ndarray, own: float, gettext: Gettext) -> str:
    percent = "{:.0%}".format
    if len(similarity) and similarity[0] < neighbors.usual_first:
        return gettext(ODD_ALONE).format(nearest=percent(similarity[0]), usual=percent(neighbors.usual_first))
    if len(similarity):
        mean = float(similarity[:10].mean())
        return gettext(ODD_FAR).format(mean=percent(mean), usual=percent(neighbors.usual_mean))
    return gettext(ODD_PLAIN).format(share=f"{float((scores < own).mean()):.1%}")


def duplicate_rows(points: pd.DataFrame, chosen: np.ndarray, gettext: Gettext) -> list[dict[str, Any]]:
    """Groups of equal or nearly equal texts in the slice, bursts first, then by size, as positions in `points`."""
    part = points[chosen]
    place_of = dict(zip(part["unit_id"].tolist(), np.flatnonzero(chosen).tolist(), strict=True))
    rows: list[dict[str, Any]] = []
    for group in repeated_groups(part).head(MAX_DUPLICATE_GROUPS).to_dict("records"):
        if group["n"] < 2:
            continue
        places = [place_of[unit] for unit in group["unit_ids"]]
        rows.append(
            {
                "n": int(group["n"]),
                "users": number(group["users"], 0),
                "days": number(group["days"], 0),
                "burst": _burst(group, gettext),
                "units": places[:MAX_GROUP_MEMBERS],
            }
        )
    return rows


def _burst(group: Mapping[Any, Any], gettext: Gettext) -> str:
    """The burst of a group as a sentence; "" where it had none."""
    if pd.isna(group["burst"]):
        return ""
    return gettext(BURST).format(
        k=f"{int(group['burst']):,}",
        start=f"{group['start']:%Y-%m-%d}",
        end=f"{group['end']:%Y-%m-%d}",
        expected=f"{group['expected']:.2g}",
    )
