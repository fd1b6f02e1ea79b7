"""Which language model writes: one of Ollama on this computer, of DashScope, or of another server."""

from __future__ import annotations

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pipelines import ask
from pipelines.embed import available
from pipelines.errors import ReviewscapeError

_KINDS = ("ollama", "dashscope", "openai")


def choose(prefix: str) -> ask.ChatModel | None:
    """The fields; the model, None while it is not named. prefix: of the widgets' keys."""
    kind = st.segmented_control(
        _("Where it runs"),
        _KINDS,
        default="ollama",
        required=True,
        format_func={"ollama": "Ollama", "dashscope": "DashScope", "openai": _("Other server")}.__getitem__,
        key=f"{prefix}_kind",
    )
    written = {"ollama": _ollama, "dashscope": _dashscope, "openai": _compatible}[str(kind)](prefix)
    if not written:
        return None
    try:
        return ask.resolve(f"{kind}:{written}")
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 400))
        return None


def _ollama(prefix: str) -> str:
    asked = f"{prefix}_server"
    if asked not in st.session_state:
        st.session_state[asked] = available.ask_ollama(only_here=True)
    server: available.OllamaServer = st.session_state[asked]
    models = [name for name in server.models if "embed" not in name]
    if server.state == "answers" and not models:
        told = _("Ollama has no model that writes. In a terminal: {command}")
        st.caption(told.format(command="`ollama pull qwen3:4b`"))
    elif server.state not in ("answers", "elsewhere"):
        st.caption(
            _("No Ollama answers. Start it with {start}; get a model with {command}.").format(
                start="`ollama serve`", command="`ollama pull qwen3:4b`"
            )
        )
    chosen = st.selectbox(
        _("Model"), models, key=f"{prefix}_ollama", accept_new_options=True, index=0 if models else None
    )
    return str(chosen or "").strip()


def _dashscope(prefix: str) -> str:
    usual = ["qwen-plus", "qwen-turbo", "qwen-max"]
    return str(st.selectbox(_("Model"), usual, key=f"{prefix}_dashscope", accept_new_options=True) or "").strip()


def _compatible(prefix: str) -> str:
    left, right = st.columns(2)
    model = left.text_input(_("Model"), key=f"{prefix}_openai", placeholder="qwen3").strip()
    address = right.text_input(
        _("Address of the server"),
        key=f"{prefix}_address",
        placeholder="https://api.openai.com/v1",
        help=_("Without a key in it: that has a field of its own."),
    ).strip()
    return f"{model}@{address}" if model and address else ""


def forget(prefix: str) -> None:
    """Ask anew which models a server has, when the fields are next shown."""
    st.session_state.pop(f"{prefix}_server", None)
