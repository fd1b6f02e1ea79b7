"""What a run would send, counted exactly: the file is read again as the analysis will read it, and the cache asked.

The reading that understood the file hands back counts and examples, not texts, and most files are never sent anywhere;
so the texts are read when a model at a provider is chosen, at the price of the reading that has just been waited for.
They stay in this session's memory until other files or other ways to read them come, or another page is looked at.
"""

from __future__ import annotations

import sqlite3

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.upload.choices import Upload
from pipelines import embed, ingest, settings, units
from pipelines.config import AnalyzeConfig
from pipelines.embed.base import identity_digest
from pipelines.embed.preview import Preview, preview

_TEXTS, _COUNTED = "upload_texts", "upload_counted"
_MOST_KEPT = 8


def counted(upload: Upload, config: AnalyzeConfig, embedder: embed.Embedder) -> Preview:
    """The preview of this file and embedder; made once, with a bar, until `forget`.

    Raises ReviewscapeError when the file cannot be read any more.
    """
    source = (upload.files, repr(upload.options), config.unit)
    of, kept = st.session_state.get(_COUNTED, (None, {}))
    if of != source:
        of, kept = source, {}
    key = (identity_digest(embedder.identity()), settings.get_int("embed_max_paid_tokens"))
    if key not in kept:
        texts = _texts(upload, config, source)
        with st.spinner(_("Counting what would be sent")):
            kept = {**dict(list(kept.items())[-_MOST_KEPT:]), key: _preview(embedder, texts)}
        st.session_state[_COUNTED] = (of, kept)
    found: Preview = kept[key]
    return found


def forget() -> None:
    """Count anew next time: a run that starts now changes what is known already."""
    for key in (_TEXTS, _COUNTED):
        st.session_state.pop(key, None)


def leave() -> None:
    """Let go of the texts: another page is looked at, and may be for long."""
    st.session_state.pop(_TEXTS, None)


def _preview(embedder: embed.Embedder, texts: list[str]) -> Preview:
    try:
        with embed.VectorCache(settings.cache_dir() / "vectors.db") as cache:
            return preview(embedder, texts, cache)
    except (OSError, sqlite3.Error):
        # A cache that cannot be opened now saves nothing: rather too many are told than too few.
        return preview(embedder, texts)


def _texts(upload: Upload, config: AnalyzeConfig, source: object) -> list[str]:
    """The distinct texts that an analysis would embed."""
    of, texts = st.session_state.get(_TEXTS, (None, []))
    if of == source:
        return list(texts)
    bar = st.empty()
    name = plain(upload.name, 60)

    def show(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        # Each call is also where a click elsewhere ends this run, and the child process with it.
        share = min(max(done / total, 0.0), 1.0) if total else 0.0
        bar.progress(share, text=_("Reading {name} · {n} %").format(name=name, n=f"{100 * share:.0f}"))

    try:
        reviews = ingest.read(upload.sources, upload.options, show)
        texts = list(dict.fromkeys(units.split(reviews, config.unit).clean))
    finally:
        bar.empty()
    st.session_state[_TEXTS] = (source, texts)
    return texts
