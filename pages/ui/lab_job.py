"""A job of the Lab page while it runs: how far it is, and stopping it; and why the last one ended without a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.job import POLL_S, error_text, stage_names
from pages.ui.told import plainly
from pipelines import jobs
from pipelines.errors import ReviewscapeError

_STARTED = "lab_jobs_started"


def start(make: Callable[[], Mapping[str, object]]) -> bool:
    """Queue the job that `make` describes, or say why it cannot be; whether it was."""
    try:
        spec = make()
        job_id = jobs.submit(spec)
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 500))
        return False
    st.session_state[_STARTED] = {**st.session_state.get(_STARTED, {}), str(spec["kind"]): job_id}
    return True


def follow(kind: str, analysis_id: str) -> bool:
    """Show the job of a kind that waits or runs for an analysis; whether there is one."""
    for job in jobs.list_active():
        if job.spec.get("kind") == kind and job.spec.get("analysis_id") == analysis_id:
            _watch(job.id)
            return True
    _ended(kind, analysis_id)
    return False


def _ended(kind: str, analysis_id: str) -> None:
    """What became of the job that this session started, where it came to nothing; and one that was interrupted."""
    job = jobs.get(str(st.session_state.get(_STARTED, {}).get(kind, "")))
    if job is None or job.state == jobs.DONE or job.spec.get("analysis_id") != analysis_id:
        job = _interrupted(kind, analysis_id)
    if job is None or job.is_active:
        return
    if job.state == jobs.CANCELLED:
        st.info(_("Stopped; nothing was kept."))
    elif job.state == jobs.INTERRUPTED:
        st.warning(
            _("It was interrupted (the computer or the program stopped). It starts over: half of it is not kept.")
        )
        with st.container(horizontal=True):
            st.button(_("Start again"), key=f"lab_again_{job.id}", icon=":material/replay:", on_click=_again,
                      args=(job,))  # fmt: skip
            st.button(_("Discard"), key=f"lab_discard_{job.id}", type="tertiary", on_click=plainly(jobs.cancel),
                      args=(job.id,))  # fmt: skip
    else:
        st.error(plain(error_text(job), 1000), icon=":material/error:")


def _interrupted(kind: str, analysis_id: str) -> jobs.Job | None:
    """The last such job whose worker is gone, whichever session started it."""
    found = (job for job in jobs.list_interrupted() if job.spec.get("kind") == kind)
    return next((job for job in found if job.spec.get("analysis_id") == analysis_id), None)


@plainly
def _again(job: jobs.Job) -> None:
    # Where the same was asked for again meanwhile, that one is followed.
    followed = jobs.resume(job.id)
    st.session_state[_STARTED] = {**st.session_state.get(_STARTED, {}), str(job.spec["kind"]): followed}


@st.fragment(run_every=POLL_S)
def _watch(job_id: str) -> None:
    jobs.pump()
    job = jobs.get(job_id)
    if job is None or not job.is_active:
        st.rerun()
        return
    with st.container(border=True, key=f"lab_job_{job_id}"):
        if job.state == jobs.QUEUED:
            st.progress(0.0, text=_("Waiting for another analysis to finish"))
        else:
            told = stage_names().get(job.stage, _("Starting …"))
            st.progress(min(job.percent / 100, 1.0), text=f"{job.percent:.0f} % · {told}")
        if job.is_cancelling:
            st.caption(_("Stopping at the next safe point …"))
        else:
            st.button(_("Stop"), key=f"lab_stop_{job_id}", icon=":material/stop_circle:", on_click=plainly(jobs.cancel),
                      args=(job_id,))  # fmt: skip
        st.caption(_("You can go to another page, or close this tab: it goes on."))
