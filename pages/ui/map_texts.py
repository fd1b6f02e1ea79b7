"""Texts for the map's tip: the browser asks for those it needs, and only this fragment runs to answer.

The fragment keeps the very points that the page's last run drew: texts that were left out or masked there are so here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.map_component import loader, nothing
from pipelines.map import pack

MOST_ASKED = 64

_texts = st.components.v2.component("reviewscape_texts", js=loader("texts"), isolate_styles=False)


def token() -> str:
    """A name for the texts of a map, which the browser keeps its answers under."""
    return secrets.token_hex(8)


@st.fragment
def carry(points: pd.DataFrame, name: str, key: str, may_read: Callable[[], bool] | None = None) -> None:
    """Answer the browser's questions about `points`. may_read: asked each time where a right to read can end."""
    kept = st.session_state.get(key)
    sent = kept.get("asked") if isinstance(kept, Mapping) else None
    if sent is not None and may_read is not None and not may_read():
        # What is no longer open is closed as a whole.
        st.rerun()
    _texts(key=key, data=answer(points, name, sent), height=1, on_asked_change=nothing)


def answer(points: pd.DataFrame, name: str, sent: Any) -> bytes:
    """The beginnings of the texts at the positions that were asked for; nonsense is left out."""
    asked = sent.get("at") if isinstance(sent, Mapping) else None
    at = [i for i in asked if isinstance(i, int) and 0 <= i < len(points)] if isinstance(asked, list) else []
    at = list(dict.fromkeys(at))[:MOST_ASKED]
    texts = [pack.snippet(str(text)) for text in points["text"].iloc[at]]
    return pack.pack({"digest": name, "at": at, "texts": texts}, {})
