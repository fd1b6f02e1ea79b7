"""Columns that carry their own names to a Table: unique names and limits, nothing guessed."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pandas as pd

from pipelines import settings
from pipelines.errors import N_
from pipelines.ingest.tabular.column_names import unique_names
from pipelines.types import Table, Warning_

_log = logging.getLogger(__name__)


def table_of_columns(
    names: Sequence[str], columns: Sequence[list[str]], *, kind: str, encoding: str = "", warnings: Sequence[Warning_]
) -> Table:
    """The Table of columns of equal length whose names are certain (JSON keys, a Parquet schema).

    kind: what Table.format says.
    """
    notes = list(warnings)
    most, longest = settings.get_int("max_columns"), settings.get_int("max_cell_chars")
    if len(names) > most:
        values = {"count": len(names), "limit": most}
        notes.append(Warning_(N_("The file has {count} columns; only the first {limit} are read."), values))
    unique = unique_names(names[:most])
    cut = 0
    frame = {}
    for name, column in zip(unique, columns, strict=False):
        if column and max(map(len, column)) > longest:
            cut += sum(len(cell) > longest for cell in column)
            column = [cell[:longest] for cell in column]
        frame[name] = text_series(column)
    if cut:
        notes.append(Warning_(N_("{count} cells were cut at {limit} characters."), {"count": cut, "limit": longest}))
    rows = len(columns[0]) if columns else 0
    _log.info("read %d rows, %d columns, %s", rows, len(unique), kind)
    return Table(pd.DataFrame(frame), encoding, "", True, tuple(notes), format=kind)


def text_series(cells: list[str]) -> pd.Series:
    """A str column; half a pair of UTF-16 (as JSON's escapes can spell) is no character and becomes a question mark."""
    try:
        return pd.Series(cells, dtype="str")
    except UnicodeEncodeError:
        return pd.Series([cell.encode("utf-8", "replace").decode() for cell in cells], dtype="str")
