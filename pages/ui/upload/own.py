"""The person's own map, topics and vectors: two columns of places, one of labels, a .npy file; checked when chosen.

They belong to the files that are open now and go with them. Choices are kept beside the widgets, which forget.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui.escape import plain
from pages.ui.i18n import _, language, n_
from pages.ui.upload import choices, remembered, uploader
from pages.ui.upload.reading import Found
from pipelines import ingest, own
from pipelines.errors import N_, ReviewscapeError, UnusableInput
from pipelines.own.given import ONE_A_REVIEW
from pipelines.types import Reviews

_KEPT = "upload_own"
_COLUMNS = ("x_column", "y_column", "label_column")
_PAIR = N_("A place on the map needs two columns: choose the other one too, or neither.")
_NAMED = 4
_MOST_CHARS = 600


@dataclass
class _Chosen:
    """columns: by their name in a config, "" for none. vectors: path and name. dropped: files taken away so far.

    looked: what was last looked up in the whole file, and the lines or the error that came of it.
    """

    files: tuple[tuple[str, str], ...] | None
    columns: dict[str, str] = field(default_factory=lambda: dict.fromkeys(_COLUMNS, ""))
    vectors: dict[str, str] | None = None
    dropped: int = 0
    problem: str = ""
    looked: tuple[object, list[str] | ReviewscapeError] | None = None


def show(found: Found) -> dict[str, object]:
    """The part, inside the expander for experts; returns what is chosen: columns (None for none) and vectors.

    vectors: {"path", "name"} as a job's spec takes them, or None. What cannot be used is said, see `problem`.
    """
    chosen = _chosen()
    columns = [str(name) for name in found.told["columns"]]
    names = {
        "x_column": _("Across (x)"),
        "y_column": _("Upwards (y)"),
        "label_column": _("Topic of each review"),
    }
    st.markdown("**" + _("Your own map and topics") + "**")
    st.caption(
        _(
            "If your file already says where each review stands or what it is about, choose those columns. They take "
            "the place of the computed map (projection) and of the found topics (clusters)."
        )
    )
    for place, name in zip(st.columns(3), _COLUMNS, strict=True):
        # A file that is read differently has other columns.
        if chosen.columns[name] not in columns:
            chosen.columns[name] = ""
        st.session_state[f"own_{name}"] = chosen.columns[name]
        place.selectbox(
            names[name],
            ["", *columns],
            format_func=lambda column: column or "—",
            key=f"own_{name}",
            on_change=_choose,
            args=(name,),
        )
    _vectors(chosen)
    try:
        for said in _checked(found, chosen):
            st.caption(":material/check: " + said)
        chosen.problem = ""
    except ReviewscapeError as error:
        chosen.problem = plain(error.translated(_), _MOST_CHARS)
        st.error(chosen.problem)
    return {**{name: column or None for name, column in chosen.columns.items()}, "vectors": chosen.vectors}


def problem() -> str:
    """Why what is chosen cannot be used, as Markdown; "" when it can."""
    return _chosen().problem


def vectors() -> dict[str, str] | None:
    """The chosen file of vectors, as a job's spec takes it."""
    return _chosen().vectors


def _chosen() -> _Chosen:
    """The choices for the files that are open; those for others are gone."""
    upload = choices.current()
    files = None if upload is None else upload.files
    chosen = st.session_state.get(_KEPT)
    if not isinstance(chosen, _Chosen) or chosen.files != files:
        chosen = _Chosen(files)
        st.session_state[_KEPT] = chosen
    if chosen.vectors is not None and not Path(chosen.vectors["path"]).exists():
        # Swept meanwhile, as the files themselves can be.
        chosen.vectors = None
    return chosen


def _choose(name: str) -> None:
    _chosen().columns[name] = st.session_state[f"own_{name}"]


def _vectors(chosen: _Chosen) -> None:
    """Where the vectors are dropped, or the file that was, with a way to take it away."""
    if chosen.vectors is not None:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="own_vectors_kept"):
            st.markdown(":material/data_array: " + plain(chosen.vectors["name"], 80))
            st.button(_("Take it away"), key="own_remove", icon=":material/close:", on_click=_remove)
        return
    label = _("Your own vectors (embeddings): a .npy file with one row for each row of your file")
    dropped = uploader.one("own_vectors", label, ["npy", "npz"], _(".npy, up to {n} MB"), times=chosen.dropped)
    if dropped is not None and _take(dropped, chosen):
        st.rerun()


def _take(dropped: UploadedFile, chosen: _Chosen) -> bool:
    """Store the file; False, with words, when it cannot be taken."""
    if uploader.exceeds(
        [dropped], _("{name} has {size} MB; the dashboard takes {limit} MB. On the command line: --vectors FILE")
    ):
        return False
    stored = uploader.store([dropped])
    if stored is None:
        return False
    chosen.vectors = {"path": stored[0][0], "name": dropped.name}
    return True


def _remove() -> None:
    chosen = _chosen()
    chosen.vectors, chosen.dropped = None, chosen.dropped + 1


def _checked(found: Found, chosen: _Chosen) -> list[str]:
    """What the choices come to, a line each, as Markdown; raises UnusableInput where one cannot be used."""
    if not found.has_text:
        return []
    said = []
    if chosen.vectors is not None:
        if remembered.value("expert_unit") == "sentence":
            raise UnusableInput(ONE_A_REVIEW)
        file = ingest.Source(Path(chosen.vectors["path"]), chosen.vectors["name"])
        array = own.opened(file, int(found.told["rows"]))
        said.append(_("{n} vectors of {dim} numbers.").format(n=f"{len(array):,}", dim=f"{array.shape[1]:,}"))
    if bool(chosen.columns["x_column"]) != bool(chosen.columns["y_column"]):
        raise UnusableInput(_PAIR)
    return said + (_of_columns(chosen) if any(chosen.columns.values()) else [])


def _of_columns(chosen: _Chosen) -> list[str]:
    """The lines about columns. The whole file is read for them, once for each choice, in the reader's own process."""
    upload = choices.current()
    if upload is None:
        return []
    key = (language(), repr(upload.options), *chosen.columns.values())
    if chosen.looked is None or chosen.looked[0] != key:
        with st.spinner(_("Looking at the whole column …")):
            try:
                reviews = ingest.read(upload.sources, upload.options)
                chosen.looked = (key, _lines(reviews, *chosen.columns.values()))
            except ReviewscapeError as error:
                chosen.looked = (key, error)
    lines = chosen.looked[1]
    if isinstance(lines, ReviewscapeError):
        raise lines
    return lines


def _lines(reviews: Reviews, x: str, y: str, label: str) -> list[str]:
    lines = []
    total = int(reviews.kept.sum())
    if x:
        placed = int((np.isfinite(own.Places.read(reviews, x, y).xy[:, 0]) & reviews.kept).sum())
        line = _("{n} of {total} reviews have a place.").format(n=f"{placed:,}", total=f"{total:,}")
        rest = _("The others will stand beside the reviews most like them.")
        lines.append(line if placed == total else f"{line} {rest}")
    if label:
        by_row = own.Labels.read(reviews, label).by_row
        counts = Counter(name for name, kept in zip(by_row, reviews.kept.tolist(), strict=True) if kept and name)
        largest = ", ".join(f"{plain(name, 30)} ({n:,})" for name, n in counts.most_common(_NAMED))
        line = n_("{n} topic", "{n} topics", len(counts)) + ": " + largest + (", …" if len(counts) > _NAMED else "")
        without = total - counts.total()
        rest = n_("{n} review has none.", "{n} reviews have none.", without)
        lines.append(f"{line} · {rest}" if without else line)
    return lines
