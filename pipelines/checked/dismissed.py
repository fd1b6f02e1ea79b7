"""Odd reviews that a person looked at and found to be in order: out of the list until somebody brings them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.checked import kinds
from pipelines.corrections import places
from pipelines.errors import N_, UnusableInput
from pipelines.store import catalog, journal
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle
from pipelines.types import IntArray

COLUMN = "odd_dismissed"
"""Column of points: a person said that the unit is not odd."""


@dataclass(frozen=True)
class Dismissal:
    """One act of dismissing. keys: the units (corrections.places.keys); at is ISO 8601 in UTC."""

    seq: int
    at: str
    reviews: int
    keys: IntArray


def dismiss(analysis_id: str, bundle: Bundle, unit_ids: Iterable[int], *, now: datetime | None = None) -> Entry:
    """Say that these units, and what repeats them, are not odd. Raises UnusableInput for none, or on a draft."""
    kinds.refuse_draft(bundle)
    points = bundle.points
    inside = points["unit_id"].isin(list(unit_ids)).to_numpy(dtype=bool)
    if not inside.any():
        raise UnusableInput(N_("No review is selected."))
    inside = places.with_copies(points, inside)
    payload = {
        "bundle": bundle.id,
        "reviews": int(points.loc[inside, "row_id"].nunique()),
        "units": places.as_json(points, inside),
    }
    return kinds.append(analysis_id, kinds.DISMISSED, payload, now)


def bring_back(analysis_id: str, seq: int, *, now: datetime | None = None) -> Entry:
    """Undo a dismissal; raises UnusableInput where it is not one that stands."""
    if all(one.seq != seq for one in standing(journal.replay(catalog.home() / analysis_id))):
        raise UnusableInput(N_("There is no such change to take back; reload the page."))
    return kinds.append(analysis_id, kinds.BROUGHT_BACK, {"seq": seq}, now)


def standing(entries: Sequence[Entry]) -> tuple[Dismissal, ...]:
    """The dismissals among the entries that nobody took back, oldest first; unreadable ones are passed over."""
    back = {entry.payload.get("seq") for entry in entries if entry.kind == kinds.BROUGHT_BACK}
    found = []
    for entry in entries:
        if entry.kind != kinds.DISMISSED or entry.seq in back:
            continue
        try:
            keys = places.from_json(entry.payload["units"])
            found.append(Dismissal(entry.seq, entry.at, int(entry.payload["reviews"]), keys))
        except (KeyError, TypeError, ValueError):
            # A journal is a file that outlives the program that wrote it.
            continue
    return tuple(found)
