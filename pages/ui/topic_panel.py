"""A topic's own panel, opened by a click on its row: what it is about, what can be done with it, its reviews."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.ui import edit_moved, edit_topic, go, suggested, topic_evidence, topic_trend
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews, strongest_first
from pipelines.store.reader import Bundle

Section = Callable[[Bundle, pd.DataFrame, int], None]
"""Draws one part of the panel from the bundle as shown, the topic's points and its id."""


def show(bundle: Bundle, points: pd.DataFrame, topic_id: int, name: str) -> None:
    """The panel of one topic (−1: the reviews without a clear one); points: those that the other filters leave."""
    part = points[points["cluster"] == topic_id]
    with st.container(border=True, key="opened_topic"):
        st.markdown(f"**{plain(name)}** · " + n_("{n} review", "{n} reviews", part["row_id"].nunique()))
        if st.button(_("Show on map"), key="topic_on_map", icon=":material/bubble_chart:"):
            go.to("pages/main/map.py")
        if topic_id >= 0:
            for section in SECTIONS:
                section(bundle, part, topic_id)
        move = edit_moved.of_one(bundle)
        show_reviews(strongest_first(part), bundle, key="topic_reviews", show_topic=False, page=5, on_move=move)


SECTIONS: tuple[Section, ...] = (suggested.beside, topic_trend.show, topic_evidence.show, edit_topic.show)
"""What stands between the title and the reviews, in this order."""
