"""A copy of what a colleague shows, in one's own library: the map as it stands, and nothing else that they keep.

A bundle holds all texts and every column as it was: where the colleague masks or leaves out any of it, there is no
copy. The copy's own journal has the decisions that make the map look as it does, so that they can be undone; no saved
view, no link, no quote, no tracked topic, no answer of a spot check, nothing that was undone or fits the map no longer.
No picture either, since none is shown.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pipelines import checked, corrections, granularity, pictures, shown, suggested
from pipelines.checked import dismissed
from pipelines.errors import N_, DamagedBundle, UnusableInput
from pipelines.granularity.decision import SET, chosen
from pipelines.store import catalog, journal, library
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle, open_bundle
from pipelines.suggested.decisions import SUGGESTED

Decided = tuple[str, dict[str, Any]]
"""A journal's kind and payload."""


def take(analysis_id: str, name: str = "", *, now: datetime | None = None) -> str:
    """Copy a colleague's analysis for who acts, as `name` (default: its own), and return the copy's id.

    Raises UnusableInput where it is not shown to them, or not whole; DamagedBundle.
    """
    info = library.from_colleague(analysis_id)
    if info is None or info.bundle is None or info.visible is None:
        raise UnusableInput(N_("There is no analysis {id}; it may have been deleted."), id=analysis_id)
    if not info.visible.may_copy:
        raise UnusableInput(N_("Its owner masks or leaves out a part of it. A copy would hold that part."))
    entries = journal.replay(catalog.home() / analysis_id)
    decided = _decided(analysis_id, open_bundle(info.bundle), entries)
    source = {part: info.source[part] for part in ("file", "roles") if part in info.source}
    taken = library.create(name or info.name, source, now=now)
    # Before the bundle: a crash between the two leaves no map that looks otherwise than the one that was shown.
    for kind, payload in decided:
        journal.append(catalog.home() / taken, kind, payload, now)
    library.publish_copy(taken, info.bundle, leave_out=[pictures.STATE], now=now)
    return taken


def _decided(analysis_id: str, bundle: Bundle, entries: Sequence[Entry]) -> list[Decided]:
    """The decisions in effect on the bundle, in the order of the layers; none of them names another by its number."""

    def find(bundle_id: str) -> Bundle | None:
        with contextlib.suppress(UnusableInput, DamagedBundle):
            return open_bundle(library.bundle_path(analysis_id, bundle_id))
        return None

    summary = shown.shown(bundle, entries, find).summary
    standing = chosen(entries)
    found: list[Decided] = [(SET, standing[-1].as_payload())] if standing and not standing[-1].is_plain else []
    found += _names(granularity.layer(bundle, entries, find), entries, find)
    in_effect = {one["seq"] for one in summary.get(corrections.OUTCOMES, ()) if one["fits"]}
    in_effect |= {one.seq for one in dismissed.standing(entries)}
    kinds = corrections.KINDS | checked.KINDS
    return found + [
        (entry.kind, dict(entry.payload)) for entry in entries if entry.kind in kinds and entry.seq in in_effect
    ]


def _names(bundle: Bundle, entries: Sequence[Entry], find: shown.Find) -> list[Decided]:
    """The names by a model that topics of this map have."""
    places = [
        (*topic["named_at"],)
        for topic in suggested.layer(bundle, entries, find).summary["topics"]
        if topic.get("named_at")
    ]
    found = []
    for entry in entries:
        kept = [name for i, name in enumerate(entry.payload.get("names") or ()) if (entry.seq, i) in places]
        if entry.kind == SUGGESTED and kept:
            found.append((SUGGESTED, {**entry.payload, "names": kept}))
    return found
