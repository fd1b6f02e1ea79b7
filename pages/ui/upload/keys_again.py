"""A job that waits for keys which went with the server that was given them: their fields, on the job's card."""

from __future__ import annotations

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.models import session_keys
from pipelines import jobs


def show(job: jobs.Job) -> bool:
    """The fields and a button, where a job waits for keys that this process lacks; whether it does."""
    lacking = jobs.lacks_keys(job)
    if not lacking or job.state != jobs.QUEUED:
        return False
    names = ", ".join(f"`{plain(name)}`" for name in lacking)
    st.warning(
        _(
            "This analysis needs its key again ({names}): keys are kept in memory only, and the program was restarted."
        ).format(names=names),
        icon=":material/key:",
    )
    for name in lacking:
        session_keys.field(name, key=f"again_{job.id}_{name}")
    st.button(
        _("Go on with this key"),
        key=f"give_keys_{job.id}",
        type="primary",
        disabled=not all(session_keys.keys().get(name) for name in lacking),
        on_click=_give,
        args=(job.id,),
    )
    return True


def _give(job_id: str) -> None:
    jobs.give_keys(job_id, session_keys.keys())
