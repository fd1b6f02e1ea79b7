"""Quotes: reviews that people collect while they read, in their order, kept in the analysis's journal.

A basket belongs to an analysis. A saved view, a link and a report hold the quotes of their moment (View.quotes).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipelines.corrections import places
from pipelines.errors import N_, UnusableInput
from pipelines.store import catalog, journal, library
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle
from pipelines.view import MAX_QUOTES

STARRED, UNSTARRED, PUT = "quote_starred", "quote_unstarred", "quotes_put"
"""Journal kinds: a review is collected, or taken out; and all quotes at once take the place of those before."""


def basket(entries: Sequence[Entry]) -> tuple[int, ...]:
    """The quotes (corrections.places.keys) after the journal's entries, in their order: a new one comes last."""
    kept: dict[int, None] = {}
    for entry in entries:
        if entry.kind not in (STARRED, UNSTARRED, PUT):
            continue
        try:
            if entry.kind == STARRED:
                kept.setdefault(int(entry.payload["unit"]))
            elif entry.kind == UNSTARRED:
                kept.pop(int(entry.payload["unit"]), None)
            else:
                kept = dict.fromkeys(int(unit) for unit in entry.payload["units"])
        except (KeyError, TypeError, ValueError):
            # A journal is a file that outlives the program that wrote it.
            continue
    return tuple(kept)


def star(analysis_id: str, bundle: Bundle, unit_id: int, on: bool, *, now: datetime | None = None) -> None:
    """Collect a unit, or take it out; one that is as wanted is left alone. Raises UnusableInput on a draft."""
    if bundle.is_draft:
        raise UnusableInput(N_("This is a draft. Changes wait for the full map."))
    known = places.keys_of(bundle.points, [unit_id])
    if not known:
        raise UnusableInput(N_("There is no such review any more; reload the page."))
    library.info(analysis_id)
    kept = basket(journal.replay(catalog.home() / analysis_id))
    if (known[0] in kept) == on:
        return
    if on and len(kept) >= MAX_QUOTES:
        raise UnusableInput(N_("There is room for {n} quotes. Take some out first."), n=MAX_QUOTES)
    _append(analysis_id, STARRED if on else UNSTARRED, {"bundle": bundle.id, "unit": known[0]}, now)


def order(analysis_id: str, bundle: Bundle, unit_ids: Sequence[int], *, now: datetime | None = None) -> bool:
    """Let the quotes among these units stand in this order; whether that changed anything.

    Quotes that are not named keep their place: those on no map of now, and any collected since.
    """
    library.info(analysis_id)
    kept = basket(journal.replay(catalog.home() / analysis_id))
    known = set(kept)
    wanted = [key for key in dict.fromkeys(places.keys_of(bundle.points, unit_ids)) if key in known]
    named, rest = set(wanted), iter(wanted)
    ordered = tuple(next(rest) if key in named else key for key in kept)
    if ordered == kept:
        return False
    put(analysis_id, ordered, now=now)
    return True


def put(analysis_id: str, keys: Sequence[int], *, now: datetime | None = None) -> None:
    """Let these be the quotes, in their order."""
    library.info(analysis_id)
    _append(analysis_id, PUT, {"units": list(keys)[:MAX_QUOTES]}, now)


def _append(analysis_id: str, kind: str, payload: dict[str, object], now: datetime | None) -> None:
    journal.append(catalog.home() / analysis_id, kind, payload, now)
    catalog.refresh(analysis_id)
