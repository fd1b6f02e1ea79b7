"""An item: what is said of it, and the items most like it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import recommend_parts
from pages.ui.csv_button import csv_button
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.recommend_parts import Known
from pages.ui.reviews import by_ids, reviews_dialog, show_reviews
from pages.ui.table import picked
from pipelines import recommend
from pipelines.recommend.items import reasons
from pipelines.store.reader import Bundle

KEY = "recommend_item"


def show(bundle: Bundle, known: Known) -> None:
    """Draw the tab."""
    tastes, history = known.tastes, known.history
    if st.session_state.get(KEY) not in tastes.items and st.session_state.pop(KEY, None):
        st.warning(_("There is no such item here."))
    chosen = recommend_parts.choose_name(_("Item"), tastes.items, history.reviewers.tolist(), KEY)
    if chosen not in tastes.items:
        return
    item = tastes.items.index(chosen)
    points = bundle.points.iloc[recommend.units_of_item(history, item)]
    n = int(points["row_id"].nunique())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(n_("{n} review", "{n} reviews", n), key="recommend_item_read", icon=":material/format_quote:"):
            reviews_dialog(points, bundle, plain(chosen), "recommend_item_cards")
        what = _("{x} stars on average") if known.has_stars else _("sentiment {x}")
        said = what.format(x=recommend_parts.liked(known, item))
        about = known.subjects[item]
        st.caption(f"{said} · {plain(about)}" if about else said, width="content")
    st.subheader(_("Items like this one"))
    listed = recommend.like_item(history, item)
    if not listed:
        st.info(_("There is no other item."))
        return
    frame = pd.DataFrame(
        {
            "item": [tastes.items[one.item] for one in listed],
            "about": [known.subjects[one.item] for one in listed],
            "people": [one.people for one in listed],
            "wording": [round(one.wording, 2) for one in listed],
            "liked": [recommend_parts.liked(known, one.item) for one in listed],
            "n": [one.n for one in listed],
        }
    )
    row = picked(
        frame,
        key="recommend_like_item",
        height="content",
        column_config={
            "item": st.column_config.TextColumn(_("Item"), width=170, pinned=True),
            "about": recommend_parts.about_column(),
            "people": st.column_config.NumberColumn(
                _("Reviewed both"), format="localized", width=90, help=_("People who reviewed this item and that one")
            ),
            "wording": st.column_config.NumberColumn(
                _("Likeness"),
                format="%.2f",
                width=70,
                help=_("Cosine of what is written about the two: 1 is the same, 0 is as alike as any two"),
            ),
            "liked": recommend_parts.liked_column(known),
            "n": st.column_config.NumberColumn(_("Reviewed by"), format="localized", width=80),
        },
    )
    st.caption(_("By who reviewed both and by what is written about them. Few people in common are little evidence."))
    csv_button(frame, "items-alike", key="recommend_like_csv")
    at = recommend_parts.open_row(f"recommend_like_open_{item}", [one.item for one in listed], row)
    other = listed[at].item
    st.markdown("**" + _("Why {item}").format(item=plain(tastes.items[other])) + "**")
    st.caption(_("Its reviews nearest to what is written about {item}.").format(item=plain(chosen)))
    units = reasons(history, other, history.portraits[item])
    show_reviews(by_ids(bundle.points, list(units)), bundle, key="recommend_like_why")
