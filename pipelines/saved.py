"""A saved view on the map of today: what of it still makes sense, and what was taken away.

Reviews are found again by row and number in the row, as everywhere (corrections.places). Topics and places are those of
one map: they are kept where the older map is the beginning of the newer one, as after adding reviews.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.corrections import places
from pipelines.store.reader import Bundle
from pipelines.view import Filter, View

TOPIC_COLUMNS = frozenset({"cluster", "topic"})
"""Filters on these name topics of one map."""
_PLACES = ["x2", "y2", "x3", "y3", "z3"]


@dataclass(frozen=True)
class Fitted:
    """A view as it can be shown; lost_topics: a filter by topic was taken away, lost_reviews: reviews of its
    selection or quotes that are not on this map. lost_selection: none of the reviews that it selected is."""

    view: View
    lost_topics: bool = False
    lost_reviews: int = 0
    lost_selection: bool = False

    @property
    def is_wider(self) -> bool:
        """Whether it shows reviews that it was saved to leave out: no such view may be handed to others."""
        return self.lost_topics or self.lost_selection


def fitted(view: View, bundle: Bundle, then: Bundle | None) -> Fitted:
    """`view`, saved on the bundle `then` (None: gone), as it can be shown on `bundle`."""
    if then is not None and then.id == bundle.id:
        return _without_lost_topics(view, bundle)
    if then is None:
        lost = len(view.selection or ()) + len(view.quotes)
        bare = replace(view, selection=None, quotes=(), camera=None)
        return replace(_without_lost_topics(bare, None), lost_reviews=lost, lost_selection=bool(view.selection))
    chosen = _found(view.selection or (), bundle, then)
    quotes = _found(view.quotes, bundle, then)
    moved = replace(view, selection=tuple(sorted(chosen)) or None, quotes=tuple(quotes))
    lost = len(view.selection or ()) - len(chosen) + len(view.quotes) - len(quotes)
    grew = _grew(then, bundle)
    without = _without_lost_topics(moved if grew else replace(moved, camera=None), bundle if grew else None)
    return replace(without, lost_reviews=lost, lost_selection=bool(view.selection) and not chosen)


def _without_lost_topics(view: View, bundle: Bundle | None) -> Fitted:
    """Without filters on topics that `bundle` has not (None: any). A topic may be gone by a change that people made."""
    kept = tuple(item for item in view.filters if item.column not in TOPIC_COLUMNS or _is_known(item, bundle))
    return Fitted(replace(view, filters=kept), lost_topics=kept != view.filters)


def _is_known(item: Filter, bundle: Bundle | None) -> bool:
    if bundle is None:
        return False
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    topics = bundle.summary["topics"]
    if item.column == "topic":
        return {*values} <= {"", *(topic["name"] for topic in topics)} or item.op == "contains"
    return {*values} <= {-1, *(int(topic["id"]) for topic in topics)}


def _found(units: Sequence[int], bundle: Bundle, then: Bundle) -> list[int]:
    """The unit_ids of `then` as those of `bundle`, in their order; those that are not there left out."""
    return places.units_of(bundle.points, places.keys_of(then.points, units))


def _grew(then: Bundle, bundle: Bundle) -> bool:
    """Whether the newer map begins with the older one: the same units at the same places."""
    old, new = then.points, bundle.points
    if len(new) < len(old):
        return False
    first = new.head(len(old))
    return np.array_equal(places.keys(old), places.keys(first)) and all(
        np.array_equal(old[axis].to_numpy(), first[axis].to_numpy(), equal_nan=True) for axis in _PLACES
    )
