"""Model, unit, projection and topic size, for those who know what they want; a mind can be changed on other pages."""

from __future__ import annotations

import streamlit as st

from pages.ui.i18n import _
from pipelines.config import PROJECTIONS, UNITS, AnalyzeConfig

_DEFAULTS: dict[str, object] = {
    "expert_embedder": "auto",
    "expert_unit": UNITS[0],
    "expert_projection": PROJECTIONS[0],
    "expert_size": 0,
}
_KEPT = "upload_experts"
_REMOTE = ("dashscope", "openai")


def is_remote(embedder: str) -> bool:
    """Whether a model of this name runs at a provider."""
    return embedder.split(":")[0].strip() in _REMOTE


def embedder() -> str:
    """The model named by the person, or auto."""
    kept = st.session_state.get(_KEPT, _DEFAULTS)
    return str(st.session_state.get("expert_embedder", kept["expert_embedder"])).strip() or "auto"


def show() -> AnalyzeConfig:
    """The expander; returns what it says."""
    for key, value in st.session_state.get(_KEPT, _DEFAULTS).items():
        # Another page, or a file that cannot be read, makes the widgets forget; then they are told again.
        if key not in st.session_state:
            st.session_state[key] = value
    with st.expander(_("For experts"), icon=":material/science:", key="experts"):
        left, right = st.columns(2)
        left.text_input(
            _("Model (embedder)"),
            key="expert_embedder",
            help="auto · bundled · offline-zh · st:<hub id or folder> · dashscope:text-embedding-v4 · ollama:<model>",
        )
        unit_names = {"review": _("whole reviews"), "sentence": _("sentences")}
        unit = right.selectbox(
            _("What to place on the map"), UNITS, format_func=lambda u: unit_names[u], key="expert_unit"
        )
        projection = left.selectbox(
            _("Map method (projection)"), PROJECTIONS, format_func=str.upper, key="expert_projection"
        )
        size = right.number_input(
            _("Smallest topic (min_cluster_size); 0 = chosen from the data"), min_value=0, key="expert_size"
        )
    st.session_state[_KEPT] = {key: st.session_state[key] for key in _DEFAULTS}
    return AnalyzeConfig(
        embedder=embedder(),
        unit=unit,
        projection=projection,
        min_cluster_size=int(size) if size >= 2 else None,
    )
