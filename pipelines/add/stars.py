"""Whether a further file rates on another scale than the rows before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.ingest.meaning import names
from pipelines.ingest.meaning.values import parse_ratings

_FEWEST = 20
"""Fewer ratings do not show a scale."""
_CHANCE = 0.001
_STARS_APART = 1.0


def are_apart(column: str, old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the new cells are to be read on a scale of their own and not on that of the old ones.

    So where they go beyond the old scale; and where the best of them would be poor on it though it is not in their own
    file: ratings up to 5 after ratings up to 10. That could be a bad week, so it must be less likely than one in a
    thousand that no new rating is better, drawn from the old ones.
    """
    told = names.scale(column)
    alone = parse_ratings(list(new), told)
    rated = np.isfinite(alone.ratings)
    if not alone.scale or rated.sum() < _FEWEST:
        return False
    before, whole = parse_ratings(list(old), told), parse_ratings([*old, *new], told)
    if not before.scale or not whole.scale:
        return bool(before.scale)
    if whole.scale != before.scale:
        return True
    best = float(np.nanmax(whole.ratings[len(old) :]))
    if float(np.nanmax(alone.ratings)) < best + _STARS_APART:
        return False
    better = float((before.ratings[np.isfinite(before.ratings)] > best).mean())
    return bool((1.0 - better) ** int(rated.sum()) < _CHANCE)
