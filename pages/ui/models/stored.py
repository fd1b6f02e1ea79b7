"""The stored vectors (the embedding cache): how large, how useful, and clearing them."""

from __future__ import annotations

import streamlit as st

from pages.ui import access, sizes
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pipelines import settings
from pipelines.embed import cache_figures
from pipelines.errors import ReviewscapeError
from pipelines.store import acting

_ASKING, _CLEARED = "clear_vectors_asked", "vectors_cleared"


def show() -> None:
    """Draw the section."""
    st.subheader(_("Stored vectors"))
    st.markdown(
        _(
            "The numbers of every text that was read are kept on this computer (the embedding cache), so that no text "
            "is read twice by the same model: a second run of a file is quick, and nothing is paid for again."
        )
    )
    try:
        path = settings.cache_dir() / "vectors.db"
        found = cache_figures.figures(path)
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 500), icon=":material/error:")
        return
    if st.session_state.pop(_CLEARED, False):
        st.success(_("The stored vectors were cleared."), icon=":material/check:")
    _line(found)
    # They serve everyone who signs in: only the person at the machine throws them away.
    if found.bytes and found.state != "empty" and access.who() == acting.MACHINE:
        _clearing(found)


def _line(found: cache_figures.CacheFigures) -> None:
    size, bound = sizes.in_words(found.bytes), sizes.in_words(found.bound_bytes)
    if found.state == "busy":
        st.info(_("An analysis is writing to them now ({size} of {bound}).").format(size=size, bound=bound))
        return
    if found.state == "damaged":
        st.warning(_("The file is damaged: the next analysis sets it aside and begins anew. You can clear it now."))
        return
    if found.state == "empty":
        st.info(_("Nothing is stored yet. The first analysis fills it; {bound} at most.").format(bound=bound))
        return
    with st.container(horizontal=True, key="stored_figures"):
        st.metric(_("Texts kept"), f"{found.texts:,}", border=True)
        st.metric(
            _("Size on disk"),
            _("{size} of {bound}").format(size=size, bound=bound),
            border=True,
            help=_("When it is full, what was not used for longest goes. The bound is REVIEWSCAPE_CACHE_MAX_MB."),
        )
        rate = found.hit_rate
        st.metric(
            n_("Found again, last run", "Found again, last {n} runs", max(1, found.runs)),
            "–" if rate is None else f"{rate:.0%}",
            border=True,
            help=_("Of the texts that were asked for, the share that had been read before (hit rate)."),
        )


def _clearing(found: cache_figures.CacheFigures) -> None:
    if not st.session_state.get(_ASKING):
        st.button(_("Clear …"), key="clear_vectors", icon=":material/delete:", on_click=_ask, args=(True,))
        return
    with st.container(border=True, key="clear_vectors_confirm"):
        st.markdown(
            _(
                "**What it costs:** the next run of a file reads all its texts again, which takes its time, and money "
                "where a provider reads them. Analyses, maps and links stay as they are; one that is running goes on."
            )
        )
        with st.container(horizontal=True):
            st.button(
                n_("Clear {n} text", "Clear {n} texts", found.texts) if found.texts else _("Clear"),
                key="clear_vectors_yes",
                type="primary",
                on_click=_clear,
            )
            st.button(_("Keep them"), key="clear_vectors_no", on_click=_ask, args=(False,))


def _ask(asking: bool) -> None:
    st.session_state[_ASKING] = asking


def _clear() -> None:
    _ask(False)
    try:
        cache_figures.clear(settings.cache_dir() / "vectors.db")
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 500), icon=":material/error:")
    else:
        st.session_state[_CLEARED] = True
