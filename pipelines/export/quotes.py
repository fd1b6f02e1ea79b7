"""Quotes as plain text to paste anywhere, and as plain values for a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from pipelines.errors import N_
from pipelines.redact import redact as redact_text

Gettext = Callable[[str], str]


def quote_rows(points: pd.DataFrame, unit_ids: Sequence[int], *, redact: bool) -> list[dict[str, Any]]:
    """The quotes in their order: i (position in points), text, topic ("" for none), rating (1…5 or None), date ("" or
    a day), row (as people count). redact: personal data in text and topic is replaced."""
    places = pd.Index(points["unit_id"]).get_indexer(list(unit_ids))
    clean = redact_text if redact else str
    rows = []
    for place in places[places >= 0].tolist():
        one = points.iloc[place]
        rating, date = one.get("rating"), one.get("date")
        rows.append(
            {
                "i": place,
                "text": clean(str(one["text"])),
                "topic": clean(str(one["topic"])),
                "rating": None if rating is None or pd.isna(rating) else round(float(rating), 1),
                "date": "" if date is None or pd.isna(date) else pd.Timestamp(date).strftime("%Y-%m-%d"),
                "row": int(one["row_id"]) + 1,
            }
        )
    return rows


def quotes_text(points: pd.DataFrame, unit_ids: Sequence[int], gettext: Gettext, *, redact: bool) -> str:
    """The quotes as plain text: each in quotation marks, below it its stars, topic, date and row."""
    said = []
    for row in quote_rows(points, unit_ids, redact=redact):
        beside = [] if row["rating"] is None else [gettext(N_("{n} of 5 stars")).format(n=f"{row['rating']:g}")]
        beside.append(row["topic"] or gettext(N_("no clear topic")))
        beside += [row["date"]] if row["date"] else []
        beside.append(gettext(N_("row {n}")).format(n=f"{row['row']:,}"))
        said.append(f"“{row['text'].strip()}”\n— {' · '.join(beside)}")
    return "\n\n".join(said)
