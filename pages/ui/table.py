"""Tables on screen: searched and sorted there, but taken along only through the Share page.

The toolbar of Streamlit's table downloads raw cells: formulas not defused, personal data not masked. The setting
client.disableDataExport, held by .streamlit/config.toml, takes that button and the copying of cells away; search and
sorting stay. A server started with another value of it gets it back here.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

SETTING = "client.disableDataExport"


def table(frame: pd.DataFrame, **options: Any) -> Any:
    """st.dataframe with its options and its result, without download and copying; no index unless asked for."""
    if not st.get_option(SETTING):
        st.set_option(SETTING, True)
    options.setdefault("hide_index", True)
    return st.dataframe(frame, **options)


def picked(frame: pd.DataFrame, *, key: str, **options: Any) -> int | None:
    """A table of which a row can be chosen; returns its position, once."""
    # A new key after each use: the row that was chosen must not act again on the next run.
    generation = st.session_state.get(f"{key}_generation", 0)
    drawn = table(frame, key=f"{key}_{generation}", on_select="rerun", selection_mode="single-row", **options)
    rows = drawn["selection"]["rows"]
    if not rows or rows[0] >= len(frame):
        return None
    st.session_state[f"{key}_generation"] = generation + 1
    return int(rows[0])
