"""The upload with what was found added, one row per upload row, as CSV, Parquet or XLSX.

Every upload column comes back as it was, unless personal data are masked. Text cells that a spreadsheet would run as a
formula get a leading apostrophe in CSV and XLSX (OWASP, "CSV Injection"); Parquet is read by programs and stays
verbatim.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from pipelines.redact import redact as redact_text
from pipelines.store.reader import Bundle
from pipelines.types import OWN_ROW_COLUMNS, name_in_upload
from pipelines.view import View, mask

FORMULA_START = re.compile(r"^\s*[=+\-@\t\r\n＝＋－＠]")
# XML 1.0 has no place for these, and openpyxl refuses them.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ADDED = (
    "topic", "topic_id", "joined", "topic_strength", "sentiment", "sentiment_label", "outlier_score", "is_outlier",
    "duplicate_of_row", "left_out", "x", "y",
)  # fmt: skip


def added_columns(bundle: Bundle) -> pd.DataFrame:
    """One row per upload row (index row_id) with the columns of ADDED.

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
            "topic_strength": main["cluster_strength"].round(4),
            "sentiment": sentiment.round(4),
            "sentiment_label": main["sentiment_label"],
            "outlier_score": grouped["outlier_score"].max().round(4),
            "is_outlier": grouped["is_outlier"].any(),
            "duplicate_of_row": _duplicate_of_row(points),
            "x": grouped["x2"].mean().round(4),
            "y": grouped["y2"].mean().round(4),
        }
    ).reindex(rows["row_id"])
    table["left_out"] = rows.set_index("row_id")["reason"]
    return table[list(ADDED)]


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
    the user column holds "user 1", "user 2", … by first appearance in the file.
    """
    rows = bundle.rows
    upload = rows.drop(columns=list(OWN_ROW_COLUMNS))
    upload.columns = [name_in_upload(name) for name in upload.columns]
    added = added_columns(bundle).reset_index(drop=True)
    if redact:
        upload = _masked(upload, bundle.summary.get("roles", {}).get("user"))
        added["topic"] = added["topic"].map(redact_text, na_action="ignore")
    added.columns = _unused(added.columns, upload.columns)
    table = pd.concat([upload.reset_index(drop=True), added], axis=1)
    if view is not None and (view.filters or view.selection is not None):
        chosen = mask(bundle.points, rows, view.filters, strict=True)
        if view.selection is not None:
            chosen = chosen & bundle.points["unit_id"].isin(view.selection).to_numpy()
        table = table[rows["row_id"].isin(bundle.points.loc[chosen, "row_id"]).to_numpy()]
    return table.reset_index(drop=True)


def _masked(upload: pd.DataFrame, user_column: str | None) -> pd.DataFrame:
    """The upload without personal data, its headers included."""
    masked: dict[str, pd.Series] = {}
    for name in upload.columns:
        header, copies = redact_text(str(name)), 1
        # Two addresses as headers become the same mark.
        while header in masked:
            copies += 1
            header = f"{redact_text(str(name))} {copies}"
        masked[header] = _pseudonyms(upload[name]) if name == user_column else upload[name].map(redact_text)
    return pd.DataFrame(masked, index=upload.index)


def _pseudonyms(users: pd.Series) -> pd.Series:
    """ "user 1", "user 2", … by first appearance; a cell without a user stays empty."""
    names = users.str.strip()
    known = names[names != ""].unique()
    return names.map({name: f"user {i}" for i, name in enumerate(known, start=1)}).fillna("").astype("str")


def _unused(names: Iterable[str], used: Iterable[str]) -> list[str]:
    """`names`, each with "reviewscape_" before it until it is neither in use nor another of them."""
    taken = {*used}
    found = []
    for wanted in names:
        name = wanted
        while name in taken:
            name = f"reviewscape_{name}"
        taken.add(name)
        found.append(name)
    return found


def defuse(cell: str) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    return "'" + cell if FORMULA_START.match(cell) else cell


def write_table(
    bundle: Bundle, path: Path, kind: str, *, view: View | None = None, redact: bool = False, bom: bool = False
) -> int:
    """Write `kind` csv | parquet | xlsx to `path` by way of a temporary file; returns its size in bytes.

    Row ends are CRLF, so that a lone CR or LF in a cell is quoted and the rows read back are the rows written.
    """
    table = full_table(bundle, view=view, redact=redact)
    temporary = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if kind == "parquet":
            table.to_parquet(temporary, index=False)
        elif kind == "csv":
            with temporary.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
                write_csv(table, file)
        else:
            _write_xlsx(table, temporary)
        os.replace(temporary, path)  # noqa: PTH105  (Path.replace hides that it is atomic)
    finally:
        temporary.unlink(missing_ok=True)
    return path.stat().st_size


def _cells(table: pd.DataFrame) -> list[list[object]]:
    return [[_cell(value) for value in row] for row in table.astype(object).itertuples(index=False, name=None)]


def _cell(value: object) -> object:
    if isinstance(value, str):
        return defuse(value)
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    return value.item() if isinstance(value, np.generic) else value


def write_csv(table: pd.DataFrame, file: IO[str]) -> None:
    """A table as defused CSV with a header."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([defuse(str(name)) for name in table.columns])
    writer.writerows(_cells(table))


def _write_xlsx(table: pd.DataFrame, path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Reviews")
    sheet.append([NO_XML.sub("�", defuse(str(name))) for name in table.columns])
    for row in _cells(table):
        # Excel cuts a cell at 32,767 characters; openpyxl would write a file that Excel calls damaged.
        sheet.append([NO_XML.sub("�", cell)[:32_767] if isinstance(cell, str) else cell for cell in row])
    book.save(path)
