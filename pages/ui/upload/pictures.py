"""Pictures beside the table: the column that names them, their zip, the model that reads them, the web or not.

They belong to the files that are open now and go with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.upload import choices, uploader
from pages.ui.upload.reading import Found
from pipelines.embed import hub
from pipelines.embed.clip import PREFIX
from pipelines.errors import ReviewscapeError
from pipelines.ingest import Source
from pipelines.pictures import columns_of_pictures
from pipelines.pictures.zipped import PictureZip

_KEPT = "upload_pictures"
_MOST_CHARS = 600


@dataclass
class _Chosen:
    """column: "" for none. zipped: path and name. dropped: files taken away so far. held: pictures in the zip."""

    files: tuple[tuple[str, str], ...] | None
    column: str = ""
    model: str = ""
    from_web: bool = False
    zipped: dict[str, str] | None = None
    held: int = 0
    dropped: int = 0


def show(found: Found) -> None:
    """The part, closed unless a person opens it; what looks like a column of pictures is said on its label."""
    chosen = _chosen()
    columns = [str(name) for name in found.told["columns"]]
    likely = columns_of_pictures(pd.DataFrame(found.preview, columns=columns, dtype="str")) if found.preview else []
    label = _("Pictures") + (f" · {plain(likely[0], 40)}" if likely else "")
    with st.expander(label, icon=":material/image:", key="pictures"):
        st.caption(
            _(
                "If reviewers added pictures, choose the column that names their files and drop the files as one zip. "
                "A CLIP model reads them, so that you can find a picture by what it shows. The map stays that of the "
                "texts."
            )
        )
        if chosen.column not in columns:
            chosen.column = ""
        st.session_state["pictures_column"] = chosen.column
        st.selectbox(
            _("Column of pictures"),
            ["", *likely, *(name for name in columns if name not in likely)],
            format_func=lambda column: column or "—",
            key="pictures_column",
            on_change=_choose,
            args=("column",),
        )
        st.session_state["pictures_model"] = chosen.model
        st.text_input(
            _("Model for pictures (CLIP): a hub id or a folder"),
            key="pictures_model",
            placeholder="clip:…",
            on_change=_choose,
            args=("model",),
        )
        _where_from(chosen.model)
        _zip(chosen)
        st.session_state["pictures_from_web"] = chosen.from_web
        st.checkbox(
            _("Fetch those that are addresses from the web"),
            key="pictures_from_web",
            on_change=_choose,
            args=("from_web",),
            help=_(
                "The servers that your file names then see that this computer asks for these pictures. Only public "
                "addresses are asked, and only pictures are taken."
            ),
        )
        if chosen.column and problem():
            st.caption(":material/info: " + problem())


def problem() -> str:
    """What is still missing where a column is chosen, as Markdown; "" where nothing is."""
    chosen = _chosen()
    if not chosen.column:
        return ""
    if not chosen.model.strip():
        return _("Pictures: name the model that reads them, or choose no column of pictures.")
    if chosen.zipped is None and not chosen.from_web:
        return _("Pictures: drop the zip that holds them, or choose no column of pictures.")
    return ""


def spec() -> dict[str, object] | None:
    """What a job's spec says of pictures; None where there are none."""
    chosen = _chosen()
    if not chosen.column or problem():
        return None
    name = chosen.model.strip()
    return {
        "column": chosen.column,
        "model": name if name.startswith(PREFIX) else PREFIX + name,
        "from_web": chosen.from_web,
        "zip": chosen.zipped,
    }


def _chosen() -> _Chosen:
    """The choices for the files that are open; those for others are gone, but for the model's name."""
    upload = choices.current()
    files = None if upload is None else upload.files
    chosen = st.session_state.get(_KEPT)
    if not isinstance(chosen, _Chosen) or chosen.files != files:
        chosen = _Chosen(files, model=chosen.model if isinstance(chosen, _Chosen) else "")
        st.session_state[_KEPT] = chosen
    if chosen.zipped is not None and not Path(chosen.zipped["path"]).exists():
        # Swept meanwhile, as the files themselves can be.
        chosen.zipped = None
    return chosen


def _choose(name: str) -> None:
    setattr(_chosen(), name, st.session_state[f"pictures_{name}"])


def _where_from(model: str) -> None:
    source = model.strip().removeprefix(PREFIX)
    if source and hub.here(source) is None:
        st.caption(
            ":material/download: "
            + _("This model is not on this computer: it is fetched from the hub (Hugging Face) first.")
        )


def _zip(chosen: _Chosen) -> None:
    if chosen.zipped is not None:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="pictures_kept"):
            files = n_("{n} file", "{n} files", chosen.held)
            st.markdown(":material/folder_zip: " + plain(chosen.zipped["name"], 80) + f" · {files}")
            st.button(_("Take it away"), key="pictures_remove", icon=":material/close:", on_click=_remove)
        return
    label = _("The pictures, as one .zip file")
    dropped = uploader.one("pictures_zip", label, ["zip"], _(".zip, up to {n} MB"), times=chosen.dropped)
    if dropped is not None and _take(dropped, chosen):
        st.rerun()


def _take(dropped: UploadedFile, chosen: _Chosen) -> bool:
    """Store the zip; False, with words, when it cannot be taken."""
    if uploader.exceeds(
        [dropped], _("{name} has {size} MB; the dashboard takes {limit} MB. On the command line: --pictures FILE")
    ):
        return False
    try:
        with PictureZip(Source(dropped.getvalue(), dropped.name)) as archive:
            held = len(archive)
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), _MOST_CHARS))
        return False
    stored = uploader.store([dropped])
    if stored is None:
        return False
    chosen.zipped, chosen.held = {"path": stored[0][0], "name": dropped.name}, held
    return True


def _remove() -> None:
    chosen = _chosen()
    chosen.zipped, chosen.held, chosen.dropped = None, 0, chosen.dropped + 1
