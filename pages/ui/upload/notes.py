"""What a person should know before starting: warnings with their places, and the rows that are left out."""

from __future__ import annotations

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.upload.reading import Found
from pages.ui.upload.words import reason_name
from pipelines.types import Warning_

_SHOWN = 5
_MOST_CHARS = 400


def warnings(found: Found) -> None:
    """All warnings: the first few open, the rest a click away."""
    lines = [_line(warning) for warning in found.warnings]
    with st.container(key="warnings", gap="xxsmall"):
        for line in lines[:_SHOWN]:
            st.caption(line)
        if len(lines) > _SHOWN:
            with st.expander(n_("{n} more note", "{n} more notes", len(lines) - _SHOWN)):
                for line in lines[_SHOWN:]:
                    st.caption(line)


def _line(warning: Warning_) -> str:
    """A warning in the session's language, with row and column where its words do not name them."""
    values = {name: _(value) if isinstance(value, str) and value else value for name, value in warning.values.items()}
    said = _(warning.template).format(**values)
    places = []
    if warning.row is not None and "row" not in warning.values:
        places.append(_("row {n}").format(n=f"{warning.row + 1:,}"))
    if warning.column is not None and warning.column not in warning.values.values():
        places.append(_("column “{column}”").format(column=warning.column))
    where = f" ({', '.join(places)})" if places else ""
    of_file = f"{warning.file}: " if warning.file else ""
    return ":material/warning: " + plain(of_file + said + where, _MOST_CHARS)


def left_out(found: Found) -> None:
    """How many rows take no part and why, each reason with examples and where they stand."""
    counts = {str(reason): int(n) for reason, n in found.told.get("left_out", {}).items()}
    if not counts:
        return
    total = sum(counts.values())
    reasons = ", ".join(f"{plain(reason_name(reason))}: {n:,}" for reason, n in counts.items())
    label = n_("{n} row is left out", "{n} rows are left out", total)
    with st.expander(f"{label} ({reasons})", icon=":material/filter_alt_off:", key="left_out"):
        for reason, n in counts.items():
            st.markdown(f"**{plain(reason_name(reason))}** · {n:,}")
            for row, cell in found.examples.get(reason, ()):
                said = " ".join(cell.split())
                where = _("row {n}").format(n=f"{row:,}")
                st.text(f"{where}: {said}" if said else where)
        st.caption(_("They stay in the file that you can save later; only the analysis leaves them out."))
