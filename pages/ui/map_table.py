"""The table below the map, its equal alternative: every column, sorted, page by page, copied, saved, put on the map."""

from __future__ import annotations

import csv
import io
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import files, state
from pages.ui.i18n import _, n_
from pages.ui.table import table as show_table
from pipelines.export.csv_file import plain_rows
from pipelines.export.masked import masked
from pipelines.export.tables import full_table, write_table
from pipelines.redact import redact
from pipelines.store.reader import Bundle
from pipelines.types import OWN_ROW_COLUMNS
from pipelines.view import View

PAGE = 100
_MOST_COPIED = 1_000
_OPEN, _SORT, _DOWN, _AT, _MASK = "map_table_open", "map_table_sort", "map_table_down", "map_table_at", "map_table_mask"
_NUMERIC_SHARE = 0.95


def show(bundle: Bundle) -> None:
    """Draw it for what is selected, else for what the filters leave; closed until somebody wants it."""
    view = state.current()
    title = _("Table of what is selected") if view.selection else _("Table of the reviews in sight")
    if not st.toggle(title, key=_OPEN, help=_("Every column of the file and what was found, the same as on the map.")):
        return
    points = state.in_focus(bundle)[1]
    wanted = np.unique(points["row_id"].to_numpy())
    # The table has the upload's rows in their order, those left out too.
    table = _whole(bundle.key, bundle).iloc[_places(bundle, wanted)].set_axis(wanted, axis=0)
    if table.empty:
        st.info(_("No review passes these filters. Take one away above."))
        return
    table = _sorted(table)
    page = _page(len(table))
    shown = table.iloc[page * PAGE : (page + 1) * PAGE]
    chosen = show_table(
        shown,
        height=min(36 + 35 * len(shown), 460),
        on_select="rerun",
        selection_mode="multi-row",
        # Another page or order is another table: what was chosen in the last one is not meant.
        key=f"map_table_{page}_{st.session_state.get(_SORT)}_{st.session_state.get(_DOWN)}_{len(table)}",
    )
    rows = [i for i in chosen["selection"]["rows"] if i < len(shown)]
    _actions(bundle, table, shown, [int(shown.index[i]) for i in rows])


@st.cache_resource(max_entries=4, show_spinner=False)
def _whole(key: str, _bundle: Bundle) -> pd.DataFrame:
    return full_table(_bundle)


def _places(bundle: Bundle, row_ids: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.isin(bundle.rows["row_id"].to_numpy(), row_ids))


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """By the column a person chose, numbers as numbers; missing values last."""
    columns = [str(name) for name in table.columns]
    left, right = st.columns([4, 2], vertical_alignment="bottom")
    if st.session_state.get(_SORT) not in {None, *columns}:
        st.session_state.pop(_SORT)
    chosen = left.selectbox(_("Sort by"), columns, index=None, placeholder=_("as in the file"), key=_SORT)
    down = right.toggle(_("Largest first"), key=_DOWN, disabled=chosen is None)
    if chosen is None:
        return table
    column = table.iloc[:, columns.index(chosen)]
    if column.dtype == object or pd.api.types.is_string_dtype(column):
        text = column.astype("str").where(column.notna(), "")
        number = pd.to_numeric(text, errors="coerce")
        column = number if number.notna().sum() >= _NUMERIC_SHARE * max((text != "").sum(), 1) else text
    order = column.reset_index(drop=True).sort_values(ascending=not down, kind="stable", na_position="last").index
    return table.iloc[order.to_numpy()]


def _page(n: int) -> int:
    """Which page is seen, from 0."""
    pages = max(-(-n // PAGE), 1)
    if pages == 1:
        return 0
    if not 1 <= int(st.session_state.get(_AT, 1)) <= pages:
        st.session_state[_AT] = 1
    at = st.number_input(_("Page, of {n}").format(n=f"{pages:,}"), 1, pages, key=_AT, width=160)
    return int(at) - 1


def _actions(bundle: Bundle, table: pd.DataFrame, shown: pd.DataFrame, chosen: list[int]) -> None:
    """Rows on the map, to the clipboard, into a file."""
    st.caption(
        n_("{n} row", "{n} rows", len(table))
        + ((" · " + n_("{n} chosen", "{n} chosen", len(chosen))) if chosen else "")
    )
    mask = bool(st.session_state.get(_MASK, True))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _("Select on the map"),
            key="map_table_select",
            icon=":material/select_all:",
            disabled=not chosen,
            on_click=_select,
            args=(bundle, chosen),
            help=_("Tick rows at the left of the table first."),
        )
        copied = st.popover(_("Copy"), icon=":material/content_copy:", key="map_table_copy", on_change="rerun")
        if copied.open:
            rows = (table.loc[chosen] if chosen else shown).head(_MOST_COPIED)
            copied.caption(_("Cells with tabs between, for a spreadsheet: the chosen rows, else this page."))
            copied.code(_as_text(_masked(bundle, rows) if mask else rows), language=None, height=300)
        for kind, label in (("csv", "CSV"), ("xlsx", "Excel")):
            st.download_button(
                _("Save as {kind}").format(kind=label),
                partial(_file, bundle, kind, mask),
                file_name=f"reviews.{kind}",
                mime=files.MIME[kind],
                icon=":material/download:",
                on_click="ignore",
                key=f"map_table_save_{kind}",
            )
        st.toggle(_("Mask personal data"), value=True, key=_MASK)


def _select(bundle: Bundle, row_ids: list[int]) -> None:
    points = bundle.points
    units = points.loc[points["row_id"].isin(row_ids), "unit_id"].tolist()
    state.change(selection=tuple(sorted(units)) or None)


def _masked(bundle: Bundle, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table without personal data, as the export masks them; users are numbered within these rows."""
    n = len(bundle.rows.columns) - len(OWN_ROW_COLUMNS)
    added = rows.iloc[:, n:].map(lambda cell: redact(cell) if isinstance(cell, str) else cell)
    return pd.concat([masked(rows.iloc[:, :n], bundle.summary.get("roles", {})), added], axis=1)


def _as_text(rows: pd.DataFrame) -> str:
    """Tab-separated, with formulas defused: a spreadsheet runs what is pasted as well."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    head = pd.DataFrame([[str(name) for name in rows.columns]])
    for row in (*plain_rows(head), *plain_rows(rows)):
        writer.writerow(["" if cell is None else cell for cell in row])
    return written.getvalue()


def _file(bundle: Bundle, kind: str, mask: bool) -> bytes:
    view = state.current()
    only = View(filters=view.filters, selection=view.selection)
    return files.made(lambda path: write_table(bundle, path, kind, view=only, redact=mask, bom=kind == "csv"))
