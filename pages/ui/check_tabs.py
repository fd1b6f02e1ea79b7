"""The Check page's tabs on stars and on what was left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import go, state
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews
from pages.ui.table import table as show_table
from pipelines.sentiment.contradictions import contradictions as find_contradictions
from pipelines.store.reader import Bundle
from pipelines.types import Sentiment
from pipelines.view import Filter


def _to_map(unit_id: int | None) -> None:
    if unit_id is not None:
        go.to("pages/main/map.py", lambda: state.change(selection=(unit_id,)))


def contradictions(bundle: Bundle, points: pd.DataFrame) -> None:
    """Reviews whose stars say the opposite of their text, clearest first."""
    if "rating" not in points or points["rating"].isna().all():
        st.info(_("This file has no star ratings to compare with."))
        return
    score = points["sentiment"].to_numpy(dtype=np.float32)
    felt = Sentiment(score, points["sentiment_label"].to_numpy(dtype=str), np.ones_like(score), method=())
    order, _strength = find_contradictions(points["rating"].to_numpy(dtype=np.float32), felt)
    part = points.iloc[order]
    st.markdown(
        n_(
            "**{n} review** has stars that its text contradicts.",
            "**{n} reviews** have stars that their text contradicts.",
            len(part),
        )
        + " "
        + _("The text's sentiment is an estimate: read before you judge.")
    )
    if part.empty:
        return
    why = {
        int(unit): _("{stars} stars, but the text reads {x} on a scale of −1 to 1").format(
            stars=f"{stars:g}", x=f"{x:+.2f}".replace("-", "−")
        )
        for unit, stars, x in zip(part["unit_id"], part["rating"], part["sentiment"], strict=True)
    }
    _to_map(show_reviews(part, bundle, key="contradictions", why=why, clickable=True))


def left_out(bundle: Bundle) -> None:
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
