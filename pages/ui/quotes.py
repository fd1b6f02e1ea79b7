"""The quotes that were collected: read, put in order, taken out with a way back, and copied as plain text."""

from __future__ import annotations

import streamlit as st

from pages.ui import collect, done_line, steady
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews
from pipelines.export.quotes import quotes_text
from pipelines.store.reader import Bundle
from pipelines.view import MAX_QUOTES

POPOVER = "quotes"
_TEXT_HEIGHT, _LIST_HEIGHT = 180, 360
_LONG, _MANY = 400, 2
"""Characters and quotes beyond which a part has a fixed height and scrolls."""


@st.fragment
def popover(bundle: Bundle) -> None:
    """The button "Quotes" of the bar."""
    if st.session_state.pop(done_line.CHANGED, False):
        # The whole page follows what was done in here.
        st.rerun()
    kept = collect.units(bundle)
    title = steady.title(POPOVER, _("Quotes") + (f" · {len(kept)}" if kept else ""))
    box = st.popover(title, icon=":material/star:", type="tertiary", key=POPOVER, on_change="rerun")
    if box.open:
        with box:
            show(bundle, kept, key="bar")


def show(bundle: Bundle, kept: list[int], *, key: str) -> None:
    """The list, the text to copy, and the way to begin anew."""
    if bundle.is_draft:
        st.caption(_("This is a draft. Quotes wait for the full map."))
        return
    if not kept:
        st.caption(_("No quote yet. The star beside a review, wherever it is shown, collects it here."))
        return
    missing = len(collect.keys()) - len(kept)
    if missing:
        st.caption(n_("{n} more is not on this map.", "{n} more are not on this map.", missing))
    redact = st.toggle(_("Mask personal data"), value=True, key=f"{key}_quotes_redact")
    st.caption(_("To copy: the button at the right of the text."))
    # A code block shows any text as it is, and brings the button.
    text = quotes_text(bundle.points, kept, _, redact=redact)
    st.code(text, language=None, wrap_lines=True, height=_TEXT_HEIGHT if len(text) > _LONG else "content")
    with st.container(height=_LIST_HEIGHT if len(kept) > _MANY else "content", border=False):
        show_reviews(by_ids(bundle.points, kept), bundle, key=f"{key}_{collect.LIST}", most=MAX_QUOTES, sorts=True)
    st.button(
        _("Take all out"), key=f"{key}_quotes_empty", type="tertiary", icon=":material/delete:", on_click=collect.empty
    )
