"""The tables of a bundle: one row a unit (points), one row a data row (rows), and the summary's figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines import collapse
from pipelines.figures import coverage
from pipelines.types import (
    Clusters,
    FloatArray,
    Groups,
    Outliers,
    Reviews,
    Sentiment,
    Topic,
    Units,
    Warning_,
    name_in_rows,
)


def build(
    reviews: Reviews,
    units: Units,
    groups: Groups,
    xy: FloatArray,
    xyz: FloatArray,
    clusters: Clusters,
    topics: Sequence[Topic],
    felt: Sentiment,
    odd: Outliers,
) -> pd.DataFrame:
    """points.parquet as DESIGN.md states it; a duplicate takes the oddness of the unit it repeats.

    xy (n, 2), xyz (n, 3) and clusters are over all n units: a duplicate has a place or topic of its own where a person
    gave it one.
    """
    n = len(units.text)
    unit_id = np.arange(n, dtype=np.int64)
    labels = clusters.labels.astype(np.int32)
    names = np.array([*(topic.name for topic in topics), ""], dtype=object)
    table = pd.DataFrame(
        {
            "row_id": units.row_id,
            "unit_id": unit_id,
            "text": pd.array(units.text, dtype="str"),
            "x2": xy[:, 0],
            "y2": xy[:, 1],
            "x3": xyz[:, 0],
            "y3": xyz[:, 1],
            "z3": xyz[:, 2],
            "cluster": labels,
            "joined": clusters.joined,
            "cluster_strength": clusters.strength.astype(np.float32),
            "topic": pd.array(names[labels], dtype="str"),
            "sentiment": felt.score.astype(np.float32),
            "sentiment_label": pd.array(felt.label.astype(object), dtype="str"),
            "outlier_score": groups.spread(odd.score).astype(np.float32),
            "is_outlier": groups.spread(odd.is_outlier),
            "duplicate_of": pd.Series(groups.first, dtype="Int64").mask(groups.first == unit_id),
        }
    )
    if reviews.rating is not None:
        table["rating"] = reviews.rating[units.row_id].astype(np.float32)
    if reviews.date is not None:
        table["date"] = pd.Series(reviews.date[units.row_id]).astype("datetime64[ns]")
    for role, values in (("user", reviews.user), ("item", reviews.item)):
        if values is not None:
            table[role] = pd.array([values[i] for i in units.row_id], dtype="str")
    if reviews.reply is not None:
        table["reply"] = pd.array([reviews.reply[i] for i in units.row_id], dtype="str")
    table["language"] = pd.array(units.language, dtype="str")
    return table


def rows(reviews: Reviews) -> pd.DataFrame:
    """rows.parquet: row_id, kept, reason, then each upload column verbatim ("upload:" before a name of ours)."""
    frame = reviews.table.frame
    upload = frame.rename(columns={name: name_in_rows(name) for name in frame.columns})
    own = pd.DataFrame(
        {
            "row_id": np.arange(len(frame), dtype=np.int64),
            "kept": reviews.kept,
            "reason": pd.array(reviews.reason, dtype="str"),
        }
    )
    return pd.concat([own, upload.reset_index(drop=True)], axis=1)


def summarise(
    reviews: Reviews,
    units: Units,
    groups: Groups,
    table: pd.DataFrame,
    clusters: Clusters,
    topics: Sequence[Topic],
    felt: Sentiment,
    odd: Outliers,
    warnings: Sequence[Warning_],
) -> dict[str, object]:
    """summary.json without what only the run knows (seconds, embedder, source): plain values, NaN as None."""
    stability = clusters.stability
    distinct = clusters.labels[groups.representatives]
    sizes = np.bincount(distinct[distinct >= 0], minlength=len(topics))
    mean = float(np.average(stability, weights=sizes)) if len(topics) and np.isfinite(stability).all() else None
    return {
        "rows": len(reviews.text),
        "kept": int(reviews.kept.sum()),
        "left_out": {reason: reviews.reason.count(reason) for reason in sorted(set(reviews.reason) - {""})},
        "units": len(units.text),
        "distinct": len(groups.representatives),
        "duplicates": int((groups.first != np.arange(len(groups.first))).sum()),
        "duplicate_kinds": collapse.counted(table),
        "topics": [
            {
                "id": topic.id,
                "name": topic.name,
                "keywords": [list(keyword) for keyword in topic.keywords],
                "exemplars": list(topic.exemplars),
                "units": int((table["cluster"] == topic.id).sum()),
                "stability": _number(stability[topic.id]),
            }
            for topic in topics
        ],
        "coverage": coverage(table),
        "core_coverage": float(((table["cluster"] >= 0) & ~table["joined"]).mean()),
        "stability": mean,
        "min_cluster_size": clusters.min_cluster_size or None,
        "sizes_tried": [list(entry) for entry in clusters.tried],
        "sentiment": {
            "method": [told(note) for note in felt.method],
            "check": dict(felt.check) if felt.check else None,
        },
        "outliers": {"count": int(table["is_outlier"].sum()), "threshold": odd.threshold},
        "roles": {role: column for role, column in reviews.roles.columns.items() if column},
        "columns": list(reviews.table.frame.columns),
        "languages": {str(code): int(n) for code, n in table["language"].value_counts().items()},
        "warnings": [
            {**told(warning), "row": warning.row, "column": warning.column, "file": warning.file}
            for warning in warnings
        ],
    }


def source(name: str, reviews: Reviews) -> dict[str, object]:
    """What the upload was and how it was read; name: what people know it by."""
    table = reviews.table
    return {
        "name": name,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "header": table.header,
        "format": table.format,
        "sheet": table.sheet,
    }


def told(note: Warning_) -> dict[str, object]:
    """A translatable sentence as plain values; words.sentence puts it together again."""
    return {"template": note.template, "values": dict(note.values)}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
