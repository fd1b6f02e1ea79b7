"""One card a provider: what it is, the fields that it needs, a test, and taking it for the next file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.models import providers, session_keys, trials
from pages.ui.models.providers import Card
from pages.ui.upload import experts
from pipelines.embed import available
from pipelines.embed.openai import DEFAULT_URL

_KEPT = "models_kept"
_ASKED = "models_ollama"


def show(found: available.Available) -> None:
    """All cards, two beside each other where there is room."""
    st.subheader(_("Choose or try a model"))
    places = [*st.columns(2), *st.columns(2), *st.columns(2)]
    for place, draw in zip(places, (_bundled, _offline_zh, _local, _ollama, _alibaba, _compatible), strict=True):
        with place:
            draw(found)


def _bundled(_found: available.Available) -> None:
    card = providers.bundled()
    with _frame(card):
        _head(card)
        _foot(card)


def _offline_zh(_found: available.Available) -> None:
    card = providers.offline_zh()
    with _frame(card):
        _head(card)
        _foot(card)


def _local(found: available.Available) -> None:
    card = providers.local(_value("st_model"), found)
    with _frame(card):
        _head(card)
        _field(
            "st_model",
            _("Name on huggingface.co, or folder"),
            "intfloat/multilingual-e5-small",
            _(
                "Only weights of the safetensors kind are loaded, and no code that comes with a model is run: other "
                "weight files, and such code, can do anything on this computer. Models that need them are refused."
            ),
        )
        _choices("st_model", found.on_disk)
        _foot(card)


def _ollama(found: available.Available) -> None:
    server = st.session_state.get(_ASKED, found.ollama)
    server = server if server.url == found.ollama.url and server.state == "answers" else found.ollama
    card = providers.ollama_server(_value("ollama_model", "qwen3-embedding:0.6b"), server)
    with _frame(card):
        _head(card)
        _field("ollama_model", _("Model"), "qwen3-embedding:0.6b")
        _choices("ollama_model", server.models)
        ask = _("Ask {host} which models it has").format(host=plain(card.host))
        if server.state == "elsewhere" and st.button(ask, key="ask_ollama"):
            _ask_elsewhere()
        _key(card)
        _foot(card)


def _alibaba(_found: available.Available) -> None:
    card = providers.alibaba(_value("dashscope_model", "text-embedding-v4"))
    with _frame(card):
        _head(card)
        _field("dashscope_model", _("Model"), "text-embedding-v4")
        _key(card)
        _foot(card)


def _compatible(_found: available.Available) -> None:
    card = providers.compatible(_value("openai_model"), _value("openai_url", DEFAULT_URL))
    with _frame(card):
        _head(card)
        _field("openai_model", _("Model"), "text-embedding-3-small")
        _field("openai_url", _("Address of the server"), DEFAULT_URL)
        _key(card)
        _foot(card)


def _frame(card: Card) -> st.delta_generator.DeltaGenerator:
    return st.container(border=True, key=f"card_{card.key}", gap="small", height="stretch")


def _head(card: Card) -> None:
    states: dict[str, tuple[str, Literal["green", "orange", "gray"], str]] = {
        "here": (_("here"), "green", ":material/check:"),
        "key set": (_("key set"), "green", ":material/key:"),
        "needs key": (_("needs a key"), "orange", ":material/key:"),
        "silent": (_("not reachable"), "gray", ":material/cloud_off:"),
        "not here": (_("not here yet"), "gray", ":material/download:"),
        "missing": (_("not installed"), "orange", ":material/error:"),
        "unasked": (_("not asked yet"), "gray", ":material/help:"),
    }
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{card.title}**", width="content")
        if card.state:
            label, colour, icon = states[card.state]
            st.badge(label, color=colour, icon=icon)
    st.caption(card.purpose)
    goes = _("are sent to {host}").format(host=plain(card.host)) if card.host else _("stay on this computer")
    st.markdown(_("Texts {goes} · Cost: {cost}").format(goes=f"**{goes}**", cost=card.cost))
    for line in card.told:
        st.caption(line)


def _foot(card: Card) -> None:
    """The two buttons and what came of the test."""
    if card.host:
        st.caption(
            _("A test sends seven short example sentences of ours, none of yours, to {host}.").format(
                host=plain(card.host)
            )
        )
    lacks, needs_key = not card.name or card.state == "missing", card.state == "needs key"
    with st.container(horizontal=True):
        st.button(
            _("Test"),
            key=f"test_{card.key}",
            icon=":material/play_arrow:",
            disabled=lacks or needs_key or trials.is_running(),
            help=_("Type its key above first.") if needs_key else None,
            on_click=trials.begin,
            args=(card.key, card.name),
        )
        st.button(
            _("Use this for my next file"),
            key=f"use_{card.key}",
            disabled=lacks,
            on_click=choose,
            args=(card.name,),
        )
    if card.name and experts.embedder() == card.name:
        st.success(_("Chosen for your next file."), icon=":material/check:")
        with st.container(horizontal=True):
            st.page_link("pages/main/open.py", label=_("Use my file"), icon=":material/upload_file:")
            st.button(_("Take it back"), key=f"unuse_{card.key}", type="tertiary", on_click=choose, args=("auto",))
    trials.follow(card.key)
    trials.outcome(card.key, card.name)


def choose(name: str) -> None:
    """Name the model of the next file on the Open page."""
    experts.choose(name)


def _key(card: Card) -> None:
    if card.variable:
        session_keys.field(card.variable, key=card.key)


def _value(key: str, default: str = "") -> str:
    return str(st.session_state.get(_KEPT, {}).get(key, default)).strip()


def _field(key: str, label: str, example: str, help_: str | None = None) -> None:
    """A text field whose value outlives a visit to another page."""
    widget = f"models_{key}"
    if widget not in st.session_state:
        st.session_state[widget] = _value(key, "" if key in ("st_model", "openai_model") else example)
    st.text_input(label, key=widget, placeholder=example, help=help_, on_change=_keep, args=(key,), max_chars=500)


def _keep(key: str) -> None:
    st.session_state[_KEPT] = {**st.session_state.get(_KEPT, {}), key: st.session_state[f"models_{key}"].strip()}


def _choices(key: str, names: Sequence[str]) -> None:
    """Names that are at hand, a click each."""
    if names:
        st.caption(_("On hand:"))
        with st.container(horizontal=True, gap="xsmall", key=f"on_hand_{key}"):
            for name in names:
                st.button(plain(name, 80), key=f"{key}_{name}", type="tertiary", on_click=_take, args=(key, name))


def _take(key: str, name: str) -> None:
    st.session_state[f"models_{key}"] = name
    _keep(key)


def _ask_elsewhere() -> None:
    with session_keys.in_use():
        st.session_state[_ASKED] = available.ask_ollama(only_here=False)
    st.rerun()
