"""What an analysis shows: a bundle with all that people decided about it since, in the order that decisions build on.

    bundle ─▶ how fine (granularity) ─▶ names by a model (suggested) ─▶ corrections ─▶ tracked ─▶ checked ─▶ shown

Each layer reads its own kinds from the journal and gives the bundle back as it was where nobody decided anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipelines import checked, corrections, granularity, suggested, tracked
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle

Find = Callable[[str], Bundle | None]
"""An earlier bundle of the same analysis by its id; None where it is gone or damaged."""

Layer = Callable[[Bundle, Sequence[Entry], Find], Bundle]
"""From the bundle so far, the journal's entries (oldest first) and the way to earlier bundles to the bundle beyond."""

LAYERS: tuple[Layer, ...] = (granularity.layer, suggested.layer, corrections.corrected, tracked.lay, checked.lay)
"""Those of granularity, suggested, corrections, tracked and checked, in this order."""

KINDS: frozenset[str] = granularity.KINDS | suggested.KINDS | corrections.KINDS | tracked.KINDS | checked.KINDS
"""The journal's kinds that any layer reads."""


def deciding(entries: Sequence[Entry], *, up_to: int | None = None) -> tuple[Entry, ...]:
    """The entries that decide what is shown, oldest first; up_to: the last `seq` that counts (a link shows its day)."""
    return tuple(entry for entry in entries if entry.kind in KINDS and (up_to is None or entry.seq <= up_to))


def shown(bundle: Bundle, entries: Sequence[Entry], find: Find) -> Bundle:
    """The bundle as its analysis shows it after `entries`; the bundle itself where there is nothing to lay over."""
    for layer in LAYERS:
        bundle = layer(bundle, entries, find)
    return bundle
