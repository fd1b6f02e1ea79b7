"""Where files are dropped, in our own words, and what follows once there are some."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.upload import choices, uploader
from pages.ui.upload.confirm import confirm
from pipelines import settings

_KEY, _TAKEN = "upload", "upload_taken"


def drop_zone() -> None:
    """The uploader and, once there are files, what was understood of them."""
    st.html(_own_words())
    uploaded = st.file_uploader(
        _("Drop files of reviews here"),
        accept_multiple_files=True,
        max_upload_size=settings.get_int("max_file_mb"),
        key=_KEY,
        on_change=_changed,
        help=_(
            "What a file is, its content says: any encoding and delimiter will do. Several files become one analysis. "
            "They stay on this computer."
        ),
    )
    if uploaded and not _take(uploaded):
        return
    upload = choices.current()
    if upload is None:
        return
    if not uploaded:
        _still_here(upload)
    confirm(upload)


def _changed() -> None:
    # Called for what a person did only, not when the page was left and the uploader forgot.
    if not st.session_state.get(_KEY):
        choices.forget()


def _take(uploaded: Sequence[UploadedFile]) -> bool:
    """Store the uploads, each once; False, with words, when they cannot be taken."""
    too_large = _(
        "These files are {size} MB together; the dashboard takes {limit} MB at once. Drop fewer, or use the "
        "command line, which has no such limit: python -m pipelines analyze FILE"
    )
    if uploader.exceeds(uploaded, too_large):
        choices.forget()
        return False
    ids = [file.file_id for file in uploaded]
    taken = st.session_state.get(_TAKEN)
    if taken is None or taken[0] != ids or choices.current() is None:
        files = uploader.store(uploaded)
        if files is None:
            return False
        choices.begin(files)
        st.session_state[_TAKEN] = (ids,)
    return True


def _still_here(upload: choices.Upload) -> None:
    """The files that were dropped before another page was looked at."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="upload_kept"):
        st.markdown(":material/description: " + plain(upload.name, 80))
        st.button(_("Take it away"), key="upload_remove", icon=":material/close:", on_click=choices.forget)


def _own_words() -> str:
    """A style that says the uploader's fixed English words in the session's language."""
    limit = f"{settings.get_int('max_file_mb'):,}"
    hint = _("CSV, TSV, TXT, Excel, JSON, JSON Lines, HTML table, Parquet; also as .gz or .zip; up to {n} MB")
    refused = _(
        "A red file was not taken: it is larger than {n} MB, or the connection broke. The command line has no such "
        "limit: python -m pipelines analyze FILE"
    )
    drop, refused = map(uploader.css_string, (_("Let go to add the files"), refused.format(n=limit)))
    zone = '.st-key-upload [data-testid="stFileUploaderDropzone"]'
    return f"""{uploader.style("upload", _("Choose files"), hint.format(n=limit))}<style>
{zone} > div:not([data-testid]) > span {{ font-size: 0; }}
{zone} > div:not([data-testid]) > span::after {{ content: {drop}; font-size: 14px; }}
.st-key-upload:has([aria-invalid="true"])::after {{ content: {refused}; font-size: 14px; color: #c6372f; }}
[data-testid="stTooltipErrorContent"] {{ display: none; }}
</style>"""
