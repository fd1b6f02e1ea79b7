"""A running analysis: stage, percent, texts per second, time left, cancel; polls only while the job runs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pipelines import jobs
from pipelines.progress import STAGES

JOB_PARAMETER = "job"
POLL_S = 1.0


def stage_names() -> dict[str, str]:
    """The stages in plain words, with the technical term where an expert looks for it."""
    return {
        "reading": _("Reading the file"),
        "embedding": _("Understanding each review (embedding)"),
        "neighbors": _("Finding similar reviews (neighbours)"),
        "projection": _("Drawing the map (projection)"),
        "clusters": _("Grouping reviews (clusters)"),
        "topics": _("Naming topics"),
        "sentiment": _("Scoring sentiment"),
        "outliers": _("Looking for odd reviews (outliers)"),
        "saving": _("Saving"),
    }


def time_left(seconds: float | None) -> str:
    """An estimate as people say it; empty while there is none."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("about {n} s left").format(n=max(int(seconds), 1))
    return _("about {n} min left").format(n=round(seconds / 60))


def job_name(job: jobs.Job) -> str:
    """What the job analyses, as its person knows it."""
    name = str(job.spec.get("name", ""))
    return _(name) if job.spec.get("sample") else name


def error_text(job: jobs.Job) -> str:
    """Why a job failed, in the session's language."""
    if job.error is None:
        return _("The analysis stopped without saying why. Try it once more.")
    return _(job.error.template).format(**job.error.values)


def show_job(job_id: str, on_done: Callable[[jobs.Job], None]) -> None:
    """Show a job until it ends; calls `on_done` and reruns the page when it is done."""
    job = jobs.get(job_id)
    if job is None:
        st.warning(_("This analysis is not known here any more. Start it again from its file."))
        return
    if job.is_active:
        _watch(job_id)
    elif job.state == "done":
        on_done(job)
    else:
        _ended(job)


@st.fragment(run_every=POLL_S)
def _watch(job_id: str) -> None:
    jobs.pump()
    job = jobs.get(job_id)
    if job is None or not job.is_active:
        st.rerun()
        return
    with st.container(border=True, key=f"job_{job_id}"):
        st.markdown(f"**{plain(job_name(job))}**")
        if job.state == "queued":
            st.progress(0.0, text=_("Waiting for another analysis to finish"))
        else:
            speed = _("{n} texts/s").format(n=f"{job.rate:,.0f}") if job.rate and job.stage == "embedding" else ""
            text = " · ".join(
                part
                for part in (f"{job.percent:.0f} %", stage_names().get(job.stage, ""), speed, time_left(job.eta_s))
                if part
            )
            st.progress(min(job.percent / 100, 1.0), text=text)
            _steps(job.stage)
        if job.is_cancelling:
            st.caption(_("Stopping at the next safe point …"))
        else:
            st.button(
                _("Cancel"), key=f"cancel_{job_id}", on_click=jobs.cancel, args=(job_id,), icon=":material/stop_circle:"
            )
        st.caption(_("You can go to another page, or close this tab: the analysis goes on."))


def _steps(stage: str) -> None:
    done = STAGES.index(stage) if stage in STAGES else 0
    st.caption(_("Step {n} of {total}").format(n=done + 1, total=len(STAGES)))


def _ended(job: jobs.Job) -> None:
    st.markdown(f"**{plain(job_name(job))}**")
    if job.state == "cancelled":
        st.info(_("Cancelled. What was finished is kept: going on starts from there."))
    elif job.state == "interrupted":
        st.warning(_("The analysis was interrupted (the computer or the program stopped). Nothing finished is lost."))
    else:
        st.error(plain(error_text(job), 1000))
    with st.container(horizontal=True):
        st.button(_("Go on"), key=f"resume_{job.id}", on_click=_resume, args=(job.id,), type="primary")
        if job.state == jobs.INTERRUPTED:
            st.button(_("Discard"), key=f"discard_{job.id}", on_click=jobs.cancel, args=(job.id,))


def _resume(job_id: str) -> None:
    # Where the same analysis was asked for again meanwhile, that one is followed.
    followed = jobs.resume(job_id)
    st.session_state["job"] = followed
    st.query_params[JOB_PARAMETER] = followed


def sidebar_note() -> None:
    """A line in the sidebar while analyses run, whichever page is open."""
    if jobs.list_active():
        _note()


@st.fragment(run_every=2 * POLL_S)
def _note() -> None:
    active = jobs.list_active()
    if not active:
        st.rerun()
        return
    for job in active:
        st.progress(min(job.percent / 100, 1.0), text=plain(job_name(job), 40))
