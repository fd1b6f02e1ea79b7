"""The library: every saved analysis, to open, rename or delete, with undo."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.ui import draft, go, shell, state
from pages.ui.escape import plain
from pages.ui.i18n import _, local_moment, n_
from pages.ui.told import attempt, plainly
from pipelines import jobs, settings
from pipelines.store import library

UNDO = "deleted_analysis"


def show() -> None:
    """Draw the list, newest first."""
    infos = library.list_analyses()
    if infos:
        st.subheader(_("Your analyses"))
    _undo_bar()
    for info in infos:
        with st.container(border=True, key=f"analysis_{info.id}"):
            words, buttons = st.columns([3, 2], vertical_alignment="center")
            with words:
                marks = (f" · {_('sample')}" if info.sample else "") + (
                    " :orange-badge[" + _("draft") + "]" if info.is_draft else ""
                )
                st.markdown(f"**{plain(shell.display_name(info))}**" + marks)
                figures = (
                    [_("damaged: open it to see what can be done")]
                    if info.is_damaged
                    else [n_("{n} row", "{n} rows", info.rows), n_("{n} topic", "{n} topics", info.topics)]
                )
                st.caption(" · ".join([*figures, local_moment(info.created)]))
            with buttons, st.container(horizontal=True, horizontal_alignment="right"):
                if st.button(_("Open"), key=f"open_{info.id}", type="primary"):
                    go.to("pages/main/overview.py", partial(state.open_analysis, info.id))
                if st.button(_("Rename"), key=f"rename_{info.id}", icon=":material/edit:"):
                    _rename(info.id, info.name)
                st.button(
                    _("Delete"),
                    key=f"delete_{info.id}",
                    icon=":material/delete:",
                    on_click=_delete,
                    args=(info,),
                )
    _bin()


@plainly
def _delete(info: library.AnalysisInfo) -> None:
    job = draft.job_of(info.id) if info.is_draft else None
    if job is not None:
        # Nobody waits for the full map of what was thrown away; undone, it can be finished.
        jobs.cancel(job.id)
    library.delete(info.id)
    st.session_state[UNDO] = (info.id, info.name)


@plainly
def _restore(analysis_id: str) -> None:
    library.undelete(analysis_id)
    st.session_state.pop(UNDO, None)


def _undo_bar() -> None:
    if UNDO not in st.session_state:
        return
    analysis_id, name = st.session_state[UNDO]
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="undo_delete"):
        st.markdown(_("“{name}” was deleted.").format(name=plain(name)))
        st.button(_("Undo"), key="undo", icon=":material/undo:", on_click=_restore, args=(analysis_id,))


def _bin() -> None:
    gone = library.deleted()
    if not gone:
        return
    with st.expander(_("Deleted ({n})").format(n=len(gone))):
        st.caption(_("Kept for {n} days, then removed for good.").format(n=settings.get_int("undo_days")))
        for info in gone:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(shell.display_name(info)))
                st.button(_("Bring back"), key=f"restore_{info.id}", on_click=_restore, args=(info.id,))


def _rename(analysis_id: str, name: str) -> None:
    # Decorated inside, so that the dialog's title is in the session's language.
    @st.dialog(_("Rename"))
    def ask() -> None:
        with st.form("rename", border=False):
            new = st.text_input(_("Name"), value=name, max_chars=120)
            if (
                st.form_submit_button(_("Save"), type="primary")
                and new.strip()
                and attempt(lambda: library.rename(analysis_id, new.strip()))
            ):
                st.rerun()

    ask()
