"""The Overview's small map: a look, not a tool; the Map page is one click away."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.ui import map as review_map
from pages.ui import state
from pages.ui.i18n import _
from pages.ui.theme import is_dark
from pipelines.store.reader import Bundle
from pipelines.view import Filter


def show(bundle: Bundle, chosen: np.ndarray) -> None:
    """Draw it; a click on a topic's name adds its filter."""
    st.subheader(_("Map"))
    topics = bundle.summary["topics"]
    event = review_map.show_map(
        bundle.points,
        topics,
        state.current(),
        mask=chosen,
        colour=review_map.colour_by(bundle.points, bundle.rows, "topic", topics),
        key="mini_map",
        height=330,
        dark=is_dark(),
        words=review_map.default_words(),
        compact=True,
    )
    if event is not None and event.topic is not None:
        state.add_filter(Filter("cluster", "is", event.topic))
        st.rerun()
    st.page_link("pages/main/map.py", label=_("Open the map"), icon=":material/bubble_chart:")
