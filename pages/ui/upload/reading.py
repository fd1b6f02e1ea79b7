"""What the files are understood to be: read once for each set of corrections, in a child process, with a bar."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeAlias

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.upload.choices import Upload
from pipelines import ingest
from pipelines.errors import ReviewscapeError

Found: TypeAlias = ingest.Understanding
_KEY = "upload_readings"
_MOST_KEPT = 4


def understood(upload: Upload) -> Found:
    """The files under the present corrections; what was read before is not read again.

    Raises ReviewscapeError when they cannot be read so.
    """
    kept = _kept(upload)
    key = _key(upload.options)
    if key not in kept:
        kept[key] = _read(upload)
        # The guesses stay, to go back to; of the corrections the latest do.
        for old in [other for other in kept if other != _key(ingest.IngestOptions())][:-_MOST_KEPT]:
            del kept[old]
    found = kept[key]
    if isinstance(found, ReviewscapeError):
        raise found
    upload.worked = upload.options
    return found


def guessed(upload: Upload) -> Found | None:
    """The files as they were understood before any correction; None when they could not be read."""
    found = _kept(upload).get(_key(ingest.IngestOptions()))
    return None if isinstance(found, ReviewscapeError) else found


def last_good(upload: Upload) -> Found | None:
    """The last understanding that came out whole, for what there is to choose from."""
    found = None if upload.worked is None else _kept(upload).get(_key(upload.worked))
    return guessed(upload) if found is None or isinstance(found, ReviewscapeError) else found


def forget_errors(upload: Upload) -> None:
    """Let files that could not be read be tried again."""
    kept = _kept(upload)
    for key in [key for key, found in kept.items() if isinstance(found, ReviewscapeError)]:
        del kept[key]


def _kept(upload: Upload) -> dict[Hashable, Found | ReviewscapeError]:
    """The readings of these files; those of others go."""
    files, kept = st.session_state.get(_KEY, (None, {}))
    if files != upload.files:
        kept = {}
        st.session_state[_KEY] = (upload.files, kept)
    return kept


def _key(options: ingest.IngestOptions) -> Hashable:
    roles = tuple(sorted((options.roles or {}).items()))
    return (options.encoding, options.delimiter, roles, options.sheet, options.join_title)


def _read(upload: Upload) -> Found | ReviewscapeError:
    bar = st.empty()
    name = plain(upload.name, 60)

    def show(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        # Each call is also where a click elsewhere ends this run, and the child process with it.
        share = min(max(done / total, 0.0), 1.0) if total else 0.0
        bar.progress(share, text=_("Reading {name} · {n} %").format(name=name, n=f"{100 * share:.0f}"))

    show("reading", 0, 1)
    try:
        found: Found | ReviewscapeError = ingest.understand(upload.sources, upload.options, show)
    except ReviewscapeError as error:
        found = error
    bar.empty()
    return found
