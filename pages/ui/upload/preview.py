"""The first rows, with each column's role in words and how sure it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.ui.i18n import _, n_
from pages.ui.table import table
from pages.ui.upload.choices import Upload
from pages.ui.upload.reading import Found
from pages.ui.upload.words import role_names, sureness

_MOST_COLUMNS = 40
"""Shown at most; the columns with a role come first."""
_TALL_ROW = 72  # three lines: from two on, Streamlit wraps long cells
_TEXT_WIDTH, _LINE_CHARS = 340, 50  # fits a telephone


def show(found: Found, upload: Upload) -> None:
    """A table of the first rows: text first and wide, then the other roles, then the rest."""
    columns = [str(name) for name in found.told["columns"]]
    role_of = {name: role for role, name in found.told["roles"].items() if name}
    rank = {role: i for i, role in enumerate(role_names())}
    order = sorted(range(len(columns)), key=lambda i: rank.get(role_of.get(columns[i], ""), len(rank)))[:_MOST_COLUMNS]
    cells = {_column_key(columns[i]): [row[i] for row in found.preview] for i in order}
    config = {_column_key(columns[i]): _heading(columns[i], role_of.get(columns[i]), found, upload) for i in order}
    _table(pd.DataFrame(cells, dtype="str"), config)
    if len(columns) > len(order):
        hidden = len(columns) - len(order)
        more = n_("{n} more column is kept, not shown here.", "{n} more columns are kept, not shown here.", hidden)
        st.caption(more)


def _table(frame: pd.DataFrame, config: Mapping[str, ColumnConfig]) -> None:
    """The one place where cells of an upload are drawn: as text, on a canvas that interprets nothing."""
    table(
        frame,
        height="content",
        row_height=_TALL_ROW if frame.map(_width).gt(_LINE_CHARS).any(axis=None) else None,
        column_config=config,
        key="preview",
    )


def _width(cell: str) -> int:
    """Columns of a screen that a cell takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in cell[: 2 * _LINE_CHARS])


def _column_key(name: str) -> str:
    # Streamlit takes this one name for the index.
    return name + " " if name == "_index" else name


def _heading(name: str, role: str | None, found: Found, upload: Upload) -> ColumnConfig:
    if role is None:
        return st.column_config.TextColumn(name)
    words = role_names().get(role, role)
    if upload.chose(role):
        label, reason = f"{name} · {words}", _("Your choice.")
    else:
        confidence = float(found.told["confidence"].get(role, 0.0))
        label = f"{name} · {words} · {sureness(confidence)}"
        reason = _("Guessed from the column's name and its values; sure to {n} %.").format(n=f"{100 * confidence:.0f}")
    return st.column_config.TextColumn(label, help=reason, width=_TEXT_WIDTH if role == "text" else None)
