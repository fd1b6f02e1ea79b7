"""A table as a CSV file, with formulas defused and personal data masked."""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.ui.i18n import _
from pipelines.export.csv_file import write_csv
from pipelines.redact import redact


def csv_button(table: pd.DataFrame | Callable[[], pd.DataFrame], name: str, *, key: str) -> None:
    """A button that saves the table as `name`.csv; it is written, and made by `table`, only when somebody wants it."""

    def content() -> bytes:
        written = io.StringIO(newline="")
        frame = table if isinstance(table, pd.DataFrame) else table()
        write_csv(frame.map(lambda cell: redact(cell) if isinstance(cell, str) else cell), written)
        # Without the mark Excel garbles Chinese.
        return written.getvalue().encode("utf-8-sig")

    st.download_button(
        _("Save as CSV"),
        content,
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )
