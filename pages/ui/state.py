"""The one view state of a session: kept in the session and the URL, shared by all pages.

The URL is written after every change. When it differs from what was last written, a person used the back button or
opened a link of their own, and the URL wins.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace as with_changes

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui import looks, slices
from pipelines.address import from_query, to_query
from pipelines.store import selections
from pipelines.store.reader import Bundle
from pipelines.view import Filter, View

VIEW, WRITTEN, DRAFT = "view_state", "view_url", "draft_shown"
PLACED = "camera_placed"
"""Counts the times that the camera was set by a saved view."""
DRAFT_PARAMETER = "b"
VIEW_PARAMETERS = ("a", "f", "c", "d", "cam", "s", "n", "q", "m", DRAFT_PARAMETER)
_BUNDLE = re.compile(r"[0-9a-f]{12}")


def current() -> View:
    """The session's view."""
    view = st.session_state.get(VIEW)
    return view if isinstance(view, View) else View()


def change(**changes: object) -> None:
    """Change parts of the view; the URL follows."""
    history = looks.history()
    history.note(current())
    st.session_state[VIEW] = with_changes(current(), **changes)  # type: ignore[arg-type]
    history.note(current())
    write_url()


def show(view: View) -> None:
    """Look at a saved view; what is collected with it is kept elsewhere."""
    st.session_state[DRAFT] = ""
    # The map goes by its own zoom, unless it is told that another is meant.
    st.session_state[PLACED] = st.session_state.get(PLACED, 0) + 1
    change(**vars(with_changes(view, quotes=())))


def step(by: int) -> None:
    """Undo (−1) or redo (1) a change of the look; the camera stays where the dimensions do."""
    look = looks.history().step(by)
    if look is not None:
        st.session_state[VIEW] = with_changes(look, camera=current().camera)
        write_url()


def can_step(by: int) -> bool:
    """Whether there is a look to undo to (−1) or redo (1)."""
    return looks.history().can(by)


def open_analysis(analysis_id: str) -> None:
    """Look at another analysis: filters, selection and camera of the last one do not fit it."""
    st.session_state[DRAFT] = ""
    change(analysis=analysis_id, filters=(), selection=None, camera=None, colour="topic", note="", search="")


def draft() -> str:
    """The first digits of the id of the draft that is looked at; "" for the analysis's latest bundle."""
    return str(st.session_state.get(DRAFT, ""))


def show_draft(bundle_id: str) -> None:
    """Say which draft the view's filters and places belong to: they go on showing it when a full map is there."""
    if draft() != bundle_id[:12]:
        st.session_state[DRAFT] = bundle_id[:12]
        write_url()


def add_filter(item: Filter) -> None:
    """Add a filter; one on the same column and operation is replaced, a filter that is there already stays once."""
    others = tuple(f for f in current().filters if (f.column, f.op) != (item.column, item.op))
    change(filters=(*others, item))


def remove_filter(item: Filter) -> None:
    """Take a filter away."""
    change(filters=tuple(f for f in current().filters if f != item))


def has_filter(item: Filter) -> bool:
    """Whether the view has this very filter."""
    return item in current().filters


def topic() -> int | None:
    """The one topic that the view is filtered to (−1: the reviews without a clear one); None for none or several."""
    chosen = [item.value for item in current().filters if item.column == "cluster" and item.op == "is"]
    return int(chosen[0]) if chosen and isinstance(chosen[0], int | float) else None


def choose_topic(topic_id: int | None) -> None:
    """Filter to one topic, or to none, in place of any other choice of topics."""
    others = tuple(item for item in current().filters if item.column != "cluster")
    change(filters=others if topic_id is None else (*others, Filter("cluster", "is", topic_id)))


def toggle_filter(item: Filter) -> None:
    """Add a filter, or take it away when it is there."""
    if has_filter(item):
        remove_filter(item)
    else:
        add_filter(item)


def sync_from_url() -> None:
    """Take the view from the URL where a person brought it: they came by it, or went back or forward to it.

    Once at the start of a run. Any other request brings the address that the browser knew when it asked, which may be
    older than what this session wrote last: the run puts that there again.
    """
    query = _query()
    if query and query != st.session_state.get(WRITTEN) and not is_late():
        st.session_state[VIEW] = from_query(query, selections.fetch)
        looks.history().note(current(), arrived=True)
        named = query.get(DRAFT_PARAMETER, "")
        st.session_state[DRAFT] = named if _BUNDLE.fullmatch(named) else ""
        st.session_state[WRITTEN] = query


def is_late() -> bool:
    """Whether the request was sent before the browser heard of this session's last change of the view."""
    written = st.session_state.get(WRITTEN)
    context = get_script_run_ctx()
    went = context is not None and context.is_history_navigation
    return written is not None and _query() != written and not went


def _query() -> dict[str, str]:
    return {name: st.query_params[name] for name in VIEW_PARAMETERS if name in st.query_params}


def write_url() -> None:
    """Put the view into the URL; nothing else of it changes."""
    query = {k: v for k, v in to_query(current(), selections.keep).items() if k in VIEW_PARAMETERS}
    query |= {DRAFT_PARAMETER: draft()} if draft() else {}
    shown = {name: st.query_params[name] for name in VIEW_PARAMETERS if name in st.query_params}
    if {**query, "cam": ""} == {**shown, "cam": ""}:
        # Each zoom would be a step of the back button; the camera goes into the address with the next real change.
        query = shown
    if query != shown:
        for name in VIEW_PARAMETERS:
            if name in query:
                st.query_params[name] = query[name]
            elif name in st.query_params:
                del st.query_params[name]
    st.session_state[WRITTEN] = query


def passing(bundle: Bundle, *, leave: Collection[str] = (), selection: bool = True) -> np.ndarray:
    """Which units pass the view's filters but those on the columns in `leave`, and its selection: (units,) bool."""
    return slices.passing(bundle, _filters(leave), current().selection if selection else None)


def filtered(bundle: Bundle) -> tuple[np.ndarray, pd.DataFrame]:
    """Which units pass the view's filters, as a mask over all points, and those points."""
    return passing(bundle, selection=False), slices.points_of(bundle, current().filters)


def without(bundle: Bundle, column: str) -> pd.DataFrame:
    """The points that pass every filter but those on `column`: what a table of that column chooses from."""
    return slices.points_of(bundle, _filters((column,)), current().selection)


def in_focus(bundle: Bundle) -> tuple[np.ndarray, pd.DataFrame]:
    """Like `filtered`, with the selection applied too where there is one."""
    return passing(bundle), slices.points_of(bundle, current().filters, current().selection)


def digest(bundle: Bundle, *, leave: Collection[str] = ()) -> str:
    """What tells the reviews in focus, but for the filters on the columns in `leave`, from all others (slices)."""
    return slices.digest(bundle, _filters(leave), current().selection)


def _filters(leave: Collection[str]) -> tuple[Filter, ...]:
    return tuple(item for item in current().filters if item.column not in leave)
