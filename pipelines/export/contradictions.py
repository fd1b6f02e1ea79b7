"""Reviews whose stars contradict their text as a CSV file, clearest first."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipelines.export.csv_file import write_csv
from pipelines.redact import redact as redact_text

_BESIDE = ("topic", "item", "date", "user", "text")


def contradictions_csv(found: pd.DataFrame, points: pd.DataFrame, *, redact: bool = False, bom: bool = False) -> bytes:
    """A row for each review of `found` (see sentiment.contradictions.of_points), in its order.

    Columns: row (as it is counted on screen, from 1), stars, sentiment, contradiction, reading (what the text says
    against the stars), and of topic, item, date, user and text (all units of the review) what the points have. redact:
    personal data is masked and the users are left out.
    """
    parts = points[points["row_id"].isin(found["row_id"])].sort_values("unit_id", kind="stable").groupby("row_id")
    wanted = [name for name in _BESIDE if name in points and not (redact and name == "user")]
    beside = pd.DataFrame({name: _joined(parts[name], name) for name in wanted}).reindex(found["row_id"])
    table = pd.DataFrame(
        {
            "row": found["row_id"].to_numpy() + 1,
            "stars": found["rating"].astype("float64").round(2).to_numpy(),
            "sentiment": found["sentiment"].astype("float64").round(4).to_numpy(),
            "contradiction": found["strength"].astype("float64").round(4).to_numpy(),
            "reading": ["positive" if score > 0 else "negative" for score in found["sentiment"]],
        }
    )
    for name in wanted:
        values = beside[name].tolist()
        masks = redact and name in ("topic", "item", "text")
        table[name] = pd.Series(_masked(values) if masks else values, dtype="object")
    file = io.StringIO(newline="")
    write_csv(table, file)
    return file.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _joined(groups: Any, name: str) -> pd.Series:
    if name == "text":
        return groups.agg("\n".join)
    first = groups.first()
    return first.dt.strftime("%Y-%m-%d") if name == "date" else first


def _masked(values: Sequence[object]) -> list[object]:
    return [redact_text(value) if isinstance(value, str) else value for value in values]
