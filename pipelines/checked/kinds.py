"""The journal's kinds of what people say of single reviews, and how an entry gets there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipelines.errors import N_, UnusableInput
from pipelines.store import catalog, journal, library
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle

DISMISSED, BROUGHT_BACK = "odd_dismissed", "odd_brought_back"
ANSWERED, TAKEN_BACK = "spot_answered", "spot_taken_back"
KINDS = frozenset({DISMISSED, BROUGHT_BACK, ANSWERED, TAKEN_BACK})


def append(analysis_id: str, kind: str, payload: Mapping[str, object], now: datetime | None = None) -> Entry:
    """Write an entry; it is on the disk when this returns. Raises UnusableInput."""
    library.info(analysis_id)
    written = journal.append(catalog.home() / analysis_id, kind, payload, now)
    catalog.refresh(analysis_id)
    return written


def refuse_draft(bundle: Bundle) -> None:
    """Raises UnusableInput on a draft, whose topics and scores are a first sketch."""
    if bundle.is_draft:
        raise UnusableInput(N_("This is a draft. Changes wait for the full map."))
