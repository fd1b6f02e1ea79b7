"""The Check page's tab on what was left out."""

from __future__ import annotations

import streamlit as st

from pages.ui import state
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews
from pages.ui.table import table as show_table
from pipelines.store.reader import Bundle
from pipelines.view import Filter


def show(bundle: Bundle) -> None:
    """Rows that took no part, and reviews without a clear topic."""
    rows = bundle.rows[~bundle.rows["kept"]]
    unclear = bundle.points[bundle.points["cluster"] < 0]
    st.markdown(n_("**{n} row** has no usable text.", "**{n} rows** have no usable text.", len(rows)))
    if len(rows):
        show_table(
            rows.drop(columns="kept"), hide_index=True, key="left_out_rows", height="content" if len(rows) < 10 else 320
        )
    st.markdown(
        n_("**{n} review** has no clear topic.", "**{n} reviews** have no clear topic.", unclear["row_id"].nunique())
    )
    if len(unclear):
        item = Filter("cluster", "is", -1)
        st.button(
            _("Filter by these"),
            key="filter_unclear",
            on_click=state.add_filter,
            args=(item,),
            disabled=state.has_filter(item),
        )
        show_reviews(unclear, bundle, key="unclear_reviews", page=5)
