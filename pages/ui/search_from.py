"""Which review a person wants more like: chosen on any page, looked for on the page Ask."""

from __future__ import annotations

import streamlit as st

from pages.ui import go, state
from pipelines.store.reader import Bundle

_CHOSEN = "ask_like"


def choose(unit_id: int) -> None:
    """Look for more like a unit, of the analysis that is open, on the page Ask."""
    st.session_state[_CHOSEN] = (state.current().analysis, state.draft(), unit_id)
    if go.here() == "ask":
        st.rerun()
    go.later("pages/main/ask.py")


def chosen(bundle: Bundle) -> int | None:
    """The unit that more is looked for like, where it is in this analysis."""
    analysis, draft, unit = st.session_state.get(_CHOSEN, ("", "", -1))
    here = (analysis, draft) == (state.current().analysis, state.draft())
    return unit if here and 0 <= unit < len(bundle.points) else None


def end() -> None:
    """Back to what was looked for before."""
    st.session_state.pop(_CHOSEN, None)
