"""How a tracked topic is called where its column stands: in chips and in the list of colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.ui.i18n import _
from pipelines.store.reader import Bundle
from pipelines.view import TRACKED_PREFIX, Filter


def entry_of(bundle: Bundle, column: str) -> Mapping[str, Any] | None:
    """The tracked topic of a column; None for another column, or where it is tracked no longer."""
    if not column.startswith(TRACKED_PREFIX):
        return None
    return next((one for one in bundle.summary.get("tracked", ()) if one["column"] == column), None)


def colour_name(bundle: Bundle, column: str) -> str | None:
    """What a tracked topic's column is called; None where it is none."""
    entry = entry_of(bundle, column)
    return None if entry is None else _("You track: {name}").format(name=entry["name"])


def filter_label(bundle: Bundle, item: Filter) -> str | None:
    """A filter on a tracked topic as a person reads it; None for any other filter."""
    if not item.column.startswith(TRACKED_PREFIX):
        return None
    name = colour_name(bundle, item.column)
    return name if name else _("A topic that is tracked no longer")
