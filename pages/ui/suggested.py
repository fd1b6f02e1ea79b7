"""Better topic names by a language model: which model, what would be sent, the person's word, its names one by one."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.ui import state
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.models import session_keys
from pipelines import ask
from pipelines.embed import available
from pipelines.errors import Cancelled, ReviewscapeError
from pipelines.store import acting
from pipelines.store.reader import Bundle
from pipelines.suggested import Evidence, Preview, Suggestion, gather, preview, suggest
from pipelines.suggested import decisions as names
from pipelines.suggested.preview import check_agreed

_OPEN, _FOUND, _SERVER, _DONE = "names_open", "names_found", "names_server", "names_done"
_KINDS = ("ollama", "dashscope", "openai")
_WAIT_S = 0.3


def show(bundle: Bundle) -> None:
    """The door below the topic table; nothing for a draft or without topics."""
    if bundle.is_draft or not any(topic["keywords"] for topic in bundle.summary["topics"]):
        return
    _lost(bundle)
    _done()
    found = st.session_state.get(_FOUND)
    if not st.session_state.get(_OPEN):
        st.button(
            _("Better names with a language model…"),
            key="names_open_button",
            icon=":material/edit_note:",
            type="tertiary",
            on_click=_open,
            help=_("Optional. The model gets keywords and a few masked quotes of each topic; the plain names stay."),
        )
    elif found is not None and found[0] == bundle.key:
        _result(bundle, found[1], found[2])
    else:
        _choose(bundle)


def beside(bundle: Bundle, _part: pd.DataFrame, topic_id: int) -> None:
    """A section of the topic's panel: the plain name of a topic that a model named."""
    topic = next((t for t in bundle.summary["topics"] if t["id"] == topic_id), None)
    if not topic or not topic.get("named_by"):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="named_by"):
        said = _("Plain name: {plain}; named by {model}")
        st.caption(said.format(plain=plain(str(topic["plain_name"])), model=plain(str(topic["named_by"]))))
        seq, place = topic["named_at"]
        st.button(
            _("Back to the plain name"), key="plain_again", type="tertiary", on_click=_withdraw, args=(seq, [place])
        )


def _open() -> None:
    st.session_state[_OPEN] = True
    st.session_state.pop(_DONE, None)


def _close() -> None:
    for key in (_OPEN, _FOUND, _SERVER):
        st.session_state.pop(key, None)


def _lost(bundle: Bundle) -> None:
    lost = bundle.summary.get("names_lost") or []
    if lost:
        said = n_(
            "{n} name by a language model fits no topic any more: ",
            "{n} names by a language model fit no topic any more: ",
            len(lost),
        )
        st.caption(said + plain(", ".join(map(str, lost)), 200))


def _done() -> None:
    done = st.session_state.get(_DONE)
    if not done:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="names_done_row"):
        st.caption(n_("{n} topic has a new name.", "{n} topics have new names.", done[1]))
        st.button(_("Undo"), key="names_undo", type="tertiary", on_click=_withdraw, args=(done[0], None))


def _withdraw(seq: int, places: Sequence[int] | None) -> None:
    names.withdraw(state.current().analysis, seq, places)
    if places is None:
        st.session_state.pop(_DONE, None)


def _choose(bundle: Bundle) -> None:
    with st.container(border=True, key="names_choice"):
        st.markdown("**" + _("Better names with a language model") + "**")
        model = _model()
        evidence = gather(bundle)
        told: Preview | None = None
        agreed = False
        if model is not None:
            told = preview(model, evidence)
            agreed = _agreement(told)
            if told.paid:
                session_keys.field(model.key_variable, key="names_key")
        with st.container(horizontal=True):
            start = st.button(
                _("Suggest names"), key="names_start", type="primary", disabled=model is None or not agreed
            )
            st.button(_("Close"), key="names_close", on_click=_close)
        if start and model is not None and told is not None:
            _run(bundle, model, evidence, told, agreed=agreed)


def _model() -> ask.ChatModel | None:
    kind = st.segmented_control(
        _("Where it runs"),
        _KINDS,
        default="ollama",
        required=True,
        format_func={"ollama": "Ollama", "dashscope": "DashScope", "openai": _("Other server")}.__getitem__,
        key="names_kind",
    )
    written = {"ollama": _ollama, "dashscope": _dashscope, "openai": _compatible}[str(kind)]()
    if not written:
        return None
    try:
        return ask.resolve(f"{kind}:{written}")
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 400))
        return None


def _ollama() -> str:
    if _SERVER not in st.session_state:
        st.session_state[_SERVER] = available.ask_ollama(only_here=True)
    server: available.OllamaServer = st.session_state[_SERVER]
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
    chosen = st.selectbox(_("Model"), models, key="names_ollama", accept_new_options=True, index=0 if models else None)
    return str(chosen or "").strip()


def _dashscope() -> str:
    usual = ["qwen-plus", "qwen-turbo", "qwen-max"]
    return str(st.selectbox(_("Model"), usual, key="names_dashscope", accept_new_options=True) or "").strip()


def _compatible() -> str:
    left, right = st.columns(2)
    model = left.text_input(_("Model"), key="names_openai", placeholder="qwen3").strip()
    address = right.text_input(
        _("Address of the server"),
        key="names_address",
        placeholder="https://api.openai.com/v1",
        help=_("Without a key in it: that has a field of its own."),
    ).strip()
    return f"{model}@{address}" if model and address else ""


def _agreement(told: Preview) -> bool:
    """What would be sent and where to; whether it may be."""
    said = _("{n} topics: keywords and {quotes} quotes, personal data masked · about {tokens} tokens · {where}")
    where = (
        _("to {endpoint}").format(endpoint=told.endpoint)
        if told.leaves
        else _("to {endpoint}, on this computer: nothing leaves it").format(endpoint=told.endpoint)
    )
    values = {"n": told.topics, "quotes": told.quotes, "tokens": f"{told.tokens:,}", "where": where}
    st.markdown(plain(said.format(**values), 400))
    count = n_("See exactly what is sent ({n} request)", "See exactly what is sent ({n} requests)", len(told.requests))
    with st.expander(count):
        st.code("\n\n".join([told.rules, *told.requests]), language=None, wrap_lines=True, height=320)
    if not told.needs_consent:
        return True
    word = _("Send this. It may cost money, by the provider’s prices.") if told.paid else _("Send this.")
    return st.checkbox(word, key=f"names_agreed_{told.name}_{told.tokens}")


def _run(bundle: Bundle, model: ask.ChatModel, evidence: list[Evidence], told: Preview, *, agreed: bool) -> None:
    """Ask in a thread of its own; any click ends this run, and with it the asking before the next request."""
    given = {one.topic for one in evidence}
    others = [str(topic["name"]) for topic in bundle.summary["topics"] if topic["id"] not in given]
    done: list[list[Suggestion]] = []
    failed: list[ReviewscapeError] = []
    stop = threading.Event()
    progress = [0]

    def step(count: int, _total: int) -> None:
        if stop.is_set():
            raise Cancelled
        progress[0] = count

    def work() -> None:
        try:
            check_agreed(told, agreed=agreed)
            done.append(suggest(model, evidence, taken=others, told=step))
        except ReviewscapeError as error:
            failed.append(error)

    with session_keys.in_use():
        thread = threading.Thread(target=acting.carried(work), name="topic names", daemon=True)
    bar = st.progress(0.0, text=_("Asking {model}").format(model=plain(model.name)))
    st.button(_("Cancel"), key="names_cancel")
    try:
        thread.start()
        while thread.is_alive():
            thread.join(_WAIT_S)
            bar.progress(progress[0] / max(1, len(evidence)), text=_("Asking {model}").format(model=plain(model.name)))
    finally:
        stop.set()
    if failed:
        bar.empty()
        st.error(plain(failed[0].translated(_), 600))
    elif done:
        st.session_state[_FOUND] = (bundle.key, model.name, done[0])
        st.rerun()


def _result(bundle: Bundle, model: str, found: list[Suggestion]) -> None:
    good = [one for one in found if one.name and one.name != one.plain]
    with st.container(border=True, key="names_result"):
        st.markdown("**" + n_("{n} name suggested", "{n} names suggested", len(good)) + f"** · {plain(model)}")
        chosen = []
        for one in good:
            label = f"{plain(one.name)}  ·  :gray[{plain(one.plain)}]"
            if st.checkbox(label, value=True, key=f"name_take_{one.topic}"):
                chosen.append(one)
        _kept([one for one in found if one.why])
        with st.container(horizontal=True):
            st.button(
                n_("Use {n} name", "Use {n} names", len(chosen)),
                key="names_accept",
                type="primary",
                disabled=not chosen,
                on_click=_accept,
                args=(bundle, model, {one.topic: one.name for one in chosen}),
            )
            st.button(_("Use none"), key="names_refuse", on_click=_close)


def _kept(others: list[Suggestion]) -> None:
    if not others:
        return
    with st.expander(n_("{n} topic keeps its plain name", "{n} topics keep their plain names", len(others))):
        for one in others:
            st.markdown(f"{plain(one.plain)}: " + plain(_(one.why).format(reason=one.reason), 300))


def _accept(bundle: Bundle, model: str, chosen: dict[int, str]) -> None:
    seq = names.accept(state.current().analysis, bundle, chosen, model)
    _close()
    st.session_state[_DONE] = (seq, len(chosen))
