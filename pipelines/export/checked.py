"""What a spot check found, as a sentence for pages and reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipelines.errors import N_

SPOT_CHECK = "spot_check"
"""In the summary: by question (topic, sentiment) right, asked, low and high, over the whole analysis."""

_PARTS = {
    "topic": N_("topic right for {right} of {asked} (95 %: {low} to {high})"),
    "sentiment": N_("sentiment right for {right} of {asked} (95 %: {low} to {high})"),
}
_SAID = N_("Spot check of reviews drawn at random: {parts}.")
_JOINT = N_(", ")


def spot_said(summary: Mapping[str, Any], gettext: Callable[[str], str]) -> str:
    """The figures of a bundle's summary; "" where nobody checked anything."""
    found = summary.get(SPOT_CHECK) or {}
    parts = []
    for question, template in _PARTS.items():
        if question in found:
            one = found[question]
            shares = {end: f"{one[end]:.0%}" for end in ("low", "high")}
            parts.append(gettext(template).format(right=f"{one['right']:,}", asked=f"{one['asked']:,}", **shares))
    return gettext(_SAID).format(parts=gettext(_JOINT).join(parts)) if parts else ""
