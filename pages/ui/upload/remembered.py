"""What is chosen for experts, kept beside the widgets: those forget as soon as another page is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pipelines.config import PROJECTIONS, PURPOSES, UNITS

_KEPT = "upload_experts"
DEFAULTS: Mapping[str, object] = {
    "expert_kind": "auto",
    "expert_st": "",
    "expert_dashscope": "text-embedding-v4",
    "expert_ollama": "qwen3-embedding:0.6b",
    "expert_openai": "",
    "expert_address": "",
    "expert_dim": 0,
    "expert_purpose": PURPOSES[0],
    "expert_own_query": False,
    "expert_query": "",
    "expert_own_document": False,
    "expert_document": "",
    "expert_unit": UNITS[0],
    "expert_projection": PROJECTIONS[0],
    "expert_size": 0,
    "expert_sentiment": "",
}
"""Every choice, by its widget's key."""


def value(key: str) -> object:
    """What is chosen, whether or not its widget is on the page."""
    return _kept()[key]


def text(key: str) -> str:
    """A choice that is text, without blanks around it; "" for one that is empty."""
    found = value(key)
    return found.strip() if isinstance(found, str) else ""


def widget(key: str) -> dict[str, Any]:
    """The arguments that tie a widget to its choice."""
    # What is kept is the truth: Streamlit's own memory of a widget that comes and goes is not to be relied on.
    st.session_state[key] = value(key)
    return {"key": key, "on_change": _changed, "args": (key,)}


def put(**choices: object) -> None:
    """Choose from elsewhere: in a callback, before the widgets are drawn, or on a page that draws none of them."""
    st.session_state[_KEPT] = {**_kept(), **choices}


def _changed(key: str) -> None:
    put(**{key: st.session_state[key]})


def _kept() -> dict[str, object]:
    return {**DEFAULTS, **st.session_state.get(_KEPT, {})}
