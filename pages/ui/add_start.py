"""The button that starts adding, and before it what must be said where texts leave this computer."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.ui import shell
from pages.ui.add_found import Files, Found
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.models import session_keys
from pages.ui.upload import agreement, sending, uploader
from pages.ui.upload.choices import Upload
from pages.ui.upload.model_choice import PROVIDERS
from pipelines import embed, ingest, jobs, settings
from pipelines.config import AnalyzeConfig
from pipelines.errors import ReviewscapeError
from pipelines.store.reader import Bundle

_OWN = "own"


def show(bundle: Bundle, analysis: str, files: Files, found: Found | None) -> None:
    """The button; greyed out with its reason where the file cannot be added yet."""
    vectors = _own_vectors() if bundle.identity.get("name") == _OWN else None
    obstacle = _obstacle(bundle, found, vectors)
    provider = None
    if not obstacle and found is not None:
        try:
            provider = _provider(bundle)
        except ReviewscapeError as error:
            obstacle = plain(error.translated(_), 600)
    if provider is not None and found is not None and not obstacle:
        if agreement.leaves(provider):
            told = ingest.Understanding(told={"roles": {"text": found.text}}, preview=())
            config = AnalyzeConfig.from_dict(dict(bundle.config))
            upload = Upload(tuple(files), options=found.options)
            obstacle = agreement.show(told, upload, config, provider)
    elif not obstacle:
        st.caption(":material/psychology: " + _("Read by the same model as before.") + " " + _stays())
    with st.container(horizontal=True, vertical_alignment="center", key="add_start_line"):
        pressed = st.button(
            _("Add them"), type="primary", key="add_start", icon=":material/playlist_add:", disabled=bool(obstacle)
        )
        if obstacle:
            st.caption(obstacle)
    if pressed and found is not None:
        _begin(bundle, analysis, files, found, provider, vectors)


def refit(bundle: Bundle, analysis: str, *, allow_paid: bool = False) -> None:
    """Start making the map anew with all reviews."""
    spec: dict[str, object] = {
        "kind": "refit",
        "uploads": [],
        "analysis_id": analysis,
        "bundle": bundle.path.name,
        "name": shell.analysis_name(),
        "allow_paid": allow_paid,
    }
    keys = session_keys.keys()
    st.session_state["job"] = jobs.submit({**spec, **({"keys": sorted(keys)} if keys else {})}, keys=keys)


def _begin(
    bundle: Bundle,
    analysis: str,
    files: Files,
    found: Found,
    provider: embed.Embedder | None,
    vectors: Mapping[str, str] | None,
) -> None:
    keys = agreement.typed_keys(provider)
    sending.forget()
    spec = {
        "kind": "add",
        "uploads": [{"path": path, "name": name} for path, name in files],
        "analysis_id": analysis,
        "bundle": bundle.path.name,
        "name": f"{shell.analysis_name()} + {files[0][1]}",
        "options": {"roles": dict(found.options.roles or {}) or None},
        "skip_known": found.skip_known,
        "allow_paid": provider is not None and provider.paid,
        **({"vectors": dict(vectors)} if vectors else {}),
        **({"keys": sorted(keys)} if keys else {}),
    }
    st.session_state["job"] = jobs.submit(spec, keys=keys)
    st.rerun()


def _provider(bundle: Bundle) -> embed.Embedder | None:
    """The bundle's embedder where it runs behind HTTP; raises ReviewscapeError where it cannot be had."""
    if str(bundle.identity.get("name", "")).partition(":")[0] not in PROVIDERS:
        return None
    return embed.restore(bundle.identity, {})


def _obstacle(bundle: Bundle, found: Found | None, vectors: Mapping[str, str] | None) -> str:
    if found is None:
        return _("The file cannot be read this way.")
    rows, limit = found.rows + len(bundle.rows), settings.get_int("max_rows")
    if rows > limit:
        return _(
            "Together that would be {n} rows, more than the {limit} that the dashboard takes: use the command line, "
            "python -m pipelines add."
        ).format(n=f"{rows:,}", limit=f"{limit:,}")
    if not found.kept:
        return _("No usable review in this column. Choose another one below.")
    if found.skip_known and found.known == found.rows:
        return _("All these rows are in the analysis already: there is nothing to add.")
    if bundle.identity.get("name") == _OWN and vectors is None:
        return _("This analysis was made from vectors of your own: add those of the new rows too.")
    return ""


def _own_vectors() -> Mapping[str, str] | None:
    """The person's own vectors of the added rows, stored; None while there are none."""
    dropped = st.file_uploader(
        _("Your own vectors (embeddings): a .npy file with one row for each row of your file"),
        type=["npy"],
        key="add_vectors",
        max_upload_size=settings.get_int("max_file_mb"),
    )
    stored = None if dropped is None else uploader.store([dropped])
    return None if stored is None else {"path": stored[0][0], "name": stored[0][1]}


def _stays() -> str:
    return _("Nothing leaves this computer.")
