"""The title of a popover that counts something: other people's clicks must not close it under somebody's hand.

Streamlit takes a popover of another title for another popover. The count can grow between the drawing and the click
that opens it, or while a form in it is filled: the browser then gets a closed one in its place.
"""

from __future__ import annotations

import streamlit as st


def title(key: str, counted: str) -> str:
    """The title to draw: as counted, or as it was drawn last while the popover with this key is open."""
    kept = f"{key}_title"
    if kept not in st.session_state or not st.session_state.get(key):
        st.session_state[kept] = counted
    return str(st.session_state[kept])
