"""The page that adds reviews to the open analysis: files, what they are, start; or how far the work is."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui import add_found, add_start, added, data, go, shell, state
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.job import JOB_PARAMETER, show_job
from pages.ui.upload import uploader
from pipelines import jobs, settings
from pipelines.errors import DamagedBundle
from pipelines.store import library
from pipelines.store.reader import Bundle

KINDS = ("add", "refit")
_DROPPED = "add_dropped"


def show() -> None:
    """Draw it."""
    analysis = state.current().analysis
    job = _job(analysis)
    if job is not None:
        st.title(_("Adding reviews") if job.spec["kind"] == "add" else _("Making the map anew"))
        show_job(job.id, _finished)
        if not job.is_active and st.button(_("Back to the overview"), type="tertiary", icon=":material/arrow_back:"):
            _leave()
            go.to("pages/main/overview.py")
        return
    bundle = _bundle(analysis)
    st.title(_("Add reviews to “{name}”").format(name=plain(shell.analysis_name())))
    if bundle.is_draft:
        st.info(_("This is a draft. Reviews can be added once the full map is ready."))
        return
    st.write(
        _(
            "They are placed on the map that is there and join its topics. Nothing on it moves or changes its name, "
            "and you can go back to the map as it is now at any time."
        )
    )
    files = _files()
    if files:
        found = add_found.show(bundle, files)
        add_start.show(bundle, analysis, files, found)


def _bundle(analysis: str) -> Bundle:
    """The bundle that reviews are added to: as it is on the disk, without what people decided since."""
    latest = library.latest_bundle(analysis) if analysis else None
    if latest is None:
        st.title(_("Add reviews"))
        st.write(_("There is no analysis yet."))
        st.page_link("pages/main/open.py", label=_("Use my file"), icon=":material/upload_file:")
        st.stop()
    try:
        bundle = data.bundle_at(str(latest))
        bundle.summary  # noqa: B018  (read now, so that damage shows here)
    except DamagedBundle as error:
        st.error(plain(error.translated(_), 1000))
        st.stop()
    return bundle


def _job(analysis: str) -> jobs.Job | None:
    """The work that is followed here: what this session began, or what is under way for the analysis."""
    followed = st.query_params.get(JOB_PARAMETER) or st.session_state.get("job")
    job = jobs.get(followed) if followed else None
    if job is None or job.spec.get("kind") not in KINDS:
        active = [job for job in jobs.list_active() if job.spec.get("kind") in KINDS]
        job = next((job for job in active if job.spec.get("analysis_id") == analysis), None)
    if job is not None:
        st.session_state["job"] = job.id
        st.query_params[JOB_PARAMETER] = job.id
    return job


def _leave() -> None:
    st.session_state.pop("job", None)
    st.query_params.pop(JOB_PARAMETER, None)


def _finished(job: jobs.Job) -> None:
    _leave()
    st.session_state.pop(_DROPPED, None)
    if job.analysis_id:
        state.open_analysis(job.analysis_id)
        added.just_made(str(job.bundle))
    go.to("pages/main/overview.py")


def _files() -> tuple[tuple[str, str], ...]:
    """The files that are there, (path, name) each; kept while another page is looked at."""
    hint = _("CSV, TSV, TXT, Excel, JSON, JSON Lines, HTML table, Parquet; also as .gz or .zip; up to {n} MB")
    st.html(uploader.style("add_zone", _("Choose files"), hint.format(n=f"{settings.get_int('max_file_mb'):,}")))
    with st.container(key="add_zone"):
        uploaded = st.file_uploader(
            _("Drop the further reviews here: this week's export, for instance"),
            accept_multiple_files=True,
            max_upload_size=settings.get_int("max_file_mb"),
            key="add_upload",
            on_change=_changed,
        )
    if uploaded:
        _take(uploaded)
    kept: tuple[tuple[str, str], ...] = st.session_state.get(_DROPPED, ())
    if kept and not uploaded:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="add_kept"):
            st.markdown(":material/description: " + plain(", ".join(name for _path, name in kept), 120))
            st.button(_("Take it away"), key="add_remove", icon=":material/close:", on_click=_forget)
    return kept


def _take(uploaded: Sequence[UploadedFile]) -> None:
    too_large = _(
        "These files are {size} MB together; the dashboard takes {limit} MB at once. Drop fewer, or use the "
        "command line: python -m pipelines add"
    )
    if uploader.exceeds(uploaded, too_large):
        _forget()
        return
    stored = uploader.store(uploaded)
    if stored is not None:
        st.session_state[_DROPPED] = tuple(stored)


def _changed() -> None:
    # Called for what a person did only, not when the page was left and the uploader forgot.
    if not st.session_state.get("add_upload"):
        _forget()


def _forget() -> None:
    st.session_state.pop(_DROPPED, None)
