"""An answer in a model's words: which model, what would be sent, the person's word, and what came back."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import streamlit as st

from pages.ui import chat_choice
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.models import session_keys
from pipelines import ask
from pipelines.answer import Answer, Prepared, reply
from pipelines.answer.prompt import Preview
from pipelines.errors import ReviewscapeError
from pipelines.store import acting
from pipelines.store.reader import Bundle

_OPEN, _WRITTEN = "ask_model_open", "ask_written"
_WAIT_S = 0.3


@dataclass(frozen=True)
class _Kept:
    """An answer and what it was asked: another question, other filters or another analysis has none."""

    key: str
    request: str
    answer: Answer


def written(bundle: Bundle, prepared: Prepared) -> Answer | None:
    """The answer of a model to this very question, where one was asked in this session."""
    kept = st.session_state.get(_WRITTEN)
    if not isinstance(kept, _Kept) or (kept.key, kept.request) != (bundle.key, prepared.request):
        return None
    return kept.answer


def offer(bundle: Bundle, prepared: Prepared) -> None:
    """The door to a model; counts are never a model's, and where there is too little none is asked."""
    if not prepared.needs_model:
        return
    if written(bundle, prepared) is not None:
        st.button(_("Answer without a model"), key="ask_unwrite", type="tertiary", on_click=_forget)
        return
    if not st.session_state.get(_OPEN):
        st.button(
            _("Let a language model write the answer…"),
            key="ask_model_door",
            icon=":material/edit_note:",
            type="tertiary",
            on_click=_open,
            help=_("Optional. The model gets the question and a few masked reviews; what it writes is checked."),
        )
        return
    with st.container(border=True, key="ask_model"):
        _choose(bundle, prepared)


def _open() -> None:
    st.session_state[_OPEN] = True


def _close() -> None:
    st.session_state.pop(_OPEN, None)
    chat_choice.forget("ask")


def _forget() -> None:
    st.session_state.pop(_WRITTEN, None)


def _choose(bundle: Bundle, prepared: Prepared) -> None:
    st.markdown("**" + _("An answer in a language model’s words") + "**")
    model = chat_choice.choose("ask")
    agreed = False
    if model is not None:
        told = prepared.preview(model)
        agreed = _agreement(told)
        if told.paid:
            session_keys.field(model.key_variable, key="ask_key")
    with st.container(horizontal=True):
        start = st.button(_("Write it"), key="ask_write", type="primary", disabled=model is None or not agreed)
        st.button(_("Close"), key="ask_model_close", on_click=_close)
    if start and model is not None:
        _run(bundle, prepared, model, agreed=agreed)


def _agreement(told: Preview) -> bool:
    """What would be sent and where to; whether it may be."""
    where = (
        _("to {endpoint}").format(endpoint=told.endpoint)
        if told.leaves
        else _("to {endpoint}, on this computer: nothing leaves it").format(endpoint=told.endpoint)
    )
    reviews = n_("{n} review, personal data masked", "{n} reviews, personal data masked", told.reviews)
    parts = [_("the question"), reviews]
    if told.passages:
        parts.append(n_("{n} passage of documents", "{n} passages of documents", told.passages))
    parts += [_("about {tokens} tokens").format(tokens=f"{told.tokens:,}"), where]
    st.markdown(plain(" · ".join(parts), 400))
    with st.expander(_("See exactly what is sent")):
        st.code(f"{told.rules}\n\n{told.request}", language=None, wrap_lines=True, height=320)
    if not told.needs_consent:
        return True
    word = _("Send this. It may cost money, by the provider’s prices.") if told.paid else _("Send this.")
    # Another question is another text: it has to be agreed to anew.
    return st.checkbox(word, key=f"ask_agreed_{told.name}_{hash(told.request)}")


def _run(bundle: Bundle, prepared: Prepared, model: ask.ChatModel, *, agreed: bool) -> None:
    """Ask in a thread of its own; any click ends this run, and what then comes is dropped."""
    done: list[Answer] = []
    failed: list[ReviewscapeError] = []

    def work() -> None:
        try:
            done.append(reply(bundle, prepared, model=model, agreed=agreed))
        except ReviewscapeError as error:
            failed.append(error)

    with session_keys.in_use():
        # For who asks: a thread without a visitor would act for the machine, with the server's own keys.
        thread = threading.Thread(target=acting.carried(work), name="answer", daemon=True)
    st.button(_("Cancel"), key="ask_cancel")
    asking = _("Asking {model}").format(model=plain(model.name))
    line = st.empty()
    began = time.monotonic()
    thread.start()
    while thread.is_alive():
        # A run that was ended by a click notices it where it draws.
        line.caption(f"{asking} · {time.monotonic() - began:.0f} s")
        thread.join(_WAIT_S)
    line.empty()
    if failed:
        st.error(plain(failed[0].translated(_), 600))
    elif done:
        st.session_state[_WRITTEN] = _Kept(bundle.key, prepared.request, done[0])
        st.session_state.pop(_OPEN, None)
        st.rerun()
