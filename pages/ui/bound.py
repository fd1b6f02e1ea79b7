"""Widgets whose value is a part of the view: the view decides what they show, and takes what a person puts there.

Every request brings the values of all widgets as the browser knew them when it asked. One that was sent before the
browser heard of a change of the view (a zoom right after Escape, over a slow line) brings the value from before that
change, which Streamlit takes for a new choice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui import state


def show(key: str, value: Any) -> None:
    """Have widget `key` show `value`, which may have come from the address or the back button; before it is drawn."""
    if key in st.session_state and st.session_state[key] != value:
        st.session_state[_before(key)] = st.session_state[key]
    st.session_state[key] = value


def take(key: str, change: Callable[[Any], None]) -> None:
    """Give what a person put into widget `key` to `change`: for the widget's on_change."""
    value = st.session_state[key]
    before = _before(key)
    if not (before in st.session_state and st.session_state[before] == value and state.is_late()):
        change(value)


def _before(key: str) -> str:
    return f"{key}:before"
