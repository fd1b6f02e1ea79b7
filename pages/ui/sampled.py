"""Of how many reviews a large map was made: said wherever its topics, their stability or its places are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.ui.i18n import _
from pipelines.large import SUMMARY


def sampled(summary: Mapping[str, Any]) -> str:
    """One sentence; "" where every review had its part."""
    told = summary.get(SUMMARY)
    if not told or not told["placed"]:
        return ""
    return _(
        "Map, topics and stability are of a sample of {n} of {of} different reviews; the others were placed by their "
        "neighbours in it."
    ).format(n=f"{told['n']:,}", of=f"{told['of']:,}")
