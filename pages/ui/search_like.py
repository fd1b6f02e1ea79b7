"""More like this: the reviews nearest in meaning to one that a person points at."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.ui import search_hits, state
from pages.ui.i18n import _
from pages.ui.reviews import show_reviews
from pipelines import search
from pipelines.store.reader import Bundle

_CHOSEN = "ask_like"
MOST = 50


def choose(unit_id: int) -> None:
    """Look for more like a unit from now on, within the analysis that is open."""
    st.session_state[_CHOSEN] = (state.current().analysis, state.draft(), unit_id)
    st.rerun()


def chosen(bundle: Bundle) -> int | None:
    """The unit that more is looked for like, where it is in this analysis."""
    analysis, draft, unit = st.session_state.get(_CHOSEN, ("", "", -1))
    here = (analysis, draft) == (state.current().analysis, state.draft())
    return unit if here and 0 <= unit < len(bundle.points) else None


def end() -> None:
    """Back to what was looked for before."""
    st.session_state.pop(_CHOSEN, None)


def show(bundle: Bundle) -> None:
    """The review, and those like it that pass filters and selection."""
    unit = chosen(bundle)
    if unit is None:
        return
    st.button(_("Back to the search"), key="ask_back", icon=":material/arrow_back:", on_click=end)
    st.subheader(_("More like this review"))
    one = bundle.points[bundle.points["unit_id"] == unit]
    show_reviews(one, bundle, key="ask_like_of")
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
    search_hits.listed(bundle, found, which, key="ask_like_hits", on_like=choose)
