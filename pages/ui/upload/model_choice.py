"""Which model reads the reviews: by the names that people know, the technical ones beside them."""

from __future__ import annotations

import os

import streamlit as st

from pages.ui.i18n import _
from pages.ui.models import names
from pages.ui.upload import remembered
from pipelines import embed
from pipelines.embed.dashscope import DIMENSIONS
from pipelines.embed.dimensions import is_trained
from pipelines.embed.ollama import NATIVE_DIM
from pipelines.embed.remote import is_loopback

KINDS = ("auto", "bundled", "offline-zh", "st", "dashscope", "ollama", "openai", "lexical")
PROVIDERS = ("dashscope", "ollama", "openai")
_WITH_DIMENSION = ("bundled", "st", "dashscope", "ollama", "openai")
_MOST_DIMENSIONS = 8192


def kind() -> str:
    """The kind chosen, of KINDS."""
    return str(remembered.value("expert_kind"))


def name() -> str:
    """The embedder's full name as the registry takes it; one whose fields are empty is only a kind and a colon."""
    chosen = kind()
    if chosen in ("st", "dashscope", "ollama"):
        return f"{chosen}:{remembered.text(f'expert_{chosen}')}"
    if chosen == "openai":
        address = remembered.text("expert_address")
        return f"openai:{remembered.text('expert_openai')}" + (f"@{address}" if address else "")
    return chosen


def model() -> str:
    """The model in the name, "" for those that take no prompt."""
    return embed.model_of(name())


def dim() -> int | None:
    """The dimension wished for; None for the model's own."""
    wished = remembered.value("expert_dim") if kind() in _WITH_DIMENSION else 0
    return int(wished) or None if isinstance(wished, int | float) else None


def choose(embedder: str) -> None:
    """Choose an embedder by its full name, from another page; the dimension and prompts of the last one go."""
    start, _colon, rest = embedder.strip().partition(":")
    choices: dict[str, object] = {key: remembered.DEFAULTS[key] for key in _OF_ONE_MODEL}
    if start == "openai":
        called, _at, address = rest.partition("@")
        choices |= {"expert_openai": called, "expert_address": address}
    elif start in KINDS and rest:
        choices[f"expert_{start}"] = rest
    remembered.put(expert_kind=start if start in KINDS else "auto", **choices)


_OF_ONE_MODEL = (
    *("expert_dim", "expert_purpose"),
    *("expert_own_query", "expert_query", "expert_own_document", "expert_document"),
)


def is_remote(embedder: str) -> bool:
    """Whether an embedder of this name sends texts to another computer; where that is not clear yet, it does."""
    start, _colon, rest = embedder.strip().partition(":")
    if start == "ollama":
        return not is_loopback(os.environ.get("OLLAMA_HOST", "").strip() or "localhost")
    return start == "dashscope" or (start == "openai" and not is_loopback(rest.partition("@")[2]))


def show() -> None:
    """The select and, where a model needs one, its name or address, and its dimension."""
    st.selectbox(
        _("Model that reads the reviews (embedder)"),
        KINDS,
        format_func=names.titles().__getitem__,
        **remembered.widget("expert_kind"),
    )
    purpose = names.purposes().get(kind())
    if purpose:
        st.caption(purpose)
    draw = {"st": _hub, "dashscope": _dashscope, "ollama": _ollama, "openai": _openai}.get(kind())
    if draw is not None:
        draw()
    elif kind() == "bundled":
        _dimension()


def _hub() -> None:
    left, right = st.columns([2, 1])
    left.text_input(
        _("Name on huggingface.co, or folder"),
        **remembered.widget("expert_st"),
        placeholder="intfloat/multilingual-e5-small",
        help=_("A model that is not on this computer yet is fetched from huggingface.co; the reviews stay here."),
    )
    with right:
        _dimension()


def _dashscope() -> None:
    left, right = st.columns([2, 1])
    left.selectbox(
        _("Model"),
        _with_own("expert_dashscope", *sorted(DIMENSIONS, reverse=True)),
        **remembered.widget("expert_dashscope"),
        accept_new_options=True,
    )
    with right:
        _dimension()


def _ollama() -> None:
    left, right = st.columns([2, 1])
    left.selectbox(
        _("Model"),
        _with_own("expert_ollama", *NATIVE_DIM),
        **remembered.widget("expert_ollama"),
        accept_new_options=True,
        help=_("Any model that the server has; write its name. The server is the one in OLLAMA_HOST."),
    )
    with right:
        _dimension()


def _with_own(key: str, *usual: str) -> list[str]:
    """The usual models, and another one that the person has written or chosen elsewhere."""
    return list(dict.fromkeys([*usual, *filter(None, [remembered.text(key)])]))


def _openai() -> None:
    left, right = st.columns(2)
    left.text_input(_("Model"), **remembered.widget("expert_openai"), placeholder="bge-m3")
    right.text_input(
        _("Address of the server"),
        **remembered.widget("expert_address"),
        placeholder="https://api.openai.com/v1",
        help=_("Without a key in it: that has a field of its own."),
    )
    _dimension()


def _dimension() -> None:
    st.number_input(
        _("Dimensions; 0 = the model’s own"),
        min_value=0,
        max_value=_MOST_DIMENSIONS,
        **remembered.widget("expert_dim"),
        help=_dimension_help(),
    )
    if dim() and not is_trained({"name": name()}):
        st.caption(_("This model is not known to be trained for fewer: expect other neighbours."))


def _dimension_help() -> str:
    return _(
        "How many numbers stand for a review. Fewer take less room, but only models trained for it (Matryoshka) stay "
        "nearly as good: Qwen3-Embedding, EmbeddingGemma, nomic-embed-text-v1.5, mxbai-embed-large, "
        "snowflake-arctic-embed 2, text-embedding-v3 and -v4, text-embedding-3. Others lose neighbours."
    )
