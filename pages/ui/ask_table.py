"""A count by column: a bar for each value with its interval, the table behind it, and the reviews behind a row."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import csv_button, table
from pages.ui.i18n import _
from pages.ui.reviews import by_ids, reviews_dialog
from pipelines.answer import Answer
from pipelines.answer.extract import units_by_group
from pipelines.store.reader import Bundle

_LONG, _LONG_PX = 12, 460


def show(bundle: Bundle, answer: Answer) -> None:
    """The table of an answer's groups; a chosen row opens its reviews. Nothing where nothing was grouped."""
    counted = answer.counted
    if counted is None or not counted.groups:
        return
    shown = pd.DataFrame(
        {
            "value": [one.value for one in counted.groups],
            "reviews": [one.reviews for one in counted.groups],
            "of": [one.total for one in counted.groups],
            "share": [100 * one.reviews / max(one.total, 1) for one in counted.groups],
            "interval": [f"{one.low:.0%}–{one.high:.0%}" for one in counted.groups],
        }
    )
    most = max(float(shown["share"].max()), 1.0)
    chosen = table.picked(
        shown,
        key="ask_groups",
        height="content" if len(shown) <= _LONG else _LONG_PX,
        column_config={
            "value": st.column_config.TextColumn(answer.ask.group.removeprefix("row:")),
            "reviews": st.column_config.NumberColumn(_("Reviews"), format="localized"),
            "of": st.column_config.NumberColumn(_("of"), format="localized", help=_("All reviews with this value")),
            "share": st.column_config.ProgressColumn(_("Share"), format="%.0f%%", min_value=0, max_value=most),
            "interval": st.column_config.TextColumn(
                _("Interval"), help=_("Where the true share lies with 95 % certainty (Wilson interval)")
            ),
        },
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Click a row to read its reviews."), width="content")
        csv_button.csv_button(shown, "counted", key="ask_groups_csv")
    if chosen is not None and counted.groups[chosen].reviews:
        places = units_by_group(bundle, answer.ask, counted)[counted.groups[chosen].value]
        units = bundle.points["unit_id"].to_numpy()[places]
        reviews_dialog(
            by_ids(bundle.points, units.tolist()), bundle, _("The reviews behind this"), key="ask_group_behind"
        )
