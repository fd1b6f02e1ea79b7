"""Changing topics: done by a click, told in a line with Undo, and which of them stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.ui import data, edit_words, state, told
from pages.ui.i18n import _
from pipelines import corrections
from pipelines.corrections import Decision
from pipelines.errors import ReviewscapeError
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle
from pipelines.view import Filter

_LAST = "last_edit"
TOPIC = "cluster"
_OTHER_TOPICS = frozenset({corrections.MERGED, corrections.SPLIT, corrections.HIDDEN})
"""Changes with which a topic that is looked at can go."""


Opens = Callable[[Mapping[str, Any]], int | None]
"""From a change's payload to the topic to look at after it; None for all."""


def to_all(_payload: Mapping[str, Any]) -> None:
    """Look at all topics again."""


def do(decide: Callable[[], Entry], opens: Opens | None = None) -> None:
    """Like `attempt`, as the callback of a button."""
    attempt(decide, opens)


def attempt(decide: Callable[[], Entry], opens: Opens | None = None) -> bool:
    """Record a change, or say why it cannot be made; whether it was. Without `opens` the filters stay."""
    try:
        entry = decide()
    except ReviewscapeError as error:
        told.toast(error)
        return False
    st.session_state[_LAST] = (state.current().analysis, entry.seq)
    if opens is not None:
        look_at(opens(entry.payload))
    return True


def look_at(topic_id: int | None) -> None:
    """Let the filter by topic be this one alone, or none."""
    others = tuple(item for item in state.current().filters if item.column != TOPIC)
    state.change(filters=others if topic_id is None else (*others, Filter(TOPIC, "is", topic_id)))


def take_back(seq: int) -> None:
    """Undo a change; the topic that is looked at may be gone with it."""
    _switch(corrections.undo, seq)


def bring_back(seq: int) -> None:
    """Do a change again that was taken back."""
    _switch(corrections.redo, seq)


def _switch(how: Callable[[str, int], Entry], seq: int) -> None:
    analysis = state.current().analysis
    if not told.attempt(lambda: how(analysis, seq)):
        return
    st.session_state[_LAST] = (analysis, seq)
    if any(one.seq == seq and one.kind in _OTHER_TOPICS for one in seen()):
        look_at(None)


def seen() -> tuple[Decision, ...]:
    """The open analysis's changes, oldest first."""
    return corrections.decisions(data.entries(state.current().analysis))


def last_change(bundle: Bundle) -> None:
    """A line that says what was changed last in this session, with the way back."""
    analysis, seq = st.session_state.get(_LAST, ("", 0))
    if analysis != state.current().analysis:
        return
    decision = next((one for one in seen() if one.seq == seq), None)
    if decision is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="last_edit"):
        said = edit_words.sentence(decision)
        st.markdown(_("Taken back: {change}").format(change=said) if decision.undone else said, width="stretch")
        switch(decision, "last")
        st.button(_("Close"), key="last_edit_close", type="tertiary", icon=":material/close:", on_click=_forget)


def _forget() -> None:
    st.session_state.pop(_LAST, None)


def switch(decision: Decision, key: str) -> None:
    """The button that takes a change back, or does it again."""
    seq = [decision.seq]
    if decision.undone:
        st.button(_("Redo"), key=f"redo_{key}", icon=":material/redo:", type="tertiary", on_click=bring_back, args=seq)
    else:
        st.button(_("Undo"), key=f"undo_{key}", icon=":material/undo:", type="tertiary", on_click=take_back, args=seq)


def topic_choices(bundle: Bundle, without: int | None = None) -> dict[int, str]:
    """Topics to choose from, as id → "name · reviews", in the order of the topic table."""
    points = bundle.points
    reviews = points.drop_duplicates(["row_id", TOPIC])[TOPIC].value_counts()
    names = {
        int(topic["id"]): str(topic["name"])
        for topic in bundle.summary["topics"]
        if not topic.get("hidden") and topic["id"] != without and topic["id"] in reviews
    }
    return {one: f"{name} · {int(reviews[one]):,}" for one, name in names.items()}
