"""The one button that starts, what will happen then, and why it cannot be pressed where it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import streamlit as st

from pages.ui.i18n import _
from pages.ui.upload import agreement, experts, own, pictures, reader, sending
from pages.ui.upload.choices import Upload
from pages.ui.upload.reading import Found
from pipelines import embed, jobs, settings
from pipelines.config import AnalyzeConfig


def show(found: Found, upload: Upload, config: AnalyzeConfig) -> None:
    """The button; before it, where texts would leave this computer, what would be sent and the person's word."""
    obstacle = _obstacle(found) or experts.problem() or pictures.problem()
    if obstacle:
        blocked(obstacle)
        return
    # Vectors that are there need no model.
    provider = None if own.vectors() else experts.provider(config)
    missing = ""
    if provider is not None and agreement.leaves(provider):
        missing = agreement.show(found, upload, config, provider)
    else:
        reader.show(found, upload, config, provider)
    if missing:
        blocked(missing)
    elif st.button(_("Start"), type="primary", key="start", icon=":material/play_arrow:"):
        _begin(upload, config, provider)


def blocked(why: str) -> None:
    """The button as it is when it cannot be pressed, and why."""
    with st.container(horizontal=True, vertical_alignment="center", key="start_blocked"):
        st.button(_("Start"), type="primary", key="start", icon=":material/play_arrow:", disabled=True)
        st.caption(why)


def _begin(upload: Upload, config: AnalyzeConfig, provider: embed.Embedder | None) -> None:
    keys = agreement.typed_keys(provider)
    paid = provider is not None and provider.paid
    sending.forget()
    st.session_state["job"] = jobs.submit(_spec(upload, config, keys, allow_paid=paid), keys=keys)
    st.rerun()


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


def _spec(upload: Upload, config: AnalyzeConfig, keys: Mapping[str, str], *, allow_paid: bool) -> dict[str, object]:
    """The job, in plain values; of typed keys their variables' names alone."""
    options = asdict(upload.options)
    options["roles"] = dict(upload.options.roles or {}) or None
    return {
        "uploads": [{"path": path, "name": name} for path, name in upload.files],
        "name": upload.name,
        "options": options,
        "config": config.as_dict(),
        "allow_paid": allow_paid,
        **({"vectors": own.vectors()} if own.vectors() else {}),
        **({"pictures": pictures.spec()} if pictures.spec() else {}),
        **({"keys": sorted(keys)} if keys else {}),
    }
