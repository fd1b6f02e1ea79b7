"""A table taken along as CSV: formulas defused, personal data masked unless a person says otherwise."""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.ui.i18n import _
from pipelines.export.csv_file import write_csv
from pipelines.redact import redact


def csv_button(table: Callable[[], pd.DataFrame], stem: str, *, key: str) -> None:
    """A button that saves what `table` gives, made when it is pressed; cells and header as people read them."""
    masked = st.session_state.get(f"{key}_mask", True)

    def made() -> bytes:
        frame = table()
        if masked:
            for name in frame.columns:
                if not pd.api.types.is_numeric_dtype(frame[name].dtype):
                    frame[name] = frame[name].map(redact, na_action="ignore")
        file = io.StringIO(newline="")
        write_csv(frame, file)
        # Excel reads UTF-8 with a byte-order mark only.
        return file.getvalue().encode("utf-8-sig")

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_row"):
        st.download_button(
            _("Save as CSV"),
            made,
            file_name=f"{stem}.csv",
            mime="text/csv",
            key=key,
            icon=":material/download:",
            on_click="ignore",
        )
        st.checkbox(_("Mask personal data"), value=True, key=f"{key}_mask")
