"""Under the topic table: what is hidden, and every change that people made to topics, each with its way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.ui import edit_words, edits
from pages.ui.escape import plain
from pages.ui.i18n import _, local_moment, n_
from pipelines import corrections
from pipelines.corrections import Decision
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle

_PAGE = 20


def show(bundle: Bundle) -> None:
    """The hidden topics and the list of changes; nothing where nobody changed anything."""
    seen = edits.seen()
    if not seen:
        return
    outcomes = {int(one["seq"]): one for one in bundle.summary.get(corrections.OUTCOMES, ())}
    _hidden(bundle, seen)
    lost = [one for one in seen if not one.undone and not outcomes.get(one.seq, {"fits": True})["fits"]]
    title = n_("{n} change to topics", "{n} changes to topics", len(seen))
    if lost:
        title += " · " + n_("{n} no longer fits", "{n} no longer fit", len(lost))
    with st.expander(title, icon=":material/history:", key="edit_history"):
        if lost:
            st.caption(_("What no longer fits this map is kept, and is in effect again on a map that it fits."))
        newest = list(reversed(seen))
        whole = len(newest) <= _PAGE or st.toggle(_("Show all"), key="edit_history_all")
        for decision in newest if whole else newest[:_PAGE]:
            _line(decision, outcomes.get(decision.seq))


def _line(decision: Decision, outcome: Mapping[str, Any] | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"edit_{decision.seq}"):
        with st.container(width="stretch", gap=None):
            said = edit_words.sentence(decision)
            st.markdown(_("Taken back: {change}").format(change=said) if decision.undone else said)
            told = [local_moment(decision.at)]
            if outcome is not None and not decision.undone:
                reason = edit_words.why(outcome)
                if not outcome["fits"]:
                    told.append(":material/link_off: " + _("no longer fits") + ": " + reason)
                elif reason:
                    told.append(reason)
            st.caption(" · ".join(told))
        edits.switch(decision, str(decision.seq))


def _hidden(bundle: Bundle, seen: Sequence[Decision]) -> None:
    hiding = corrections.hiding(seen, bundle.summary)
    if not hiding:
        return
    names = {int(topic["id"]): str(topic["name"]) for topic in bundle.summary["topics"]}
    points = bundle.points
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="hidden_topics"):
        st.caption(":material/visibility_off: " + _("Hidden topics"))
        for seq, ids in hiding.items():
            count = n_("{n} review", "{n} reviews", count_reviews(points[points["cluster"].isin(ids)]))
            st.button(
                plain(" · ".join([*(names[one] for one in ids), count]), 80),
                key=f"bring_topic_{seq}",
                type="tertiary",
                icon=":material/visibility:",
                help=_("Bring back"),
                on_click=edits.take_back,
                args=[seq],
            )
