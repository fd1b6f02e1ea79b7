"""The upload with what was found added, one row per upload row, as CSV, Parquet or XLSX.

Every upload column comes back as it was, unless personal data are masked. Text cells that a spreadsheet would run as a
formula are defused in CSV and XLSX; Parquet is read by programs and stays verbatim. What a format cannot hold is
counted and told, never dropped in silence.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.defusing import ADDED, MENTIONS, PREFIX, REPLY
from pipelines.export.csv_file import write_csv
from pipelines.export.masked import masked
from pipelines.export.tracked import tracked_columns
from pipelines.export.workbook import write_workbook
from pipelines.figures import SENTENCE
from pipelines.redact import redact as redact_text
from pipelines.store.reader import Bundle
from pipelines.types import OWN_ROW_COLUMNS, Warning_, name_in_upload
from pipelines.view import View, mask

__all__ = ["ADDED", "Written", "added_columns", "full_table", "write_table"]


@dataclass(frozen=True)
class Written:
    """A table file: its size in bytes, and what its format could not hold."""

    size: int
    warnings: tuple[Warning_, ...] = ()


def added_columns(bundle: Bundle) -> pd.DataFrame:
    """One row per upload row (index row_id) with the columns of ADDED, the merchant's reply first where there are any,
    then all topics of a review with their mentions where reviews are cut into sentences.

    A review of several units gets its main topic and the means of its units' figures; a row left out has empty figures
    and its reason in left_out.
    """
    points, rows = bundle.points, bundle.rows
    grouped = points.groupby("row_id", sort=True)
    # The main topic is the one with most units, the earliest on a tie; a topic goes before "none".
    ranked = points.assign(has=points["cluster"] >= 0)
    sizes = ranked.groupby(["row_id", "cluster"], sort=False)["unit_id"].transform("size")
    main = ranked.assign(size=sizes).sort_values(
        ["row_id", "has", "size", "unit_id"], ascending=[True, False, False, True], kind="stable"
    )
    main = main.drop_duplicates("row_id").set_index("row_id")
    sentiment = grouped["sentiment"].mean()
    table = pd.DataFrame(
        {
            "topic": main["topic"],
            "topic_id": main["cluster"].astype("Int64"),
            "joined": main["joined"],
            "topic_strength": _rounded(main["cluster_strength"]),
            "sentiment": _rounded(sentiment),
            "sentiment_label": main["sentiment_label"],
            "outlier_score": _rounded(grouped["outlier_score"].max()),
            "is_outlier": grouped["is_outlier"].any(),
            "duplicate_of_row": _duplicate_of_row(points),
            "x": _rounded(grouped["x2"].mean()),
            "y": _rounded(grouped["y2"].mean()),
        }
    ).reindex(rows["row_id"])
    table["left_out"] = rows.set_index("row_id")["reason"]
    more = []
    if REPLY in points:
        table[REPLY] = main[REPLY]
        more.append(REPLY)
    if bundle.config.get("unit") == SENTENCE:
        table[MENTIONS] = _mentions(points)
        more.append(MENTIONS)
    return table[[*more, *ADDED]]


def _mentions(points: pd.DataFrame) -> pd.Series:
    """Per row_id the topics that its sentences are about, most mentioned first: "breakfast (2); front desk (1)"."""
    named = points[points["topic"] != ""]
    counts = named.groupby(["row_id", "topic"], sort=False).size().reset_index(name="n")
    counts = counts.sort_values(["row_id", "n"], ascending=[True, False], kind="stable")
    said = counts["topic"].astype("str") + " (" + counts["n"].astype("str") + ")"
    return said.groupby(counts["row_id"], sort=True).agg("; ".join)


def _rounded(values: pd.Series) -> pd.Series:
    """Four decimals, as they are written: float32 would show its own last digits."""
    return values.astype("float64").round(4)


def _duplicate_of_row(points: pd.DataFrame) -> pd.Series:
    """Per row_id the one other row whose units all units of the row repeat; <NA> where there is no such row."""
    row_of = points.set_index("unit_id")["row_id"]
    repeated = points["duplicate_of"].map(row_of).astype("Int64")
    grouped = repeated.groupby(points["row_id"], sort=True)
    first = grouped.min()
    # One unit of its own, or units of two rows, and the review is no other's duplicate.
    is_whole = (grouped.count() == grouped.size()) & (first == grouped.max()).fillna(False)
    return first.where((is_whole & (first != first.index).fillna(False)).astype(bool))


def full_table(bundle: Bundle, *, view: View | None = None, redact: bool = False) -> pd.DataFrame:
    """Upload columns by name and order as they were, then the added ones ("reviewscape_" before a name in use).

    view: only rows of its selection that pass its filters (none where a filter names a column that is not there);
    without either every row, those left out too. redact: personal data in cells, headers and topics is masked, and
    a column of users holds "user 1", "user 2", … by first appearance in the file.
    """
    rows = bundle.rows
    upload = rows.drop(columns=list(OWN_ROW_COLUMNS))
    upload.columns = [name_in_upload(name) for name in upload.columns]
    added = added_columns(bundle).reset_index(drop=True)
    if redact:
        upload = masked(upload, bundle.summary.get("roles", {}))
        for name in {"topic", REPLY, MENTIONS} & {*added.columns}:
            added[name] = added[name].map(redact_text, na_action="ignore")
    added = pd.concat([added, tracked_columns(bundle, redact=redact).reset_index(drop=True)], axis=1)
    added.columns = _unused(added.columns, upload.columns)
    table = pd.concat([upload.reset_index(drop=True), added], axis=1)
    if view is not None and (view.filters or view.selection is not None):
        chosen = mask(bundle.points, rows, view.filters, strict=True)
        if view.selection is not None:
            chosen = chosen & bundle.points["unit_id"].isin(view.selection).to_numpy()
        table = table[rows["row_id"].isin(bundle.points.loc[chosen, "row_id"]).to_numpy()]
    return table.reset_index(drop=True)


def _unused(names: Iterable[str], used: Iterable[str]) -> list[str]:
    """`names`, each with "reviewscape_" before it until it is neither in use nor another of them."""
    taken = {*used}
    found = []
    for wanted in names:
        name = wanted
        while name in taken:
            name = PREFIX + name
        taken.add(name)
        found.append(name)
    return found


def write_table(
    bundle: Bundle, path: Path, kind: str, *, view: View | None = None, redact: bool = False, bom: bool = False
) -> Written:
    """Write `kind` csv | parquet | xlsx to `path` by way of a temporary file; bom: for a CSV that Excel opens.

    Raises UnusableInput where a sheet has no place for all rows.
    """
    table = full_table(bundle, view=view, redact=redact)
    temporary = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    warnings: tuple[Warning_, ...] = ()
    try:
        if kind == "parquet":
            table.to_parquet(temporary, index=False)
        elif kind == "csv":
            with temporary.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
                write_csv(table, file)
        else:
            warnings = write_workbook(table, temporary)
        os.replace(temporary, path)  # noqa: PTH105  (Path.replace hides that it is atomic)
    finally:
        temporary.unlink(missing_ok=True)
    return Written(path.stat().st_size, warnings)
