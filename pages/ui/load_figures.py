"""The server's own figures: sessions, memory, disk, jobs and how long they take."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.ui import counted, sizes
from pages.ui.csv_button import csv_button
from pages.ui.i18n import _
from pages.ui.job import stage_names
from pages.ui.table import table
from pipelines import jobs, metrics, settings
from pipelines.store import acting

Samples = tuple[tuple[Mapping[str, str], float], ...]


def show() -> None:
    """Draw them, for everyone's jobs together: only the person at the machine has this page."""
    if not acting.is_machine():
        return
    with acting.acting_as(acting.ALL):
        found = {one.name: one.samples for one in metrics.gather(sessions=counted.sessions() or 0)}
    st.caption(_("As of now; reload for newer figures. Everything is in {home}.").format(home=f"`{settings.home()}`"))
    memory = {labels["process"]: value for labels, value in found["reviewscape_memory_bytes"]}
    with st.container(horizontal=True, key="load_figures"):
        st.metric(_("Browsers connected"), f"{found['reviewscape_sessions'][0][1]:.0f}", border=True)
        st.metric(_("Memory of the server"), sizes.in_words(memory.get("server", 0.0)), border=True)
        st.metric(_("Memory of running analyses"), sizes.in_words(memory["workers"]), border=True)
        st.metric(_("Free on the disk"), sizes.in_words(found["reviewscape_disk_free_bytes"][0][1]), border=True)
    _table(
        _("Analyses by state (jobs; of those that ended the last {n})").format(n=f"{jobs.KEPT_ENDED:,}"),
        "load_jobs",
        _jobs(found["reviewscape_jobs"]),
    )
    _table(_("What is kept"), "load_disk", _disk(found))
    stages = found.get("reviewscape_stage_seconds", ())
    if stages:
        _table(_("How long a stage takes"), "load_stages", _stages(stages))
    else:
        st.info(_("No analysis has been finished yet, so there are no durations to show."))
    st.caption(
        _("For Prometheus: the address `/metrics`, with the start-up key; in a terminal: `python -m pipelines metrics`")
    )


def _table(title: str, key: str, frame: pd.DataFrame) -> None:
    st.subheader(title)
    table(frame, width="stretch")
    csv_button(frame, key, key=f"{key}_csv")


def _jobs(samples: Samples) -> pd.DataFrame:
    names = {
        "queued": _("waiting"),
        "running": _("running"),
        "done": _("done"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
        "interrupted": _("interrupted"),
    }
    rows = [(names[labels["state"]], int(value)) for labels, value in samples]
    return pd.DataFrame(rows, columns=[_("State"), _("Count")])


def _disk(found: Mapping[str, Samples]) -> pd.DataFrame:
    names = {
        "analyses": _("analyses"),
        "stages": _("kept stage results"),
        "large": _("parts of large files"),
        "uploads": _("uploads"),
        "models": _("models"),
        "logs": _("logs"),
    }
    rows = [(names[labels["folder"]], sizes.in_words(value)) for labels, value in found["reviewscape_disk_bytes"]]
    cache = {labels["which"]: value for labels, value in found["reviewscape_vector_cache_bytes"]}
    most = _("{size} of {bound}").format(size=sizes.in_words(cache["now"]), bound=sizes.in_words(cache["most"]))
    return pd.DataFrame([*rows, (_("stored vectors"), most)], columns=[_("What"), _("Size")])


def _stages(samples: Samples) -> pd.DataFrame:
    rows: dict[str, dict[str, float]] = {}
    for labels, value in samples:
        rows.setdefault(labels["stage"], {})[labels["which"]] = round(value, 2)
    names = stage_names()
    told = [(names.get(stage, stage), one["median"], one["last"]) for stage, one in rows.items()]
    return pd.DataFrame(told, columns=[_("Stage"), _("Median, s"), _("Last, s")])
