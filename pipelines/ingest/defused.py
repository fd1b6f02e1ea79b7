"""An export of ours that is read again: the apostrophes before its formula-like cells are taken away."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipelines import defusing
from pipelines.errors import N_
from pipelines.types import Table, Warning_

_DEFUSED_FORMATS = {"delimited", "xlsx", "xls"}
# What our figures' columns hold; a spreadsheet that saved the file again writes TRUE for True.
_LABELS = {"", "negative", "neutral", "positive"}
_TRUTHS = {"", "true", "false", "1", "0"}
_NUMBERS = ("topic_id", "topic_strength", "sentiment", "outlier_score", "x", "y")


def undo_defusing(table: Table) -> Table:
    """The table with every cell and header as it was before export, or as it is where it is no export of ours.

    It is ours when the header ends with the columns that an export adds, in their order, these hold what ours hold,
    and no other cell could run as a formula: an export leaves none such. With such a cell somebody has changed it
    since (or converted a Parquet export, which is verbatim); then nothing is touched, and a warning says so where
    there are apostrophes to take away.
    """
    frame = table.frame
    added = defusing.added_at_end([str(name) for name in frame.columns])
    if table.format not in _DEFUSED_FORMATS or not added or not _holds_ours(frame, added):
        return table
    changed = {
        name: [defusing.undo(cell) for cell in frame[name]] for name in frame.columns if _has_marked(frame[name])
    }
    names = [defusing.undo(str(name)) for name in frame.columns]
    if not changed and names == list(frame.columns):
        return table
    figures = set(added[-len(defusing.ADDED) :]) - {added[-len(defusing.ADDED)]}
    texts = [name for name in frame.columns if name not in figures]
    if len(set(names)) < len(names) or any(map(defusing.runs, frame.columns)) or _any_runs(frame[texts]):
        warning = Warning_(
            N_(
                "This table was exported by Reviewscape and changed since: apostrophes before = + - @ at the start of "
                "cells are kept as they are."
            )
        )
        return replace(table, warnings=(*table.warnings, warning))
    mended = {
        new: pd.Series(changed[old], dtype="str", index=frame.index) if old in changed else frame[old]
        for old, new in zip(frame.columns, names, strict=True)
    }
    return replace(table, frame=pd.DataFrame(mended, index=frame.index))


def _holds_ours(frame: pd.DataFrame, added: list[str]) -> bool:
    column = dict(zip(defusing.ADDED, added[-len(defusing.ADDED) :], strict=True))
    if not set(frame[column["sentiment_label"]].unique()) <= _LABELS:
        return False
    for name in ("joined", "is_outlier"):
        if not {cell.lower() for cell in frame[column[name]].unique()} <= _TRUTHS:
            return False
    numbers = (frame[column[name]] for name in _NUMBERS)
    return all(pd.to_numeric(cells[cells != ""], errors="coerce").notna().all() for cells in numbers)


def _has_marked(cells: pd.Series) -> bool:
    return bool(cells.str.startswith("'").any())


def _any_runs(frame: pd.DataFrame) -> bool:
    return any(any(map(defusing.runs, frame[name].unique())) for name in frame.columns)
