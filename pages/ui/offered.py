"""Which pages the menu offers for what the open analysis has; by address they open all the same, and say what lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pages.ui import data, state
from pipelines import pictures, recommend
from pipelines.errors import DamagedBundle, UnusableInput
from pipelines.store import library

Visibility = Literal["visible", "hidden"]


@dataclass(frozen=True)
class Offered:
    """recommend: where users and items are known. pictures: where some were read."""

    recommend: Visibility = "hidden"
    pictures: Visibility = "hidden"


def pages() -> Offered:
    """For the analysis that is open now; none of them where there is none, or it is damaged."""
    analysis = state.current().analysis
    path = library.latest_bundle(analysis) if analysis else None
    if path is None:
        return Offered()
    try:
        bundle = data.bundle_at(str(path))
        return Offered(_if(recommend.has_columns(bundle)), _if(pictures.STATE in bundle.state_names))
    except (DamagedBundle, UnusableInput):
        return Offered()


def _if(there: bool) -> Visibility:
    return "visible" if there else "hidden"
