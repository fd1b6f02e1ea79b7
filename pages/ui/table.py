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
