"""What a search found: how many reviews clearly say or mean it, in which topics, and the reviews themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import go, search_hits, state
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pipelines import search
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle


def show(bundle: Bundle, found: search.Found) -> None:
    """The figures and the list."""
    points = bundle.points
    clear = points.iloc[found.clear_positions]
    st.subheader(f"“{plain(state.current().search, 60)}” · " + n_("{n} review", "{n} reviews", count_reviews(clear)))
    if found.how == "unread":
        st.caption(_("Found by its words alone: the model that read these reviews cannot be asked here."))
    if not len(found):
        _nothing(bundle)
        return
    if clear.empty:
        st.info(
            _("No review has all these words. These have some of them.")
            if np.isnan(found.cut)
            else _("No review clearly speaks of this. These are the nearest.")
        )
    else:
        _figures(bundle, found, clear)
    search_hits.listed(bundle, found, search_hits.shown(bundle, found), key="ask_hits")


def _figures(bundle: Bundle, found: search.Found, clear: pd.DataFrame) -> None:
    """The share of the reviews in sight, by what it was counted, and the topics as filters."""
    in_sight = count_reviews(bundle.points[state.passing(bundle)])
    share = count_reviews(clear) / max(in_sight, 1)
    facts = [_("{x} of the reviews in sight").format(x=f"{share:.1%}")]
    if not np.isnan(found.cut):
        facts.append(
            _("those with all your words, or a likeness of {x} or more (a foreign phrase stays below it here)").format(
                x=f"{found.cut:.2f}"
            )
            if found.how in ("fused", "ranks")
            else _("those with a likeness of {x} or more (a foreign phrase stays below it here)").format(
                x=f"{found.cut:.2f}"
            )
        )
    else:
        facts.append(_("those with all your words"))
    st.caption(" · ".join(facts))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        search_hits.topic_doors(clear, key="ask_topic")
    with st.container(horizontal=True, gap="small"):
        if st.button(_("Show on the map"), key="ask_on_map", icon=":material/bubble_chart:"):
            go.to("pages/main/map.py", lambda: state.change(selection=None))
        st.button(
            _("Select these"),
            key="ask_select",
            icon=":material/select_all:",
            on_click=state.change,
            kwargs={"selection": tuple(sorted(clear["unit_id"].tolist()))},
            help=_("Every page then shows only these, until you clear the selection in the bar above."),
        )


def _nothing(bundle: Bundle) -> None:
    st.info(_("No review has these words. Try fewer or other words, or one word in its simplest form."))
    if state.current().filters or state.current().selection:
        st.button(
            _("Clear the filters"),
            key="ask_unfilter",
            on_click=state.change,
            kwargs={"filters": (), "selection": None},
        )
