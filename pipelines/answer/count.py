"""Counting: which reviews match what a question asks about, by words, by meaning above a shown likeness, by topic.

No model takes part. Every figure equals a count over the units that are handed out with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.answer.types import Ask, Counted, Group
from pipelines.compare.intervals import wilson
from pipelines.search import query_terms
from pipelines.store.reader import Bundle
from pipelines.tracked import meaning, words
from pipelines.tracked.judge import folded_texts
from pipelines.types import BoolArray
from pipelines.view import column_values, mask

FEW_STARS, MANY_STARS = 2, 4
"""Stars up to which a review counts as a complaint, and from which on as praise, whatever its text sounds like."""
_TOP_KEYWORDS = 5
_GENERIC = frozenset(
    {"bad", "poor", "terrible", "awful", "good", "great", "nice", "ok", "okay", "quality"}
    | {"差", "不好", "糟糕", "糟", "烂", "好", "不错", "很好", "棒", "太差", "很差", "质量"}
)
"""What says no more than that something is bad or good, which the polarity says already."""


def count(bundle: Bundle, ask: Ask, allowed: BoolArray | None = None) -> Counted:
    """The units among those `allowed` (n,) that match: subject, then polarity, then the filters of the question."""
    points = bundle.points
    every = np.ones(len(points), dtype=bool) if allowed is None else allowed
    named = mask(points, bundle.rows, ask.filters) & every
    # Where nothing but values of columns is asked for (how many 1-star reviews), the share is of all.
    sight = named if ask.subject or ask.polarity else every
    said, meant, cut, topics = about(bundle, ask.subject)
    inside = points["cluster"].isin(topics).to_numpy() if topics else np.zeros(len(points), dtype=bool)
    met = (said | meant | inside) & named & _polar(points, ask.polarity)
    rows = points["row_id"]
    # A review that says it in one sentence is none of the others with its next one.
    matches = sight & ~rows.isin(rows[met]).to_numpy() if ask.negated else met
    reviews, total = int(rows[matches].nunique()), int(rows[sight].nunique())
    low, high = wilson(reviews, total) if total else (0.0, 1.0)
    return Counted(
        units=np.flatnonzero(matches).astype(np.int64),
        reviews=reviews,
        total=total,
        low=float(low),
        high=float(high),
        by_words=int(rows[met & said].nunique()),
        by_meaning=int(rows[met & meant].nunique()),
        by_topic=int(rows[met & inside].nunique()),
        topics=tuple(topics),
        cut=cut,
        groups=groups(bundle, matches, sight, ask) if ask.group else (),
    )


def about(bundle: Bundle, subject: str) -> tuple[BoolArray, BoolArray, float, list[int]]:
    """Units that say the subject, units that mean it, the likeness that this takes, topics that are called by it.

    An empty subject is about everything. NaN for the likeness where meaning cannot be read here.
    """
    n = len(bundle.points)
    subject = _telling(subject)
    if not subject:
        return np.ones(n, dtype=bool), np.zeros(n, dtype=bool), float("nan"), []
    said = words.match(folded_texts(bundle), subject) > 0
    read = meaning.read(bundle, [subject])[0]
    if read is None:
        return said, np.zeros(n, dtype=bool), float("nan"), topics_called(bundle, subject)
    alike = meaning.likeness(bundle, read.array()[None, :])[0]
    return said, alike >= read.cut, read.cut, topics_called(bundle, subject)


def topics_called(bundle: Bundle, subject: str) -> list[int]:
    """Ids of topics whose name or first keywords hold every telling word of the subject; none that a person hid."""
    asked = {*query_terms(subject)}
    if not asked:
        return []
    found = []
    for topic in bundle.summary["topics"]:
        if topic.get("hidden"):
            continue
        keywords = " ".join(str(word) for word, *_ in topic["keywords"][:_TOP_KEYWORDS])
        known = {*query_terms(f"{topic['name']} {keywords}".replace("·", " "))}
        if asked <= known:
            found.append(int(topic["id"]))
    return found


def groups(bundle: Bundle, matches: BoolArray, sight: BoolArray, ask: Ask) -> tuple[Group, ...]:
    """Reviews that match, for each value of the column: the most first; time in its order."""
    column = values_of(bundle, ask)
    if column is None:
        return ()
    rows = bundle.points["row_id"]
    table = pd.DataFrame({"value": column.to_numpy(), "row": rows.to_numpy(), "hit": matches})[sight]
    table = table[table["value"].notna() & (table["value"] != "")]
    totals = table.groupby("value")["row"].nunique()
    hits = table[table["hit"]].groupby("value")["row"].nunique().reindex(totals.index, fill_value=0)
    low, high = wilson(hits.to_numpy(), totals.to_numpy())
    found = [
        Group(str(value), int(hits[value]), int(totals[value]), float(low[i]), float(high[i]))
        for i, value in enumerate(totals.index)
    ]
    return tuple(found if ask.group == "date" else sorted(found, key=lambda one: (-one.reviews, one.value)))


def values_of(bundle: Bundle, ask: Ask) -> pd.Series | None:
    """(n,) text: what each unit counts under, "" or NA for nothing; None where there is no such column."""
    column = column_values(bundle.points, bundle.rows, ask.group)
    if column is None:
        return None
    if ask.group == "date":
        return column.dt.to_period(ask.period or "M").astype("str").where(column.notna(), "")
    if pd.api.types.is_float_dtype(column):
        return column.map(lambda value: "" if pd.isna(value) else f"{value:g}")
    return column.astype("str").where(column.notna(), "")


def _polar(points: pd.DataFrame, polarity: int) -> BoolArray:
    if not polarity:
        return np.ones(len(points), dtype=bool)
    label = "negative" if polarity < 0 else "positive"
    sounds = (points["sentiment_label"] == label).to_numpy(dtype=bool)
    if "rating" not in points:
        return sounds
    stars = points["rating"].to_numpy(dtype=np.float32)
    with np.errstate(invalid="ignore"):
        # A five-star review that complains of one thing counts by its text; one of one star counts as it is.
        marked = stars <= FEW_STARS if polarity < 0 else stars >= MANY_STARS
        against = stars >= MANY_STARS + 1 if polarity < 0 else stars <= FEW_STARS
    return marked | (sounds & ~against)


def _telling(subject: str) -> str:
    """The subject without words that say only that something is bad or good."""
    kept = [word for word in subject.split() if word.lower() not in _GENERIC]
    found = " ".join(kept) if kept else ""
    for word in sorted(_GENERIC, key=len, reverse=True):
        if not word.isascii() and found.endswith(word) and len(found) > len(word) + 1:
            return found[: -len(word)]
    return found


def rows_of(bundle: Bundle, units: Sequence[int] | np.ndarray) -> tuple[int, ...]:
    """Distinct row ids of positions, in their order."""
    return tuple(dict.fromkeys(bundle.points["row_id"].to_numpy()[np.asarray(units, dtype=np.int64)].tolist()))
