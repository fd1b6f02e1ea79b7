"""Going back to the bundle before: the analysis shows an earlier one again, and nothing is deleted."""

from __future__ import annotations

from pipelines.errors import N_, UnusableInput
from pipelines.store import catalog, journal, library
from pipelines.store.history import REINSTATED, WITHDRAWN


def withdraw(analysis_id: str, bundle_id: str) -> None:
    """Take the analysis's latest bundle back, so that the one published before it is shown again.

    bundle_id: the one that is seen; asked twice for it, or where a later one is there by now, nothing is done. Raises
    UnusableInput where there is no earlier one.
    """
    published = library.bundles(analysis_id)
    if published and published[-1].id != bundle_id:
        return
    if len(published) < 2:
        raise UnusableInput(N_("There is no earlier map of this analysis to go back to."))
    _append(analysis_id, WITHDRAWN, bundle_id)


def reinstate(analysis_id: str, bundle_id: str) -> None:
    """Show a bundle again that was taken back; raises UnusableInput when there is no such."""
    library.bundle_path(analysis_id, bundle_id)
    _append(analysis_id, REINSTATED, bundle_id)


def _append(analysis_id: str, kind: str, bundle_id: str) -> None:
    journal.append(catalog.home() / analysis_id, kind, {"bundle": bundle_id})
    catalog.refresh(analysis_id)
