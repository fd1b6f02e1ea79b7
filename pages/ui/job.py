"""A running analysis: stage, percent, texts per second, time left, cancel; polls only while the job runs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.models import session_keys
from pages.ui.told import plainly
from pages.ui.upload import keys_again
from pipelines import estimate, jobs
from pipelines.progress import STAGES, unpacked
from pipelines.store import library

JOB_PARAMETER = "job"
POLL_S = 1.0
_ASKED = "draft_asked_for"


def stage_names() -> dict[str, str]:
    """The stages in plain words, with the technical term where an expert looks for it."""
    return {
        estimate.DRAFT: _("Making a quick sketch of the map (draft)"),
        "reading": _("Reading the file"),
        estimate.PICTURES: _("Looking at the pictures"),
        "embedding": _("Understanding each review (embedding)"),
        "neighbors": _("Finding similar reviews (neighbours)"),
        "projection": _("Drawing the map (projection)"),
        "clusters": _("Grouping reviews (clusters)"),
        "topics": _("Naming topics"),
        "sentiment": _("Scoring sentiment"),
        "outliers": _("Looking for odd reviews (outliers)"),
        "saving": _("Saving"),
        "comparing": _("Reading by a second model, and comparing"),
        "adapting": _("Adapting a copy of the model to the reviews (fine-tuning)"),
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
    values = dict(job.error.values)
    if "stage" in values:
        values["stage"] = stage_names().get(str(values["stage"]), values["stage"])
    return _(job.error.template).format(**values)


def has_draft(job: jobs.Job) -> bool:
    """Whether a job at work has a draft in the library that can be looked at."""
    if not job.is_active or not job.bundle:
        return False
    return any(info.id == job.analysis_id and info.is_draft for info in library.list_analyses())


def show_job(
    job_id: str, on_done: Callable[[jobs.Job], None], on_draft: Callable[[jobs.Job, bool], None] | None = None
) -> None:
    """Show a job until it ends; calls `on_done` and reruns the page when it is done.

    on_draft: called when a draft is there that can be looked at, and with True when the person asks for it.
    """
    job = jobs.get(job_id)
    if job is None:
        st.warning(_("This analysis is not known here any more. Start it again from its file."))
        return
    if job.is_active:
        drafted = on_draft is not None and has_draft(job)
        if on_draft is not None and drafted:
            asked = st.session_state.get(_ASKED) == job_id
            if asked:
                del st.session_state[_ASKED]
            on_draft(job, asked)
        _watch(job_id, None if on_draft is None else drafted)
    elif job.state == "done":
        on_done(job)
    else:
        _ended(job)


@st.fragment(run_every=POLL_S)
def _watch(job_id: str, drafted: bool | None) -> None:
    """The card; drafted: whether a draft was there when the page was drawn, None where it is no concern."""
    jobs.pump()
    job = jobs.get(job_id)
    if job is None or not job.is_active or (drafted is False and has_draft(job)):
        st.rerun()
        return
    with st.container(border=True, key=f"job_{job_id}"):
        st.markdown(f"**{plain(job_name(job))}**")
        if job.state == jobs.QUEUED:
            if not keys_again.show(job):
                st.progress(0.0, text=_("Waiting for another analysis to finish"))
        else:
            text = " · ".join(
                part
                for part in (f"{job.percent:.0f} %", stage_names().get(job.stage, ""), time_left(job.eta_s))
                if part
            )
            st.progress(min(job.percent / 100, 1.0), text=text)
            st.caption(" · ".join(_steps(job)))
        if drafted:
            with st.container(horizontal=True, vertical_alignment="center", key=f"draft_of_{job_id}"):
                st.markdown(_("Draft map ready: look at it while the full one is made."), width="stretch")
                if st.button(_("Look at the draft map"), key=f"look_{job_id}", icon=":material/draw:", type="primary"):
                    st.session_state[_ASKED] = job_id
                    st.rerun()
        if job.is_cancelling:
            st.caption(_("Stopping at the next safe point …"))
        else:
            st.button(
                _("Cancel"),
                key=f"cancel_{job_id}",
                icon=":material/stop_circle:",
                on_click=plainly(jobs.cancel),
                args=(job_id,),
            )
        st.caption(_("You can go to another page, or close this tab: the analysis goes on."))


def _steps(job: jobs.Job) -> list[str]:
    """Which step it is; and while reviews are embedded how many, how fast, and how many cost nothing."""
    if job.stage == estimate.DRAFT:
        return [_("The full map follows.")]
    if job.stage in estimate.WHOLE:
        return []
    done = STAGES.index(job.stage) if job.stage in STAGES else 0
    parts = [_("Step {n} of {total}").format(n=done + 1, total=len(STAGES))]
    if job.stage != "embedding" or job.total <= 1:
        return parts
    parts.append(_("{done} of {total} texts").format(done=f"{job.done:,.0f}", total=f"{job.total:,.0f}"))
    if job.rate:
        parts.append(_("{n} texts/s").format(n=f"{job.rate:,.0f}" if job.rate >= 10 else f"{job.rate:.1f}"))
    counts = unpacked(job.note)
    if counts.get("tokens"):
        parts.append(_("{n} tokens").format(n=f"{counts['tokens']:,}"))
    if counts.get("cached"):
        parts.append(_("{n} already known").format(n=f"{counts['cached']:,}"))
    return parts


def _ended(job: jobs.Job) -> None:
    st.markdown(f"**{plain(job_name(job))}**")
    if job.state == "cancelled":
        st.info(_("Cancelled. What was finished is kept: going on starts from there."))
    elif job.state == "interrupted":
        st.warning(_("The analysis was interrupted (the computer or the program stopped). Nothing finished is lost."))
        if job.attempt > 1:
            st.caption(
                _(
                    "It is not the first time. The computer may lack memory: close other programs, use fewer rows (a "
                    "random part of the file), or ask for a draft."
                )
            )
    else:
        st.error(plain(error_text(job), 1000))
    with st.container(horizontal=True):
        st.button(_("Go on"), key=f"resume_{job.id}", on_click=_resume, args=(job.id,), type="primary")
        if job.state == jobs.INTERRUPTED:
            st.button(_("Discard"), key=f"discard_{job.id}", on_click=plainly(jobs.cancel), args=(job.id,))


@plainly
def _resume(job_id: str) -> None:
    # Where the same analysis was asked for again meanwhile, that one is followed.
    followed = jobs.resume(job_id, keys=session_keys.keys())
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
