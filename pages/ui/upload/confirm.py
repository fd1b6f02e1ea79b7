"""From files to Start: the sentence, what is doubtful, a preview, and corrections; or why they cannot be read."""

from __future__ import annotations

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.upload import choices, corrections, doubts, experts, notes, pictures, preview, reading, sentence, start
from pages.ui.upload.choices import Upload
from pipelines.errors import ReviewscapeError

_MOST_CHARS = 1_000


def confirm(upload: Upload) -> None:
    """Draw all of it for the session's files."""
    try:
        found = reading.understood(upload)
    except ReviewscapeError as error:
        _refused(upload, error)
        return
    guess = reading.guessed(upload)
    sentence.show(found, upload)
    doubts.show(found, guess, upload)
    notes.warnings(found)
    preview.show(found, upload)
    place = st.container(key="start_here")
    notes.left_out(found)
    corrections.show(found, guess, upload)
    pictures.show(found)
    config = experts.show(found)
    with place:
        start.show(found, upload, config)


def _refused(upload: Upload, error: ReviewscapeError) -> None:
    """What went wrong, the ways back, and what can be said about the file by hand."""
    st.error(plain(error.translated(_), _MOST_CHARS), icon=":material/error:")
    with st.container(horizontal=True, key="ways_back"):
        if upload.worked is not None and upload.worked != upload.options:
            st.button(
                _("Take back the last correction"),
                key="undo_correction",
                type="primary",
                icon=":material/undo:",
                on_click=choices.undo,
            )
        elif upload.is_corrected:
            st.button(_("Back to the guesses"), key="reset", icon=":material/undo:", on_click=choices.reset)
        st.button(
            _("Try again"),
            key="read_again",
            type="tertiary",
            icon=":material/refresh:",
            on_click=reading.forget_errors,
            args=(upload,),
        )
    start.blocked(_("The file cannot be read this way."))
    corrections.show(None, reading.last_good(upload), upload)
