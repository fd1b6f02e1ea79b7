"""What every place to drop a file shares: its words, the limit of the dashboard, and keeping what was dropped."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui.escape import plain
from pages.ui.i18n import _
from pipelines import settings, uploads
from pipelines.errors import UnusableInput

_MIB = 1 << 20


def style(key: str, button: str, hint: str) -> str:
    """A <style> element for the uploader in the container `key`: its button's word and its hint.

    Streamlit's uploader says fixed English words; a style says them in the session's language.
    """
    button, hint = map(css_string, (button, hint))
    zone = f'.st-key-{key} [data-testid="stFileUploaderDropzone"]'
    return f"""<style>
{zone} > span button p {{ font-size: 0; }}
{zone} > span button p::after {{ content: {button}; font-size: 0.875rem; }}
{zone} [data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; white-space: normal; }}
{zone} [data-testid="stFileUploaderDropzoneInstructions"] span::after {{ content: {hint}; font-size: 14px; }}
</style>"""


def one(key: str, label: str, types: Sequence[str], hint: str, *, times: int) -> UploadedFile | None:
    """A place to drop one file of `types`, in a container `key`; hint: with {n}, the limit in MB.

    times: how often something was taken away there, since a new key forgets what was dropped before.
    """
    limit = settings.get_int("max_file_mb")
    st.html(style(key, _("Choose a file"), hint.format(n=f"{limit:,}")))
    with st.container(key=key):
        return st.file_uploader(label, type=list(types), key=f"{key}_{times}", max_upload_size=limit)


def css_string(text: str) -> str:
    """A CSS string (the escapes of JSON for quotes and backslashes are those of CSS)."""
    return json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")


def exceeds(files: Sequence[UploadedFile], said: str) -> bool:
    """Whether files are larger together than the dashboard takes; then says so, by {size}, {limit} and {name}."""
    limit_mb, size = settings.get_int("max_file_mb"), sum(file.size for file in files)
    if size <= limit_mb * _MIB:
        return False
    st.error(said.format(name=plain(files[0].name, 80), size=f"{size / _MIB:,.0f}", limit=f"{limit_mb:,}"))
    return True


def store(files: Sequence[UploadedFile]) -> list[tuple[str, str]] | None:
    """Keep files as uploads; each one's path and name; None, with words, where there is no room."""
    try:
        return [(str(uploads.keep(file.getvalue())), file.name) for file in files]
    except UnusableInput as error:
        st.error(plain(error.translated(_), 1000))
        return None
