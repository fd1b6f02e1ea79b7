"""What `auto` would take here for English and for Chinese files, why, and how this computer computes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.models import session_keys
from pipelines.embed import arithmetic, automatic, available
from pipelines.errors import ReviewscapeError
from pipelines.types import Warning_
from pipelines.words import sentence

_KEPT = "models_available"
_MOST_CHARS = 600


def show() -> available.Available:
    """Draw it; what was found on this computer, looked for once a session and when asked again."""
    st.subheader(_("What reads your reviews"))
    found = _found()
    for label, code in ((_("A file in English"), "en"), (_("A file in Chinese"), "zh")):
        _name, why = automatic.choose([code], found)
        st.markdown(f"**{label}**: {plain(said(why), _MOST_CHARS)}")
    first, *others = _arithmetic()
    rest = _("Where that fails its test: {others}.").format(others=" · ".join(others)) if others else None
    st.caption(_("How it computes: {how}.").format(how=plain(first, _MOST_CHARS)), help=rest)
    st.button(
        _("Look again"),
        key="look_again",
        icon=":material/refresh:",
        on_click=lambda: st.session_state.pop(_KEPT, None),
        help=_("After a model was added, a server started or a key set."),
    )
    return found


def said(note: Warning_) -> str:
    """A sentence of the library's in the session's language."""
    return sentence(_, {"template": note.template, "values": note.values})


def _found() -> available.Available:
    found = st.session_state.get(_KEPT)
    if not isinstance(found, available.Available):
        with st.spinner(_("Looking for models on this computer …")), session_keys.in_use():
            found = st.session_state[_KEPT] = available.look()
    return found


def _arithmetic() -> list[str]:
    """In words what local models compute with, best first."""
    names: Mapping[str, str] = {
        "cuda-fp16": _("the graphics card, with numbers of half length (CUDA, fp16)"),
        "openvino-bf16": _("the processor’s own short numbers (OpenVINO, bf16)"),
        "openvino-fp32": _("the processor, at full precision (OpenVINO, fp32)"),
        "torch-bf16": _("the processor’s own short numbers (torch, bf16)"),
        "torch-fp32": _("the processor, at full precision (torch, fp32)"),
    }
    try:
        return [names.get(name, name) for name in arithmetic.choose()]
    except ReviewscapeError as error:
        return [error.translated(_)]
