"""The box of the page Ask: what a person types is the view's search, kept in the address and shared with the map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import bound, slices, state
from pages.ui.escape import plain
from pages.ui.i18n import _
from pipelines import hits, search
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray
from pipelines.view import MAX_SEARCH_CHARS

BOX, MODE = "ask_box", "ask_mode"
MOST_HITS = 200
_SUGGESTED = 6


def show(bundle: Bundle) -> None:
    """The box, and how to look a click away."""
    bound.show(BOX, state.current().search)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            _("What do you want to know?"),
            placeholder=_("a question, a few words, or how a customer would say it"),
            key=BOX,
            max_chars=MAX_SEARCH_CHARS,
            on_change=bound.take,
            args=(BOX, lambda typed: ask(bundle, typed or "")),
            icon=":material/search:",
            width="stretch",
        )
        with st.popover(_("How to look"), icon=":material/tune:", width="content"):
            _how(bundle)


def _how(bundle: Bundle) -> None:
    if not hits.can_read(bundle):
        st.caption(
            _(
                "By words alone: the model that read these reviews is not on this computer, and your words are not "
                "sent anywhere."
            )
        )
        return
    names = {
        "fused": _("words and meaning"),
        "words": _("words only"),
        "vectors": _("meaning only"),
        "ranks": _("both, by rank"),
    }
    st.segmented_control(
        _("Look for"),
        list(search.MODES),
        default=search.MODES[0],
        required=True,
        format_func=names.__getitem__,
        key=MODE,
    )
    st.caption(
        _(
            "Words: the more of your words a review has and the rarer they are, the better (BM25). Meaning: how close "
            "the model puts a review to your words, in any language that it reads (cosine of the vectors). By rank: "
            "what stands high in both lists (reciprocal ranks). Your words are read on this computer."
        )
    )


def mode() -> search.Mode:
    """How to look, as chosen in this session."""
    chosen = st.session_state.get(MODE)
    return chosen if chosen in search.MODES else "fused"


def ask(bundle: Bundle, typed: str) -> None:
    """Look for what was typed; the map then shows the same, by meaning too where that can be read."""
    state.change(search=typed.strip(), by_meaning=hits.can_read(bundle))


def find(bundle: Bundle) -> search.Found | None:
    """The MOST_HITS best among the reviews that pass filters and selection; None while nothing is looked for."""
    text = state.current().search
    if not text:
        return None
    how = mode() if hits.can_read(bundle) else "fused"
    allowed = state.passing(bundle)
    with st.spinner(_("Looking for it …"), show_time=False):
        return _found(bundle.key, bundle, text, how, np.packbits(allowed).tobytes(), allowed)


@st.cache_resource(max_entries=32, show_spinner=False)
def _found(key: str, _bundle: Bundle, text: str, how: search.Mode, inside: bytes, _allowed: BoolArray) -> search.Found:
    return search.search(_bundle, text, mode=how, allowed=_allowed, limit=MOST_HITS)


def suggestions(bundle: Bundle) -> None:
    """What to try while the box is empty: the largest topics in sight, in their own words."""
    _allowed, points = state.in_focus(bundle)
    if points.empty:
        st.info(_("No review passes these filters. Remove one of them above."))
        return
    st.caption(
        _(
            "Finds the reviews that say it, and those that mean it in other words. Filters above apply. Topics of this "
            "file to begin with:"
        )
    )
    named = slices.reckoned("largest topics", state.digest(bundle), lambda: _largest(points))
    with st.container(horizontal=True, gap="small"):
        for i, name in enumerate(named):
            st.button(
                plain(str(name), 40), key=f"ask_try_{i}", on_click=ask, args=(bundle, str(name)[:MAX_SEARCH_CHARS])
            )
    if not named:
        st.caption(_("No topic was found: there are too few reviews that say similar things."))


def _largest(points: pd.DataFrame) -> list[str]:
    return points.loc[points["topic"] != "", "topic"].value_counts().index[:_SUGGESTED].tolist()
