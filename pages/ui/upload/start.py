"""The one button that starts, and why it cannot be pressed where it cannot."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from pages.ui.i18n import _
from pages.ui.upload.choices import Upload
from pages.ui.upload.experts import is_remote
from pages.ui.upload.reading import Found
from pipelines import jobs, settings
from pipelines.config import AnalyzeConfig


def show(found: Found, upload: Upload, config: AnalyzeConfig) -> None:
    """The button; before it, where a provider would get the texts, what would be sent and the person's word."""
    obstacle = _obstacle(found)
    if obstacle:
        blocked(obstacle)
        return
    remote = is_remote(config.embedder)
    agreed = _agreed(found, upload, config) if remote else True
    if not agreed:
        blocked(_("Nothing is sent before you tick the box."))
    elif st.button(_("Start"), type="primary", key="start", icon=":material/play_arrow:"):
        st.session_state["job"] = jobs.submit(_spec(upload, config, allow_paid=remote))
        st.rerun()


def blocked(why: str) -> None:
    """The button as it is when it cannot be pressed, and why."""
    with st.container(horizontal=True, vertical_alignment="center", key="start_blocked"):
        st.button(_("Start"), type="primary", key="start", icon=":material/play_arrow:", disabled=True)
        st.caption(why)


def _obstacle(found: Found) -> str:
    rows, limit = int(found.told["rows"]), settings.get_int("max_rows")
    if rows > limit:
        return _(
            "{n} rows are more than the {limit} that the dashboard takes: use the command line, "
            "python -m pipelines analyze."
        ).format(n=f"{rows:,}", limit=f"{limit:,}")
    if not found.has_text:
        return _("Choose the column that holds the reviews first.")
    if not found.told["kept"]:
        return _("No usable review in this column. Choose another one below.")
    return ""


def _agreed(found: Found, upload: Upload, config: AnalyzeConfig) -> bool:
    st.warning(
        _(
            "This model runs at a provider: {n} texts (about {tokens} tokens) would be sent there, and may cost money."
        ).format(n=f"{found.texts:,}", tokens=f"{found.characters // 2:,}")
    )
    # A word given for one file, column and model is none for another.
    given_for = abs(hash((upload.files, str(found.told["roles"]["text"]), found.texts, config.embedder)))
    return st.checkbox(_("Send them"), key=f"agree_paid_{given_for}")


def _spec(upload: Upload, config: AnalyzeConfig, *, allow_paid: bool) -> dict[str, object]:
    """The job, in plain values."""
    options = asdict(upload.options)
    options["roles"] = dict(upload.options.roles or {}) or None
    return {
        "uploads": [{"path": path, "name": name} for path, name in upload.files],
        "name": upload.name,
        "options": options,
        "config": config.as_dict(),
        "allow_paid": allow_paid,
    }
