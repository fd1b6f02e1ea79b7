"""What every place to drop a file shares: its words, the limit of the dashboard, and keeping what was dropped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from pages.ui.escape import plain
from pages.ui.i18n import _
from pipelines import settings, uploads
from pipelines.errors import UnusableInput

_MIB, _STORED = 1 << 20, "uploads_stored"


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


@dataclass(frozen=True)
class _Stored:
    path: str
    size: int


def exceeds(files: Sequence[UploadedFile], said: str) -> bool:
    """Whether files are larger together than the dashboard takes; then says so, by {size}, {limit} and {name}."""
    kept = _kept()
    limit_mb = settings.get_int("max_file_mb")
    size = sum(kept[file.file_id].size if file.file_id in kept else file.size for file in files)
    if size <= limit_mb * _MIB:
        return False
    st.error(said.format(name=plain(files[0].name, 80), size=f"{size / _MIB:,.0f}", limit=f"{limit_mb:,}"))
    return True


def store(files: Sequence[UploadedFile]) -> list[tuple[str, str]] | None:
    """Keep files as uploads; each one's path and name; None, with words, where there is no room.

    What was dropped is on the disk from then on and no longer in memory, where Streamlit would keep it for as long as
    the session is there; a run that finds the same file on its uploader gets the same path.
    """
    kept = _kept()
    try:
        for file in files:
            if file.file_id not in kept:
                kept[file.file_id] = _Stored(str(uploads.keep(file.getvalue())), file.size)
            free(file)
    except UnusableInput as error:
        st.error(plain(error.translated(_), 1000))
        return None
    if not all(Path(kept[file.file_id].path).exists() for file in files):
        st.error(_("A file that was dropped long ago is no longer here. Drop it again."))
        return None
    return [(kept[file.file_id].path, file.name) for file in files]


def free(file: UploadedFile) -> None:
    """Let go of a dropped file's bytes: what stays is its name, which the uploader shows."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        # The record itself stays: without it the next run would take the file for one that was taken away.
        nothing = UploadedFileRec(file.file_id, file.name, file.type, b"")
        context.uploaded_file_mgr.add_file(context.session_id, nothing)
    # What a page gets of its uploader is a copy; the session's own stays beside it.
    for one in (file, *_same(file.file_id)):
        one.seek(0)
        one.truncate(0)


def _same(file_id: str) -> list[UploadedFile]:
    """The session's own objects of a dropped file."""
    values = list(st.session_state.to_dict().values())
    dropped = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return [one for one in dropped if isinstance(one, UploadedFile) and one.file_id == file_id]


def _kept() -> dict[str, _Stored]:
    """What this session dropped and is stored, by Streamlit's id of the file."""
    kept: dict[str, _Stored] = st.session_state.setdefault(_STORED, {})
    return kept
