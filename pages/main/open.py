"""Open: drop a file or pick a sample, see what was understood, start; and find earlier analyses again."""

from functools import partial

import streamlit as st

from pages.ui import colleagues, go, library_list, state, upload
from pages.ui.i18n import _
from pages.ui.job import JOB_PARAMETER, show_job
from pipelines import jobs, samples
from pipelines.lab import kinds as lab_kinds

MOST_INTERRUPTED = 3
SEEN = "drafts_seen"


def finished(job: jobs.Job) -> None:
    if job.id in st.session_state.get(SEEN, ()):
        # Its map is known from the draft: who comes here now wants another file.
        leave_job(keep_upload=False)
        st.rerun()

    def leave() -> None:
        leave_job(keep_upload=False)
        if job.analysis_id:
            state.open_analysis(job.analysis_id)

    go.to("pages/main/overview.py", leave)


def look(job: jobs.Job, asked: bool) -> None:
    """Go to the draft when the person asks."""
    if asked:
        st.session_state.setdefault(SEEN, set()).add(job.id)
        go.to("pages/main/overview.py", lambda: state.open_analysis(str(job.analysis_id)))


def lead(job: jobs.Job, asked: bool) -> None:
    """As `look`, and once by itself: they wait here for this one."""
    look(job, asked or job.id not in st.session_state.get(SEEN, ()))


def leave_job(*, keep_upload: bool) -> None:
    st.session_state.pop("job", None)
    st.query_params.pop(JOB_PARAMETER, None)
    if not keep_upload:
        upload.forget()


def unfinished() -> list[jobs.Job]:
    """Analyses that run, or that were interrupted, whoever started them and in whichever tab; not the lab's jobs."""
    active, interrupted = (
        [job for job in found if job.spec.get("kind") not in lab_kinds.KINDS]
        for found in (jobs.list_active(), jobs.list_interrupted())
    )
    return [*active, *interrupted[:MOST_INTERRUPTED]]


st.title(_("Open a file of reviews"))

job_id = st.query_params.get(JOB_PARAMETER) or st.session_state.get("job")
if job_id:
    st.session_state["job"] = job_id
    st.query_params[JOB_PARAMETER] = job_id
    show_job(job_id, finished, lead)
    followed = jobs.get(job_id)
    can_change = followed is not None and followed.state in (jobs.FAILED, jobs.CANCELLED) and upload.is_kept()
    if can_change and st.button(_("Back to the file, to change something"), type="tertiary", icon=":material/tune:"):
        leave_job(keep_upload=True)
        st.rerun()
    if st.button(_("Open another file"), type="tertiary", icon=":material/arrow_back:"):
        leave_job(keep_upload=False)
        st.rerun()
else:
    for job in unfinished():
        show_job(job.id, finished, look)
    upload.drop_zone()
    st.caption(_("No file at hand? Look at a sample, written for this purpose:"))
    with st.container(horizontal=True):
        for sample in samples.SAMPLES:
            if st.button(_(sample.title), key=f"sample_{sample.key}", icon=":material/description:"):
                analysis = samples.analysis_id(sample.key)
                if analysis:
                    go.to("pages/main/overview.py", partial(state.open_analysis, analysis))
                st.session_state["job"] = samples.submit(sample)
                st.rerun()

library_list.show()
colleagues.listed()
