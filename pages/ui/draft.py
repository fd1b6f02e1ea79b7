"""A draft on screen: the mark that says so and how far the full map is, and how the full map takes its place."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import state
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.job import POLL_S, error_text, time_left
from pages.ui.models import session_keys
from pages.ui.told import plainly
from pipelines import jobs, uploads
from pipelines.saved import TOPIC_COLUMNS
from pipelines.store.history import BundleInfo

_MOST_JOBS = 100


def choose(published: Sequence[BundleInfo], *, by_itself: bool) -> BundleInfo:
    """Which of an analysis's bundles is shown: the latest, or the draft that is looked at until the person leaves it.

    by_itself: the full map takes the draft's place unasked.
    """
    latest = published[-1]
    looked_at = next((info for info in published if state.draft() and info.id.startswith(state.draft())), latest)
    if looked_at.is_draft and not latest.is_draft:
        if not by_itself:
            return looked_at
        leave(looked_at, latest)
        return latest
    state.show_draft(latest.id if latest.is_draft else "")
    return latest


def leave(draft: BundleInfo, full: BundleInfo) -> None:
    """Look at the full map with what of the view makes sense there, and say what does not."""
    view = state.current()
    kept = tuple(item for item in view.filters if item.column not in TOPIC_COLUMNS)
    # The same units have the same ids; where a provider refused some, others have them.
    selection = view.selection if draft.units == full.units else None
    state.show_draft("")
    state.change(filters=kept, selection=selection, camera=None)
    said = _("This is the full map now.")
    if kept != view.filters:
        said += " " + _("Its topics are others than the draft’s: the filter by topic was taken away.")
    st.toast(said, icon=":material/done_all:", duration="long")


def mark(shown: BundleInfo, published: Sequence[BundleInfo]) -> None:
    """Say that what is shown is a draft, and what becomes of the full map."""
    job = job_of(state.current().analysis)
    if not published[-1].is_draft:
        with _line(_("A quick sketch. The full map is ready.")):
            st.button(
                _("Show the full map"),
                key="draft_leave",
                type="primary",
                icon=":material/done_all:",
                on_click=leave,
                args=(shown, published[-1]),
            )
    elif job is not None and job.is_active:
        _watch(job.id)
    else:
        _stopped(job)


def job_of(analysis_id: str) -> jobs.Job | None:
    """The job that makes an analysis; None when it is not known any more, or a command made it."""
    # An analysis is named after its job unless that was told another.
    return jobs.get(analysis_id) or next(
        (job for job in jobs.list_recent(_MOST_JOBS) if job.analysis_id == analysis_id), None
    )


def _line(text: str) -> st.delta_generator.DeltaGenerator:
    place = st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="draft_mark")
    place.markdown(":orange-badge[:material/draw: " + _("Draft") + f"] {text}", width="stretch")
    return place


@st.fragment(run_every=2 * POLL_S)
def _watch(job_id: str) -> None:
    jobs.pump()
    job = jobs.get(job_id)
    if job is None or not job.is_active:
        st.rerun()
        return
    if job.state == jobs.QUEUED and jobs.lacks_keys(job):
        far = _("it waits for the key of its provider, on the page Open")
    elif job.state == jobs.QUEUED:
        far = _("it waits for its turn")
    elif job.is_cancelling:
        far = _("it is being stopped")
    else:
        far = " · ".join(part for part in (f"{job.percent:.0f} %", time_left(job.eta_s)) if part)
    _line(_("A quick sketch, to look at while the full map is made ({far}).").format(far=far))


def _stopped(job: jobs.Job | None) -> None:
    """Why there is no full map, and the ways to one."""
    if job is None or job.state == jobs.DONE or not _has_files(job):
        with _line(_("A quick sketch. For the full map, open the file once more.")):
            st.page_link("pages/main/open.py", label=_("Use my file"), icon=":material/upload_file:")
        return
    if job.state == jobs.FAILED:
        text = _("A quick sketch. The full map could not be made: {why}").format(why=plain(error_text(job), 600))
    elif job.state == jobs.CANCELLED:
        text = _("A quick sketch. The full map was stopped; what was done of it is kept.")
    else:
        text = _("A quick sketch. The full map was interrupted; what was done of it is kept.")
    with _line(text):
        st.button(
            _("Finish the full map"),
            key="draft_finish",
            type="primary",
            icon=":material/play_arrow:",
            on_click=plainly(_finish),
            args=(job.id,),
        )


def _finish(job_id: str) -> None:
    jobs.resume(job_id, keys=session_keys.keys())


def _has_files(job: jobs.Job) -> bool:
    """Whether all that it reads is still there: after some days those of a stopped job are removed."""
    return all(path.exists() for path in uploads.files_of(job.spec))
