"""Moving reviews to another topic, or to none: those selected on the map, or the one of a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from pages.ui import edits, state
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews
from pipelines import corrections
from pipelines.corrections.places import with_copies
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle

NONE = -1


def selection(bundle: Bundle, part: pd.DataFrame) -> None:
    """What can be done with the reviews selected on the map."""
    if part.empty:
        return
    if bundle.is_draft:
        st.caption(":material/edit_off: " + _("Changes to topics wait for the full map."))
        return
    units = part["unit_id"].tolist()
    # A new key for each selection and each state of the topics: what was open closes.
    own = f"{bundle.key[-16:]}_{len(units)}_{units[0]}"
    with st.popover(_("Move to topic …"), icon=":material/drive_file_move:", key=f"move_{own}"):
        _choose(bundle, units, own)


def of_one(bundle: Bundle) -> Callable[[int], None] | None:
    """What the button on a card does; None on a draft, whose topics nobody changes."""
    return None if bundle.is_draft else partial(_ask, bundle)


def _ask(bundle: Bundle, unit_id: int) -> None:
    # Decorated inside, so that the dialog's title is in the session's language.
    @st.dialog(_("Move to topic …"))
    def ask() -> None:
        show_reviews(by_ids(bundle.points, [unit_id]), bundle, key="to_move", likes=False)
        if _choose(bundle, [unit_id], "card", in_dialog=True):
            st.rerun()

    ask()


def _choose(bundle: Bundle, units: Sequence[int], own: str, *, in_dialog: bool = False) -> bool:
    """The topic to move `units` to; whether they were moved in this very run (in a dialog only)."""
    points = bundle.points
    inside = points["unit_id"].isin(list(units)).to_numpy(dtype=bool)
    now = points.loc[inside, "cluster"].unique().tolist()
    choices = edits.topic_choices(bundle, without=now[0] if len(now) == 1 else None)
    choices |= {} if now == [NONE] else {NONE: _("no clear topic")}
    if not choices:
        st.caption(_("There is no other topic."))
        return False
    st.selectbox(_("Topic"), list(choices), format_func=choices.__getitem__, key=f"move_to_{own}")
    more = count_reviews(points[with_copies(points, inside) & ~inside])
    if more:
        st.checkbox(
            n_(
                "{n} more review says the same and goes along",
                "{n} more reviews say the same and go along",
                more,
            ),
            value=True,
            key=f"move_copies_{own}",
        )
    label = n_("Move {n} review", "Move {n} reviews", count_reviews(points[inside]))

    def save() -> bool:
        copies = bool(st.session_state.get(f"move_copies_{own}", True))
        to = int(st.session_state[f"move_to_{own}"])
        decide = partial(corrections.move, state.current().analysis, bundle, units, to, copies=copies)
        return edits.attempt(decide)

    def do() -> None:
        save()

    if in_dialog:
        return st.button(label, key=f"move_save_{own}", type="primary") and save()
    st.button(label, key=f"move_save_{own}", type="primary", on_click=do)
    return False
