"""What stands where a damaged analysis would: what is wrong, and the way back to sound figures."""

from __future__ import annotations

import streamlit as st

from pages.ui import data
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.job import show_job
from pages.ui.models import session_keys
from pages.ui.told import plainly
from pipelines import jobs, uploads
from pipelines.errors import DamagedBundle
from pipelines.store import catalog, journal, space
from pipelines.store.reader import NewerBundle


def show(analysis: str, error: DamagedBundle) -> None:
    """Say what is damaged, offer to make it anew where its file is still here, and end the page."""
    st.error(plain(error.translated(_), 1000))
    if isinstance(error, NewerBundle):
        st.stop()
    running = next((job for job in jobs.list_active() if job.spec.get("analysis_id") == analysis), None)
    kept = _job_with_files(analysis)
    if running is not None:
        show_job(running.id, on_done=lambda _job: st.rerun())
    elif kept is not None and not space.is_read_only():
        st.write(_("Its file is still here: it can be run again as it was. What people did to the analysis stays."))
        spec = {**kept.spec, "analysis_id": analysis}
        st.button(
            _("Run it again"),
            key="run_damaged_again",
            type="primary",
            on_click=plainly(jobs.submit),
            args=(spec,),
            kwargs={"keys": session_keys.keys()},
        )
    else:
        st.write(_("Run the analysis again from its file, or restore the folder from a backup."))
    st.stop()


def journal_note(analysis: str) -> None:
    """Say when some of what people did to an analysis cannot be read: it looks otherwise than they left it."""
    lines = len(data.damaged_lines(analysis))
    if lines:
        st.warning(
            n_(
                "{n} entry of what was done to this analysis (names, views, links, corrections) is damaged on the disk"
                " and left out. What it said is lost: do it again, or restore the folder from a backup.",
                "{n} entries of what was done to this analysis (names, views, links, corrections) are damaged on the"
                " disk and left out. What they said is lost: do it again, or restore the folder from a backup.",
                lines,
            ),
            icon=":material/report:",
        )
        st.button(
            _("Keep what is left"),
            key="keep_what_is_left",
            help=_("The damaged file stays beside it. Links made before what is lost stay closed: make new ones."),
            on_click=plainly(journal.keep_what_is_left),
            args=(catalog.home() / analysis,),
            disabled=space.is_read_only(),
        )


def standing_note() -> None:
    """Say, above every page, when the state folder can only be looked at."""
    if space.is_read_only():
        st.warning(
            _("The data folder is read-only: analyses can be looked at, nothing can be changed or added."),
            icon=":material/lock:",
        )


def _job_with_files(analysis: str) -> jobs.Job | None:
    """The last job that made the analysis whole, where every file that it read is still on the disk."""
    for job in jobs.list_recent(1000):
        if (
            job.analysis_id == analysis
            and job.state == jobs.DONE
            and not job.spec.get("kind")
            and job.spec.get("uploads")
        ):
            return job if all(path.is_file() for path in uploads.files_of(job.spec)) else None
    return None
