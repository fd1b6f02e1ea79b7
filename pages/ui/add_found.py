"""What a further file is understood to be, in the columns of the analysis that it is added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.table import table
from pipelines import add, ingest
from pipelines.errors import ReviewscapeError
from pipelines.store.reader import Bundle
from pipelines.types import Warning_
from pipelines.words import sentence

Files = Sequence[tuple[str, str]]
_KEPT, _TEXT = "add_read", "add_text_column"
_SHOWN_ROWS, _SHOWN_CHARS, _SHOWN_NOTES, _MOST_COLUMNS = 5, 400, 6, 12


@dataclass(frozen=True)
class Found:
    """rows, kept: data rows and those that take part. known: rows that are there already. text: the united column.

    identified: whether a day or a user tells repeated rows from equal texts.
    """

    rows: int
    kept: int
    known: int
    identified: bool
    text: str
    options: ingest.IngestOptions
    notes: tuple[Warning_, ...] = ()
    preview: pd.DataFrame = field(default_factory=pd.DataFrame)
    skip_known: bool = False


def sources(files: Files) -> list[ingest.Source]:
    """The files as the reader takes them."""
    return [ingest.Source(Path(path), name) for path, name in files]


def show(bundle: Bundle, files: Files) -> Found | None:
    """The sentence, the notes, the first rows, and whether to leave out what is there; None where it cannot be read."""
    chosen = st.session_state.get(_TEXT)
    options = ingest.IngestOptions(roles={"text": chosen[1]} if chosen and chosen[0] == tuple(files) else None)
    found = _read(bundle, files, options)
    if isinstance(found, ReviewscapeError):
        st.error(plain(found.translated(_), 1000), icon=":material/error:")
        _other_text(files)
        return None
    said = " · ".join(
        [n_("{n} review", "{n} reviews", found.kept), _("review text = “{column}”").format(column=plain(found.text))]
    )
    left = found.rows - found.kept
    if left:
        said += " · " + n_("{n} row is left out", "{n} rows are left out", left)
    (st.success if found.kept else st.warning)(said, icon=":material/task_alt:" if found.kept else ":material/help:")
    with st.container(key="add_notes", gap="xxsmall"):
        for note in found.notes[:_SHOWN_NOTES]:
            values: Mapping[str, object] = {"template": note.template, "values": note.values, "file": note.file}
            st.caption(":material/warning: " + plain(sentence(_, values), 400))
    table(found.preview, height="content", key="add_preview")
    if any(note.column == found.text and "given" in note.values for note in found.notes):
        _other_text(files)
    return _without(found)


def _without(found: Found) -> Found:
    """The same with the person's word on rows that are there already."""
    if not found.known:
        return found
    skip = st.checkbox(
        n_(
            "Leave out {n} row that the analysis has already",
            "Leave out {n} rows that the analysis has already",
            found.known,
        ),
        # Equal texts alone can be two people's; with the same day or user they are one review, exported twice.
        value=found.identified,
        key="add_skip_known",
        help=_("Exports often overlap. A row is the same where its text, day and user are, or every column."),
    )
    return Found(**{**found.__dict__, "skip_known": skip})


def _read(bundle: Bundle, files: Files, options: ingest.IngestOptions) -> Found | ReviewscapeError:
    """Read once for these files, this analysis and these choices."""
    key = (str(bundle.path), tuple(files), repr(options.roles))
    kept = st.session_state.get(_KEPT)
    if kept is not None and kept[0] == key:
        result: Found | ReviewscapeError = kept[1]
        return result
    bar = st.empty()
    name = plain(files[0][1], 60)

    def tell(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        # Each call is also where a click elsewhere ends this run, and the child process with it.
        share = min(max(done / total, 0.0), 1.0) if total else 0.0
        bar.progress(share, text=_("Reading {name} · {n} %").format(name=name, n=f"{100 * share:.0f}"))

    try:
        result = _found(add.read(bundle, sources(files), options, tell), options)
    except ReviewscapeError as error:
        result = error
    bar.empty()
    st.session_state[_KEPT] = (key, result)
    return result


def _found(incoming: add.Incoming, options: ingest.IngestOptions) -> Found:
    reviews = incoming.reviews
    text = str(incoming.names["text"])
    frame = reviews.table.frame
    first = [text, *(name for name in frame.columns if name != text)][:_MOST_COLUMNS]
    preview = frame[first].head(_SHOWN_ROWS).map(lambda cell: str(cell)[:_SHOWN_CHARS])
    preview.columns = [f"{name} " if name == "_index" else str(name) for name in preview.columns]
    return Found(
        rows=len(reviews.text),
        kept=int(reviews.kept.sum()),
        known=int(incoming.known.sum()),
        identified=incoming.identified,
        text=text,
        options=options,
        notes=incoming.notes,
        preview=preview,
    )


def _other_text(files: Files) -> None:
    """Say which column of the file holds the reviews."""
    try:
        columns = [str(name) for name in ingest.understand(sources(files)).told["columns"]]
    except ReviewscapeError:
        return
    chosen = st.selectbox(
        _("Which column of this file holds the reviews?"), columns, index=None, key="add_text_choice",
        placeholder=_("Choose a column"),
    )  # fmt: skip
    if chosen and st.session_state.get(_TEXT) != (tuple(files), chosen):
        st.session_state[_TEXT] = (tuple(files), chosen)
        st.rerun()
