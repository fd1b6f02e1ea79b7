"""What a bundle with added reviews says of itself: the summary's figures, and what became of the added ones."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines import collapse
from pipelines import points as tables
from pipelines.add.forming import Group
from pipelines.add.incoming import Incoming
from pipelines.figures import coverage
from pipelines.running import Run
from pipelines.store import durable
from pipelines.store.reader import Bundle

_EXEMPLARS = 5


@dataclass(frozen=True)
class Added:
    """file: the name people know it by. known: rows that the analysis had already. skipped: whether they were left out.

    job: the job that added them, "" for none.
    """

    file: str
    known: int
    skipped: bool
    job: str


def summary(
    bundle: Bundle,
    added: Added,
    incoming: Incoming,
    points: pd.DataFrame,
    rows: pd.DataFrame,
    groups: Sequence[Group],
    distinct: np.ndarray,
    run: Run,
) -> dict[str, Any]:
    """summary.json of the whole; distinct: unit ids of the distinct new units, which the groups count in."""
    told: dict[str, Any] = copy.deepcopy(dict(bundle.summary))
    reviews, old = incoming.reviews, len(bundle.points)
    reasons = sorted(set(reviews.reason) - {""})
    told["rows"] = len(rows)
    told["kept"] = int(rows["kept"].sum())
    told["left_out"] = _sums(told.get("left_out", {}), {why: reviews.reason.count(why) for why in reasons})
    told["units"] = len(points)
    told["distinct"] = int(points["duplicate_of"].isna().sum())
    told["duplicates"] = int(points["duplicate_of"].notna().sum())
    told["duplicate_kinds"] = collapse.counted(points)
    counts = points["cluster"].value_counts()
    for topic in told["topics"]:
        topic.setdefault("units_first", topic["units"])
        topic["units"] = int(counts.get(topic["id"], 0))
    told["coverage"] = coverage(points)
    told["core_coverage"] = float(((points["cluster"] >= 0) & ~points["joined"]).mean())
    told["outliers"] = {**told["outliers"], "count": int(points["is_outlier"].sum())}
    told["roles"] = {role: column for role, column in incoming.names.items() if column}
    told["columns"] = [*told["columns"], *(c for c in reviews.table.frame.columns if c not in told["columns"])]
    told["languages"] = {str(code): int(n) for code, n in points["language"].value_counts().items()}
    told["warnings"] = [*told["warnings"], *(_warning(note, added.file) for note in run.warnings)]
    told["seconds"] = dict(run.seconds)
    told["added"] = [*told.get("added", ()), entry(bundle, added, incoming, points.iloc[old:], groups, distinct)]
    # What the old map was made anew from is told of that map alone.
    told.pop("refit", None)
    return told


def entry(
    bundle: Bundle,
    added: Added,
    incoming: Incoming,
    new: pd.DataFrame,
    groups: Sequence[Group],
    distinct: np.ndarray,
) -> dict[str, Any]:
    """What became of one added file. reviews, joined and fits_nowhere count reviews (rows that take part)."""
    nowhere = new[new["cluster"] < 0]
    inside = set(new.loc[new["cluster"] >= 0, "row_id"])
    outside = [row for row in nowhere["row_id"].unique().tolist() if row not in inside]
    return {
        "file": added.file,
        "when": durable.to_iso(durable.now_utc()),
        "to": bundle.id,
        "rows": len(incoming.reviews.text),
        "reviews": int(incoming.reviews.kept.sum()),
        "known": added.known,
        "skipped": added.known if added.skipped else 0,
        "first_row": len(bundle.rows),
        "first_unit": len(bundle.points),
        "units": len(new),
        "joined": len(inside),
        "repeated": int((new["duplicate_of"] < len(bundle.points)).fillna(False).sum()),
        "fits_nowhere": len(outside),
        "forming": [_group(group, new, distinct) for group in groups],
        "fitted": False,
        "job": added.job,
    }


def _group(group: Group, new: pd.DataFrame, distinct: np.ndarray) -> dict[str, Any]:
    members = distinct[list(group.members)]
    copies = new["duplicate_of"].isin(members)
    inside = new[new["unit_id"].isin(members) | copies]
    return {
        "name": group.name,
        "words": list(group.words),
        "reviews": int(inside["row_id"].nunique()),
        "units": inside["unit_id"].tolist(),
        "exemplars": [int(unit) for unit in members[:_EXEMPLARS]],
    }


def latest(summary: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The entry of the file added last that the map was not made anew with; None where there is none."""
    entries = [one for one in summary.get("added", ()) if not one.get("fitted")]
    return entries[-1] if entries else None


def _warning(note: Any, file: str) -> dict[str, Any]:
    return {**tables.told(note), "row": note.row, "column": note.column, "file": note.file or file}


def _sums(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {why: int(one.get(why, 0)) + int(other.get(why, 0)) for why in sorted({*one, *other})}
