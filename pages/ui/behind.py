"""Behind a chart: its figures as a table, its download, and the kind of file that the chart is saved as.

Nothing of it is made while it is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import charts
from pages.ui.csv_button import csv_button
from pages.ui.i18n import _
from pages.ui.table import picked, table

LONG, LONG_PX = 12, 460
"""A table of more rows scrolls inside itself."""


@dataclass(frozen=True)
class Figures:
    """A table: shown (headed in words, or by `columns`; numbers as the browser's place writes them), saved (as CSV,
    where it says more).
    """

    shown: pd.DataFrame
    saved: pd.DataFrame | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)


def behind(name: str, figures: Callable[[], Figures], *, key: str, picks: bool = False) -> int | None:
    """The toggle below a chart; name: of the files. Returns the row that was chosen, once, where the table `picks`."""
    opened = st.expander(
        _("Table and download"), type="compact", icon=":material/table_rows:", key=f"{key}_behind", on_change="rerun"
    )
    if not opened.open:
        return None
    with opened:
        found = figures()
        chosen = _table(found, key, picks=picks)
        take_along(found.shown if found.saved is None else found.saved, name, key=key)
    return chosen


def _table(found: Figures, key: str, *, picks: bool) -> int | None:
    shown = found.shown
    numbers = st.column_config.NumberColumn(format="localized")
    options: dict[str, Any] = {
        "key": f"{key}_table",
        "height": "content" if len(shown) <= LONG else LONG_PX,
        "column_config": {**dict.fromkeys(shown.select_dtypes("number").columns, numbers), **found.columns},
    }
    if picks:
        return picked(shown, **options)
    table(shown, **options)
    return None


def take_along(frame: pd.DataFrame, name: str, *, key: str) -> None:
    """The table as a file, and as which kind of picture the chart's own button saves it, here and everywhere."""
    choice = f"{key}_picture"
    st.session_state[choice] = charts.picture_format()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        csv_button(frame, name, key=f"{key}_csv")
        st.segmented_control(
            _("Kind of picture"),
            charts.PICTURES,
            format_func=str.upper,
            required=True,
            key=choice,
            on_change=lambda: charts.choose_picture(st.session_state[choice]),
            label_visibility="collapsed",
        )
        st.caption(_("The camera on the chart saves it as this kind of picture."), width="content")
