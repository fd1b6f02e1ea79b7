"""Odd reviews that people dismissed: the act, the line that takes it back, and the list of what is out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import data, state, told
from pages.ui.i18n import _, local_moment, n_
from pages.ui.reviews import reviews_dialog
from pipelines import checked
from pipelines.corrections.places import keys
from pipelines.errors import ReviewscapeError
from pipelines.store.reader import Bundle

_LAST = "last_dismissal"


def among(points: pd.DataFrame) -> list[int]:
    """The unit ids among `points` that are dismissed."""
    return points.loc[points[checked.DISMISSED], "unit_id"].tolist() if checked.DISMISSED in points else []


def several(bundle: Bundle, unit_ids: Sequence[int]) -> None:
    """Dismiss them, as the callback of a button."""
    analysis = state.current().analysis
    try:
        entry = checked.dismiss(analysis, bundle, unit_ids)
    except ReviewscapeError as error:
        told.toast(error)
        return
    st.session_state[_LAST] = (analysis, entry.seq)


def one(bundle: Bundle, unit_id: int) -> None:
    """Dismiss the review of a card; the page is drawn anew without it."""
    several(bundle, [unit_id])
    st.rerun()


def last_and_list(bundle: Bundle) -> None:
    """A line about what this session dismissed last, and all that is out of the list; nothing where nothing is."""
    analysis = state.current().analysis
    standing = checked.dismissals(data.entries(analysis))
    if not standing:
        return
    last = st.session_state.get(_LAST)
    for dismissal in standing:
        if last == (analysis, dismissal.seq):
            with st.container(border=True, horizontal=True, vertical_alignment="center", key="last_dismissal"):
                said = n_("{n} review is dismissed.", "{n} reviews are dismissed.", dismissal.reviews)
                st.markdown(said, width="stretch")
                _undo(dismissal, "last")
    total = sum(dismissal.reviews for dismissal in standing)
    with st.expander(n_("{n} dismissed", "{n} dismissed", total), icon=":material/visibility_off:", key="dismissed"):
        for dismissal in reversed(standing):
            with st.container(horizontal=True, vertical_alignment="center", key=f"dismissal_{dismissal.seq}"):
                said = n_("{n} review", "{n} reviews", dismissal.reviews)
                st.markdown(f"{said} · {local_moment(dismissal.at)}", width="stretch")
                if st.button(_("Read them"), key=f"read_dismissed_{dismissal.seq}", type="tertiary"):
                    part = bundle.points[np.isin(keys(bundle.points), dismissal.keys)]
                    reviews_dialog(part, bundle, _("Dismissed"), f"dismissed_{dismissal.seq}")
                _undo(dismissal, str(dismissal.seq))


def _undo(dismissal: checked.Dismissal, key: str) -> None:
    st.button(
        _("Undo"),
        key=f"undo_dismissal_{key}",
        type="tertiary",
        icon=":material/undo:",
        on_click=_bring_back,
        args=(dismissal.seq,),
    )


def _bring_back(seq: int) -> None:
    told.attempt(lambda: checked.bring_back(state.current().analysis, seq))
