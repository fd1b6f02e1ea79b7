"""Documents beside the reviews (policies, manuals, replies): added, listed, taken away and brought back."""

from __future__ import annotations

import streamlit as st

from pages.ui import data, done_line, state
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.upload import uploader
from pipelines import documents
from pipelines.documents import Shelf
from pipelines.errors import ReviewscapeError
from pipelines.ingest.document import KINDS
from pipelines.store.reader import Bundle

_ROUND = "documents_round"


def signature() -> str:
    """Changes with the documents that count."""
    return ",".join(one.id for one in documents.listed(state.current().analysis))


def shelf(bundle: Bundle) -> Shelf | None:
    """The passages to answer from; None without documents. Read and embedded once for all sessions."""
    analysis = state.current().analysis
    if not documents.listed(analysis):
        return None
    with st.spinner(_("Reading the documents …"), show_time=True):
        return _shelf(analysis, signature(), bundle.path.as_posix())


@st.cache_resource(max_entries=8, show_spinner=False)
def _shelf(analysis: str, signed: str, path: str) -> Shelf:
    return documents.shelf_of(analysis, data.bundle_at(path))


def show(bundle: Bundle) -> None:
    """The list with its uploader, below everything else; closed until somebody opens it."""
    if bundle.is_draft:
        return
    analysis = state.current().analysis
    kept = documents.listed(analysis)
    label = n_("{n} document", "{n} documents", len(kept)) if kept else _("Add documents")
    with st.expander(label, icon=":material/description:", key="ask_documents"):
        st.caption(
            _(
                "Policies, manuals or replies as text, Markdown or PDF. Answers then show what they say beside what "
                "customers say. They stay on this computer."
            )
        )
        _add(analysis)
        for one in kept:
            with st.container(horizontal=True, vertical_alignment="center", key=f"document_{one.id}"):
                st.markdown(plain(one.name, 100), width="stretch")
                st.caption(n_("{n} passage", "{n} passages", one.passages), width="content")
                st.button(
                    _("Remove"),
                    key=f"document_remove_{one.id}",
                    icon=":material/delete:",
                    type="tertiary",
                    on_click=_remove,
                    args=(analysis, one.id, one.name),
                )


def _add(analysis: str) -> None:
    # A new field after each use, so that the same files are not added again by the next run.
    current = st.session_state.get(_ROUND, 0)
    files = st.file_uploader(
        _("Add text, Markdown or PDF files"),
        type=[kind.removeprefix(".") for kind in KINDS],
        accept_multiple_files=True,
        key=f"documents_{current}",
    )
    if not files:
        return
    failed = []
    bar = st.progress(0.0, text=_("Reading the documents …"))
    for place, file in enumerate(files):
        bar.progress(place / len(files), text=plain(file.name, 100))
        try:
            documents.add(analysis, file.getvalue(), file.name)
        except ReviewscapeError as error:
            failed.append(plain(error.translated(_), 400))
    bar.empty()
    for problem in failed:
        st.error(problem)
    if not failed:
        for file in files:
            uploader.free(file)
        st.session_state[_ROUND] = current + 1
        st.rerun()


def _remove(analysis: str, document: str, name: str) -> None:
    def act() -> done_line.Done:
        documents.remove(analysis, document)
        said = _("The document {name} was removed.").format(name=plain(name, 80))
        return done_line.Done(analysis, said, lambda: documents.restore(analysis, document))

    done_line.attempt(act)
