"""More like this: the reviews nearest in meaning to one that a person points at."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.ui import search_from, search_hits, state
from pages.ui.i18n import _
from pages.ui.reviews import show_reviews
from pipelines import search
from pipelines.store.reader import Bundle

MOST = 50


def show(bundle: Bundle) -> None:
    """The review, and those like it that pass filters and selection."""
    unit = search_from.chosen(bundle)
    if unit is None:
        return
    st.button(_("Back to the search"), key="ask_back", icon=":material/arrow_back:", on_click=search_from.end)
    st.subheader(_("More like this review"))
    one = bundle.points[bundle.points["unit_id"] == unit]
    show_reviews(one, bundle, key="ask_like_of", likes=False)
    found = search.like(bundle, unit, allowed=state.passing(bundle), limit=MOST)
    st.caption(
        _(
            "Nearest first, by the vectors that the model made of them (cosine likeness: 1 the same, 0 nothing in "
            "common). Repeats of this review are left out; the words are the rarest that both have."
        )
    )
    if not len(found):
        st.info(_("No other review passes the filters. Remove one of them above."))
        return
    which = np.flatnonzero(search_hits.distinct(bundle, found)).astype(np.int64)
    search_hits.listed(bundle, found, which, key="ask_like_hits")
