"""Make a topic of what is selected on the map."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import go, state
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.tracked import opened
from pipelines import tracked
from pipelines.errors import ReviewscapeError
from pipelines.store.reader import Bundle


def make_from(bundle: Bundle, part: pd.DataFrame) -> None:
    """The button "Make this a topic" with a name to give; then the Overview opens with it."""
    if part.empty:
        return
    if bundle.is_draft:
        st.caption(_("Topics can be tracked once the full map is there."))
        return
    with st.expander(_("Make this a topic"), icon=":material/bookmark_add:", key="make_topic"):
        st.caption(
            _("Reviews like these are tracked, here and in files added later. Next you confirm the doubtful ones.")
        )
        with st.form("make_topic_form", border=False):
            name = st.text_input(_("Name"), value=_suggested(part), max_chars=120, key="make_topic_name")
            sent = st.form_submit_button(_("Track it"), type="primary", icon=":material/bookmark_added:")
    if sent:
        _make(bundle, part, name)


def _suggested(part: pd.DataFrame) -> str:
    named = part.loc[part["cluster"] >= 0, "topic"].value_counts()
    return str(named.index[0])[:120] if len(named) else ""


def _make(bundle: Bundle, part: pd.DataFrame, name: str) -> None:
    try:
        made = tracked.create_from_reviews(state.current().analysis, bundle, name, part["unit_id"].tolist())
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 300))
        return
    opened.open_topic(made)
    go.to("pages/main/overview.py", _leave_selection)


def _leave_selection() -> None:
    # The Overview would go on showing the selected reviews alone, and the new topic among them.
    state.change(selection=None)
