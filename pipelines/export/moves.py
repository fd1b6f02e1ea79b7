"""What each topic does to the stars, and whether it comes up more or less often: rows for the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.export.content import number
from pipelines.impact import CORNER_WORDS, UNSURE, impact
from pipelines.trends import TREND_WORDS, Trends, trends

Gettext = Callable[[str], str]

MAX_ROWS = 40


def move_rows(points: pd.DataFrame, topics: Sequence[Mapping[str, Any]], gettext: Gettext) -> dict[str, Any]:
    """{"outcome": "rating" | "sentiment" | "", "rows"}: a row a topic of the slice of which something can be said.

    A row: id, name, reviews, effect, low, high (against the rest, 95 %; None where too few), corner and trend in
    words, early and late (shares of the earliest and the latest third), line (its smoothed share). What moves the mean
    most comes first.
    """
    if points.empty:
        return {"outcome": "", "rows": []}
    effects, moves = impact(points, topics), trends(points)
    table = effects.table[effects.table["id"] >= 0]
    table = table.loc[table["pull"].abs().fillna(-1).sort_values(ascending=False, kind="stable").index]
    rows = []
    for row in table.to_dict("records"):
        trend = _trend(moves, int(row["id"]), gettext)
        if pd.isna(row["effect"]) and trend is None:
            continue
        rows.append(
            {
                "id": int(row["id"]),
                "name": str(row["name"]),
                "reviews": int(row["reviews"]),
                **{name: number(row[name], 2) for name in ("effect", "low", "high")},
                "corner": "" if pd.isna(row["effect"]) else gettext(CORNER_WORDS.get(str(row["corner"]), UNSURE)),
                **(trend or {"trend": "", "early": None, "late": None, "line": []}),
            }
        )
    return {"outcome": effects.outcome, "rows": rows[:MAX_ROWS]}


def _trend(moves: Trends | None, topic: int, gettext: Gettext) -> dict[str, Any] | None:
    """The verdict on a topic's share; None where there are too few reviews or periods."""
    verdict = None if moves is None else moves.verdict(topic)
    if moves is None or verdict is None or verdict["kind"] == "few":
        return None
    return {
        "trend": gettext(TREND_WORDS[str(verdict["kind"])]),
        "early": number(float(verdict["early"])),
        "late": number(float(verdict["late"])),
        "line": [round(value, 4) for value in moves.line(topic)],
    }
