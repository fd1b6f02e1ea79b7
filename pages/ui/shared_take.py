"""What the reader of a link may take away, where the link allows it: the page as one file, the reviews as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st

from pages.ui import files
from pages.ui.i18n import _, language
from pipelines import share
from pipelines.errors import N_, UnusableInput
from pipelines.export.html import write_report
from pipelines.export.tables import write_table
from pipelines.share import SharedView
from pipelines.store.reader import Bundle
from pipelines.view import View


def offer(bundle: Bundle, shared: SharedView, view: View, title: str) -> None:
    """Two buttons; each file is made when somebody wants it, under the link's own masking, of what is in sight."""
    token, spoken, name = str(st.session_state["link_token"]), language(), files.stem(title)

    def report(path: Path) -> None:
        write_report(bundle, path, view=view, redact=shared.redact, allow_text=shared.allow_text, language=spoken)

    def table(path: Path) -> None:
        # Without a filter a table holds the rows that were left out too, which no map shows.
        selection = view.selection or tuple(bundle.points["unit_id"].tolist())
        write_table(bundle, path, "csv", view=replace(view, selection=selection), redact=shared.redact, bom=True)

    with st.container(horizontal=True, key="shared_take"):
        st.download_button(
            _("Save as one file"),
            lambda: _made(token, report),
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
            key="shared_save_file",
        )
        # A row of a table is a review with its text.
        if shared.allow_text:
            st.download_button(
                _("Save the reviews in sight as a table"),
                lambda: _made(token, table),
                file_name=f"{name}.csv",
                mime="text/csv",
                icon=":material/table_rows:",
                on_click="ignore",
                key="shared_save_table",
            )


def _made(token: str, write: Callable[[Path], None]) -> bytes:
    """The file; raises UnusableInput where the link was closed since the page was drawn."""
    now = share.open_link(token, count=False)
    if now is None or not now.download:
        raise UnusableInput(N_("This link is closed."))
    return files.made(write)
